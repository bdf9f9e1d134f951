"""How records and documents lie in the database, and what tells one version of a record from another."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec
import zstandard

from vademecum.errors import ImportFileError, StoreError
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document
from vademecum.literature.findings import Finding
from vademecum.literature.records import Record, Section

_T = TypeVar("_T")
_LEVEL = 3  # of compression: 1,270 bytes instead of 2,140 for a MEDLINE record in 17 µs; zlib takes 49 µs for the same
_encode = msgspec.msgpack.Encoder().encode
_record = msgspec.msgpack.Decoder(Record)
_document = msgspec.msgpack.Decoder(Document)
_appraisal = msgspec.msgpack.Decoder(Appraisal)
_findings = msgspec.msgpack.Decoder(tuple[Finding, ...])


class _Press(threading.local):
    """A compressor for each thread: they are quick to use, slow to make, and not to be shared."""

    def __init__(self) -> None:
        self.down = zstandard.ZstdCompressor(level=_LEVEL).compress
        self.up = zstandard.ZstdDecompressor().decompress


_press = _Press()
_NUMBERS = re.compile(r"\d+")
_FIRST_VERSION = f"{1:012d}"


def canonical(record: Record) -> Record:
    """The record as it is kept: sections without text say nothing."""
    if all(section.text for section in record.sections):
        return record
    return msgspec.structs.replace(record, sections=tuple(part for part in record.sections if part.text))


def content_hash(record: Record) -> bytes:
    """SHA-256 of everything the record says. Fields a later program adds do not change it while absent."""
    try:
        return hashlib.sha256(_encode(record)).digest()
    except UnicodeEncodeError as error:
        raise ImportFileError(f"{name_of(record)}: half of a character pair stands alone in the text") from error


def name_of(record: Record) -> str:
    """What a message calls a record."""
    ids = record.ids
    for label, value in (("PMID", ids.pmid), ("PMCID", ids.pmcid), ("DOI", ids.doi), ("trial", ids.nct)):
        if value:
            return f"{label} {value}"
    return f"record {ids.set_id or ids.other or record.title[:60]!r}"


def rank_of(record: Record) -> str:
    """Sorts as revisions follow each other: version, then date of revision, then with text after without."""
    version = ".".join(f"{int(number):012d}" for number in _NUMBERS.findall(record.version or "")) or _FIRST_VERSION
    return f"{version}|{record.revised or ''}|{int(bool(record.sections))}"


def is_dated(record: Record) -> bool:
    """Whether the record says where it stands among its revisions."""
    return record.version is not None or record.revised is not None


def pack_record(record: Record) -> bytes:
    bare = msgspec.structs.replace(record, sections=())
    return _press.down(_encode(bare))


def unpack_record(blob: bytes) -> Record:
    return _decoded(_record, _press.up, blob)


def pack_document(document: Document) -> bytes:
    return _press.down(_encode(document))


def unpack_document(blob: bytes) -> Document:
    return _decoded(_document, _press.up, blob)


def pack(value: msgspec.Struct | tuple[msgspec.Struct, ...]) -> bytes:
    return _encode(value)


def unpack_appraisal(blob: bytes) -> Appraisal:
    return _decoded(_appraisal, bytes, blob)


def unpack_findings(blob: bytes) -> tuple[Finding, ...]:
    return _decoded(_findings, bytes, blob)


def whole(record: Record, document: Document) -> Record:
    """The record with its sections, as it came in; a title that stands in for a text is none."""
    if document.text == record.title:
        return record
    sections = tuple(
        Section(text=document.text[part.start : part.end], path=part.path, code=part.code) for part in document.parts
    )
    return msgspec.structs.replace(record, sections=sections)


def _decoded(decoder: msgspec.msgpack.Decoder[_T], opened: Callable[[bytes], bytes], blob: bytes) -> _T:
    try:
        return decoder.decode(opened(blob))
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise StoreError(f"a stored record is damaged ({error}); restore the library from a backup") from error
