"""The body of a page as sections: what stands under each heading, in reading order."""

from __future__ import annotations

from lxml import etree

from vademecum.literature.formats import tables
from vademecum.literature.formats.markup import BLOCKS, NOT_TEXT, words
from vademecum.literature.formats.text import inline, local_name, raised, squeeze
from vademecum.literature.records import Flag, Section

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MENUS = frozenset({"nav", "menu", "menubar"})
_MENU_ROLES = frozenset({"navigation", "menu", "menubar", "search", "banner"})
_MENU_CLASSES = frozenset({"nav", "navbar", "breadcrumb", "breadcrumbs", "pagination", "skip-link"})


class Blocks:
    """Collects sections while the page is walked. A section is all there is between two headings."""

    def __init__(self) -> None:
        self.tables = 0
        self._unmarked = 0
        self._sections: list[Section] = []
        self._path: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._pieces: list[str] = []

    def finish(self) -> tuple[Section, ...]:
        """The sections, when the walk is over."""
        self._close()
        return tuple(self._sections)

    def flags(self) -> list[Flag]:
        if not self._unmarked:
            return []
        message = f"{self._unmarked} table(s) mark no row as headings; check their rows"
        return [Flag("table-without-headings", message)]

    def heading(self, level: int, text: str) -> None:
        """What follows stands under this heading and those above it."""
        self._close()
        self._path = [(above, words_) for above, words_ in self._path if above < level]
        if text:
            self._path.append((level, text))

    def line(self, text: str) -> None:
        """One paragraph, list item or the like."""
        self._flush()
        if text:
            self._lines.append(text)

    def section(self, text: str, *below: str) -> None:
        """A stretch of its own, such as a table, under the present heading."""
        self._close()
        if text:
            path = (*(heading for _, heading in self._path), *below)
            self._sections.append(Section(text=text, path=path))

    def walk(self, element: etree._Element) -> None:
        """Everything inside an element."""
        if element.text:
            self._pieces.append(element.text)
        for child in element:
            self._child(child)
            if child.tail:
                self._pieces.append(child.tail)

    def _child(self, child: etree._Element) -> None:
        name = local_name(child)
        if not name or name in NOT_TEXT or _is_menu(child, name):
            self._pieces.append(" ")
        elif name in _HEADINGS:
            self._flush()
            self.heading(_HEADINGS[name], words(child))
        elif name == "table" and _holds_data(child):
            self._table(child)
        elif name == "li":
            self._item(child)
        elif name in {"sup", "sub"}:
            self._pieces.append(raised(words(child), name, self._pieces[-1] if self._pieces else ""))
        elif name == "math":
            inline(child, self._pieces)
        elif name == "img":
            alternative = squeeze(child.get("alt") or "")
            self._pieces.append(f" [image: {alternative}] " if alternative else " ")
        elif name == "q":
            self._pieces.append("“")
            self.walk(child)
            self._pieces.append("”")
        elif name in BLOCKS:
            self._flush()
            self.walk(child)
            self._flush()
        else:
            self.walk(child)

    def _item(self, child: etree._Element) -> None:
        self._flush()
        parent = child.getparent()
        mark = "•"
        if parent is not None and local_name(parent) == "ol":
            before = sum(1 for item in child.itersiblings("li", preceding=True))
            first = parent.get("start", "1")
            mark = f"{before + (int(first) if first.isdecimal() and len(first) < 6 else 1)}."
        self._pieces.append(f"{mark} ")
        self.walk(child)
        self._flush(empty={mark})

    def _table(self, table: etree._Element) -> None:
        self._flush()
        self.tables += 1
        read = tables.lines(table, words)
        self._unmarked += not read.headed
        caption = next((words(part) for part in table if local_name(part) == "caption"), "")
        self.section("\n".join(filter(None, read.rows)), caption or "Table")

    def _flush(self, empty: frozenset[str] | set[str] = frozenset()) -> None:
        text = squeeze("".join(self._pieces))
        self._pieces = []
        if text and text not in empty:
            self._lines.append(text)

    def _close(self) -> None:
        self._flush()
        if self._lines:
            path = tuple(heading for _, heading in self._path)
            self._sections.append(Section(text="\n".join(self._lines), path=path))
            self._lines = []


def _is_menu(element: etree._Element, name: str) -> bool:
    if name in _MENUS or element.get("role", "").lower() in _MENU_ROLES:
        return True
    return name in {"ul", "ol", "div"} and bool(_MENU_CLASSES & set(element.get("class", "").lower().split()))


def _holds_data(table: etree._Element) -> bool:
    """A table that only lays out a page holds other tables, headings or lists of paragraphs."""
    if table.get("role", "").lower() in {"presentation", "none"}:
        return False
    return not any(table.find(f".//{inner}") is not None for inner in ("table", *_HEADINGS))
