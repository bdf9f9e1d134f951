"""Numeric results: sentences that report what this work counted or measured."""

from __future__ import annotations

import re

from vademecum.literature.mining.sentence import Sentence
from vademecum.literature.records import RecordKind
from vademecum.literature.regions import Role
from vademecum.literature.words import has_any

_STRONG = re.compile(
    r"\bp(?:[- ]?values?)? ?(?:[=<>≤≥]|</|>/|of 0?\.)|\b9[059] ?% ?(?:ci\b|confidence|credible)|\b(?:odds"
    r"|hazards?|risk|rate|prevalence) ratios?\b[^.]{0,40}\d"
    r"|\brelative (?:risk|rate)s?\b[^.]{0,60}\d|\b[ah]?(?:or|hr|rr) ?[=:,]? ?\d*\.\d"
)
_STRONG_HINTS = ("=", "<", ">", "≤", "≥", "%", "ratio", "relative ", "of 0.", "of .")
_CUE = re.compile(
    r"[0-9] ?%|[0-9] ?per ?cent\b|±|\+/-|\b[0-9]+(?:,[0-9]{3})? (?:out )?of (?:the |these )?[0-9]"
    r"|\b[0-9]+/[0-9]{2,}\b|\b(?:mean|median|average|versus|vs)\b|\bn ?= ?[0-9]"
    r"|\br(?:ho|s)? ?= ?-?0?\.[0-9]|[$€£] ?[0-9]|[0-9] \(-?[0-9.]+ (?:to|-|–) -?[0-9.]+\)|\bstatistic ?= ?[0-9]"
)
_COUNTED = re.compile(
    r"\b[0-9]+(?:,[0-9]{3})* (?:[a-z-]+ ){0,2}?(?:patients|participants|subjects|women|men|children|infants"
    r"|cases|episodes|events|deaths|knees|eyes|individuals|people|adults|respondents|months|days|years"
    r"|weeks)\b"
    r"|\b(?:\w+) of (?:the |these )?[0-9]+ (?:[a-z-]+ ){0,2}?(?:patients|participants|people|women|men"
    r"|children|subjects|cases)\b"
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|showed|increased|decreased|reduced|occurred|rose|fell|improved|found|observed"
    r"|declined|developed|achieved|received|died|survived|failed|presented|correlated|ranged|remained"
    r"|reported|experienced|identified)\b"
)
_COMMON = re.compile(
    r"\b(?:worldwide|globally|is defined|are defined|is diagnosed|has been|have been|previous(?:ly)?"
    r"|estimated to affect|annually|each year|is associated|are associated|has increased|affects?"
    r"|account(?:s|ing) for)\b"
)
_DESIGNED = re.compile(
    r"\b(?:were|was) (?:randomi[sz]ed|randomly|enrolled|recruited|included in (?:this|the|our) study"
    r"|excluded|divided|assigned|allocated|considered (?:significant|statistically))\b"
    r"|\bsignificance (?:level )?was set\b|\bwe (?:enrolled|recruited|randomi[sz]ed|included|reviewed"
    r"|aimed)\b"
    r"|\b(?:were|was) (?:defined|calculated|analy[sz]ed|collected|measured|assessed|evaluated"
    r"|compared) (?:as|by|using|with|from|in|at|for)\b"
)
_DENIES = re.compile(
    r"\b(?:no|not|non-?|neither|nor|without) (?:\w+ ){0,3}?(?:signific|differen|associat|correlat|effect"
    r"|change|improve|increase|reduc|relation)|\bdid not\b|\bnon-?significant\b|\bnot significant|\bns\b"
)

_TOLD = (Role.RESULTS, Role.METHODS_AND_RESULTS)
_MAY_TELL = (Role.UNLABELLED, Role.DISCUSSION, Role.OTHER)
_LABEL_STUDIES = frozenset({"34092-7", "34084-4", "43685-7", "34071-1"})


def is_result(sentence: Sentence) -> bool:
    """Whether the sentence gives a figure this work found."""
    low = sentence.low
    if sentence.question:
        return False
    if sentence.kind is RecordKind.LABEL:
        counted = _has_cue(low) or _COUNTED.search(low)
        return sentence.code in _LABEL_STUDIES and bool(counted) and _reported(low) and not _set_up(low)
    if sentence.kind in (RecordKind.TRIAL_REGISTRATION, RecordKind.GUIDELINE):
        return False
    if sentence.role in _TOLD:
        found = _has_cue(low) or _is_strong(low) or (_COUNTED.search(low) and _PAST.search(low))
        return bool(found) and not (sentence.role is Role.METHODS_AND_RESULTS and _set_up(low))
    if sentence.role is Role.CONCLUSIONS:
        return ("%" in low or _is_strong(low)) and _reported(low)
    if sentence.role not in _MAY_TELL:
        return False
    told = _is_strong(low) or ("%" in low and _reported(low))
    return told and not _COMMON.search(low) and not _set_up(low)


def _is_strong(low: str) -> bool:
    """All forms but a decimal behind "or", "hr" or "rr" need one of the hints; that one needs a point inside."""
    return ("." in low[:-1] or has_any(low, _STRONG_HINTS)) and _STRONG.search(low) is not None


def denies(low: str) -> bool:
    """Whether the result is that nothing was found."""
    return has_any(low, ("no ", "not ", "non", "neither", "nor ", "without", "ns")) and _DENIES.search(low) is not None


_PLAIN_CUES = ("%", "±", "+/-", " vs ", " vs. ", " versus ", " mean ", " median ", " average ")


def _has_cue(low: str) -> bool:
    return has_any(low, _PLAIN_CUES) or _CUE.search(low) is not None


def _reported(low: str) -> bool:
    return _PAST.search(low) is not None


def _set_up(low: str) -> bool:
    return _DESIGNED.search(low) is not None
