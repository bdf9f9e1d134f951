"""Grades where a document prints them: the words, not their translation."""

from __future__ import annotations

import re

from vademecum.literature.words import has_any

_GATE = ("grade", "class ", "level", "recommendation", "certainty", "quality", "(a", "(b", "(c", "(d", "evidence")
_STRENGTH = r"(?:strong(?:ly)?|weak|conditional|discretionary)"
_SURE = r"(?:very low|very-low|low|moderate|high)"
_GRADE = re.compile(
    rf"\(([^()]*\b(?:recommendation category|recommendation grade|evidence type|strength of recommendation)\b[^()]*)\)"
    rf"|\b({_STRENGTH} recommendation(?:[,;:]| based on| \() ?{_SURE}[- ](?:certainty|quality)(?: of)?(?: evidence)?)"
    rf"|\(((?:{_STRENGTH}|{_SURE})[^()]{{0,40}}\b(?:recommendation|evidence|certainty|quality)\b[^()]{{0,60}})\)"
    rf"|\b(grade:? (?:[12][a-d]|[a-d][+-]?|i{{1,3}}[ab]?))\b"
    rf"|\b(class (?:i{{1,3}}[ab]?|iv|[123][ab]?)(?:[,;]? ?(?:level"
    rf"|loe)(?: of evidence)?:? ?[abc](?:-[a-z]{{1,2}})?)?)\b"
    rf"|\b(level of evidence:? ?(?:[a-d]|[1-5][a-c]?|i{{1,3}}|iv|v)(?:[+-]{{1,2}})?)(?![\w])"
    rf"|\(([a-e]-?i{{1,3}})\)|\b({_SURE}[- ](?:certainty|quality) (?:of )?evidence)\b"
)
_CASED = re.compile(r"\(([A-E]-?I{1,3})\)")


def grade_in(text: str, low: str) -> str | None:
    """The first grade printed in a sentence, as printed.

    >>> grade_in("Offer it (Grade 1B).", "offer it (grade 1b).")
    'Grade 1B'
    """
    if not has_any(low, _GATE):
        return None
    match = _GRADE.search(low)
    if match is None:
        return None
    group = match.lastindex or 0
    start, end = match.span(group)
    if group == 7 and not _CASED.search(text):
        return None
    return " ".join(text[start:end].split())
