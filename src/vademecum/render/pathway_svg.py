"""The picture of the pathway: boxes and arrows drawn from the steps themselves.

Steps stand in rows, each below everything it follows; branches stand in a column of their own beside them. Arrows run
between the rows and round the sides, never through a box: each goal has its own lane, so that lines which meet lead to
the same box. The widths of letters are estimated on the wide side, because the reader's font is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from vademecum.answer.article import PathwayStep
from vademecum.render.inline import glued
from vademecum.render.words import AVOID, CHOOSE, LINE, STEP_PARTS

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"


def step_anchor(step_id: str) -> str:
    """The id of a step in a page; different steps have different anchors whatever their ids hold."""
    return "step-" + re.sub(r"[^A-Za-z0-9-]", lambda match: f"_{ord(match[0]):x}_", step_id)


# --- text in a box -------------------------------------------------------------------------------------

_WIDTHS = (
    (0.24, "'|ijl"),
    (0.30, " !,./:;I[\\]ft\u00a0"),
    (0.36, '"()-`r{}'),
    (0.42, "*"),
    (0.50, "Jckstvxyz^"),
    (0.60, "#$+<=>?L_~abdeghnopqu0123456789"),
    (0.70, "&ABEFKPSTVXYZ"),
    (0.80, "CDGHNOQRUw"),
    (0.92, "%Mm"),
    (1.05, "@W"),
)
_WIDTH = {letter: width for width, letters in _WIDTHS for letter in letters}
SLACK = 1.12
"""Fallback fonts run wider than the ones that are asked for."""


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The estimated width of `text` in pixels."""
    return sum(map(_letter_width, text)) * size * SLACK * (1.06 if bold else 1)


def _letter_width(letter: str) -> float:
    if letter in _WIDTH:
        return _WIDTH[letter]
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.1
    return 0.8 if letter.islower() else 0.95


def wrap(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """`text` in lines no wider than `width`. A word that is too long is broken; an amount keeps its unit."""
    lines: list[str] = []
    line = ""
    for word in _words(text, size, width, bold):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size, bold=bold) > width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line] if line else lines


def _words(text: str, size: float, width: float, bold: bool) -> Iterator[str]:
    for word in text.split(" "):
        if text_width(word, size, bold=bold) <= width:
            yield word
            continue
        piece = ""
        for letter in word:
            if piece and text_width(piece + letter, size, bold=bold) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _said(text: str) -> str:
    return _NOT_XML.sub("", glued(text))


# --- boxes ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """How one kind of text is set. `css` is its class, for the page's colours; none for plain ink."""

    css: str
    size: float
    leading: float
    bold: bool = False
    italic: bool = False
    struck: bool = False


_LABEL = _Style("pw-label", 11.5, 16)
_TITLE = _Style("", 14, 18.5, bold=True)
_IF = _Style("", 12.5, 17, italic=True)
_CHOOSE = _Style("pw-label", 11.5, 17)
_OPTION = _Style("", 12.5, 17)
_STRUCK = _Style("", 12.5, 17, struck=True)
_HEAD = _Style("pw-label", 12.5, 18, bold=True)
_FAILS = _Style("pw-label", 11.5, 14, italic=True)

PAD = 12
_HANG = 13
_TELLING = frozenset({"one", "one_unranked", "all"})
_FAILS_TEXT = STEP_PARTS["if_fails"].lower()


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    style: _Style
    indent: float = 0
    bullet: str = ""
    gap: float = 0  # space above
    lead: str = ""  # words before the text that are not struck out with it


@dataclass(slots=True)
class _Box:
    """A step with its lines and place. `row` is None in the column of branches."""

    step: PathwayStep
    width: float
    lines: list[_Line]
    x: float = 0
    y: float = 0
    row: int | None = None

    @property
    def height(self) -> float:
        return 2 * PAD - 2 + sum(line.gap + line.style.leading for line in self.lines)

    @property
    def bottom(self) -> float:
        return self.y + self.height


def _box(step: PathwayStep, width: float) -> _Box:
    room = width - 2 * PAD
    lines: list[_Line] = []

    def add(text: str, style: _Style, *, gap: float = 0, bullet: str = "", lead: str = "") -> None:
        indent = _HANG if bullet else 0
        wrapped = wrap(lead + _said(text), style.size, room - indent, bold=style.bold)
        for at, line in enumerate(wrapped):
            if at:
                lines.append(_Line(line, style, indent))
            else:
                lines.append(_Line(line.removeprefix(lead), style, indent, bullet, gap, lead))

    line = "" if step.line == "branch" else f" · {LINE.get(step.line, step.line)}"
    add(f"Step {step.number}{line}", _LABEL)
    add(step.title, _TITLE, gap=1)
    add(f"{STEP_PARTS['applies_if']}: {step.applies_if}", _IF, gap=3)
    told = len(step.options) > 1 and step.choose in _TELLING
    if told:
        add(CHOOSE[step.choose], _CHOOSE, gap=4)
    for at, option in enumerate(step.options):
        gap = 0 if at or told else 4
        if option.avoid:
            add(option.label, _STRUCK, gap=gap, bullet="×", lead=f"{AVOID}:\u00a0")
        else:
            add(option.label, _OPTION, gap=gap, bullet="•")
    return _Box(step, width, lines)


