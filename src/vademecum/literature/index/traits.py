"""What filters ask about a source, packed into one number, so that a million vectors are filtered in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from vademecum.evidence.model import Design, Population, SourceState
from vademecum.literature.index.filters import Filters
from vademecum.literature.records import RecordKind
from vademecum.literature.store.model import SourceRow

_KINDS = list(RecordKind)
_DESIGNS = list(Design)
_STATES = list(SourceState)
_POPULATIONS = list(Population)

# First bit and number of bits; 0 stands for "not stated", so that values count from 1.
_KIND = (0, 4)
_DESIGN = (4, 6)
_STATE = (10, 4)
_LEVEL = (14, 4)
_POPULATION = (18, 8)  # one bit each: a source may be about several
_LANGUAGE = (26, 15)
_YEAR = (41, 14)

LAYOUT = "|".join(
    [",".join(names) for names in (_KINDS, _DESIGNS, _STATES, _POPULATIONS)]
    + [str((_KIND, _DESIGN, _STATE, _LEVEL, _POPULATION, _LANGUAGE, _YEAR))]
)
"""Says how the bits are read; numbers packed under another layout are not."""


def traits_of(row: SourceRow) -> int:
    """The packed traits of a source."""
    appraisal = row.appraisal
    year = row.record.year
    people = sum(1 << _POPULATIONS.index(one) for one in set(appraisal.populations))
    return (
        _put(_KIND, _KINDS.index(row.kind) + 1)
        | _put(_DESIGN, _DESIGNS.index(appraisal.design) + 1 if appraisal.design else 0)
        | _put(_STATE, _STATES.index(row.state) + 1)
        | _put(_LEVEL, appraisal.level + 1 if appraisal.level is not None else 0)
        | _put(_POPULATION, people)
        | _put(_LANGUAGE, _letters(row.record.language))
        | _put(_YEAR, year if year is not None and 0 < year < 1 << _YEAR[1] else 0)
    )


def passing(traits: npt.NDArray[np.uint64], filters: Filters) -> npt.NDArray[np.bool_]:
    """Which of the packed traits the filters let through."""
    kept = np.ones(len(traits), dtype=np.bool_)
    choices: tuple[tuple[tuple[int, int], Iterable[int]], ...] = (
        (_KIND, [_KINDS.index(kind) + 1 for kind in filters.kinds]),
        (_DESIGN, [_DESIGNS.index(design) + 1 for design in filters.designs]),
        (_STATE, [_STATES.index(state) + 1 for state in filters.states]),
        (_LEVEL, [level + 1 for level in filters.levels]),
        (_LANGUAGE, [_letters(language) for language in filters.languages]),
    )
    for place, values in choices:
        if values:
            table = np.zeros(1 << place[1], dtype=np.bool_)
            table[[value for value in values if 0 < value < len(table)]] = True
            kept &= table[_get(traits, place)]
    if filters.populations:
        wanted = sum(1 << _POPULATIONS.index(one) for one in set(filters.populations))
        kept &= (_get(traits, _POPULATION) & np.uint64(wanted)) != 0
    first, last = filters.years
    if first is not None or last is not None:
        years = _get(traits, _YEAR)
        kept &= (years >= np.uint64(max(first or 1, 1))) & (
            years <= np.uint64(max(last if last is not None else 1 << 14, 0))
        )
    return kept


def _put(place: tuple[int, int], value: int) -> int:
    first, bits = place
    return (value if 0 <= value < 1 << bits else 0) << first


def _get(traits: npt.NDArray[np.uint64], place: tuple[int, int]) -> npt.NDArray[np.uint64]:
    first, bits = place
    return (traits >> np.uint64(first)) & np.uint64((1 << bits) - 1)


def _letters(language: str | None) -> int:
    """Up to three letters as a number; 0 for none."""
    value = 0
    for letter in (language or "").lower()[:3]:
        value = value * 27 + (ord(letter) - ord("a") + 1 if "a" <= letter <= "z" else 0)
    return value
