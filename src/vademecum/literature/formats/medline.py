"""PubMed citations in MEDLINE XML: single results, baseline files and update files with their deletions.

Element names: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats import xml
from vademecum.literature.formats.text import text_of
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import (
    Deletion,
    Heading,
    Identifiers,
    Link,
    LinkKind,
    Record,
    RecordKind,
    Section,
)

_LINKS = {
    "RetractionOf": LinkKind.RETRACTION_OF,
    "RetractionIn": LinkKind.RETRACTED_BY,
    "PartialRetractionOf": LinkKind.RETRACTION_OF,
    "PartialRetractionIn": LinkKind.RETRACTED_BY,
    "ExpressionOfConcernFor": LinkKind.CONCERN_ABOUT,
    "ExpressionOfConcernIn": LinkKind.CONCERN_BY,
    "ErratumFor": LinkKind.CORRECTION_TO,
    "ErratumIn": LinkKind.CORRECTED_BY,
    "UpdateOf": LinkKind.UPDATES,
    "UpdateIn": LinkKind.UPDATED_BY,
    "RetractedandRepublishedIn": LinkKind.REPUBLISHED_AS,
    "RetractedandRepublishedFrom": LinkKind.REPUBLISHED_FROM,
}
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_BOOK_ID = "bookaccession"
_RETRACTED = "Retracted Publication"
_ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle", "DeleteCitation")
_COUNT_REFERENCES = etree.XPath("count(ReferenceList//Reference)")

Parts = dict[object, etree._Element]  # children by tag; comments have tags that are no strings


def read(stream: BinaryIO) -> Iterator[Record | Deletion]:
    """Citations and deletions in file order. A PMID may come twice, the later version after the earlier.

    Raises ImportFileError for a broken file or a citation without PMID or title.
    """
    for element in xml.elements(stream, _ROOTS[2:], _ROOTS):
        if element.tag == "PubmedArticle":
            yield tidy(_citation(element))
        elif element.tag == "PubmedBookArticle":
            yield tidy(_chapter(element))
        else:
            for pmid in element.iterchildren("PMID"):
                yield Deletion(_pmid(pmid))


def _citation(element: etree._Element) -> Record:
    outer = _parts(element)
    if "MedlineCitation" not in outer:
        raise ImportFileError(f"line {element.sourceline}: PubmedArticle without MedlineCitation")
    citation = _parts(outer["MedlineCitation"])
    pmid = _pmid(citation.get("PMID"))
    if "Article" not in citation:
        raise ImportFileError(f"PMID {pmid}: no Article element")
    article = _parts(citation["Article"])
    title = _text(article.get("ArticleTitle")) or _text(article.get("VernacularTitle"))
    if not title:
        raise ImportFileError(f"PMID {pmid}: no ArticleTitle")
    data = _parts(outer.get("PubmedData"))
    journal = _parts(article.get("Journal"))
    issue = _parts(journal.get("JournalIssue"))
    types = _texts(article.get("PublicationTypeList"), "PublicationType")
    pages = article.get("Pagination")
    registers = article.get("DataBankList")
    return Record(
        kind=RecordKind.CITATION,
        title=title,
        ids=_identifiers(pmid, data, citation["Article"] if "ELocationID" in article else None),
        sections=_abstract(article.get("Abstract")),
        authors=_authors(article.get("AuthorList")),
        journal=_text(journal.get("Title")),
        journal_abbreviation=_text(journal.get("ISOAbbreviation")),
        volume=_text(issue.get("Volume")),
        issue=_text(issue.get("Issue")),
        pages=_pages(pages) if pages is not None else None,
        year=_year(issue.get("PubDate"), article.get("ArticleDate")),
        language=_plain(article.get("Language")),
        publication_types=types,
        mesh=_mesh(citation.get("MeshHeadingList")),
        keywords=_keywords(citation, outer["MedlineCitation"]),
        funding=_grants(article.get("GrantList")),
        links=_links(citation.get("CommentsCorrectionsList"), types),
        registrations=_distinct(registers.iter("AccessionNumber")) if registers is not None else (),
        references=_references(data, outer.get("PubmedData")),
        version=citation["PMID"].get("Version"),
        revised=_date(citation.get("DateRevised")),
    )


def _chapter(element: etree._Element) -> Record:
    """A chapter of a book on the NCBI bookshelf, or the book itself (StatPearls, GeneReviews, health technology)."""
    outer = _parts(element)
    document = _parts(outer.get("BookDocument"))
    pmid = _pmid(document.get("PMID"))
    book = _parts(document.get("Book"))
    chapter, whole = _text(document.get("ArticleTitle")), _text(book.get("BookTitle"))
    if not (chapter or whole):
        raise ImportFileError(f"PMID {pmid}: neither ArticleTitle nor BookTitle")
    ids = _identifiers(pmid, document, None)
    authors = document.get("AuthorList")
    return Record(
        kind=RecordKind.CITATION,
        title=chapter or whole or "",
        ids=ids,
        sections=_abstract(document.get("Abstract")),
        authors=_authors(authors if authors is not None else book.get("AuthorList")),
        journal=whole if chapter else None,
        volume=_text(book.get("Volume")),
        pages=_pages(document["Pagination"]) if "Pagination" in document else None,
        year=_year(book.get("PubDate"), document.get("ContributionDate")),
        language=_plain(document.get("Language")),
        publication_types=_distinct(outer["BookDocument"].iterchildren("PublicationType")),
        keywords=_keywords(document, outer["BookDocument"]),
        funding=_grants(document.get("GrantList")),
        references=_references(document, outer.get("BookDocument")),
        version=document["PMID"].get("Version"),
        revised=_date(document.get("DateRevised")),
    )


def _parts(element: etree._Element | None) -> Parts:
    """The children by tag, the first of each."""
    return {child.tag: child for child in reversed(element)} if element is not None else {}


def _pmid(element: etree._Element | None) -> str:
    pmid = _plain(element)
    if element is None or pmid is None or not pmid.isdigit():
        where = f"line {element.sourceline}: " if element is not None else ""
        raise ImportFileError(f"{where}citation without a PMID of digits")
    return pmid


def _identifiers(pmid: str, data: Parts, article: etree._Element | None) -> Identifiers:
    found: dict[str, str] = {}
    listed = data.get("ArticleIdList")
    for identifier in listed if listed is not None else ():
        value = _plain(identifier)
        if value:
            found.setdefault(identifier.get("IdType", ""), value)
    if "doi" not in found and article is not None:
        for identifier in article.iterchildren("ELocationID"):
            value = _plain(identifier)
            if value and identifier.get("EIdType") == "doi" and identifier.get("ValidYN", "Y") == "Y":
                found.setdefault("doi", value)
    doi = found.get("doi")
    return Identifiers(pmid=pmid, pmcid=found.get("pmc"), doi=doi.lower() if doi else None, other=found.get(_BOOK_ID))


def _abstract(abstract: etree._Element | None) -> tuple[Section, ...]:
    sections = []
    for part in abstract if abstract is not None else ():
        text = text_of(part) if part.tag == "AbstractText" else ""
        if text:
            label = part.get("Label")
            sections.append(Section(text=text, path=(label,) if label else (), code=part.get("NlmCategory")))
    return tuple(sections)


def _authors(listed: etree._Element | None) -> tuple[str, ...]:
    names = []
    for author in listed if listed is not None else ():
        if author.get("ValidYN", "Y") != "Y":
            continue
        family = initials = body = None
        for part in author:
            tag = part.tag
            if tag == "LastName":
                family = _text(part)
            elif tag == "Initials":
                initials = _plain(part)
            elif tag == "CollectiveName":
                body = _text(part)
        name = f"{family} {initials}" if family and initials else family or body
        if name:
            names.append(name)
    return tuple(names)


def _mesh(listed: etree._Element | None) -> tuple[Heading, ...]:
    headings = []
    for heading in listed if listed is not None else ():
        name = ui = None
        major = False
        qualifiers = []
        for part in heading:
            text = _text(part)
            if not text:
                continue
            if part.get("MajorTopicYN") == "Y":
                major = True
            if part.tag == "DescriptorName":
                name, ui = text, part.get("UI")
            elif part.tag == "QualifierName":
                qualifiers.append(text)
        if name:
            headings.append(Heading(name=name, ui=ui, major=major, qualifiers=tuple(qualifiers)))
    return tuple(headings)


def _links(listed: etree._Element | None, types: tuple[str, ...]) -> tuple[Link, ...]:
    links = []
    for link in listed if listed is not None else ():
        kind = _LINKS.get(link.get("RefType", ""))
        if kind is not None:
            links.append(Link(kind=kind, pmid=_plain(link.find("PMID")), citation=_text(link.find("RefSource"))))
    if _RETRACTED in types and not any(link.kind is LinkKind.RETRACTED_BY for link in links):
        links.append(Link(kind=LinkKind.RETRACTED_BY, citation=_RETRACTED))
    return tuple(links)


def _keywords(parts: Parts, parent: etree._Element) -> tuple[str, ...]:
    if "KeywordList" not in parts:
        return ()
    return _distinct(word for listed in parent.iterchildren("KeywordList") for word in listed.iterchildren("Keyword"))


def _grants(listed: etree._Element | None) -> tuple[str, ...]:
    return _distinct(listed.iter("Agency")) if listed is not None else ()


def _references(parts: Parts, parent: etree._Element | None) -> int:
    return int(_COUNT_REFERENCES(parent)) if "ReferenceList" in parts and parent is not None else 0


def _pages(pagination: etree._Element) -> str | None:
    parts = _parts(pagination)
    first, last = _plain(parts.get("StartPage")), _plain(parts.get("EndPage"))
    return _text(parts.get("MedlinePgn")) or (f"{first}-{last}" if first and last else first)


def _year(issued: etree._Element | None, other: etree._Element | None) -> int | None:
    """The year of the issue; a MedlineDate such as "1998 Dec-1999 Jan" counts as its first year."""
    for date in (issued, other):
        parts = _parts(date)
        for name in ("Year", "MedlineDate"):
            match = _YEAR.search(_plain(parts.get(name)) or "")
            if match:
                return int(match[0])
    return None


def _date(element: etree._Element | None) -> str | None:
    parts = _parts(element)
    year, month, day = (_plain(parts.get(name)) for name in ("Year", "Month", "Day"))
    return f"{year}-{month:0>2}-{day:0>2}" if year and month and day else None


def _text(element: etree._Element | None) -> str | None:
    return (text_of(element) or None) if element is not None else None


def _plain(element: etree._Element | None) -> str | None:
    return (element.text or "").strip() or None if element is not None else None


def _texts(parent: etree._Element | None, tag: str) -> tuple[str, ...]:
    return _distinct(parent.iterchildren(tag)) if parent is not None else ()


def _distinct(found: Iterable[etree._Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in map(text_of, found) if text))
