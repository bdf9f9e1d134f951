"""Plain SQL on one connection, for the statements an import repeats a million times.

SQLAlchemy's expressions cost more than the inserts themselves there; the statements are written once, with `?`,
and mean the same in SQLite and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa

_AT_ONCE = 500  # values in one IN list
Row = tuple[Any, ...]


class Rows:
    """Statements with `?` for values and `{}` for a list of values."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"

    def run(self, sql: str, *values: object) -> Sequence[Row]:
        """The rows of a query, or none of a command."""
        result = self._connection.exec_driver_sql(sql.replace("?", self._mark), values)
        return cast(Sequence[Row], result.fetchall()) if result.returns_rows else ()

    def run_in(self, sql: str, among: Iterable[object], *before: object) -> Iterator[Row]:
        """The rows of a query with one list, which may be of any length and comes last."""
        rest = iter(among)
        while values := tuple(islice(rest, _AT_ONCE)):
            yield from self.run(sql.format(",".join("?" * len(values))), *before, *values)

    def run_each(self, sql: str, rows: Collection[tuple[object, ...]]) -> None:
        """A command once for each row."""
        if rows:
            self._connection.exec_driver_sql(sql.replace("?", self._mark), list(rows))

    def insert(self, table: str, columns: str, rows: Collection[tuple[object, ...]]) -> None:
        marks = ", ".join("?" for _ in columns.split(","))
        self.run_each(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


class Counters:
    """The ids given out in one transaction; the writer is alone, so it counts in memory and saves at the end."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._last: dict[str, int] = {
            str(name): int(value) for name, value in rows.run("SELECT name, value FROM counter")
        }
        self._saved = dict(self._last)

    def next(self, name: str) -> int:
        self._last[name] += 1
        return self._last[name]

    def save(self) -> None:
        moved = [(value, name) for name, value in self._last.items() if value != self._saved[name]]
        self._rows.run_each("UPDATE counter SET value = ? WHERE name = ?", moved)
        self._saved = dict(self._last)
