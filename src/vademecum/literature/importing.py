"""From units to the store, with progress that survives a kill, and mining of what is stored.

A unit is taken in within one transaction, so a file that breaks off leaves nothing. A unit longer than `LONG_UNIT`
items is committed in stretches of that length, each with its mark: an import that dies goes on after the last one, and
when such a unit breaks off, the report says how many of its items were kept. Long enough that a whole PubMed baseline
file is all or nothing, short enough that little is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.documents import Document
from vademecum.literature.findings import Finding
from vademecum.literature.records import Item, Record
from vademecum.literature.store import Mark, PutReport, Store, UnitState, Writer
from vademecum.literature.store.batch import Appraise

LONG_UNIT = 50_000  # items; a PubMed baseline file has 30,000
_AT_ONCE = 500


class Unit(Protocol):
    """One file, archive member or download."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...


_U = TypeVar("_U", bound=Unit)


class Fate(StrEnum):
    """What became of a unit."""

    STORED = "stored"
    KNOWN = "known"  # finished by an earlier import, with the same content
    FAILED = "failed"


class UnitReport(msgspec.Struct, frozen=True):
    name: str
    fate: Fate
    put: PutReport = PutReport()
    error: str | None = None  # names file, record and field
    kept: int = 0  # items of a failed unit that stay: those of its finished stretches


class ImportReport(msgspec.Struct, frozen=True):
    units: tuple[UnitReport, ...] = ()

    @property
    def put(self) -> PutReport:
        return sum((unit.put for unit in self.units), PutReport())

    @property
    def failed(self) -> tuple[UnitReport, ...]:
        return tuple(unit for unit in self.units if unit.fate is Fate.FAILED)


class Progress(msgspec.Struct, frozen=True):
    """How far an import is. What is acknowledged is durable; the rest of the unit is on its way."""

    unit: str
    units: int  # finished, this one not counted
    items: int  # of this unit, so far
    acknowledged: int  # of them, committed
    total: PutReport  # of all units, what is not acknowledged included


def import_units(
    store: Store,
    units: Iterable[_U],
    read: Callable[[_U], Iterator[Sequence[Item]]],
    *,
    appraise: Appraise | None = None,
    collection: str = "",
    again: bool = False,
    long_unit: int = LONG_UNIT,
    progress: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Takes units in, one after the other; a broken one is reported and left out, the others go in.

    `read` gives a unit's items in batches, always in the same order. `collection` is what file-own ids belong to, by
    default the unit. `again` reads finished units once more. Interrupted at any moment, everything acknowledged is
    kept, and the next call goes on from there. Raises StoreError when the database cannot be written.
    """
    importing = _Import(store.writer(appraise), collection, long_unit, progress or (lambda _: None))
    for unit in units:
        done = _done_before(store, unit)
        if done is None and not again:
            importing.add(UnitReport(name=unit.name, fate=Fate.KNOWN))
        else:
            importing.add(importing.take(unit, read, done or 0))
    return ImportReport(units=tuple(importing.reports))


def is_done(store: Store, unit: Unit) -> bool:
    """Whether an earlier import finished this unit, with this content."""
    return _done_before(store, unit) is None


def _done_before(store: Store, unit: Unit) -> int | None:
    """Items of the unit stored by an earlier import; None when all are."""
    known = store.unit(unit.name)
    if known is None or known.fingerprint != unit.fingerprint:
        return 0
    return None if known.state is UnitState.DONE else known.items


class _Import:
    """One run: what it has done so far."""

    def __init__(self, writer: Writer, collection: str, long_unit: int, progress: Callable[[Progress], None]) -> None:
        self._writer = writer
        self._collection = collection
        self._long_unit = long_unit
        self._progress = progress
        self.reports: list[UnitReport] = []
        self._total = PutReport()

    def add(self, report: UnitReport) -> None:
        self.reports.append(report)
        self._total += report.put

    def take(self, unit: _U, read: Callable[[_U], Iterator[Sequence[Item]]], done: int) -> UnitReport:
        """One unit, from the item after `done` on."""
        stored = PutReport()
        try:
            batches = _after(read(unit), done)
            batch = next(batches, ())  # nothing is locked while a short file is still being read
            while True:
                with self._writer.transaction():
                    put, batch = self._stretch(unit, batch, batches, done, stored)
                stored += put
                done += put.items
                self._tell(unit, done, done, stored)
                if not batch:
                    return UnitReport(name=unit.name, fate=Fate.STORED, put=stored)
        except ImportFileError as error:
            self._writer.fail(unit.name, unit.fingerprint, str(error))
            return UnitReport(name=unit.name, fate=Fate.FAILED, put=stored, error=str(error), kept=done)

    def _stretch(
        self, unit: Unit, batch: Sequence[Item], batches: Iterator[Sequence[Item]], done: int, before: PutReport
    ) -> tuple[PutReport, Sequence[Item]]:
        """One transaction's worth, and the first batch of the next; that is empty at the end of the unit."""
        put = PutReport()
        while put.items < self._long_unit:
            following = next(batches, ())
            mark = Mark(
                unit=unit.name,
                fingerprint=unit.fingerprint,
                items=done + put.items + len(batch),
                done=not following,
                collection=self._collection,
            )
            put += self._writer.put(batch, mark)
            batch = following
            if not batch:
                break
            self._tell(unit, mark.items, done, before + put)
        return put, batch

    def _tell(self, unit: Unit, items: int, acknowledged: int, put: PutReport) -> None:
        self._progress(
            Progress(
                unit=unit.name,
                units=len(self.reports),
                items=items,
                acknowledged=acknowledged,
                total=self._total + put,
            )
        )


def _after(batches: Iterator[Sequence[Item]], done: int) -> Iterator[Sequence[Item]]:
    """The items after the first `done`, never an empty batch."""
    for batch in batches:
        rest = batch[done:]
        done = max(0, done - len(batch))
        if rest:
            yield rest


def mine_pending(
    store: Store,
    mine: Callable[[Record, Document], tuple[Finding, ...]],
    rules: str,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Mines every current version that the rule set `rules` has not seen; gives their number.

    Each stretch is stored before the next is mined, so it can stop anywhere and go on later. `progress` is told how
    many are done and how many there were to do.
    """
    writer = store.writer()
    total = store.count_pending(rules)
    done, after = 0, 0
    while found := store.pending(rules, _AT_ONCE, after):
        writer.put_findings(rules, [(version, mine(record, document)) for version, record, document in found])
        done += len(found)
        after = found[-1][0]
        if progress is not None:
            progress(done, total)
    return done


def appraise_again(store: Store, appraise: Appraise, *, progress: Callable[[int], None] | None = None) -> int:
    """Appraises every current version by the rules of today; gives how many say something else than before."""
    writer = store.writer(appraise)
    done, after, differing = 0, 0, 0
    while found := store.current(after, _AT_ONCE):
        differing += writer.put_appraisals([(id_, appraise(record, document)) for id_, record, document in found])
        done += len(found)
        after = found[-1][0]
        if progress is not None:
            progress(done)
    return differing
