"""Guidelines and other pages in HTML or XHTML: headings, paragraphs, lists and tables as sections.

Nothing is fetched or run. Menus are left out; hidden words are taken out and flagged (`formats.hidden`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats import hidden, ids
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.blocks import Blocks
from vademecum.literature.formats.markup import document, words
from vademecum.literature.formats.text import local_name, squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Record, RecordKind

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_ONE_BYTE = {
    **dict.fromkeys(("iso-8859-1", "latin1", "iso8859-1", "windows-1252", "cp1252", "ascii", "us-ascii"), "cp1252"),
    "iso-8859-15": "iso-8859-15",
    "iso-8859-2": "iso-8859-2",
    "windows-1250": "cp1250",
}
_UTF = frozenset(
    {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "unicode"}
)  # a byte order mark decides, as in HTML
_SCRIPTED = re.compile(r"^[\s\x00-\x1f]*(?:java\s*script|vbscript|data\s*:\s*text/html)", re.IGNORECASE)
_ACTIVE = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "form"})
_COMMENT_WORDS = 6
_TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_LANGUAGES = {
    **{"en": "eng", "de": "ger", "fr": "fre", "es": "spa", "it": "ita", "pt": "por", "nl": "dut", "ja": "jpn"},
    **{"zh": "chi", "ru": "rus", "pl": "pol", "sv": "swe", "da": "dan", "no": "nor", "nb": "nor", "fi": "fin"},
    **{"ko": "kor", "tr": "tur", "ar": "ara", "cs": "cze", "el": "gre", "hu": "hun", "uk": "ukr", "ro": "rum"},
}


def read(stream: BinaryIO, name: str | None = None) -> Iterator[Record]:
    """One record for the page; `name` is the title of a page that states none.

    Raises ImportFileError for an encoding that is not as declared, and for a page without words.
    """
    root = document(_text(stream), comments=True)
    flags = [*active(root), *comments(root)]
    for element in list(root.iter(etree.Comment)):
        hidden.drop(element)
    flags += hidden.flags(root)
    meta = _meta(root)
    body = root.find(".//body")
    blocks = Blocks()
    blocks.walk(root if body is None else body)
    sections = blocks.finish()
    flags.extend(blocks.flags())
    if not sections:
        raise ImportFileError("the page holds no visible words")
    if any(_TEMPLATE.search(section.text) for section in sections):
        flags.append(Flag("template", "the page holds commands of a template ({% ... %}) that were not carried out"))
    yield tidy(
        Record(
            kind=RecordKind.DOCUMENT,
            title=_title(root, meta) or (name or ""),
            ids=_identifiers(meta),
            sections=sections,
            authors=tuple(meta.get("citation_author") or meta.get("dc.creator") or meta.get("author") or ()),
            journal=_one(meta, "citation_journal_title", "og:site_name", "dc.publisher"),
            volume=_one(meta, "citation_volume"),
            issue=_one(meta, "citation_issue"),
            year=ids.year(
                _one(
                    meta,
                    *("citation_publication_date", "citation_date", "dc.date", "dcterms.issued", "dc.date.issued"),
                    *("article:published_time", "datepublished"),
                )
            ),
            language=_language(root, meta),
            keywords=tuple(
                squeeze(part) for value in meta.get("keywords", []) for part in value.split(",") if squeeze(part)
            ),
            tables=blocks.tables,
            revised=_day(_one(meta, "article:modified_time", "dcterms.modified", "dc.date.modified", "last-modified")),
            url=next((link.get("href") for link in root.iter("link") if link.get("rel") == "canonical"), None),
            flags=tuple(flags),
        )
    )


def _text(stream: BinaryIO) -> str:
    """The page's characters. A declared encoding is believed only if the bytes do not contradict it."""
    raw = stream.read(source.TEXT_LIMIT + 1)
    if len(raw) > source.TEXT_LIMIT:
        raise ImportFileError(f"the page is longer than {source.TEXT_LIMIT:,} bytes")
    match = _CHARSET.search(raw[:4096])
    declared = match[1].decode("ascii", "replace").lower() if match else "utf-8"
    if (
        declared in _UTF
        or declared in {"us-ascii", "ascii"}
        or raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    ):
        return source.text(BytesIO(raw))
    codec = _ONE_BYTE.get(declared)
    if codec is None:
        raise ImportFileError(f"the page declares the encoding {declared!r}; save it as UTF-8")
    if b"\0" in raw:
        raise ImportFileError("the page holds a NUL character; the file is damaged or not text")
    if not raw.isascii() and _is_utf8(raw):
        raise ImportFileError(f"the page declares {declared!r} but is in UTF-8; correct one of the two")
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ImportFileError(f"line {line}: byte 0x{raw[error.start]:02x} is not {declared}") from None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def active(root: etree._Element) -> Iterator[Flag]:
    """What would act in a browser. It is never served or run; a person should know that the file holds it."""
    found: dict[str, int] = {}
    for element in root.iter(etree.Element):
        name = local_name(element)
        kinds = [name] if name in _ACTIVE else []
        if name == "meta" and element.get("http-equiv", "").lower() == "refresh":
            kinds.append("meta refresh")
        for attribute, value in element.attrib.items():
            key = str(attribute).lower()
            if key.startswith("on"):
                kinds.append("event handler")
            elif key in {"href", "src", "action", "formaction", "xlink:href", "data"} and _SCRIPTED.match(str(value)):
                kinds.append("script in a link")
        for kind in kinds:
            found[kind] = found.get(kind, 0) + 1
    if found:
        listed = ", ".join(f"{kind} ({n})" for kind, n in found.items())
        yield Flag("active-content", f"the file holds active content, which was left out: {listed}")


def comments(root: etree._Element) -> Iterator[Flag]:
    """A comment that holds a sentence is a place to hide one."""
    sentences = [
        squeeze(comment.text or "")
        for comment in root.iter(etree.Comment)
        if "<" not in (comment.text or "") and len((comment.text or "").split()) >= _COMMENT_WORDS
    ]
    if sentences:
        yield Flag("hidden-text", f"{len(sentences)} comment(s) with words were left out: {sentences[0][:60]!r}")


def _meta(root: etree._Element) -> dict[str, list[str]]:
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or element.get("itemprop") or "").strip().lower()
        value = squeeze(element.get("content") or "")
        if name and value:
            meta.setdefault(name, []).append(value)
    return meta


def _one(meta: dict[str, list[str]], *names: str) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _title(root: etree._Element, meta: dict[str, list[str]]) -> str:
    stated = _one(meta, "citation_title", "dc.title", "dcterms.title")
    headings = [words(element) for element in root.iter("h1")]
    title = root.find(".//title")
    return stated or next(filter(None, headings), "") or (squeeze(title.text or "") if title is not None else "")


def _identifiers(meta: dict[str, list[str]]) -> Identifiers:
    named = [value for name in ("dc.identifier", "dcterms.identifier") for value in meta.get(name, [])]
    dois = (*meta.get("citation_doi", []), *named)
    return Identifiers(
        pmid=ids.pmid(_one(meta, "citation_pmid")),
        doi=next(filter(None, map(ids.doi, dois)), None),
    )


def _language(root: etree._Element, meta: dict[str, list[str]]) -> str | None:
    given = root.get("lang") or root.get("xml:lang") or _one(meta, "citation_language", "dc.language")
    primary = (given or "").strip().lower().partition("-")[0]
    return _LANGUAGES.get(primary, primary) or None


def _day(text: str | None) -> str | None:
    match = re.match(r"\d{4}-\d\d-\d\d", text or "")
    return match[0] if match else None