# --- places --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """A page or a phone. `side` is the width of the column of branches; 0 puts them below."""

    main: float
    side: float
    abreast: int
    widest: float


_WIDE = _Look(main=610, side=272, abreast=3, widest=380)
_NARROW = _Look(main=360, side=0, abreast=1, widest=360)
_BETWEEN = 14  # space between boxes of a row and between branches
_LANE = 9
_ARROW = 7
_WING = 3.6
_EARLIEST_FIRST = ("immediate", "first", "second", "refractory", "maintenance")


@dataclass(frozen=True, slots=True)
class _Edge:
    source: _Box
    goal: _Box
    fails: bool

    @property
    def key(self) -> tuple[str, bool]:
        """Edges with one key share their lanes."""
        return self.goal.step.id, self.fails


@dataclass(slots=True)
class _Plan:
    """Boxes in rows, branches beside them, edges, and the lanes the edges take."""

    rows: list[list[_Box]]
    branches: list[_Box]
    edges: list[_Edge]
    head_row: int | None = None  # row before which the branches' heading stands, when they stand below
    channels: dict[int, list[tuple[str, bool]]] = field(default_factory=dict)  # above each row
    left: list[tuple[str, bool]] = field(default_factory=list)
    between: list[tuple[str, bool]] = field(default_factory=list)  # rows | lanes | branches
    channel_top: dict[int, float] = field(default_factory=dict)
    between_x: float = 0
    width: float = 0
    height: float = 0


def _levels(steps: Sequence[PathwayStep]) -> dict[str, int]:
    """The row of each step: below what it follows, and below everything of an earlier line of treatment."""
    level: dict[str, int] = {}
    follows = [(step.after, step.id) for step in steps] + [(step.id, step.if_fails) for step in steps]
    for at, step in enumerate(steps):
        above = [level[source] for source, goal in follows if goal == step.id and source in level]
        above += [level[other.id] for other in steps[:at] if _rank(other) < _rank(step)]
        level[step.id] = max(above, default=-1) + 1
    return level


def _rank(step: PathwayStep) -> int:
    line = "first" if step.line == "add_on" else step.line
    return _EARLIEST_FIRST.index(line) if line in _EARLIEST_FIRST else len(_EARLIEST_FIRST)


def _plan(pathway: Sequence[PathwayStep], look: _Look) -> _Plan:
    trunk = [step for step in pathway if step.line != "branch"]
    branches = [step for step in pathway if step.line == "branch"]
    levels = _levels(trunk)
    rows = [
        [step for step in trunk if levels[step.id] == level][at : at + look.abreast]
        for level in sorted(set(levels.values()))
        for at in range(0, sum(found == level for found in levels.values()), look.abreast)
    ]
    head_row = None
    beside = branches
    if branches and (not look.side or not trunk):
        head_row, beside = len(rows), []
        rows += [branches[at : at + look.abreast] for at in range(0, len(branches), look.abreast)]
    return _routed(rows, beside, head_row, look)


def _routed(rows: list[list[PathwayStep]], branches: list[PathwayStep], head_row: int | None, look: _Look) -> _Plan:
    """Lanes first, as they decide how much width is left; then boxes; then places."""
    sketch = _Plan([[_Box(s, 0, []) for s in row] for row in rows], [_Box(s, 0, []) for s in branches], [], head_row)
    _connect(sketch)
    indent = len(sketch.left) * _LANE + _LANE if sketch.left else 1
    main = look.main - (indent if not look.side else 0) - 1
    plan = _Plan([], [], [], head_row)
    for row in rows:
        width = min((main - _BETWEEN * (len(row) - 1)) / len(row), look.widest)
        plan.rows.append([_box(step, width) for step in row])
    plan.branches = [_box(step, look.side) for step in branches]
    _connect(plan)
    _place(plan, indent, main)
    return plan


