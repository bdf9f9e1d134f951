"""PubMed's tagged text ("MEDLINE format", .nbib).

Tags: https://pubmed.ncbi.nlm.nih.gov/help/#pubmed-format. A record starts at PMID; a line that starts with six
blanks continues the field above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from vademecum.errors import ImportFileError
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Heading, Identifiers, Link, LinkKind, Record, RecordKind, Section

_FIELD = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- (.*)")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_LABEL = re.compile(r"(?:^|(?<=[.?!)] ))([A-Z][A-Z &/,-]{3,60}): ")
_LINKS = {
    "ROF": LinkKind.RETRACTION_OF,
    "RIN": LinkKind.RETRACTED_BY,
    "ECF": LinkKind.CONCERN_ABOUT,
    "ECI": LinkKind.CONCERN_BY,
    "EFR": LinkKind.CORRECTION_TO,
    "EIN": LinkKind.CORRECTED_BY,
    "UOF": LinkKind.UPDATES,
    "UIN": LinkKind.UPDATED_BY,
    "RRI": LinkKind.REPUBLISHED_AS,
    "RRF": LinkKind.REPUBLISHED_FROM,
}
_PMID = re.compile(r"PMID:\s*(\d+)")

Fields = dict[str, list[str]]


def read(stream: BinaryIO) -> Iterator[Record]:
    """Records in file order. Raises ImportFileError naming the line for a field that is too long or has no tag."""
    for number, fields in _records(source.lines(stream)):
        yield tidy(_record(number, fields))


def _records(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, Fields]]:
    fields: Fields = {}
    start, last = 0, ""
    for number, line in lines:
        match = _FIELD.fullmatch(line)
        if match:
            last, value = match[1], match[2]
            if last == "PMID":
                if fields:
                    yield start, fields
                fields, start = {}, number
            fields.setdefault(last, []).append(value)
        elif line.startswith("      ") and fields:
            values = fields[last]
            values[-1] = f"{values[-1]} {line.strip()}"
            if len(values[-1]) > source.LINE_LIMIT:
                raise ImportFileError(f"line {number}: field {last} is longer than {source.LINE_LIMIT:,} characters")
        elif line.strip():
            raise ImportFileError(f"line {number}: neither a field (TAG - value) nor a continuation of one")
    if fields:
        yield start, fields


def _record(line: int, fields: Fields) -> Record:
    pmid, title = _one(fields, "PMID"), _one(fields, "TI") or _one(fields, "BTI") or _one(fields, "TT")
    if pmid is None or not pmid.isdigit():
        raise ImportFileError(f"line {line}: record without a PMID of digits")
    if title is None:
        raise ImportFileError(f"line {line}: PMID {pmid} has no title (TI)")
    year = _YEAR.search(_one(fields, "DP") or "")
    return Record(
        kind=RecordKind.CITATION,
        title=title,
        ids=Identifiers(pmid=pmid, pmcid=_one(fields, "PMC"), doi=_doi(fields)),
        sections=tuple(abstract_sections(_one(fields, "AB") or "")),
        authors=tuple(map(squeeze, fields.get("AU", []))) + tuple(map(squeeze, fields.get("CN", []))),
        journal=_one(fields, "JT"),
        journal_abbreviation=_one(fields, "TA"),
        volume=_one(fields, "VI"),
        issue=_one(fields, "IP"),
        pages=_one(fields, "PG"),
        year=int(year[0]) if year else None,
        language=_one(fields, "LA"),
        publication_types=tuple(map(squeeze, fields.get("PT", []))),
        mesh=tuple(map(_heading, fields.get("MH", []))),
        keywords=tuple(map(squeeze, fields.get("OT", []))),
        funding=tuple(dict.fromkeys(map(_agency, fields.get("GR", [])))),
        links=tuple(_links(fields)),
        registrations=tuple(value.partition("/")[2] for value in fields.get("SI", []) if "/" in value),
        revised=_date(_one(fields, "LR")),
    )


def abstract_sections(abstract: str) -> Iterator[Section]:
    """A flat abstract cut at its printed labels ("METHODS: "); one unlabelled section when it has none."""
    labels = list(_LABEL.finditer(abstract))
    if not labels or labels[0].start() > 0:
        if squeeze(abstract):
            yield Section(text=squeeze(abstract))
        return
    ends = [label.start() for label in labels[1:]] + [len(abstract)]
    for label, end in zip(labels, ends, strict=True):
        text = squeeze(abstract[label.end() : end])
        if text:
            yield Section(text=text, path=(label[1],))


def _one(fields: Fields, tag: str) -> str | None:
    return (squeeze(fields[tag][0]) or None) if tag in fields else None


def _doi(fields: Fields) -> str | None:
    for value in fields.get("AID", []) + fields.get("LID", []):
        identifier, _, kind = value.strip().rpartition(" ")
        if kind == "[doi]":
            return identifier.lower()
    return None


def _heading(value: str) -> Heading:
    descriptor, *qualifiers = squeeze(value).split("/")
    names = tuple(qualifier.lstrip("*") for qualifier in qualifiers)
    return Heading(name=descriptor.lstrip("*"), major="*" in value, qualifiers=names)


def _agency(value: str) -> str:
    """The funder of a grant line "R01 HL1/HL/NHLBI NIH HHS/United States"."""
    parts = squeeze(value).split("/")
    return parts[-2] if len(parts) > 1 else parts[0]


def _links(fields: Fields) -> Iterator[Link]:
    for tag, kind in _LINKS.items():
        for value in fields.get(tag, []):
            pmid = _PMID.search(value)
            yield Link(kind=kind, pmid=pmid[1] if pmid else None, citation=squeeze(value))


def _date(value: str | None) -> str | None:
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}" if value and value.isdigit() and len(value) == 8 else None
