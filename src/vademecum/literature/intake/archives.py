"""Members of zip and tar archives as streams. Nothing is ever unpacked to a path that an archive names.

An archive is judged as a whole before its first member is handed out: a path that leaves the archive, a link or
device, a name that comes twice, too many entries or too much text, and none of it is taken.
"""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.intake.limits import Limits
from vademecum.literature.intake.streams import Checked, Source, buffered

_BLOCK = 512
_TEXT_LIMIT = 1 << 16  # of a tar extension header: holds a name, not a book
_END = b"PK\x05\x06"
_WIDE = 0xFFFFFFFF
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ORDINARY = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE}
_DRIVE = re.compile(r"[A-Za-z]:")


class Member(msgspec.Struct, frozen=True):
    """One file in a tar archive: its bytes must be read before the next member is asked for."""

    name: str
    size: int
    stream: BinaryIO


def safe_name(name: str) -> str:
    """A member's name in plain form. Raises ImportFileError for one that could mean a place outside the archive."""
    shown = ascii(name)[:120]
    if not name or _CONTROL.search(name):
        raise ImportFileError(f"the archive has a member with the name {shown}; refused")
    if "\\" in name or name.startswith("/") or _DRIVE.match(name):
        raise ImportFileError(f"the archive member {shown} has an absolute path or a backslash; refused")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if ".." in parts or not parts:
        raise ImportFileError(f"the archive member {shown} points outside the archive; refused")
    return "/".join(parts)


class _Tally:
    """What the entries seen so far add up to."""

    def __init__(self, packed: int, limits: Limits) -> None:
        self._packed, self._limits = packed, limits
        self._names: set[int] = set()
        self._bytes = 0

    def add(self, name: str, size: int) -> None:
        most = self._limits.entries_in(self._packed)
        if len(self._names) >= most:
            raise ImportFileError(f"the archive has more than {most:,} entries for its size; refused")
        key = hash(name)
        if key in self._names:
            raise ImportFileError(f"the archive has two members with the name {ascii(name)[:120]}; refused")
        self._names.add(key)
        self._bytes += size
        if self._bytes > max(self._limits.ratio_from, min(self._limits.unpacked, self._packed * self._limits.ratio)):
            raise ImportFileError(
                f"the archive unpacks to more than {self._limits.ratio} times its size or "
                f"{self._limits.unpacked:,} bytes; refused"
            )


def zip_members(source: Source, limits: Limits) -> list[tuple[str, Source]]:
    """The files of a zip archive in order of name. Raises ImportFileError when any entry is not an ordinary file."""
    try:
        file = source.open()
        _check_directory(file, source.size, limits)
        archive = zipfile.ZipFile(file)
        return sorted(
            ((name, _zip_source(archive, entry)) for name, entry in _zip_entries(archive, source.size, limits)),
            key=lambda member: member[0],
        )
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError) as error:
        raise ImportFileError(f"not a sound zip archive ({error}); fetch the file again") from None


def _zip_entries(archive: zipfile.ZipFile, packed: int, limits: Limits) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    tally = _Tally(packed, limits)
    for entry in archive.infolist():
        name = safe_name(entry.orig_filename)
        tally.add(name, entry.file_size)
        kind = (entry.external_attr >> 16) & 0o170000
        if kind not in {0, 0o100000, 0o040000}:
            raise ImportFileError(f"the archive member {name!a} is a link or a device; refused")
        if entry.flag_bits & 1:
            raise ImportFileError(f"the archive member {name!a} is encrypted; unpack it first")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise ImportFileError(f"the archive member {name!a} is packed in an unusual way; unpack it first")
        if entry.file_size > max(limits.ratio_from, entry.compress_size * limits.ratio):
            raise ImportFileError(f"the archive member {name!a} unpacks to over {limits.ratio} times its size")
        if not entry.is_dir():
            yield name, entry


