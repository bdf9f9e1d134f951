"""Studies that observe: cohorts, case-control, cross-sectional, accuracy, cases; and work on cells."""

from __future__ import annotations

import re

from vademecum.evidence.model import Design
from vademecum.literature.appraisal.species import PEOPLE
from vademecum.literature.appraisal.verdict import Verdict, first_of, shown
from vademecum.literature.appraisal.view import View
from vademecum.literature.words import has_any

_CASE_TITLE = re.compile(
    r"\bcase reports?\b|\breport of (?:an?|one|two|three|\d) (?:\w+ )?(?:cases?|patients?)\b"
    r"|: an? (?:unusual |rare )?case\b|\ba case of\b"
)
_CASE_SERIES = re.compile(
    r"\bcase[- ]series\b|\bconsecutive series of\b|\bseries of \w+(?:[- ]\w+)? (?:consecutive )?(?:patients|cases)\b"
)
_CASE_TEXT = re.compile(
    r"\bthis case report\b|\bwe (?:here |herein )?(?:report|present|describe) (?:here )?(?:on )?(?:the|a|an"
    r"|one) (?:\w+ ){0,3}?case\b"
    r"|\b(?:present|describe|report)\w* the (?:first )?case of\b|\bwe (?:report|present|describe) (?:a|an"
    r"|the) (?:\w+[- ]){0,4}?(?:patient|man|woman|boy|girl|infant|child)\b"
)
_ONE_PERSON = re.compile(
    r"\b(?:an?|the) \d+(?:\.\d+)?[- ](?:year|month|week|day)s?[- ]old (?:\w+[- ]){0,2}?(?:man|woman|boy|girl"
    r"|male|female|infant|child|patient|neonate|lady|gentleman)\b"
)


_CASE_HINTS = (
    "-old",
    "case of",
    "case report",
    "report a",
    "report the case",
    "describe a",
    "present a",
    "a case",
    "the case",
)


def _may_be_case(whole: str) -> bool:
    """Whether the word or an age is there: without both no pattern for a case decides."""
    return "case" in whole or "-old " in whole or " old " in whole


def by_case(seen: View) -> Verdict | None:
    """Reports of one case and series of cases."""
    if "case" in seen.title:
        match = _CASE_SERIES.search(seen.title)
        if match:
            return Verdict(Design.CASE_SERIES, f"title: {shown(match)!r}")
        match = _CASE_TITLE.search(seen.title)
        if match:
            return Verdict(Design.CASE_REPORT, f"title: {shown(match)!r}")
    indexed = "Case Reports" in seen.types
    for name, text in (("design", seen.design), ("methods", seen.methods)):
        match = _CASE_SERIES.search(text) if "series" in text else None
        if match:
            return Verdict(Design.CASE_SERIES, f"{name}: {shown(match)!r}")
    if indexed:
        return Verdict(Design.CASE_REPORT, "publication type 'Case Reports'")
    if _may_be_case(seen.whole) and has_any(seen.whole, _CASE_HINTS):
        match = _CASE_TEXT.search(seen.whole)
        person = _ONE_PERSON.search(seen.whole)
        if match and (person or "case" in match[0]):
            return Verdict(Design.CASE_REPORT, f"abstract: {shown(match)!r}")
        if person and re.search(
            r"\bin this (?:study|report|paper),? we (?:describe|report|present) the first\b", seen.whole
        ):
            return Verdict(Design.CASE_REPORT, f"abstract: {shown(person)!r}")
    return None


_CASE_CONTROL = re.compile(r"\bcase[- ]control(?:led)?\b(?! studies)")
_CROSS = re.compile(
    r"\bcross[- ]sectional,? (?:[\w-]+,? ){0,4}?(?:study|survey|analysis|design|data|sample|investigation"
    r"|comparison|assessment|evaluation)\b"
)
_COHORT = re.compile(
    r"\b(?:prospective|retrospective|population[- ]based|birth|inception|historical|matched|nationwide"
    r"|national|register-based|registry-based"
    r"|longitudinal|multi-?cent(?:re|er)|observational|single-cent(?:re|er)"
    r"|community-based),? (?:[\w-]+,? ){0,3}?cohort\b"
    r"|\bcohort (?:study|analysis|design)\b"
)
_FOLLOWED = re.compile(r"\bcohort\b[^.]{0,60}\bfollow(?:ed|-up)\b")
_ACCURACY = re.compile(
    r"\bdiagnostic (?:test )?accuracy\b|\baccuracy of [^.]{3,80} (?:for|in) (?:the )?(?:diagnos|detect"
    r"|identif|predict)\w+"
)
_QUALITATIVE = re.compile(
    r"\bqualitative (?:study|research|interviews?|analysis|design|methods?|descriptive|approach|content)\b"
    r"|\bgrounded theory\b|\bthematic analysis\b"
    r"|\bsemi-?structured interviews\b[^.]{0,200}\b(?:themes?|qualitativ|transcri)|\bfocus groups? (?:were|was"
    r"|discussions?)\b"
)
_SIGNALS = re.compile(
    r"\bfaers\b|\bvigibase\b|\badverse event reporting system\b|\bdisproportionality\b"
    r"|\bpharmacovigilance (?:database|data|study|reports)\b"
)
_OBSERVED = re.compile(
    r"\bobservational\b|\bretrospective(?:ly)?\b|\bprospective(?:ly)? (?:[\w-]+ ){0,4}?(?:study|studied|stud"
    r"|evaluat|collect|follow|includ|enrol|analy|observ|recruit)\w*"
    r"|\blongitudinal (?:[\w-]+ ){0,2}?study\b|\b(?:chart|record|case[- ]note|file)s? review(?:ed)?\b"
    r"|\bmedical records? (?:\w+ )?(?:of|were|was|from|review)\b"
    r"|\b(?:reviewed|records) (?:the |of )?(?:[\w-]+ ){0,3}?(?:records|charts|patients)\b|\brecords of \d+"
)
_EARLIER = re.compile(
    r"\b(?:previous|prior|earlier|recent|other|published|several|future|existing|of the|in contrast to"
    r"|unlike|large)\s(?:[\w-]+ ){0,2}$"
)

