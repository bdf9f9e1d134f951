"""Shared by every test: the bundled library, read once, and a cache folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from vademecum.packs.library import Library, load


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing a test does, in this process or in one it starts, touches the cache or the packs of whoever runs it."""
    folder = tmp_path_factory.mktemp("cache")
    before = {name: os.environ.pop(name, None) for name in ("VADEMECUM_CACHE", "VADEMECUM_PACKS")}
    os.environ["VADEMECUM_CACHE"] = str(folder)
    yield folder
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="session")
def library(own_cache: Path) -> Library:
    """The bundled library."""
    return load()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden articles")
