"""Reading grade of patient text: Flesch-Kincaid, with syllables counted by syllapy.

Kincaid, Fishburne, Rogers and Chissom 1975: 0.39 words/sentences + 11.8 syllables/words - 15.59. A sentence ends at a
full stop, question or exclamation mark followed by a space and a capital, or at the end of a text; figures count as
one word of one syllable each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from vademecum.answer.article import Reading

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"(])")
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d[\d,.]*")


def measure(texts: Sequence[str]) -> Reading:
    """The grade of the joined texts, each of them at least one sentence."""
    sentences = [part for text in texts for part in _END.split(text) if part.strip()]
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    count, total = max(1, len(sentences)), max(1, len(words))
    syllables = sum(_syllables(word.lower()) for word in words)
    return Reading(
        flesch_kincaid_grade=round(0.39 * total / count + 11.8 * syllables / total - 15.59, 1),
        sentences=count,
        words_per_sentence=round(total / count, 1),
        method="Flesch-Kincaid grade",
    )


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    import syllapy

    return 1 if word[0].isdigit() else max(1, int(syllapy.count(word)))
