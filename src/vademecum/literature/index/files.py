"""Files of an index as they were published: stamps, what is wrong with one, links, the single-writer lock."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from vademecum.errors import IndexBusyError

_BLOCK = 1 << 20


class Stamp(msgspec.Struct, frozen=True):
    """A file as it was published. Size and time say whether it was touched since; the checksum whether it changed."""

    size: int
    modified: int  # ns
    crc: int


def checksum(path: Path, length: int | None = None, start: int = 0, seed: int = 0) -> int:
    """CRC-32 of `length` bytes from `start` (to the end when None), going on from `seed`."""
    crc = seed
    left = length
    with path.open("rb") as stream:
        stream.seek(start)
        while left is None or left > 0:
            block = stream.read(_BLOCK if left is None else min(_BLOCK, left))
            if not block:
                break
            crc = zlib.crc32(block, crc)
            left = None if left is None else left - len(block)
    return crc


def stamp(path: Path, known: Stamp | None = None) -> Stamp:
    """The stamp of a finished file; `known` saves reading a file that was not touched since."""
    state = path.stat()
    if known and (known.size, known.modified) == (state.st_size, state.st_mtime_ns):
        return known
    return Stamp(size=state.st_size, modified=state.st_mtime_ns, crc=checksum(path))


def damage(path: Path, wanted: Stamp, *, full: bool, prefix: bool = False) -> str | None:
    """What is wrong with a file, or None. An untouched file is trusted unless `full`.

    `prefix`: only the first `wanted.size` bytes count, since a writer may have added to the file without publishing.
    """
    try:
        state = path.stat()
        size_is_wrong = state.st_size < wanted.size if prefix else state.st_size != wanted.size
        if size_is_wrong:
            return f"{path.name} holds {state.st_size} bytes instead of {wanted.size}"
        touched = (state.st_size, state.st_mtime_ns) != (wanted.size, wanted.modified)
        if (full or touched) and checksum(path, wanted.size) != wanted.crc:
            return f"{path.name} is not what was written (checksum)"
    except FileNotFoundError:
        return f"{path.name} is missing"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
    return None


def link(source: Path, target: Path) -> None:
    """The same file under a second name; a copy where the file system has no links."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(source, target)


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's write lock; it falls with the process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "write.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise IndexBusyError(f"{folder}: another process is writing this index; wait for it to finish") from None
        yield
