"""Tables as lines of text in which every value stands beside the headings of its column and row.

A number that has lost its heading is worse than no number. So each row becomes one line that can be read alone:

    District: Mocuba — Goats › n: 59; Goats › Seroprevalence (%): 0.0; Sheep › n: 181

The markup is that of HTML tables, which JATS and SPL share: thead, tbody, tfoot, tr, th, td, colspan, rowspan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats.signs import squeeze
from vademecum.literature.formats.text import local_name, text_of

CELL_LIMIT = 200_000  # places in one table, spans filled out
_WIDEST = 1_000
_INDENT = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2007\u2009"
_BOLD = frozenset({"bold", "b", "strong"})


class Cell(msgspec.Struct, frozen=True):
    """One printed cell; it may cover several columns and rows."""

    text: str
    column: int
    span: int
    is_heading: bool
    is_bold: bool
    indent: int


Row = list[Cell]


class Lines(msgspec.Struct, frozen=True):
    """A table as text; `headed` is False when nothing in the file marks which cells are headings."""

    rows: tuple[str, ...]
    headed: bool


def lines(table: etree._Element, read: Callable[[etree._Element], str] = text_of) -> Lines:
    """The rows of a `table` element. `read` gives the text of a cell.

    Raises ImportFileError for a table that spans more than CELL_LIMIT places.
    """
    heads = _grid(list(_rows(table, ("thead",))), read)
    body = _grid(list(_rows(table, ("tbody", ""))), read)
    foot = _grid(list(_rows(table, ("tfoot",))), read)
    marked = bool(heads)
    if not heads:
        count, marked = _leading_heads(body)
        heads, body = body[:count], body[count:]
    if not body and not foot:
        return Lines(rows=tuple(_plain(heads)), headed=True)
    width = max((cell.column + cell.span for row in (*heads, *body) for cell in row), default=0)
    written = tuple(_written(body, _headings(heads, width), width))
    return Lines(rows=written + tuple(_plain(foot)), headed=marked or width <= 2)


def _rows(table: etree._Element, groups: tuple[str, ...]) -> Iterator[list[etree._Element]]:
    """Runs of rows between which no cell may span: one run a row group."""
    loose: list[etree._Element] = []
    for child in table:
        name = local_name(child)
        if name == "tr" and "" in groups:
            loose.append(child)
        elif name in groups:
            yield [row for row in child if local_name(row) == "tr"]
    if loose:
        yield loose


def _grid(groups: list[list[etree._Element]], read: Callable[[etree._Element], str]) -> list[Row]:
    """Rows with every cell at its column; a cell that spans rows stands in each of them."""
    rows: list[Row] = []
    places = 0
    for group in groups:
        open_cells: dict[int, tuple[int, Cell]] = {}  # by column: rows still to cover, the cell
        for index, element in enumerate(group):
            row = [cell for _, cell in open_cells.values()]
            taken = {column for cell in row for column in range(cell.column, cell.column + cell.span)}
            open_cells = {column: (left - 1, cell) for column, (left, cell) in open_cells.items() if left > 1}
            column = 0
            for part in element:
                if local_name(part) not in {"td", "th"}:
                    continue
                while column in taken:
                    column += 1
                cell = _cell(part, column, read)
                row.append(cell)
                column += cell.span
                below = min(_number(part.get("rowspan"), len(group)), len(group) - index) - 1
                if below > 0:
                    open_cells[cell.column] = (below, cell)
            places += sum(cell.span for cell in row)
            if places > CELL_LIMIT:
                raise ImportFileError(f"line {element.sourceline}: a table of more than {CELL_LIMIT:,} cells")
            rows.append(sorted(row, key=lambda cell: cell.column))
    return rows


def _cell(element: etree._Element, column: int, read: Callable[[etree._Element], str]) -> Cell:
    raw = "".join(map(str, element.itertext())).lstrip(" \t\r\n")
    return Cell(
        text=read(element),
        column=column,
        span=min(_number(element.get("colspan"), 1), _WIDEST),
        is_heading=local_name(element) == "th",
        is_bold=_is_bold(element),
        indent=len(raw) - len(raw.lstrip(_INDENT)),
    )


def _number(value: str | None, otherwise: int) -> int:
    """A span; HTML's rowspan="0" means "to the end of the group"."""
    if value is None or not (value.isascii() and value.strip().isdigit()):
        return 1
    return int(value[:9]) or otherwise


def _is_bold(element: etree._Element) -> bool:
    """All the cell's text is bold."""
    if squeeze(element.text or ""):
        return False
    children = [child for child in element if isinstance(child.tag, str) and local_name(child) != "br"]
    return bool(children) and all(
        not squeeze(child.tail or "")
        and (
            local_name(child) in _BOLD
            or "bold" in child.get("styleCode", "").lower()
            or (local_name(child) in {"p", "paragraph", "content"} and _is_bold(child))
        )
        for child in children
    )


