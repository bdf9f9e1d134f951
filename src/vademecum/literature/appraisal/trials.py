"""Trials: randomised or not, blinded or not, the trial itself or a later look at its data."""

from __future__ import annotations

import re

from vademecum.evidence.model import Design
from vademecum.literature.appraisal.verdict import Verdict, first_of, shown
from vademecum.literature.appraisal.view import View
from vademecum.literature.words import has_any

_NOT_RANDOM = re.compile(
    r"\b(?:non|not|quasi|pseudo|semi|un|without|no|mendelian|lack of|neither)[- ]*(?:being )?randomi[sz]\w*"
    r"|\brandomi[sz]ation test"
)
_RANDOMISED_STUDY = re.compile(
    r"\brandomi[sz]ed,? (?:[\w-]+,? (?:and )?){0,8}?(?:trial|study|comparison|experiment"
    r"|evaluation)\b(?! (?:is|are|would be|should be|to) )"
    r"|\brandomi[sz]ed (?:[\w-]+ ){0,3}design\b|\b(?:trial|study),? randomi[sz]ed\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:previous|prior|earlier|recent|another|future|published|existing|ongoing|large|needs?|lack of|no"
    r"|data from|results? (?:of|from)"
    r"|subset (?:of|from)|from (?:an?|the)|nested (?:in|within)|within (?:an?|the)|part of|following|after"
    r"|since|simulat\w+|until|unless|if)\b[^.;]{0,60}$"
)
_PEOPLE_RANDOMISED = re.compile(
    r"\b(?:patients?|participants?|subjects?|women|men|children|infants?|neonates|newborns|adults"
    r"|adolescents|individuals|people|persons"
    r"|volunteers|students|nurses|physicians|doctors|residents|caregivers|carers|households|villages"
    r"|clusters|schools|practices|clinics"
    r"|hospitals|eyes|cases|joints|knees|hips|limbs|who|they|total of \d+|n ?= ?\d+\)?)\b[^.;]{0,110}?"
    r"\b(?:were|was|being|been) (?:\w+ly |then |also |first |1:1 )?(?:randomi[sz]ed|randomly (?:assigned"
    r"|allocated|divided|distributed|randomi[sz]ed|placed))"
    r"|\bwe (?:\w+ )?(?:randomi[sz]ed|randomly (?:assigned|allocated))\b"
    r"|\brandomi[sz]ation of \d+ (?:patients|women|men|children|participants)"
    r"|\b(?:patients|participants|women|men|children|subjects) randomi[sz]ed (?:to|into)\b"
)
_TITLE_RANDOMISED = re.compile(r"\brandomi[sz]ed\b(?! controlled trials\b| trials\b| clinical trials\b| studies\b)")
_SECONDARY = re.compile(
    r"\b(?:secondary|post[- ]?hoc|ancillary|retrospective|exploratory|further) (?:\w+ )?analys[ei]s (?:of"
    r"|from|using|in|within|on)\b[^.]{0,140}?(?:\btrial|randomi[sz]|\brct)"
    r"|\bincluded in (?:a|this|the|our|these) (?:secondary|post[- ]?hoc|ancillary) analys|\b(?:sub-?study"
    r"|ancillary study) (?:of|to|within)\b[^.]{0,80}\btrial"
    r"|\b(?:re-?analy[sz]ed|used|analy[sz]ed|pooled) (?:the )?data from (?:a|an|the|two|three"
    r"|four)\b[^.]{0,60}\brandomi[sz]ed"
)
_SECONDARY_TITLE = re.compile(
    r"\b(?:secondary|post[- ]?hoc|sub-?group|ancillary|exploratory|pooled|mediation"
    r"|sub-?) ?(?:\w+ )?analys[ei]s (?:of|from|in)\b"
    r"|[:.] (?:a |an )?(?:secondary|post[- ]?hoc|ancillary|prespecified|sub-?group) (?:\w+ )?analys[ei]s"
    r"|\bsub-?(?:study|analysis) of\b"
)
_BLIND = re.compile(r"\b(?:double|triple)[- ]?(?:blind|mask)")
_OPEN = re.compile(
    r"\bopen[- ]label|\bunblinded|\bnon-?blinded|\bunmasked|\bopen,? randomi[sz]ed|\brandomi[sz]ed,? open\b"
)
_OBSERVATIONAL_TAGS = frozenset(
    {"Case-Control Studies", "Cohort Studies", "Retrospective Studies", "Cross-Sectional Studies"}
)


def by_randomisation(seen: View) -> Verdict | None:
    """A randomised trial in people, or a later analysis of one."""
    indexed = first_of(seen.types, "Randomized Controlled Trial", "Equivalence Trial", "Pragmatic Clinical Trial")
    if indexed is None and "random" not in seen.title and "random" not in seen.whole:
        return None
    secondary = _secondary(seen)
    because = f"publication type {indexed!r}" if indexed == "Randomized Controlled Trial" else _stated(seen)
    if secondary and (because or "trial" in secondary or "random" in secondary):
        return Verdict(Design.SECONDARY_ANALYSIS, secondary)
    if because is None:
        return None
    return Verdict(_blinding(seen), because)


