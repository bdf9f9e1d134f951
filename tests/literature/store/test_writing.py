"""A batch is whole or not at all, one writer waits for the other, and a full disk stops without harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from store_samples import citation, unappraised

from vademecum.errors import ImportFileError, StoreError
from vademecum.literature.records import Identifiers
from vademecum.literature.store import Mark, Store, UnitState, Writer

HERE = Path(__file__).parent


def test_the_mark_is_stored_with_its_items(store: Store, writer: Writer) -> None:
    assert store.unit("a.xml") is None
    writer.put([citation("1")], Mark("a.xml", "f1", 1))
    unit = store.unit("a.xml")
    assert unit is not None
    assert (unit.state, unit.items, unit.fingerprint) == (UnitState.OPEN, 1, "f1")
    writer.put([], Mark("a.xml", "f1", 1, done=True))
    unit = store.unit("a.xml")
    assert unit is not None
    assert unit.state is UnitState.DONE


def test_a_batch_with_a_record_that_cannot_be_kept_leaves_nothing(store: Store, writer: Writer) -> None:
    with pytest.raises(ImportFileError, match="PMID 2: half of a character pair"):
        writer.put([citation("1"), citation("2", text="\ud800 mg")], Mark("a.xml", "f1", 2))
    assert store.count() == 0
    assert store.unit("a.xml") is None


def test_text_that_a_column_cannot_hold_is_kept_in_the_record(store: Store, writer: Writer) -> None:
    record = citation("1", title="A\0B", text="C\0D")
    writer.put([record])
    assert list(store.export()) == [record]


def test_a_transaction_that_fails_leaves_nothing(store: Store, writer: Writer) -> None:
    def break_off() -> None:
        with writer.transaction():
            writer.put([citation("1")])
            writer.put([citation("2")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert (store.count(), store.head()) == (0, 0)
    writer.put([citation("3")])
    assert [row.id for row in store.select()] == [1]


def test_a_second_writer_gives_up_with_a_clear_word(url: str) -> None:
    with Store.open(url) as one, Store.open(url, wait=0.2) as two:
        writer = one.writer(unappraised)
        with writer.transaction():
            writer.put([citation("1")])
            with pytest.raises(StoreError, match="another import is writing"):
                two.writer(unappraised).put([citation("2")])
            assert two.count() == 0
        two.writer(unappraised).put([citation("2")])
        assert one.count() == 2


def test_two_writers_at_once_lose_nothing(url: str) -> None:
    Store.open(url).close()
    program = (
        "import sys; sys.path.insert(0, sys.argv[3])\n"
        "from store_samples import citation, unappraised\n"
        "from vademecum.literature.store import Store\n"
        "with Store.open(sys.argv[1]) as store:\n"
        "    writer = store.writer(unappraised)\n"
        "    for number in range(30): writer.put([citation(sys.argv[2] + str(number)), citation(str(number))])\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", program, url, who, str(HERE)]) for who in ("100", "200")]
    assert [child.wait() for child in children] == [0, 0]
    with Store.open(url) as store:
        assert store.count() == 90
        assert store.stats().passages == 90
        feed = [change.source.changed for change in store.changed_sources(0, 1_000)]
        assert feed == sorted(set(feed))


def test_a_disk_that_fills_up_stops_the_import_and_leaves_the_rest_readable(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Store.open(str(path)) as store:
        store.writer(unappraised).put([citation("1")], Mark("first", "f", 1, done=True))
    program = (
        "import resource, signal, sys; sys.path.insert(0, sys.argv[2])\n"
        "from store_samples import citation, unappraised\n"
        "from vademecum.errors import StoreError\n"
        "from vademecum.literature.store import Mark, Store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "with Store.open(sys.argv[1]) as store:\n"
        "    writer = store.writer(unappraised)\n"
        "    batch = [citation(str(n), text=f'{n} ' + ''.join(chr(33 + (n * k) % 90) for k in range(3000))) "
        "for n in range(2, 3000)]\n"
        "    try:\n"
        "        writer.put(batch, Mark('second', 'f', len(batch), done=True))\n"
        "    except StoreError as error:\n"
        "        print(error)\n"
        "    print(store.count())\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program, str(path), str(HERE)], capture_output=True, text=True, check=True
    )
    said, count = child.stdout.splitlines()
    assert "nothing of this step was stored" in said
    assert count == "1"
    with Store.open(str(path)) as store:
        assert (store.count(), store.unit("second")) == (1, None)
        assert store.writer(unappraised).put([citation("2")]).added == 1
        assert store.find(Identifiers(pmid="2")) is not None
