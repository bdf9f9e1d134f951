"""Shared by every test: the bundled library, read once, and a cache folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from vademecum.packs.library import Library, load

settings.register_profile("suite", deadline=None)  # a busy machine is no defect
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing a test does, in this process or in one it starts, touches the cache or the packs of whoever runs it."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("VADEMECUM_CACHE", str(folder))
        environment.setenv("VADEMECUM_DATABASE", str(folder / "no-library.db"))
        environment.delenv("VADEMECUM_PACKS", raising=False)
        yield folder


@pytest.fixture(scope="session")
def library(own_cache: Path) -> Library:
    """The bundled library."""
    return load()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden articles")
