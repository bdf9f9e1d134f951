"""Structured Product Labeling: the drug labels that DailyMed publishes (HL7 SPL, namespace urn:hl7-org:v3).

A section keeps its LOINC code; an unclassified subsection carries that of the section it belongs to, so that all of
"Contraindications" can be found by one code. Highlights repeat the sections below them and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import BinaryIO

from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats import tables, xml
from vademecum.literature.formats.notes import bracket_links
from vademecum.literature.formats.spl_products import Product, products
from vademecum.literature.formats.text import inline, local_name, squeeze, text_of
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Record, RecordKind, Section

UNTITLED = "(no title)"
UNCLASSIFIED = "42229-5"
LISTING = "48780-1"  # SPL listing: products and their ingredients
_NOTE = "note"  # attribute that holds a footnote until it is written
_PAGE = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
_BLOCKS = frozenset({"paragraph", "list", "table", "renderMultiMedia"})
_LANGUAGES = {"en": "eng", "es": "spa", "fr": "fre"}


def read(stream: BinaryIO) -> Iterator[Record]:
    """The one label of the file.

    Raises ImportFileError for a broken file and for a document that is not SPL.
    """
    root = xml.tree(stream)
    if local_name(root) != "document":
        raise ImportFileError(f"no label: the root element is <{local_name(root)}>, not <document>")
    yield tidy(_label(root))


def _label(root: etree._Element) -> Record:
    listed = tuple(products(root))
    bracket_links(root)
    _number_footnotes(root)
    body = tuple(_products(listed)) + tuple(_component_sections(_child(root, "component"), (), None))
    title = " ".join((_text(_child(root, "title")) or "").split())
    named = "; ".join(dict.fromkeys(product.named for product in listed))
    set_id = (_attribute(_child(root, "setId"), "root") or "").lower() or None
    revised = _date(_attribute(_child(root, "effectiveTime"), "value"))
    code = _child(root, "code")
    labeler = _text(root.find("{*}author/{*}assignedEntity/{*}representedOrganization/{*}name"))
    language = (_attribute(_child(root, "languageCode"), "code") or "").partition("-")[0].lower()
    return Record(
        kind=RecordKind.LABEL,
        title=title or named or UNTITLED,
        ids=Identifiers(set_id=set_id, other=None if set_id else _attribute(_child(root, "id"), "root")),
        sections=body,
        authors=(labeler,) if labeler else (),
        year=int(revised[:4]) if revised else None,
        language=_LANGUAGES.get(language, language) or None,
        publication_types=tuple(filter(None, [_attribute(code, "displayName")])),
        keywords=tuple(dict.fromkeys(word for product in listed for word in product.words)),
        tables=sum(1 for _ in root.iter("{*}table")),
        figures=sum(1 for _ in root.iter("{*}observationMedia")),
        version=_attribute(_child(root, "versionNumber"), "value"),
        revised=revised,
        url=f"{_PAGE}{set_id}" if set_id and re.fullmatch(r"[0-9a-f-]{36}", set_id) else None,
        flags=tuple(_flags(root, title, set_id, body)),
    )


def _products(listed: tuple[Product, ...]) -> Iterator[Section]:
    lines = dict.fromkeys(product.line for product in listed)
    if lines:
        yield Section(text="\n".join(lines), path=("Products",), code=LISTING)


def _component_sections(parent: etree._Element | None, path: tuple[str, ...], code: str | None) -> Iterator[Section]:
    """The sections in the components of a structured body or of another section."""
    for component in parent if parent is not None else ():
        if local_name(component) == "structuredBody":
            yield from _component_sections(component, path, code)
        elif local_name(component) == "component":
            for section in component:
                if local_name(section) == "section":
                    yield from _section(section, path, code)


def _section(section: etree._Element, path: tuple[str, ...], outer: str | None) -> Iterator[Section]:
    title = _text(_child(section, "title"))
    own = _attribute(_child(section, "code"), "code")
    code = outer if outer and own in {None, UNCLASSIFIED} else own
    path = (*path, title) if title else path
    lines: list[str] = []
    captioned: list[etree._Element] = []
    for text in section:
        if local_name(text) == "text":
            _flow(text, lines, captioned)
            _notes(text, lines, captioned)
    inner = list(_component_sections(section, path, code))
    if lines:
        yield Section(text="\n".join(lines), path=path, code=code)
    elif title and not captioned and not inner:
        yield Section(text=title, path=path[:-1], code=code)
    for table in captioned:
        yield _table(table, path, code)
    yield from inner


def _table(table: etree._Element, path: tuple[str, ...], code: str | None) -> Section:
    """A table with a caption is a section of its own: no passage of it, however long it is, lacks the caption."""
    rows = list(tables.lines(table).rows)
    _notes(table, rows)
    caption = _caption(table)
    return Section(text="\n".join(rows) or caption, path=(*path, caption), code=code)


def _flow(element: etree._Element, lines: list[str], captioned: list[etree._Element], mark: str = "") -> None:
    """Inline text and the blocks between it, each on its own line, the first line behind `mark`."""
    start = len(lines)
    run = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name in _BLOCKS:
            _end(run, lines)
            _block(child, name, lines, captioned)
        elif name == "caption":
            if local_name(element) != "item":
                _end(run, lines)
                _end([text_of(child)], lines)
        else:
            inline(child, run)
        run.append(child.tail or "")
    _end(run, lines)
    if mark and len(lines) > start:
        lines[start] = mark + lines[start]


def _end(run: list[str], lines: list[str]) -> None:
    text = squeeze("".join(run))
    run.clear()
    if text:
        lines.append(text)


def _block(element: etree._Element, name: str, lines: list[str], captioned: list[etree._Element]) -> None:
    if name == "list":
        _list(element, lines, captioned)
    elif name != "table":
        _flow(element, lines, captioned)
    elif _caption(element) and next(element.iter("{*}tr"), None) is not None:
        captioned.append(element)
    else:
        lines.extend(tables.lines(element).rows)
        _notes(element, lines)


def _list(element: etree._Element, lines: list[str], captioned: list[etree._Element]) -> None:
    _end([_caption(element)], lines)
    ordered = element.get("listType") == "ordered"
    items = [child for child in element if local_name(child) == "item"]
    for number, item in enumerate(items, start=1):
        printed = _caption(item)
        mark = printed if any(map(str.isalnum, printed)) else f"{number}." if ordered else "-"
        _flow(item, lines, captioned, f"{mark} ")


def _caption(element: etree._Element) -> str:
    return squeeze(" ".join(text_of(child) for child in element if local_name(child) == "caption"))


def _number_footnotes(root: etree._Element) -> None:
    """Write "[note 3]" where a footnote is set, in place; a bare mark beside a figure would read as a power."""
    numbers: dict[str, int] = {}
    for number, footnote in enumerate(list(root.iter("{*}footnote")), start=1):
        numbers[footnote.get("ID", "")] = number
        text, tail = text_of(footnote), footnote.tail
        footnote.clear()
        footnote.set(_NOTE, f"Note {number}: {text}".rstrip())
        footnote.text, footnote.tail = f" [note {number}]", _apart(tail)
    for reference in root.iter("{*}footnoteRef"):
        found = numbers.get(reference.get("IDREF", ""))
        reference.text, reference.tail = f" [note {found}]" if found else " [note]", _apart(reference.tail)


def _apart(tail: str | None) -> str | None:
    return f" {tail}" if tail and tail[0].isalnum() else tail


def _notes(element: etree._Element, lines: list[str], tables_apart: Container[etree._Element] = ()) -> None:
    """The footnotes inside `element` that were not written yet, but for those of `tables_apart`."""
    for footnote in element.iter("{*}footnote"):
        if any(table in tables_apart for table in footnote.iterancestors("{*}table")):
            continue
        note = footnote.attrib.pop(_NOTE, None)
        if note is not None:
            lines.append(str(note))


def _flags(root: etree._Element, title: str, set_id: str | None, body: tuple[Section, ...]) -> Iterator[Flag]:
    if not title:
        yield Flag("no-title", "the label has no title; it is named after its products")
    if not set_id:
        yield Flag("no-set-id", "the label has no set id; its versions cannot be told from other labels")
    if not body:
        yield Flag("no-text", "the label has no text")
    unmarked = sum(not tables.lines(table).headed for table in root.iter("{*}table"))
    if unmarked:
        yield Flag("table-without-headings", f"{unmarked} table(s) mark no row as headings; check their rows")


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    return parent.find(f"{{*}}{name}") if parent is not None else None


def _attribute(element: etree._Element | None, name: str) -> str | None:
    return (element.get(name) or "").strip() or None if element is not None else None


def _text(element: etree._Element | None) -> str | None:
    return (text_of(element) or None) if element is not None else None


def _date(value: str | None) -> str | None:
    digits = (value or "")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isdigit() else None
