"""What each stretch of a document is for: background, methods, results, conclusions.

Read from the headings an abstract or article carries, from NLM's categories, and from labels printed inside the text
("METHODS We ..."), as collections that lost the structure keep them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

import msgspec

from vademecum.literature.documents import Document
from vademecum.literature.words import has_any


class Role(Enum):
    """What the writer put there."""

    UNLABELLED = auto()
    BACKGROUND = auto()
    OBJECTIVE = auto()
    DESIGN = auto()
    METHODS = auto()
    METHODS_AND_RESULTS = auto()
    RESULTS = auto()
    DISCUSSION = auto()
    CONCLUSIONS = auto()
    FUNDING = auto()
    REGISTRATION = auto()
    OTHER = auto()  # a heading of another kind


class Region(msgspec.Struct, frozen=True):
    """A stretch of `Document.text` with one role."""

    start: int
    end: int
    role: Role
    label: str = ""
    code: str | None = None
    opening: str = ""  # the label printed inside the text, which is not part of a sentence


_CATEGORIES = {
    "BACKGROUND": Role.BACKGROUND,
    "OBJECTIVE": Role.OBJECTIVE,
    "METHODS": Role.METHODS,
    "RESULTS": Role.RESULTS,
    "CONCLUSIONS": Role.CONCLUSIONS,
}
_LABELS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.FUNDING, re.compile(r"\bfund(?:ing|ed)\b|\bsponsor|financial support|primary source of funding", re.I)),
    (Role.REGISTRATION, re.compile(r"regist(?:ration|ry number|er number)|trial number", re.I)),
    (Role.METHODS_AND_RESULTS, re.compile(r"(?:method|design).*(?:result|finding)", re.I)),
    (Role.CONCLUSIONS, re.compile(r"conclu|interpretation|implication|^summary$|clinical relevance|key message", re.I)),
    (Role.BACKGROUND, re.compile(r"background|introduction|context|rationale|importance|hypothes|^problem", re.I)),
    (Role.DISCUSSION, re.compile(r"discussion|comment|limitation", re.I)),
    (Role.METHODS, re.compile(r"data sources|outcome measure|main outcome|outcomes? measured|study selection", re.I)),
    (Role.RESULTS, re.compile(r"\bresults?\b|findings?\b|data synthesis|observations?\b", re.I)),
    (Role.DESIGN, re.compile(r"\bdesign\b|type of study", re.I)),
    (Role.OBJECTIVE, re.compile(r"objective|\baims?\b|purpose|\bgoals?\b|question", re.I)),
    (
        Role.METHODS,
        re.compile(
            r"method|material|patient|participant|subject|population|setting|sample|intervention|procedure"
            r"|measure|extraction|analys|animals|cases\b",
            re.I,
        ),
    ),
)
_INSIDE = re.compile(
    r"((?:BACKGROUND|INTRODUCTION|CONTEXT|RATIONALE|OBJECTIVES?|AIMS?|PURPOSE|GOALS?|HYPOTHESIS|IMPORTANCE|DESIGN"
    r"|SETTINGS?|PATIENTS|PARTICIPANTS|SUBJECTS|POPULATION|INTERVENTIONS?|METHODS?|METHODOLOGY|MATERIALS?|MAIN OUTCOME"
    r"|PRIMARY OUTCOME|MEASUREMENTS|DATA SOURCES?|STUDY|RESULTS?|FINDINGS|RECENT FINDINGS|OUTCOMES?|DISCUSSION"
    r"|CONCLUSIONS?|INTERPRETATION|SUMMARY|FUNDING|TRIAL REGISTRATION|LIMITATIONS|PRINCIPAL FINDINGS"
    r"|SIGNIFICANCE|CONCLUSION)(?:[ /&]+(?:[A-Z]{2,}|&))*)(?:: ?|\. ?| (?=[A-Z\d][a-z \d]|[\d(\[\"“αβγ]"
    r"|[A-Z]{1,6}[a-z\d-]))"
)
"""A label in capitals at the start of a sentence: "RESULTS In the nine countries"."""

_CAPITALS = re.compile(r"[A-Z]{3,}")
_STOPS = frozenset(".?!)]")
_HINTS = ("METHOD", "RESULT", "CONCLUSION", "OBJECTIVE", "BACKGROUND", "FINDINGS", "PURPOSE", "AIM", "SUMMARY")


def regions(body: Document) -> tuple[Region, ...]:
    """The document cut by role, in order; together they cover every part."""
    found: list[Region] = []
    for part in body.parts:
        label = " / ".join(part.path)
        role = role_of(label, part.code)
        if role is Role.UNLABELLED and has_any(body.text, _HINTS):
            found.extend(_labelled_inside(body.text, part.start, part.end))
        else:
            found.append(Region(part.start, part.end, role, label, part.code))
    return tuple(found)


@lru_cache(maxsize=4096)
def role_of(label: str, code: str | None) -> Role:
    """The role a heading names; NLM's category decides where there is one.

    >>> role_of("PATIENTS AND METHODS", None).name, role_of("", None).name, role_of("Overview", None).name
    ('METHODS', 'UNLABELLED', 'OTHER')
    """
    if code in _CATEGORIES:
        category = _CATEGORIES[code]
        if category is Role.METHODS and re.search(r"\bdesign\b", label, re.I):
            return Role.DESIGN
        return category
    if not label:
        return Role.UNLABELLED
    for role, pattern in _LABELS:
        if pattern.search(label):
            return role
    return Role.OTHER


def _labels(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    for capitals in _CAPITALS.finditer(text, start, end):
        at = capitals.start()
        if at == start or text[max(start, at - 2) : at].strip()[-1:] in _STOPS:
            match = _INSIDE.match(text, at, end)
            if match is not None:
                yield match


def _labelled_inside(text: str, start: int, end: int) -> list[Region]:
    cuts = [match for match in _labels(text, start, end) if match.end() < end]
    if not cuts:
        return [Region(start, end, Role.UNLABELLED)]
    found = [Region(start, cuts[0].start(), Role.UNLABELLED)] if cuts[0].start() > start else []
    stops = [match.start() for match in cuts[1:]] + [end]
    for match, stop in zip(cuts, stops, strict=True):
        label = match[1]
        found.append(Region(match.start(), stop, role_of(label, None), label, None, match[0]))
    return found
