"""A text as a row of marks: figures, known words and unknown words, each with its place."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from vademecum.dosing.clause_words import WORDS, Mark, Word, row_of
from vademecum.dosing.figures import TIMES, Measure, Role
from vademecum.dosing.unit_table import Kind
from vademecum.dosing.units import is_given, kind_of, rate_parts

_NAME = re.compile(r"[A-Za-z\u00c0-\u024f][\w\u00c0-\u024f'-]*")
_NAME_WITH_NUMBER = re.compile(r"\d[\w'-]*[A-Za-z][\w'-]*")
_INSULIN_STRENGTH = re.compile(r"\bU-?(100|200|300|500)\b")
_TIME = (Kind.ELAPSED_TIME, Kind.CALENDAR_TIME)


class Token(NamedTuple):
    """One mark at `text[start:end]` with what it came from."""

    mark: Mark
    start: int
    end: int
    measure: Measure | None = None
    word: Word | None = None


def _mark_of(measure: Measure) -> Mark:
    if measure.role is Role.FREQUENCY:
        return Mark.TIMES if measure.per is None else Mark.FREQUENCY
    if measure.role is Role.INTERVAL:
        return Mark.INTERVAL
    if measure.role is Role.RATIO:
        return Mark.RATIO
    if measure.unit is None or measure.unit == TIMES:
        return Mark.NUMBER
    kind = kind_of(measure.unit)
    if kind in _TIME:
        return Mark.SPAN
    if measure.unit == "kg" and measure.per is None:
        return Mark.WEIGHT
    if is_given(measure.unit):
        return Mark.AMOUNT
    if rate_parts(measure.unit):
        return Mark.RATE
    return Mark.CONCENTRATION if kind.name.endswith("_CONCENTRATION") else Mark.LAB


def tokens_of(text: str, measures: list[Measure]) -> list[Token]:
    """Every mark of the text from left to right; only spaces and symbols fall between them."""
    tokens: list[Token] = []
    position, coming = 0, list(measures)
    while position < len(text):
        while coming and coming[0].start < position:
            coming.pop(0)
        token = _next(text, position, coming[0] if coming else None)
        if token is None:
            position += 1
        else:
            tokens.append(token)
            position = token.end
    return tokens


def _next(text: str, position: int, measure: Measure | None) -> Token | None:
    if measure is not None and measure.start == position:
        name = _NAME_WITH_NUMBER.match(text, position) if "in_word" in measure.notes else None
        if name:
            return Token(Mark.WORD, position, name.end())
        return Token(_mark_of(measure), position, measure.end, measure)
    if strength := _INSULIN_STRENGTH.match(text, position):
        units = Measure(position, strength.end(), *(_fraction(strength[1]),) * 2, "[IU]/mL", notes=("u_strength",))
        return Token(Mark.CONCENTRATION, position, strength.end(), units)
    limit = len(text) if measure is None else measure.start
    known = WORDS.match(text, position)
    if known and known.end() > limit and row_of(known).mark is not Mark.ODD:  # "x3d" is one abbreviation
        known = WORDS.match(text, position, limit)
    name = _NAME.match(text, position, limit)
    if known and known.end() > position and (name is None or known.end() >= _bare_end(name)):
        row = row_of(known)
        return Token(row.mark, position, known.end(), None, row)
    return Token(Mark.WORD, position, name.end()) if name else None


def _bare_end(name: re.Match[str]) -> int:
    """Where a name ends without trailing hyphens: "max-" is the word max."""
    return name.start() + len(name[0].rstrip("-'"))


def _fraction(digits: str) -> Fraction:
    return Fraction(int(digits))
