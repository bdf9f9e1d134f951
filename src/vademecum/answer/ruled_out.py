"""Drugs that the question itself takes off the table: "NSAIDs are out", "allergic to naproxen", "without steroids".

They are never the bottom line, and options with them are left out with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vademecum.answer.question import Intent
from vademecum.evidence.terms import fold
from vademecum.packs.library import Library

_END = re.compile(r"[.,;:?!()]|\b(?:so|what|which|how|but|because|since|for|in|who|when|then|yet)\b")
_BEFORE = re.compile(
    r"\b(?P<near>no|without|avoid(?:ing)?|other than|except|instead of)\b"
    r"|\b(?:can(?:'t|not) (?:take|have|use|tolerate|be given|get)|must not (?:take|have|be given)|"
    r"unable to (?:take|tolerate|have)|allerg(?:ic|y) to|intoleran(?:t|ce) (?:of|to)|"
    r"(?:did|does|do)(?:n't| not) tolerate|not tolerat(?:e|ing)|contraindications? to)\b"
)
_AFTER = re.compile(
    r"\b(?:is|are|was|were) (?:out|contraindicated|ruled out|off the table|"
    r"not (?:an option|possible|allowed|suitable))\b"
    r"|\b(?:allergy|allergic|intolerance|intolerant|not tolerated)\b"
)
_START = re.compile(r"[.,;:?!()]|\b(?:when|where|if|because|since|as|and|but|whom|with)\b")
_SEEKS = re.compile(
    r"\bwhat (?:else|can|to|should|would|do|now|next)\b|\binstead\b|\bfirst[- ]line\b|\btreat\w*\b|"
    r"\brecommend\w*\b|\boptions?\b|\bwhich (?:drug|medicine)\b"
)
_CHECKS = re.compile(r"^(?:is|are|can|does|do|why|may|should)\b|\bwhich patients\b|\bsafe\b")

_NEAR_WORDS, _FAR_WORDS, _BEFORE_WORDS = 2, 5, 4


def ruled_out(text: str, library: Library) -> tuple[str, ...]:
    """Ids of the drugs the question excludes.

    A drug excludes every one that shares its sheet (prednisone and prednisolone), a class name every drug of the class.
    """
    folded = fold(text)
    found: dict[str, None] = {}
    for match in _BEFORE.finditer(folded):
        rest = folded[match.end() :].lstrip()
        stop = _END.search(rest)
        if stop is not None and stop[0] == "yet":  # "no steroids yet" tells what was given, not what may be
            continue
        said = rest[: stop.start()] if stop is not None else rest
        found.update(dict.fromkeys(_named(said.split()[: _NEAR_WORDS if match["near"] else _FAR_WORDS], library)))
    for match in _AFTER.finditer(folded):
        said = _START.split(folded[: match.start()])[-1]
        found.update(dict.fromkeys(_named(said.split()[-_BEFORE_WORDS:], library)))
    return tuple(found)


def seeks_another(text: str, intent: Intent) -> bool:
    """Does a question that rules a drug out ask what to give, rather than about the drug?"""
    folded = fold(text)
    about = intent in {Intent.SAFETY, Intent.FACT}
    return about and _SEEKS.search(folded) is not None and _CHECKS.search(folded) is None


def _named(said: Iterable[str], library: Library) -> Iterable[str]:
    text = " ".join(said)
    bases = {library.base_of(drug) for drug in library.drugs_in(text)}
    kinds = {kind for drug in library.classes_in(text) for kind in library.drugs[drug].classes[:1]}
    for drug, sheet in library.drugs.items():
        if library.base_of(drug) in bases or not kinds.isdisjoint(sheet.classes):
            yield drug
