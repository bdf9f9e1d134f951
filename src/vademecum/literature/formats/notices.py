"""Registers of retractions, concerns and corrections: the Retraction Watch CSV and Crossref works in JSON.

Columns of Retraction Watch: https://gitlab.com/crossref/retraction-watch-data. Update types of Crossref:
https://www.crossref.org/documentation/register-maintain-records/maintaining-your-metadata/registering-updates/.
A row that names no paper by DOI or PMID cannot be matched to anything and is passed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO, cast

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ids, json
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import visible
from vademecum.literature.records import Identifiers, LinkKind, Notice

_NATURES = {
    "retraction": LinkKind.RETRACTED_BY,
    "expression of concern": LinkKind.CONCERN_BY,
    "correction": LinkKind.CORRECTED_BY,
    "reinstatement": None,  # takes an earlier notice back; nothing is to be marked
}
_UPDATES = {
    "retraction": LinkKind.RETRACTED_BY,
    "partial_retraction": LinkKind.RETRACTED_BY,
    "withdrawal": LinkKind.RETRACTED_BY,
    "removal": LinkKind.RETRACTED_BY,
    "expression_of_concern": LinkKind.CONCERN_BY,
    "correction": LinkKind.CORRECTED_BY,
    "corrigendum": LinkKind.CORRECTED_BY,
    "erratum": LinkKind.CORRECTED_BY,
    "addendum": LinkKind.CORRECTED_BY,
    "clarification": LinkKind.CORRECTED_BY,
    "retract_and_replace": LinkKind.REPUBLISHED_AS,
    "retraction_and_replacement": LinkKind.REPUBLISHED_AS,
    "new_edition": None,
    "new_version": None,
    "reinstatement": None,
}
_NEEDED = ("RetractionNature", "OriginalPaperDOI", "OriginalPaperPubMedID")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+\d{1,2}:\d\d)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")

Row = Mapping[str | None, str | list[str] | None]


class Updated(msgspec.Struct, frozen=True):
    """When Crossref says an update was made; year, month and day, the later ones optional."""

    date_parts: tuple[tuple[int | None, ...], ...] = msgspec.field(name="date-parts", default=())


class Update(msgspec.Struct, frozen=True):
    """One member of `update-to` or `updated-by`."""

    type: str
    doi: str = msgspec.field(name="DOI")
    label: str = ""
    source: str = ""
    updated: Updated = Updated()


class Work(msgspec.Struct, frozen=True):
    """A work registered with Crossref, as far as updates go."""

    doi: str = msgspec.field(name="DOI")
    update_to: tuple[Update, ...] = msgspec.field(name="update-to", default=())
    updated_by: tuple[Update, ...] = msgspec.field(name="updated-by", default=())


def read(stream: BinaryIO) -> Iterator[Notice]:
    """Notices in file order, of either register, told apart by the first character.

    Raises ImportFileError naming the line or record and the column or field of what does not fit.
    """
    buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    try:
        head = buffered.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        yield from crossref(buffered) if head[:1] in {b"{", b"["} else retraction_watch(buffered)
    finally:
        buffered.detach()


def retraction_watch(stream: BinaryIO) -> Iterator[Notice]:
    """Rows of the Retraction Watch file, whatever the order of its columns."""
    rows = csv.DictReader((f"{line}\n" for _, line in source.lines(stream)), strict=True)
    try:
        columns = [squeeze(name) for name in rows.fieldnames or ()]
        missing = [name for name in _NEEDED if name not in columns]
        if missing:
            raise ImportFileError(f"line 1: column {missing[0]}: missing; this is not a Retraction Watch file")
        if len(set(filter(None, columns))) != len(list(filter(None, columns))):
            raise ImportFileError("line 1: a column stands twice")
        rows.fieldnames = columns
        for row in rows:
            yield from _row(row, f"line {rows.line_num}")
    except csv.Error as error:
        raise ImportFileError(f"line {rows.line_num}: not readable as CSV: {error}") from None


def _row(row: Row, place: str) -> Iterator[Notice]:
    if None in row or None in row.values():
        raise ImportFileError(f"{place}: another number of cells than the heading has")
    nature = _cell(row, "RetractionNature")
    if nature.lower() not in _NATURES:
        raise ImportFileError(f"{place}: RetractionNature: unknown kind of notice {nature!r}")
    kind = _NATURES[nature.lower()]
    dois = [ids.doi(value) for value in _list(row, "OriginalPaperDOI")]
    pmids = [ids.pmid(value) for value in _list(row, "OriginalPaperPubMedID")]
    papers = [Identifiers(doi=doi) for doi in dois if doi] + [Identifiers(pmid=pmid) for pmid in pmids if pmid]
    if len(dois) <= 1 and len(pmids) <= 1 and len(papers) == 2:
        papers = [Identifiers(doi=dois[0], pmid=pmids[0])]
    if kind is None:
        return
    for paper in papers:
        yield Notice(
            kind=kind,
            about=paper,
            notice=Identifiers(
                doi=next(filter(None, map(ids.doi, _list(row, "RetractionDOI"))), None),
                pmid=next(filter(None, map(ids.pmid, _list(row, "RetractionPubMedID"))), None),
            ),
            date=_date(_cell(row, "RetractionDate")),
            reasons=tuple(reason.lstrip("+").strip() for reason in _list(row, "Reason")),
            register="Retraction Watch",
        )


def _cell(row: Row, column: str) -> str:
    value = row.get(column)
    return squeeze(visible(value)[0]) if isinstance(value, str) else ""


def _list(row: Row, column: str) -> list[str]:
    return [part.strip() for part in _cell(row, column).split(";") if part.strip()]


def _date(text: str) -> str | None:
    """ISO from the file's American dates ("3/9/2026 0:00" is 9 March); None for what is no date."""
    us, iso = _US_DATE.fullmatch(text), _ISO_DATE.match(text)
    if us:
        return _iso(int(us[3]), int(us[1]), int(us[2]))
    return _iso(int(iso[1]), int(iso[2]), int(iso[3])) if iso else None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def crossref(stream: BinaryIO) -> Iterator[Notice]:
    """The updates of Crossref works: an answer of the API, one work, a list, or one work a line."""
    for element in json.elements(stream, (("message", "items"), ("items",))):
        value = element.value
        if isinstance(value, dict) and isinstance(value.get("message"), dict):
            value = value["message"]
        work = json.typed(json.Element(place=element.place, value=value), Work)
        for update in work.update_to:
            yield from _update(element.place, update, about=update.doi, notice=work.doi)
        for update in work.updated_by:
            yield from _update(element.place, update, about=work.doi, notice=update.doi)


def _update(place: str, update: Update, *, about: str, notice: str) -> Iterator[Notice]:
    name = update.type.strip().lower().replace(" ", "_").replace("-", "_")
    if name not in _UPDATES:
        raise ImportFileError(f"{place}: type: unknown kind of update {update.type!r}")
    kind, paper = _UPDATES[name], ids.doi(about)
    if kind is None or paper is None:
        return
    first = update.updated.date_parts[0] if update.updated.date_parts else ()
    parts = [part for part in first if part is not None]
    yield Notice(
        kind=kind,
        about=Identifiers(doi=paper),
        notice=Identifiers(doi=ids.doi(notice)),
        date="-".join(f"{part:02d}" for part in parts[:3]) or None,
        register="Retraction Watch" if update.source == "retraction-watch" else "Crossref",
    )
