"""The invented example library, and one-place changes to a copy of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

EXAMPLE = Path(__file__).parent / "example"

Edit = Callable[[str, str, str], None]
"""Takes a file of the folder, a text that occurs in it exactly once, and what to write instead."""


def replace_once(path: Path, old: str, new: str) -> None:
    """Change the one place of a file that reads `old`."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
