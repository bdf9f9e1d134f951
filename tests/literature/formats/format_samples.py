"""Where the shared sample files lie; tests that need them are skipped in a clone without them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / ".." / "shared" / "bench"


def sample(name: str) -> Path:
    """A file of the shared samples, or a skipped test."""
    return _present(SHARED / "samples" / name)


def hostile(name: str) -> Path:
    """A file of the shared hostile inputs, or a skipped test."""
    return _present(SHARED / "safety" / "bad_inputs" / name)


def expected(name: str) -> object:
    """Facts read from a sample with plain parsing."""
    return json.loads(sample("expected.json").read_text(encoding="utf-8"))[name]


def _present(path: Path) -> Path:
    if not path.exists():
        pytest.skip("needs ../shared/bench")
    return path
