"""Files that are either whole or not there: written beside, synced, then moved into place."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`, durably and in one step. Raises OSError when the disk refuses."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def move(source: Path, target: Path) -> None:
    """Sync a finished file and move it into place in one step. Raises OSError when the disk refuses."""
    sync_file(source)
    source.replace(target)
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Have a file's bytes on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Have a folder's list of names on the disk, so that renames in it last."""
    sync_file(path)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
