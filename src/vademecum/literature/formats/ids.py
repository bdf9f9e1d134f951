"""Identifiers in the one form `Identifiers` promises, read from the many ways files print them."""

from __future__ import annotations

import re

_DOI = re.compile(r"^(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMC)?(\d{3,10})(?:\.\d+)?$", re.IGNORECASE)
_PUBMED = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,9})\b")
_NCT = re.compile(r"NCT\d{8}$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")


def doi(text: str | None) -> str | None:
    """A DOI without its resolver, lower-cased; None for anything else.

    >>> doi("https://doi.org/10.1000/ABC")
    '10.1000/abc'
    """
    match = _DOI.match(text.strip()) if text else None
    return match[1].lower() if match else None


def pmid(text: str | None) -> str | None:
    """A PMID of digits, without leading zeros; 0 is what files write for none."""
    stripped = text.strip().lstrip("0") if text else ""
    return stripped if stripped.isascii() and stripped.isdigit() and len(stripped) <= 9 else None


def pmid_of_url(url: str) -> str | None:
    """The PMID in an address of PubMed."""
    match = _PUBMED.search(url)
    return pmid(match[1]) if match else None


def pmcid(text: str | None) -> str | None:
    """A PMCID with its letters, without a version."""
    match = _PMCID.match(text.strip()) if text else None
    return f"PMC{match[1]}" if match else None


def nct(text: str | None) -> str | None:
    """A ClinicalTrials.gov number in capitals."""
    return text.strip().upper() if text and _NCT.match(text.strip()) else None


def year(text: str | None) -> int | None:
    """The first year printed in a date."""
    match = _YEAR.search(text) if text else None
    return int(match[1]) if match else None
