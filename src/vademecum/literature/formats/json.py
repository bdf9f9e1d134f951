"""JSON read strictly and record by record, so that a file of any length needs the memory of one record.

Two keys of the same name, NaN, a number no measurement has, a lone surrogate and deep nesting are errors that name
the record: a lenient reader would take one of two doses without a word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Generator, Iterator
from typing import BinaryIO, TypeVar, cast

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats import stream as source

RECORD_LIMIT = 16_000_000  # characters of one record; the largest drug label is below 3 million
DIGIT_LIMIT = 40  # of one number
_SPACE = re.compile(r"[ \t\n\r]*")
_DOUBTFUL = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")

T = TypeVar("T")
Path = tuple[str, ...]


class Element(msgspec.Struct, frozen=True):
    """One record as decoded JSON, and where it stands in the file."""

    place: str  # "record 3 (line 41)"
    value: object


def elements(stream: BinaryIO, arrays: Collection[Path] = ()) -> Iterator[Element]:
    """The records of a file: the members of the array at one of the paths in `arrays`, or of a bare array, or else
    each whole value, one or one a line.

    Raises ImportFileError naming the record for anything that is not strict JSON.
    """
    text = _Text(stream)
    count = 0
    while text.peek():
        for place, value in _top(text, frozenset(arrays)):
            count += 1
            yield Element(place=f"record {count} ({place})", value=value)
    if not count and not text.started:
        raise ImportFileError("the file is empty")


def typed(element: Element, kind: type[T]) -> T:
    """The record as a value of type `kind`. Raises ImportFileError naming record and field."""
    try:
        return msgspec.convert(element.value, kind)
    except msgspec.ValidationError as error:
        raise ImportFileError(f"{element.place}: {_field_first(str(error))}") from None


def decoded(raw: str, place: str) -> object:
    """One JSON value. Raises ImportFileError, naming `place`, for what is not strict JSON."""
    value, end = _decode(raw, _after_space(raw, 0), place)
    if _after_space(raw, end) != len(raw):
        raise ImportFileError(f"{place}: not JSON: more after the value at character {end + 1}")
    return value


def _decode(text: str, at: int, place: str) -> tuple[object, int]:
    """The value that starts at `at`, and where it ends."""
    try:
        value, end = _DECODER.raw_decode(text, at)
        if _DOUBTFUL.search(text, at, end):
            _check_strings(value)
    except json.JSONDecodeError as error:
        raise _CutError(f"{place}: not JSON: {error.msg} at character {error.pos - at + 1}") from None
    except RecursionError:
        raise ImportFileError(f"{place}: nested too deep") from None
    except ValueError as error:
        raise ImportFileError(f"{place}: {error}") from None
    return value, end


def _after_space(text: str, at: int) -> int:
    return cast("re.Match[str]", _SPACE.match(text, at)).end()


class _CutError(ImportFileError):
    """Not JSON as far as the text goes; more of it may help."""


class _Text:
    """The decoded file as a window that moves on; `at` is the next character to read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._pieces = source.pieces(stream)
        self._window = ""
        self._line = 1  # of the character at `_counted`
        self._counted = 0
        self.at = 0
        self.started = False

    def peek(self) -> str:
        """The next character that is not white space; "" at the end."""
        while True:
            end = cast("re.Match[str]", _SPACE.match(self._window, self.at)).end()
            self.at = end
            if end < len(self._window):
                self.started = True
                return self._window[end]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        found = self.peek()
        if found != character:
            raise ImportFileError(f"{self.place()}: not JSON: {found or 'the end'!r} where {character!r} is due")
        self.at += 1

    def value(self) -> object:
        """The next value, decoded."""
        place = self.place()
        while True:
            try:
                value, end = _decode(self._window, self.at, place)
            except _CutError as error:
                if self._more(place):
                    continue
                raise ImportFileError(f"{error}; the file may be cut short") from None
            if end == len(self._window) and isinstance(value, (int, float)) and self._more(place):
                continue  # a number may go on beyond the window
            self.at = end
            return value

    def place(self) -> str:
        """The line of the next character."""
        self.peek()
        self._line += self._window.count("\n", self._counted, self.at)
        self._counted = self.at
        return f"line {self._line}"

    def _more(self, place: str = "") -> bool:
        """Read on, dropping what was taken; doubles, so that a long value is scanned but a few times."""
        kept = self._window[self.at :]
        if len(kept) > RECORD_LIMIT:
            raise ImportFileError(f"{place}: a record longer than {RECORD_LIMIT:,} characters")
        fresh: list[str] = []
        size = 0
        while size <= len(kept) and (piece := next(self._pieces, "")):
            fresh.append(piece)
            size += len(piece)
        if not fresh:
            return False
        self._line += self._window.count("\n", self._counted, self.at)
        self._window = "".join((kept, *fresh))
        self.at = self._counted = 0
        return True


