"""The schema goes up and down in one piece, and a newer one is refused."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from store_samples import citation, unappraised

from vademecum.errors import StoreError
from vademecum.literature.store import Store, migrate
from vademecum.literature.store.engine import check_sqlite, connect, parse_url
from vademecum.literature.store.schema import metadata

FOLDER = Path(migrate.__file__).parent / "migrations"


def tables(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_last_step_is_the_one_this_program_knows() -> None:
    assert ScriptDirectory(str(FOLDER)).get_current_head() == migrate.HEAD


def test_the_steps_make_the_tables_the_program_uses(url: str) -> None:
    engine = connect(parse_url(url), read_only=False, wait=5)
    migrate.prepare(engine, read_only=False)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_down_and_up_again(url: str) -> None:
    engine = connect(parse_url(url), read_only=False, wait=5)
    migrate.prepare(engine, read_only=False)
    assert tables(engine) == set(metadata.tables)
    migrate.migrate(engine, "base")
    assert tables(engine) == set()
    engine.dispose()
    with Store.open(url) as store:
        assert store.writer(unappraised).put([citation("1")]).added == 1


def test_a_newer_schema_is_refused(url: str) -> None:
    Store.open(url).close()
    engine = connect(parse_url(url), read_only=False, wait=5)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer version of the program"):
        Store.open(url)


def test_an_empty_or_missing_library_is_not_opened_for_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no library at"):
        Store.open(str(tmp_path / "none.db"), read_only=True)


def test_the_environment_names_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VADEMECUM_DATABASE", str(tmp_path / "own" / "library.db"))
    Store.open().close()
    assert (tmp_path / "own" / "library.db").is_file()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"This is a letter, not a database. " * 100)
    with pytest.raises(StoreError, match="damaged"):
        Store.open(str(path))


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 52, 0)])
def test_an_sqlite_that_can_corrupt_its_log_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(StoreError, match=r"3\.51\.3"):
        check_sqlite(version)


@pytest.mark.parametrize("address", ["mysql://somewhere/db", "://"])
def test_other_databases_are_refused(address: str) -> None:
    with pytest.raises(StoreError):
        Store.open(address)


@pytest.mark.slow
def test_a_migration_that_is_killed_leaves_the_old_schema_or_the_new(tmp_path: Path) -> None:
    chance = random.Random(3)
    program = (
        "import sys; from vademecum.literature.store import Store; print('go', flush=True); Store.open(sys.argv[1])"
    )
    for number in range(8):
        path = tmp_path / f"{number}.db"
        child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, env=os.environ)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.5))
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if path.exists():
            engine = connect(parse_url(str(path)), read_only=False, wait=5)
            assert tables(engine) in (set(), set(metadata.tables))
            engine.dispose()
        with Store.open(str(path)) as store:
            assert store.head() == 0
