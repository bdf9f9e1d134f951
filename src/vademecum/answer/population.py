"""Whom a question is about, from its words alone."""

from __future__ import annotations

import re

from vademecum.answer.question import Group
from vademecum.evidence.terms import fold

_AGE = re.compile(
    r"\b(\d{1,3}(?:\.\d)?)[\s-]*(?:years?|yrs?|y\.?o|yo|y/o|months?|mo|weeks?|days?)?[\s-]*(?:old\b|y/o\b|yo\b|of age\b)"
    r"|\bage[ds]?\s*(?:of\s*)?(\d{1,3})\b|\b(\d{1,3})[\s-]*(?:years?|yrs?)\b(?=[\s-]*(?:old|man|woman|male|female|girl|boy|patient))"
    r"|(?:^|[,;(]\s?)(\d{2,3})[mf]\b(?!\s?(?:walk|run|sprint))"  # "44M, CK 3000": ward shorthand
)
_SMALL = re.compile(r"\b\d{1,2}[\s-]*(?:months?|weeks?|days?)[\s-]*old\b")
_CHILD = re.compile(
    r"\b(?:child|children|childhood|kids?|paediatrics?|pediatrics?|juvenile|infants?|babies|baby|toddlers?|newborns?|"
    r"neonates?|neonatal|jdms?|jiim|teenagers?|adolescents?|boys?|girls?|schoolchild\w*|under 1[0-8]|son|daughter)\b"
)
_ADULT = re.compile(r"\b(?:adults?|grown-?ups?|men|women|man|woman)\b")
_OLDER = re.compile(
    r"\b(?:elderly|older (?:adults?|people|persons?|patients?|man|woman)|geriatric|seniors?|old age|frail)\b"
)
_PREGNANT = re.compile(r"\b(?:pregnan\w+|trimester|gestation\w*|breast-?feeding|lactati\w+|lactation|nursing mother)\b")
_FACTS = (
    (re.compile(r"\b(?:kidney|renal|creatinine|egfr|ckd|dialysis)\b"), "kidney function is mentioned"),
    (re.compile(r"\b(?:liver|hepat\w+|cirrhosis)\b"), "liver function is mentioned"),
    (
        re.compile(r"\b(?:heart failure|arrhythmia\w*|cardiac|myocardial|heart disease|heart block)\b"),
        "heart disease is mentioned",
    ),
    (re.compile(r"\b(?:allerg\w+)\b"), "an allergy is mentioned"),
)


def group_of(text: str) -> tuple[Group, tuple[str, ...]]:
    """The group a question is about, and the facts about a patient that it states."""
    folded = fold(text)
    facts = [name for pattern, name in _FACTS if pattern.search(folded)]
    if _PREGNANT.search(folded):
        return Group.PREGNANCY, ("pregnancy or breastfeeding", *facts)
    if _SMALL.search(folded):
        return Group.CHILD, ("under 2 years", *facts)
    if (match := _AGE.search(folded)) is not None:
        age = float(next(filter(None, match.groups())))
        facts.insert(0, f"age {age:g}")
        if age < 18:
            return Group.CHILD, tuple(facts)
        return (Group.OLDER_ADULT if age >= 65 else Group.ADULT), tuple(facts)
    if _CHILD.search(folded) and not _ADULT.search(folded):
        return Group.CHILD, tuple(facts)
    if _OLDER.search(folded):
        return Group.OLDER_ADULT, tuple(facts)
    if _ADULT.search(folded) and not _CHILD.search(folded):
        return Group.ADULT, tuple(facts)
    return Group.UNSTATED, tuple(facts)