def _connect(plan: _Plan) -> None:
    """The edges, and a lane for each goal wherever its edges run."""
    boxes = {box.step.id: box for row in plan.rows for box in row} | {box.step.id: box for box in plan.branches}
    for at, row in enumerate(plan.rows):
        for box in row:
            box.row = at
    for box in boxes.values():
        step = box.step
        if step.if_fails in boxes:
            plan.edges.append(_Edge(box, boxes[step.if_fails], True))
        if step.after in boxes and boxes[step.after].step.if_fails != step.id:
            plan.edges.append(_Edge(boxes[step.after], box, False))
    for edge in plan.edges:
        start, end = edge.source.row, edge.goal.row
        if start is not None:
            _take(plan.channels.setdefault(start + 1, []), edge.key)
        if end is not None:
            _take(plan.channels.setdefault(end, []), edge.key)
        if start is None or end is None:
            _take(plan.between, edge.key)
        elif end != start + 1:
            _take(plan.left, edge.key)


def _take(lanes: list[tuple[str, bool]], key: tuple[str, bool]) -> None:
    if key not in lanes:
        lanes.append(key)


def _place(plan: _Plan, indent: float, main: float) -> None:
    y = 1.0
    for at, row in enumerate(plan.rows):
        y = _channel(plan, at, y)
        if at == plan.head_row:
            y += _HEAD.leading + 8
        x = indent + (main - sum(box.width for box in row) - _BETWEEN * (len(row) - 1)) / 2
        for box in row:
            box.x, box.y = x, y
            x += box.width + _BETWEEN
        y = max(box.bottom for box in row)
    y = _channel(plan, len(plan.rows), y)
    plan.between_x = indent + main
    plan.width = plan.between_x + 1
    if plan.branches:
        x = plan.between_x + 26 + len(plan.between) * _LANE
        plan.width = x + plan.branches[0].width + 1
        y = max(y, _place_branches(plan, x))
    plan.height = y + 1


def _place_branches(plan: _Plan, x: float) -> float:
    y = _HEAD.leading + 9
    for box in plan.branches:
        box.x, box.y = x, y
        leaves = any(edge.source is box for edge in plan.edges)
        y = box.bottom + (30 if leaves else _BETWEEN)
    return y - _BETWEEN


def _channel(plan: _Plan, at: int, y: float) -> float:
    """Room above row `at`; returns where the row starts."""
    lanes = plan.channels.get(at, [])
    labelled = any(edge.fails and edge.source.row is not None and edge.source.row + 1 == at for edge in plan.edges)
    plan.channel_top[at] = y + (20 if labelled else 10)
    if not lanes:
        return y + (20 if 0 < at < len(plan.rows) else 0)
    return plan.channel_top[at] + (len(lanes) - 1) * _LANE + 16


# --- arrows --------------------------------------------------------------------------------------------

Point = tuple[float, float]


def _lane_y(plan: _Plan, channel: int, edge: _Edge) -> float:
    return plan.channel_top[channel] + plan.channels[channel].index(edge.key) * _LANE


def _port(plan: _Plan, box: _Box, fails: bool, *, leaving: bool) -> float:
    """Where lines leave or reach a box: apart when both kinds do."""
    kinds = {edge.fails for edge in plan.edges if (edge.source if leaving else edge.goal) is box}
    share = 0.5 if len(kinds) < 2 else 0.66 if fails else 0.34
    return box.x + box.width * share


def _route(plan: _Plan, edge: _Edge) -> list[Point]:
    """The corners of an edge, from its source to its goal."""
    source, goal = edge.source, edge.goal
    points: list[Point] = []
    if source.row is None:
        x = source.x + 16
        points += [(x, source.bottom), (x, source.bottom + 10)]
    else:
        x = _port(plan, source, edge.fails, leaving=True)
        points += [(x, source.bottom), (x, _lane_y(plan, source.row + 1, edge))]
    if source.row is None or goal.row is None:
        around = plan.between_x + 12 + plan.between.index(edge.key) * _LANE
    else:
        around = plan.left.index(edge.key) * _LANE + 4 if edge.key in plan.left else x
    straight = source.row is not None and goal.row == source.row + 1
    if not straight:
        points.append((around, points[-1][1]))
    if goal.row is None:
        return [*points, (around, goal.y + 26), (goal.x, goal.y + 26)]
    y, x = _lane_y(plan, goal.row, edge), _port(plan, goal, edge.fails, leaving=False)
    return [*points, (points[-1][0], y), (x, y), (x, goal.y)]


def _arrow(points: list[Point], fails: bool) -> Iterator[str]:
    dash = ' stroke-dasharray="5 4"' if fails else ""
    (x0, y0), (x, y) = points[-2], points[-1]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    stem = [*points[:-1], (x - dx * (_ARROW - 1), y - dy * (_ARROW - 1))]
    yield f'<path class="pw-line" d="M{_path(stem)}" fill="none" stroke="#3d3a36" stroke-width="1.3"{dash}/>'
    base = (x - dx * _ARROW, y - dy * _ARROW)
    head = [(x, y), (base[0] - dy * _WING, base[1] + dx * _WING), (base[0] + dy * _WING, base[1] - dx * _WING)]
    yield f'<path class="pw-tip" d="M{_path(head)}Z" fill="#3d3a36"/>'


