"""Short records for the tests of the store, and an appraisal that costs nothing."""

from __future__ import annotations

from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document
from vademecum.literature.records import Identifiers, Link, LinkKind, Notice, Record, RecordKind, Section
from vademecum.literature.store import Store

RETRACTION = ("Retraction of Publication",)


def unappraised(record: Record, document: Document) -> Appraisal:
    return Appraisal()


def citation(pmid: str | None = "1", text: str = "Pain fell.", **fields: object) -> Record:
    ids = Identifiers(pmid=pmid, doi=fields.pop("doi", None), pmcid=fields.pop("pmcid", None))  # type: ignore[arg-type]
    values = {"title": f"Trial {pmid}", "revised": "2020-01-01", "year": 2019} | fields
    return Record(kind=RecordKind.CITATION, ids=ids, sections=_sections(text), **values)  # type: ignore[arg-type]


def full_text(doi: str | None = None, pmcid: str | None = None, text: str = "Methods.", **fields: object) -> Record:
    values = {"title": "Trial in full"} | fields
    ids = Identifiers(doi=doi, pmcid=pmcid)
    return Record(kind=RecordKind.FULL_TEXT, ids=ids, sections=_sections(text), **values)  # type: ignore[arg-type]


def document_file(other: str, text: str, **fields: object) -> Record:
    values = {"title": f"Local {other}"} | fields
    ids = Identifiers(other=other)
    return Record(kind=RecordKind.DOCUMENT, ids=ids, sections=_sections(text), **values)  # type: ignore[arg-type]


def label(set_id: str, version: str, text: str) -> Record:
    return Record(
        kind=RecordKind.LABEL,
        title="Ibuprofen tablets",
        ids=Identifiers(set_id=set_id),
        sections=_sections(text),
        version=version,
    )


def retraction(pmid: str, of: str, **fields: object) -> Record:
    link = Link(LinkKind.RETRACTION_OF, pmid=of)
    return citation(pmid, "", title=f"Retraction of {of}", publication_types=RETRACTION, links=(link,), **fields)


def watch(kind: LinkKind = LinkKind.RETRACTED_BY, **about: str) -> Notice:
    return Notice(
        kind, Identifiers(**about), Identifiers(doi="10.1/notice"), "2021-05-01", ("Error in Data",), "Retraction Watch"
    )


def picture(store: Store) -> list[tuple[object, ...]]:
    """What a reader sees of a library, without ids, times and places in the feed."""
    seen: list[tuple[object, ...]] = []
    for change in store.changed_sources(0, 10_000):
        row = change.source
        if row.deleted:
            continue
        parts = tuple((part.start, part.end, part.text, part.path, part.code) for part in change.passages)
        seen.append((repr(row.record), row.kind, row.state, row.state_note, parts))
    return sorted(seen, key=repr)


def _sections(text: str) -> tuple[Section, ...]:
    return (Section(text=text, path=("RESULTS",), code="RESULTS"),) if text else ()
