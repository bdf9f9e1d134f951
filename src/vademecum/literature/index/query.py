"""A question as weighted index tokens and identifiers. Its text is never query syntax, however it looks."""

from __future__ import annotations

import re
from itertools import pairwise

import msgspec

from vademecum.literature.index.synonyms import expansions
from vademecum.literature.index.tokens import STOP_WORDS, tokens

QUESTION_LIMIT = 4_000  # characters read; a longer question is a document, and its start tells what it is about
JOINED_WEIGHT = 0.3  # of two neighbouring words written as one: "beta blocker" also finds "betablocker"
_TERM_LIMIT = 200
_WORDS = re.compile(r"[A-Za-z0-9α-ωΑ-Ω]+")
_PMID = re.compile(r"\bpmid:?\s*([0-9]{1,9})\b", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\s*([0-9]{6,9})\s*")
_PMCID = re.compile(r"\bPMC[0-9]{4,9}\b", re.IGNORECASE)
_NCT = re.compile(r"\bNCT[0-9]{8}\b", re.IGNORECASE)
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s\"<>]{1,200}")


class ParsedQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to look for: tokens with weights, other names of the same things, and identifiers to look up exactly."""

    terms: tuple[tuple[str, float], ...] = ()  # the question's own
    more: tuple[tuple[str, float], ...] = ()  # synonyms, and neighbours written as one word
    ids: tuple[str, ...] = ()  # as `identifier_terms` writes them


def parse_query(text: str, *, synonyms: bool = True) -> ParsedQuery:
    """Read a question. A question of stop words only has no terms and finds nothing."""
    text = text[:QUESTION_LIMIT]
    own: dict[str, float] = {}
    for token in tokens(text)[:_TERM_LIMIT]:
        own[token] = 1.0
    more = expansions(text) if synonyms else {}
    for token in _joined_neighbours(text):
        more.setdefault(token, JOINED_WEIGHT)
    return ParsedQuery(
        terms=tuple(own.items()),
        more=tuple((token, weight) for token, weight in more.items() if token not in own),
        ids=_identifiers(text),
    )


def _joined_neighbours(text: str) -> list[str]:
    """Neighbouring words as one token, where the writer may have left out the hyphen. Most are in no index."""
    words = [word for word in _WORDS.findall(text)[:64] if word.lower() not in STOP_WORDS]
    found = []
    for left, right in pairwise(words):
        if not (left.isdigit() and right.isdigit()):
            found.extend(tokens(f"{left}-{right}")[-1:])
    return found


def _identifiers(text: str) -> tuple[str, ...]:
    bare = _BARE_NUMBER.fullmatch(text)
    found = [f"pmid:{number}" for number in _PMID.findall(text) + ([bare.group(1)] if bare else [])]
    found += [f"pmcid:{match.upper()}" for match in _PMCID.findall(text)]
    found += [f"nct:{match.upper()}" for match in _NCT.findall(text)]
    found += [f"doi:{match.rstrip('.,;)]').lower()}" for match in _DOI.findall(text)]
    return tuple(dict.fromkeys(found))
