"""Reading grade of patient text, measured by textstat."""

from __future__ import annotations

from collections.abc import Sequence

from vademecum.answer.article import Reading


def measure(texts: Sequence[str]) -> Reading:
    """Flesch-Kincaid grade (Kincaid 1975) of the joined sentences."""
    import textstat

    joined = "\n".join(text if text.endswith((".", "?", "!")) else f"{text}." for text in texts)
    count = max(1, textstat.sentence_count(joined))
    return Reading(
        flesch_kincaid_grade=round(float(textstat.flesch_kincaid_grade(joined)), 1),
        sentences=count,
        words_per_sentence=round(textstat.lexicon_count(joined) / count, 1),
        method="Flesch-Kincaid grade, textstat",
    )
