"""Ways in which a sentence can stop saying what its statement says, one slip at a time.

Each takes the text of a statement and yields wrong versions of it; nothing is yielded where the slip has no place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Slip = Callable[[str], Iterator[str]]

_NUMBER = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w.,]*\d|[-/]\d)")


def _each(pattern: str | re.Pattern[str], instead: Callable[[re.Match[str]], str]) -> Slip:
    """One wrong text for each place where `pattern` occurs."""
    compiled = re.compile(pattern) if isinstance(pattern, str) else pattern

    def slips(text: str) -> Iterator[str]:
        for match in compiled.finditer(text):
            yield text[: match.start()] + instead(match) + text[match.end() :]

    return slips


def _words(*pairs: tuple[str, str]) -> Slip:
    """Each left-hand word or phrase becomes the right-hand one; a capital stays a capital."""
    table = dict(pairs)
    longest_first = sorted(table, key=len, reverse=True)

    def instead(match: re.Match[str]) -> str:
        other = table[match[0].lower()]
        return other.capitalize() if match[0][0].isupper() else other

    return _each(re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b", re.IGNORECASE), instead)


def _both_ways(*pairs: tuple[str, str]) -> Slip:
    return _words(*pairs, *((right, left) for left, right in pairs))


def _plain(number: str) -> float:
    return float(number.replace(",", ""))


def _written(value: float) -> str:
    return f"{value:,.4f}".rstrip("0").rstrip(".")


ten_times = _each(_NUMBER, lambda match: _written(_plain(match[0]) * 10))
a_tenth = _each(_NUMBER, lambda match: _written(_plain(match[0]) / 10))
slightly_more = _each(_NUMBER, lambda match: _written(_plain(match[0]) + (1 if _plain(match[0]) >= 1 else 0.1)))

per_area = _each(r"(?<=\d )mg\b(?!/)", lambda _: "mg/m2")
per_weight = _each(r"(?<=\d )(mg|g|mcg)\b(?!/)", lambda match: f"{match[0]}/kg")
not_per_area = _each(r"mg/m2\b", lambda _: "mg")
not_per_weight = _each(r"(?<=\d )(mg|g|mcg)/kg\b", lambda match: match[1])
micro_to_milli = _each(r"\bmcg\b", lambda _: "mg")
milli_to_whole = _each(r"(?<=\d )mg\b", lambda _: "g")
whole_to_milli = _each(r"(?<=\d )g\b", lambda _: "mg")

period = _both_ways(
    ("daily", "weekly"),
    ("a day", "a week"),
    ("per day", "per week"),
    ("each day", "each week"),
    ("every day", "every week"),
)
frequency = _words(
    ("once daily", "twice daily"),
    ("once weekly", "twice weekly"),
    ("twice", "three times"),
    ("three times", "four times"),
    ("four times", "twice"),
)
less_often = _words(("twice daily", "once daily"), ("three times daily", "once daily"), ("twice weekly", "once weekly"))
duration = _each(
    r"(?<=\d )(hours?|days?|weeks?|months?|years?)\b",
    lambda match: {"hour": "day", "day": "week", "week": "month", "month": "week", "year": "month"}[
        match[0].rstrip("s")
    ]
    + ("s" if match[0].endswith("s") else ""),
)

lost_negation = _each(r"\b(?:do not |does not |did not |is not |are not |not |never )", lambda match: _positive(match[0]))
gained_negation = _each(r"\b(is|are|may|should|can|must)\b (?!not\b)", lambda match: f"{match[1]} not ")
opposite = _both_ways(
    ("above", "below"),
    ("at least", "at most"),
    ("more than", "less than"),
    ("higher", "lower"),
    ("increases", "reduces"),
    ("raises", "lowers"),
    ("before", "after"),
)
population = _words(
    ("adults", "children"),
    ("adult", "child"),
)
stronger = _words(
    ("may", "must"),
    ("might", "must"),
    ("can", "must"),
    ("consider", "always give"),
    ("suggests", "requires"),
)


def _positive(negated: str) -> str:
    return {"is not ": "is ", "are not ": "are "}.get(negated.lower(), "")


def another_drug(named: tuple[tuple[str, str], ...]) -> Slip:
    """`named`: a drug name as the text writes it, and the name of another drug."""
    return _words(*named)
