"""From search hits to a digest: which sources bear on the question, which of their sentences to quote, in which order.

A source bears on a question when its best passage is like it by words and by meaning, and holds enough of its words;
a near miss by meaning alone is no evidence. The limits were set on 200 of the visible PubMedQA questions, between their
own abstracts and all others. Sentences that mining found to assert something are quoted before others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vademecum.evidence.model import Design, Population, SourceState
from vademecum.evidence.terms import fold
from vademecum.literature import mining
from vademecum.literature.citing import source_of
from vademecum.literature.digest import Digest, Quotation, Stance
from vademecum.literature.findings import Finding, FindingKind
from vademecum.literature.index.tokens import tokens
from vademecum.literature.records import RecordKind
from vademecum.literature.search import Hit, Library, search

CANDIDATES = 24
MOST_SOURCES = 10
MOST_QUOTED = 2  # sentences of one source
LIKE = 0.43  # mean of the likenesses by words and by meaning from which a passage bears on a question ...
SHARED = 0.25  # ... if it holds this share of the question's content words, title included
LIKE_IN_WORDS = 0.35  # where there is only likeness by words, it and a larger share decide
SHARED_IN_WORDS = 0.5

_GUIDANCE = frozenset({Design.GUIDELINE, Design.CONSENSUS})
_REMOTE = frozenset({Design.ANIMAL, Design.LABORATORY})
_FIRST = (FindingKind.RECOMMENDATION, FindingKind.CONTRAINDICATION, FindingKind.CONCLUSION, FindingKind.DOSE)


def digest(library: Library, question: str, *, must_name: Sequence[str] = ()) -> Digest:
    """Quotations that bear on `question`, guidelines and strong designs first, newest first within a design."""
    wanted = frozenset(tokens(question))
    hits = [
        hit for hit in search(library, question, limit=CANDIDATES) if _bears(hit, wanted) and _names_all(hit, must_name)
    ]
    sound = [hit for hit in hits if hit.source.state is not SourceState.RETRACTED][:MOST_SOURCES]
    retracted = [hit for hit in hits if hit.source.state is SourceState.RETRACTED]
    last = library.store.last_import()
    return Digest(
        quotations=tuple(
            quotation for hit in sorted(sound, key=_rank) for quotation in _quotations(library, hit, wanted)
        ),
        retracted=tuple(next(_quotations(library, hit, wanted)) for hit in retracted),
        searched=library.store.count(),
        semantic=library.by_meaning,
        imported=last[:10] if last else None,
    )


def _bears(hit: Hit, wanted: frozenset[str]) -> bool:
    if not wanted:
        return False
    held = wanted & frozenset(tokens(f"{hit.source.record.title} {' '.join(hit.passage.path)} {hit.passage.text}"))
    share = len(held) / len(wanted)
    words = hit.lexical or 0.0
    if hit.semantic is None:
        return share >= SHARED_IN_WORDS and words >= LIKE_IN_WORDS
    return share >= SHARED and (words + hit.semantic) / 2 >= LIKE


def _names_all(hit: Hit, names: Sequence[str]) -> bool:
    """An unknown name must be in the text itself: what is near in meaning is another thing."""
    text = fold(f"{hit.source.record.title} {hit.passage.text}")
    return all(fold(name) in text for name in names)


def _rank(hit: Hit) -> tuple[int, int]:
    design, level = hit.source.appraisal.design, hit.source.appraisal.level
    if design in _GUIDANCE or hit.source.kind is RecordKind.GUIDELINE:
        place = 0
    elif design in _REMOTE:
        place = 7
    else:
        place = level or 6
    return place, -(hit.source.record.year or 0)


def _quotations(library: Library, hit: Hit, wanted: frozenset[str]) -> Iterator[Quotation]:
    """The sentences of a source that say most about the question; the best of the passage where none asserts much."""
    chosen = _asserting(library, hit, wanted)
    for finding in chosen:
        yield _quotation(hit, (finding.start, finding.end), _stance(finding), finding.grade)
    if not chosen:
        start, end = hit.quote
        yield _quotation(hit, (hit.passage.start + start, hit.passage.start + end), Stance.OTHER)


def _asserting(library: Library, hit: Hit, wanted: frozenset[str]) -> list[Finding]:
    """The findings within the passage that share words with the question, the most telling first, then as printed."""
    scored = []
    for finding in _findings(library, hit):
        if hit.passage.start <= finding.start and finding.end <= hit.passage.end:
            shared = len(wanted & frozenset(tokens(finding.text)))
            first = finding.kind in _FIRST
            if shared >= 1:
                scored.append(((shared + first, first, -finding.start), finding))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    chosen: list[Finding] = []
    for _, finding in scored:
        if all(finding.start != other.start for other in chosen) and len(chosen) < MOST_QUOTED:
            chosen.append(finding)
    return sorted(chosen, key=lambda finding: finding.start)


def _findings(library: Library, hit: Hit) -> Sequence[Finding]:
    """What was mined from the passage's version, or is now, where mining has not come to it yet."""
    if hit.passage.version == hit.source.version:
        found = library.store.findings(hit.source.id)
        if found is not None:
            return found
    return mining.mine(hit.source.record, library.store.document(hit.passage.version))


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
    people = hit.source.appraisal.populations
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
