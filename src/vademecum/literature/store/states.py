"""What other works and registers say of a work, and the one state that follows.

A claim is always kept as seen from the work concerned, whoever makes it: "A retracts B" in A's record and "retracted
by A" in B's are the same statement about B. So the state of a work does not depend on what was imported first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from vademecum.evidence.model import SourceState
from vademecum.literature.records import Identifiers, Link, LinkKind, Notice, Record
from vademecum.literature.store.identity import DOI, PMID, Key, only_doi, public_keys, public_keys_of

_SEEN_FROM_THERE = {
    LinkKind.RETRACTION_OF: LinkKind.RETRACTED_BY,
    LinkKind.CONCERN_ABOUT: LinkKind.CONCERN_BY,
    LinkKind.CORRECTION_TO: LinkKind.CORRECTED_BY,
    LinkKind.UPDATES: LinkKind.UPDATED_BY,
    LinkKind.REPUBLISHED_FROM: LinkKind.REPUBLISHED_AS,
}
_STATES = {
    LinkKind.RETRACTED_BY: SourceState.RETRACTED,
    LinkKind.REPUBLISHED_AS: SourceState.RETRACTED,  # "retracted and republished": this text no longer stands
    LinkKind.CONCERN_BY: SourceState.CONCERN,
    LinkKind.UPDATED_BY: SourceState.SUPERSEDED,
    LinkKind.CORRECTED_BY: SourceState.CORRECTED,
}
_SEVERITY = (SourceState.RETRACTED, SourceState.CONCERN, SourceState.SUPERSEDED, SourceState.CORRECTED)
_WORDS = {
    LinkKind.RETRACTED_BY: "retracted by",
    LinkKind.REPUBLISHED_AS: "retracted and republished as",
    LinkKind.CONCERN_BY: "expression of concern in",
    LinkKind.UPDATED_BY: "replaced by",
    LinkKind.CORRECTED_BY: "corrected by",
}
_MOST_NOTES = 3
RETRACTED, NOTICE = "retracted", "notice"
_NOTICE_TYPES = {"retraction of publication", "retraction notice", "expression of concern", "published erratum"}

_NOTICE_LINKS = {LinkKind.RETRACTION_OF, LinkKind.CONCERN_ABOUT, LinkKind.CORRECTION_TO}


class Claim(msgspec.Struct, frozen=True, omit_defaults=True):
    """A work is retracted, doubted, corrected or replaced, as one record or register says."""

    kind: LinkKind
    about: tuple[Key, ...]
    by: tuple[Key, ...]
    outward: bool = False  # said of another work than the one whose record says it
    citation: str | None = None
    date: str | None = None
    register: str | None = None
    reasons: tuple[str, ...] = ()


def standing(record: Record) -> str | None:
    """What the record says of its own nature: the work is retracted, or is itself a notice about another."""
    types = {name.casefold() for name in record.publication_types}
    if "retracted publication" in types:
        return RETRACTED
    told = any(link.kind in _NOTICE_LINKS for link in record.links)
    return NOTICE if told or types & _NOTICE_TYPES else None


def claims_of(record: Record, own: tuple[Key, ...]) -> Iterator[Claim]:
    """What a record says of itself and of others. A record that retracts itself has a slip in it and is not heard.

    `own` are the keys of the record's work, for a record that has no public identifier itself.
    """
    own = public_keys_of(record) or own
    for link in record.links:
        other = public_keys(Identifiers(pmid=link.pmid, doi=link.doi.lower() if link.doi else None))
        if link.kind not in _SEEN_FROM_THERE:
            yield Claim(kind=link.kind, about=own, by=other, citation=link.citation)
        elif not set(other) & set(own):
            yield _outward(link, other, own)


def _outward(link: Link, about: tuple[Key, ...], by: tuple[Key, ...]) -> Claim:
    return Claim(kind=_SEEN_FROM_THERE[link.kind], about=about, by=by, outward=True, citation=link.citation)


def claim_of(notice: Notice) -> Claim:
    """A register's notice. One that is written from the notice's side is turned round."""
    about, by, kind = public_keys(notice.about), public_keys(notice.notice), notice.kind
    if kind in _SEEN_FROM_THERE:
        about, by, kind = by, about, _SEEN_FROM_THERE[kind]
    return Claim(
        kind=kind,
        about=about,
        by=by,
        outward=True,
        date=notice.date,
        register=notice.register,
        reasons=notice.reasons,
    )


def concerns(claim: Claim, keys: set[Key], *, is_notice: bool) -> bool:
    """Whether a claim is about the work with these keys. A DOI shared with another PMID does not carry it over."""
    shared = keys & set(claim.about)
    if not shared:
        return False
    pmids = {value for scheme, value in keys if scheme == PMID}
    stated = {value for scheme, value in claim.about if scheme == PMID}
    if pmids and stated and not pmids & stated:
        return False
    return not (is_notice and only_doi(shared))


def state_of(standings: Iterable[str | None], claims: Iterable[Claim]) -> tuple[SourceState, str | None]:
    """The state of a work and its reason: retracted before concern before superseded before corrected."""
    found: dict[SourceState, set[str]] = {}
    for claim in claims:
        found.setdefault(_STATES[claim.kind], set()).add(_note(claim))
    if RETRACTED in set(standings):
        found.setdefault(SourceState.RETRACTED, set()).add("its record is of the type Retracted Publication")
    for state in _SEVERITY:
        if state in found:
            notes = [note for note in sorted(found[state]) if not _is_part(note, found[state])]
            more = f"; {len(notes) - _MOST_NOTES} more" if len(notes) > _MOST_NOTES else ""
            return state, "; ".join(notes[:_MOST_NOTES]) + more
    return SourceState.CURRENT, None


def _is_part(note: str, notes: set[str]) -> bool:
    """Whether another note says the same and more."""
    return any(other.startswith(f"{note} ") for other in notes)


def _note(claim: Claim) -> str:
    named = next((f"{scheme.upper()} {value}" for scheme, value in claim.by if scheme in {PMID, DOI}), None)
    parts = [_WORDS[claim.kind], named or claim.citation or "a notice without an identifier"]
    if claim.date:
        parts.append(f"on {claim.date}")
    if claim.register:
        parts.append(f"({claim.register})")
    return " ".join(parts) + (f": {', '.join(claim.reasons)}" if claim.reasons else "")
