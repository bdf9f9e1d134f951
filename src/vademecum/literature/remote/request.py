"""What to get from a live service, as one line of text:

pubmed:QUERY             PubMed's own search syntax
pmid:123,456             PubMed by number
europepmc:QUERY          Europe PMC's search syntax
doi:10.1000/x,10.1000/y  Europe PMC by DOI
pmc:PMC123,PMC456        full text from PubMed Central, by number
pmc:QUERY                the same by PMC's search syntax
dailymed:DRUG            labels by drug name, or by set id
openfda:QUERY            labels by openFDA's syntax; a plain name is looked for among names and substances
ctgov:NCT01234567,…      trial registrations by number
ctgov:QUERY              the same by ClinicalTrials.gov's search syntax
retractions:             the whole Retraction Watch table
retractions:2026-01-31   Crossref's update notices deposited since that day
retractions:10.1000/x    Crossref's update notices about a work
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

from vademecum.errors import UsageError

_SEPARATORS = re.compile(r"[\s,;]+")
_PREFIX = re.compile(r"([a-z]+):(.*)", re.DOTALL | re.IGNORECASE)
_PMID = re.compile(r"[1-9]\d{0,8}")
_PMCID = re.compile(r"PMC[1-9]\d{0,8}", re.IGNORECASE)
_NCT = re.compile(r"NCT\d{8}", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"\\<>]+")
_BETWEEN_DOIS = re.compile(r"[\s,;]+(?=10\.|doi:|https?:)", re.IGNORECASE)
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", re.IGNORECASE)
_SET_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_LONGEST_QUERY = 4000


class Source(StrEnum):
    """Where a request goes: one module each."""

    PUBMED = "pubmed"
    EUROPEPMC = "europepmc"
    PMC = "pmc"
    DAILYMED = "dailymed"
    OPENFDA = "openfda"
    CTGOV = "ctgov"
    RETRACTIONS = "retractions"


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """A query or a list of identifiers for one source; neither for a whole table."""

    source: Source
    query: str | None = None
    ids: tuple[str, ...] = ()
    since: str | None = None  # ISO date

    @property
    def text(self) -> str:
        """The request in the syntax above; equal for requests that ask for the same."""
        prefix = self.source.value
        if self.ids and self.source is Source.PUBMED:
            prefix = "pmid"
        if self.ids and self.source is Source.EUROPEPMC:
            prefix = "doi"
        return f"{prefix}:{self.query or self.since or ','.join(self.ids)}"


def parse(text: str) -> Request | None:
    """The request that `text` writes; None when it is none, for instance a file name.

    Raises UsageError when the prefix is known and what follows cannot be meant.
    """
    match = _PREFIX.fullmatch(text.strip())
    if match is None:
        return None
    prefix, rest = match[1].lower(), " ".join(match[2].split())
    if prefix not in _READERS:
        return None
    if len(rest) > _LONGEST_QUERY and prefix not in {"pmid", "doi"}:
        raise UsageError(f"{prefix}: the query is longer than {_LONGEST_QUERY} characters")
    return _READERS[prefix](prefix, rest)


def _pubmed(prefix: str, rest: str) -> Request:
    return Request(Source.PUBMED, query=_worded(prefix, rest))


def _pmid(prefix: str, rest: str) -> Request:
    return Request(Source.PUBMED, ids=_listed(prefix, rest, _PMID, "a PubMed number such as 29768149"))


def _europepmc(prefix: str, rest: str) -> Request:
    return Request(Source.EUROPEPMC, query=_worded(prefix, rest))


def _doi(prefix: str, rest: str) -> Request:
    parts = (_RESOLVER.sub("", part.strip(",; ")) for part in _BETWEEN_DOIS.split(rest))
    found = tuple(dict.fromkeys(part.lower() for part in parts if part))
    if not found or not all(_DOI.fullmatch(part) for part in found):
        raise UsageError(f"{prefix}: expected a DOI such as 10.1056/nejmoa1714519")
    return Request(Source.EUROPEPMC, ids=found)


def _pmc(prefix: str, rest: str) -> Request:
    if _PMCID.match(rest):
        found = _listed(prefix, rest, _PMCID, "a PubMed Central number such as PMC3459916")
        return Request(Source.PMC, ids=tuple(part.upper() for part in found))
    return Request(Source.PMC, query=_worded(prefix, rest))


def _dailymed(prefix: str, rest: str) -> Request:
    if _SET_ID.match(rest):
        found = _listed(prefix, rest, _SET_ID, "a set id of 36 characters")
        return Request(Source.DAILYMED, ids=tuple(part.lower() for part in found))
    return Request(Source.DAILYMED, query=_worded(prefix, rest))


def _openfda(prefix: str, rest: str) -> Request:
    return Request(Source.OPENFDA, query=_worded(prefix, rest))


def _ctgov(prefix: str, rest: str) -> Request:
    parts = tuple(dict.fromkeys(part.upper() for part in _SEPARATORS.split(rest) if part))
    if parts and all(_NCT.fullmatch(part) for part in parts):
        return Request(Source.CTGOV, ids=parts)
    return Request(Source.CTGOV, query=_worded(prefix, rest))


def _retractions(prefix: str, rest: str) -> Request:
    if not rest:
        return Request(Source.RETRACTIONS)
    if _DAY.fullmatch(rest):
        return Request(Source.RETRACTIONS, since=rest)
    doi = _RESOLVER.sub("", rest).lower()
    if _DOI.fullmatch(doi) and "," not in doi:
        return Request(Source.RETRACTIONS, ids=(doi,))
    raise UsageError(f"{prefix}: expected nothing, a day such as 2026-01-31, or one DOI")


_READERS = {
    "pubmed": _pubmed,
    "pmid": _pmid,
    "europepmc": _europepmc,
    "doi": _doi,
    "pmc": _pmc,
    "dailymed": _dailymed,
    "openfda": _openfda,
    "ctgov": _ctgov,
    "retractions": _retractions,
}


def _worded(prefix: str, rest: str) -> str:
    if not rest:
        raise UsageError(f"{prefix}: say what to look for, for instance {prefix}:methotrexate")
    return rest


def _listed(prefix: str, rest: str, pattern: re.Pattern[str], wanted: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part for part in _SEPARATORS.split(rest) if part))
    wrong = next((part for part in parts if not pattern.fullmatch(part)), None)
    if wrong is not None or not parts:
        raise UsageError(f"{prefix}: {wrong or 'nothing'!r} is not {wanted}")
    return parts
