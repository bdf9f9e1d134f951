"""Writes the outcome of a batch, parents before children, so that every constraint holds after every statement."""

from __future__ import annotations

import json

import msgspec

from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import passages
from vademecum.literature.store import coding
from vademecum.literature.store.batch import Appraise, Batch, NewLink, Outcome, body_of
from vademecum.literature.store.identity import clean
from vademecum.literature.store.model import UNREVIEWED
from vademecum.literature.store.works import Held, Work

_TITLE_LIMIT = 2_000  # characters kept for lists; the record keeps all
_SOURCE = "id, kind, title, year, design, state, state_note, deleted, removed, merged_into, version, changed, imported"
_VERSION = "id, source, kind, hash, rank, arrival, current, standing, tier, unit, imported, record, appraisal, body"


class Writes:
    """The statements of one batch."""

    def __init__(self, batch: Batch, appraise: Appraise, *, unit: int | None, now: str) -> None:
        self._batch = batch
        self._rows = batch.rows
        self._counters = batch.counters
        self._appraise = appraise
        self._unit = unit
        self._now = now
        self._appraisals: dict[int, Appraisal] = {}

    def write(self, outcome: Outcome) -> None:
        self._appraise_new(outcome.touched)
        self._sources(outcome)
        self._versions(outcome.touched)
        self._identifiers(outcome.touched)
        self._passages([work for work in outcome.touched if work.is_changed()])
        self._links(outcome)
        self._deletions(outcome)
        self._registers(outcome.links)

    def _appraise_new(self, works: list[Work]) -> None:
        for work in works:
            for held in work.versions:
                if not held.stored:
                    assert held.record is not None
                    self._appraisals[held.id] = self._appraise(held.record, body_of(held))

    def _sources(self, outcome: Outcome) -> None:
        speaking = [work.preferred() for work in outcome.changed if work.merged_into is None]
        self._read_facts(speaking)
        new = [self._source_row(work) for work in outcome.changed if not work.stored]
        self._rows.insert("source", _SOURCE, new)
        names = [name.strip() for name in _SOURCE.split(",")][1:]
        rows = [self._source_row(work) for work in outcome.changed if work.stored and work.merged_into is None]
        self._rows.run_each(
            f"UPDATE source SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?",
            [(*row[1:], row[0]) for row in rows],
        )
        self._rows.run_each(
            "UPDATE source SET deleted = ?, merged_into = ?, changed = ? WHERE id = ?",
            [
                (True, work.merged_into.id, self._counters.next("changed"), work.id)
                for work in outcome.touched
                if work.merged_into is not None
            ],
        )

    def _read_facts(self, versions: list[Held]) -> None:
        """Record and appraisal of versions that come to speak for their source without being new."""
        self._batch.read(versions)
        wanted = {held.id for held in versions} - self._appraisals.keys()
        for id_, blob in self._rows.run_in("SELECT id, appraisal FROM version WHERE id IN ({})", wanted):
            self._appraisals[id_] = coding.unpack_appraisal(blob)

    def _source_row(self, work: Work) -> tuple[object, ...]:
        held = work.preferred()
        assert held.record is not None
        design = self._appraisals[held.id].design
        return (
            work.id,
            held.kind.value,
            clean(held.record.title)[:_TITLE_LIMIT],
            held.record.year,
            design.value if design else None,
            work.state.value,
            work.note and clean(work.note),
            work.deleted,
            work.removed,
            None,
            held.id,
            self._counters.next("changed"),
            held.imported,
        )

    def _versions(self, works: list[Work]) -> None:
        held_of = [(work, held) for work in works for held in work.versions]
        self._rows.insert(
            "version", _VERSION, [self._version_row(work, held) for work, held in held_of if not held.stored]
        )
        self._rows.run_each(
            "UPDATE version SET source = ?, arrival = ?, current = ? WHERE id = ?",
            [
                (work.id, held.arrival, held.current, held.id)
                for work, held in held_of
                if held.stored and (held.altered or held.current != held.was_current)
            ],
        )

    def _version_row(self, work: Work, held: Held) -> tuple[object, ...]:
        assert held.record is not None
        return (
            held.id,
            work.id,
            held.kind.value,
            held.hash,
            held.rank,
            held.arrival,
            held.current,
            held.standing,
            UNREVIEWED,
            self._unit,
            held.imported,
            coding.pack_record(held.record),
            coding.pack(self._appraisals[held.id]),
            coding.pack_document(body_of(held)),
        )

    def _identifiers(self, works: list[Work]) -> None:
        merged = [(work.id,) for work in works if work.merged_into is not None]
        self._rows.run_each("DELETE FROM identifier WHERE source = ?", merged)
        self._rows.insert(
            "identifier", "scheme, value, source", [(*key, work.id) for work in works for key in work.new_keys]
        )

    def _passages(self, works: list[Work]) -> None:
        """New passages in; a text that its source had already keeps its id."""
        free = self._freed(
            [held.id for work in works for held in work.versions if held.was_current and not held.current]
        )
        owner = {held.id: work.id for work in works for held in work.versions}
        by_text: dict[tuple[int, bytes], list[int]] = {}
        for id_, version, hash_ in reversed(free):
            by_text.setdefault((owner[version], hash_), []).append(id_)
        new: list[tuple[object, ...]] = []
        kept: list[tuple[object, ...]] = []
        for work in works:
            for held in work.current():
                if held.was_current:
                    continue
                assert held.record is not None
                for part in passages(held.record, body_of(held)):
                    hash_ = bytes.fromhex(part.hash)
                    path = json.dumps(part.path, ensure_ascii=True) if part.path else None
                    place = (held.id, part.start, part.end, path, part.code and clean(part.code))
                    same = by_text.get((work.id, hash_))
                    if same:
                        kept.append((*place, same.pop()))
                    else:
                        new.append((self._counters.next("passage"), *place, hash_))
        gone = [(id_,) for ids in by_text.values() for id_ in ids]
        self._rows.run_each("DELETE FROM passage WHERE id = ?", gone)
        self._rows.run_each(
            "UPDATE passage SET version = ?, start = ?, stop = ?, path = ?, code = ? WHERE id = ?", kept
        )
        self._rows.insert("passage", "id, version, start, stop, path, code, hash", new)

    def _freed(self, versions: list[int]) -> list[tuple[int, int, bytes]]:
        sql = "SELECT id, version, hash FROM passage WHERE version IN ({}) ORDER BY id"
        return [(id_, version, bytes(hash_)) for id_, version, hash_ in self._rows.run_in(sql, versions)]

    def _links(self, outcome: Outcome) -> None:
        gone = [(id_,) for id_ in outcome.dropped_links]
        self._rows.run_each("DELETE FROM link_key WHERE link = ?", gone)
        self._rows.run_each("DELETE FROM link WHERE id = ?", gone)
        links: list[tuple[object, ...]] = []
        keys: list[tuple[object, ...]] = []
        for link in outcome.links:
            claim, id_ = link.claim, self._counters.next("link")
            links.append(
                (
                    id_,
                    link.version,
                    claim.outward,
                    claim.kind.value,
                    claim.register and clean(claim.register),
                    claim.date and clean(claim.date),
                    link.digest,
                    msgspec.msgpack.encode(claim),
                )
            )
            for side, named in enumerate((claim.about, claim.by)):
                keys += [(*key, side, id_) for key in dict.fromkeys(named)]
        self._rows.insert("link", "id, version, outward, kind, register, date, digest, body", links)
        self._rows.insert("link_key", "scheme, value, side, link", keys)

    def _deletions(self, outcome: Outcome) -> None:
        pairs = list(outcome.deletions)
        self._rows.run_each("DELETE FROM deletion WHERE pmid = ? AND origin = ?", pairs)
        rows = [(*pair, rank) for pair, rank in outcome.deletions.items()]
        self._rows.insert("deletion", "pmid, origin, rank", rows)

    def _registers(self, links: list[NewLink]) -> None:
        names = {clean(link.claim.register) for link in links if link.claim.register}
        keys = [(f"register:{name}",) for name in sorted(names)]
        self._rows.run_each("DELETE FROM meta WHERE key = ?", keys)
        self._rows.insert("meta", "key, value", [(*key, self._now) for key in keys])
