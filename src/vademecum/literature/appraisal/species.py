"""Whether words or check tags say that the work was done on animals and not on people."""

from __future__ import annotations

import re
from collections.abc import Set

from vademecum.literature.words import has_any

_SPECIES = (
    r"mice|mouse|murine|rats?|rodents?|rabbits?|zebrafish|guinea pigs?|hamsters?|pigs|piglets?|porcine|swine"
    r"|dogs|canine|cats|feline|sheep|ovine|lambs|macaques?|monkeys|primates|drosophila|elegans|bovine|calves"
    r"|chickens?"
)
_ANIMAL_TITLE = re.compile(rf"\b(?:{_SPECIES})\b")
_ANIMAL_DONE = re.compile(rf"\b(?:{_SPECIES})\b (?:\w+ )?(?:were|was|received)\b|\banimal (?:study|model|experiment)\b")
PEOPLE = re.compile(
    r"\b(?:patients?|participants|volunteers|women|men|children|infants|adults|humans?|individuals|people|persons)\b"
)


_HINTS = (
    *(
        "mice",
        "mouse",
        "rats",
        " rat ",
        "murine",
        "rodent",
        "rabbit",
        "zebrafish",
        "guinea",
        "hamster",
        "pigs",
        "piglet",
    ),
    *(
        "porcine",
        "swine",
        "dogs",
        "canine",
        "cats",
        "feline",
        "sheep",
        "ovine",
        "lambs",
        "macaque",
        "monkey",
        "primates",
    ),
    *("drosophila", "elegans", "bovine", "calves", "chicken", "animal"),
)


def animal_words(title: str, methods: str, whole: str, mesh: Set[str]) -> str | None:
    """What decided, or None. All texts in lower case."""
    if "Animals" in mesh:
        return None if "Humans" in mesh else "check tag 'Animals' without 'Humans'"
    if mesh:
        return None
    match = _ANIMAL_TITLE.search(title)
    if match and not PEOPLE.search(title) and not PEOPLE.search(methods):
        return f"title: {match[0]!r}"
    if not has_any(methods, _HINTS):
        return None
    match = _ANIMAL_DONE.search(methods)
    return f"methods: {match[0]!r}" if match and not PEOPLE.search(whole) else None
