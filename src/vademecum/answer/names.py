"""Names in a question: conditions, drugs, drug classes and patient conditions, with misspellings and look-alikes."""

from __future__ import annotations

from functools import cached_property

import msgspec

from vademecum.answer.other_drugs import other_drugs
from vademecum.evidence.terms import STOP, fold, stem, terms, words
from vademecum.packs.library import Library


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A name found in a question."""

    id: str
    name: str  # as the library writes it
    asked: str  # as the question writes it
    exact: bool


class Ambiguous(msgspec.Struct, frozen=True, kw_only=True):
    """A word that could be two drugs: both are shown, none is chosen."""

    asked: str
    candidates: tuple[str, ...]


class Names:
    """An index over the names in a library. Built once a library (see `of`)."""

    def __init__(self, library: Library) -> None:
        self.library = library

    @classmethod
    def of(cls, library: Library) -> Names:
        kept = library.memo.get(cls)
        if not isinstance(kept, cls):
            kept = library.memo[cls] = cls(library)
        return kept

    # --- conditions ------------------------------------------------------------------------------------

    @cached_property
    def conditions(self) -> tuple[tuple[tuple[str, ...], str, str], ...]:
        """(stems of a name, pack id, name), names with most words first."""
        entries = [
            (tuple(dict.fromkeys(terms(name))), pack.pack, name)
            for pack in self.library.packs.values()
            for name in (pack.title, pack.pack.replace("-", " "), *pack.names)
        ]
        return tuple(sorted((e for e in entries if e[0]), key=lambda entry: -len(entry[0])))

    def packs_in(self, question: str) -> tuple[tuple[str, frozenset[str]], ...]:
        """Packs named in the question with the stems of the longest name found; names with most words first."""
        asked = {*terms(question), *(stem(word) for word in words(question))}
        found: dict[str, frozenset[str]] = {}
        for stems, pack, _ in self.conditions:
            if pack not in found and asked.issuperset(stems):
                found[pack] = frozenset(stems)
        return tuple(sorted(found.items(), key=lambda entry: -_telling(entry[1])))

    # --- drugs -----------------------------------------------------------------------------------------

    @cached_property
    def drug_words(self) -> dict[str, str]:
        """Single-word names of five letters or more to drug ids, for misspellings."""
        found: dict[str, str] = {}
        for sheet in self.library.drugs.values():
            for name in (sheet.drug, sheet.title, *sheet.names):
                folded = fold(name)
                if len(folded) >= 5 and folded.isalpha():
                    found.setdefault(folded, sheet.drug)
        return found

    @cached_property
    def condition_words(self) -> tuple[str, ...]:
        """Words of condition names worth correcting towards."""
        found = {
            word
            for pack in self.library.packs.values()
            for name in (pack.title, *pack.names)
            for word in words(name)
            if len(word) >= 6 and word not in STOP
        }
        return tuple(sorted(found))

    @cached_property
    def _drug_stems(self) -> frozenset[str]:
        return frozenset(stem(name) for name in self.drug_words)

    @cached_property
    def look_alikes(self) -> dict[str, str]:
        """Names of other drugs that are easily taken for one of ours, to our drug id."""
        return {
            fold(name): sheet.drug
            for sheet in self.library.drugs.values()
            for name in sheet.look_alikes
            if fold(name) not in self.drug_words
        }

    def beginning_with(self, start: str) -> tuple[str, ...]:
        """Drug names that begin with `start`: several make an abbreviation that nobody can decide."""
        ours = {self.library.base_of(drug): name for name, drug in self.drug_words.items() if name.startswith(start)}
        sheets = {sheet.drug for sheet in self.library.drugs.values() if fold(sheet.title).startswith(start)}
        others = {name for name in other_drugs() if name.startswith(start)}
        return tuple(sorted({*ours.values(), *(s.replace("-", " ") for s in sheets - set(ours)), *others}))

    @cached_property
    def _not_names(self) -> frozenset[str]:
        return frozenset(
            word for pack in self.library.packs.values() for name in pack.not_names for word in words(name)
        )

    def known(self, word: str) -> bool:
        """Is `word` one the library uses, in any inflection?"""
        return (
            stem(word) in self.library.vocabulary
            or word in self.drug_words
            or word in self.look_alikes
            or word in self._not_names
            or word in other_drugs()
        )

    def misspelt(self, question: str) -> tuple[tuple[Found, ...], tuple[Ambiguous, ...]]:
        """Words that are one clear slip away from a drug or condition word.

        A slip is one or two edits in a long word, with no second drug name nearly as close; a look-alike pair is
        never decided by us.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import DamerauLevenshtein

        found: list[Found] = []
        ambiguous: list[Ambiguous] = []
        for word in dict.fromkeys(words(question)):
            if len(word) < 6 or word in STOP or (self.known(word) and stem(word) not in self._drug_stems):
                continue
            if word in self.drug_words or word in self.look_alikes:
                continue
            slips = 1 if len(word) < 8 else 2
            near = process.extract(
                word, list(self.drug_words), scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=4
            )
            close = dict.fromkeys(self.drug_words[name] for name, _, _ in near)
            if len({self.library.base_of(drug) for drug in close}) > 1:
                ambiguous.append(Ambiguous(asked=word, candidates=tuple(sorted(close))))
            elif close:
                drug = next(iter(close))
                found.append(Found(id=drug, name=self.library.drugs[drug].title, asked=word, exact=False))
            else:
                best = process.extractOne(
                    word, self.condition_words, scorer=DamerauLevenshtein.distance, score_cutoff=slips
                )
                if best is not None:
                    found.append(Found(id="", name=best[0], asked=word, exact=False))
        return tuple(found), tuple(ambiguous)


def _telling(stems: frozenset[str]) -> float:
    """How much a name says: its words, and a little for their length."""
    return len(stems) + sum(map(len, stems)) / 100
