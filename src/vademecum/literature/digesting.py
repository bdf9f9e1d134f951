"""From search hits to a digest: which sources bear on the question, which of their sentences to quote, in which order.

A source bears on a question when its best passage is like it by words and by meaning, and holds enough of its words;
a near miss by meaning alone is no evidence. The limits were set on 200 of the visible PubMedQA questions, between their
own abstracts and all others. Sentences that mining found to assert something are quoted before others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vademecum.evidence.model import Design, Population, SourceState
from vademecum.evidence.terms import fold
from vademecum.literature import mining
from vademecum.literature.citing import source_of, title_of
from vademecum.literature.digest import Digest, Quotation, Stance
from vademecum.literature.findings import Finding, FindingKind
from vademecum.literature.index.tokens import tokens
from vademecum.literature.records import RecordKind
from vademecum.literature.search import Hit, Library, search
from vademecum.literature.store import SourceRow, Store

CANDIDATES = 24
MOST_SOURCES = 10
MOST_QUOTED = 2  # sentences of one source
LIKE = 0.45  # mean of the likenesses by words and by meaning from which a passage bears on a question ...
SHARED = 0.3  # ... if it holds this share of the question's content words, title included
LIKE_IN_WORDS = 0.35  # where there is only likeness by words, it and a larger share decide
SHARED_IN_WORDS = 0.5

_DOSE_WORDS = r"dos(?:e[sd]?|ages?|ing)|mg|how much"
_HARM_WORDS = r"contra-?indicat\w*|interact\w*|side effects?|adverse|safe(?:ty|ly)?|monitor\w*|overdose"
_DOSE = re.compile(rf"\b(?:{_DOSE_WORDS})\b", re.IGNORECASE)
_OF_A_DRUG = re.compile(rf"\b(?:{_DOSE_WORDS}|{_HARM_WORDS})\b", re.IGNORECASE)
_NO_NAMES = frozenset(
    tokens(
        "child children infant infants adult adults baby junior women men tablet tablets capsule capsules injection "
        "oral solution suspension cream drug facts use relief strength extra daily pain cold cough fever allergy dose"
    )
)
"""Words of product names that name no drug: "Children's", "Cold and Cough"."""

_OF_ONE_STUDY = frozenset({RecordKind.CITATION, RecordKind.FULL_TEXT})
"""Kinds whose people are those of every sentence; a label or guideline speaks of many groups in turn."""

_GUIDANCE = frozenset({Design.GUIDELINE, Design.CONSENSUS})
_REMOTE = frozenset({Design.ANIMAL, Design.LABORATORY})
_FIRST = (FindingKind.RECOMMENDATION, FindingKind.CONTRAINDICATION, FindingKind.CONCLUSION, FindingKind.DOSE)


def digest(library: Library, question: str, *, names: Sequence[Sequence[str]] = ()) -> Digest:
    """Quotations that bear on `question`, guidelines and strong designs first, newest first within a design.

    The passages they stand in, title included, name at least one of each group of `names`.
    """
    asked = _Asked(question)
    found = search(library, question, limit=CANDIDATES)
    hits = [hit for hit in found if _bears(hit, asked) and _names(hit, names) and _right_drug(hit, asked)]
    sound = [hit for hit in hits if hit.source.state is not SourceState.RETRACTED][:MOST_SOURCES]
    retracted = [hit for hit in hits if hit.source.state is SourceState.RETRACTED]
    last = library.store.last_import()
    return Digest(
        quotations=tuple(
            quotation for hit in sorted(sound, key=_rank) for quotation in _quotations(library, hit, asked)
        ),
        retracted=tuple(next(_quotations(library, hit, asked)) for hit in retracted),
        searched=library.store.count(),
        semantic=library.by_meaning,
        imported=last[:10] if last else None,
    )


class _Asked:
    """What a question holds."""

    def __init__(self, question: str) -> None:
        self.words = frozenset(tokens(question))
        self.of_a_drug = _OF_A_DRUG.search(question) is not None
        self.dose = _DOSE.search(question) is not None

    def shared(self, text: str) -> int:
        """How many of its words a text holds."""
        return len(self.words & frozenset(tokens(text)))


def _bears(hit: Hit, asked: _Asked) -> bool:
    if not asked.words:
        return False
    share = asked.shared(_spoken(hit)) / len(asked.words)
    words = hit.lexical or 0.0
    if hit.semantic is None:
        return share >= SHARED_IN_WORDS and words >= LIKE_IN_WORDS
    return share >= SHARED and (words + hit.semantic) / 2 >= LIKE


def _spoken(hit: Hit) -> str:
    """Everything that is said where a passage stands: title, headings, text."""
    return f"{hit.source.record.title} {' '.join(hit.passage.path)} {hit.passage.text}"


def _names(hit: Hit, groups: Sequence[Sequence[str]]) -> bool:
    """Names must stand in the title, the headings or the text: what is near in meaning is another thing."""
    text = fold(_spoken(hit))
    return all(any(_named(name, text) for name in group) for group in groups)


def _right_drug(hit: Hit, asked: _Asked) -> bool:
    """A label answers a question about doses or harms only when the question names its drug."""
    if hit.source.kind is not RecordKind.LABEL or not asked.of_a_drug:
        return True
    record = hit.source.record
    names = frozenset(tokens(f"{title_of(record)} {' '.join(record.keywords)}")) - _NO_NAMES
    return not names.isdisjoint(asked.words)


def _named(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(name))}(?:s|es)?(?!\w)", text) is not None


def _rank(hit: Hit) -> tuple[int, int]:
    design, level = hit.source.appraisal.design, hit.source.appraisal.level
    if design in _GUIDANCE or hit.source.kind is RecordKind.GUIDELINE:
        place = 0
    elif design in _REMOTE:
        place = 7
    else:
        place = level or 6
    return place, -(hit.source.record.year or 0)


def _quotations(library: Library, hit: Hit, asked: _Asked) -> Iterator[Quotation]:
    """The sentences of a source that say most about the question, as printed.

    What search would quote comes in where no sentence asserts anything, or none holds as much of the question.
    """
    start, end = hit.quote
    chosen = _asserting(library, hit, asked)
    best = max((asked.shared(finding.text) for finding in chosen), default=0)
    found = [((one.start, one.end), _stance(one), one.grade) for one in chosen]
    if asked.shared(hit.passage.text[start:end]) > best + (1 if chosen else -1):
        span = (hit.passage.start + start, hit.passage.start + end)
        found = [*found[: MOST_QUOTED - 1], (span, Stance.OTHER, None)]
    for span, stance, grade in sorted(found, key=lambda one: one[0]):
        yield _quotation(hit, span, stance, grade)


def _asserting(library: Library, hit: Hit, asked: _Asked) -> list[Finding]:
    """The findings within the passage that share words with the question, the most telling first."""
    scored = []
    for finding in _findings(library, hit):
        if hit.passage.start <= finding.start and finding.end <= hit.passage.end:
            shared = asked.shared(finding.text)
            first = finding.kind is FindingKind.DOSE if asked.dose else finding.kind in _FIRST
            if shared >= 1:
                scored.append(((shared + first, first, -finding.start), finding))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    chosen: list[Finding] = []
    for _, finding in scored:
        if all(finding.start != other.start for other in chosen) and len(chosen) < MOST_QUOTED:
            chosen.append(finding)
    return chosen


def _findings(library: Library, hit: Hit) -> Sequence[Finding]:
    """What the version asserts that the passage is from."""
    if hit.passage.version == hit.source.version:
        return findings_of(library.store, hit.source)
    return mining.mine(hit.source.record, library.store.document(hit.passage.version))


def findings_of(store: Store, row: SourceRow) -> tuple[Finding, ...]:
    """What a source's preferred text asserts: as mined before, or now, where mining has not come to it yet."""
    found = store.findings(row.id)
    return found if found is not None else mining.mine(row.record, store.document(row.version))


