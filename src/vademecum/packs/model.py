"""What a library holds: packs, drug sheets, sources. Plain frozen values, as authored.

A *library folder* has `sources.yaml`, `drugs/*.yaml` and `packs/*.yaml`. The bundled folder ships with the
program; a hospital's own folders have the same shape and take precedence, visibly.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vademecum.evidence.model import Population, Source, Statement


class _Authored(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of everything authors write: an unknown key is an error, never ignored."""


# --- facts and criteria ---------------------------------------------------------------------------------


class FactFrom(StrEnum):
    """Where a fact about a patient comes from."""

    AGE = "age"
    SEX = "sex"
    CONDITION = "condition"
    OBSERVATION = "observation"
    DRUG = "drug"  # is the patient on it?
    TIME_ON_DRUG = "time_on_drug"
    RESPONSE = "response"  # judged response to the current treatment
    FINDING = "finding"  # a yes/no clinical finding


class Fact(_Authored, frozen=True):
    """A declared fact; the only names a criterion may use."""

    source: FactFrom = msgspec.field(name="from")
    code: str | None = None  # "sct|77386006", "loinc|777-3"
    unit: str | None = None  # UCUM; present makes the fact a quantity, absent makes it true/false
    max_age: str | None = None  # "90 d": older is unknown
    plausible: tuple[str, str] | None = None
    if_none: str = "unknown"  # "false" only with a reason
    reason: str | None = None
    ask: str | None = None


# --- the pathway ---------------------------------------------------------------------------------------


class Line(StrEnum):
    """Place of a step in the lines of therapy."""

    IMMEDIATE = "immediate"  # before anything else
    FIRST = "first"
    ADD_ON = "add_on"
    SECOND = "second"
    REFRACTORY = "refractory"
    MAINTENANCE = "maintenance"
    BRANCH = "branch"  # only for patients who meet `when`


class Choose(StrEnum):
    """How many options of a step apply. ONE is in order of preference; ONE_UNRANKED says that no order is meant."""

    ONE = "one"
    ONE_UNRANKED = "one_unranked"
    ANY = "any"
    ALL = "all"


class Step(_Authored, frozen=True):
    """One step of the pathway. `applies_if` is the entry condition in words, `when` the same as a criterion."""

    id: str
    title: str
    line: Line
    applies_if: str
    because: tuple[str, ...]
    when: str | None = None
    choose: Choose = Choose.ONE
    options: tuple[str, ...] = ()  # action ids, in order of preference
    before: tuple[str, ...] = ()  # statements: what to check or do before starting
    effect: tuple[str, ...] = ()  # statements: time to effect
    stop: tuple[str, ...] = ()  # statements: stop, taper and duration rules
    if_fails: str | None = None  # id of the next step
    after: str | None = None


class Severity(StrEnum):
    ABSOLUTE = "absolute"
    RELATIVE = "relative"


class NotIf(_Authored, frozen=True):
    when: str  # criterion
    severity: Severity
    because: tuple[str, ...]


class Action(_Authored, frozen=True):
    """An option of a step: usually one drug with the doses its statements carry for this drug."""

    label: str
    because: tuple[str, ...]
    drug: str | None = None  # drug sheet id; None for care without a drug
    prefer_if: str | None = None  # "why this one", in words supported by `because`
    not_if: tuple[NotIf, ...] = ()
    monitor: tuple[str, ...] = ()
    no_dose: str | None = None  # why a drug option shows no dose; listed in `coverage`
    avoid: bool = False  # an option shown struck out: not recommended here, with the reason in `because`


class Check(_Authored, frozen=True):
    """An item of the assessment and the decision it changes."""

    because: str
    decides: str


class Monitor(_Authored, frozen=True):
    """What to measure, when, aiming at what, and what to do otherwise. Absent cells are shown as not stated."""

    what: str
    interval: str
    because: tuple[str, ...]
    target: str | None = None
    act: str | None = None
    drug: str | None = None


class View(_Authored, frozen=True):
    """One body's position in a disagreement."""

    who: str  # "ACP 2017 (US)"
    because: str


class Disagreement(_Authored, frozen=True):
    about: str
    views: tuple[View, ...]


class EvidenceSection(_Authored, frozen=True):
    key: tuple[str, ...] = ()  # statements on key trials and reviews
    contrary: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


MAX_BOTTOM_LINE = 45
"""Words (F08 of the page anatomy)."""


class BottomLine(_Authored, frozen=True):
    """At most MAX_BOTTOM_LINE words once rendered. `{dose ID}` or `{dose ID DRUG}` stands for that statement's dose."""

    text: str
    because: tuple[str, ...]
    applies_if: str


# --- ambiguous wordings --------------------------------------------------------------------------------


class Reading(_Authored, frozen=True):
    """One thing an everyday wording could mean."""

    pack: str
    label: str
    why: tuple[str, ...]  # statements that tell it apart
    question: str  # the question to ask to read on
    best: bool = False


