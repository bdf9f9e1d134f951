"""Bytes on their way to a reader: windows on open files, and gzip, bzip2 and xz unpacked without a bomb going off."""

from __future__ import annotations

import bz2
import io
import lzma
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

from vademecum.errors import ImportFileError
from vademecum.literature.intake.limits import Limits

CHUNK = 1 << 17
_IN_MEMORY = 1 << 22
_XZ_MEMORY = 96 << 20
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an empty one
)
_BROKEN = (zlib.error, lzma.LZMAError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


class Source:
    """Some bytes that can be read more than once, and from several threads at a time."""

    def __init__(self, size: int, opened: Callable[[], BinaryIO]) -> None:
        self.size = size
        self.open = opened


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gunzip:
    """zlib's gzip reader with the manners of those of bz2 and lzma."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


_NEW: dict[str, Callable[[], _Decompressor]] = {
    "gzip": _Gunzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY),
}


def packing(head: bytes, name: str) -> str | None:
    """How the bytes are packed: "gzip", "bzip2", "xz", "zip", "tar" or not at all."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return "tar" if head[257:262] == b"ustar" or (name.lower().endswith(".tar") and len(head) >= 512) else None


class OpenFile:
    """A file that stays open as long as something refers to it."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __del__(self) -> None:
        os.close(self.descriptor)


class Window(io.RawIOBase):
    """The first `size` bytes of an open file. It has its own position, so several can be read at once."""

    def __init__(self, file: OpenFile, size: int) -> None:
        super().__init__()
        self._file, self._size, self._at = file, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        most = max(0, min(len(view), self._size - self._at))
        try:
            data = os.pread(self._file.descriptor, most, self._at)
        except OSError as error:
            raise ImportFileError(f"cannot be read: {error.strerror}") from None
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at


class Checked(io.RawIOBase):
    """A stream whose faults are ours: a broken or cut archive says so instead of ending early."""

    def __init__(self, inner: BinaryIO, broken: str) -> None:
        super().__init__()
        self._inner, self._broken = inner, broken

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        try:
            data = self._inner.read(len(view))
        except _BROKEN as error:
            raise ImportFileError(f"{self._broken} ({error}); fetch the file again") from None
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


class Unpacked(io.RawIOBase):
    """A gzip, bzip2 or xz stream unpacked as it is read; several members after each other are one text.

    Reading raises ImportFileError for broken or cut data, and for more text than the limits allow.
    """

    def __init__(self, inner: BinaryIO, kind: str, limits: Limits) -> None:
        super().__init__()
        self._inner, self._kind, self._limits = inner, kind, limits
        self._decompressor = _NEW[kind]()
        self._read = self._given = 0
        self._ahead = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._next(len(view))
        self._given += len(data)
        limits = self._limits
        if self._given > limits.unpacked:
            raise ImportFileError(f"unpacks to more than {limits.unpacked:,} bytes; split the file")
        if self._given > max(limits.ratio_from, limits.ratio * self._read):
            raise ImportFileError(f"unpacks to more than {limits.ratio} times its size, as no real text does; refused")
        view[: len(data)] = data
        return len(data)

    def _next(self, most: int) -> bytes:
        while True:
            if self._decompressor.eof and not self._another_member():
                return b""
            fresh = self._take() if self._decompressor.needs_input else b""
            ended = self._decompressor.needs_input and not fresh
            try:
                data = self._decompressor.decompress(fresh, most)
            except _BROKEN as error:
                raise ImportFileError(f"the {self._kind} data are broken ({error}); fetch the file again") from None
            if data:
                return data
            if ended and not self._decompressor.eof:
                raise ImportFileError(f"the {self._kind} data stop in the middle; fetch the file again")

    def _take(self) -> bytes:
        if self._ahead:
            fresh, self._ahead = self._ahead, b""
            return fresh
        fresh = self._inner.read(CHUNK)
        self._read += len(fresh)
        return fresh

    def _another_member(self) -> bool:
        """Whether more packed data follow the end of a member; zeros that fill up a block do not count."""
        rest = self._decompressor.unused_data
        while not (rest := rest.lstrip(b"\x00")):
            rest = self._take()
            if not rest:
                return False
        self._ahead = rest
        self._decompressor = _NEW[self._kind]()
        return True

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def buffered(raw: io.RawIOBase) -> BinaryIO:
    """A raw stream with a buffer and short reads filled up."""
    return io.BufferedReader(raw, CHUNK)


def on_disk(path: Path) -> Source:
    """An ordinary file. Raises ImportFileError when it is not one, or cannot be opened."""
    try:
        status = path.stat()
    except OSError as error:
        raise ImportFileError(f"cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise ImportFileError("neither a file nor a folder")

    def opened() -> BinaryIO:
        try:
            return buffered(Window(OpenFile(os.open(path, os.O_RDONLY | os.O_CLOEXEC)), status.st_size))
        except OSError as error:
            raise ImportFileError(f"cannot be read: {error.strerror}") from None

    return Source(status.st_size, opened)


def kept(stream: BinaryIO, most: int) -> Source:
    """A copy of a stream that can be read again: small in memory, large in a temporary file without a name.

    Raises ImportFileError when there are more than `most` bytes.
    """
    data = stream.read(_IN_MEMORY)
    size = len(data)
    if size < _IN_MEMORY:
        return Source(size, lambda: io.BytesIO(data))
    with tempfile.TemporaryFile() as file:
        file.write(data)
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise ImportFileError(f"more than {most:,} bytes; split it into files")
            file.write(chunk)
        file.flush()
        spool = OpenFile(os.dup(file.fileno()))
    return Source(size, lambda: buffered(Window(spool, size)))
