"""One page of a PDF as pieces of visible text with their places.

The page's drawing commands are followed before pypdf decodes the letters: text that is drawn invisibly, in the colour
of what lies under it, too small, beside the page or under something else is taken out, and every piece is decoded by
itself. Otherwise a raised 9 set by moving the pen would be joined to the 10 before it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import msgspec
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject, FloatObject, NameObject, StreamObject

from vademecum.errors import ImportFileError

SMALLEST = 1.5  # points; the smallest print of real documents is above 3
OPERATION_LIMIT = 500_000  # on one page, forms included
_FORM_DEPTH = 8
_BESIDE = 3.0  # points a letter may start beside the page
_SAME = 0.16  # of 1 in each channel: colours closer than this cannot be told apart
_COVERS_PAGE = 0.7
_DESERT = re.compile(rb"[ \t\r\n\f\0]{200,}")
_SHOW = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FILL = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_END_PATH = _FILL | {b"n", b"S", b"s"}

Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[float, float, float] | None  # None: cannot be told
Box = tuple[float, float, float, float]
Operation = tuple[list[object], bytes]

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Piece(msgspec.Struct, frozen=True):
    """Letters drawn by one command; (x, y) is where they start, y from the foot of the page."""

    text: str
    x: float
    y: float
    size: float
    bold: bool


class Page(msgspec.Struct, frozen=True):
    """What a page shows, in the order it is drawn, and what was taken out."""

    pieces: tuple[Piece, ...]
    width: float
    height: float
    hidden: tuple[str, ...] = ()  # reasons, one for each command
    recognised: bool = False  # the words are an invisible layer over a picture of the page


class _State(msgspec.Struct):
    """The graphics state that q and Q save and restore."""

    cm: Matrix = _IDENTITY
    colour: Colour = (0.0, 0.0, 0.0)
    alpha: float = 1.0
    blend: bool = False
    mode: int = 0
    font: object = None
    size: float = 12.0
    leading: float = 0.0
    rise: float = 0.0
    grey: bool = False  # the chosen colour space has one channel, white at 1
    clip: Box | None = None  # letters outside are not drawn


class _Shown(msgspec.Struct):
    """One command that shows text: where its operands stand, where it draws, why it may be unseen."""

    index: int
    order: int
    x: float
    y: float
    size: float
    letters: int
    reason: str


class _Painted(msgspec.Struct):
    order: int
    box: Box
    colour: Colour
    opaque: bool
    picture: bool = False


def read_page(page: PageObject, reader: PdfReader) -> Page:
    """The page's visible text. Raises ImportFileError for a page of more commands than any real one has."""
    box = page.cropbox
    area: Box = (float(box.left), float(box.bottom), float(box.right), float(box.top))
    follower = _Follower(reader, area)
    contents = _resolved(page.get("/Contents"))
    if isinstance(contents, (StreamObject, list)):
        follower.follow(_commands(contents, reader), _resources(page), 0)
    hidden, recognised = follower.blank()
    drawn = ContentStream(None, reader)
    drawn.operations = follower.operations
    page[NameObject("/Contents")] = drawn
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): follower.fonts})
    pieces: list[Piece] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: DictionaryObject | None, size: float) -> None:
        if text:
            matrix = _times(_matrix(tm), _matrix(cm))
            name = str(font.get("/BaseFont", "")).lower() if font is not None else ""
            bold = "bold" in name or "black" in name or "heavy" in name
            scale = math.hypot(matrix[2], matrix[3])
            pieces.append(Piece(text=text, x=matrix[4], y=matrix[5], size=abs(size) * scale, bold=bold))

    page.extract_text(visitor_text=visit)
    page[NameObject("/Contents")] = ContentStream(None, reader)  # the reader keeps its pages; their commands may go
    return Page(
        pieces=tuple(pieces),
        width=area[2] - area[0],
        height=area[3] - area[1],
        hidden=hidden,
        recognised=recognised,
    )


