"""The running text of a JATS article as sections: headings, paragraphs, lists, boxes, captions and tables.

Figures and tables come after the text of the section they stand in, each as a section of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from vademecum.literature.formats import tables
from vademecum.literature.formats.text import flat, inline, local_name, squeeze, text_of
from vademecum.literature.records import Section

Path = tuple[str, ...]
_SKIPPED = frozenset({
    "title", "label", "ref-list", "object-id", "sec-meta", "permissions", "attrib", "kwd-group", "bio",
    "contrib-group", "sub-article", "response", "front-stub", "graphic", "related-article", "related-object",
    "alt-text", "long-desc", "index-term", "glyph-data",
})  # fmt: skip
_TRANSPARENT = frozenset({
    "disp-quote", "speech", "statement", "verse-group", "disp-formula-group", "app-group", "floats-group",
    "fig-group", "table-wrap-group", "supplementary-material", "media", "chem-struct-wrap", "table-wrap-foot",
    "caption", "body", "back",
})  # fmt: skip
_TITLED = frozenset({"supplementary-material", "media", "statement", "disp-quote"})
_SECTIONS = frozenset({"sec", "app", "ack", "fn-group", "glossary", "notes"})
_FLOATS = frozenset({"table-wrap", "fig", "boxed-text"})
_BLOCKS = frozenset({"p", "list", "def-list", "preformat", "code", "array"}) | _SECTIONS
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_TITLES = {"ack": "Acknowledgments", "fn-group": "Footnotes", "glossary": "Glossary", "app": "Appendix"}


def sections(parent: etree._Element, path: Path = ()) -> Iterator[Section]:
    """The sections under `parent`, depth first."""
    flow = _Flow()
    for child in parent:
        flow.block(child)
    yield from flow.sections(path)


def heading(element: etree._Element) -> str:
    """The title of a section, with its printed number."""
    parts = {local_name(child): text_of(child, {"fn"}) for child in reversed(element)}
    title = parts.get("title", "")
    if not title and "caption" in parts:
        title = next((heading(child) for child in element if local_name(child) == "caption"), "")
    return squeeze(f"{parts.get('label', '')} {title}")


class _Flow:
    """What stands directly in one section: its lines of text, its floats and the sections inside it, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.floats: list[etree._Element] = []
        self.inner: list[etree._Element] = []

    def sections(self, path: Path) -> Iterator[Section]:
        if self.lines:
            yield Section(text="\n".join(self.lines), path=path)
        for element in self.floats:
            yield from _float(element, path)
        for element in self.inner:
            title = heading(element) or _TITLES.get(local_name(element), "")
            found = list(sections(element, (*path, title) if title else path))
            yield from found or ([Section(text=title, path=path)] if title else [])

    def line(self, text: str) -> None:
        if text:
            self.lines.append(text)

    def block(self, element: etree._Element) -> None:
        name = local_name(element)
        if not name or name in _SKIPPED:
            return
        if name in _FLOATS:
            self.floats.append(element)
        elif name in _SECTIONS:
            self.inner.append(element)
        elif name in _TRANSPARENT:
            if name in _TITLED:
                self.line(heading(element))
            for child in element:
                self.block(child)
        elif name == "list":
            self.list(element)
        elif name == "def-list":
            self.definitions(element)
        elif name == "fn":
            label = _label(element)
            self.paragraph(element, f"{label}: " if label else "")
        elif name in {"preformat", "code"}:
            self.line(flat(element).strip())
        elif name == "disp-formula":
            self.line(_formula(element))
        else:
            self.paragraph(element)

    def paragraph(self, element: etree._Element, mark: str = "") -> None:
        """Inline text and the blocks between it, each on its own line, the first line behind `mark`."""
        start = len(self.lines)
        run = [element.text or ""]
        notes: list[etree._Element] = []
        for child in element:
            name = local_name(child)
            if name in _FLOATS:
                self.floats.append(child)
            elif name == "disp-formula":
                run.append(f" {_formula(child)} ")
            elif name == "fn":
                notes.append(child)
                run.append(f"[{_label(child) or 'note'}]")
            elif name in _BLOCKS or name in _TRANSPARENT:
                self.line(squeeze("".join(run)))
                run.clear()
                self.block(child)
            elif name != "label":
                inline(child, run)
            run.append(child.tail or "")
        self.line(squeeze("".join(run)))
        if mark and len(self.lines) > start:
            self.lines[start] = mark + self.lines[start]
        for note in notes:
            self.block(note)

    def list(self, element: etree._Element) -> None:
        kind = element.get("list-type", "")
        items = [child for child in element if local_name(child) == "list-item"]
        for number, item in enumerate(items, start=1):
            self.paragraph(item, f"{_label(item) or _mark(kind, number)} ")

    def definitions(self, element: etree._Element) -> None:
        for item in element.iter("{*}def-item"):
            parts = [text_of(part) for part in item if local_name(part) in {"term", "def"}]
            self.line(": ".join(filter(None, parts)))


def _float(element: etree._Element, path: Path) -> Iterator[Section]:
    """A figure, table or box; its title is part of the path, so that no passage of a long table lacks it."""
    title = heading(element)
    own = (*path, title) if title else path
    if local_name(element) == "boxed-text":
        yield from sections(element, own)
        return
    flow = _Flow()
    for child in element:
        name = local_name(child)
        if name in {"alternatives", "table"}:
            for table in outermost_tables(child):
                flow.lines.extend(tables.lines(table).rows)
        elif name != "array":
            flow.block(child)
    if not flow.lines and title:
        flow.line(title)
    yield from flow.sections(own)


def outermost_tables(element: etree._Element) -> Iterator[etree._Element]:
    """The tables in `element` that stand in no other; one inside a cell is read as text of the cell."""
    for table in element.iter("{*}table"):
        if next(table.iterancestors("{*}table"), None) is None:
            yield table


def _label(element: etree._Element) -> str:
    return next((text_of(child) for child in element if local_name(child) == "label"), "")


def _formula(element: etree._Element) -> str:
    return squeeze(f"{text_of(element, {'label'})} {_label(element)}")


def _mark(kind: str, number: int) -> str:
    if kind == "order":
        return f"{number}."
    if kind.startswith("alpha-") and number <= len(_ALPHABET):
        letter = _ALPHABET[number - 1]
        return f"{letter.upper() if kind == 'alpha-upper' else letter}."
    return "-"
