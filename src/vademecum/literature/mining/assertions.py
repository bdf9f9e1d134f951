"""Conclusions and contraindications."""

from __future__ import annotations

import re
from typing import NamedTuple

from vademecum.literature.mining.sentence import Sentence
from vademecum.literature.records import RecordKind
from vademecum.literature.regions import Role
from vademecum.literature.words import has_any


class Assertion(NamedTuple):
    """A sentence that asserts: the rule that found it, the word that hedges it, and whether it denies."""

    rule: str
    strength: str | None = None
    negated: bool = False


_NOT_CONCLUSION = re.compile(
    r"\b(?:further|future|more|additional|larger) (?:[\w-]+,? ){0,4}(?:research|stud(?:y|ies)|trials?"
    r"|investigations?|work|evaluations?|follow-up)\b|\b(?:warrants?|merits?|deserves?) (?:further|more)\b"
    r"|\b(?:now )?requires? (?:further )?study\b|\bremains? (?:to be|unclear|unknown|uncertain|elusive)\b"
    r"|\bwe hope\b|\bhypothesi[sz]e|\bpossible that\b|\b(?:is|are) likely that\b|\bit is likely\b"
    r"|\brationale for\b|\bthis (?:information|issue|question|topic) needs?\b|\bposes? a question\b"
    r"|\bcould (?:also )?be (?:attributed|due)\b|\bmay have been different\b"
    r"|\bclinicaltrials\.gov\b|\bcopyright\b|©|\bfunded by\b|\bisrctn|\btrial registration\b"
    r"|\bregistration number\b|\blevel of evidence\b[^.]*$|\bto the best of (?:our|the authors') knowledge\b"
    r"|\b\d{4}; ?\d+"
)
_DOUBTS = (
    *("further", "future", "more ", "additional", "larger", "warrant", "merit", "deserve", "require", "remain", "hope"),
    *("hypothes", "possible", "likely", "rationale", "needs", "need ", "pose", "attributed", "be due", "different"),
    *("clinicaltrials", "copyright", "©", "funded", "isrctn", "registration", "level of ev", "knowledge", ";"),
)
_TRIGGER = re.compile(
    r"^(?:in conclusion|in summary|in sum|to conclude|to sum up|to summari[sz]e|taken together"
    r"|collectively,? (?:these|our|the))\b|\bwe (?:therefore |thus )?conclude\b|\bit is concluded\b"
    r"|\b(?:our|these|the present|the current|this|the) (?:combined |overall |preliminary |present |new "
    r"|in vitro |clinical |experimental )?(?:results|findings|data|observations|study|studies|work"
    r"|analys[ei]s|trial|experiments|review|meta-analysis)"
    r" (?:strongly |thus |further |also |clearly |therefore |together |provides? evidence"
    r"|(?:here )?)*(?:suggests?|indicates?|demonstrates?|shows?|supports?|confirms?|establish(?:es)?"
    r"|reveals?|identif(?:y|ies)|highlights?|underscores?|implicates?|impl(?:y|ies)|argues?)\b"
    r"|\b(?:suggesting|indicating) that\b.*\bin conclusion\b"
)
_OTHERS = re.compile(
    r"\b(?:previous|recent|earlier|prior|other|several|epidemiological|emerging) (?:\w+ )?(?:results"
    r"|findings|data|observations|stud|work|reports|evidence)"
)
_HEDGE = re.compile(r"\b(?:may|might|could|suggests?|appears? to|seems?(?: to)?|possibly|probably|likely|indicates?)\b")
_DENIES = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|have|had|could|can|may|might|should|would|will) not\b(?! only\b)|\bcannot\b"
    r"|\bno (?:\w+ )?(?:evidence|differen|associat|effect|benefit|advantage|correlat|relation|increase"
    r"|reduction|improvement"
    r"|impact|influence|role|indication|need|change|link|gain)|\bneither\b|\bfail(?:s|ed)? to\b|\black of\b"
    r"|\bunlikely\b"
)
_OWN = (Role.UNLABELLED, Role.DISCUSSION, Role.OTHER)