def _path(points: list[Point]) -> str:
    return "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")


# --- drawing -------------------------------------------------------------------------------------------


def render_pathway_svg(pathway: tuple[PathwayStep, ...], *, narrow: bool = False) -> str:
    """The picture as one SVG element; empty when there is no step. `narrow` is the phone's form of it.

    The role is `group`, not `img`: the boxes are links, and an image has no links for those who cannot see it.
    """
    if not pathway:
        return ""
    plan = _plan(pathway, _NARROW if narrow else _WIDE)
    name = "pathway-narrow" if narrow else "pathway"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pw" role="group" aria-labelledby="{name}-title" '
        f'aria-describedby="{name}-desc" viewBox="0 0 {_n(plan.width)} {_n(plan.height)}" width="{_n(plan.width)}" '
        f'height="{_n(plan.height)}" font-family="{FONT}" font-size="{_n(_OPTION.size)}" fill="#1f1d1a">',
        f'<title id="{name}-title">The pathway in {len(pathway)} step{"s" if len(pathway) > 1 else ""}</title>',
        f'<desc id="{name}-desc">{escape(describe(pathway))}</desc>',
    ]
    for edge in plan.edges:
        parts += _arrow(_route(plan, edge), edge.fails)
    parts += _fails_labels(plan)
    parts += _heading(plan)
    for box in (*(box for row in plan.rows for box in row), *plan.branches):
        parts += _drawn(box)
    return "".join((*parts, "</svg>"))


def describe(pathway: Sequence[PathwayStep]) -> str:
    """The picture in words."""
    numbers = {step.id: step.number for step in pathway}
    return " ".join(_in_words(step, numbers) for step in pathway)


def _in_words(step: PathwayStep, numbers: dict[str, int]) -> str:
    parts = [f"Step {step.number}, {LINE.get(step.line, step.line)}: {_said(step.title)}."]
    parts.append(f"{STEP_PARTS['applies_if']}: {_said(step.applies_if)}.")
    if step.options:
        labels = (f"{AVOID.lower()} {_said(o.label)}" if o.avoid else _said(o.label) for o in step.options)
        parts.append(f"Options: {'; '.join(labels)}.")
    if step.if_fails in numbers:
        parts.append(f"{STEP_PARTS['if_fails']}: step {numbers[step.if_fails]}.")
    return " ".join(parts)


def _heading(plan: _Plan) -> Iterator[str]:
    text = LINE["branch"].capitalize()
    if plan.branches:
        yield _text(text, _HEAD, plan.branches[0].x, _HEAD.size + 1)
    elif plan.head_row is not None:
        first = plan.rows[plan.head_row][0]
        yield _text(text, _HEAD, first.x, first.y - 10)


def _fails_labels(plan: _Plan) -> Iterator[str]:
    for edge in plan.edges:
        if not edge.fails:
            continue
        x = edge.source.x + 16 if edge.source.row is None else _port(plan, edge.source, True, leaving=True)
        yield _text(_FAILS_TEXT, _FAILS, x + 6, edge.source.bottom + 13)


def _drawn(box: _Box) -> Iterator[str]:
    branch = box.step.line == "branch"
    yield f'<a href="#{step_anchor(box.step.id)}">'
    dash = ' stroke-dasharray="1.5 2.5"' if branch else ""
    yield (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" rx="6" width="{_n(box.width)}" height="{_n(box.height)}" fill="#fff" '
        f'stroke="#3d3a36" stroke-width="1.2"{dash}/>'
    )
    y = box.y + PAD - 1
    for line in box.lines:
        y += line.gap + line.style.leading
        baseline = y - (line.style.leading - line.style.size) / 2 - line.style.size * 0.2
        if line.bullet:
            yield _text(line.bullet, _OPTION, box.x + PAD, baseline)
        yield _text(line.text, line.style, box.x + PAD + line.indent, baseline, line.lead)
    yield "</a>"


def _text(text: str, style: _Style, x: float, y: float, lead: str = "") -> str:
    look = f' class="{style.css}"' if style.css else ""
    look += f' font-size="{_n(style.size)}"' if style.size != _OPTION.size else ""
    look += ' font-weight="700"' if style.bold else ""
    look += ' font-style="italic"' if style.italic else ""
    said = escape(text, quote=False)
    if style.struck:
        said = f'{escape(lead)}<tspan text-decoration="line-through">{said}</tspan>'
    return f'<text x="{_n(x)}" y="{_n(y)}"{look}>{said}</text>'
