"""A fresh library for each test, in SQLite and in a private PostgreSQL cluster."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import unappraised

from vademecum.literature.store import Store, Writer


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _run(*command: str) -> None:
    """PostgreSQL refuses to run as root; there it runs as the user its package makes."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Folder of the socket of a PostgreSQL server of our own."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("needs PostgreSQL's server programs in /usr/lib/postgresql (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="vade-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        place = str(folder / "db")
        _run(str(binaries / "initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", place)
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        _run(str(binaries / "pg_ctl"), "-D", place, "-w", "-l", f"{place}/log", "-o", options, "start")
        try:
            yield str(folder)
        finally:
            _run(str(binaries / "pg_ctl"), "-D", place, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(cluster: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of an empty database."""
    psycopg = pytest.importorskip("psycopg", reason="needs the postgresql extra")
    name = f"t{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(host=cluster, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield f"postgresql+psycopg://postgres@/{name}?host={cluster}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a database that does not exist yet or is empty."""
    if request.param == "sqlite":
        return str(tmp_path / "library.db")
    address: str = request.getfixturevalue("postgresql")
    return address


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened


@pytest.fixture
def writer(store: Store) -> Writer:
    return store.writer(unappraised)