def conclusion_in(sentence: Sentence) -> Assertion | None:
    """What the work concludes: every asserting sentence headed "conclusions", elsewhere only with words that say so."""
    if sentence.kind in (RecordKind.LABEL, RecordKind.TRIAL_REGISTRATION) or sentence.question:
        return None
    low = sentence.low
    if sentence.role is Role.CONCLUSIONS:
        rule = "headed conclusions"
        if low.count(" ") < 3:
            return None
    elif sentence.role in _OWN and sentence.kind is not RecordKind.GUIDELINE:
        match = _TRIGGER.search(low) if _may_conclude(low) else None
        if match is None or _OTHERS.search(low):
            return None
        rule = "words that conclude"
    else:
        return None
    if has_any(low, _DOUBTS) and _NOT_CONCLUSION.search(low):
        return None
    hedge = _HEDGE.search(low)
    return Assertion(rule, hedge[0] if hedge else None, _DENIES.search(low) is not None)


_HINTS = (
    "conclu",
    "summar",
    "in sum",
    "together",
    "our ",
    "these ",
    "this ",
    "the results",
    "the findings",
    "the data",
    "the present",
    "the current",
    "the study",
    "collectively",
)


_CONCLUDING = (
    *("conclu", "sum", "together", "collectively", "suggest", "indicat", "demonstrat", "show", "support", "confirm"),
    *("establish", "reveal", "identif", "highlight", "underscore", "impli", "imply", "argue"),
)
"""Letters without which _TRIGGER cannot match."""


def _may_conclude(low: str) -> bool:
    return has_any(low, _HINTS) and has_any(low, _CONCLUDING)


# --- contraindications -----------------------------------------------------------------------------------

CONTRAINDICATIONS = "34070-3"  # LOINC: contraindications section
DO_NOT_USE = "50570-1"  # LOINC: OTC "Do not use"

_CONTRA = re.compile(
    r"\b(?:is|are|was|remains?|be|being) (?P<not>not )?(?:\w+ly )?(?:an? )?(?:absolute |relative |formal "
    r"|strict )?(?P<a>contraindicat(?:ed|ions?))\b"
    r"|\b(?P<b>contraindications? (?:to|for|of) (?:[\w-]+ ){1,6}(?:is|are|includes?))\b"
    r"|\b(?P<c>contraindicated) (?:in|for|with|during)\b"
)
_CONDITION = re.compile(
    r"\b(?:when|if|unless|where|whether|whom|because|until|provided|not otherwise|who have"
    r"|without)\b[^,;:]{0,90}contraindicat"
)
_ITEM_SAYS = re.compile(
    r"\b(?:stud(?:y|ies)|reports?|observed|revealed|known|cause[sd]?|increases?|data|because|process|passes"
    r"|has been|have been|were|was|should|see full|ask a doctor|essential)\b"
)
_ORDER = re.compile(
    r"\b(?:do not|must not|never) (?:use|take|give|administer|initiate|start|be (?:used|given"
    r"|administered))\b"
)


def contraindication_in(sentence: Sentence) -> Assertion | None:
    """What forbids a treatment, or is said not to forbid it."""
    low = sentence.low
    if sentence.question:
        return None
    if sentence.kind is RecordKind.LABEL:
        listed = _listed(sentence)
        if listed is not None:
            return listed
    if "contraindic" not in low or (sentence.kind is RecordKind.CITATION and sentence.role in _SETTING):
        return None
    match = _CONTRA.search(low)
    if match is None or _CONDITION.search(low) or "no contraindication" in low:
        return None
    before = low[max(0, match.start() - 12) : match.start()]
    denied = match["not"] is not None or before.endswith(("not ", "no longer ")) or "neither" in low
    return Assertion("contraindicated", None, denied)


_SETTING = (Role.BACKGROUND, Role.OBJECTIVE, Role.METHODS, Role.DESIGN)


def _listed(sentence: Sentence) -> Assertion | None:
    """An entry of the label's list of contraindications, or an order under "Do not use"."""
    low = sentence.low.strip()
    forbids = sentence.code == CONTRAINDICATIONS or sentence.label.lstrip("0123456789. ").startswith("contraindication")
    if forbids and not low.startswith(("none", "no known", "contraindication")) and low.count(" ") < 40:
        plain = "contraindicated" in low or _ORDER.search(low) is not None
        if plain or not _ITEM_SAYS.search(low):
            if low.startswith("there are no"):
                return None
            return Assertion("contraindications section", None, False)
        return None
    if sentence.code == DO_NOT_USE or low.startswith("do not use"):
        if sentence.code != DO_NOT_USE and not _NAMES_PERSON.search(low):
            return None
        return Assertion("do not use", None, False) if not low.startswith(("ask", "if you are not sure")) else None
    return None


_NAMES_PERSON = re.compile(r"\b(?:with|if|in) (?:any|you|your|the|patients?|children|a|people|women)\b")
