"""RIS files of reference managers and databases, read record by record with rispy.

The format has many dialects: numbered records, values that go on in the next line, T1 or TI for the title. rispy
knows the tags; what is checked here is that no record is cut short, since rispy leaves an unfinished one out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import rispy

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ids
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.nbib import abstract_sections
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Identifiers, Record, RecordKind

RECORD_LIMIT = 2_000  # lines; a record with 500 authors and 200 key words has far fewer
_TAG = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)", re.DOTALL)
_BETWEEN = re.compile(r"\s*(?:\d+\.)?\s*")  # blank, or the number before a record

Tags = Mapping[str, object]


def read(stream: BinaryIO) -> Iterator[Record]:
    """Records in file order. Raises ImportFileError naming the line for a record that is cut short or has no title."""
    found = False
    for line, block in _blocks(source.lines(stream)):
        found = True
        yield tidy(_record(line, _tags(line, block)))
    if not found:
        raise ImportFileError("no record found: a RIS record starts with a line 'TY  - '")


def _blocks(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines of each record, from TY to ER, and the number of the first."""
    start, block = 0, list[str]()
    for number, line in lines:
        match = _TAG.match(line)
        tag = match[1] if match else None
        if not block:
            if tag == "TY":
                start, block = number, [line]
            elif not _BETWEEN.fullmatch(line):
                raise ImportFileError(f"line {number}: text outside a record; a RIS record starts with 'TY  - '")
            continue
        if tag == "TY":
            raise ImportFileError(f"line {number}: a record starts before the one of line {start} ends ('ER  - ')")
        block.append(line)
        if len(block) > RECORD_LIMIT:
            raise ImportFileError(f"line {start}: record with more than {RECORD_LIMIT:,} lines")
        if tag == "ER":
            yield start, block
            block = []
    if block:
        raise ImportFileError(f"line {start}: the record does not end ('ER  - '); the file is cut short")


def _tags(line: int, block: list[str]) -> Tags:
    try:
        records: list[dict[str, object]] = rispy.loads("\n".join(block), enforce_list_tags=False)
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # rispy has no error type for a misplaced value
        raise ImportFileError(f"line {line}: not readable as RIS: {error}") from None
    if len(records) != 1:
        raise ImportFileError(f"line {line}: not readable as one RIS record")
    return records[0]


def _record(line: int, tags: Tags) -> Record:
    title = _one(tags, "title", "primary_title", "translated_title", "short_title")
    if title is None:
        raise ImportFileError(f"line {line}: record without a title (TI or T1)")
    urls = _all(tags, "urls")
    start, end = _one(tags, "start_page"), _one(tags, "end_page")
    return Record(
        kind=RecordKind.CITATION,
        title=title,
        ids=_identifiers(tags, urls),
        sections=tuple(
            section for text in _all(tags, "abstract", "notes_abstract") for section in abstract_sections(text)
        ),
        authors=_all(tags, "authors", "first_authors"),
        journal=_one(tags, "alternate_title3", "secondary_title", "journal_name"),
        journal_abbreviation=_one(tags, "alternate_title1", "alternate_title2"),
        volume=_one(tags, "volume"),
        issue=_one(tags, "number"),
        pages=f"{start}-{end}" if start and end and start != end else start,
        year=ids.year(_one(tags, "year", "publication_year", "date")),
        language=_one(tags, "language"),
        publication_types=_all(tags, "type_of_work"),
        keywords=_all(tags, "keywords"),
        url=next(iter(urls), None),
    )


def _identifiers(tags: Tags, urls: tuple[str, ...]) -> Identifiers:
    """A PMID only where the file says that the number is PubMed's; RIS's own ID is not unique in real files."""
    accession, database = _one(tags, "accession_number"), (_one(tags, "name_of_database") or "").lower()
    pubmed = ids.pmid(accession) if "pubmed" in database or "medline" in database else None
    pubmed = pubmed or next(filter(None, map(ids.pmid_of_url, urls)), None)
    pmcid = next((ids.pmcid(value) for value in _all(tags, "custom2") if value.upper().startswith("PMC")), None)
    doi = next(filter(None, map(ids.doi, (*_all(tags, "doi"), *urls))), None)
    named = pubmed or pmcid or doi
    return Identifiers(pmid=pubmed, pmcid=pmcid, doi=doi, other=None if named else accession)


def _all(tags: Tags, *names: str) -> tuple[str, ...]:
    """Every value of the tags, in order, once."""
    values: list[str] = []
    for name in names:
        value = tags.get(name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and squeeze(item):
                values.append(squeeze(item))
    return tuple(dict.fromkeys(values))


def _one(tags: Tags, *names: str) -> str | None:
    return next(iter(_all(tags, *names)), None)
