"""The inside of a line: safe characters, figures that stay whole, and the marks that follow a sentence.

Every output form sets the same pieces, each in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from vademecum.answer.article import Sentence
from vademecum.evidence.model import Certainty, Population
from vademecum.render import words

NBSP = "\u00a0"


class Role(StrEnum):
    """What a piece of a line is."""

    TEXT = "text"
    AMOUNT = "amount"  # the amount and unit of a dose
    CITE = "cite"  # reference numbers
    DOTS = "dots"  # certainty as shape
    GRADE = "grade"  # strength and certainty in words
    SCOPE = "scope"  # population, setting
    CAVEAT = "caveat"
    COMMAND = "command"


class Piece(NamedTuple):
    text: str
    role: Role = Role.TEXT


# --- characters ----------------------------------------------------------------------------------------

_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u2060\u2066-\u2069\u202a-\u202e\ufeff\U000e0000-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` on one line, without characters that steer a terminal, turn the reading direction or hide words."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub(" ", _INVISIBLE.sub("", text))).strip()


# --- figures -------------------------------------------------------------------------------------------

_NUMBER = r"\d[\d,]*(?:\.\d+)?(?: million)?"
_RANGE = rf"{_NUMBER}(?: to {_NUMBER})?"
_GIVEN = (
    "mg|g|kg|mcg|nanograms?|picograms?|mL|L|dL|mcL|mol|mmol|micromol|nanomol|picomol|mEq|units?|milliunits?|"
    "tablets?|capsules?|drops?|puffs?|sprays?|patch(?:es)?|sachets?|ampoules?|vials?|suppositor(?:y|ies)|percent"
)
_PER = r"(?:/(?:1\.73 ?m2|[A-Za-z]+2?))*"
_AMOUNT = re.compile(rf"(?<![\w.,/]){_RANGE}(?: (?:{_GIVEN}){_PER}|%)(?!\w)")
_MEASURE = re.compile(
    rf"(?<![\w.,/]){_RANGE} (?:(?:{_GIVEN}|microunits?|degrees(?: Celsius| Fahrenheit)?|mmHg|kPa|cmH2O|mOsm|cm|mm|m2|"
    rf"seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|doses|x 10\^\d+){_PER}|per cent)(?!\w)"
)


@lru_cache(maxsize=4096)
def glued(text: str) -> str:
    """`text`, clean, with every number bound to its unit by non-breaking spaces."""
    return _MEASURE.sub(lambda match: match[0].replace(" ", NBSP), clean(text))


def amount_pieces(text: str) -> Iterator[Piece]:
    """`text` with its amounts set apart."""
    plain = clean(text)
    end = 0
    for match in _AMOUNT.finditer(plain):
        yield Piece(glued(plain[end : match.start()] + "\0").rstrip("\0"))
        yield Piece(match[0].replace(" ", NBSP), Role.AMOUNT)
        end = match.end()
    yield Piece(glued(plain[end:]))
