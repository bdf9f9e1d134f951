"""Takes one batch of items in: finds their works, decides what is current, and what state each work is in.

Nothing is written until every decision is made; `writes.py` then writes it in the order the constraints ask for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document, document
from vademecum.literature.records import Deletion, Item, Notice, Record, RecordKind
from vademecum.literature.store import coding
from vademecum.literature.store.identity import PMID, Key, clean, keys_of
from vademecum.literature.store.model import PutReport
from vademecum.literature.store.rows import Counters, Rows
from vademecum.literature.store.states import NOTICE, Claim, claim_of, claims_of, concerns, standing, state_of
from vademecum.literature.store.works import Held, Work, Works

Appraise = Callable[[Record, Document], Appraisal]


@dataclass(slots=True, eq=False)
class NewLink:
    """A claim to be stored."""

    claim: Claim
    version: int | None = None  # None: a register's
    digest: bytes | None = None


@dataclass(slots=True, eq=False)
class Outcome:
    """What a batch changes."""

    changed: list[Work] = field(default_factory=list)  # in the order of the change feed
    touched: list[Work] = field(default_factory=list)  # keys, versions or owner to be written
    links: list[NewLink] = field(default_factory=list)
    dropped_links: list[int] = field(default_factory=list)
    deletions: dict[tuple[str, str], str | None] = field(default_factory=dict)
    report: PutReport = field(default_factory=PutReport)


class Batch:
    """One call of `Writer.put`."""

    def __init__(self, rows: Rows, counters: Counters, *, now: str, collection: str, origin: str) -> None:
        self.rows = rows
        self.counters = counters
        self.works = Works(rows, counters)
        self._now = now
        self._collection = collection
        self._origin = origin
        self._deletions: dict[str, dict[str, str | None]] = {}
        self._new_deletions: dict[tuple[str, str], str | None] = {}
        self._notices: dict[bytes, Claim] = {}
        self._asked: set[str] = set()  # PMIDs whose deletions are loaded
        self._items = 0
        self._records = 0
        self._withdrawn = 0

    def take(self, items: Iterable[Item]) -> Outcome:
        items = [coding.canonical(item) if isinstance(item, Record) else item for item in items]
        keys = {id(item): keys_of(item, self._collection) for item in items if isinstance(item, Record)}
        pmids = [(PMID, clean(item.pmid)) for item in items if isinstance(item, Deletion)]
        self.works.load([key for some in keys.values() for key in some] + pmids)
        self._load_deletions({value for some in (*keys.values(), pmids) for scheme, value in some if scheme == PMID})
        for item in items:
            self._items += 1
            if isinstance(item, Record):
                self._records += 1
                self._take_record(item, keys[id(item)])
            elif isinstance(item, Deletion):
                self._take_deletion(clean(item.pmid))
            else:
                self._take_notice(item)
        return self.finish()

    def _take_record(self, record: Record, keys: tuple[Key, ...]) -> None:
        stands = standing(record)
        work = self.works.one_for(keys, is_notice=stands == NOTICE)
        digest = coding.content_hash(record)
        rank = coding.rank_of(record)
        self._absorb(keys, record.kind, rank)
        held = next((one for one in work.versions if one.hash == digest and one.kind is record.kind), None)
        if held is None:
            held = Held(
                id=self.counters.next("version"),
                kind=record.kind,
                hash=digest,
                rank=rank,
                arrival=self.counters.next("arrival"),
                standing=stands,
                imported=self._now,
                stored=False,
                record=record,
            )
            work.versions.append(held)
            self.works.touched[work.id] = work
        elif not coding.is_dated(record) and self._is_outdone(work, held):
            held.arrival = self.counters.next("arrival")  # an undated text that came back is what its file says now
            held.altered = True
            self.works.touched[work.id] = work

    @staticmethod
    def _is_outdone(work: Work, held: Held) -> bool:
        return any(
            one.kind is held.kind and one.rank == held.rank and one.arrival > held.arrival for one in work.versions
        )

    def _load_deletions(self, pmids: Iterable[str]) -> None:
        new = set(pmids) - self._asked
        self._asked |= new
        sql = "SELECT pmid, origin, rank FROM deletion WHERE pmid IN ({})"
        for pmid, origin, rank in self.rows.run_in(sql, new):
            self._deletions.setdefault(pmid, {})[origin] = rank

    def _absorb(self, keys: tuple[Key, ...], kind: RecordKind, rank: str) -> None:
        """A deletion that came before any citation of its PMID withdraws the first that comes."""
        if kind is not RecordKind.CITATION:
            return
        for scheme, value in keys:
            for origin, known in self._deletions.get(value, {}).items() if scheme == PMID else ():
                if known is None:
                    self._delete(value, origin, rank)

    def _take_deletion(self, pmid: str) -> None:
        known = self._deletions.get(pmid, {})
        if self._origin and self._origin in known:
            return
        works = self.works.having((PMID, pmid))
        ranks = [held.rank for work in works for held in work.versions if held.kind is RecordKind.CITATION]
        self._delete(pmid, self._origin, max(ranks, default=None))
        self._withdrawn += bool(ranks)
        for work in works:
            self.works.touched[work.id] = work

    def _delete(self, pmid: str, origin: str, rank: str | None) -> None:
        self._deletions.setdefault(pmid, {})[origin] = rank
        self._new_deletions[pmid, origin] = rank

    def _take_notice(self, notice: Notice) -> None:
        claim = claim_of(notice)
        self._notices.setdefault(hashlib.sha256(msgspec.msgpack.encode(claim)).digest(), claim)

    def finish(self) -> Outcome:
        """Settles every touched work and the states that follow."""
        outcome = Outcome(deletions=self._new_deletions)
        self._drop_known_notices()
        outcome.links += [NewLink(claim=claim, digest=digest) for digest, claim in self._notices.items()]
        touched = [self.works.touched[id_] for id_ in sorted(self.works.touched)]
        self._settle(touched)
        affected = self._links_of_versions(touched, outcome)
        affected |= {key for link in outcome.links if link.claim.outward for key in link.claim.about}
        self.works.load(affected)
        near = {work.id: work for key in affected for work in self.works.having(key)}
        near |= {work.id: work for work in touched}
        before = {id_: (work.version, work.state, work.note, work.deleted) for id_, work in near.items()}
        self._states(list(near.values()), outcome)
        outcome.touched = [work for work in touched if work.stored or work.merged_into is None]
        outcome.changed = [
            work
            for id_, work in sorted(near.items())
            if (work.stored or work.merged_into is None)
            and (not work.stored or work.is_changed() or before[id_] != _shown(work))
        ]
        outcome.report = self._report(outcome)
        return outcome

    def _drop_known_notices(self) -> None:
        for (digest,) in self.rows.run_in("SELECT digest FROM link WHERE digest IN ({})", tuple(self._notices)):
            del self._notices[bytes(digest)]

    def _settle(self, works: list[Work]) -> None:
        self._load_deletions(value for work in works for scheme, value in work.keys if scheme == PMID)
        floors = {
            pmid: max((rank for rank in known.values() if rank is not None), default=None)
            for pmid, known in self._deletions.items()
        }
        for work in works:
            ranks = [floors.get(value) for scheme, value in work.keys if scheme == PMID] if floors else []
            work.settle(max((rank for rank in ranks if rank is not None), default=None))

    def _links_of_versions(self, works: list[Work], outcome: Outcome) -> set[Key]:
        """Links that come and go with the versions that state them; returns the keys of other works they are about.

        What a removed source says of others stays heard: whoever removes a retraction notice keeps the retraction.
        """
        affected: set[Key] = set()
        gone = [
            held.id
            for work in works
            if not work.removed
            for held in work.versions
            if work.was_removed or (held.was_current and not held.current)
        ]
        sql = "SELECT id, body FROM link WHERE version IN ({})"
        for id_, body in self.rows.run_in(sql, gone):
            outcome.dropped_links.append(id_)
            affected.update(_CLAIM.decode(body).about)
        come = [(work, held) for work in works for held in work.versions if held.current and not held.was_current]
        self.read([held for _, held in come])
        for work, held in come:
            assert held.record is not None
            if held.record.links:
                own = tuple(sorted(work.keys))
                outcome.links += [NewLink(claim, version=held.id) for claim in claims_of(held.record, own)]
        return affected

    def read(self, versions: Iterable[Held]) -> None:
        """Fetches record and document of versions that the batch did not bring."""
        wanted = {held.id: held for held in versions if held.record is None}
        for id_, record, body in self.rows.run_in("SELECT id, record, body FROM version WHERE id IN ({})", wanted):
            wanted[id_].document = coding.unpack_document(body)
            wanted[id_].record = coding.unpack_record(record)

    def _states(self, works: list[Work], outcome: Outcome) -> None:
        by_key: dict[Key, list[tuple[int, int | None, Claim]]] = {}
        for number, link in enumerate(outcome.links):
            for key in link.claim.about:
                by_key.setdefault(key, []).append((-1 - number, link.version, link.claim))
        self._stored_claims(works, set(outcome.dropped_links), by_key)
        for work in works:
            if work.merged_into is not None:
                work.deleted = True
                continue
            current = work.current()
            standings = [held.standing for held in current]
            own = {held.id for held in work.versions}
            claims = {id_: (version, claim) for key in work.keys for id_, version, claim in by_key.get(key, ())}
            heard = [
                claim
                for version, claim in claims.values()
                if not (claim.outward and version in own) and concerns(claim, work.keys, is_notice=NOTICE in standings)
            ]
            work.state, work.note = state_of(standings, heard)
            work.deleted = not current
            work.version = work.preferred().id

    def _stored_claims(
        self, works: list[Work], dropped: set[int], by_key: dict[Key, list[tuple[int, int | None, Claim]]]
    ) -> None:
        schemes: dict[str, list[str]] = {}
        for key in {key for work in works for key in work.keys}:
            schemes.setdefault(key[0], []).append(key[1])
        sql = (
            "SELECT link_key.value, link.id, link.version, link.body FROM link_key JOIN link ON link.id = link_key.link"
            " WHERE link_key.side = 0 AND link_key.scheme = ? AND link_key.value IN ({})"
        )
        for scheme, values in schemes.items():
            for value, id_, version, body in self.rows.run_in(sql, values, scheme):
                if id_ not in dropped:
                    by_key.setdefault((scheme, value), []).append((id_, version, _CLAIM.decode(body)))

    def _report(self, outcome: Outcome) -> PutReport:
        added = sum(1 for work in outcome.changed if not work.stored and not work.deleted)
        taken = sum(1 for work in outcome.touched for held in work.versions if held.current and not held.stored)
        return PutReport(
            items=self._items,
            added=added,
            updated=max(0, taken - added),
            unchanged=self._records - taken,
            deleted=self._withdrawn,
            merged=self.works.merges,
            notices=len(self._notices),
        )


_CLAIM = msgspec.msgpack.Decoder(Claim)


def _shown(work: Work) -> tuple[object, ...]:
    return (work.version, work.state, work.note, work.deleted)


def body_of(held: Held) -> Document:
    """The document of a version whose record is at hand."""
    assert held.record is not None
    if held.document is None:
        held.document = document(held.record)
    return held.document
