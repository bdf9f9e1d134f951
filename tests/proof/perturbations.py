"""Ways in which a sentence can stop saying what its statement says, one slip at a time.

Each takes the text of a statement and yields wrong versions of it; nothing where the slip has no place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Slip = Callable[[str], Iterator[str]]

_NUMBER = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w.,]*\d|[-/]\d)")


def _each(pattern: str | re.Pattern[str], instead: Callable[[re.Match[str]], str]) -> Slip:
    """One wrong text for each place where `pattern` occurs."""
    compiled = re.compile(pattern) if isinstance(pattern, str) else pattern

    def slip(text: str) -> Iterator[str]:
        for match in compiled.finditer(text):
            yield text[: match.start()] + instead(match) + text[match.end() :]

    return slip


def _words(*pairs: tuple[str, str]) -> Slip:
    """Each left-hand word or phrase becomes the right-hand one; a capital stays a capital."""
    table = dict(pairs)
    longest_first = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))

    def instead(match: re.Match[str]) -> str:
        other = table[match[0].lower()]
        return other.capitalize() if match[0][0].isupper() else other

    return _each(re.compile(rf"\b(?:{longest_first})\b", re.IGNORECASE), instead)


def _both_ways(*pairs: tuple[str, str]) -> Slip:
    return _words(*pairs, *((right, left) for left, right in pairs))


# --- numbers and units -----------------------------------------------------------------------------------


def _value(match: re.Match[str]) -> float:
    return float(match[0].replace(",", ""))


def _written(value: float) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".")


ten_times = _each(_NUMBER, lambda match: _written(_value(match) * 10))
a_tenth = _each(_NUMBER, lambda match: _written(_value(match) / 10))
slightly_more = _each(_NUMBER, lambda match: _written(_value(match) + (1 if _value(match) >= 1 else 0.1)))


def swapped_numbers(text: str) -> Iterator[str]:
    """Each number and the next one change places; not the two ends of a range, which stays the same range."""
    for one, other in pairwise(_NUMBER.finditer(text)):
        if one[0] != other[0] and text[one.end() : other.start()] != " to ":
            yield text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]


per_area = _each(r"(?<=\d )mg\b(?!/)", lambda _: "mg/m2")
per_weight = _each(r"(?<=\d )(?:mg|g|mcg)\b(?!/)", lambda match: f"{match[0]}/kg")
not_per_area = _each(r"mg/m2\b", lambda _: "mg")
not_per_weight = _each(r"(?<=\d )(mg|g|mcg)/kg\b", lambda match: match[1])
micro_to_milli = _each(r"\bmcg\b", lambda _: "mg")
milli_to_whole = _each(r"(?<=\d )mg\b", lambda _: "g")
whole_to_milli = _each(r"(?<=\d )g\b", lambda _: "mg")

# --- time ------------------------------------------------------------------------------------------------

period = _both_ways(
    ("daily", "weekly"),
    ("a day", "a week"),
    ("per day", "per week"),
    ("each day", "each week"),
    ("every day", "every week"),
)
more_often = _words(
    ("once daily", "twice daily"),
    ("once weekly", "twice weekly"),
    ("twice", "three times"),
    ("three times", "four times"),
)
less_often = _words(
    ("twice daily", "once daily"),
    ("twice weekly", "once weekly"),
    ("three times daily", "once daily"),
    ("four times", "twice"),
)
_OTHER_TIME = {"hour": "day", "day": "week", "week": "month", "month": "week", "year": "month"}
duration = _each(r"(?<=\d )(hour|day|week|month|year)(s?)\b", lambda match: _OTHER_TIME[match[1]] + match[2])

# --- meaning ---------------------------------------------------------------------------------------------

lost_negation = _each(
    r"\b(?:[Dd]o not|[Dd]oes not|[Dd]id not|is not|are not|not|[Nn]ever) ",
    lambda match: {"is not ": "is ", "are not ": "are "}.get(match[0], ""),
)
gained_negation = _each(r"\b(is|are|may|should|can|must) (?!not\b)", lambda match: f"{match[1]} not ")
opposite = _both_ways(
    ("above", "below"),
    ("at least", "at most"),
    ("more than", "less than"),
    ("higher", "lower"),
    ("increases", "reduces"),
    ("raises", "lowers"),
    ("before", "after"),
)
population = _words(("adults", "children"), ("adult", "child"))
stronger = _words(
    ("may", "must"),
    ("might", "must"),
    ("can", "must"),
    ("consider", "always give"),
    ("suggests", "requires"),
)


def other_drug(name: str, other: str) -> Slip:
    """`other` stands where `name` stood."""
    return _words((name, other))


def swapped(one: str, other: str) -> Slip:
    """The first mention of each of two drugs stands where the other stood; not inside a list, where order is free."""
    both = re.compile(rf"\b({re.escape(one)})\b([^.]*?[a-z]+ [a-z]+[^.]*?)\b({re.escape(other)})\b", re.IGNORECASE)
    return _each(both, lambda match: match[3] + match[2] + match[1])
