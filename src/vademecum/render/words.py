"""The short words and marks that every output form shares, so that they say the same thing everywhere."""

from __future__ import annotations

import datetime as dt

from vademecum.answer.article import Article, Reference, Sentence
from vademecum.evidence.model import Certainty, Direction, GradeOrigin, Population, SourceState, Strength

POPULATION = {
    Population.ADULT: "adults",
    Population.PAEDIATRIC: "children",
    Population.ADULT_AND_PAEDIATRIC: "adults and children",
    Population.OLDER_ADULT: "older adults",
    Population.PREGNANCY: "pregnancy",
}

DOTS = {
    Certainty.HIGH: "●●●●",
    Certainty.MODERATE: "●●●○",
    Certainty.LOW: "●●○○",
    Certainty.VERY_LOW: "●○○○",
    Certainty.NOT_GRADED: "○",
}
"""Certainty as shape: four dots filled from the left, a hollow ring when not graded."""

LINE = {
    "immediate": "at once",
    "first": "first line",
    "add_on": "added to the first line",
    "second": "second line",
    "refractory": "if this fails",
    "maintenance": "maintenance",
    "branch": "only if it applies",
}

CHOOSE = {
    "one": "Choose one, in order of preference:",
    "one_unranked": "Choose one; the sources do not rank them:",
    "any": "Options:",
    "all": "All of these:",
}

INTENT = {
    "treatment": "treatment",
    "dose": "dose",
    "workup": "work-up",
    "monitoring": "monitoring",
    "safety": "safety",
    "alternatives": "alternatives",
    "refractory": "what to do when treatment fails",
    "comparison": "comparison",
    "red_flags": "red flags",
    "evidence": "evidence",
    "fact": "a specific fact",
}


def grade_words(sentence: Sentence) -> str:
    """Strength and certainty in words, with who said so; empty when nothing was graded.

    An editor's judgement is called that and never the source's.
    """
    parts = []
    if sentence.strength is not Strength.NONE:
        against = " against" if sentence.direction is Direction.AGAINST else ""
        parts.append(f"{sentence.strength} recommendation{against}")
    if sentence.certainty is not Certainty.NOT_GRADED:
        parts.append(f"{sentence.certainty.replace('_', ' ')} certainty")
    said = ", ".join(parts)
    if said and sentence.grade_origin is GradeOrigin.EDITOR:
        said = f"{said} (editor's judgement, not the source's)"
    elif said and sentence.grade_origin is GradeOrigin.MAPPED:
        said = f"{said} (mapped)"
    return "; ".join(filter(None, (said, sentence.grade_as_printed)))


def marks(sentence: Sentence) -> str:
    """Reference numbers as plain text: "[1, 2]"."""
    return f"[{', '.join(map(str, sentence.citations))}]"


def reference_note(reference: Reference) -> str:
    """What a reader should know about a source beyond its citation."""
    parts = [reference.type.replace("_", " ")]
    if reference.design and reference.design != reference.type:
        parts.append(reference.design)
    if reference.participants:
        parts.append(f"n = {reference.participants:,}")
    if reference.jurisdiction:
        parts.append(reference.jurisdiction)
    parts.append(f"read: {reference.read}")
    if reference.status is not SourceState.CURRENT:
        note = f" ({reference.status_note})" if reference.status_note else ""
        parts.append(f"{reference.status.upper()}{note}")
        if reference.superseded_by:
            parts.append(f"superseded by {reference.superseded_by}")
    return "; ".join(parts)


def say_date(iso: str | None) -> str:
    """22 Nov 2026; "never" when it did not happen."""
    if iso is None:
        return "never"
    day = dt.date.fromisoformat(iso)
    return f"{day.day} {day:%b %Y}"


def date_lines(article: Article) -> tuple[tuple[str, str], ...]:
    """The four dates and what each means."""
    dates = article.dates
    return (
        ("Generated", say_date(dates.generated)),
        ("Evidence searched to", say_date(dates.evidence_searched_to)),
        ("Reviewed by a clinician", say_date(dates.human_reviewed)),
        ("Next review due", say_date(dates.next_review_due) if dates.next_review_due else "not set"),
    )


def reading_line(article: Article) -> str | None:
    """The measured reading grade of a patient article."""
    if article.reading is None:
        return None
    reading = article.reading
    return (
        f"Reading level: grade {reading.flesch_kincaid_grade:g} ({reading.method}), "
        f"{reading.words_per_sentence:g} words a sentence"
    )


AUDIENCE = {"physician": "For health professionals", "patient": "For patients and carers"}

HEADINGS = {
    "red_flags": "Red flags",
    "premise": "First, about the question",
    "forks": "Which of these is meant?",
    "coverage": "Missing or held back",
    "references": "References",
    "questions_to_ask": "Questions to ask",
    "suggestions": "Ask next",
}
"""Titles of the parts of an article that are not sections."""


def heading(part: str, article: Article) -> str:
    """The title of such a part for this reader."""
    if part == "red_flags" and article.audience == "patient":
        return "When to get help now"
    return HEADINGS[part]


STEP_PARTS = {
    "applies_if": "If",
    "because": "Why",
    "before": "Before you start",
    "why": "Why this one",
    "effect": "Time to effect",
    "stop": "Stop, taper, duration",
    "if_fails": "If this fails",
}

AVOID = "Avoid"
NOT_STATED = "not stated"

_ASKED_ABOUT = {
    "adult": Population.ADULT,
    "unstated": Population.ADULT,
    "child": Population.PAEDIATRIC,
    "paediatric": Population.PAEDIATRIC,
    "older_adult": Population.OLDER_ADULT,
    "pregnancy": Population.PREGNANCY,
}
"""What `Interpretation.population` may say, as the population of a statement."""


def asked_about(article: Article) -> Population | None:
    """Whom the article is for; None when it is for adults and children alike, or for nobody in particular."""
    if article.kind == "digest" and article.interpretation.population == "unstated":
        return None
    return _ASKED_ABOUT.get(article.interpretation.population)


def population_label(population: Population | None, asked: Population | None) -> str | None:
    """Whom a sentence is about, when it says so and that is not whom the article is for."""
    return None if population is None or population is asked else POPULATION[population]
