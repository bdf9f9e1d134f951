"""The sentences of a passage that answer a question best, and the words of it that the question holds."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from typing import Final

import msgspec

from vademecum.literature.index.tokens import tokens
from vademecum.literature.mining.sentences import sentences

QUOTE_LIMIT: Final = 400  # characters; a neighbouring sentence joins the best one while both stay below
_NEIGHBOUR: Final = 0.5  # a neighbour joins when it holds at least this share of what the best one holds
_RUN = re.compile(r"\S+")
_EDGES: Final = "()[]{}\"'“”‘’.,;:!?"

Span = tuple[int, int]


class Quote(msgspec.Struct, frozen=True):
    """Spans count characters of the passage's text."""

    span: Span
    highlights: tuple[Span, ...]  # words of the whole passage that the question has too


def term_weights(terms: Iterable[str], texts: Iterable[str]) -> dict[str, float]:
    """Terms by how much they tell the texts apart that were found."""
    wanted = frozenset(terms)
    held = Counter[str]()
    count = 0
    for text in texts:
        count += 1
        held.update(wanted.intersection(tokens(text)))
    return {term: math.log(1 + (count + 1) / (held[term] + 0.5)) for term in sorted(wanted)}


def quote(text: str, weights: Mapping[str, float]) -> Quote:
    """The best sentence, with a neighbour that also answers; the first sentence where no word matches."""
    marked = _marked(text, weights)
    spans = list(sentences(text, lines=True)) or [(0, len(text))]
    values = [_value(span, marked, weights) for span in spans]
    best = max(range(len(spans)), key=lambda index: (values[index], -index))
    first = last = best
    for neighbour in (best + 1, best - 1):
        if not 0 <= neighbour < len(spans) or values[neighbour] < _NEIGHBOUR * values[best] or not values[best]:
            continue
        start, end = spans[min(first, neighbour)][0], spans[max(last, neighbour)][1]
        if end - start <= QUOTE_LIMIT:
            first, last = min(first, neighbour), max(last, neighbour)
            break
    return Quote(span=(spans[first][0], spans[last][1]), highlights=tuple(span for span, _ in marked))


def _marked(text: str, weights: Mapping[str, float]) -> Sequence[tuple[Span, Set[str]]]:
    """Words of the text that stand for a term, without the punctuation around them."""
    found = []
    for match in _RUN.finditer(text):
        terms = _tokens_of(match.group()) & weights.keys()
        if terms:
            word = match.group().lstrip(_EDGES)
            start = match.end() - len(word)
            found.append(((start, start + len(word.rstrip(_EDGES))), terms))
    return found


@lru_cache(maxsize=100_000)
def _tokens_of(run: str) -> frozenset[str]:
    return frozenset(tokens(run))


def _value(span: Span, marked: Iterable[tuple[Span, Set[str]]], weights: Mapping[str, float]) -> float:
    """Weight of the different terms a sentence holds; a little less for a long one."""
    held: set[str] = set()
    for (start, end), terms in marked:
        if span[0] <= start and end <= span[1]:
            held |= terms
    return sum(weights[term] for term in sorted(held)) / (1 + (span[1] - span[0]) / 1_000)
