"""The article for a terminal: 80 columns is home, from 120 the evidence stands beside the text.

Lines are wrapped here and not by rich, which breaks at non-breaking spaces and so would part a dose from its unit.
Rich measures wide characters and writes the colours.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style

from vademecum.answer.article import Article, Reference, Sentence
from vademecum.evidence.model import SourceState, SourceType
from vademecum.render import words
from vademecum.render.inline import NBSP, Piece, Role, clean, glued
from vademecum.render.outline import Box, Entry, Grid, Kind, Line, outline

HOME = 80
WIDE = 120
_NARROWEST = 20
_GAP = 3
_CELL = 20  # least width of a table column
_TABLE_SHARE = 22.5  # of the screen for each column; with less, stacked lines are easier to read than a table
_MARGIN_SOURCES = 3

Run: TypeAlias = tuple[str, str]
"""A stretch of text and the name of its style."""

Row: TypeAlias = list[Run]
"""One line of the screen."""

_STYLES = {
    "title": Style(bold=True),
    "heading": Style(bold=True, color="cyan"),
    "danger": Style(bold=True, color="red"),
    "care": Style(bold=True, color="yellow"),
    "bold": Style(bold=True),
    "label": Style(bold=True),
    "command": Style(color="cyan"),
    "quiet": Style(dim=True),
    "note": Style(italic=True),
    "struck": Style(strike=True),
}
_ROLE_STYLE = {
    Role.AMOUNT: "bold",
    Role.CITE: "quiet",
    Role.DOTS: "quiet",
    Role.GRADE: "note",
    Role.SCOPE: "note",
    Role.CAVEAT: "note",
    Role.COMMAND: "command",
}
_KIND_STYLE = {
    Kind.TITLE: "title",
    Kind.SUBHEADING: "bold",
    Kind.STEP: "heading",
    Kind.OPTION: "bold",
    Kind.AVOID: "struck",
    Kind.PROOF: "quiet",
    Kind.FOOT: "quiet",
}
_TONE_STYLE = {
    "red_flags": "danger",
    "boxed_warning": "danger",
    "contraindications": "danger",
    "cautions": "care",
    "interactions": "care",
}
_BAR = {Box.NOTICE: "danger", Box.FLAGS: "danger", Box.BOTTOM_LINE: "heading"}
_LOOSE = frozenset({Kind.STEP, Kind.SUBHEADING, Kind.OPTION, Kind.AVOID})  # preceded by an empty line


def render_terminal(article: Article, *, width: int | None, colour: bool, proof: bool = False) -> str:
    """The article as text. `width=None` is the terminal's width, or 80 where there is none."""
    columns = _terminal_columns() if width is None else max(width, _NARROWEST)
    page = _Page(article, columns)
    for part in outline(article, proof=proof):
        page.add(part)
    return "\n".join(_painted(row, colour) for row in page.rows) + "\n"


def _terminal_columns() -> int:
    if not sys.stdout.isatty():
        return HOME
    return max(shutil.get_terminal_size((HOME, 24)).columns, _NARROWEST)