class Fork(_Authored, frozen=True):
    """An everyday wording with several readings. `asked_as`: every word of one of the phrases is in the question."""

    id: str
    asked_as: tuple[str, ...]
    premise: tuple[str, ...]  # statements shown first: what is doubtful about the wording
    readings: tuple[Reading, ...]


class Premise(_Authored, frozen=True):
    """A mistaken assumption: all words of a phrase are in the question; `because` corrects it and comes first."""

    asked_as: tuple[str, ...]
    because: tuple[str, ...]


class LeftOut(_Authored, frozen=True):
    """A verified fact that the pack does not show, and why."""

    id: str
    reason: str


class Status(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class Pack(_Authored, frozen=True):
    pack: str
    version: str
    title: str
    status: Status
    published: str  # ISO dates
    review_by: str
    searched_to: str
    population: Population
    scope: str  # criterion
    names: tuple[str, ...]  # what people call the condition, abbreviations included
    about: str  # statement id: what the condition is
    bottom_line: BottomLine
    statements: tuple[Statement, ...]
    not_names: tuple[str, ...] = ()  # conditions whose name contains one of `names` but are something else
    related: tuple[str, ...] = ()  # packs on parts of this illness, whose statements may answer a question about it
    gives_way: bool = False  # another pack named in the question leads, unless red flags are asked for
    counterparts: dict[str, str] = {}  # population: pack that covers it ("paediatric": "juvenile-dermatomyositis")
    facts: dict[str, Fact] = {}
    red_flags: tuple[str, ...] = ()
    assessment: tuple[Check, ...] = ()
    steps: tuple[Step, ...] = ()
    actions: dict[str, Action] = {}
    adjuncts: tuple[str, ...] = ()
    monitoring: tuple[Monitor, ...] = ()
    evidence: EvidenceSection = EvidenceSection()
    cautions: tuple[str, ...] = ()
    forks: tuple[Fork, ...] = ()
    premises: tuple[Premise, ...] = ()
    sources: tuple[Source, ...] = ()  # sources of this pack alone; shared ones live in sources.yaml
    left_out: tuple[LeftOut, ...] = ()
    questions_to_ask: tuple[str, ...] = ()  # for patients to take to their team
    unknown: dict[str, str] = {}  # section id: why it is empty; listed in `coverage`
    plain: dict[str, dict[str, str]] = {}  # "patient.en": {statement id: wording}
    replaces: str | None = None  # own packs: id of the bundled pack this stands in for


# --- drug sheets ---------------------------------------------------------------------------------------


class InteractionSeverity(StrEnum):
    CONTRAINDICATED = "contraindicated"
    MAJOR = "major"
    MODERATE = "moderate"
    MINOR = "minor"


class Contraindication(_Authored, frozen=True):
    condition: str  # snake_case id shared over sheets: "pregnancy", "heart_failure"
    because: str
    severity: Severity = Severity.ABSOLUTE


class Interaction(_Authored, frozen=True):
    other: str = msgspec.field(name="with")  # drug id or class id
    severity: InteractionSeverity
    because: str


SLOTS = (
    "boxed_warning",
    "contraindications",
    "interactions",
    "pregnancy",
    "kidney",
    "liver",
    "children",
    "older_adults",
)
"""Required of every recommended drug: filled, or listed in `unknown` with the reason."""


class Limit(_Authored, frozen=True):
    """The most that may be given, by population and (optionally) indication."""

    population: Population
    amount: str  # "25 mg"
    per: str  # dose | day | week | ...
    because: str
    indication: str | None = None
    hard: bool = False


class DrugSheet(_Authored, frozen=True):
    drug: str  # id, kebab-case
    title: str
    names: tuple[str, ...]  # synonyms, brands, abbreviations
    classes: tuple[str, ...]  # class ids, kebab-case
    asked_as: tuple[str, ...] = ()  # class words that lead a question here ("NSAIDs"); never used in a proof
    statements: tuple[Statement, ...] = ()
    rxnorm: str | None = None
    look_alikes: tuple[str, ...] = ()
    boxed_warning: tuple[str, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    pregnancy: tuple[str, ...] = ()
    kidney: tuple[str, ...] = ()
    liver: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    older_adults: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    dosing: tuple[str, ...] = ()  # statements that state doses outside any pack
    limits: tuple[Limit, ...] = ()
    premises: tuple[Premise, ...] = ()
    unknown: dict[str, str] = {}  # slot: why it is empty
    shares: str | None = None  # sheet whose safety slots hold for this drug too (prednisolone: prednisone)
    left_out: tuple[LeftOut, ...] = ()
    plain: dict[str, dict[str, str]] = {}


class SourcesFile(_Authored, frozen=True):
    sources: tuple[Source, ...]
