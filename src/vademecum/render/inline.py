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

_S = "[ \u00a0]"
_NUMBER = rf"\d[\d,]*(?:\.\d+)?(?:{_S}million)?"
_RANGE = rf"(?<![\w.,/]){_NUMBER}(?:{_S}to{_S}{_NUMBER})?"
_GIVEN = (
    "mg|g|kg|mcg|nanograms?|picograms?|mL|L|dL|mcL|mol|mmol|micromol|nanomol|picomol|mEq|units?|milliunits?|"
    "tablets?|capsules?|drops?|puffs?|sprays?|patch(?:es)?|sachets?|ampoules?|vials?|suppositor(?:y|ies)"
)
_OTHER = (
    rf"percent|per{_S}cent|microunits?|degrees(?:{_S}Celsius|{_S}Fahrenheit)?|mmHg|kPa|cmH2O|mOsm|cm|mm|m2|seconds?|minutes?|"
    rf"hours?|days?|weeks?|months?|years?|times|doses|x{_S}10\^\d+"
)
_BASIS = rf"{_S}per{_S}(?:kg|kilogram|m2|square{_S}met(?:re|er))"  # part of the unit: never "mg" alone for mg/m2
_PER = rf"(?:/(?:1\.73{_S}?m2|[^\s/,;:.()\[\]]+))*(?!\w)(?:{_BASIS}(?!\w))?"
_AMOUNT = re.compile(rf"{_RANGE}(?:{_S}(?:{_GIVEN}){_PER}|%)")
_MEASURE = re.compile(rf"{_RANGE}{_S}(?:{_GIVEN}|{_OTHER}){_PER}")


@lru_cache(maxsize=4096)
def glued(text: str) -> str:
    """`text`, clean, with every number bound to its unit by non-breaking spaces."""
    return _MEASURE.sub(lambda match: match[0].replace(" ", NBSP), clean(text))


def amount_pieces(text: str) -> Iterator[Piece]:
    """`text` with its amounts set apart."""
    whole = glued(text)
    end = 0
    for match in _AMOUNT.finditer(whole):
        if match.start() > end:
            yield Piece(whole[end : match.start()])
        yield Piece(match[0], Role.AMOUNT)
        end = match.end()
    if end < len(whole):
        yield Piece(whole[end:])


# --- sentences -----------------------------------------------------------------------------------------


def sentence_pieces(sentence: Sentence, asked: Population | None, *, told: bool = False) -> tuple[Piece, ...]:
    """A sentence with its marks. `asked` is whom the article is for.

    `told` leaves the reference numbers only: for a phrase whose statement stands in full next to it.
    """
    if sentence.quote is not None:
        return (Piece(f"“{glued(sentence.text)}”"), *marks(sentence), *remarks(sentence, asked))
    body = amount_pieces(sentence.text) if sentence.dose or sentence.doses else (Piece(glued(sentence.text)),)
    return (*body, *(marks(sentence) if told else (*marks(sentence), *remarks(sentence, asked))))


def marks(sentence: Sentence) -> tuple[Piece, ...]:
    """The reference numbers, kept together."""
    return (Piece(f" {words.marks(sentence).replace(' ', NBSP)}", Role.CITE),)


def remarks(sentence: Sentence, asked: Population | None, *, population: bool = True) -> Iterator[Piece]:
    """Certainty, grade, whom it is about, the setting it comes from, the caveat."""
    if sentence.quote is None:
        yield Piece(NBSP + words.DOTS[sentence.certainty], Role.DOTS)
    elif sentence.quote.path:
        yield Piece(f" ({glued(' › '.join(sentence.quote.path))})", Role.SCOPE)
    if grade := words.grade_words(sentence):
        yield Piece(f" ({glued(grade)})", Role.GRADE)
    people = words.population_label(sentence.population, asked) if population else None
    setting = f"from {sentence.scope}" if sentence.scope else None
    if notes := "; ".join(filter(None, (people, setting))):
        yield Piece(f" ({glued(notes)})", Role.SCOPE)
    if sentence.caveat:
        yield Piece(f" ({glued(sentence.caveat)})", Role.CAVEAT)


def graded(sentence: Sentence) -> bool:
    return sentence.certainty is not Certainty.NOT_GRADED or bool(words.grade_words(sentence))
