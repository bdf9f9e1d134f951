"""What imported sources say on a question: exact quotations, best design and newest first, with who disagrees.

Nothing is paraphrased and nothing is weighed: a quotation stands as printed, with the place it was taken from. The
stance of a quotation is read from its own words by the mining rules.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vademecum.evidence.model import Population, Source


class Stance(StrEnum):
    """What a quotation asserts, as far as its wording tells."""

    RECOMMENDS = "recommends"
    AGAINST = "recommends against"
    FINDING = "states a finding"
    NO_EFFECT = "states no effect, difference or association"
    OTHER = "other passages"


class Quotation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words of one source: `text == document(version).text[start:end]`."""

    source: Source
    text: str
    version: int
    start: int
    end: int
    stance: Stance
    path: tuple[str, ...] = ()  # headings the words stand under
    grade: str | None = None  # as printed in the words
    population: Population | None = None  # when the source is about one group only
    level: int | None = None  # OCEBM 2011


class Digest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The quotations that bear on a question, in reading order; retracted work is apart and supports nothing."""

    quotations: tuple[Quotation, ...] = ()
    retracted: tuple[Quotation, ...] = ()
    searched: int = 0  # sources in the store
    semantic: bool = False  # found by meaning too, or by words only
    imported: str | None = None  # date of the last import
