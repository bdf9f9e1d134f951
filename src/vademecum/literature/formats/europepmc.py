"""Search results of Europe PMC in JSON (resultType=core, or lite with less in it).

Fields: https://europepmc.org/RestfulWebService. Titles and abstracts hold HTML; its raised and lowered parts are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ids, json
from vademecum.literature.formats.markup import plain
from vademecum.literature.formats.nbib import abstract_sections
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Heading, Identifiers, Link, LinkKind, Record, RecordKind, Section

_LINKS = {
    "retractionof": LinkKind.RETRACTION_OF,
    "retractionin": LinkKind.RETRACTED_BY,
    "partialretractionof": LinkKind.RETRACTION_OF,
    "partialretractionin": LinkKind.RETRACTED_BY,
    "expressionofconcernfor": LinkKind.CONCERN_ABOUT,
    "expressionofconcernin": LinkKind.CONCERN_BY,
    "erratumfor": LinkKind.CORRECTION_TO,
    "erratumin": LinkKind.CORRECTED_BY,
    "updateof": LinkKind.UPDATES,
    "updatein": LinkKind.UPDATED_BY,
    "republishedin": LinkKind.REPUBLISHED_AS,
    "republishedfrom": LinkKind.REPUBLISHED_FROM,
    "correctedandrepublishedin": LinkKind.REPUBLISHED_AS,
    "correctedandrepublishedfrom": LinkKind.REPUBLISHED_FROM,
    "retractedandrepublishedin": LinkKind.REPUBLISHED_AS,
    "retractedandrepublishedfrom": LinkKind.REPUBLISHED_FROM,
}
_HEADING = re.compile(r"<h4>(.*?)</h4>", re.IGNORECASE | re.DOTALL)


class Part(msgspec.Struct, frozen=True, rename="camel"):
    """Base of every part: members are in camel case, unknown ones are passed over."""


class Author(Part, frozen=True):
    full_name: str = ""
    collective_name: str = ""


class Authors(Part, frozen=True):
    author: tuple[Author, ...] = ()


class Journal(Part, frozen=True):
    title: str | None = None
    iso_abbreviation: str | None = msgspec.field(name="isoabbreviation", default=None)
    medline_abbreviation: str | None = None


class JournalInfo(Part, frozen=True):
    volume: str | None = None
    issue: str | None = None
    year_of_publication: int | None = None
    journal: Journal = Journal()


class PublicationTypes(Part, frozen=True):
    pub_type: tuple[str, ...] = ()


class Keywords(Part, frozen=True):
    keyword: tuple[str, ...] = ()


class Qualifier(Part, frozen=True):
    qualifier_name: str
    major_topic: str = msgspec.field(name="majorTopic_YN", default="N")


class Qualifiers(Part, frozen=True):
    mesh_qualifier: tuple[Qualifier, ...] = ()


class Descriptor(Part, frozen=True):
    descriptor_name: str
    major_topic: str = msgspec.field(name="majorTopic_YN", default="N")
    mesh_qualifier_list: Qualifiers = Qualifiers()


class Descriptors(Part, frozen=True):
    mesh_heading: tuple[Descriptor, ...] = ()


class Grant(Part, frozen=True):
    agency: str = ""


class Grants(Part, frozen=True):
    grant: tuple[Grant, ...] = ()


class Correction(Part, frozen=True):
    type: str
    id: str | None = None
    source: str = ""
    reference: str = ""


class Corrections(Part, frozen=True):
    comment_correction: tuple[Correction, ...] = ()


class Result(Part, frozen=True):
    """One work; `source` names the database that `id` is of ("MED" is PubMed)."""

    id: str
    source: str
    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    title: str = ""
    author_string: str = ""
    author_list: Authors = Authors()
    journal_info: JournalInfo = JournalInfo()
    journal_title: str | None = None
    journal_volume: str | None = None
    issue: str | None = None
    pub_year: str | None = None
    page_info: str | None = None
    abstract_text: str = ""
    language: str | None = None
    pub_type_list: PublicationTypes = PublicationTypes()
    pub_type: str = ""
    keyword_list: Keywords = Keywords()
    mesh_heading_list: Descriptors = Descriptors()
    grants_list: Grants = Grants()
    comment_correction_list: Corrections = Corrections()
    date_of_revision: str | None = None


def read(stream: BinaryIO) -> Iterator[Record]:
    """Works in file order. Raises ImportFileError naming the record and field of what does not fit."""
    for element in json.elements(stream, (("resultList", "result"),)):
        if element.value == {} or (isinstance(element.value, dict) and "resultList" in element.value):
            continue  # an answer without results
        result = json.typed(element, Result)
        if not squeeze(result.title):
            raise ImportFileError(f"{element.place}: title: missing")
        yield tidy(_record(result))


def _record(result: Result) -> Record:
    about = result.journal_info
    types = result.pub_type_list.pub_type or tuple(filter(None, map(squeeze, result.pub_type.split(";"))))
    return Record(
        kind=RecordKind.CITATION,
        title=plain(result.title),
        ids=_identifiers(result),
        sections=tuple(_abstract(result.abstract_text)),
        authors=_authors(result),
        journal=about.journal.title or result.journal_title,
        journal_abbreviation=about.journal.iso_abbreviation or about.journal.medline_abbreviation,
        volume=about.volume or result.journal_volume,
        issue=about.issue or result.issue,
        pages=result.page_info,
        year=ids.year(result.pub_year) or about.year_of_publication,
        language=result.language,
        publication_types=types,
        mesh=tuple(map(_heading, result.mesh_heading_list.mesh_heading)),
        keywords=tuple(map(plain, result.keyword_list.keyword)),
        funding=tuple(dict.fromkeys(filter(None, (squeeze(grant.agency) for grant in result.grants_list.grant)))),
        links=tuple(_links(result)),
        revised=result.date_of_revision,
    )


def _identifiers(result: Result) -> Identifiers:
    pubmed = ids.pmid(result.pmid or (result.id if result.source == "MED" else None))
    pmcid = ids.pmcid(result.pmcid or (result.id if result.source == "PMC" else None))
    known = Identifiers(pmid=pubmed, pmcid=pmcid, doi=ids.doi(result.doi))
    return Identifiers(other=f"{result.source}:{result.id}") if known == Identifiers() else known


def _abstract(text: str) -> Iterator[Section]:
    """Sections at the headings in it; one without is cut at its printed labels, if it has any."""
    before, *parts = _HEADING.split(text)
    yield from abstract_sections(plain(before))
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        words = plain(body)
        if words:
            yield Section(text=words, path=(plain(heading).rstrip(":"),))


def _authors(result: Result) -> tuple[str, ...]:
    listed = tuple(author.full_name or author.collective_name for author in result.author_list.author)
    names = listed or tuple(result.author_string.rstrip(".").split(", "))
    return tuple(filter(None, map(plain, names)))


def _heading(descriptor: Descriptor) -> Heading:
    qualifiers = descriptor.mesh_qualifier_list.mesh_qualifier
    return Heading(
        name=descriptor.descriptor_name,
        major=descriptor.major_topic == "Y" or any(qualifier.major_topic == "Y" for qualifier in qualifiers),
        qualifiers=tuple(qualifier.qualifier_name for qualifier in qualifiers),
    )


def _links(result: Result) -> Iterator[Link]:
    for correction in result.comment_correction_list.comment_correction:
        kind = _LINKS.get(re.sub(r"[^a-z]", "", correction.type.lower()))
        if kind is not None:
            pubmed = ids.pmid(correction.id) if correction.source in {"MED", ""} else None
            yield Link(kind=kind, pmid=pubmed, citation=squeeze(correction.reference) or None)
