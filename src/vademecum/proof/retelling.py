"""Is a near copy of a statement altered where it matters?

The other checks ask whether each number, drug or negation occurs somewhere in the evidence. A sentence that repeats a
statement almost word for word is held to more: the few words it changes must not be ones that carry the meaning. That
is how a lost "not", "above" for "below" or the other one of two doses is seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from vademecum.evidence.terms import words

Drugs = Callable[[str], Iterable[str]]
"""The drugs that a text names."""

_NEAR, _NEAR_WHEN_SHORT, _SHORT = 0.75, 0.8, 8
"""Share of a sentence's words that it has in common, in order, with what it retells; below, it is no near copy."""
_CLAUSE = 3
"""More words than these left out in one place are a clause left out, not a word lost."""

_WEAK, _PLAIN, _FORCE = range(3)
_MEANING = {
    "not": "not no never none nor neither without avoid avoids avoided against contraindicated cannot can't don't "
    "doesn't isn't",
    "stop": "stop stops stopped stopping withhold withheld",
    "only": "only unless except",
    "up": "above greater higher least exceed exceeds minimum increase increases increased raise raises raised rise "
    "rises longer older",
    "down": "below under less fewer lower most maximum reduce reduces reduced decrease decreases decreased lowers "
    "lowered fall falls shorter younger",
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
_LOSABLE = frozenset({"not", "stop", "only", "up", "down"})
"""Senses whose loss turns or widens a statement; a number or a period left out only says less."""
_FIXED = frozenset({"not", "only", "before", "after"})
"""Senses that may not move to another place either."""

_PEOPLE = frozenset({"adult", "child", "pregnant"})
"""Senses that are only wrong in place of one another; who a statement is about is checked elsewhere."""

_JOINS = frozenset({"and", "or", "plus"})

_FORCES = {
    _WEAK: "may might could can consider considered possibly suggest suggests suggested option options",
    _PLAIN: "should recommend recommends recommended advise advises advised need needs start give offer use",
    _FORCE: "must always required requires mandatory essential",
}
_FORCE_OF = {word: force for force, known in _FORCES.items() for word in known.split()}
_UNIT = re.compile(r"(?:mg|mcg|g|kg|ml|l|units?|mmol|percent)(?:/\S+)?")
_SAME = (
    (re.compile(r"\b(?:no|not) more than\b|\bnot above\b|\bnot exceeding\b", re.IGNORECASE), "at most"),
    (re.compile(r"\b(?:no|not) (?:less|fewer) than\b|\bnot below\b", re.IGNORECASE), "at least"),
    (re.compile(r"\bmore than\b", re.IGNORECASE), "above"),
    (re.compile(r"\b(?:less|fewer) than\b", re.IGNORECASE), "below"),
    (re.compile(r"\bsplit over the day\b", re.IGNORECASE), "in divided doses"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
)


def alterations(text: str, told: str, drugs: Drugs) -> tuple[str, ...] | None:
    """What the sentence `text` changed of `told` that carries meaning; None when it is no near copy of it."""
    said, known = _words(text), _words(told)
    near = (_NEAR if len(said) >= _SHORT else _NEAR_WHEN_SHORT) * len(said)
    if len(said) < 2 or said[0] == "whether" or sum(word in known for word in said) < near:
        return None
    steps = SequenceMatcher(None, known, said, autojunk=False).get_opcodes()
    if sum(to - since for kind, since, to, _, _ in steps if kind == "equal") < near:
        return None
    changes = [(known[a:b], said[c:d]) for kind, a, b, c, d in steps if kind != "equal"]
    fixed = _FIXED | _torn(said, known)
    gone = {sense for old, new in changes if not list(_senses(new, drugs)) for sense in _senses(old, drugs)} - fixed
    come = {sense for old, new in changes if not list(_senses(old, drugs)) for sense in _senses(new, drugs)} - _FIXED
    found = [wrong for old, new in changes if (wrong := _change(old, new, gone, come, drugs))]
    if not found and _order(said, known, drugs) != _order(known, said, drugs):
        found.append("names its drugs in another order")
    return tuple(found)


def _torn(said: list[str], known: list[str]) -> set[str]:
    """Numbers that stand beside neither of the words they stood beside: moved alone, they are another figure's."""
    pairs = set(pairwise(known))
    beside = {word for pair in pairwise(said) if pair in pairs for word in pair}
    return {word for word in said if word[0].isdigit()} - beside


def _order(text: list[str], other: list[str], drugs: Drugs) -> list[set[str]]:
    """The drugs that both texts name, as `text` first names them; those of one list together, its order is free."""
    awaited = set(drugs(" ".join(other)))
    groups: list[set[str]] = [set()]
    for word in text:
        if named := awaited.intersection(drugs(word)):
            groups[-1] |= named
            awaited -= named
        elif word not in _JOINS and groups[-1]:
            groups.append(set())
    return [group for group in groups if group]


def _words(text: str) -> list[str]:
    for pattern, instead in _SAME:
        text = pattern.sub(instead, text)
    return words(text)


def _change(old: list[str], new: list[str], gone: set[str], come: set[str], drugs: Drugs) -> str | None:
    """What is wrong with saying `new` for `old`; `gone` and `come` have only moved to another place."""
    before, after = Counter(_senses(old, drugs)), Counter(_senses(new, drugs))
    gained, lost = after - before, before - after
    if not _PEOPLE & lost.keys():
        gained = Counter(sense for sense in gained.elements() if sense not in _PEOPLE)
    if gained.keys() - gone:
        return f"says {' '.join(new)!r} where the statement says {' '.join(old) or 'nothing'!r}"
    if _LOSABLE & lost.keys() - come and len(old) <= _CLAUSE:
        return f"leaves out {' '.join(old)!r}"
    if _force(new, _WEAK) > _force(old, _PLAIN):
        return f"says {' '.join(new)!r}, which is stronger than {' '.join(old) or 'the statement'!r}"
    return None


def _senses(changed: list[str], drugs: Drugs) -> Iterator[str]:
    """What the words that carry meaning stand for: numbers, units, periods, negations, comparisons, people, drugs."""
    for word in changed:
        if (sense := _SENSE.get(word)) is not None:
            yield sense
        elif word[0].isdigit() or _UNIT.fullmatch(word):
            yield word
    yield from drugs(" ".join(changed))


def _force(changed: list[str], otherwise: int) -> int:
    """The strongest modal among the words."""
    return max((_FORCE_OF[word] for word in changed if word in _FORCE_OF), default=otherwise)
