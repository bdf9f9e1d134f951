"""A library in memory and an encoder without a model, fresh for each test."""

from __future__ import annotations

import pytest
from memory_library import MemoryLibrary
from word_encoder import WordEncoder


@pytest.fixture
def store() -> MemoryLibrary:
    return MemoryLibrary()


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()
