"""Corpora in the layout of BEIR: one JSON object a line, with _id, title, text and metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats import json
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Identifiers, Record, RecordKind, Section


class Metadata(msgspec.Struct, frozen=True):
    """What known corpora say of a document; other members are passed over."""

    url: str | None = None
    source: str | None = None


class Line(msgspec.Struct, frozen=True):
    """One document of a corpus."""

    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""
    metadata: Metadata = Metadata()


def read(stream: BinaryIO) -> Iterator[Record]:
    """Documents in file order. Raises ImportFileError naming the line and field of what does not fit."""
    for number, line in source.lines(stream, json.RECORD_LIMIT):
        if line and not line.isspace():
            yield tidy(_record(number, line))


def _record(number: int, line: str) -> Record:
    place = f"line {number}"
    found = json.typed(json.Element(place=place, value=json.decoded(line, place)), Line)
    identifier, text, about = found.id.strip(), squeeze(found.text), found.metadata
    if not identifier:
        raise ImportFileError(f"{place}: _id: empty; every document needs one")
    return Record(
        kind=RecordKind.CITATION,
        title=squeeze(found.title),
        ids=Identifiers(other=identifier),
        sections=(Section(text=text),) if text else (),
        journal=about.source,
        url=about.url,
    )