def _stated(seen: View) -> str | None:
    """Where the text says of the study itself that it was randomised."""
    if "simulat" in seen.title or "simulation of" in seen.methods:
        return None
    match = _TITLE_RANDOMISED.search(_NOT_RANDOM.sub(_blank, seen.title))
    if match:
        return f"title: {match[0]!r}"
    for name, text in (("design", seen.design), ("methods", seen.methods)):
        cleaned = _NOT_RANDOM.sub(_blank, text)
        match = _itself(cleaned)
        if match:
            return f"{name}: {shown(match)!r}"
        match = _PEOPLE_RANDOMISED.search(cleaned)
        if match and not seen.mesh & _OBSERVATIONAL_TAGS:
            return f"{name}: {_end_of(match)!r}"
    match = _of_this_study(seen.whole)
    return f"abstract: {shown(match)!r}" if match else None


def _itself(text: str) -> re.Match[str] | None:
    for match in _RANDOMISED_STUDY.finditer(text):
        if not _ELSEWHERE.search(text, max(0, match.start() - 90), match.start()):
            return match
    return None


_OF_THIS = re.compile(r"\b(?:this|our|the present|in a|of a|conducted a|performed a) (?:[\w-]+,? ){0,4}$")


def _of_this_study(text: str) -> re.Match[str] | None:
    """An aim in the background may be the only place: "The aim of this prospective, randomized study"."""
    if "randomise" not in text and "randomize" not in text:
        return None
    cleaned = _NOT_RANDOM.sub(_blank, text)
    for match in _RANDOMISED_STUDY.finditer(cleaned):
        before = cleaned[max(0, match.start() - 60) : match.start()]
        if _OF_THIS.search(before) and not _ELSEWHERE.search(before):
            return match
    return None


_SECONDARY_HINTS = (
    "secondary",
    "post hoc",
    "post-hoc",
    "ancillary",
    "retrospective",
    "exploratory",
    "further",
    "substudy",
    "sub-study",
    "data from",
)


_ANALYSES = ("secondary", "post", "ancillary", "retrospective", "exploratory", "further")
_SUBSTUDIES = ("substudy", "sub-study", "ancillary study", "data from")


def _secondary(seen: View) -> str | None:
    title = "analys" in seen.title or "sub" in seen.title
    match = _SECONDARY_TITLE.search(seen.title) if title else None
    if match and ("trial" in seen.title or "random" in seen.title or "Randomized Controlled Trial" in seen.types):
        return f"title: {shown(match)!r} (trial)"
    if not has_any(seen.whole, _SECONDARY_HINTS):
        return None
    match = _searched(seen.methods) or _searched(seen.title)
    if match is None and seen.methods != seen.whole:
        match = _searched(seen.whole)
    return f"abstract: {shown(match)!r} (trial)" if match else None


def _searched(text: str) -> re.Match[str] | None:
    """Every form of words needs "analys" and one of a few others, or "data from", or a study below another."""
    if ("analys" in text and has_any(text, _ANALYSES)) or has_any(text, _SUBSTUDIES):
        return _SECONDARY.search(text)
    return None


def _blinding(seen: View) -> Design:
    if "Double-Blind Method" in seen.mesh:
        return Design.RCT_BLIND
    text = f"{seen.title} {seen.whole}"
    if has_any(text, ("double", "triple")) and has_any(text, ("blind", "mask")) and _BLIND.search(text):
        return Design.RCT_BLIND
    if has_any(text, ("open", "blinded", "unmasked")) and _OPEN.search(text):
        return Design.RCT_OPEN
    return Design.RCT


def _blank(match: re.Match[str]) -> str:
    return "#" * len(match[0])


def _end_of(match: re.Match[str]) -> str:
    words = match[0].split()
    return " ".join(words[-4:])


_WITHOUT = re.compile(
    r"\b(?:non|quasi|pseudo)[- ]?randomi[sz]ed\b|\bnot randomi[sz]ed\b|\bwithout randomi[sz]ation\b"
    r"|\bquasi-?experimental\b"
    r"|\bcontrolled before[- ](?:and[- ])?after\b|\bhistorical(?:ly)? control(?:s|led)?\b"
)
_SINGLE_ARM = re.compile(
    r"\bsingle[- ](?:arm|group)\b|\bone[- ]arm\b|\buncontrolled,? (?:[\w-]+ ){0,5}?(?:trial|study)\b"
    r"|\bopen[- ]label extension\b"
    r"|\bopen[- ]label,? (?:[\w-]+,? ){0,4}?phase (?:i|ii|1|2|i/ii|1/2|1b|2a|ib|iia)\b|\bphase (?:i|ii|1|2"
    r"|i/ii|1/2),? (?:[\w-]+,? ){0,3}?open[- ]label\b"
)


_ARMS = (
    "single arm",
    "single-arm",
    "single group",
    "single-group",
    "one arm",
    "one-arm",
    "uncontrolled",
    "open label",
    "open-label",
)


def by_trial_without_randomisation(seen: View) -> Verdict | None:
    """Trials that say they were not randomised, or had one arm."""
    trial = first_of(seen.types, "Controlled Clinical Trial")
    for name, text in (("title", seen.title), ("design", seen.design), ("methods", seen.methods)):
        if not text:
            continue
        if ("arm" in text or "single" in text or "label" in text or "uncontrolled" in text) and has_any(text, _ARMS):
            match = _SINGLE_ARM.search(text)
            if match:
                return Verdict(Design.SINGLE_ARM, f"{name}: {shown(match)!r}")
        if "random" in text or "quasi" in text or "before" in text or "historical" in text:
            match = _WITHOUT.search(text)
            if match and not _ELSEWHERE.search(text, max(0, match.start() - 60), match.start()):
                return Verdict(Design.NON_RANDOMISED, f"{name}: {shown(match)!r}")
    return Verdict(Design.NON_RANDOMISED, f"publication type {trial!r}") if trial else None