def _zip_source(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Source:
    def opened() -> BinaryIO:
        try:
            stream = archive.open(entry)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise ImportFileError(f"not a sound zip archive ({error}); fetch the file again") from None
        return buffered(Checked(stream, "the zip archive is broken"))  # type: ignore[arg-type]

    return Source(entry.file_size, opened)


def _check_directory(file: BinaryIO, size: int, limits: Limits) -> None:
    """The list of entries is read into memory as a whole, so its length is judged first."""
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0:
        raise ImportFileError("the zip archive has no end; fetch the file again")
    _, _, _, _, count, length, _, _ = struct.unpack("<4s4H2LH", tail[at : at + 22])
    if length == _WIDE and at >= 20:
        _, _, offset, _ = struct.unpack("<4sLQL", tail[at - 20 : at])
        file.seek(offset)
        count, length = struct.unpack("<4sQ2H2L4Q", file.read(56))[7:9]
    if count > limits.entries_in(size) or length > limits.directory:
        raise ImportFileError(f"the archive has more than {limits.entries_in(size):,} entries for its size; refused")
    file.seek(0)


def tar_members(stream: BinaryIO, packed: int, limits: Limits) -> Iterator[Member]:
    """The files of a tar archive in the order they come; `packed` is the size of the archive as it was given.

    Raises ImportFileError at the first entry that is neither an ordinary file nor a folder.
    """
    tally = _Tally(packed, limits)
    longer: dict[str, str] = {}
    while True:
        header = _tar_header(stream)
        if header is None:
            return
        if header.type in {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}:
            longer |= _pax(_tar_text(stream, header.size))
        elif header.type == tarfile.XGLTYPE:
            _tar_text(stream, header.size)
        elif header.type == tarfile.GNUTYPE_LONGNAME:
            longer["path"] = _tar_text(stream, header.size).rstrip(b"\x00").decode("utf-8", "replace")
        else:
            yield from _tar_entry(stream, header, longer, tally)
            longer = {}


def _tar_entry(stream: BinaryIO, header: tarfile.TarInfo, longer: dict[str, str], tally: _Tally) -> Iterator[Member]:
    name = safe_name(longer.get("path", header.name))
    given = longer.get("size", str(header.size))
    if not (given.isascii() and given.isdigit()):
        raise ImportFileError(f"the archive member {name!a} has no sound size; fetch the file again")
    size = int(given)
    if header.type not in _ORDINARY or any("sparse" in key for key in longer):
        raise ImportFileError(f"the archive member {name!a} is a link, a device or sparse; refused")
    tally.add(name, size)
    if header.type == tarfile.DIRTYPE or header.name.endswith("/"):
        return
    content = _Part(stream, size)
    yield Member(name, size, buffered(content))
    content.skip_rest()
    _exactly(stream, -size % _BLOCK)


class _Part(io.RawIOBase):
    """The next `size` bytes of a stream."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        super().__init__()
        self._stream, self._left = stream, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._take(len(view))
        view[: len(data)] = data
        return len(data)

    def skip_rest(self) -> None:
        """Reads on to the end of the part, also after it was closed."""
        while self._left:
            self._take(1 << 17)

    def _take(self, most: int) -> bytes:
        data = self._stream.read(min(most, self._left))
        if self._left and not data:
            raise ImportFileError("the tar archive stops in the middle of a member; fetch the file again")
        self._left -= len(data)
        return data


def _tar_header(stream: BinaryIO) -> tarfile.TarInfo | None:
    """The next header, or None at the end of the archive."""
    block = _exactly(stream, _BLOCK, may_end=True)
    if not block.strip(b"\x00"):
        while stream.read(1 << 17):  # to the end, so that a checksum there is verified
            pass
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "replace")
    except (tarfile.TarError, ValueError) as error:
        raise ImportFileError(f"not a sound tar archive ({error}); fetch the file again") from None


def _tar_text(stream: BinaryIO, size: int) -> bytes:
    if not 0 <= size <= _TEXT_LIMIT:
        raise ImportFileError(f"the archive has a member whose name or header takes {size:,} bytes; refused")
    return _exactly(stream, size + -size % _BLOCK)[:size]


def _exactly(stream: BinaryIO, size: int, *, may_end: bool = False) -> bytes:
    data = stream.read(size)
    if len(data) < size and (data or not may_end):
        raise ImportFileError("the tar archive stops in the middle; fetch the file again")
    return data


def _pax(data: bytes) -> dict[str, str]:
    """The records of an extended header: "LENGTH KEY=VALUE\\n" each."""
    found: dict[str, str] = {}
    while data:
        length, _, _ = data.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(data):
            raise ImportFileError("the tar archive has a broken extended header; fetch the file again")
        key, _, value = data[len(length) + 1 : int(length) - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        data = data[int(length) :]
    return found
