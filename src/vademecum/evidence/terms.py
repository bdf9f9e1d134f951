"""Words of clinical English, normalised for matching: the one place that decides when two words are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+(?:[-'/.][a-z0-9]+)*")
_SPELLING = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("yse", "yze"))

STOP = frozenset(
    """a about after again all also am an and any are as at be because been before being best between both but by can
    could did do does doing done during each either few for from get give given go had has have having he her here him
    his how i if in into is it its just know like long make many may me mg might more most much must my need no nor not
    now of off on once one only or other our out over own per please same she should show since so some still such take
    tell than that the their them then there these they this those through to too under up us use used using very want
    was we were what when where which while who whom whose why will with without would you your patient patients person
    people someone anybody anyone man woman year years old yr yrs""".split()
)


def fold(text: str) -> str:
    """Lower case, plain letters, straight quotes and hyphens, micro as `mc`."""
    text = text.replace("µ", "mc").replace("μ", "mc").replace("²", "2").replace("’", "'")
    text = re.sub(r"[‐-―−]", "-", text)
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if not unicodedata.combining(c)).lower()


def words(text: str) -> list[str]:
    """Words in order; hyphenated compounds stay whole."""
    return [w.removesuffix("'s") for w in _WORD.findall(fold(text))]


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for the inflections and the two spellings of a word."""
    if len(word) > 5:
        for british, american in _SPELLING:
            word = word.replace(british, american)
    return str(_stemmer().stemWord(word)) if len(word) > 3 else word


def terms(text: str) -> tuple[str, ...]:
    """Stems of the content words, in order, repeats kept; compounds also in their parts."""
    found: list[str] = []
    for word in words(text):
        if word in STOP:
            continue
        found.append(stem(word))
        if "-" in word or "/" in word:
            found.extend(stem(part) for part in re.split(r"[-/]", word) if part and part not in STOP)
    return tuple(found)