def _top(text: _Text, arrays: frozenset[Path]) -> Iterator[tuple[str, object]]:
    first = text.peek()
    place = text.place()
    if first == "[":
        yield from _members(text)
    elif first == "{" and arrays:
        whole: dict[str, object] = {}
        found = yield from _object(text, (), arrays, whole)
        if not found:
            yield place, whole
    else:
        yield place, text.value()


def _members(text: _Text) -> Iterator[tuple[str, object]]:
    text.take("[")
    while text.peek() != "]":
        place = text.place()
        yield place, text.value()
        if text.peek() != "]":
            text.take(",")
            if text.peek() == "]":
                raise ImportFileError(f"{text.place()}: not JSON: a comma before ']'")
    text.take("]")


def _object(
    text: _Text, path: Path, arrays: frozenset[Path], whole: dict[str, object]
) -> Generator[tuple[str, object], None, bool]:
    """Yields the members of arrays of records; fills `whole` with everything else; returns whether there were any."""
    found = False
    text.take("{")
    while text.peek() != "}":
        place = text.place()
        key = text.value()
        if not isinstance(key, str):
            raise ImportFileError(f"{place}: not JSON: a key that is not a string")
        if key in whole:
            raise ImportFileError(f"{place}: the key {key!r} stands twice")
        text.take(":")
        below = (*path, key)
        if below in arrays and text.peek() == "[":
            found, whole[key] = True, None
            yield from _members(text)
        elif text.peek() == "{" and any(array[: len(below)] == below for array in arrays):
            inner: dict[str, object] = {}
            found = (yield from _object(text, below, arrays, inner)) or found
            whole[key] = inner
        else:
            whole[key] = text.value()
        if text.peek() != "}":
            text.take(",")
            if text.peek() == "}":
                raise ImportFileError(f"{text.place()}: not JSON: a comma before '}}'")
    text.take("}")
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {twice!r} stands twice")
    return members


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is not a JSON number")


def _whole(digits: str) -> int:
    return int(_short(digits))


def _decimal(digits: str) -> float:
    value = float(_short(digits))
    if value in {float("inf"), float("-inf")}:
        raise ValueError(f"the number {digits} is too large")
    return value


def _short(digits: str) -> str:
    if len(digits) > DIGIT_LIMIT:
        raise ValueError(f"a number of {len(digits):,} digits; at most {DIGIT_LIMIT} are read")
    return digits


def _check_strings(value: object) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a string holds a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("a string holds half a character (a lone surrogate)")
    elif isinstance(value, dict):
        for key, member in value.items():
            _check_strings(key)
            _check_strings(member)
    elif isinstance(value, list):
        for member in value:
            _check_strings(member)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_number, parse_int=_whole, parse_float=_decimal
)


def _field_first(message: str) -> str:
    """msgspec's "Expected `str`, got `int` - at `$.title`" as "title: Expected ..."."""
    words, _, where = message.partition(" - at ")
    field = where.strip("`").removeprefix("$").removeprefix(".")
    return f"{field}: {words}" if field else words
