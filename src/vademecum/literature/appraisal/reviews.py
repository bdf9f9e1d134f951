"""Reviews: with a method (systematic, pooled) and without."""

from __future__ import annotations

import re

from vademecum.evidence.model import Design
from vademecum.literature.appraisal.levels import REVIEWS, Included
from vademecum.literature.appraisal.verdict import Verdict, first_of
from vademecum.literature.appraisal.view import View
from vademecum.literature.words import has_any

_REVIEW_WORDS = re.compile(
    r"systematic(?:ally)? (?:literature )?(?:review|search)(?:ed)?|meta-?analys[ei]s"
    r"|meta-?analytic techniques|cochrane review"
)
_DID = re.compile(
    r"\b(?:we|authors?|this study|this article|this paper) (?:\w+ )?(?:did|do|conduct(?:ed)?|perform(?:ed)?"
    r"|undertook|carried out"
    r"|aimed to (?:conduct|perform)|present|report)\b[^.]{0,60}$|\bincluded in (?:the|this"
    r"|our) (?:systematic review and )?$"
    r"|\bwe $|\busing random effects $"
)
_ITS_OWN = re.compile(r"(?:^|[.:] |\b(?:this|the present|our|a) )(?:updated |network |comprehensive )?$")
_SUBJECT = re.compile(
    r" (?:and meta-?analysis )?(?:of|aimed|aims|was|included|evaluat|compar|examin|assess|investigat|and"
    r"|summari)"
)
_DONE = re.compile(r" (?:was|were) (?:conducted|performed|undertaken|carried out|done)")
_DATABASES = re.compile(r"\b(?:medline|pubmed|embase|cochrane|cinahl|scopus|web of science|psycinfo)\b")
_GENES = ("genome-wide", "gwas", "genome wide")


def by_review_of_studies(seen: View) -> Verdict | None:
    """Systematic reviews and meta-analyses that this work did itself."""
    name = first_of(seen.types, "Network Meta-Analysis", "Meta-Analysis")
    if name:
        return Verdict(Design.META_ANALYSIS, f"publication type {name!r}")
    title, pooled = seen.title, "meta" in seen.whole and has_any(seen.whole, ("meta-analy", "metaanaly"))
    if has_any(title, _GENES):
        return None
    if "Systematic Review" in seen.types:
        did = pooled and _pools(seen.whole)
        return Verdict(
            Design.META_ANALYSIS if did else Design.SYSTEMATIC_REVIEW, "publication type 'Systematic Review'"
        )
    if "meta-analy" in title or "metaanaly" in title:
        return Verdict(Design.META_ANALYSIS, "title: 'meta-analysis'")
    if "systematic review" in title or "systematic literature review" in title or "cochrane review" in title:
        did = pooled and _pools(seen.whole)
        return Verdict(Design.META_ANALYSIS if did else Design.SYSTEMATIC_REVIEW, "title: 'systematic review'")
    if not (pooled or "systematic" in seen.whole or "medline" in seen.whole or "pubmed" in seen.whole):
        return None
    words = _did_review(seen.whole)
    if words is not None:
        because = f"abstract: {words!r}"
    else:
        databases = {found[0] for found in _DATABASES.finditer(seen.methods)}
        if len(databases) < 2 or not ("search" in seen.methods or "included" in seen.methods):
            return None
        because = "methods search " + " and ".join(sorted(databases)[:2])
    return Verdict(Design.META_ANALYSIS if pooled and _pools(seen.whole) else Design.SYSTEMATIC_REVIEW, because)


def _did_review(text: str) -> str | None:
    """Where the work says that it is, or did, a systematic review or meta-analysis; not where it cites one."""
    for match in _REVIEW_WORDS.finditer(text):
        before, after = text[max(0, match.start() - 110) : match.start()], text[match.end() : match.end() + 40]
        own = match[0].startswith("meta-analytic") or _DID.search(before) or _DONE.match(after)
        if own or (_ITS_OWN.search(before) and _SUBJECT.match(after)):
            return match[0]
    return None


_POOLS = re.compile(
    r"meta-?analys[ei]s (?:was|were|of|included|showed|found|demonstrated|using|with|suggest|indicat)"
    r"|meta-analytic techniques"
    r"|(?:random|fixed)[ -]effects?[ -]model|random effects meta|pooled (?:odds|risk|hazard|relative|mean"
    r"|effect|estimate|data|analys|rr\b|or\b|hr\b)"
    r"|(?:summary|pooled) (?:auc|estimate|effect)|and meta-?analys[ei]s|in (?:the|this|our) meta-?analys"
    r"|perform(?:ed)? (?:a )?meta-?analys"
)


