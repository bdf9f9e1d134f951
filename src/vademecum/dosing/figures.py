"""Numerals and figures: reading what people write and writing what cannot be misread.

Written by the ISMP list of error-prone abbreviations: no trailing zero ("1 mg", not "1.0 mg"), no naked decimal
point ("0.5 mg", not ".5 mg"), commas from 1,000 on, words from a million on.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from vademecum.dosing.model import Per

_PLAIN = re.compile(r"\d+(?:\.\d+)?$|\.\d+$")
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$")
_COMMA_DECIMAL = re.compile(r"\d+,\d+$")
_EUROPEAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?$|[1-9]\d{0,2}\.\d{3},\d+$")
_SPACED = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+$")
_DOT_AND_THREE = re.compile(r"[1-9]\d{0,2}\.\d\d0$")

VULGAR = {
    "½": Fraction(1, 2),
    "⅓": Fraction(1, 3),
    "⅔": Fraction(2, 3),
    "¼": Fraction(1, 4),
    "¾": Fraction(3, 4),
    "⅛": Fraction(1, 8),
}


class Figure(NamedTuple):
    """A numeral's value, or `None` with what it `could_be`; `note` is the code of what is error-prone in it."""

    value: Fraction | None
    could_be: tuple[Fraction, ...] = ()
    note: str | None = None


class Role(StrEnum):
    """What a figure says."""

    VALUE = "value"
    FREQUENCY = "frequency"  # "three times daily": 3 {times} per day
    INTERVAL = "interval"  # "every 6 to 8 hours": 6 to 8 h
    RATIO = "ratio"  # "1:1000": low 1, high 1000
    UNIT = "unit"  # "10^9/L" without a number of its own


class Measure(NamedTuple):
    """One figure at `text[start:end]`. `low == high` for a single value; both None if it cannot be read for sure.

    `sign` is "", "<", "<=", ">", ">=", "~", "=" or "±", from a symbol or from words ("below 30", "at least 2").
    """

    start: int
    end: int
    low: Fraction | None
    high: Fraction | None
    unit: str | None = None
    sign: str = ""
    per: Per | None = None
    role: Role = Role.VALUE
    could_be: tuple[Fraction, ...] = ()
    notes: tuple[str, ...] = ()


TIMES = "{times}"
"""The unit of a frequency."""


@lru_cache(maxsize=4096)
def read_figure(text: str) -> Figure:
    """The value of one numeral as written in prose; never a guess between a decimal and a thousands separator."""
    if len(text) > 30:  # no dose; and Python refuses to read numerals of thousands of digits
        return Figure(None, (), "unreadable_number")
    if text and text[-1] in VULGAR:
        whole = text[:-1]
        return Figure(Fraction(int(whole) if whole.isdigit() else 0) + VULGAR[text[-1]])
    if _DOT_AND_THREE.match(text):  # "1.500": one and a half with a trailing zero, or fifteen hundred
        return Figure(None, (Fraction(text), Fraction(text.replace(".", ""))), "decimal_or_thousands")
    if _PLAIN.match(text):
        note = "naked_decimal" if text[0] == "." else "trailing_zero" if "." in text and text[-1] == "0" else None
        return Figure(Fraction(text), (), note)
    if _ENGLISH.match(text):
        return Figure(Fraction(text.replace(",", "")))
    if _EUROPEAN.match(text):
        return Figure(Fraction(text.replace(".", "").replace(",", ".")), (), "european_thousands")
    if _COMMA_DECIMAL.match(text):
        return Figure(Fraction(text.replace(",", ".")), (), "decimal_comma")
    if _SPACED.match(text):
        value = Fraction(re.sub(r"\D", "", text))
        if " " in text:  # "2 500 mg": 2,500 mg, or two of 500 mg
            return Figure(None, (value, Fraction(text.rsplit(" ", 1)[1])), "spaced_thousands")
        return Figure(value)
    return Figure(None, (), "unreadable_number")


def is_decimal(value: Fraction) -> bool:
    """True if the value has a finite decimal expansion."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def decimal_digits(value: Fraction) -> str:
    """The exact decimal digits, without exponent or trailing zero; "1/3" if there is no finite expansion."""
    if value.denominator == 1:
        return str(value.numerator)
    if not is_decimal(value):
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while value.denominator > 1 and (value * 10**places).denominator > 1:
        places += 1
    digits = str(abs(value * 10**places).numerator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def json_number(value: Fraction) -> int | Decimal | str:
    """For JSON: an int, an exact `Decimal`, or the text "1/3"."""
    if value.denominator == 1:
        return value.numerator
    return Decimal(decimal_digits(value)) if is_decimal(value) else decimal_digits(value)


def say_number(value: Fraction, *, words: bool = True) -> str:
    """The numeral for a reader: "0.5", "1,250", "1.2 million"; `words=False` keeps millions in digits."""
    if words and abs(value) >= 10**6 and (value / 1000).denominator == 1:
        return f"{say_number(value / 10**6, words=False)} million"
    digits = decimal_digits(value)
    whole, point, rest = digits.partition(".")
    return f"{int(whole):,}{point}{rest}" if abs(value) >= 1000 and "/" not in digits else digits
