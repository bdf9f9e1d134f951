"""The figures of a text as a set, so that two texts can be compared number by number and unit by unit."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from vademecum.dosing.measures import numbers_with_units

Figure = tuple[Fraction, str | None]
"""A value and its UCUM unit; None where the text gives none. Frequencies count in "{times}"."""

TIMES = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
"""Units of time, which a text may leave to the words around the number ("week 16")."""

_GLOSSED = re.compile(r"\b(mg|g|mcg|units) per square met(?:re|er) \(\1/m2\)", re.IGNORECASE)
_HUNDREDTHS = re.compile(r"\bpercent\b|\bper cent\b")


@lru_cache(maxsize=4096)
def amounts(text: str) -> frozenset[Figure]:
    """Every figure of `text`: both ends of a range, both readings of "1.500 mg"; not "once", which says nothing."""
    return _read(text, counting_words=True)


@lru_cache(maxsize=4096)
def figures(text: str) -> frozenset[Figure]:
    """Like `amounts`, without bare counting words up to three ("the two together", "these three medicines")."""
    return _read(text, counting_words=False)


def _read(text: str, *, counting_words: bool) -> frozenset[Figure]:
    found: set[Figure] = set()
    normal = _HUNDREDTHS.sub("%", _GLOSSED.sub(r"\1/m2", text))
    for measure in numbers_with_units(normal):
        bare_word = measure.unit is None and normal[measure.start : measure.end].isalpha()
        if bare_word and not counting_words and measure.low is not None and measure.low <= 3:
            continue
        for value in (measure.low, measure.high, *measure.could_be):
            if value is not None and not (measure.unit == "{times}" and value == 1):
                found.add((value, measure.unit))
    return frozenset(found)
