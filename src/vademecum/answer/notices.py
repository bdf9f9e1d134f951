"""Words of the program itself: emergency, crisis, refusal, nothing found, disclaimer, caution line.

They claim nothing clinical beyond "get help now"; everything clinical is a cited sentence.
"""

from __future__ import annotations

from vademecum.answer.article import Notice
from vademecum.answer.question import Outcome, Understanding

DISCLAIMER = {
    "physician": (
        "For health professionals, for education and decision support. It does not replace clinical judgement, local "
        "protocols or the product label; check every dose before you prescribe. You can open each source and "
        "decide for yourself."
    ),
    "patient": (
        "General education about how an illness is usually treated. It is not advice for one person and not an "
        "instruction to take, change or stop any medicine. Talk to your own doctor, nurse or pharmacist."
    ),
}

REVIEW_LINE = "Submitted: no clinician has reviewed this"

_EMERGENCY = (
    "Call your local emergency number now (112 in Europe, 999 in the UK, 911 in North America, 000 in Australia).",
    "Do not wait for this page or to see whether it passes. If others say it is nothing, call all the same.",
    "Health professionals: act on your local emergency protocol now; what follows is for reading afterwards.",
)
_CRISIS = (
    "If you or someone else is in danger now, call your local emergency number (112 in Europe, 999 in the UK, 911 in "
    "North America, 000 in Australia), or go to the nearest emergency department.",
    "You can talk to someone now: 988 (US and Canada), 116 123 Samaritans (UK and Ireland), 13 11 14 Lifeline "
    "(Australia); other countries: findahelpline.com.",
    "Stay with someone you trust, and put distance between you and anything you could use to hurt yourself.",
    "After any overdose get emergency help even if you feel well: some poisons show no signs for many hours.",
)
_TITLES = {
    Outcome.EMERGENCY: "This may be an emergency: get help now",
    Outcome.SELF_HARM: "You deserve help right now",
    Outcome.DECLINE: "Vademecum does not help with this",
    Outcome.OUT_OF_SCOPE: "This is not a clinical question that Vademecum answers",
    Outcome.NO_SUCH_ENTITY: "Nothing by that name is in the library",
    Outcome.CLARIFY: "The question can be read in more than one way",
    Outcome.DIGEST: "No pack answers this; sources you imported are quoted",
    Outcome.ABSTAIN: "The library has nothing that answers this",
    Outcome.FALSE_PREMISE: "A premise of the question needs correcting first",
    Outcome.PATIENT_SPECIFIC: "General evidence, not an order for one person",
}


def notice(understanding: Understanding) -> Notice | None:
    """What is said before anything else, or None for a plain answer."""
    outcome = understanding.outcome
    if outcome is Outcome.ANSWER:
        return None
    lines = {Outcome.EMERGENCY: _EMERGENCY, Outcome.SELF_HARM: _CRISIS}.get(outcome, ())
    return Notice(kind=outcome, title=_TITLES[outcome], lines=(*lines, *understanding.reasons))