def _leading_heads(body: list[Row]) -> tuple[int, bool]:
    """How many first rows of a table without thead are headings, and whether the file marks them as such.

    Marked are rows of th cells and rows all in bold. Not marked, but laid out as headings, are rows that leave the
    corner blank, first rows of words above figures, and rows that divide the spans above them.
    """
    count, marked = 0, True
    for index, row in enumerate(body[:-1]):
        filled = [cell for cell in row if cell.text]
        if not filled:
            break
        if not (all(cell.is_heading for cell in filled) or all(cell.is_bold for cell in filled)):
            if not _laid_out_as_head(filled, body[:index], body[index + 1 :]):
                break
            marked = False
        elif len(filled) == 1 and index and filled[0].column == 0:
            break  # a band over the rows below it
        elif index and not all(cell.is_heading for cell in filled) and not _is_open(body[index - 1]):
            break  # bold for its weight: "do not use" under a finished heading is a value
        count = index + 1
    return count, marked and count > 0


def _is_open(head: Row) -> bool:
    """Whether a row of headings leaves something to the next: a span to divide, or a blank to fill."""
    return any(cell.span > 1 or not cell.text for cell in head)


def _laid_out_as_head(filled: Row, heads: list[Row], below: list[Row]) -> bool:
    if filled[0].column > 0:
        return True
    corner_open = all(head and (not head[0].text or head[0].column > 0) for head in heads)
    values = filled[1:]
    texts = [cell.text for cell in values]
    if not values or not corner_open:
        return False
    figures = {cell.column for row in below for cell in row if _has_digit(cell.text)}
    words = not any(_has_digit(cell.text) for cell in filled) and any(cell.column in figures for cell in values)
    if not heads:
        return words and len(set(texts)) == len(texts)
    spans = {column for cell in heads[-1] if cell.span > 1 for column in range(cell.column, cell.column + cell.span)}
    divides = len(set(texts)) < len(texts) and all(any(map(str.isalpha, text)) for text in texts)
    return words or (divides and spans.issuperset(cell.column for cell in values))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _headings(heads: list[Row], width: int) -> list[str]:
    """The headings above each column, from the top down; one that is repeated below itself is written once."""
    columns: list[list[str]] = [[] for _ in range(width)]
    for row in heads:
        for cell in row:
            for column in range(cell.column, min(cell.column + cell.span, width)):
                if cell.text and cell.text not in columns[column][-1:]:
                    columns[column].append(cell.text)
    return [" › ".join(parts) for parts in columns]


def _written(body: list[Row], headings: list[str], width: int) -> Iterator[str]:
    band = ""
    indented: list[tuple[int, str]] = []  # labels the next row may be indented under
    stub: list[Cell] = []  # what stands above the blanks the next row may begin with
    for row in body:
        filled = [cell for cell in row if cell.text]
        if not filled:
            continue
        first = filled[0]
        if len(filled) > 1 and all(cell.is_heading for cell in filled) and first.column + first.span < width:
            headings, stub = _replaced(headings, filled, width), []
            continue
        if len(filled) == 1 and first.column == 0 and first.span >= width > 1:
            band, indented, stub = first.text, [], []
            yield band
            continue
        indented = [(indent, label) for indent, label in indented if indent < first.indent]
        stub = [cell for cell in stub if cell.column < first.column]
        labels = [label for label in (band, *(label for _, label in indented)) if label]
        yield _line(filled, headings, labels, _above(stub, headings))
        if first.column == 0:
            indented.append((first.indent, first.text))
        stub += filled


def _above(stub: list[Cell], headings: list[str]) -> str:
    """The labels printed above a row that begins with blanks: a place, not a claim that they hold for it."""
    kept = [_headed(cell, headings) for cell in stub if cell.column == 0 or not _has_digit(cell.text)]
    return f"(below {' › '.join(kept)}) " if kept else ""


def _replaced(headings: list[str], filled: Row, width: int) -> list[str]:
    """A row of headings inside the body holds for the rows below it, in the columns it covers."""
    fresh = _headings([filled], width)
    return [new or old for new, old in zip(fresh, headings, strict=True)]


def _line(filled: Row, headings: list[str], labels: list[str], above: str) -> str:
    parts = [_headed(cell, headings) for cell in filled]
    if filled[0].column == 0:
        labels, parts = [*labels, parts[0]], parts[1:]
    return above + " — ".join(filter(None, (" › ".join(labels), "; ".join(parts))))


def _headed(cell: Cell, headings: list[str]) -> str:
    over = dict.fromkeys(heading for heading in headings[cell.column : cell.column + cell.span] if heading)
    return f"{' + '.join(over)}: {cell.text}" if over else cell.text


def _plain(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        texts = [cell.text for cell in row if cell.text]
        if texts:
            yield "; ".join(texts)
