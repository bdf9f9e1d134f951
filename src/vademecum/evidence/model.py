"""Sources, grades, citations and statements: the atoms everything else is composed from.

A *statement* is one clinical assertion with its population, its typed doses, its strength and certainty in the
source's own words, and its citations. Nothing here is ever filled in by inference: what a source did not say
stays empty, and the origin of every grade is kept beside it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vademecum.dosing.model import Dose


class SourceType(StrEnum):
    """What kind of document a source is."""

    GUIDELINE = "guideline"
    LABEL = "label"
    SYSTEMATIC_REVIEW = "systematic_review"
    REVIEW = "review"
    TRIAL = "trial"
    COHORT = "cohort"
    EXPERIMENT = "experiment"
    REFERENCE_PAGE = "reference_page"
    PROTOCOL = "protocol"


class Design(StrEnum):
    """Study design, for sources that report a study of their own."""

    RCT = "randomised trial"
    RCT_OPEN = "open-label randomised trial"
    RCT_BLIND = "double-blind randomised trial"
    SECONDARY_ANALYSIS = "secondary analysis of a randomised trial"
    SINGLE_ARM = "single-arm open-label study"
    NON_RANDOMISED = "non-randomised trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    DIAGNOSTIC_ACCURACY = "diagnostic accuracy"
    CASE_SERIES = "case series"
    CASE_REPORT = "case report"
    PHARMACOVIGILANCE = "pharmacovigilance cases"
    OBSERVATIONAL = "observational study, design not stated"
    QUALITATIVE = "qualitative study"
    META_ANALYSIS = "systematic review with meta-analysis"
    SYSTEMATIC_REVIEW = "systematic review"
    NARRATIVE_REVIEW = "narrative review"
    ANIMAL = "animal study"
    HUMAN_EXPERIMENT = "human experiment"
    LABORATORY = "laboratory study"
    PROTOCOL = "study protocol or registration"
    OPINION = "editorial, letter or comment"
    CONSENSUS = "consensus"
    GUIDELINE = "guideline"
    LABELLING = "drug labelling"


class ReadDepth(StrEnum):
    """How much of a source was actually seen by whoever recorded its facts."""

    FULL_TEXT = "full text"
    FULL_PAGE = "full page"
    LABEL = "label text"
    TABLE = "table"
    ABSTRACT = "abstract"
    SECONDARY = "secondary summary"
    NEWS = "news report"
    TITLE_PAGE = "title page"
    NONE = "not seen"


class SourceState(StrEnum):
    """Whether a source may still be leaned on. RETRACTED never supports a claim."""

    CURRENT = "current"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CONCERN = "expression of concern"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class Source(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One document that statements cite. Missing identifiers stay None; nothing is invented."""

    key: str
    type: SourceType
    title: str
    authors: tuple[str, ...] = ()  # "Family GG" or the name of a body; a last "et al." is kept as such
    container: str | None = None  # journal, publisher or site
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None  # absent when only an unofficial copy was seen
    body: str | None = None  # issuing body as readers know it: "ACR", "EULAR", "FDA"
    jurisdiction: str | None = None  # "US", "UK", "EU", "international", ...
    design: Design | None = None
    participants: int | None = None  # randomised or analysed people, when the record states it
    read: ReadDepth = ReadDepth.ABSTRACT
    state: SourceState = SourceState.CURRENT
    state_note: str | None = None  # why it is expired, corrected, ...
    superseded_by: str | None = None  # key of the successor
    verified: bool = True  # False: the record itself could not be seen; never cited to a reader
    licence: str = "facts only"  # what may be reused; bundled packs reuse facts, no text
    note: str | None = None


class Population(StrEnum):
    """Who a statement is about. Never widened: an adult rule stays an adult rule."""

    ADULT = "adult"
    PAEDIATRIC = "paediatric"
    ADULT_AND_PAEDIATRIC = "adult_and_paediatric"
    OLDER_ADULT = "older_adult"
    PREGNANCY = "pregnancy"


class Kind(StrEnum):
    """The question a statement answers."""

    FIRST_LINE = "first_line"
    DOSE = "dose"
    ALTERNATIVE = "alternative"
    REFRACTORY = "refractory"
    ADJUNCT = "adjunct"
    MONITORING = "monitoring"
    CAUTION = "caution"
    CONTRAINDICATION = "contraindication"
    INTERACTION = "interaction"
    DIAGNOSIS = "diagnosis"
    RED_FLAG = "red_flag"
    EVIDENCE = "evidence"


class Direction(StrEnum):
    FOR = "for"
    AGAINST = "against"


class Strength(StrEnum):
    """GRADE strength of a recommendation; NONE when the source did not grade strength."""

    STRONG = "strong"
    CONDITIONAL = "conditional"
    NONE = "none"


class Certainty(StrEnum):
    """GRADE certainty of evidence; NOT_GRADED is a value, not a gap."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    NOT_GRADED = "not_graded"


class GradeOrigin(StrEnum):
    """Who said so. EDITOR is our own judgement and is never shown as the source's grade."""

    SOURCE = "source"  # the source states GRADE terms
    MAPPED = "mapped"  # mapped from the source's own scale, which `as_printed` keeps
    EDITOR = "editor"


class Grade(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Strength and certainty, with the source's own code and who assigned them."""

    direction: Direction | None = None
    strength: Strength = Strength.NONE
    certainty: Certainty = Certainty.NOT_GRADED
    origin: GradeOrigin | None = None  # required as soon as strength or certainty is set
    as_printed: str | None = None  # "BSR 1B", "SHARE level 4, strength D"
    consensus: int | None = None  # percent agreement, when printed


class Citation(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A pointer from a statement into a source. `quote` only for sources whose licence allows it."""

    source: str
    at: str | None = None
    quote: str | None = None


class Statement(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One clinical assertion. `id` is unique over the library."""

    id: str
    text: str
    population: Population
    kind: Kind
    cites: tuple[Citation, ...]
    topic: str | None = None
    drugs: tuple[str, ...] = ()  # drug sheet ids this statement is about
    doses: tuple[Dose, ...] = ()
    grade: Grade = Grade()
    scope: str | None = None  # label for a borrowed rule: "cancer immunotherapy", "rheumatoid arthritis"
    caveat: str | None = None  # shown with the sentence
    unverified: bool = False  # kept for authors; never shown as fact
    contrary: bool = False  # evidence that speaks against a recommended option
