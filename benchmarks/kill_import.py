"""Kills an import at random moments and looks whether anything acknowledged is lost.

    python benchmarks/kill_import.py [--points 200] [--seed 1] [--folder DIR]
    python benchmarks/kill_import.py --database library.db --command vade reindex    # any other command, the same way

Each point starts an import in a child process, waits for a random time, and kills it with SIGKILL. Then the database
must pass its integrity check, open and answer within ten seconds, hold every record of every acknowledged commit, and
hold none twice. The next point goes on with the same database; when it is complete, with a revision of every record.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pysqlite3.dbapi2 as sqlite

from vademecum.literature.appraisal import Appraisal
from vademecum.literature.importing import Progress, import_units
from vademecum.literature.records import Identifiers, Item, Link, LinkKind, Record, RecordKind, Section
from vademecum.literature.store import Store

READY_LIMIT = 10.0  # seconds
UNITS = ((300,) * 12 + (1,) * 8 + (3_000,)) * 2  # records; the long ones are committed in stretches
STRETCH = 400
BATCH = 100
_PAST_THE_START = 0.9  # of the kills; the others may also come while the program is being loaded


class File(msgspec.Struct, frozen=True):
    """One unit: the records from `first` on, as the generation'th revision tells them."""

    name: str
    fingerprint: str
    first: int
    count: int
    generation: int


class Outcome(msgspec.Struct, frozen=True):
    points: int
    acknowledged: int  # commits that were told before the kills
    killed_at_work: int  # points where the child was still running
    lost: int
    doubled: int
    damaged: int
    slowest_ready_s: float


def files(generation: int) -> list[File]:
    firsts = [sum(UNITS[:number]) for number in range(len(UNITS))]
    return [
        File(f"unit-{number:03d}", f"generation-{generation}", first, count, generation)
        for number, (first, count) in enumerate(zip(firsts, UNITS, strict=True))
    ]


def record(number: int, generation: int) -> Record:
    text = " ".join(f"Group {word} of {number} had {number * word % 97}.{generation} mg/dL." for word in range(20))
    links = (Link(LinkKind.RETRACTION_OF, pmid=str(1_000_000 + number - 7)),) if number % 50 == 49 else ()
    return Record(
        kind=RecordKind.CITATION,
        title=f"Trial {number}",
        ids=Identifiers(pmid=str(1_000_000 + number), doi=f"10.5555/{number}"),
        sections=(Section(text),),
        revised=f"20{10 + generation % 80:02d}-01-01",
        links=links,
    )


def read(file: File) -> Iterator[Sequence[Item]]:
    for at in range(0, file.count, BATCH):
        numbers = range(file.first + at, file.first + min(at + BATCH, file.count))
        yield [record(number, file.generation) for number in numbers]


def work(database: str, generation: int) -> None:
    """The child: imports, and tells of every commit once it is done."""

    def tell(seen: Progress) -> None:
        if seen.acknowledged == seen.items:
            print(f"{seen.unit} {seen.acknowledged}", flush=True)

    print("at work", flush=True)
    with Store.open(database) as store:
        import_units(store, files(generation), read, appraise=lambda *_: Appraisal(), long_unit=STRETCH, progress=tell)
    print("complete", flush=True)


def kill_after(command: Sequence[str], seconds: float, *, once_at_work: bool = False) -> tuple[list[str], bool]:
    """What a command printed before it was killed, and whether it was still at work then.

    The time counts from the start, or from the first line it prints.
    """
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if once_at_work and child.stdout is not None:
        child.stdout.readline()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(seconds)
    running = child.poll() is None
    child.send_signal(signal.SIGKILL)
    printed, _ = child.communicate()
    return [line for line in printed.splitlines(keepends=True) if line.endswith("\n")], running


def is_sound(database: Path) -> bool:
    """SQLite's own check, constraints included."""
    with contextlib.closing(sqlite.connect(str(database))) as connection:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        return said == ["ok"] and not connection.execute("PRAGMA foreign_key_check").fetchall()


def ready_in(database: Path) -> float:
    """Seconds until the library answers."""
    start = time.perf_counter()
    with Store.open(str(database)) as store:
        store.changed_sources(max(0, store.head() - 1), 1)
    return time.perf_counter() - start


def faults(database: Path, acknowledged: dict[str, int], generation: int) -> tuple[int, int]:
    """Records that are not there as last acknowledged, and records that are there twice.

    One whose commit was not acknowledged may be there or not, or as the generation before told it.
    """
    lost = 0
    with Store.open(str(database)) as store:
        held = {one.ids.pmid: one for one in store.export()}
        for file in files(generation):
            new = file.first + acknowledged.get(file.name, 0)
            for number in range(file.first, file.first + file.count):
                found = held.get(str(1_000_000 + number))
                before = (record(number, generation - 1),) if generation else (None,)
                lost += found not in (record(number, generation), *(before if number >= new else ()))
        passages = store.stats().passages
        doubled = abs(store.count() - len(held)) + abs(passages - len(held))
    return lost, doubled


def run(points: int, seed: int, database: Path, longest: float) -> Outcome:
    """Kills imports of our own, at moments up to `longest` seconds after they began."""
    chance = random.Random(seed)
    generation, acknowledged, commits, at_work = 0, dict[str, int](), 0, 0
    lost = doubled = damaged = 0
    slowest = 0.0
    for _ in range(points):
        command = [sys.executable, str(Path(__file__)), "--work", str(generation), "--database", str(database)]
        printed, running = kill_after(
            command, chance.uniform(0.0, longest), once_at_work=chance.random() < _PAST_THE_START
        )
        at_work += running
        for line in printed:
            name, _, items = line.strip().partition(" ")
            if items.isdigit():
                acknowledged[name] = int(items)
                commits += 1
        if not database.exists():
            continue
        slowest = max(slowest, ready_in(database))
        damaged += not is_sound(database)
        missing, twice = faults(database, acknowledged, generation)
        lost += missing
        doubled += twice
        if "complete\n" in printed:
            generation += 1
            acknowledged = {}
    return Outcome(points, commits, at_work, lost, doubled, damaged, round(slowest, 3))


def run_command(command: Sequence[str], points: int, seed: int, database: Path, longest: float) -> Outcome:
    """Kills any command that works on an existing library; every record must stay as it is."""
    chance = random.Random(seed)
    with Store.open(str(database)) as store:
        before = list(store.export())
    at_work = lost = damaged = 0
    slowest = 0.0
    for _ in range(points):
        _, running = kill_after(command, chance.uniform(0.1, longest))
        at_work += running
        slowest = max(slowest, ready_in(database))
        damaged += not is_sound(database)
        with Store.open(str(database)) as store:
            lost += sum(one != other for one, other in zip(before, store.export(), strict=True))
    return Outcome(points, 0, at_work, lost, 0, damaged, round(slowest, 3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument("--database", type=Path, help="the library --command works on")
    parser.add_argument("--longest", type=float, default=3.0, help="seconds until the latest kill")
    parser.add_argument("--work", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--command", nargs=argparse.REMAINDER, help="what to run and kill instead of an import")
    options = parser.parse_args()
    if options.work is not None:
        work(str(options.database), options.work)
        return
    if options.command:
        if options.database is None:
            parser.error("--command needs --database")
        outcome = run_command(options.command, options.points, options.seed, options.database, options.longest)
    else:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            outcome = run(options.points, options.seed, Path(name) / "library.db", options.longest)
    print(json.dumps(msgspec.to_builtins(outcome)))
    if outcome.lost or outcome.doubled or outcome.damaged or outcome.slowest_ready_s > READY_LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
