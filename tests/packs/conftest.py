"""A copy of the example library for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pack_folder import EXAMPLE, Edit, replace_once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example library."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Change one place of one file of `folder`."""
    return lambda file, old, new: replace_once(folder / file, old, new)