class _Page:
    """Rows in the order they are set."""

    def __init__(self, article: Article, columns: int) -> None:
        self.rows: list[Row] = []
        self.columns = columns
        self.margin = min(60, columns * 35 // 100) if columns >= WIDE else 0
        self.text = min(columns - self.margin - _GAP, 96) if self.margin else columns
        self.references = {reference.number: reference for reference in article.references}
        self._beside: set[int] = set()  # sources already shown in the margin of this block
        self._last: Kind | None = Kind.META
        self._depth = 0
        self._choosing = False  # the line before introduces the options of a step
        self._inset = ""  # below the heading of a step or a drug
        self._box: Box | None = None

    def add(self, part: Line | Grid | Entry) -> None:
        if isinstance(part, Grid):
            self._grid(part)
            self._last = None
        elif isinstance(part, Entry):
            self._entry(part)
        else:
            self._space_before(part)
            self._line(part)
            self._last, self._box, self._choosing = part.kind, part.box, part.tone == "choose"
            self._depth = part.depth

    def _space_before(self, line: Line) -> None:
        """An empty line before what starts something new; a box that ends is closed first."""
        if self._box is not None and line.box is not self._box:
            self.rows.append([(f"┗{'━' * (self.columns - 1)}", _BAR[self._box])])
            self.rows.append([])
        foot = line.kind is Kind.FOOT and self._last is not Kind.FOOT
        after_table = self._last is None
        after_options = bool(self._inset) and self._depth > line.depth and line.kind is Kind.TEXT
        loose = line.kind in _LOOSE and self._last is not Kind.HEADING and not self._choosing
        if self.rows and self.rows[-1] and (line.kind is Kind.HEADING or foot or after_table or after_options or loose):
            self.rows.append([])

    def _line(self, line: Line) -> None:
        if line.kind in {Kind.HEADING, Kind.STEP, Kind.SUBHEADING}:
            self._beside.clear()
        if line.kind is Kind.HEADING:
            self._inset = ""
            self._heading(line)
            return
        bar: Row = [("┃ ", _BAR[line.box])] if line.box is not None else [(self._inset, "")]
        if line.kind in {Kind.STEP, Kind.SUBHEADING}:
            bar, self._inset = [], "  "
        first, rest = _indents(line)
        left = wrap(_runs(line, wide=bool(self.margin)), self.text, [*bar, *first], [*bar, *rest])
        if line.kind is Kind.TITLE:
            left.append([("═" * min(self.columns, max(map(_length, left))), "heading")])
        if self.margin and line.sentences:
            left = self._with_margin(left, line.sentences)
        self.rows.extend(left)

    def _heading(self, line: Line) -> None:
        """A title in a rule, or on the upper edge of its box."""
        style = _BAR[line.box] if line.box else _TONE_STYLE.get(line.tone, "heading")
        corner, dash, bar = ("┏━ ", "━", "┃  ") if line.box else ("── ", "─", "   ")
        text = "".join(piece.text for piece in line.pieces)
        *rows, last = wrap([(text, style)], self.columns, [(corner, style)], [(bar, style)])
        rule = dash * (self.columns - _length(last) - 1)
        self.rows.extend((*rows, [*last, (f" {rule}", style)] if rule else last))

    # --- evidence beside the text ----------------------------------------------------------------------

    def _with_margin(self, left: list[Row], sentences: Sequence[Sentence]) -> list[Row]:
        right = [row for sentence in sentences for row in self._note(sentence)]
        rows = []
        for index in range(max(len(left), len(right))):
            row = left[index] if index < len(left) else []
            if index < len(right):
                row = [*row, (" " * (self.text - _length(row) + _GAP), ""), *right[index]]
            rows.append(row)
        return rows

    def _note(self, sentence: Sentence) -> Iterator[Row]:
        """Grade in words, then each source that this block has not shown yet."""
        grade = words.grade_words(sentence)
        if grade:
            said = f"{words.marks(sentence)} {words.DOTS[sentence.certainty]} {glued(grade)}"
            yield from wrap([(said, "quiet")], self.margin, (), [("    ", "")])
        new = [number for number in sentence.citations if number not in self._beside and number in self.references]
        for number in new[:_MARGIN_SOURCES]:
            self._beside.add(number)
            source = clean(source_line(self.references[number])).replace("n = ", f"n{NBSP}={NBSP}")
            said = f"[{number}] {source}"
            yield from wrap([(said, "quiet")], self.margin, (), [("    ", "")])
        if len(new) > _MARGIN_SOURCES:
            more = ", ".join(map(str, new[_MARGIN_SOURCES:]))
            yield from wrap([(f"and {more}", "quiet")], self.margin, (), [("    ", "")])

    # --- tables and references -------------------------------------------------------------------------

    def _grid(self, grid: Grid) -> None:
        if self.columns < _TABLE_SHARE * len(grid.columns):
            self._stacked(grid)
            return
        widths = _column_widths(grid, self.columns)
        self._grid_row([wrap([(name, "label")], size) for name, size in zip(grid.columns, widths, strict=True)], widths)
        self.rows.append([("─" * self.columns, "quiet")])
        for number, row in enumerate(grid.rows):
            if number:
                self.rows.append([])
            cells = [
                wrap(_pieces(cell.pieces, bold=column == 0), size)
                for column, (cell, size) in enumerate(zip(row, widths, strict=True))
            ]
            self._grid_row(cells, widths)

    def _grid_row(self, cells: list[list[Row]], widths: Sequence[int]) -> None:
        for index in range(max(map(len, cells))):
            out: Row = []
            for cell, size in zip(cells, widths, strict=True):
                row = cell[index] if index < len(cell) else []
                out.extend((*row, (" " * (size - _length(row) + _GAP), "")))
            self.rows.append(_stripped(out))

    def _stacked(self, grid: Grid) -> None:
        for number, (head, *cells) in enumerate(grid.rows):
            if number:
                self.rows.append([])
            self.rows.extend(wrap(_pieces(head.pieces, bold=True), self.text, (), [("  ", "")]))
            for name, cell in zip(grid.columns[1:], cells, strict=True):
                if cell.sentence is not None:
                    runs = [(f"{name}: ", "label"), *_pieces(cell.pieces)]
                    self.rows.extend(wrap(runs, self.text, [("  ", "")], [("    ", "")]))

    def _entry(self, entry: Entry) -> None:
        reference = entry.reference
        marker = f"[{reference.number}]"
        size = len(f"[{max(self.references, default=reference.number)}]") + 1
        first: Row = [(marker.ljust(size), "label")]
        rest: Row = [(" " * size, "")]
        self.rows.extend(wrap([(glued(reference.text), "")], self.columns, first, rest))
        self.rows.extend(wrap([(entry.note, "quiet")], self.columns, rest, rest))
        self._last = None


# --- lines ---------------------------------------------------------------------------------------------


def _indents(line: Line) -> tuple[Row, Row]:
    """What stands before the first and the other rows of a line."""
    base = "  " * line.depth
    if line.kind is Kind.STEP:
        return [], [(" " * (len(line.marker) + 2), "")]
    if line.marker:
        return [(f"{base}{line.marker} ", _marker_style(line))], [(" " * (len(base) + len(line.marker) + 1), "")]
    if line.kind is Kind.PROOF:
        return [(base, "")], [(f"{base}  ", "")]
    return [(base, "")], [(f"{base}  " if line.label and line.box is None else base, "")]


def _marker_style(line: Line) -> str:
    return "danger" if line.kind is Kind.AVOID or line.tone == "red_flags" else "label"


def _runs(line: Line, *, wide: bool) -> list[Run]:
    """The words of a line with their styles; beside a margin the grade in words is not said twice."""
    style = _KIND_STYLE.get(line.kind, "")
    runs: list[Run] = []
    if line.kind is Kind.STEP:
        runs.append((f"{line.marker}  ".replace(" ", NBSP), "heading"))
    if line.label:
        tone = "danger" if line.kind is Kind.AVOID else _TONE_STYLE.get(line.tone, "label")
        runs.append((f"{clean(line.label)}: ", "quiet" if line.kind is Kind.PROOF else tone))
    pieces = (piece for piece in line.pieces if not (wide and line.sentences and piece.role is Role.GRADE))
    runs.extend((piece.text, _ROLE_STYLE.get(piece.role, style)) for piece in pieces)
    return runs


def _pieces(pieces: Iterable[Piece], *, bold: bool = False) -> list[Run]:
    return [(piece.text, _ROLE_STYLE.get(piece.role, "bold" if bold else "")) for piece in pieces]


def source_line(reference: Reference) -> str:
    """A source in a few words: who, when, what kind, how many people, state when not current."""
    product = reference.type in {SourceType.LABEL, SourceType.REFERENCE_PAGE}
    known = None if product else reference.body or _first_author(reference) or reference.journal
    who = known or reference.title.partition(": ")[0]
    kind = reference.design or reference.type.replace("_", " ")
    size = f"n = {reference.participants:,}" if reference.participants else None
    state = None if reference.status is SourceState.CURRENT else reference.status.upper()
    year = f" {reference.year}" if reference.year else ""
    return ", ".join(filter(None, (f"{who}{year}", state, kind, size)))


def _first_author(reference: Reference) -> str:
    """What stands before the title in the reference, up to the first comma and without initials."""
    head = reference.text.split(reference.title)[0] if reference.title else ""
    author = head.split(",")[0].strip(" .") if head != reference.text else ""
    surname, _, initials = author.rpartition(" ")
    return surname if surname and initials.isupper() and len(initials) <= 3 else author


# --- wrapping ------------------------------------------------------------------------------------------


def wrap(runs: Iterable[Run], width: int, first: Sequence[Run] = (), rest: Sequence[Run] = ()) -> list[Row]:
    """Break `runs` at plain spaces into rows of at most `width` cells, behind the given indents."""
    rows: list[Row] = []
    row: Row = list(first)
    used = empty = _length(row)
    for word in _words(runs):
        size = _length(word)
        space = 1 if used > empty else 0
        if used + space + size > width and space:
            rows.append(_stripped(row))
            row = list(rest)
            used = empty = _length(row)
            space = 0
        chunk = word
        if used + size > width and not _is_address(word):
            *full, chunk = _chopped(word, width - used, width - _length(rest))
            for piece in full:
                rows.append([*row, *piece])
                row = list(rest)
            used = empty = _length(row)
            size = _length(chunk)
        if space:
            row.append((" ", chunk[0][1] if chunk[0][1] == row[-1][1] else ""))
        row.extend(chunk)
        used += space + size
    rows.append(_stripped(row))
    return rows


def _words(runs: Iterable[Run]) -> Iterator[Row]:
    """Stretches between plain spaces; one may change style inside."""
    word: Row = []
    for text, style in runs:
        for index, part in enumerate(text.split(" ")):
            if index and word:
                yield word
                word = []
            if part:
                word.append((part, style))
    if word:
        yield word


def _is_address(word: Row) -> bool:
    return any(text.startswith(("http://", "https://")) for text, _ in word)


def _chopped(word: Row, room: int, width: int) -> Iterator[Row]:
    """A word that does not fit: broken at its non-breaking spaces where that helps, else anywhere."""
    room = max(room, 1)
    piece: Row = []
    used = 0
    for text, style in word:
        for char in text:
            size = _cells(char)
            if used + size > room and piece:
                head, tail = _at_last_space(piece)
                yield head
                piece, used, room = tail, _length(tail), max(width, 1)
            piece.append((char, style))
            used += size
    yield piece


def _at_last_space(piece: Row) -> tuple[Row, Row]:
    for index in range(len(piece) - 1, 0, -1):
        if piece[index][0] == NBSP:
            return piece[:index], piece[index + 1 :]
    return piece, []


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def _length(row: Iterable[Run]) -> int:
    return sum(_cells(text) for text, _ in row)


def _stripped(row: Row) -> Row:
    while row and not row[-1][0].strip(" "):
        row.pop()
    return row


def _column_widths(grid: Grid, columns: int) -> list[int]:
    """Shares by how much text a column holds, none below the least."""
    count = len(grid.columns)
    room = columns - _GAP * (count - 1)
    weights = [
        max((sum(len(piece.text) for piece in row[column].pieces) for row in grid.rows), default=1)
        for column in range(count)
    ]
    spare = room - _CELL * count
    shares = [_CELL + spare * weight // max(1, sum(weights)) for weight in weights]
    shares[-1] += room - sum(shares)
    return shares


# --- paint ---------------------------------------------------------------------------------------------


def _painted(row: Row, colour: bool) -> str:
    """One line of output. Lines are final here, so that a plain space may stand for a non-breaking one: text that is
    copied or searched holds the spaces people type."""
    if not colour:
        return "".join(text for text, _ in row).replace(NBSP, " ").rstrip()
    merged: Row = []
    for text, style in row:
        if merged and merged[-1][1] == style:
            merged[-1] = (merged[-1][0] + text, style)
        else:
            merged.append((text, style))
    return "".join(
        _STYLES[style].render(text.replace(NBSP, " "), color_system=ColorSystem.STANDARD) if style else text
        for text, style in merged
    ).replace(NBSP, " ")
