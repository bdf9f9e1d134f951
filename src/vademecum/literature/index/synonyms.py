"""Other names of what a question names: abbreviations, lay words, drug names of other countries. For finding only.

The list is `synonyms.txt` beside this module; its head says how to read it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import msgspec

from vademecum.literature.index.tokens import tokens

NAME_WEIGHT = 0.4  # of another name of one word, against 1 for the question's own words
WORD_WEIGHT = 0.1  # of each word of a longer name: each alone says less than the whole
_LONGEST_NAME = 8  # tokens
_WORDS_WHEN_SMALL = frozenset(["all", "as", "aids", "art", "cap", "pet", "dic", "ms", "ed", "pe", "icd", "nec", "it"])


class _Name(msgspec.Struct, frozen=True):
    printed: str
    key: tuple[str, ...]  # its tokens


class _Entry(msgspec.Struct, frozen=True):
    """One direction of one line of the list."""

    name: _Name
    others: tuple[_Name, ...]
    abbreviation: bool = False
    context: frozenset[str] = frozenset()


def expansions(text: str) -> dict[str, float]:
    """Tokens of other names of the things named in `text`, with the weight each deserves."""
    sequence = tokens(text)
    own = frozenset(sequence)
    printed = frozenset(text.replace("?", " ").replace(",", " ").replace(".", " ").split())
    found: dict[str, float] = {}
    for entry in _entries_in(sequence):
        if _holds(entry, own, printed):
            for other in entry.others:
                weight = NAME_WEIGHT if len(other.key) == 1 else WORD_WEIGHT
                for token in other.key:
                    if token not in own:
                        found[token] = max(weight, found.get(token, 0.0))
    return found


def _entries_in(sequence: list[str]) -> list[_Entry]:
    """Entries named in the question; inside a longer name a shorter one is not meant (the hypertension of PAH)."""
    table = _table()
    found: list[_Entry] = []
    taken: set[int] = set()
    for length in range(min(_LONGEST_NAME, len(sequence)), 0, -1):
        for start in range(len(sequence) - length + 1):
            place = range(start, start + length)
            entries = table.get(tuple(sequence[start : start + length]))
            if entries and taken.isdisjoint(place):
                found.extend(entries)
                taken.update(place)
    return found


def _holds(entry: _Entry, own: frozenset[str], printed: frozenset[str]) -> bool:
    """An abbreviation counts as printed in the list, or in small letters where that is no word and not ambiguous.

    An ambiguous one counts only beside a word that says which is meant.
    """
    if not entry.abbreviation:
        return True
    name = entry.name.printed
    small = name.lower()
    exact = name in printed
    loose = small in printed and small not in _WORDS_WHEN_SMALL
    if not exact and not loose and any(word.lower() == small for word in printed):
        return False  # EGFR is not eGFR
    if not exact and small in _WORDS_WHEN_SMALL:
        return False
    if entry.context or (not exact and _rivals()[small] > 1):
        return bool(entry.context & own)
    return True


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], list[_Entry]]:
    table: dict[tuple[str, ...], list[_Entry]] = {}
    for entry in _all_entries():
        table.setdefault(entry.name.key, []).append(entry)
    return table


@lru_cache(maxsize=1)
def _rivals() -> dict[str, int]:
    """How many entries write an abbreviation with the same letters."""
    counts: dict[str, int] = {}
    for entry in _all_entries():
        if entry.abbreviation:
            small = entry.name.printed.lower()
            counts[small] = counts.get(small, 0) + 1
    return counts


@lru_cache(maxsize=1)
def _all_entries() -> tuple[_Entry, ...]:
    listing = resources.files("vademecum.literature.index").joinpath("synonyms.txt").read_text(encoding="utf-8")
    lines = (line.strip() for line in listing.splitlines())
    return tuple(entry for line in lines if line and not line.startswith("#") for entry in _entries_of(line))


def _entries_of(line: str) -> list[_Entry]:
    if ">" not in line:
        names = [_name(part) for part in line.split("=")]
        return [_Entry(name, tuple(other for other in names if other is not name)) for name in names]
    short, _, rest = line.partition(">")
    long_form, _, words = rest.partition("?")
    long_name = _name(long_form)
    context = frozenset(tokens(words)) | (frozenset(long_name.key) if words else frozenset())
    abbreviations = [_name(part) for part in short.split("=")]
    return [
        *(_Entry(name, (long_name,), abbreviation=True, context=context) for name in abbreviations),
        *([] if context else [_Entry(long_name, tuple(abbreviations))]),
    ]


def _name(printed: str) -> _Name:
    return _Name(printed.strip(), tuple(tokens(printed)))
