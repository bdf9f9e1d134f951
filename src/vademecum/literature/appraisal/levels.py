"""The level of evidence a design has in a published scheme.

OCEBM Levels of Evidence Working Group, "The Oxford 2011 Levels of Evidence", column "Does this intervention help?
(treatment benefits)": 1 systematic review of randomised trials or n-of-1 trials; 2 randomised trial or observational
study with dramatic effect; 3 non-randomised controlled cohort or follow-up study; 4 case series, case-control or
historically controlled study; 5 mechanism-based reasoning. The scheme lets a reader move a level up or down for
quality, precision, directness or size of effect: that is judgement, so no rule here does it.
"""

from __future__ import annotations

from typing import NamedTuple

from vademecum.evidence.model import Design


class Level(NamedTuple):
    """The level, or None with why the scheme has no place for the design."""

    number: int | None
    why: str


_RANDOMISED = Level(2, "randomised trial")
_NO_STUDY = Level(None, "no study of its own")
LEVELS: dict[Design, Level] = {
    Design.RCT: _RANDOMISED,
    Design.RCT_OPEN: _RANDOMISED,
    Design.RCT_BLIND: _RANDOMISED,
    Design.SECONDARY_ANALYSIS: Level(3, "a later analysis of a trial counts as a follow-up study"),
    Design.NON_RANDOMISED: Level(3, "controlled study without randomisation"),
    Design.COHORT: Level(3, "cohort or follow-up study"),
    Design.SINGLE_ARM: Level(4, "no control group: counts as a case series"),
    Design.CASE_CONTROL: Level(4, "case-control study"),
    Design.CASE_SERIES: Level(4, "case series"),
    Design.PHARMACOVIGILANCE: Level(4, "reported cases: counts as a case series"),
    Design.OBSERVATIONAL: Level(4, "observational, no controlled cohort stated: lowest level of a study in people"),
    Design.ANIMAL: Level(5, "mechanism-based reasoning"),
    Design.LABORATORY: Level(5, "mechanism-based reasoning"),
    Design.HUMAN_EXPERIMENT: Level(5, "mechanism-based reasoning"),
    Design.CASE_REPORT: Level(None, "the scheme does not list single cases"),
    Design.CROSS_SECTIONAL: Level(None, "the scheme does not list cross-sectional studies for treatment benefit"),
    Design.DIAGNOSTIC_ACCURACY: Level(None, "answers a question of diagnosis, not of treatment benefit"),
    Design.QUALITATIVE: Level(None, "the scheme does not list qualitative studies"),
    Design.NARRATIVE_REVIEW: Level(None, "the scheme does not list narrative reviews"),
    Design.PROTOCOL: Level(None, "a plan has no results"),
    Design.OPINION: _NO_STUDY,
    Design.CONSENSUS: _NO_STUDY,
    Design.GUIDELINE: Level(None, "a guideline grades its own recommendations"),
    Design.LABELLING: Level(None, "product labelling"),
}
REVIEWS = frozenset({Design.META_ANALYSIS, Design.SYSTEMATIC_REVIEW})


class Included(NamedTuple):
    """The designs a systematic review says it includes."""

    randomised: bool = False
    cohorts: bool = False
    others: bool = False


def level_of(design: Design, included: Included) -> Level:
    """The level of a design. A review has the level of the weakest design it says it includes."""
    if design not in REVIEWS:
        return LEVELS[design]
    if included.others:
        return Level(4, "systematic review that includes designs of level 4")
    if included.cohorts:
        return Level(3, "systematic review that includes cohort or non-randomised studies")
    if included.randomised:
        return Level(1, "systematic review of randomised trials")
    return Level(None, "systematic review that does not say it includes only randomised trials")
