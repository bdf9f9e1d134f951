"""What a reader made of a text: the dose if there is only one, what was found, what was not read, what to ask."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vademecum.dosing.figures import Measure
from vademecum.dosing.model import Dose


class Level(StrEnum):
    """How far a warning goes. `ASK` and `STOP` leave the reading without a dose."""

    NOTE = "note"  # read for sure, but written in an error-prone way
    FLAG = "flag"  # read as written, but unlikely to be meant
    ASK = "ask"  # two readings: only the author can say
    STOP = "stop"  # contradictory, or known to have killed


class ReadingWarning(msgspec.Struct, frozen=True):
    """One reason for doubt. `ask` is the question to put to the author, empty for a note."""

    code: str
    level: Level
    message: str
    ask: str = ""
    start: int = 0
    end: int = 0


class Piece(msgspec.Struct, frozen=True):
    """`text == source[start:end]`, always."""

    text: str
    start: int
    end: int


class Expression(msgspec.Struct, frozen=True):
    """A figure or word with what it means in safe words, and its value in other units where a factor is known."""

    text: str
    start: int
    end: int
    means: str
    measure: Measure | None = None
    also: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """`dose` is None unless the text can be read in exactly one way."""

    text: str
    dose: Dose | None
    drug: str  # the words that name the drug, as read ("MTX" is read as methotrexate); "" if none
    expressions: tuple[Expression, ...] = ()
    unread: tuple[Piece, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()

    @property
    def level(self) -> Level | None:
        """The gravest level among the warnings."""
        order = list(Level)
        return max((warning.level for warning in self.warnings), key=order.index, default=None)

    @property
    def questions(self) -> tuple[str, ...]:
        """What to ask the author, gravest first."""
        order = list(Level)
        asked = sorted((w for w in self.warnings if w.ask), key=lambda w: -order.index(w.level))
        return tuple(warning.ask for warning in asked)