def _pools(text: str) -> bool:
    return _POOLS.search(text) is not None


_NARRATIVE_TITLE = re.compile(
    r"(?:^|[:.–] ?)(?:an? |the )?(?:\w+[ -])?(?:narrative |literature |scoping |critical |clinical |brief "
    r"|mini-?|state-of-the-art |comprehensive )?review"
    r"(?:\.|$| of (?:the )?(?:literature|evidence)\b)|^review of\b|\breview article\b|\b(?:narrative|scoping) review\b"
)
_NARRATIVE_TEXT = re.compile(
    r"\bpurpose of (?:the |this )?review\b|\b(?:this|our|the present|the current) (?:narrative |mini-?"
    r"|short |brief |literature )?review (?:article )?"
    r"(?:focus|discuss|summari|describ|highlight|present|outlin|address|provid|cover|examin|explor|considers"
    r"|aims|will|details|gives|deals|analy|is)\w*"
    r"|\bin this (?:narrative |mini-?|short |brief )?review\b(?:,| we| article)|\bthis (?:article|paper"
    r"|chapter) (?:reviews|summari[sz]es|discusses)\b"
    r"|\bhere,? we review\b|\bwe review(?:ed)? (?:the )?(?:current |recent |available |existing "
    r"|published )*(?:literature|evidence|knowledge|advances|progress|data on|role)\b"
)


_NARRATIVE_HINTS = (
    *(
        "this review",
        "this narrative",
        "this article",
        "this paper",
        "this mini",
        "this short",
        "this brief",
        "this chapter",
    ),
    *(
        "our review",
        "the review",
        "purpose of review",
        "purpose of this review",
        "present review",
        "current review",
        "we review",
    ),
)


def by_narrative_review(seen: View) -> Verdict | None:
    """Reviews without a stated method."""
    if "Review" in seen.types:
        return Verdict(Design.NARRATIVE_REVIEW, "publication type 'Review'")
    if "review" not in seen.title and "review" not in seen.whole and "this article" not in seen.whole:
        return None
    if "case" in seen.title and "report" in seen.title:
        return None
    match = _NARRATIVE_TITLE.search(seen.title)
    if match:
        return Verdict(Design.NARRATIVE_REVIEW, f"title: {match[0].strip(' :.')!r}")
    if not has_any(seen.whole, _NARRATIVE_HINTS):
        return None
    match = _NARRATIVE_TEXT.search(seen.whole)
    return Verdict(Design.NARRATIVE_REVIEW, f"abstract: {match[0].strip(' ,')!r}") if match else None


_RANDOMISED_STUDIES = re.compile(r"randomi[sz]ed\b[^.;]{0,60}?\b(?:trials|studies|evidence|rcts)\b|\brcts\b")
_NOT_RANDOMISED = re.compile(r"(?:non|not|quasi)[- ]?$")
_OTHER_STUDIES = re.compile(
    r"\bcase[- ]control(?:led)? studies\b|\bcase series\b|\bcase reports?\b"
    r"|\bobservational (?:\w+ )?(?:studies|evidence|data|research)\b"
    r"|\bcross-?\s?sectional studies\b|\buncontrolled (?:studies|trials)\b|\bsingle-arm\b|\bretrospective studies\b"
)
_COHORTS = re.compile(
    r"\bcohort (?:\w+ )?(?:studies|analyses)\b|\b(?:prospective|longitudinal|follow-up) (?:\w+ ){0,2}?studies\b"
    r"|\b(?:non|quasi)-?\s?randomi[sz]ed\b|\bcontrolled before\b|\bquasi-experimental\b"
)


_NOTHING = Included()


def included_designs(design: Design, seen: View) -> Included:
    """Which designs a systematic review says it includes; nothing for anything else."""
    if design not in REVIEWS:
        return _NOTHING
    text = f"{seen.title} {seen.methods}"
    return Included(
        randomised=any(
            not _NOT_RANDOMISED.search(text[: match.start()][-5:]) for match in _RANDOMISED_STUDIES.finditer(text)
        ),
        cohorts=_COHORTS.search(text) is not None,
        others=_OTHER_STUDIES.search(text) is not None,
    )
