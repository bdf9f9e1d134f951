"""What is no study at all: notices, comments, guidelines, protocols."""

from __future__ import annotations

import re
from functools import lru_cache

from vademecum.evidence.model import Design
from vademecum.literature.appraisal.verdict import Verdict, first_of, shown
from vademecum.literature.appraisal.view import View

_NOTICES = frozenset(
    {"Published Erratum", "Retraction of Publication", "Retraction Notice", "Expression of Concern", "Retracted Notice"}
)
_OPINIONS = ("Comment", "Editorial", "News", "Newspaper Article", "Interview", "Biography", "Personal Narrative")
_STUDY_TYPES = frozenset(
    {
        "Randomized Controlled Trial",
        "Controlled Clinical Trial",
        "Clinical Trial",
        "Case Reports",
        "Observational Study",
        "Meta-Analysis",
        "Systematic Review",
    }
)
_GUIDELINES = ("Practice Guideline", "Guideline")
_CONSENSUS = ("Consensus Development Conference", "Consensus Development Conference, NIH", "Consensus Statement")


def by_indexed_standing(seen: View) -> Verdict | None:
    """Notices, comments, guidelines and protocols are no studies, whatever else they are tagged with."""
    return _standing(seen.types) if seen.types else None


@lru_cache(maxsize=4096)
def _standing(types: frozenset[str]) -> Verdict | None:
    """Kept, since few combinations of types cover nearly all citations."""
    if types & _NOTICES:
        return Verdict(None, f"publication type {first_of(types, *sorted(_NOTICES))!r}: a notice, not a study")
    for design, names in ((Design.OPINION, _OPINIONS), (Design.GUIDELINE, _GUIDELINES), (Design.CONSENSUS, _CONSENSUS)):
        name = first_of(types, *names)
        if name:
            return Verdict(design, f"publication type {name!r}")
    if "Letter" in types and not types & _STUDY_TYPES:
        return Verdict(Design.OPINION, "publication type 'Letter'")
    if "Clinical Trial Protocol" in types:
        return Verdict(Design.PROTOCOL, "publication type 'Clinical Trial Protocol'")
    return None


_PROTOCOL = re.compile(
    r"\b(?:study|trial|review|analysis) protocol\b|\bprotocol (?:for|of) (?:an?|the|two)\b.*\b(?:trial"
    r"|review|study|analysis)\b"
    r"|[:.–-] ?(?:a |the )?(?:study |trial |research )?protocol\.?$|^protocol (?:for|of)\b"
    r"|\brationale and (?:study )?design\b"
    r"|\bdesign and rationale\b"
)
_COMMENT_START = re.compile(
    r"(?:comment(?:s|ary)?|editorial|letter|correspondence|re|in reply|author'?s?'? (?:reply|response)|reply|response"
    r"|invited (?:comment|commentary)|erratum|correction)(?: (?:to|on|from)\b|[:.]|$)"
)
_COMMENT = re.compile(r"\bcomment(?:ary)? on\b|: (?:a |an |invited )?(?:comment|commentary|editorial|letter|reply)\.?$")
_GUIDELINE = re.compile(
    r"\b(?:clinical )?(?:practice |management )guidelines?(?: (?:for|on|of|from|by|update)|[:.]|$)"
    r"|\bguidelines? (?:for|on) the (?:management|treatment|diagnosis|prevention|use)\b(?!.*\b(?:adherence"
    r"|compliance)\b)"
)
_NOT_GUIDELINE = re.compile(
    r"adheren|complian|implement|concordan|review|impact|effect|evaluat|survey|apprais|knowledge|quality of|\?|barrier"
    r"|attitude|uptake|follow(?:ing|ed)|compar|trial|cohort|outcome|audit|according"
)
_CONSENSUS_TITLE = re.compile(r"\bconsensus (?:statement|conference|guidelines?|recommendations?|report)\b|\bdelphi\b")


def _comments(title: str) -> bool:
    return "comment" in title or "editorial" in title or "letter" in title or "reply" in title


def by_title_standing(seen: View) -> Verdict | None:
    """A protocol for a review is not a review; a comment on a trial is not a trial."""
    title = seen.title
    match = _PROTOCOL.search(title) if "protocol" in title or "rationale" in title else None
    if match:
        return Verdict(Design.PROTOCOL, f"title: {shown(match)!r}")
    match = _COMMENT_START.match(title) or (_COMMENT.search(title) if _comments(title) else None)
    if match:
        return Verdict(Design.OPINION, f"title: {shown(match)!r}")
    if "consensus" in title and (match := _CONSENSUS_TITLE.search(title)):
        return Verdict(Design.CONSENSUS, f"title: {match[0]!r}")
    if "guideline" in title and (match := _GUIDELINE.search(title)) and not _NOT_GUIDELINE.search(title):
        return Verdict(Design.GUIDELINE, f"title: {shown(match)!r}")
    return None
