"""Which records are one work: the identifiers that say so, and those that contradict it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from vademecum.literature.records import Identifiers, Record, RecordKind

Key = tuple[str, str]
"""Scheme and value of an identifier."""

PMID, PMCID, DOI, NCT, SET_ID, OTHER = "pmid", "pmcid", "doi", "nct", "set_id", "other"
_ONE_A_WORK = frozenset({PMID, PMCID, NCT, SET_ID})  # a work has one; publishers give a notice its article's DOI


def public_keys(ids: Identifiers) -> tuple[Key, ...]:
    """Identifiers that mean the same everywhere, strongest first."""
    pairs = ((PMID, ids.pmid), (PMCID, ids.pmcid), (DOI, ids.doi), (NCT, ids.nct), (SET_ID, ids.set_id))
    return tuple((scheme, clean(value)) for scheme, value in pairs if value)


def identifiers(keys: Iterable[Key]) -> Identifiers:
    """The reverse; the first of a scheme counts."""
    found: dict[str, str] = {}
    for scheme, value in keys:
        found.setdefault(scheme, value)
    return Identifiers(**found)


def keys_of(record: Record, collection: str) -> tuple[Key, ...]:
    """The keys a record is found by. Never empty.

    A trial's number names the registration, not the papers that mention it, and so with a label's set id. A
    file's own id counts only where there is no public one, within its collection: two files may both number from 1.
    """
    keys = public_keys_of(record)
    if keys:
        return keys
    if record.ids.other:
        return ((OTHER, f"{clean(collection)}\x1f{clean(record.ids.other)}"),)
    said = "\x1f".join((record.kind, record.title, *record.authors, record.journal or "", str(record.year or "")))
    return ((OTHER, "\x1f" + hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()),)


def public_keys_of(record: Record) -> tuple[Key, ...]:
    """The public identifiers that name the work this record is."""
    return tuple(key for key in public_keys(record.ids) if _names_the_work(key[0], record.kind))


def _names_the_work(scheme: str, kind: RecordKind) -> bool:
    if scheme == NCT:
        return kind is RecordKind.TRIAL_REGISTRATION
    return scheme != SET_ID or kind is RecordKind.LABEL


def contradict(one: Iterable[Key], other: Iterable[Key]) -> bool:
    """Whether two sets of keys name different works although they share a key: two PMIDs, say, with one DOI."""
    ones, others = _strong(one), _strong(other)
    shared = ones.keys() & others.keys()
    if any(ones[scheme] & others[scheme] for scheme in shared):
        return False
    return bool(shared)


def only_doi(shared: Iterable[Key]) -> bool:
    return all(scheme == DOI for scheme, _ in shared)


def _strong(keys: Iterable[Key]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for scheme, value in keys:
        if scheme in _ONE_A_WORK:
            found.setdefault(scheme, set()).add(value)
    return found


def clean(value: str) -> str:
    """A text column holds no NUL and no lone surrogate; the record itself keeps every character."""
    return value.replace("\0", "").encode(errors="replace").decode()
