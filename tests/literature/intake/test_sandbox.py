"""Files are parsed in a process that can do nothing but parse, and a file is taken as a whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.formats.registry import FORMATS, Format
from vademecum.literature.intake.limits import MB, Limits
from vademecum.literature.intake.pool import Pool
from vademecum.literature.intake.sandbox import Sandbox
from vademecum.literature.intake.streams import on_disk
from vademecum.literature.intake.units import Skipped, Unit, walk
from vademecum.literature.records import Deletion, Item, Record

READERS = """
import os, socket, subprocess, sys, time
from vademecum.errors import ImportFileError
from vademecum.literature.records import Identifiers, Record, RecordKind

def record(title, number=0):
    return Record(kind=RecordKind.DOCUMENT, title=title, ids=Identifiers(pmid=str(number)))

def attempt(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "done"

def read(stream, name=None):
    words = stream.readline().decode().split()
    match words:
        case ["records", count, size]:
            for number in range(int(count)):
                yield record("x" * int(size), number)
        case ["attempts"]:
            path = "/etc/hostname"
            for action in (
                lambda: open(path),
                lambda: os.open(path, os.O_RDONLY),
                lambda: open("/tmp/planted", "w"),
                lambda: os.listdir("/"),
                lambda: os.mkdir("/tmp/planted"),
                lambda: socket.create_connection(("127.0.0.1", 9)),
                lambda: socket.socket(),
                lambda: subprocess.run(["true"]),
                lambda: os.fork(),
                lambda: os.system("true"),
                lambda: os.kill(os.getppid(), 0),
            ):
                yield record(attempt(action))
            yield record(" ".join(sorted(os.environ)))
            yield record(repr([n for n in range(3, 64) if attempt(lambda: os.fstat(n)) == "done"]))
        case ["position"]:
            yield record(f"{stream.name} {name}")
            yield record(str(sum(len(chunk) for chunk in iter(lambda: stream.read(1000), b""))))
        case ["ask", size]:
            yield record(str(len(stream.read(int(size)))))
        case ["fail", "late"]:
            for number in range(600):
                yield record("x" * 5000, number)
            raise ImportFileError("line 7: sign lost; write the character\\x1b[31m \\u202eitself")
        case ["fail", "odd"]:
            yield record("\\ud800")
        case ["fail", "bug"]:
            raise KeyError("no such field")
        case ["loop"]:
            while True:
                pass
        case ["memory"]:
            hold = []
            while True:
                hold.append(bytearray(1 << 20))
        case ["deep"]:
            def down(n): return down(n + 1)
            down(0)
        case ["crash"]:
            os.abort()
        case ["leave"]:
            os._exit(3)
        case ["forge"]:
            os.write(1, b"\\x05\\xff\\xff\\xff\\xff")
            time.sleep(20)
        case ["junk"]:
            os.write(1, b"\\x05\\x03\\x00\\x00\\x00abc")
            yield record("x")
        case ["sleep"]:
            yield record(str(os.getpid()))
            yield from (record("y" * 100_000) for _ in range(100))
            stream.read()
            time.sleep(20)
        case ["close"]:
            stream.close()
            yield record("closed")
        case ["pid"]:
            yield record(str(os.getpid()))
"""


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Unit]:
    """Makes a unit whose first line says what its reader does."""
    (tmp_path / "rogue_reader.py").write_text(READERS)
    monkeypatch.syspath_prepend(str(tmp_path))

    def made(words: str, rest: bytes = b"", *, whole: bool = False) -> Unit:
        path = tmp_path / f"{words.replace(' ', '-')}.rogue"
        path.write_bytes(words.encode() + b"\n" + rest)
        rogue = Format("rogue", "rogue", (), "rogue_reader", whole=whole, pace=0.5)
        return Unit(path.name, rogue, on_disk(path), None, Limits())

    return made


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with rogue(Limits(seconds=1.0)) as box:
        yield box


def rogue(limits: Limits) -> Sandbox:
    return Sandbox(limits=limits, formats={"rogue": Format("rogue", "rogue", (), "rogue_reader")})


def titles(box: Sandbox, unit: Unit) -> list[str]:
    return [item.title for batch in box.items(unit) for item in batch if isinstance(item, Record)]


def test_records_come_in_order_and_in_batches(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    batches = list(sandbox.items(make("records 1000 10")))
    assert [item.ids.pmid for batch in batches for item in batch if isinstance(item, Record)] == [
        str(number) for number in range(1000)
    ]
    assert [len(batch) for batch in batches] == [256, 256, 256, 232]
    large = list(sandbox.items(make("records 10 600000")))
    assert [len(batch) for batch in large] == [2] * 5


def test_the_reader_is_shut_in(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    *attempts, environment, descriptors = titles(sandbox, make("attempts"))
    assert len(attempts) == 11
    assert [attempt for attempt in attempts if "not allowed while a file is read" not in attempt] == []
    assert environment.split() == ["LANG"] or environment.split() == ["LANG", "LC_CTYPE"]
    assert descriptors == "[]"
    assert not Path("/tmp/planted").exists()


def test_the_kernel_refuses_what_python_is_not_asked_about() -> None:
    script = """
        import sys
        from vademecum.literature.intake import worker
        from vademecum.literature.intake.limits import Limits
        sys.addaudithook = lambda hook: None
        worker.lock(Limits())
        for action in (lambda: open("/etc/hostname"), socket.socket, lambda: bytearray(1 << 30)):
            try:
                action()
            except (OSError, MemoryError) as error:
                print(type(error).__name__, getattr(error, "errno", None))
    """
    code = "import socket\n" + textwrap.dedent(script)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split("\n")[:3] == ["OSError 24", "OSError 24", "MemoryError None"]


def test_the_stream_has_the_name_and_all_the_bytes(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    told: list[int] = []
    unit = make("position", b"a" * 700_001)
    batches = list(sandbox.items(unit, progress=lambda _, count: told.append(count)))
    assert [item.title for item in batches[0] if isinstance(item, Record)] == [
        "position.rogue position.rogue",
        "700001",
    ]
    assert told == sorted(told)
    assert told[-1] == 700_001 + len("position\n")


def test_a_reader_may_ask_for_more_than_memory_holds(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    assert titles(sandbox, make("ask 1000000001", b"a" * 3_000_000)) == ["3000000"]
    assert titles(sandbox, make("ask 2000000", b"a" * 3_000_000)) == ["2000000"]


def test_a_file_that_fails_late_gives_nothing_and_says_where(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    batches = sandbox.items(make("fail late"))
    message = r"^fail-late.rogue, record 601 \(after PMID 599\): line 7: sign lost; write the character \[31m  itself$"
    with pytest.raises(ImportFileError, match=message):
        next(batches)


def test_streamed_records_come_before_the_failure(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    batches = sandbox.streamed(make("fail late"))
    assert [len(next(batches)) for _ in range(2)] == [208, 208]
    with pytest.raises(ImportFileError, match="record 601"):
        next(batches)


FAULTS = {
    "fail odd": r"record 1: the rogue reader failed \(UnicodeEncodeError",
    "fail bug": r"record 1: the rogue reader failed \(KeyError: 'no such field'\); the file is left out",
    "loop": "takes far longer to read than a file of its size should",
    "memory": "needs more than 96 MB of memory; split the file",
    "deep": "the rogue reader failed .RecursionError",
    "crash": "ended with SIGABRT",
    "leave": "ended with status 3",
    "forge": "sent rubbish",
    "junk": "sent rubbish",
    "sleep": "nothing happened for 3 seconds",
    "records 9 2000000": "record 1: the record takes more than 1,048,576 bytes",
    "records 3000 50000": "far more than the file",
}


@pytest.mark.parametrize(("words", "message"), FAULTS.items(), ids=FAULTS)
def test_a_fault_is_named_and_the_next_file_is_read(words: str, message: str, make: Callable[..., Unit]) -> None:
    with rogue(Limits(seconds=1.0, stalled=3.0 if words == "sleep" else 60.0, memory=96 * MB, record=MB)) as box:
        with pytest.raises(ImportFileError, match=f"^{words.replace(' ', '-')}.rogue.*{message}"):
            list(box.items(make(words, b"x" * 400_000 if words != "records 3000 50000" else b"")))
        assert titles(box, make("records 2 1")) == ["x", "x"]
    assert box.usage is not None
    assert box.usage.peak < 256 * MB


def test_what_a_reader_leaves_unread_is_not_taken_for_the_next_file(
    sandbox: Sandbox, make: Callable[..., Unit]
) -> None:
    for _ in range(3):
        assert titles(sandbox, make("close", os.urandom(3_000_000))) == ["closed"]
    assert titles(sandbox, make("records 1 1", b"z" * 900_000)) == ["x"]


def test_one_document_may_not_be_endless(make: Callable[..., Unit]) -> None:
    with rogue(Limits(document=MB)) as box:
        with pytest.raises(ImportFileError, match="one document of more than 1,048,576 bytes"):
            titles(box, make("position", b"a" * 2_000_000, whole=True))
        assert titles(box, make("position", b"a" * 2_000_000))[1] == "2000000"


def test_one_child_reads_many_files_and_is_then_replaced(make: Callable[..., Unit]) -> None:
    with rogue(Limits(units=3)) as box:
        pids = [titles(box, make("pid"))[0] for _ in range(7)]
    assert [len(set(pids[start : start + 3])) for start in (0, 3)] == [1, 1]
    assert len(set(pids)) == 3


def test_a_reader_that_is_not_installed_is_named_and_spoils_no_other(make: Callable[..., Unit]) -> None:
    formats = {"rogue": Format("rogue", "rogue", (), "rogue_reader"), "none": Format("none", "none", (), "no.module")}
    unit = make("records 1 1")
    other = Unit("x.none", formats["none"], unit._source, None, Limits())
    with Sandbox(formats=formats) as box:
        with pytest.raises(ImportFileError, match=r"x.none, record 1: the reader no.module cannot be loaded"):
            list(box.items(other))
        assert titles(box, unit) == ["x"]


def test_a_stream_that_is_dropped_half_way_leaves_no_child(sandbox: Sandbox, make: Callable[..., Unit]) -> None:
    batches = sandbox.streamed(make("records 100000 1000", b""))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert sandbox.usage is not None
    assert titles(sandbox, make("records 1 1")) == ["x"]


def test_a_pool_hands_files_on_in_order_with_errors_in_their_place(make: Callable[..., Unit]) -> None:
    formats = {"rogue": Format("rogue", "rogue", (), "rogue_reader")}
    words = ["records 3000 100", "fail late", "records 1 1", "loop", *[f"records {n} 2" for n in range(2, 12)]]
    given: list[str] = []

    def units() -> Iterator[Unit]:
        for line in words:
            given.append(line)
            yield make(line)

    with Pool(2, limits=Limits(seconds=1.0), formats=formats) as pool:
        found = []
        for unit in pool.ahead(units()):
            assert len(given) - len(found) <= 3
            try:
                found.append(str(sum(map(len, pool.read(unit, whole=True)))))
            except ImportFileError as error:
                found.append(str(error))
    assert [len(found), found[0], found[2], *found[4:]] == [14, "3000", "1", *map(str, range(2, 12))]
    assert "sign lost" in found[1]
    assert "far longer" in found[3]


def test_a_pool_gives_records_before_the_file_has_ended(make: Callable[..., Unit]) -> None:
    formats = {"rogue": Format("rogue", "rogue", (), "rogue_reader")}
    with Pool(formats=formats, limits=Limits(stalled=2.0)) as pool:
        (unit,) = pool.ahead([make("sleep")])
        batches = pool.read(unit)
        assert len(next(batches)) == 12
        with pytest.raises(ImportFileError, match="after record 100"):
            list(batches)


def test_a_pool_parses_only_what_is_wanted_and_drops_what_is_not_read(make: Callable[..., Unit]) -> None:
    formats = {"rogue": Format("rogue", "rogue", (), "rogue_reader")}
    told: list[str] = []
    left: list[Skipped] = []
    found = [make("records 9 2"), Skipped("x", "a hidden file"), make("records 500000 200"), make("records 8 2")]
    with Pool(formats=formats) as pool:
        sums = [
            sum(map(len, pool.read(unit))) if unit.name.endswith("8-2.rogue") else 0
            for unit in pool.ahead(
                found,
                wanted=lambda unit: "9-2" not in unit.name,
                skipped=left.append,
                progress=lambda unit, _: told.append(unit.name),
            )
        ]
    assert sums == [0, 0, 8]
    assert left == [Skipped("x", "a hidden file")]
    assert "records-9-2.rogue" not in told


def test_a_pool_that_is_closed_half_way_ends_its_children(make: Callable[..., Unit]) -> None:
    formats = {"rogue": Format("rogue", "rogue", (), "rogue_reader")}
    started = time.monotonic()
    with Pool(2, formats=formats) as pool:
        for unit in pool.ahead([make("sleep"), make("sleep"), make("loop")]):
            next(pool.read(unit))
            break
    assert time.monotonic() - started < 15


def test_the_child_ends_when_its_parent_is_killed(make: Callable[..., Unit], tmp_path: Path) -> None:
    make("pid")
    script = f"""
        import io, sys, time
        sys.path.insert(0, {str(tmp_path)!r})
        from vademecum.literature.formats.registry import Format
        from vademecum.literature.intake.sandbox import Sandbox
        from vademecum.literature.intake.streams import Source
        from vademecum.literature.intake.units import Unit
        from vademecum.literature.intake.limits import Limits

        class Endless(io.RawIOBase):
            def readable(self): return True
            def read(self, size=-1):
                time.sleep(0.01)
                return b"sleep\\n"

        rogue = Format("rogue", "rogue", (), "rogue_reader")
        unit = Unit("x", rogue, Source(1, Endless), None, Limits())
        for batch in Sandbox(formats={{"rogue": rogue}}).streamed(unit):
            print(batch[0].title, flush=True)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert running(child)
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 20
    while running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not running(child)


def running(pid: int) -> bool:
    """Whether there is such a process; one that has ended and waits to be noticed does not count."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


CITATION = (
    "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>T {}</ArticleTitle></Article>"
    "</MedlineCitation></PubmedArticle>"
)


def test_medline_is_read_with_flat_memory_however_long_the_file(tmp_path: Path) -> None:
    path = tmp_path / "long.xml"
    with path.open("w") as file:
        file.write("<PubmedArticleSet>")
        for number in range(20_000):
            file.write(CITATION.format(number + 1, "x" * 1500))
        file.write("<DeleteCitation><PMID>5</PMID></DeleteCitation></PubmedArticleSet>")
    (unit,) = walk([path])
    assert isinstance(unit, Unit)
    count, last = 0, None
    with Sandbox() as box:
        for batch in box.items(unit):
            count, last = count + len(batch), batch[-1]
    item: Item | None = last
    assert (count, item) == (20_001, Deletion("5"))
    assert box.usage is not None
    assert path.stat().st_size > 30 * MB
    own = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
    assert box.usage.peak < max(64 * MB, own + MB)


def test_every_format_of_the_table_is_offered_to_the_child() -> None:
    assert {entry.module.rpartition(".")[0] for entry in FORMATS.values()} == {"vademecum.literature.formats"}