_STATED: tuple[tuple[Design, tuple[str, ...], re.Pattern[str]], ...] = (
    (Design.PHARMACOVIGILANCE, ("faers", "vigi", "disproport", "adverse event rep"), _SIGNALS),
    (Design.DIAGNOSTIC_ACCURACY, ("accuracy",), _ACCURACY),
    (Design.CASE_CONTROL, ("case-control", "case control"), _CASE_CONTROL),
    (Design.CROSS_SECTIONAL, ("sectional",), _CROSS),
    (Design.COHORT, ("cohort",), _COHORT),
    (Design.COHORT, ("cohort",), _FOLLOWED),
    (Design.QUALITATIVE, ("qualitative", "interview", "focus group", "themat", "theory"), _QUALITATIVE),
)
"""What a design calls itself, behind letters without which its pattern cannot match."""


def by_observation(seen: View) -> Verdict | None:
    """What an observational study calls itself; then its check tags; then only that it observes."""
    for name, text in (("title", seen.title), ("design", seen.design), ("methods", seen.methods)):
        verdict = _named(name, text) if text else None
        if verdict is not None:
            return verdict
    if "sensitivity" in seen.whole and "specificity" in seen.whole and _has_reference(seen.whole):
        return Verdict(Design.DIAGNOSTIC_ACCURACY, "abstract: sensitivity and specificity against a reference standard")
    tag = first_of(seen.mesh, *_TAGS)
    if tag:
        return Verdict(_TAGS[tag], f"MeSH {tag!r}")
    indexed = first_of(seen.types, "Observational Study")
    if indexed:
        return Verdict(Design.OBSERVATIONAL, f"publication type {indexed!r}")
    for name, text in (("title", seen.title), ("design", seen.design), ("methods", seen.methods)):
        match = _OBSERVED.search(text) if _may_observe(text) else None
        if match and not _EARLIER.search(text, max(0, match.start() - 40), match.start()):
            return Verdict(Design.OBSERVATIONAL, f"{name}: {shown(match)!r}")
    return None


_TAGS = {
    "Case-Control Studies": Design.CASE_CONTROL,
    "Cross-Sectional Studies": Design.CROSS_SECTIONAL,
    "Cohort Studies": Design.COHORT,
    "Qualitative Research": Design.QUALITATIVE,
    "Retrospective Studies": Design.OBSERVATIONAL,
    "Prospective Studies": Design.OBSERVATIONAL,
    "Longitudinal Studies": Design.OBSERVATIONAL,
}


def _named(name: str, text: str) -> Verdict | None:
    for design, hints, pattern in _STATED:
        if has_any(text, hints):
            for match in pattern.finditer(text):
                if not _EARLIER.search(text, max(0, match.start() - 40), match.start()):
                    return Verdict(design, f"{name}: {shown(match)!r}")
    return None


def _has_reference(text: str) -> bool:
    return has_any(text, ("gold standard", "reference standard", "predictive value", "gold-standard"))


def _may_observe(text: str) -> bool:
    return has_any(text, ("spective", "observational", "longitudinal", "review", "record"))


_CELL_TAGS = ("Cells, Cultured", "In Vitro Techniques", "Tumor Cells, Cultured", "Cell Line", "Cell Line, Tumor")


def by_work_on_cells(seen: View) -> Verdict | None:
    """Work on cells or tissue in the laboratory."""
    tag = first_of(seen.mesh, *_CELL_TAGS)
    if tag and not PEOPLE.search(seen.methods):
        return Verdict(Design.LABORATORY, f"MeSH {tag!r}")
    for words in ("in vitro", "cell line", "cultured cells"):
        if words in seen.whole and not PEOPLE.search(seen.whole):
            return Verdict(Design.LABORATORY, f"abstract: {words!r}")
    return None
