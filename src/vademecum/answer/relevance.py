"""Which statements speak to the words of a question: BM25 over the statements in reach (Robertson and Zaragoza 2009).

The library's statements are few (hundreds), so a scan is enough and needs no index. Imported literature has an engine
of its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from vademecum.evidence.terms import related, stem
from vademecum.packs.library import Library

_K1, _B = 1.2, 0.4

PLAIN = 0.6
"""What a word counts that only the plain wording of a statement has."""

WISH_WORDS = frozenset(
    stem(word)
    for word in [
        "treat",
        "treatment",
        "therapy",
        "manage",
        "management",
        "managed",
        "dose",
        "dosed",
        "dosage",
        "dosing",
        "safe",
        "safety",
        "safely",
        "harm",
        "harmful",
        "risk",
        "monitor",
        "monitoring",
        "monitored",
        "check",
        "checked",
        "evidence",
        "effective",
        "effectiveness",
        "efficacy",
        "work",
        "works",
        "help",
        "helps",
        "benefit",
        "alternative",
        "alternatives",
        "option",
        "options",
        "compare",
        "comparison",
        "compared",
        "versus",
        "different",
        "difference",
        "refractory",
        "fail",
        "fails",
        "failure",
        "respond",
        "response",
        "work-up",
        "workup",
        "investigate",
        "investigation",
        "diagnose",
        "diagnosed",
        "diagnosis",
        "suspected",
        "red",
        "flag",
        "flags",
        "best",
        "first",
        "line",
        "recommended",
        "recommend",
        "drug",
        "drugs",
        "medicine",
        "medicines",
        "medication",
        "give",
        "given",
        "used",
        "start",
        "started",
        "stop",
        "contraindicated",
        "contraindication",
        "interaction",
        "interactions",
        "warning",
        "warnings",
        "side",
        "effects",
        "effect",
        "caution",
        "avoid",
        "adults",
        "adult",
        "severe",
        "show",
        "shows",
        "find",
        "found",
        "say",
        "tell",
        "mean",
        "means",
        "look",
        "case",
        "question",
        "people",
        "share",
        "many",
        "common",
        "next",
        "step",
        "suspect",
        "maximum",
        "max",
        "maximal",
        "daily",
        "weekly",
        "ceiling",
        "limit",
        "total",
        "oral",
        "mouth",
        "once",
        "per",
        "day",
        "week",
        "long",
        "often",
    ]
)
"""Stems that say what the asker wants, not what about."""


def rank(library: Library, asked: Mapping[str, float], candidates: Iterable[str]) -> list[tuple[str, float]]:
    """Candidate statement ids with their score, best first; those that share no word are left out. Ties by id order.

    `asked` gives each stem of the question its weight.
    """
    weights, average = _weights(library)
    wanted = dict(asked)
    for term, share in asked.items():
        for other in related(term):
            wanted.setdefault(other, 0.7 * share)
    scored = []
    for statement_id in dict.fromkeys(candidates):
        terms = library.terms_of(statement_id)
        counts: dict[str, float] = dict(Counter(terms))
        for term in library.plain_terms_of(statement_id):
            counts.setdefault(term, PLAIN)
        norm = _K1 * (1 - _B + _B * len(terms) / average)
        score = sum(
            share * weights.get(term, 0.0) * counts[term] * (_K1 + 1) / (counts[term] + norm)
            for term, share in wanted.items()
            if term in counts
        )
        if score > 0:
            scored.append((statement_id, score))
    scored.sort(key=lambda entry: -entry[1])
    return scored


def rarity(library: Library, term: str) -> float:
    """Inverse document frequency of a stem over the library; 0 for a word it does not hold."""
    return _weights(library)[0].get(term, 0.0)


def _weights(library: Library) -> tuple[dict[str, float], float]:
    kept = library.memo.get("term weights")
    if kept is None:
        frequency: Counter[str] = Counter()
        length = 0
        for statement_id in library.statements:
            terms = library.terms_of(statement_id)
            frequency.update({*terms, *library.plain_terms_of(statement_id)})
            length += len(terms)
        total = max(1, len(library.statements))
        weights = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in frequency.items()}
        kept = library.memo["term weights"] = (weights, length / total)
    return kept  # type: ignore[return-value]