class _Follower:
    """Follows the drawing commands of a page and of the forms in it, and writes them out in one list."""

    def __init__(self, reader: PdfReader, area: Box) -> None:
        self.operations: list[tuple[object, bytes]] = []
        self.fonts = DictionaryObject()
        self._reader = reader
        self._area = area
        self._state = _State()
        self._stack: list[_State] = []
        self._tm: Matrix = _IDENTITY
        self._line: Matrix = _IDENTITY
        self._path: list[Box] = []
        self._clips = self._curved = False  # of the path: it will clip; it is not made of rectangles alone
        self._shown: list[_Shown] = []
        self._painted: list[_Painted] = []
        self._order = 0
        self._hidden_layers = 0
        self._marked: list[bool] = []
        self._open_forms: set[int] = set()
        self._font_names: dict[int, NameObject] = {}

    def follow(self, contents: ContentStream, resources: DictionaryObject, depth: int) -> None:
        """Take in the commands of a page or form."""
        for operands, operator in contents.operations:
            self._order += 1
            if self._order > OPERATION_LIMIT:
                raise ImportFileError(f"more than {OPERATION_LIMIT:,} drawing commands on one page")
            self._one(list(operands) if isinstance(operands, list) else [], operator, resources, depth)

    def blank(self) -> tuple[tuple[str, ...], bool]:
        """Empty the commands whose text is not seen; returns the reasons, and whether it is a layer over a picture."""
        for shown in self._shown:
            shown.reason = shown.reason or self._cover(shown)
        seen = [shown for shown in self._shown if not shown.reason]
        layer = [shown for shown in self._shown if shown.reason in {"drawn invisibly", "under a picture"}]
        recognised = not seen and bool(layer) and any(paint.picture for paint in self._painted)
        reasons: list[str] = []
        letters = 0
        for shown in self._shown:
            if shown.reason and not (recognised and shown in layer):
                reasons.append(shown.reason)
                letters += shown.letters
                self.operations[shown.index] = ([], b"n")
        return (tuple(reasons) if letters > 1 else ()), recognised  # one letter beside the page is a stray space

    def _one(self, operands: list[object], operator: bytes, resources: DictionaryObject, depth: int) -> None:
        if operator in _SHOW:
            self._show(operands, operator)
        elif operator == b"Do" and operands:
            self._do(str(operands[0]), resources, depth)
        elif operator == b"Tf" and len(operands) >= 2:
            self._state.font = self._font(str(operands[0]), resources)
            self._state.size = _float(operands[1])
            self._write([self._state.font, FloatObject(self._state.size)], b"Tf")
        elif operator in {b"BDC", b"BMC", b"EMC"}:
            self._mark(operands, operator, resources)
        elif operator == b"gs" and operands:
            self._external(str(operands[0]), resources)
        elif self._move(operands, operator) or self._save(operator):
            self._write(operands, operator)
        elif operator in {b"Tc", b"Tw", b"Tz", b"TL"}:
            if operator == b"TL" and operands:
                self._state.leading = _float(operands[0])
            self._write(operands, operator)
        else:
            self._paint(operands, operator, resources)

    def _write(self, operands: list[object], operator: bytes) -> None:
        self.operations.append((operands, operator))

    def _save(self, operator: bytes) -> bool:
        if operator == b"q":
            self._stack.append(msgspec.structs.replace(self._state))
        elif operator == b"Q":
            if self._stack:
                self._state = self._stack.pop()
        else:
            return False
        return True

    def _move(self, operands: list[object], operator: bytes) -> bool:
        """Commands that set or move a matrix."""
        numbers = [_float(value) for value in operands]
        if operator == b"cm" and len(numbers) >= 6:
            self._state.cm = _times(_matrix(numbers), self._state.cm)
        elif operator == b"BT":
            self._tm = self._line = _IDENTITY
        elif operator == b"Tm" and len(numbers) >= 6:
            self._tm = self._line = _matrix(numbers)
        elif operator in {b"Td", b"TD"} and len(numbers) >= 2:
            if operator == b"TD":
                self._state.leading = -numbers[1]
            self._tm = self._line = _times((1, 0, 0, 1, numbers[0], numbers[1]), self._line)
        elif operator == b"T*":
            self._tm = self._line = _times((1, 0, 0, 1, 0, -self._state.leading), self._line)
        else:
            return operator == b"ET"
        return True

    def _show(self, operands: list[object], operator: bytes) -> None:
        """A piece of its own: choosing the font again makes pypdf hand out what came before."""
        if operator in {b"'", b'"'}:
            if operator == b'"' and len(operands) >= 3:
                self._write([operands[0]], b"Tw")
                self._write([operands[1]], b"Tc")
            self._move([], b"T*")
            self._write([], b"T*")
            operands, operator = operands[-1:], b"Tj"
        state = self._state
        if state.rise:
            self._write([FloatObject(0), FloatObject(state.rise)], b"Td")
        if state.font is not None:
            self._write([state.font, FloatObject(state.size)], b"Tf")
        place = _times((1, 0, 0, 1, 0, state.rise), _times(self._tm, state.cm))
        size = abs(state.size) * max(math.hypot(place[2], place[3]), 0.0)
        length = _length(operands) * size * 0.5
        self._shown.append(
            _Shown(
                index=len(self.operations),
                order=self._order,
                x=place[4],
                y=place[5],
                size=size,
                letters=_length(operands),
                reason=self._unseen(place, size, length),
            )
        )
        self._write(operands, operator)
        if state.rise:
            self._write([FloatObject(0), FloatObject(-state.rise)], b"Td")

    def _unseen(self, place: Matrix, size: float, length: float) -> str:
        state, (left, low, right, high) = self._state, self._area
        x, y = place[4], place[5]
        if self._hidden_layers:
            return "in a layer that is off"
        if state.mode in {3, 7} or state.alpha < 0.05:
            return "drawn invisibly"
        if size < SMALLEST:
            return "tiny letters"
        upright = abs(place[0]) > abs(place[1])
        reach_x, reach_y = (length, size) if upright else (size, length)
        if x > right + _BESIDE or x + reach_x < left - _BESIDE or y > high + _BESIDE or y + reach_y < low - _BESIDE:
            return "beside the page"
        clip = state.clip
        if clip is not None and (
            x > clip[2] + size or x + reach_x < clip[0] - size or y > clip[3] + size or y + reach_y < clip[1] - size
        ):
            return "clipped away"
        ground: Colour = (1.0, 1.0, 1.0)
        for paint in reversed(self._painted):
            if _inside(x + size * 0.2, y + size * 0.3, paint.box):
                ground = paint.colour
                break
        if state.mode in {0, 4} and _alike(state.colour, ground):
            return "in the colour of the page"
        return ""

    def _cover(self, shown: _Shown) -> str:
        for paint in self._painted:
            over = paint.opaque and paint.order > shown.order
            if over and _inside(shown.x + shown.size * 0.3, shown.y + shown.size * 0.3, paint.box):
                return "under a picture" if paint.picture else "covered"
        return ""

    def _paint(self, operands: list[object], operator: bytes, resources: DictionaryObject) -> None:
        """Colours, rectangles and fills: what letters are seen against."""
        state = self._state
        numbers = [_float(value) for value in operands if isinstance(value, (int, float))]
        if operator in {b"g", b"rg", b"k"}:
            state.colour = _colour(numbers, operator == b"g")
        elif operator == b"cs" and operands:
            state.colour = (0.0, 0.0, 0.0)
            state.grey = _is_grey(str(operands[0]), resources)
        elif operator in {b"sc", b"scn"}:
            state.colour = _colour(numbers, state.grey)
        elif operator == b"Tr" and numbers:
            state.mode = int(numbers[0])
        elif operator == b"Ts" and numbers:
            state.rise = numbers[0]
        elif operator == b"re" and len(numbers) >= 4:
            x, y, width, height = numbers[:4]
            self._path.append(_box(state.cm, x, y, x + width, y + height))
        elif operator in {b"m", b"l", b"c", b"v", b"y"}:
            self._curved = True
        elif operator in {b"W", b"W*"}:
            self._clips = True
        elif operator in _END_PATH:
            if operator in _FILL:
                opaque = state.alpha > 0.9 and not state.blend
                self._painted += [_Painted(self._order, box, state.colour, opaque) for box in self._path]
            if self._clips and not self._curved and len(self._path) == 1:
                state.clip = _overlap(state.clip, self._path[0])
            self._path, self._clips, self._curved = [], False, False

    def _external(self, name: str, resources: DictionaryObject) -> None:
        settings = _dictionary(_dictionary(resources.get("/ExtGState")).get(name))
        if "/ca" in settings:
            self._state.alpha = _float(settings["/ca"])
        if "/BM" in settings:
            self._state.blend = str(settings["/BM"]) not in {"/Normal", "/Compatible"}

    def _mark(self, operands: list[object], operator: bytes, resources: DictionaryObject) -> None:
        """Optional content: what stands between BDC and EMC of a layer that is switched off."""
        if operator == b"EMC":
            if self._marked and self._marked.pop():
                self._hidden_layers -= 1
            return
        off = False
        if operator == b"BDC" and len(operands) >= 2 and operands[0] == "/OC":
            properties = _dictionary(resources.get("/Properties"))
            off = id(_resolved(properties.get(str(operands[1])))) in _layers_off(self._reader)
        self._marked.append(off)
        self._hidden_layers += off

    def _do(self, name: str, resources: DictionaryObject, depth: int) -> None:
        drawn = _resolved(_dictionary(resources.get("/XObject")).get(name))
        if not isinstance(drawn, StreamObject):
            return
        if drawn.get("/Subtype") == "/Image":
            clear = "/SMask" in drawn or "/Mask" in drawn or drawn.get("/ImageMask") is not None
            opaque = not clear and self._state.alpha > 0.9 and not self._state.blend
            box = _box(self._state.cm, 0, 0, 1, 1)
            self._painted.append(_Painted(self._order, box, None, opaque, picture=self._is_page(box)))
        elif drawn.get("/Subtype") == "/Form" and depth < _FORM_DEPTH and id(drawn) not in self._open_forms:
            self._open_forms.add(id(drawn))
            before = len(self._stack)
            self._one([], b"q", resources, depth)
            matrix = _resolved(drawn.get("/Matrix"))
            if isinstance(matrix, list) and len(matrix) >= 6:
                self._one(list(matrix), b"cm", resources, depth)
            text, line = self._tm, self._line
            inner = drawn.get("/Resources")
            self.follow(_commands(drawn, self._reader), _dictionary(inner) or resources, depth + 1)
            while len(self._stack) > before + 1:
                self._one([], b"Q", resources, depth)
            self._one([], b"Q", resources, depth)
            self._tm, self._line = text, line
            self._open_forms.discard(id(drawn))

    def _is_page(self, box: Box) -> bool:
        """The picture is that of a page, as a scanner makes it."""
        left, low, right, high = self._area
        whole = (right - left) * (high - low)
        return whole > 0 and (box[2] - box[0]) * (box[3] - box[1]) > _COVERS_PAGE * whole

    def _font(self, name: str, resources: DictionaryObject) -> NameObject:
        """The font under a name that no other form uses."""
        font = _resolved(_dictionary(resources.get("/Font")).get(name))
        if not isinstance(font, DictionaryObject):
            return NameObject(name)
        if id(font) not in self._font_names:
            self._font_names[id(font)] = NameObject(f"/V{len(self._font_names)}")
            self.fonts[self._font_names[id(font)]] = font
        return self._font_names[id(font)]


