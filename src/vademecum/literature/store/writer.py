"""The one way into the store: whole batches, each with its progress mark, in transactions that wait for each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module

import sqlalchemy as sa

from vademecum.errors import StoreError
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document
from vademecum.literature.findings import Finding
from vademecum.literature.records import Item, Record
from vademecum.literature.store import coding, watches
from vademecum.literature.store.batch import Appraise, Batch
from vademecum.literature.store.engine import store_errors, writing
from vademecum.literature.store.identity import clean
from vademecum.literature.store.model import Mark, PutReport, UnitState, Watch
from vademecum.literature.store.rows import Counters, Rows
from vademecum.literature.store.writes import Writes


def now() -> str:
    """The present, as the store writes times."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def appraise_by_rules(record: Record, document: Document) -> Appraisal:
    """The rules of `literature.appraisal`, loaded at first use."""
    appraise: Appraise = import_module("vademecum.literature.appraisal").appraise
    return appraise(record, document)


class Writer:
    """Takes items in. Made by `Store.writer()`; one at a time gets through, over all processes."""

    def __init__(self, engine: sa.Engine, appraise: Appraise | None = None, clock: Callable[[], str] = now) -> None:
        self._engine = engine
        self._appraise = appraise or appraise_by_rules
        self._clock = clock
        self._open: sa.Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Makes all calls inside it one transaction: all are stored when it ends, none when it fails."""
        if self._open is not None:
            raise StoreError("a transaction is open in this writer already")
        with writing(self._engine) as connection:
            self._open = connection
            try:
                yield
            finally:
                self._open = None

    @contextmanager
    def _rows(self) -> Iterator[Rows]:
        if self._open is not None:
            with store_errors():
                yield Rows(self._open)
        else:
            with writing(self._engine) as connection:
                yield Rows(connection)

    def put(self, items: Sequence[Item], mark: Mark | None = None) -> PutReport:
        """Takes a batch in, whole or not at all, together with how far its unit has come.

        Raises ImportFileError for a record that cannot be kept, StoreError when the database cannot be written.
        """
        time = self._clock()
        with self._rows() as rows:
            counters = Counters(rows)
            unit = _note_unit(rows, counters, mark, time) if mark else None
            collection = (mark.collection or mark.unit) if mark else ""
            batch = Batch(rows, counters, now=time, collection=collection, origin=mark.fingerprint if mark else "")
            outcome = batch.take(items)
            Writes(batch, self._appraise, unit=unit, now=time).write(outcome)
            counters.save()
            return outcome.report

    def fail(self, unit: str, fingerprint: str, error: str) -> None:
        """Keeps why a unit could not be taken in; what was stored of it before stays counted."""
        time = self._clock()
        with self._rows() as rows:
            counters = Counters(rows)
            done = _items_of(rows, unit, fingerprint)
            mark = Mark(unit=unit, fingerprint=fingerprint, items=done)
            _note_unit(rows, counters, mark, time, state=UnitState.FAILED, error=error)
            counters.save()

    def remove(self, sources: Iterable[int]) -> int:
        """Takes sources out of the library at the user's wish; an import does not bring them back."""
        return self._set_removed(sources, removed=True)

    def restore(self, sources: Iterable[int]) -> int:
        """Brings back what `remove` took out, as newly as it was imported since."""
        return self._set_removed(sources, removed=False)

    def _set_removed(self, sources: Iterable[int], *, removed: bool) -> int:
        time = self._clock()
        with self._rows() as rows:
            counters = Counters(rows)
            batch = Batch(rows, counters, now=time, collection="", origin="")
            works = [work for work in batch.works.load_ids(sources) if work.versions and work.removed is not removed]
            for work in works:
                work.removed = removed
                batch.works.touched[work.id] = work
            Writes(batch, self._appraise, unit=None, now=time).write(batch.finish())
            rows.run_each("UPDATE source SET removed = ? WHERE id = ?", [(removed, work.id) for work in works])
            counters.save()
            return len(works)

    def put_watch(self, watch: Watch) -> None:
        """Saves a question, or what it saw, in place of the one of that name."""
        with self._rows() as rows:
            watches.put(rows, watch)

    def remove_watch(self, name: str) -> bool:
        """Forgets a saved question; whether there was one."""
        with self._rows() as rows:
            return watches.remove(rows, name)

    def put_appraisals(self, appraisals: Sequence[tuple[int, Appraisal]]) -> int:
        """Stores what newer rules say of versions; gives how many differ. Their sources move in the change feed."""
        with self._rows() as rows:
            counters = Counters(rows)
            new = {version: coding.pack(appraisal) for version, appraisal in appraisals}
            held = rows.run_in("SELECT id, appraisal FROM version WHERE id IN ({})", new)
            differing = [id_ for id_, blob in held if bytes(blob) != new[id_]]
            rows.run_each("UPDATE version SET appraisal = ? WHERE id = ?", [(new[id_], id_) for id_ in differing])
            designs = {
                version: appraisal.design.value if appraisal.design else None for version, appraisal in appraisals
            }
            rows.run_each(
                "UPDATE source SET design = ?, changed = ? WHERE version = ? AND merged_into IS NULL AND id ="
                " (SELECT version.source FROM version WHERE version.id = ?)",
                [(designs[id_], counters.next("changed"), id_, id_) for id_ in differing],
            )
            counters.save()
            return len(differing)

    def put_findings(self, rules: str, mined: Sequence[tuple[int, tuple[Finding, ...]]]) -> None:
        """Stores what a rule set found in versions, in place of what an earlier one did."""
        with self._rows() as rows:
            rows.run("DELETE FROM meta WHERE key = 'rules'")
            rows.insert("meta", "key, value", [("rules", rules)])
            rows.run_each("DELETE FROM mined WHERE version = ?", [(version,) for version, _ in mined])
            rows.insert(
                "mined",
                "version, rules, count, findings",
                [(version, rules, len(found), coding.pack(found)) for version, found in mined],
            )


def _items_of(rows: Rows, unit: str, fingerprint: str) -> int:
    found = rows.run("SELECT items FROM unit WHERE name = ? AND fingerprint = ?", clean(unit), fingerprint)
    return int(found[0][0]) if found else 0


def _note_unit(
    rows: Rows, counters: Counters, mark: Mark, time: str, *, state: UnitState | None = None, error: str | None = None
) -> int:
    """Writes the unit's row and gives its id."""
    state = state or (UnitState.DONE if mark.done else UnitState.OPEN)
    name, said = clean(mark.unit), clean(error) if error else None
    values = (mark.fingerprint, state.value, mark.items, said, time)
    known = rows.run("SELECT id FROM unit WHERE name = ?", name)
    if known:
        id_ = int(known[0][0])
        rows.run(
            "UPDATE unit SET fingerprint = ?, state = ?, items = ?, error = ?, updated = ? WHERE id = ?", *values, id_
        )
        return id_
    id_ = counters.next("unit")
    rows.insert("unit", "fingerprint, state, items, error, updated, id, name", [(*values, id_, name)])
    return id_
