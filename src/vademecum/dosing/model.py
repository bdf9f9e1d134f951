"""Doses as typed values.

A dose is a record, never prose: what is given, how much, on which basis (fixed, per kg, per m2, international
units), per what (dose, day, week, cycle), by which route, how often, for how long, and what it may never
exceed. mg/m2 is another kind than mg; "per week" is part of the value. Numbers are exact fractions.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec


class Per(StrEnum):
    """What an amount or a cap counts over. Never implied."""

    DOSE = "dose"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    CYCLE = "cycle"  # one treatment cycle, e.g. immunoglobulin 2 g/kg every 4 weeks
    COURSE = "course"  # the whole course
    MINUTE = "minute"  # continuous infusion rates
    HOUR = "hour"


class Route(StrEnum):
    ORAL = "oral"
    SUBCUTANEOUS = "subcutaneous"
    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    INTRATHECAL = "intrathecal"
    TOPICAL = "topical"
    RECTAL = "rectal"
    INHALED = "inhaled"
    NEBULISED = "nebulised"
    BUCCAL = "buccal"
    INTRANASAL = "intranasal"
    SUBLINGUAL = "sublingual"
    INTRAOSSEOUS = "intraosseous"
    INTRALESIONAL = "intralesional"
    TRANSDERMAL = "transdermal"
    ENTERAL = "enteral"
    OPHTHALMIC = "ophthalmic"
    OTIC = "otic"


class Quantity(msgspec.Struct, frozen=True, order=False):
    """A number with a UCUM unit. Comparison and arithmetic live in `dosing.units`: they check the kind."""

    value: Fraction
    unit: str


class Amount(msgspec.Struct, frozen=True, omit_defaults=True):
    """A quantity or a closed range of one unit; `low is None` means "up to high"."""

    low: Fraction | None
    high: Fraction
    unit: str


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A length of time, or a range of it: "6 to 8 h", "2 to 3 wk". Units s, min, h, d, wk, mo, a."""

    low: Fraction
    unit: str
    high: Fraction | None = None


class Frequency(msgspec.Struct, frozen=True, omit_defaults=True):
    """`times` administrations in every `every`: once daily is 1 per 1 d, every 6 to 8 hours is 1 per 6-8 h."""

    times: int = 1
    every: Span | None = None  # None: a single administration
    times_high: int | None = None
    as_needed: bool = False


class Cap(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ceiling: `amount` per `per`; `over` for rolling limits such as 2200 mg over 90 d."""

    amount: Quantity
    per: Per
    over: Span | None = None


class Titration(msgspec.Struct, frozen=True, omit_defaults=True):
    """Raise by `by` every `every` up to `to` (a target amount in the dose's own unit and period)."""

    to: Amount | None = None
    by: Amount | None = None
    every: Span | None = None


class TaperStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """Go down to `to` over `over`; `to is None` is a stop."""

    over: Span
    to: Amount | None = None


class Dose(msgspec.Struct, frozen=True, omit_defaults=True):
    """One dosing rule for one drug, as its source states it."""

    drug: str  # drug sheet id
    per: Per
    amount: Amount | None = None  # None only for a pure ceiling (paracetamol: at most 4 g per day)
    route: Route | None = None
    frequency: Frequency | None = None  # None: the source does not say how often
    duration: Span | None = None
    at_most_for: Span | None = None  # the longest course allowed
    caps: tuple[Cap, ...] = ()
    no_cap: bool = False  # the author looked and the source states none
    usual: Amount | None = None  # "usually 40 to 60 mg", same period as `per`
    then: Amount | None = None  # following doses; `amount` is then the first, larger one only
    titration: Titration | None = None
    split_over: Span | None = None  # "divided over 2 to 5 days"
    taper: tuple[TaperStep, ...] = ()
    max_rate: Quantity | None = None  # infusion ceiling, e.g. 4 mg/kg/min
    min_age: Span | None = None  # from this age, in years
    compute: bool = True  # False: shown, never worked out for a patient
