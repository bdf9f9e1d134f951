"""Saved questions and what they saw when they were last asked."""

from __future__ import annotations

import msgspec

from vademecum.literature.store import coding
from vademecum.literature.store.identity import clean
from vademecum.literature.store.model import Seen, Watch
from vademecum.literature.store.rows import Rows

_COLUMNS = "name, question, filters, created, ran, seen"
_seen = msgspec.msgpack.Decoder(tuple[Seen, ...])


def listed(rows: Rows) -> list[Watch]:
    found = rows.run(f"SELECT {_COLUMNS} FROM watch ORDER BY name")
    return [
        Watch(name=name, question=question, filters=filters, created=created, ran=ran, seen=_seen.decode(bytes(seen)))
        for name, question, filters, created, ran, seen in found
    ]


def put(rows: Rows, watch: Watch) -> None:
    """Saves a question, in place of one of that name."""
    remove(rows, watch.name)
    values = (
        clean(watch.name),
        clean(watch.question),
        watch.filters,
        watch.created,
        watch.ran,
        coding.pack(watch.seen),
    )
    rows.insert("watch", _COLUMNS, [values])


def remove(rows: Rows, name: str) -> bool:
    """Whether there was one of that name."""
    there = bool(rows.run("SELECT 1 FROM watch WHERE name = ?", clean(name)))
    rows.run("DELETE FROM watch WHERE name = ?", clean(name))
    return there
