"""Looks over the whole library: lists, counts, links, what is left to mine, and what an export holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import sqlalchemy as sa

from vademecum.evidence.model import SourceState
from vademecum.literature.documents import Document
from vademecum.literature.records import Identifiers, LinkKind, Notice, Record, RecordKind
from vademecum.literature.store import coding, reading
from vademecum.literature.store.identity import Key, clean, identifiers, public_keys
from vademecum.literature.store.model import Register, SourceFilter, SourceRow, Stats, StoredLink, UnitRow, UnitState
from vademecum.literature.store.rows import Row, Rows
from vademecum.literature.store.states import Claim, concerns, state_of
from vademecum.literature.store.works import PREFERENCE

_PAGE = 500
_ESCAPE = "\\"
_PENDING = (
    " FROM version LEFT JOIN mined ON mined.version = version.id AND mined.rules = ?"
    " WHERE version.current AND mined.version IS NULL AND version.id > ?"
)
_UNIT = "SELECT name, fingerprint, state, items, error, updated FROM unit"
_UNRESOLVED = (
    " FROM link WHERE link.outward AND NOT EXISTS (SELECT 1 FROM link_key JOIN identifier"
    " ON identifier.scheme = link_key.scheme AND identifier.value = link_key.value"
    " WHERE link_key.link = link.id AND link_key.side = 0)"
)
_claim = msgspec.msgpack.Decoder(Claim)


def listed(rows: Rows, chosen: SourceFilter, limit: int, offset: int) -> list[SourceRow]:
    where, values = _where(chosen)
    order = " ORDER BY COALESCE(source.year, 0) DESC, source.id DESC LIMIT ? OFFSET ?"
    return [reading.source_of(row) for row in rows.run(reading.SOURCE + where + order, *values, limit, offset)]


def counted(rows: Rows, chosen: SourceFilter) -> int:
    where, values = _where(chosen)
    return int(rows.run(f"SELECT COUNT(*) FROM source{where}", *values)[0][0])


def _where(chosen: SourceFilter) -> tuple[str, list[object]]:
    parts = ["source.merged_into IS NULL", "source.deleted" if chosen.deleted else "NOT source.deleted"]
    values: list[object] = []
    for word in (chosen.text or "").split():
        parts.append(f"LOWER(source.title) LIKE ? ESCAPE '{_ESCAPE}'")
        values.append(f"%{_literal(word.lower())}%")
    for column, among in (("kind", chosen.kinds), ("state", chosen.states)):
        if among:
            parts.append(f"source.{column} IN ({','.join('?' * len(among))})")
            values += [one.value for one in among]
    for sign, year in zip((">=", "<="), chosen.years, strict=True):
        if year is not None:
            parts.append(f"source.year {sign} ?")
            values.append(year)
    if chosen.identifier:
        parts.append("source.id IN (SELECT identifier.source FROM identifier WHERE identifier.value IN (?, ?))")
        values += [clean(chosen.identifier), clean(chosen.identifier).lower()]
    return " WHERE " + " AND ".join(parts), values


def states(rows: Rows, named: Mapping[str, Identifiers]) -> dict[str, tuple[SourceState, str | None]]:
    """Of named works, held here or not, those that records or registers say something of, with what follows."""
    keys = {name: set(public_keys(ids)) for name, ids in named.items()}
    about = {key: set[int]() for own in keys.values() for key in own}
    own_word: dict[Key, list[str | None]] = {}
    for scheme in {scheme for scheme, _ in about}:
        values = [value for other, value in about if other == scheme]
        sql = "SELECT value, link FROM link_key WHERE side = 0 AND scheme = ? AND value IN ({})"
        for value, link in rows.run_in(sql, values, scheme):
            about[scheme, value].add(link)
        sql = (
            "SELECT identifier.value, version.standing FROM identifier JOIN version ON version.source ="
            " identifier.source WHERE version.current AND identifier.scheme = ? AND identifier.value IN ({})"
        )
        for value, word in rows.run_in(sql, values, scheme):
            own_word.setdefault((scheme, value), []).append(word)
    links = {link for found in about.values() for link in found}
    claims = {
        id_: _claim.decode(body) for id_, body in rows.run_in("SELECT id, body FROM link WHERE id IN ({})", links)
    }
    found: dict[str, tuple[SourceState, str | None]] = {}
    for name, own in keys.items():
        heard = [claims[link] for link in sorted({link for key in own for link in about[key]})]
        heard = [claim for claim in heard if concerns(claim, own, is_notice=False)]
        state, note = state_of([word for key in own for word in own_word.get(key, ())], heard)
        if state is not SourceState.CURRENT:
            found[name] = state, note
    return found


def last_import(rows: Rows) -> str | None:
    time: str | None = rows.run("SELECT MAX(updated) FROM unit")[0][0]
    return time


def _literal(word: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        word = word.replace(sign, _ESCAPE + sign)
    return clean(word)


def links_of(rows: Rows, source: int) -> list[StoredLink]:
    sql = (
        "SELECT DISTINCT link_key.link FROM link_key JOIN identifier ON identifier.scheme = link_key.scheme"
        " AND identifier.value = link_key.value WHERE identifier.source = ?"
    )
    return reading.links(rows, (id_ for (id_,) in rows.run(sql, source)))


def unresolved(rows: Rows, limit: int) -> list[StoredLink]:
    found = rows.run(f"SELECT link.id{_UNRESOLVED} ORDER BY link.id LIMIT ?", limit)
    return reading.links(rows, (id_ for (id_,) in found))


def pending(rows: Rows, rules: str, limit: int, after: int) -> list[tuple[int, Record, Document]]:
    sql = f"SELECT version.id, version.record, version.body{_PENDING} ORDER BY version.id LIMIT ?"
    return [_opened(row) for row in rows.run(sql, rules, after, limit)]


def current(rows: Rows, after: int, limit: int) -> list[tuple[int, Record, Document]]:
    sql = "SELECT id, record, body FROM version WHERE current AND id > ? ORDER BY id LIMIT ?"
    return [_opened(row) for row in rows.run(sql, after, limit)]


def _opened(row: Row) -> tuple[int, Record, Document]:
    id_, record, body = row
    document = coding.unpack_document(body)
    return id_, coding.whole(coding.unpack_record(record), document), document


def count_pending(rows: Rows, rules: str) -> int:
    return int(rows.run(f"SELECT COUNT(*){_PENDING}", rules, 0)[0][0])


def exported(rows: Rows, after: int) -> list[tuple[int, Record]]:
    """The records of the next sources, each with its source's id; none when all are through."""
    sql = "SELECT id FROM source WHERE id > ? AND NOT deleted ORDER BY id LIMIT ?"
    ids = [id_ for (id_,) in rows.run(sql, after, _PAGE)]
    sql = "SELECT source, kind, record, body FROM version WHERE current AND source IN ({})"
    order = {kind.value: place for place, kind in enumerate(PREFERENCE)}
    found = sorted(rows.run_in(sql, ids), key=lambda row: (row[0], order[row[1]]))
    return [
        (source, coding.whole(coding.unpack_record(record), coding.unpack_document(body)))
        for source, _, record, body in found
    ]


