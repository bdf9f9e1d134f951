"""What a search may be narrowed to; the same filters hold for words and for vectors."""

from __future__ import annotations

import msgspec

from vademecum.evidence.model import Design, Population, SourceState
from vademecum.literature.records import RecordKind


class Filters(msgspec.Struct, frozen=True, omit_defaults=True):
    """Empty means anything. Within one filter any value will do; all filters must hold.

    A passage of a source that does not state the year, design and so on is left out when that filter is set.
    """

    kinds: tuple[RecordKind, ...] = ()
    years: tuple[int | None, int | None] = (None, None)  # first and last, both included
    populations: tuple[Population, ...] = ()
    designs: tuple[Design, ...] = ()
    languages: tuple[str, ...] = ()  # ISO 639-2, as records have them
    levels: tuple[int, ...] = ()
    states: tuple[SourceState, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the filters leave anything out."""
        return self != Filters()


class Scored(msgspec.Struct, frozen=True):
    """A passage found by one way of searching; scores of two ways are not comparable."""

    passage: int
    source: int
    score: float
