"""Is a near copy of a statement altered where it matters?

The other checks ask whether each number, drug or negation occurs somewhere in the evidence. A sentence that repeats a
statement almost word for word is held to more: the few words it changes must not be ones that carry the meaning. That
is how a lost "not", "above" for "below" or the other of two doses is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from vademecum.evidence.terms import words

NEAR = 0.85
"""Share of a sentence's words that it has in common, in order, with what it retells. Below: other words, other checks."""
_LEFT_OUT = 4
"""More words than these left out in one place are a clause left out, not a word lost."""

_WEAK, _PLAIN, _FORCE = range(3)
_MEANING = {
    "not": "not no never none nor neither without avoid avoids avoided against contraindicated cannot can't don't doesn't "
    "isn't stop stops stopped withhold withheld",
    "only": "only unless except",
    "up": "above over more greater higher least exceed exceeds minimum increase increases increased raise raises raised "
    "rise rises longer older",
    "down": "below under less fewer lower most maximum reduce reduces reduced decrease decreases decreased lowers lowered "
    "fall falls shorter younger",
    "before": "before",
    "after": "after",
    "hour": "hour hours hourly",
    "day": "day days daily nightly",
    "week": "week weeks weekly",
    "month": "month months monthly",
    "year": "year years yearly annual annually",
    "1": "once",
    "2": "two twice double",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "10": "ten",
    "adult": "adult adults",
    "child": "child children paediatric pediatric juvenile infant infants newborn newborns",
    "pregnant": "pregnant pregnancy",
}
_SENSE = {word: sense for sense, known in _MEANING.items() for word in known.split()}
_FORCES = {
    _WEAK: "may might could can consider considered possibly suggest suggests suggested option options",
    _PLAIN: "should recommend recommends recommended advise advises advised need needs start give offer use",
    _FORCE: "must always required requires mandatory essential",
}
_FORCE_OF = {word: force for force, known in _FORCES.items() for word in known.split()}
_UNIT = re.compile(r"(?:mg|mcg|g|kg|ml|l|units?|mmol|percent)(?:/\S+)?")
_LOSABLE = frozenset({"not", "only", "up", "down"})
_SAME = (
    (re.compile(r"\b(?:no|not) more than\b|\bnot above\b|\bnot exceeding\b", re.IGNORECASE), "at most"),
    (re.compile(r"\b(?:no|not) (?:less|fewer) than\b|\bnot below\b", re.IGNORECASE), "at least"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
)


def altered(text: str, told: str) -> str | None:
    """What `text` changed of `told` that carries meaning; None when nothing, or when it is no near copy."""
    said, known = _words(text), _words(told)
    if said == known or len(said) < 4 or len(set(said) & set(known)) < NEAR * len(set(said)):
        return None
    steps = SequenceMatcher(None, known, said, autojunk=False).get_opcodes()
    if sum(to - since for kind, since, to, _, _ in steps if kind == "equal") < NEAR * len(said):
        return None
    return next((wrong for _, a, b, c, d in steps if (wrong := _change(known[a:b], said[c:d]))), None)


def _words(text: str) -> list[str]:
    for pattern, instead in _SAME:
        text = pattern.sub(instead, text)
    return words(text)


def _change(old: list[str], new: list[str]) -> str | None:
    if old == new:
        return None
    if not new:
        lost = set(_senses(old)) & _LOSABLE if len(old) <= _LEFT_OUT else ()
        return f"leaves out {' '.join(old)!r}" if lost else None
    if sorted(_senses(old)) != sorted(_senses(new)) and (set(_senses(new)) or len(old) <= _LEFT_OUT):
        return f"says {' '.join(new)!r} where the statement says {' '.join(old) or 'nothing'!r}"
    if _force(new, _WEAK) > _force(old, _PLAIN):
        return f"says {' '.join(new)!r}, which is stronger than {' '.join(old) or 'the statement'!r}"
    return None


def _senses(changed: Iterable[str]) -> Iterator[str]:
    """What the words that carry meaning stand for: numbers, units, periods, negations, comparisons, people."""
    for word in changed:
        if (sense := _SENSE.get(word)) is not None:
            yield sense
        elif word[0].isdigit() or _UNIT.fullmatch(word):
            yield word


def _force(changed: Iterable[str], otherwise: int) -> int:
    """The strongest modal among the words."""
    return max((_FORCE_OF[word] for word in changed if word in _FORCE_OF), default=otherwise)
