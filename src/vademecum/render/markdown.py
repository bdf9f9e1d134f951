"""The article as GitHub-flavoured Markdown, in which no word of a question or statement can become markup.

Every text is escaped; the only links are those of the reference list, made from checked identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vademecum.answer.article import Article
from vademecum.render.inline import Piece, Role, clean
from vademecum.render.links import reference_spans
from vademecum.render.outline import Box, Entry, Grid, Kind, Line, outline

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$])")
_BACKSLASHED = r"\\\1"
_AT_START = re.compile(r"^([#+=:-]|\d+(?=[.)](?:\s|$)))")
_LINKED = re.compile(r"(?<=\w)(?=://)|(?<=\bwww)(?=\.)|(?<=\bmailto)(?=:)|(?<=\bxmpp)(?=:)", re.IGNORECASE)
_MENTION = re.compile(r"@(?=\w)")
_REFERRED = re.compile(r"(?<![\w\\])#(?=\d)")
_BREAK = "\u2060"  # a word joiner: parts what a reader of Markdown would turn into a link or a mention, and is not seen

_HEADINGS = {Kind.TITLE: "# ", Kind.HEADING: "## ", Kind.SUBHEADING: "### ", Kind.STEP: "### "}
_BULLETS = frozenset({Kind.ITEM, Kind.OPTION, Kind.AVOID, Kind.META, Kind.COMMAND})


def render_markdown(article: Article, *, proof: bool = False) -> str:
    """The article as Markdown."""
    page = _Page()
    for part in outline(article, proof=proof):
        if isinstance(part, Grid):
            page.table(part)
        elif isinstance(part, Entry):
            page.reference(part)
        else:
            page.line(part)
    return "\n".join(page.rows) + "\n"


def escape(text: str) -> str:
    """`text` as words, wherever it stands in a line: no markup, no link, no mention."""
    return _escaped(clean(text))


def _escaped(text: str) -> str:
    """Like `escape`, for text that is clean already: its non-breaking spaces stay."""
    words = _AT_START.sub(_escaped_start, _MARKUP.sub(_BACKSLASHED, text))
    return _REFERRED.sub(f"#{_BREAK}", _MENTION.sub(f"@{_BREAK}", _LINKED.sub(_BREAK, words)))


def _escaped_start(match: re.Match[str]) -> str:
    """ "1." at the start of a line would be a list: the full stop is escaped, since a figure cannot be."""
    return f"{match[1]}\\" if match[1].isdigit() else f"\\{match[1]}"


def code(text: str) -> str:
    """`text` as a code span, whatever backticks it holds."""
    plain = clean(text)
    longest = max(map(len, re.findall(r"`+", plain)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{plain}{space}{fence}"


class _Page:
    def __init__(self) -> None:
        self.rows: list[str] = []
        self._nested = False  # the row before is an item of a list or a quotation: what follows may join it
        self._box: Box | None = None

    def line(self, line: Line) -> None:
        if line.box is not self._box:
            self._gap()
        self._box = line.box
        quote = "> " if line.box is not None else ""
        if line.kind in _HEADINGS:
            self._block(f"{quote}{_HEADINGS[line.kind]}{_marked(line)}", quote)
        elif line.kind in _BULLETS or line.depth:
            self._item(f"{quote}{'  ' * line.depth}- {_marked(line)}")
        else:
            self._block(f"{quote}{_marked(line)}", quote)

    def table(self, grid: Grid) -> None:
        self._gap()
        self.rows.append(f"| {' | '.join(escape(name) or ' ' for name in grid.columns)} |")
        self.rows.append(f"|{' --- |' * len(grid.columns)}")
        self.rows.extend(f"| {' | '.join(_set(cell.pieces) for cell in row)} |" for row in grid.rows)
        self.rows.append("")
        self._nested = False

    def reference(self, entry: Entry) -> None:
        text = "".join(
            _link(span.text, span.address) if span.address else _spaced(span.text)
            for span in reference_spans(entry.reference)
        )
        self._item(f"{entry.reference.number}. {text} {escape(entry.note)}")

    def _item(self, row: str) -> None:
        if not self._nested and self.rows and self.rows[-1].strip("> "):
            self.rows.append("")
        self.rows.append(row)
        self._nested = True

    def _block(self, row: str, quote: str) -> None:
        """A block of its own; blocks of one quotation stay in it."""
        if self._nested:
            self.rows.append(quote.strip())
        self.rows.extend((row, quote.strip()))
        self._nested = False

    def _gap(self) -> None:
        """An empty line: what follows is not part of what was before."""
        if self.rows and self.rows[-1] == ">":
            self.rows[-1] = ""
        elif self.rows and self.rows[-1]:
            self.rows.append("")
        self._nested = False


def _marked(line: Line) -> str:
    """Marker, label and words of a line."""
    marker = f"**{escape(line.marker)}** " if line.marker not in {"", "•"} else ""
    label = f"**{escape(line.label)}:** " if line.label else ""
    if line.kind in {Kind.OPTION, Kind.AVOID}:
        before = f"{escape(line.marker)} " if marker else ""
        return f"**{before}{f'{escape(line.label)}: ' if line.label else ''}{_set(line.pieces)}**"
    if line.kind is Kind.STEP:
        return f"{escape(line.marker)}. {_set(line.pieces)}"
    if line.kind is Kind.PROOF:
        return f"_{escape(line.label or '')}: {_set(line.pieces)}_"
    return f"{marker}{label}{_set(line.pieces)}".rstrip()


def _set(pieces: Iterable[Piece]) -> str:
    return "".join(_pieces(pieces)).strip()


def _pieces(pieces: Iterable[Piece]) -> Iterator[str]:
    for piece in pieces:
        if piece.role is Role.COMMAND:
            yield code(piece.text)  # plain spaces: it is copied
        elif piece.role is Role.AMOUNT:
            yield f"**{_escaped(piece.text)}**"
        else:
            yield _spaced(piece.text)


def _spaced(text: str) -> str:
    """`text` escaped, with the plain spaces at its ends that join it to its neighbours."""
    words = text.strip(" ")
    if not words:
        return " " if text else ""
    return f"{' ' * text.startswith(' ')}{_escaped(words)}{' ' * text.endswith(' ')}"


def _link(text: str, address: str) -> str:
    """What stands in a link cannot become another one, so that only markup is escaped."""
    return f"[{_MARKUP.sub(_BACKSLASHED, text)}]({address})"
