"""The Article: what every output form is made from, and the JSON contract other programs rely on.

`vade schema article` publishes the JSON Schema of these types. Leaves are sentences; a sentence that cites nothing
does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from vademecum.evidence.model import (
    Certainty,
    Direction,
    GradeOrigin,
    Kind,
    Population,
    SourceState,
    SourceType,
    Strength,
)
from vademecum.proof.model import Proof


class _Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of every part of an article."""


class Quote(_Value, frozen=True, kw_only=True, omit_defaults=True):
    """Where a quotation stands in an imported source: `text` is characters `start` to `end` of that version."""

    version: int  # of the source's text in the store
    start: int
    end: int
    sha256: str  # of the quoted words
    path: tuple[str, ...] = ()  # headings they stand under


class Sentence(_Value, frozen=True, kw_only=True, omit_defaults=True):
    """One cited sentence. `citations` are reference numbers of the article."""

    text: str
    citations: tuple[int, ...]
    statement_ids: tuple[str, ...]
    population: Population | None  # None: a quotation whose source is not about one group
    strength: Strength
    certainty: Certainty
    proof: Proof
    kind: Kind | None = None
    dose: dict[str, Any] | None = None  # the one typed dose, in the form of `dosing.dose_json`
    doses: tuple[dict[str, Any], ...] = ()  # all of them, where the sentence states several
    direction: Direction | None = None
    grade_origin: GradeOrigin | None = None  # who graded; "editor" is never the source's own grade
    grade_as_printed: str | None = None
    scope: str | None = None  # the setting a borrowed rule comes from
    caveat: str | None = None
    contrary: bool = False
    quote: Quote | None = None  # the words are a source's own, and this is their place


class Item(_Value, frozen=True, kw_only=True):
    """A list item: a sentence, and what it is for."""

    sentence: Sentence
    label: str | None = None
    decides: Sentence | None = None  # the decision this finding changes


class List(_Value, frozen=True, kw_only=True, tag="list", tag_field="type"):
    items: tuple[Item, ...]
    title: str | None = None
    role: str | None = None  # "boxed_warning", "contraindications", "contrary", ...: for renderers
    drug: str | None = None


class Paragraph(_Value, frozen=True, kw_only=True, tag="paragraph", tag_field="type"):
    sentences: tuple[Sentence, ...]
    title: str | None = None
    role: str | None = None


class Row(_Value, frozen=True, kw_only=True):
    """A table row. A cell is a sentence, or None where the source states nothing."""

    label: str
    cells: tuple[Sentence | None, ...]


class Table(_Value, frozen=True, kw_only=True, tag="table", tag_field="type"):
    columns: tuple[str, ...]  # the first names the row labels
    rows: tuple[Row, ...]
    title: str | None = None
    role: str | None = None


class Option(_Value, frozen=True, kw_only=True):
    """One option of a step."""

    id: str
    label: str
    sentences: tuple[Sentence, ...]  # what supports it, dose sentences first
    drug: str | None = None
    why: Sentence | None = None  # why this one
    avoid: bool = False  # struck out: shown with the reason, not recommended
    rank: int = 0  # place in order of preference, from 1; 0 when the step does not rank


class StepBlock(_Value, frozen=True, kw_only=True, tag="step", tag_field="type"):
    """A step of the treatment."""

    id: str
    number: int
    title: str
    line: str
    applies_if: Sentence
    because: tuple[Sentence, ...]
    options: tuple[Option, ...]
    choose: str
    before: tuple[Sentence, ...] = ()
    effect: tuple[Sentence, ...] = ()
    stop: tuple[Sentence, ...] = ()
    if_fails: str | None = None  # id of the next step
    when: str | None = None  # the entry condition as a criterion


Block = List | Paragraph | Table | StepBlock


class Section(_Value, frozen=True, kw_only=True):
    id: str
    title: str
    blocks: tuple[Block, ...]


