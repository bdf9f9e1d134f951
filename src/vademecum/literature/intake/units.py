"""Everything a person names, file by file: files, folders, archives, packed files and standard input.

A unit is one file as a reader takes it. Its fingerprint is the SHA-256 of its bytes as they are stored (packed, for a
.gz), whatever its name and time: hashing runs an order of magnitude faster than parsing, and a time stamp can lie. It
is computed when asked for. So an import that is run again can leave out what it finished, and reads a changed file.

What cannot be taken is handed on as Skipped, with the reason, and the walk goes on. An archive is judged as a whole: a
tar archive that is packed is therefore unpacked twice, once to judge it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats import registry
from vademecum.literature.intake.archives import safe_name, tar_members, zip_members
from vademecum.literature.intake.limits import Limits
from vademecum.literature.intake.streams import CHUNK, Source, Unpacked, buffered, kept, on_disk, packing

STANDARD_INPUT = "-"
_PACKED_SUFFIXES = (".gz", ".bz2", ".xz")
_NO_EVIDENCE = (
    (re.compile(r"queries.*\.jsonl"), "questions of a retrieval benchmark, not evidence"),
    (re.compile(r"(?:readme|licen[cs]e|copying|notice|changelog)(?:\.\w+)?"), "about the files, not evidence"),
)


class Skipped(msgspec.Struct, frozen=True):
    """A file that was left out. `refused` means that something is wrong with it, not merely that it is no evidence."""

    name: str
    reason: str
    refused: bool = False


class Unit:
    """One file to be read in one format."""

    def __init__(self, name: str, format_: registry.Format, source: Source, kind: str | None, limits: Limits) -> None:
        self.name = name  # stable: "pubmed.tar.gz!/a/b.xml" for a file in an archive
        self.format = format_
        self.size = source.size  # in bytes, packed
        self._source, self._kind, self._limits = source, kind, limits

    def open(self) -> BinaryIO:
        """The unpacked bytes from the start; each call gives a stream of its own, to be closed by the caller.

        Reading it raises ImportFileError for a broken or oversized file.
        """
        return _unpacked(self._source, self._kind, self._limits)

    @property
    def file(self) -> str:
        """The file's own name, without folders and the suffix of its packing."""
        return _unpacked_name(self.name, self._kind).rpartition("/")[2]

    @cached_property
    def fingerprint(self) -> str:
        """ "sha256:" and the hash of the stored bytes."""
        digest = hashlib.sha256()
        with self._source.open() as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        return f"sha256:{digest.hexdigest()}"


def walk(
    inputs: Iterable[str | Path],
    *,
    format_name: str | None = None,
    limits: Limits | None = None,
    standard_input: BinaryIO | None = None,
) -> Iterator[Unit | Skipped]:
    """The units of files, folders and archives in a fixed order: as given, folders by name.

    `format_name` names the format of every file instead of having it found. Raises ImportFileError for an unknown one.
    """
    walker = _Walker(registry.named(format_name) if format_name else None, limits or Limits())
    for given in inputs:
        if str(given) == STANDARD_INPUT and standard_input is not None:
            yield from walker.standard_input(standard_input)
        else:
            yield from walker.path(Path(given), _printable(str(given)))


