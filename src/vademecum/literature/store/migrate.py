"""Brings a database to the schema this program knows, up or down, and refuses a newer one."""

from __future__ import annotations

import secrets
from pathlib import Path

import sqlalchemy as sa

from vademecum.errors import StoreError
from vademecum.literature.store.engine import reading, writing

HEAD = "0002"  # the newest step in `migrations/versions`; a test compares the two
COUNTERS = ("source", "version", "passage", "link", "unit", "changed", "arrival")


def revision_of(connection: sa.Connection) -> str | None:
    """The step a database is at; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def prepare(engine: sa.Engine, *, read_only: bool) -> None:
    """Migrates up where needed. Raises StoreError for a schema of a newer program."""
    with reading(engine) as connection:
        revision = revision_of(connection)
    if revision == HEAD:
        return
    if revision is not None and revision > HEAD:
        raise StoreError(
            f"this library was written by a newer version of the program (schema {revision}, known {HEAD}); update it"
        )
    if read_only:
        raise StoreError("this library is not set up for this version of the program; run an import once")
    migrate(engine, HEAD)


def migrate(engine: sa.Engine, to: str) -> None:
    """Goes up or down to a step ("base" for none), all in one transaction.

    So a migration that is killed leaves the old schema, on SQLite too, where Alembic by itself would commit each step.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    with writing(engine) as connection:
        known = revision_of(connection) or ""  # another process may have been quicker
        upwards = to != "base" and known <= to
        steps = script._upgrade_revs if upwards else script._downgrade_revs  # what Alembic's own commands call
        with EnvironmentContext(Config(), script, destination_rev=to) as environment:
            environment.configure(
                connection=connection, transactional_ddl=True, fn=lambda revision, _: steps(to, revision)
            )
            with environment.begin_transaction():
                environment.run_migrations()
        if upwards and not known:
            _seed(connection)


def _seed(connection: sa.Connection) -> None:
    connection.execute(
        sa.text("INSERT INTO meta (key, value) VALUES ('identity', :identity)"), {"identity": secrets.token_hex(16)}
    )
    connection.execute(
        sa.text("INSERT INTO counter (name, value) VALUES (:name, 0)"), [{"name": name} for name in COUNTERS]
    )
