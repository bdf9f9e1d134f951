"""What makes one passage a better answer than another: two likenesses, topic and aspect, standing of the source.

Likeness by words is divided by what a perfect text would score, so that it and the cosine have a scale that does not
depend on what else was found; both then add up. (Fusion by ranks did worse on all four retrieval sets; scores stretched
between the best and worst found did worse on SciFact and BioASQ and a little better on PubMedQA and MedQuAD.) The
weights are few, shared by all kinds of question, and were chosen where neighbouring values do equally well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from vademecum.evidence.model import Design, SourceState
from vademecum.literature.aspects import Aspect, asked, fit, profile, topic_words
from vademecum.literature.index import Scored
from vademecum.literature.index.tokens import tokens
from vademecum.literature.records import RecordKind
from vademecum.literature.store.model import SourceRow, StoredPassage

MEANING: Final = 0.45  # share of the cosine; the rest is likeness by words
ASPECT: Final = 0.3  # of a passage about what is asked, under a title that is the topic
STANDING: Final = 0.015  # most that the standing of a source adds: it decides between near ties only
RETRACTED: Final = 0.05  # taken from a retracted source: behind the near ties, still to be found
CONCERN: Final = 0.02
_UNKNOWN: Final = 0.5  # a text the words did not reach scores somewhere between nothing and the least one found

_DESIGNS: Final = {
    Design.GUIDELINE: 1.0,
    Design.META_ANALYSIS: 0.9,
    Design.SYSTEMATIC_REVIEW: 0.8,
    Design.CONSENSUS: 0.6,
    Design.RCT_BLIND: 0.6,
    Design.RCT: 0.5,
    Design.RCT_OPEN: 0.5,
}
_KINDS: Final = {RecordKind.GUIDELINE: 1.0, RecordKind.LABEL: 0.6}
_PENALTIES: Final = {
    SourceState.RETRACTED: RETRACTED,
    SourceState.CONCERN: CONCERN,
    SourceState.SUPERSEDED: CONCERN,
    SourceState.EXPIRED: CONCERN,
}


class Candidate(msgspec.Struct, frozen=True):
    """A passage that was found, and how like the question it is: by words from 0 to about 1, by meaning a cosine."""

    passage: int
    source: int
    score: float
    lexical: float | None = None
    semantic: float | None = None


def by_words(found: Iterable[Scored], ceiling: float) -> list[Candidate]:
    """Candidates of the word search, on a scale where 1 holds all the question's words often."""
    top = ceiling if ceiling > 0 else 1.0
    return [
        Candidate(passage=one.passage, source=one.source, score=one.score / top, lexical=one.score / top)
        for one in found
    ]


def by_meaning(found: Iterable[Scored]) -> list[Candidate]:
    """Candidates of the vector search."""
    return [Candidate(passage=one.passage, source=one.source, score=one.score, semantic=one.score) for one in found]


def fuse(lexical: Sequence[Candidate], semantic: Sequence[Candidate], cosines: Mapping[int, float]) -> list[Candidate]:
    """Both ways of searching as one list, best first. `cosines` are those of passages the words found."""
    meant = {one.passage: one for one in semantic}
    least_words = _UNKNOWN * min((one.score for one in lexical), default=0.0)
    least_meaning = _UNKNOWN * min((one.score for one in semantic), default=0.0)
    fused = []
    for one in lexical:
        cosine = meant[one.passage].semantic if one.passage in meant else cosines.get(one.passage)
        score = (1 - MEANING) * one.score + MEANING * (least_meaning if cosine is None else cosine)
        fused.append(msgspec.structs.replace(one, score=score, semantic=cosine))
    worded = {one.passage for one in lexical}
    fused += [
        msgspec.structs.replace(one, score=(1 - MEANING) * least_words + MEANING * one.score)
        for one in semantic
        if one.passage not in worded
    ]
    return ordered(fused)


def ordered(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Best first; equal ones in the order they came into the library."""
    return sorted(candidates, key=lambda one: (-one.score, one.source, one.passage))


class Wish(msgspec.Struct, frozen=True):
    """A question as topic and aspects."""

    aspects: tuple[Aspect, ...]
    words: frozenset[str]  # index tokens of the whole question
    topic: frozenset[str]  # of its topic alone

    @classmethod
    def of(cls, question: str) -> Wish:
        """Read a question."""
        words = frozenset(tokens(question))
        return cls(aspects=asked(question), words=words, topic=frozenset(tokens(topic_words(question))) or words)


def merit(wish: Wish, source: SourceRow, passage: StoredPassage, newest: int | None) -> float:
    """What is added to the likeness of a passage: aspect within topic, and standing of its source."""
    return ASPECT * _answers(wish, source, passage) + standing(source, newest)


def standing(source: SourceRow, newest: int | None) -> float:
    """Guidelines, syntheses and trials before others, newer before older: all within a near tie. Retracted behind.

    `newest` is the newest year among the candidates, so that ranking does not depend on the day it is done.
    """
    design = source.appraisal.design
    kind = max(_DESIGNS.get(design, 0.0) if design else 0.0, _KINDS.get(source.kind, 0.0))
    year = source.record.year
    recent = max(0.0, 1 - (newest - year) / 20) if year is not None and newest is not None else 0.0
    return STANDING * (0.7 * kind + 0.3 * recent) - _PENALTIES.get(source.state, 0.0)


def _answers(wish: Wish, source: SourceRow, passage: StoredPassage) -> float:
    """How far a passage is about what is asked, counted only as far as its title is the question's topic."""
    if not wish.aspects:
        return 0.0
    title = set(tokens(source.record.title))
    if not title or not wish.topic:
        return 0.0
    topical = len(title & wish.words) / len(title) * len(title & wish.topic) / len(wish.topic)
    if not topical:
        return 0.0
    return topical * fit(wish.aspects, profile(" ".join((*passage.path, passage.text))))