def notices(rows: Rows) -> list[Notice]:
    claims = [_claim.decode(body) for (body,) in rows.run("SELECT body FROM link WHERE digest IS NOT NULL ORDER BY id")]
    return [
        Notice(
            kind=LinkKind(claim.kind),
            about=identifiers(claim.about),
            notice=identifiers(claim.by),
            date=claim.date,
            reasons=claim.reasons,
            register=claim.register,
        )
        for claim in claims
    ]


def kinds_of(rows: Rows, source: int) -> dict[RecordKind, int]:
    found = {
        RecordKind(kind): id_
        for kind, id_ in rows.run("SELECT kind, id FROM version WHERE current AND source = ?", source)
    }
    return {kind: found[kind] for kind in PREFERENCE if kind in found}


def unit(rows: Rows, name: str) -> UnitRow | None:
    found = rows.run(f"{_UNIT} WHERE name = ?", clean(name))
    return _unit(found[0]) if found else None


def units(rows: Rows) -> list[UnitRow]:
    return [_unit(row) for row in rows.run(f"{_UNIT} ORDER BY name")]


def _unit(row: Row) -> UnitRow:
    named, fingerprint, state, items, error, updated = row
    return UnitRow(
        name=named, fingerprint=fingerprint, state=UnitState(state), items=items, error=error, updated=updated
    )


def stats(rows: Rows, engine: sa.Engine) -> Stats:
    live = "FROM source WHERE NOT deleted"
    return Stats(
        sources=_number(rows, f"SELECT COUNT(*) {live}"),
        deleted=_number(rows, "SELECT COUNT(*) FROM source WHERE deleted AND merged_into IS NULL"),
        versions=_number(rows, "SELECT COUNT(*) FROM version"),
        passages=_number(rows, "SELECT COUNT(*) FROM passage"),
        kinds=_counts(rows, "kind"),
        states=_counts(rows, "state"),
        designs=_counts(rows, "design"),
        years=dict(rows.run(f"SELECT year, COUNT(*) {live} AND year IS NOT NULL GROUP BY year ORDER BY year")),
        mined=_number(
            rows,
            "SELECT COUNT(*) FROM mined JOIN meta ON meta.key = 'rules' AND meta.value = mined.rules"
            " JOIN version ON version.id = mined.version WHERE version.current",
        ),
        unresolved_links=_number(rows, f"SELECT COUNT(*){_UNRESOLVED}"),
        bytes=_size(rows, engine),
        last_import=last_import(rows),
        registers=_registers(rows),
    )


def _number(rows: Rows, sql: str) -> int:
    return int(rows.run(sql)[0][0])


def _counts(rows: Rows, column: str) -> dict[str, int]:
    found = rows.run(
        f"SELECT {column}, COUNT(*) FROM source WHERE NOT deleted AND {column} IS NOT NULL GROUP BY {column}"
    )
    return {str(name): int(count) for name, count in sorted(found, key=lambda row: (-row[1], row[0]))}


def _size(rows: Rows, engine: sa.Engine) -> int | None:
    if engine.dialect.name != "sqlite":
        return _number(rows, "SELECT pg_database_size(current_database())")
    path = engine.url.database or ""
    return sum(file.stat().st_size for end in ("", "-wal") if (file := Path(path + end)).exists())


def _registers(rows: Rows) -> tuple[Register, ...]:
    newest = {
        name: (date, count)
        for name, date, count in rows.run(
            "SELECT register, MAX(date), COUNT(*) FROM link WHERE register IS NOT NULL GROUP BY register"
        )
    }
    found = rows.run("SELECT key, value FROM meta WHERE key LIKE ? ORDER BY key", "register:%")
    names = [(key.partition(":")[2], imported) for key, imported in found]
    return tuple(
        Register(
            name=name, imported=imported, newest=newest.get(name, (None, 0))[0], notices=newest.get(name, (None, 0))[1]
        )
        for name, imported in names
    )
