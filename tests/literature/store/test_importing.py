"""Units go in whole, broken ones are reported and left out, and an import goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import pytest
from store_samples import citation, unappraised

from vademecum.errors import ImportFileError
from vademecum.evidence.model import Design
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.importing import Fate, ImportReport, Progress, appraise_again, import_units
from vademecum.literature.records import Item
from vademecum.literature.store import Store, UnitState


class File(msgspec.Struct):
    """A unit whose reader can be told to break off."""

    name: str
    fingerprint: str
    count: int
    first: int = 1
    breaks_after: int | None = None
    error: type[BaseException] = ImportFileError
    reads: int = 0


def read(file: File) -> Iterator[Sequence[Item]]:
    file.reads += 1
    for at in range(0, file.count, 2):
        if file.breaks_after is not None and at >= file.breaks_after:
            raise file.error(f"{file.name}: the file ends within record {at}")
        yield [citation(str(file.first + number)) for number in range(at, min(at + 2, file.count))]


def take(store: Store, *files: File, long_unit: int = 50_000, **options: object) -> ImportReport:
    return import_units(store, files, read, appraise=unappraised, long_unit=long_unit, **options)  # type: ignore[arg-type]


def test_what_was_taken_in_is_reported(store: Store) -> None:
    report = take(store, File("a", "f", 5), File("b", "f", 3, first=5))
    assert [unit.fate for unit in report.units] == [Fate.STORED, Fate.STORED]
    assert (report.put.items, report.put.added, report.put.unchanged) == (8, 7, 1)
    assert store.count() == 7


def test_an_empty_unit_is_done(store: Store) -> None:
    (unit,) = take(store, File("a", "f", 0)).units
    assert unit.fate is Fate.STORED
    assert take(store, File("a", "f", 0)).units[0].fate is Fate.KNOWN


def test_a_finished_unit_is_read_again_only_when_its_content_differs_or_on_request(store: Store) -> None:
    take(store, File("a", "f", 4))
    same = File("a", "f", 4)
    assert take(store, same).units[0].fate is Fate.KNOWN
    assert same.reads == 0
    assert take(store, File("a", "g", 6)).put.added == 2
    assert take(store, File("a", "g", 6), again=True).put.unchanged == 6


def test_a_file_that_breaks_off_leaves_nothing_and_stops_no_other(store: Store) -> None:
    report = take(store, File("a", "f", 6, breaks_after=4), File("b", "f", 2, first=10))
    assert [(unit.name, unit.error, unit.kept) for unit in report.failed] == [
        ("a", "a: the file ends within record 4", 0)
    ]
    assert store.count() == 2
    unit = store.unit("a")
    assert unit is not None
    assert (unit.state, unit.items, unit.error) == (UnitState.FAILED, 0, "a: the file ends within record 4")
    assert store.units(UnitState.FAILED) == [unit]
    assert [one.name for one in store.units()] == ["a", "b"]
    assert take(store, File("a", "g", 6)).put.added == 6


def test_a_long_unit_is_kept_as_far_as_it_was_acknowledged(store: Store) -> None:
    report = take(store, File("a", "f", 20, breaks_after=10), long_unit=4)
    assert report.units[0].kept == store.count() == 8
    rest = File("a", "f", 20)
    report = take(store, rest, long_unit=4)
    assert (report.put.items, store.count()) == (12, 20)


def test_an_interrupted_import_goes_on_after_its_last_mark(store: Store) -> None:
    acknowledged: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        take(
            store,
            File("a", "f", 20, breaks_after=14, error=KeyboardInterrupt),
            long_unit=4,
            progress=lambda seen: acknowledged.append(seen.acknowledged),
        )
    assert store.count() == max(acknowledged) == 12
    assert take(store, File("a", "f", 20), long_unit=4).put.added == 8


def test_progress_tells_what_is_durable(store: Store) -> None:
    seen: list[Progress] = []
    take(store, File("a", "f", 6), File("b", "f", 2, first=20), long_unit=4, progress=seen.append)
    assert [(one.unit, one.items, one.acknowledged, one.total.items) for one in seen] == [
        ("a", 2, 0, 2),
        ("a", 4, 0, 4),
        ("a", 4, 4, 4),
        ("a", 6, 6, 6),
        ("b", 2, 2, 8),
    ]


def test_new_rules_of_appraisal_reach_what_is_stored(store: Store) -> None:
    take(store, File("a", "f", 3))
    head = store.head()
    trial = Appraisal(design=Design.RCT, reason="Randomized Controlled Trial")
    assert appraise_again(store, lambda record, _: trial if record.ids.pmid == "2" else Appraisal()) == 1
    (change,) = store.changed_sources(head, 10)
    assert (change.source.id, change.source.appraisal) == (2, trial)
    assert store.stats().designs == {"randomised trial": 1}