class ForkReading(_Value, frozen=True, kw_only=True):
    """One thing the question could mean."""

    label: str
    question: str  # ask this to read on
    why: tuple[Sentence, ...]  # what tells it apart
    pack: str
    population: Population
    command: str
    bottom_line: Sentence | None = None
    best: bool = False  # the reading this article answers in full


class PathwayOption(_Value, frozen=True, kw_only=True):
    id: str
    label: str
    drug: str | None = None
    avoid: bool = False


class PathwayStep(_Value, frozen=True, kw_only=True):
    """The skeleton of a step, for the picture and for programs."""

    id: str
    number: int
    title: str
    line: str
    applies_if: str
    options: tuple[PathwayOption, ...]
    choose: str
    when: str | None = None
    if_fails: str | None = None
    after: str | None = None


class Reference(_Value, frozen=True, kw_only=True):
    number: int
    key: str
    type: SourceType
    title: str
    text: str  # the whole reference in the standard style
    status: SourceState
    read: str  # how much of the source was seen
    journal: str | None = None
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    body: str | None = None
    jurisdiction: str | None = None
    design: str | None = None
    participants: int | None = None
    status_note: str | None = None
    superseded_by: str | None = None


class Interpretation(_Value, frozen=True, kw_only=True):
    """How the question was read."""

    intent: str
    population: str
    assumptions: tuple[str, ...]
    packs: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    title: str | None = None  # title of the reading that is answered
    corrections: tuple[str, ...] = ()  # "methotrexte read as methotrexate"
    facts: tuple[str, ...] = ()  # facts about a patient found in the question


class Review(_Value, frozen=True, kw_only=True):
    state: str
    line: str  # one sentence for the banner, computed from the state
    history: tuple[str, ...]


class Dates(_Value, frozen=True, kw_only=True, omit_defaults=False):
    generated: str
    evidence_searched_to: str | None
    human_reviewed: str | None
    next_review_due: str | None


class Gap(_Value, frozen=True, kw_only=True):
    """Something looked for and not found, or found and not shown."""

    what: str
    reason: str
    where: str | None = None  # section, drug or statement id


class Reading(_Value, frozen=True, kw_only=True):
    """Reading level of a patient article."""

    flesch_kincaid_grade: float
    sentences: int
    words_per_sentence: float
    method: str


class Notice(_Value, frozen=True, kw_only=True):
    """Words of the program itself that come before everything else: emergency, crisis, refusal, nothing found."""

    kind: str
    title: str
    lines: tuple[str, ...]


class Article(_Value, frozen=True, kw_only=True):
    """The answer to one question."""

    article_id: str
    kind: str  # answer | emergency | self_harm | decline | out_of_scope | no_such_entity | clarify | abstain | ...
    question: str
    title: str
    audience: str
    interpretation: Interpretation
    forks: tuple[ForkReading, ...]
    red_flags: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    review: Review
    dates: Dates
    disclaimer: str
    library_version: str
    coverage: tuple[Gap, ...]
    bottom_line: Sentence | None = None
    applies_if: Sentence | None = None
    notice: Notice | None = None
    premise: tuple[Sentence, ...] = ()  # what is doubtful about the question, before everything else
    pathway: tuple[PathwayStep, ...] = ()
    reading: Reading | None = None
    suggestions: tuple[str, ...] = ()  # questions the library can answer next
    questions_to_ask: tuple[str, ...] = ()  # patient article
    own_content: tuple[str, ...] = ()  # packs of the reader's own folders that this article uses


def sentences(part: Any) -> Iterator[Sentence]:
    """Every sentence below `part`, in reading order."""
    if isinstance(part, Sentence):
        yield part
    elif isinstance(part, tuple):
        for item in part:
            yield from sentences(item)
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            value = getattr(part, name)
            if isinstance(value, (tuple, msgspec.Struct)):
                yield from sentences(value)
