"""What kind of evidence a record is, by rules a reader can check: design, size, people, level, and why.

Levels follow the OCEBM 2011 Levels of Evidence for questions of treatment benefit
(https://www.cebm.ox.ac.uk/resources/levels-of-evidence/ocebm-levels-of-evidence).
"""

from __future__ import annotations

import msgspec

from vademecum.evidence.model import Design, Population
from vademecum.literature.appraisal.design import design_of
from vademecum.literature.appraisal.funding import industry_of
from vademecum.literature.appraisal.levels import level_of
from vademecum.literature.appraisal.people import participants_of, populations_of
from vademecum.literature.appraisal.reviews import included_designs
from vademecum.literature.appraisal.verdict import Verdict
from vademecum.literature.appraisal.view import View, view
from vademecum.literature.documents import Document
from vademecum.literature.records import Record, RecordKind

RULES_VERSION = 1
"""Raised whenever a rule changes what it says of some record."""


class Appraisal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Read off the record, never inferred by a model. Absent means the record does not say."""

    design: Design | None = None
    level: int | None = None  # OCEBM 2011, 1 (best) to 5; None when the scheme has no place for the design
    reason: str = ""  # which words or fields decided, ready to show
    participants: int | None = None  # people randomised or analysed, as stated
    participants_span: tuple[int, int] | None = None  # into Document.text
    populations: tuple[Population, ...] = ()
    animals: bool = False
    funding: tuple[str, ...] = ()
    industry_funded: bool | None = None  # only where the record states it


_STUDIES = frozenset({RecordKind.CITATION, RecordKind.FULL_TEXT})


def appraise(record: Record, document: Document) -> Appraisal:
    """What the record states about its design, people and funding; the level that follows, with the reason."""
    seen = view(record, document)
    verdict = design_of(record.kind, seen)
    level, reason = _level(verdict, seen)
    study = record.kind in _STUDIES
    animals = study and seen.animal is not None
    counted = participants_of(seen, verdict.design) if study and _counts_people(verdict.design, animals) else None
    return Appraisal(
        design=verdict.design,
        level=level,
        reason=reason,
        participants=counted[0] if counted else None,
        participants_span=counted[1] if counted else None,
        populations=() if animals else populations_of(seen),
        animals=animals,
        funding=record.funding,
        industry_funded=industry_of(record, document.text, seen) if study else None,
    )


_NO_PEOPLE = frozenset(
    {
        Design.PROTOCOL,
        Design.OPINION,
        Design.GUIDELINE,
        Design.CONSENSUS,
        Design.NARRATIVE_REVIEW,
        Design.LABORATORY,
        Design.ANIMAL,
        Design.CASE_REPORT,
    }
)


def _counts_people(design: Design | None, animals: bool) -> bool:
    return not animals and design not in _NO_PEOPLE


_NAMES = {design: f"{design.value[0].upper()}{design.value[1:]}" for design in Design}


def _level(verdict: Verdict, seen: View) -> tuple[int | None, str]:
    """The level and the sentence that explains design and level to a reader."""
    if verdict.design is None:
        return None, f"No design: {verdict.because}."
    named = f"{_NAMES[verdict.design]} ({verdict.because})"
    level = level_of(verdict.design, included_designs(verdict.design, seen))
    place = f"OCEBM 2011 level {level.number}" if level.number else "no OCEBM 2011 level"
    return level.number, f"{named}; {place}: {level.why}."
