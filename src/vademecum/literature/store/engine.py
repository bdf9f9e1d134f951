"""Connections to SQLite and PostgreSQL, set so that acknowledged means durable, and their errors made ours.

The stock SQLite of most systems can corrupt a database when its write-ahead log is reset (3.7.0 to 3.51.2), so the
build that comes with `pysqlite3` is used, and an affected one refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool, QueuePool

from vademecum.errors import MissingExtraError, StoreError

SAFE_SQLITE = (3, 51, 3)
WITHDRAWN_SQLITE = (3, 52, 0)
_LOCK = 7_205_759_403  # of the PostgreSQL advisory lock that lets one writer in at a time
_CHECKPOINT_PAGES = 4_000  # 16 MB of log between checkpoints: fewer syncs during an import
_CACHE_KIB = 64_000
_LOG_BYTES = 64 << 20  # the log of a large transaction is cut back to this afterwards


def parse_url(text: str) -> URL:
    """A database URL, or the path of a SQLite file."""
    if "://" not in text:
        return URL.create("sqlite", database=str(Path(text).expanduser().absolute()))
    try:
        url = make_url(text)
    except sa.exc.ArgumentError as error:
        raise StoreError("the database address is not a URL; write a path or postgresql+psycopg://…") from error
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"the library lives in SQLite or PostgreSQL, not in {url.get_backend_name()}")
    return url


def connect(url: URL, *, read_only: bool, wait: float) -> sa.Engine:
    """An engine whose transactions are explicit. `wait` is how many seconds one writer waits for another."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, read_only=read_only, wait=wait)
    return _postgresql(url, read_only=read_only, wait=wait)


def check_sqlite(version: tuple[int, ...]) -> None:
    """Raises StoreError for a build with the corruption described above."""
    if version < SAFE_SQLITE or version == WITHDRAWN_SQLITE:
        shown = ".".join(map(str, version))
        raise StoreError(
            f"SQLite {shown} can corrupt a database in WAL mode; install a build of 3.51.3 or newer: "
            "pip install --upgrade pysqlite3"
        )


def _sqlite(url: URL, *, read_only: bool, wait: float) -> sa.Engine:
    try:
        import pysqlite3.dbapi2 as driver
    except ImportError as error:
        raise StoreError("the library needs a safe SQLite build: pip install pysqlite3") from error
    check_sqlite(driver.sqlite_version_info)
    memory = not url.database or url.database == ":memory:"
    if memory:
        raise StoreError("the library needs a file: several connections share it")
    path = Path(url.database or "")
    if read_only and not path.is_file():
        raise StoreError(f"no library at {path}; import something first")
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, module=driver, poolclass=QueuePool, connect_args={"timeout": wait, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        pragmas = [
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size=-{_CACHE_KIB}",
            f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
            f"journal_size_limit={_LOG_BYTES}",
        ]
        for pragma in pragmas[2:] if read_only else pragmas:
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(connection) else "BEGIN")

    return engine


def _postgresql(url: URL, *, read_only: bool, wait: float) -> sa.Engine:
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("a library on PostgreSQL", "postgresql") from error
    options = f"-c lock_timeout={int(wait * 1000)}" + (" -c default_transaction_read_only=on" if read_only else "")
    engine = sa.create_engine(
        url,
        poolclass=NullPool if read_only else QueuePool,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={"options": options, "connect_timeout": max(2, int(wait))},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if is_writing(connection):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine


def is_writing(connection: sa.Connection) -> bool:
    return bool(connection.get_execution_options().get("vademecum_writing"))


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One write transaction: whole or not at all, one at a time over all processes."""
    with store_errors(), engine.connect() as plain:
        connection = plain.execution_options(vademecum_writing=True)
        with connection.begin():
            yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view for several queries."""
    with store_errors(), engine.connect() as plain:
        options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with plain.execution_options(**options).begin() as _:
            yield plain


@contextmanager
def store_errors() -> Iterator[None]:
    """Turns the libraries' errors into StoreError with the mend."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise StoreError(_said(error)) from error
    except sa.exc.SQLAlchemyError as error:
        raise StoreError(f"the library's database refused: {error}") from error


def _said(error: sa.exc.DBAPIError) -> str:
    cause = str(error.orig).strip()
    low = cause.lower()
    if "locked" in low or "lock timeout" in low:
        return "another import is writing to this library; wait until it is done, then run this again"
    if "disk is full" in low or "no space left" in low:
        return f"the disk is full; nothing of this step was stored ({cause})"
    if "disk i/o error" in low:
        return f"the disk refused to write; nothing of this step was stored ({cause})"
    if "malformed" in low or "not a database" in low:
        return f"the library's file is damaged ({cause}); restore it from a backup, or import again into a new file"
    if "readonly" in low or "read-only" in low:
        return f"the library cannot be written to ({cause}); check the file's owner and the folder"
    if "unable to open" in low or "connection failed" in low or "could not connect" in low:
        return f"the library's database cannot be opened ({cause})"
    return f"the library's database refused ({cause})"