def _commands(contents: object, reader: PdfReader) -> ContentStream:
    """The drawing commands, without the deserts of white space that cost pypdf a step for each blank."""
    commands = ContentStream(contents, reader, "bytes")
    commands.set_data(_DESERT.sub(b" ", commands.get_data()))
    return commands


def _resources(page: PageObject) -> DictionaryObject:
    node: object = page
    for _ in range(64):
        if not isinstance(node, DictionaryObject):
            break
        if "/Resources" in node:
            return _dictionary(node["/Resources"])
        node = _resolved(node.get("/Parent"))
    return DictionaryObject()


def _layers_off(reader: PdfReader) -> set[int]:
    settings = _dictionary(_dictionary(_dictionary(reader.trailer.get("/Root")).get("/OCProperties")).get("/D"))
    off = _resolved(settings.get("/OFF"))
    return {id(_resolved(layer)) for layer in off} if isinstance(off, list) else set()


def _resolved(value: object) -> object:
    return value.get_object() if hasattr(value, "get_object") else value


def _dictionary(value: object) -> DictionaryObject:
    found = _resolved(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _is_grey(name: str, resources: DictionaryObject) -> bool:
    if name in {"/DeviceGray", "/G", "/CalGray"}:
        return True
    space = _resolved(_dictionary(resources.get("/ColorSpace")).get(name))
    if isinstance(space, list) and space:
        profile = _dictionary(space[1]) if len(space) > 1 else DictionaryObject()
        return str(space[0]) == "/CalGray" or (str(space[0]) == "/ICCBased" and profile.get("/N") == 1)
    return False


def _overlap(one: Box | None, other: Box) -> Box:
    if one is None:
        return other
    return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


def _float(value: object) -> float:
    number = float(value) if isinstance(value, (int, float)) else 0.0
    return number if math.isfinite(number) else 0.0


def _matrix(numbers: Sequence[float]) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in numbers[:6])
    return (a, b, c, d, e, f)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _box(cm: Matrix, left: float, low: float, right: float, high: float) -> Box:
    corners = [_times((1, 0, 0, 1, x, y), cm) for x in (left, right) for y in (low, high)]
    xs, ys = [corner[4] for corner in corners], [corner[5] for corner in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def _inside(x: float, y: float, box: Box) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _colour(numbers: Sequence[float], grey: bool) -> Colour:
    if len(numbers) == 1 and grey:
        return (numbers[0], numbers[0], numbers[0])
    if len(numbers) == 3:
        return (numbers[0], numbers[1], numbers[2])
    if len(numbers) == 4:
        cyan, magenta, yellow, black = numbers
        return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return None


def _alike(one: Colour, other: Colour) -> bool:
    return one is not None and other is not None and all(abs(a - b) < _SAME for a, b in zip(one, other, strict=True))


def _length(operands: list[object]) -> int:
    """How many letters a command shows, about."""
    return sum(len(part) for part in _strings(operands))


def _strings(operands: list[object]) -> Iterator[str | bytes]:
    for operand in operands:
        if isinstance(operand, (str, bytes)):
            yield operand
        elif isinstance(operand, list):
            yield from (part for part in operand if isinstance(part, (str, bytes)))