class _Walker:
    def __init__(self, format_: registry.Format | None, limits: Limits) -> None:
        self._format, self._limits = format_, limits

    def standard_input(self, stream: BinaryIO) -> Iterator[Unit | Skipped]:
        try:
            source = kept(stream, self._limits.spooled)
        except ImportFileError as error:
            yield Skipped(STANDARD_INPUT, str(error), refused=True)
        else:
            yield from self._file(STANDARD_INPUT, source, named=True)

    def path(self, path: Path, name: str) -> Iterator[Unit | Skipped]:
        if path.is_dir():
            yield from self._folder(path, name)
        else:
            yield from self._on_disk(path, name, named=True)

    def _folder(self, folder: Path, name: str) -> Iterator[Unit | Skipped]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(name, f"cannot be read: {error.strerror}", refused=True)
            return
        for entry in entries:
            inner = f"{name.rstrip('/')}/{_printable(entry.name)}"
            if entry.is_symlink():
                yield Skipped(inner, "a link; name the file itself to import it")
            elif reason := _passed_over(entry.name):
                yield Skipped(inner, reason)
            elif entry.is_dir():
                yield from self._folder(folder / entry.name, inner)
            else:
                yield from self._on_disk(folder / entry.name, inner, named=False)

    def _on_disk(self, path: Path, name: str, *, named: bool) -> Iterator[Unit | Skipped]:
        try:
            source = on_disk(path)
        except ImportFileError as error:
            yield Skipped(name, str(error), refused=True)
        else:
            yield from self._file(name, source, named=named)

    def _file(self, name: str, source: Source, *, named: bool, nested: bool = False) -> Iterator[Unit | Skipped]:
        """One file: an archive is gone into, anything else is a unit or skipped."""
        try:
            kind = packing(_head(source, None, self._limits), name)
            head = _head(source, kind, self._limits)
            archive = kind if kind in {"zip", "tar"} else packing(head, name.removesuffix(".gz")) if kind else None
            if nested and archive:
                yield Skipped(name, "an archive inside an archive is not opened; unpack it first")
            elif archive == "zip" and kind == "zip":
                yield from self._zip(name, source)
            elif archive == "tar":
                yield from self._tar(name, source, kind)
            elif archive:
                yield Skipped(name, f"{archive} inside {kind} is not opened; unpack it first", refused=named)
            else:
                yield self._unit(name, source, kind, head, named=named)
        except ImportFileError as error:
            yield Skipped(name, str(error), refused=True)

    def _unit(self, name: str, source: Source, kind: str | None, head: bytes, *, named: bool) -> Unit | Skipped:
        plain = _unpacked_name(name, kind).lower()
        if self._format is not None:
            return Unit(name, self._format, source, kind, self._limits)
        for pattern, reason in () if named else _NO_EVIDENCE:
            if pattern.fullmatch(plain.rpartition("/")[2]):
                return Skipped(name, reason)
        try:
            found = registry.FORMATS[registry.detect(plain, head)]
        except ImportFileError as error:
            return Skipped(name, str(error), refused=named)
        return Unit(name, found, source, kind, self._limits)

    def _zip(self, name: str, source: Source) -> Iterator[Unit | Skipped]:
        for inner, member in zip_members(source, self._limits):
            yield from self._member(f"{name}!/{inner}", inner, member)

    def _tar(self, name: str, source: Source, kind: str | None) -> Iterator[Unit | Skipped]:
        packed = source.size
        with _unpacked(source, kind, self._limits) as judged:
            for _ in tar_members(judged, packed, self._limits):
                pass
        with _unpacked(source, kind, self._limits) as stream:
            for member in tar_members(stream, packed, self._limits):
                if reason := _hidden(member.name):
                    yield Skipped(f"{name}!/{member.name}", reason)
                    continue
                copy = kept(member.stream, self._limits.unpacked)
                yield from self._member(f"{name}!/{member.name}", member.name, copy)

    def _member(self, name: str, inner: str, source: Source) -> Iterator[Unit | Skipped]:
        reason = _hidden(safe_name(inner))
        if reason:
            yield Skipped(name, reason)
        else:
            yield from self._file(name, source, named=False, nested=True)


def _unpacked_name(name: str, kind: str | None) -> str:
    suffix = next((suffix for suffix in _PACKED_SUFFIXES if kind and name.lower().endswith(suffix)), "")
    return name[: len(name) - len(suffix)]


def _unpacked(source: Source, kind: str | None, limits: Limits) -> BinaryIO:
    stream = source.open()
    return buffered(Unpacked(stream, kind, limits)) if kind in {"gzip", "bzip2", "xz"} else stream


def _head(source: Source, kind: str | None, limits: Limits) -> bytes:
    with _unpacked(source, kind, limits) as stream:
        return stream.read(registry.HEAD)


def _printable(name: str) -> str:
    """A file's name as Unicode text; bytes that are not UTF-8 are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def _hidden(name: str) -> str | None:
    return next((reason for part in name.split("/") if (reason := _passed_over(part))), None)


def _passed_over(name: str) -> str | None:
    return "a hidden file" if name.startswith((".", "__MACOSX")) else None
