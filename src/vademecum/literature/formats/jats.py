"""Full text in JATS, the article format of PubMed Central: one article or a set of them, in any namespace.

Element names: https://jats.nlm.nih.gov/archiving/tag-library/1.3/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats import tables, xml
from vademecum.literature.formats.jats_text import outermost_tables, sections
from vademecum.literature.formats.notes import bracket_xrefs
from vademecum.literature.formats.text import IMAGE, local_name, squeeze, text_of
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Link, LinkKind, Record, RecordKind, Section

UNTITLED = "(no title)"
_LINKS = {
    "retracted-article": LinkKind.RETRACTION_OF,
    "partial-retraction": LinkKind.RETRACTION_OF,
    "retraction": LinkKind.RETRACTED_BY,
    "retraction-forward": LinkKind.RETRACTED_BY,
    "object-of-concern": LinkKind.CONCERN_ABOUT,
    "expression-of-concern": LinkKind.CONCERN_BY,
    "concern-forward": LinkKind.CONCERN_BY,
    "corrected-article": LinkKind.CORRECTION_TO,
    "addended-article": LinkKind.CORRECTION_TO,
    "correction": LinkKind.CORRECTED_BY,
    "correction-forward": LinkKind.CORRECTED_BY,
    "addendum": LinkKind.CORRECTED_BY,
    "addendum-forward": LinkKind.CORRECTED_BY,
    "updated-article": LinkKind.UPDATES,
    "update": LinkKind.UPDATED_BY,
    "republished-article": LinkKind.REPUBLISHED_FROM,
    "republication": LinkKind.REPUBLISHED_AS,
}
_LANGUAGES = {
    "en": "eng", "fr": "fre", "de": "ger", "es": "spa", "it": "ita", "pt": "por", "zh": "chi", "ja": "jpn",
    "ru": "rus", "pl": "pol", "nl": "dut", "tr": "tur", "ko": "kor", "ar": "ara", "fa": "per", "cs": "cze",
}  # fmt: skip
_ABSTRACTS = {
    "graphical": "Graphical abstract",
    "teaser": "Teaser",
    "summary": "Author summary",
    "executive-summary": "Executive summary",
    "plain-language-summary": "Plain language summary",
    "key-points": "Key points",
    "toc": "Table of contents",
}
_NOTICES = frozenset({"retraction", "correction", "expression-of-concern", "addendum"})
_RETRACTED = re.compile(r"\W*(retracted|withdrawn)(\W+article)?\s*[:\]]", re.IGNORECASE)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NOT_PUBLISHED = frozenset({"pmc-release", "preprint", "nihms-submitted", "received", "accepted"})


def read(stream: BinaryIO) -> Iterator[Record]:
    """Articles in file order.

    Raises ImportFileError for a broken file, one without an article, or text that cannot be taken in whole.
    """
    found = False
    for element in xml.elements(stream, ("{*}article",)):
        found = True
        yield tidy(_article(element))
    if not found:
        raise ImportFileError("no JATS article: the file holds no <article> element")


def _article(element: etree._Element) -> Record:
    xml.refuse_inclusions(element)
    attached = [part for part in element if local_name(part) in {"sub-article", "response"}]
    for part in attached:
        element.remove(part)
    bracket_xrefs(element)
    meta = _child(element, "front/article-meta")
    journal = _child(element, "front/journal-meta")
    title = _text(_child(meta, "title-group/article-title"), {"xref", "fn"})
    found = tuple(_sections(element, meta))
    kind = element.get("article-type")
    headings, subjects = _subjects(meta)
    links = tuple(_links(meta, title))
    return Record(
        kind=RecordKind.FULL_TEXT,
        title=title or UNTITLED,
        ids=_identifiers(meta),
        sections=found,
        authors=tuple(_authors(meta)),
        journal=_text(next(_all(journal, "journal-title"), None)),
        journal_abbreviation=_abbreviation(journal),
        volume=_text(_child(meta, "volume")),
        issue=_text(_child(meta, "issue")),
        pages=_pages(meta),
        year=_year(meta),
        language=_language(element.get(_LANG)),
        publication_types=tuple(dict.fromkeys(filter(None, (kind, *headings)))),
        keywords=tuple(dict.fromkeys((*_all_texts(meta, "kwd"), *subjects))),
        funding=tuple(dict.fromkeys(_funding(meta))),
        links=links,
        registrations=tuple(dict.fromkeys(_registrations(element))),
        references=sum(1 for _ in element.iter("{*}ref")),
        tables=sum(1 for _ in element.iter("{*}table-wrap")),
        figures=sum(1 for _ in element.iter("{*}fig")),
        flags=tuple(_flags(element, found, title, links, len(attached))),
    )


def _child(parent: etree._Element | None, path: str) -> etree._Element | None:
    """The first element at `path`, in whatever namespace."""
    if parent is None:
        return None
    return parent.find("/".join(f"{{*}}{step}" for step in path.split("/")))


def _text(element: etree._Element | None, skip: frozenset[str] | set[str] = frozenset()) -> str | None:
    return (text_of(element, skip) or None) if element is not None else None


def _all(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if parent is not None:
        yield from parent.iter(f"{{*}}{name}")


def _all_texts(parent: etree._Element | None, name: str) -> Iterator[str]:
    yield from filter(None, map(text_of, _all(parent, name)))


def _identifiers(meta: etree._Element | None) -> Identifiers:
    found: dict[str, str] = {}
    for element in meta if meta is not None else ():
        value = squeeze(element.text or "") if local_name(element) == "article-id" else ""
        if value:
            found.setdefault(element.get("pub-id-type", ""), value)
    pmid, doi = found.get("pmid"), found.get("doi")
    pmc = (found.get("pmcid") or found.get("pmc") or "").upper().removeprefix("PMC")
    known = pmid or doi or pmc
    return Identifiers(
        pmid=pmid if pmid and pmid.isdigit() else None,
        pmcid=f"PMC{pmc}" if pmc.isdigit() else None,
        doi=doi.lower() if doi else None,
        other=None if known else found.get("publisher-id"),
    )


def _authors(meta: etree._Element | None) -> Iterator[str]:
    for contributor in _all(meta, "contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = next(contributor.iter("{*}name", "{*}string-name"), None)
        body = next(contributor.iter("{*}collab"), None)
        if body is not None:
            printed = text_of(body, {"contrib-group", "xref", "fn", "aff", "address", "email"})
        elif name is not None:
            printed = _person(name)
        else:
            continue
        if printed:
            yield printed


def _person(name: etree._Element) -> str:
    """ "Family GG" as MEDLINE writes it."""
    given = _child(name, "given-names")
    family = _text(_child(name, "surname"))
    if family is None:
        return text_of(name)
    printed = given.get("initials") if given is not None else None
    words = re.split(r"[\s.\-‐-]+", _text(given) or "")
    initials = printed or "".join(word if word.isupper() and len(word) <= 3 else word[:1] for word in words)
    return squeeze(f"{family} {initials}")


def _abbreviation(journal: etree._Element | None) -> str | None:
    ids = {element.get("journal-id-type"): _text(element) for element in _all(journal, "journal-id")}
    printed = next(_all_texts(journal, "abbrev-journal-title"), None)
    return ids.get("nlm-ta") or ids.get("iso-abbrev") or printed


def _pages(meta: etree._Element | None) -> str | None:
    printed = _text(_child(meta, "page-range"))
    first, last = _text(_child(meta, "fpage")), _text(_child(meta, "lpage"))
    span = f"{first}-{last}" if first and last and first != last else first
    return printed or span or _text(_child(meta, "elocation-id"))


def _year(meta: etree._Element | None) -> int | None:
    """The earliest year of publication in any form, print or online; deposit and submission dates do not count."""
    years = [
        int(year)
        for date in (meta if meta is not None else ())
        if local_name(date) == "pub-date"
        and not {date.get("pub-type"), date.get("date-type")} & _NOT_PUBLISHED
        and (year := _text(_child(date, "year")))
        and re.fullmatch(r"1[5-9]\d\d|20\d\d", year)
    ]
    return min(years, default=None)


def _language(code: str | None) -> str | None:
    short = code.partition("-")[0].lower() if code else None
    return _LANGUAGES.get(short, short) if short else None


def _subjects(meta: etree._Element | None) -> tuple[list[str], list[str]]:
    """Headings a journal files the article under ("Research Article"), and subjects it is about."""
    headings: list[str] = []
    subjects: list[str] = []
    for group in _all(_child(meta, "article-categories"), "subj-group"):
        kept = headings if group.get("subj-group-type") == "heading" else subjects
        kept.extend(filter(None, (text_of(part) for part in group if local_name(part) == "subject")))
    return headings, subjects


def _funding(meta: etree._Element | None) -> Iterator[str]:
    for name in ("funding-source", "funding-statement"):
        for element in _all(meta, name):
            text = text_of(element, {"institution-id"})
            if text:
                yield text


def _links(meta: etree._Element | None, title: str | None) -> Iterator[Link]:
    kinds = set()
    for element in _all(meta, "related-article"):
        kind = _LINKS.get(element.get("related-article-type", ""))
        if kind is None:
            continue
        kinds.add(kind)
        target = (element.get(_HREF) or "").strip()
        scheme = element.get("ext-link-type")
        doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", target, flags=re.IGNORECASE).lower()
        yield Link(
            kind=kind,
            pmid=target if scheme in {"pubmed", "pmid"} and target.isdigit() else None,
            doi=doi if doi.startswith("10.") else None,
            citation=text_of(element) or (target if not doi.startswith("10.") else None) or None,
        )
    if title and _RETRACTED.match(title) and not kinds & {LinkKind.RETRACTED_BY, LinkKind.RETRACTION_OF}:
        yield Link(kind=LinkKind.RETRACTED_BY, citation=title)


def _registrations(element: etree._Element) -> Iterator[str]:
    for related in element.iter("{*}related-object"):
        number = related.get("document-id")
        if number and "trial" in related.get("source-type", ""):
            yield number


def _sections(element: etree._Element, meta: etree._Element | None) -> Iterator[Section]:
    for abstract in meta if meta is not None else ():
        name = local_name(abstract)
        if name in {"abstract", "trans-abstract"}:
            kind = abstract.get("abstract-type", "")
            title = _text(_child(abstract, "title")) or _ABSTRACTS.get(kind) or "Abstract"
            language = abstract.get(_LANG)
            yield from sections(abstract, (f"{title} ({language})" if name == "trans-abstract" else title,))
    for part in element:
        if local_name(part) in {"body", "back", "floats-group"}:
            yield from sections(part)


def _flags(
    element: etree._Element, found: tuple[Section, ...], title: str | None, links: tuple[Link, ...], attached: int
) -> Iterator[Flag]:
    if not title:
        yield Flag("no-title", "the article has no title")
    kind = element.get("article-type", "")
    if kind in _NOTICES:
        yield Flag("notice", f"this is a notice about another article: {kind}")
    if any(link.kind is LinkKind.RETRACTED_BY for link in links):
        yield Flag("retracted", "the article says of itself that it was retracted")
    if attached:
        yield Flag("attached-parts", f"{attached} attached part(s), such as reviews or translations, were left out")
    unreadable = sum(section.text.count(IMAGE) for section in found)
    if unreadable:
        yield Flag("image-for-text", f"{unreadable} formula(s) or sign(s) are pictures in the file; each reads {IMAGE}")
    unmarked = sum(not tables.lines(table).headed for table in outermost_tables(element))
    if unmarked:
        yield Flag("table-without-headings", f"{unmarked} table(s) mark no row as headings; check their rows")
    pictures = sum(next(wrap.iter("{*}tr"), None) is None for wrap in element.iter("{*}table-wrap"))
    if pictures:
        yield Flag(
            "table-not-read", f"{pictures} table(s) hold no rows, only a picture or another layout, and were not read"
        )
