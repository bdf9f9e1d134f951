"""The works a batch touches, in memory: which records are one work, and which version of each kind is current."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from vademecum.evidence.model import SourceState
from vademecum.literature.documents import Document
from vademecum.literature.records import Record, RecordKind
from vademecum.literature.store.identity import Key, contradict, only_doi
from vademecum.literature.store.rows import Counters, Rows
from vademecum.literature.store.states import NOTICE

PREFERENCE = (
    RecordKind.FULL_TEXT,
    RecordKind.GUIDELINE,
    RecordKind.LABEL,
    RecordKind.TRIAL_REGISTRATION,
    RecordKind.DOCUMENT,
    RecordKind.CITATION,
)
"""Which kind speaks for a work that came in several. The others stay current beside it, with their passages:
MEDLINE's abstract keeps its own text and headings even where the full text is held."""


@dataclass(slots=True, eq=False)
class Held:
    """One version of a work: what the database has of it, and what this batch makes of it."""

    id: int
    kind: RecordKind
    hash: bytes
    rank: str
    arrival: int
    standing: str | None
    imported: str
    was_current: bool = False
    current: bool = False
    stored: bool = True
    altered: bool = False  # arrival or owner
    record: Record | None = None  # read only where needed
    document: Document | None = None


@dataclass(slots=True, eq=False)
class Work:
    """One source."""

    id: int
    keys: set[Key] = field(default_factory=set)
    versions: list[Held] = field(default_factory=list)
    version: int = 0
    state: SourceState = SourceState.CURRENT
    note: str | None = None
    deleted: bool = False
    removed: bool = False
    was_removed: bool = False
    merged_into: Work | None = None
    stored: bool = True
    new_keys: list[Key] = field(default_factory=list)

    def current(self) -> list[Held]:
        """Current versions, the preferred first."""
        found = [held for held in self.versions if held.current]
        return sorted(found, key=_preference) if len(found) > 1 else found

    def settle(self, withdrawn: str | None) -> None:
        """Makes the newest version of each kind current; citations up to the rank `withdrawn` are out."""
        best: dict[RecordKind, Held] = {}
        for held in self.versions:
            held.current = False
            if self.removed or (withdrawn is not None and held.kind is RecordKind.CITATION and held.rank <= withdrawn):
                continue
            if held.kind not in best or _newer(held, best[held.kind]):
                best[held.kind] = held
        for held in best.values():
            held.current = True

    def preferred(self) -> Held:
        """The version that speaks for the work; of a deleted one, the last that did."""
        current = self.current()
        if current:
            return current[0]
        known = [held for held in self.versions if held.id == self.version]
        return known[0] if known else min(self.versions, key=_preference)

    def is_notice(self) -> bool:
        return any(held.standing == NOTICE for held in self.versions)

    def is_changed(self) -> bool:
        """Whether its text differs from what the database has."""
        return any(held.current != held.was_current for held in self.versions)


def _preference(held: Held) -> int:
    return PREFERENCE.index(held.kind)


def _newer(one: Held, other: Held) -> bool:
    return (one.rank, one.arrival) > (other.rank, other.arrival)


class Works:
    """Finds and makes works for keys. Everything it hands out, it hands out once."""

    def __init__(self, rows: Rows, counters: Counters) -> None:
        self._rows = rows
        self._counters = counters
        self._all: dict[int, Work] = {}
        self._by_key: dict[Key, list[Work]] = {}
        self.touched: dict[int, Work] = {}  # whose text or keys this batch may change
        self.merges = 0

    def load(self, keys: Iterable[Key]) -> None:
        """Reads every work that has one of the keys."""
        schemes: dict[str, list[str]] = {}
        for key in keys:
            if key not in self._by_key:
                self._by_key[key] = []
                schemes.setdefault(key[0], []).append(key[1])
        pairs: list[tuple[Key, int]] = []
        for scheme, values in schemes.items():
            sql = "SELECT value, source FROM identifier WHERE scheme = ? AND value IN ({})"
            pairs += [((scheme, value), source) for value, source in self._rows.run_in(sql, values, scheme)]
        self.load_ids({source for _, source in pairs})
        for key, source in sorted(pairs):
            self._by_key[key].append(self._all[source])

    def load_ids(self, ids: Iterable[int]) -> list[Work]:
        """Reads works by id."""
        wanted = set(ids)
        new = wanted - self._all.keys()
        sql = "SELECT id, version, state, state_note, deleted, removed FROM source WHERE id IN ({})"
        for id_, version, state, note, deleted, removed in self._rows.run_in(sql, new):
            self._all[id_] = Work(
                id=id_,
                version=version,
                state=SourceState(state),
                note=note,
                deleted=bool(deleted),
                removed=bool(removed),
                was_removed=bool(removed),
            )
        for source, scheme, value in self._rows.run_in(
            "SELECT source, scheme, value FROM identifier WHERE source IN ({})", new
        ):
            self._all[source].keys.add((scheme, value))
        sql = (
            "SELECT source, id, kind, hash, rank, arrival, standing, imported, current"
            " FROM version WHERE source IN ({}) ORDER BY id"
        )
        for source, id_, kind, hash_, rank, arrival, standing, imported, current in self._rows.run_in(sql, new):
            held = Held(
                id_, RecordKind(kind), bytes(hash_), rank, arrival, standing, imported, bool(current), bool(current)
            )
            self._all[source].versions.append(held)
        return [self._all[id_] for id_ in sorted(wanted) if id_ in self._all]

    def having(self, key: Key) -> list[Work]:
        """The works that have a key; it must have been loaded."""
        found = self._by_key.get(key)
        return list({work.id: work for work in map(_survivor, found)}.values()) if found else []

    def one_for(self, keys: tuple[Key, ...], *, is_notice: bool) -> Work:
        """The work a record with these keys belongs to: known, made one out of several, or new.

        Publishers give a retraction notice the DOI of its article, so a DOI alone never joins a notice to a work.
        """
        chosen: Work | None = None
        for candidate in {work.id: work for key in keys for work in self.having(key)}.values():
            if contradict(keys, candidate.keys) or (
                is_notice is not candidate.is_notice() and only_doi(candidate.keys.intersection(keys))
            ):
                continue
            if chosen is None:
                chosen = candidate
            elif not contradict(chosen.keys, candidate.keys):
                chosen = self._merge(chosen, candidate)
        if chosen is None:
            chosen = Work(id=self._counters.next("source"), stored=False)
            self._all[chosen.id] = chosen
        for key in keys:
            if key not in chosen.keys:
                chosen.keys.add(key)
                chosen.new_keys.append(key)
                self._by_key[key].append(chosen)
                self.touched[chosen.id] = chosen
        return chosen

    def _merge(self, one: Work, other: Work) -> Work:
        """The older takes what the younger has; the younger stays as a deleted source that points to it."""
        kept, gone = sorted((one, other), key=lambda work: work.id)
        for held in gone.versions:
            held.altered = True
        kept.versions += gone.versions
        kept.new_keys += sorted(gone.keys - kept.keys)
        kept.keys |= gone.keys
        kept.removed = kept.removed or gone.removed
        gone.versions, gone.keys, gone.new_keys = [], set(), []
        gone.merged_into = kept
        self.touched[kept.id] = kept
        self.touched[gone.id] = gone
        self.merges += 1
        return kept


def _survivor(work: Work) -> Work:
    while work.merged_into is not None:
        work = work.merged_into
    return work
