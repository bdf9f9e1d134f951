"""Which condition a question names, whether its wording is open, and which of its assumptions need correcting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vademecum.answer.names import Names
from vademecum.answer.question import Intent
from vademecum.evidence.terms import terms
from vademecum.packs.library import Library
from vademecum.packs.model import Fork


def fork_of(text: str, forks: Sequence[Fork]) -> tuple[Fork, frozenset[str]] | None:
    """The fork whose longest phrase has all its words in the question, with the stems of that phrase."""
    asked = set(terms(text))
    found = [
        (len(wanted), -place, fork, wanted)
        for place, fork in enumerate(forks)
        for phrase in fork.asked_as
        if (wanted := frozenset(terms(phrase))) and wanted <= asked
    ]
    if not found:
        return None
    best = max(found, key=lambda entry: entry[:2])
    return best[2], best[3]


def packs_in(text: str, names: Names) -> tuple[tuple[str, frozenset[str]], ...]:
    """Packs named in the question with the stems of the name that matched, the most telling first."""
    asked = set(terms(text))
    library = names.library
    return tuple(
        (pack, stems) for pack, stems in names.packs_in(text) if not _is_other(library.packs[pack].not_names, asked)
    )


def excluded_in(text: str, names: Names) -> tuple[str, ...]:
    """Conditions of the question that share a word with ours and are something else ("orbital myositis")."""
    asked = set(terms(text))
    packs = names.library.packs.values()
    return tuple(dict.fromkeys(name for pack in packs for name in pack.not_names if set(terms(name)) <= asked))


def leading(
    named: Sequence[tuple[str, frozenset[str]]],
    forked: tuple[Fork, frozenset[str]] | None,
    intent: Intent,
    library: Library,
) -> tuple[tuple[str, ...], Fork | None]:
    """Which pack leads, and whether the wording is open.

    A name that says more than the fork's phrase ("muscle spasms in tetanus") settles the reading; otherwise the fork's
    best reading leads and the readings are shown.
    """
    if intent is not Intent.RED_FLAGS:
        named = sorted(named, key=lambda entry: library.packs[entry[0]].gives_way)
    ordered = tuple(pack for pack, _ in named)
    if forked is None:
        return ordered, None
    fork, phrase = forked
    settled = [pack for pack, stems in named if not stems <= phrase]
    if settled:
        return (*settled, *(pack for pack in ordered if pack not in settled)), None
    best = next((reading.pack for reading in fork.readings if reading.best), fork.readings[0].pack)
    if best not in library.packs:
        return ordered, None
    return (best, *(pack for pack in ordered if pack != best)), fork


TAKEN_FOR_GRANTED = re.compile(
    r"(?:^|[:;,.] )(?:which|how (?:much|many|long|often|high|soon)|why|since|as|given|because|when should|start|give|"
    r"prescrib\w+|"
    r"what (?:is the |are the )?(?:daily |best |right |usual |maximum |weekly )?"
    r"(?:dose|steroid|drug|amount|course|ceiling)|what \w+ dose)\b|\bsince\b|\bgiven that\b|\bproved\b|"
    r"\bis (?:the )?(?:first[- ]choice|first[- ]line|recommended|proven|standard)\b|\b(?:right|correct)\b[,?]|"
    r"\bso (?:can|which|should|what|how)\b|\bis excluded\b|\bexcludes?\b|\brules? out\b"
)
"""Ways of asking that take their premise for granted; "does X help?" asks about it and is answered plainly."""


def premise_of(text: str, library: Library, packs: Sequence[str], drugs: Sequence[str]) -> tuple[str, ...]:
    """Statements that correct a mistaken assumption about what the question names."""
    asked = set(terms(text))
    about = {*packs, *drugs, *(library.base_of(drug) for drug in drugs)}
    for premise, holder in library.premises:
        if holder in about and any(set(terms(phrase)) <= asked for phrase in premise.asked_as):
            return premise.because
    return ()


def _is_other(not_names: Sequence[str], asked: set[str]) -> bool:
    return any(set(terms(name)) <= asked for name in not_names)
