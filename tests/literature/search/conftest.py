"""The real encoder, and libraries that are closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shelf import build

from vademecum.literature.encoder import Encoder
from vademecum.literature.records import Item
from vademecum.literature.search import Library

Shelve = Callable[..., Library]


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    found = Encoder.load()
    if found is None:
        pytest.skip("needs the semantic extra")
    return found


@pytest.fixture
def shelve(tmp_path: Path) -> Iterator[Shelve]:
    opened: list[Library] = []

    def shelve(*items: Item, encoder: Encoder | None = None) -> Library:
        opened.append(build(tmp_path, *items, encoder=encoder))
        return opened[-1]

    yield shelve
    for library in opened:
        library.store.close()
