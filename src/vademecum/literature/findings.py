"""What mining takes out of a document: sentences that assert something, each with its place and its figures."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class FindingKind(StrEnum):
    RECOMMENDATION = "recommendation"
    CONCLUSION = "conclusion"
    DOSE = "dose"
    CONTRAINDICATION = "contraindication"
    RESULT = "result"  # a numeric result


class Role(StrEnum):
    """What a figure in a result stands for."""

    ARM = "arm"  # the name of a group: its span holds words, not a number
    EVENTS = "events"
    DENOMINATOR = "denominator"
    PERCENT = "percent"
    EFFECT = "effect"  # OR, RR, HR, MD, SMD, ...; `measure` says which
    INTERVAL_LOW = "interval_low"
    INTERVAL_HIGH = "interval_high"
    P_VALUE = "p_value"
    MEAN = "mean"
    SPREAD = "spread"  # SD, SE, IQR
    OUTCOME = "outcome"  # words


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One figure of a result; `start` and `end` count characters of Document.text."""

    role: Role
    start: int
    end: int
    text: str
    measure: str | None = None  # "OR", "HR", "mean difference"
    unit: str | None = None
    arm: int | None = None  # index of the arm it belongs to, in order of mention, where the sentence says so


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sentence of a document: `text == document.text[start:end]`."""

    kind: FindingKind
    start: int
    end: int
    text: str
    rule: str  # name of the rule that found it
    strength: str | None = None  # as printed: "strong", "conditional", "should", ...
    negated: bool = False  # "we recommend against", "is not contraindicated", "no significant difference"
    grade: str | None = None  # as printed: "Grade 1B", "low certainty"
    figures: tuple[Figure, ...] = ()
