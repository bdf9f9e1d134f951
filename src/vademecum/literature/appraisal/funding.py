"""Who paid, only where the record says so."""

from __future__ import annotations

import re
from functools import lru_cache

from vademecum.literature.appraisal.view import View
from vademecum.literature.records import Record
from vademecum.literature.words import has_any

_MAKERS = (
    "abbott|abbvie|actelion|allergan|almirall|alnylam|amgen|astellas|astra ?zeneca|basilea|bayer|biogen"
    "|biomarin|biontech|boehringer|bristol[- ]myers"
    "|celgene|chiesi|csl behring|daiichi|eisai|eli lilly|lilly and company|ferring|galapagos|genentech"
    "|genzyme|gilead|glaxo ?smith ?kline|gsk|grifols|grünenthal"
    "|horizon therapeutics|incyte|ipsen|janssen|johnson (?:&|and) johnson|leo pharma|lundbeck|medtronic"
    "|merck|moderna|novartis|novo nordisk|octapharma|organon"
    "|otsuka|pfizer|regeneron|roche|sandoz|sanofi|schering|servier|shire|takeda|teva|ucb|vertex|viatris|wyeth|zambon"
)
_COMPANY = re.compile(
    rf"\b(?:{_MAKERS})\b|\bpharmaceuticals?\b(?! (?:research|benefits|sciences))|\b(?:biopharma|therapeutics"
    rf"|biosciences|biotech)\b"
    r"|\b(?:inc|ltd|gmbh|llc|corp)\b\.?|\bs\.p\.a\.|\bpharma\b",
    re.I,
)
_FUNDED = re.compile(
    r"\b(?:funded|sponsored|financed|supported|funding (?:was |is )?(?:provided |received )?)[:,]? ?(?:by"
    r"|from)?\b([^.;)]{2,160})",
    re.I,
)
_INDUSTRY = re.compile(
    r"\b(?:industry|manufacturer|company|commercially)[- ](?:sponsored|funded|supported)\b|\b(?:funded"
    r"|sponsored|supported) by (?:the )?(?:manufacturers?|industry)\b",
    re.I,
)
_NO_INDUSTRY = re.compile(
    r"\bno (?:industry|commercial|pharmaceutical)(?: company)? (?:funding|sponsor\w*|support)\b"
    r"|\b(?:funding: ?none|no (?:external|specific|outside) funding)\b"
    r"|\breceived no (?:external |specific |outside )?(?:funding|financial support)\b"
    r"|\bno funding (?:was received|source)",
    re.I,
)
_NOBODY = (
    "no industry",
    "no commercial",
    "no pharma",
    "none",
    "no external",
    "no specific",
    "no outside",
    "no funding",
    "no financial",
)
_PAYERS = ("industry", "manufacturer", "company", "commercially")
_PAID = ("funded", "sponsored", "financed", "supported", "funding")
"""Letters without which the patterns above cannot match."""

_NEGATED = re.compile(r"\bnot? (?:\w+ )?$", re.I)


@lru_cache(maxsize=4096)
def _is_company(name: str) -> bool:
    """Kept, since the same funders pay for many studies."""
    return _COMPANY.search(name) is not None


def industry_of(record: Record, text: str, seen: View) -> bool | None:
    """True where a company or "the manufacturer" is named as the payer, False where that is denied, else None.

    "Research Support, Non-U.S. Gov't" covers charities as well as companies and decides nothing.
    """
    for name in record.funding:
        if _is_company(name):
            return True
    headed = [text[start:end] for start, end in seen.funding]
    for part in headed:
        if _COMPANY.search(part):
            return True
    whole = seen.whole
    if not ("fund" in whole or "sponsor" in whole or "financed" in whole or "supported by" in whole):
        return None
    if (has_any(whole, _NOBODY) and _NO_INDUSTRY.search(whole)) or any(
        part.strip(" .").lower() in ("none", "no funding") for part in headed
    ):
        return False
    match = _INDUSTRY.search(whole) if has_any(whole, _PAYERS) else None
    if match and not _NEGATED.search(whole, max(0, match.start() - 20), match.start()):
        return True
    first = min([at for word in _PAID if (at := whole.find(word)) >= 0], default=len(whole))
    payers = (found[1] for found in _FUNDED.finditer(whole, first))
    return True if any(_COMPANY.search(payer) for payer in payers) else None