def _stance(finding: Finding) -> Stance:
    if finding.kind is FindingKind.RECOMMENDATION:
        return Stance.AGAINST if finding.negated else Stance.RECOMMENDS
    if finding.kind is FindingKind.CONTRAINDICATION:
        return Stance.OTHER if finding.negated else Stance.AGAINST
    if finding.kind in {FindingKind.CONCLUSION, FindingKind.RESULT}:
        return Stance.NO_EFFECT if finding.negated else Stance.FINDING
    return Stance.OTHER


def _quotation(hit: Hit, span: tuple[int, int], stance: Stance, grade: str | None = None) -> Quotation:
    """The words of the passage at a span of its document."""
    start, end = span
    people = hit.source.appraisal.populations if hit.source.kind in _OF_ONE_STUDY else ()
    return Quotation(
        source=source_of(hit.source),
        text=hit.passage.text[start - hit.passage.start : end - hit.passage.start],
        version=hit.passage.version,
        start=start,
        end=end,
        stance=stance,
        path=hit.passage.path,
        grade=grade,
        population=_one_group(people),
        level=hit.source.appraisal.level,
    )


def _one_group(people: Sequence[Population]) -> Population | None:
    if {Population.ADULT, Population.PAEDIATRIC} <= set(people):
        return Population.ADULT_AND_PAEDIATRIC
    return people[0] if len(people) == 1 else None
