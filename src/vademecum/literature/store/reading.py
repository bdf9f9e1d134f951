"""Turns rows into the store's values: sources, passages, links."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import msgspec

from vademecum.evidence.model import SourceState
from vademecum.literature.documents import Document
from vademecum.literature.records import LinkKind, RecordKind
from vademecum.literature.store import coding
from vademecum.literature.store.identity import Key, identifiers
from vademecum.literature.store.model import IndexedSource, SourceRow, StoredLink, StoredPassage
from vademecum.literature.store.rows import Row, Rows
from vademecum.literature.store.states import NOTICE, Claim, standing
from vademecum.literature.store.works import PREFERENCE

SOURCE = (
    "SELECT source.id, version.record, version.kind, version.appraisal, source.state, source.state_note,"
    " source.deleted, source.version, source.changed, source.imported"
    " FROM source JOIN version ON version.id = source.version"
)
_PASSAGE = (
    "SELECT passage.id, version.source, passage.version, passage.start, passage.stop, passage.path, passage.code,"
    " passage.hash, version.kind FROM passage JOIN version ON version.id = passage.version"
)
_ORDER = {kind.value: place for place, kind in enumerate(PREFERENCE)}
_claim = msgspec.msgpack.Decoder(Claim)


def source_of(row: Row) -> SourceRow:
    """A source from a row of SOURCE."""
    id_, record, kind, appraisal, state, note, deleted, version, changed, imported = row
    return SourceRow(
        id=id_,
        record=coding.unpack_record(record),
        kind=RecordKind(kind),
        appraisal=coding.unpack_appraisal(appraisal),
        state=SourceState(state),
        state_note=note,
        deleted=bool(deleted),
        version=version,
        changed=changed,
        imported=imported,
    )


def sources(rows: Rows, ids: Iterable[int]) -> dict[int, SourceRow]:
    return {row[0]: source_of(row) for row in rows.run_in(f"{SOURCE} WHERE source.id IN ({{}})", dict.fromkeys(ids))}


def changed_sources(rows: Rows, after: int, limit: int) -> list[IndexedSource]:
    """Sources that changed since, in that order, with their passages."""
    sql = f"{SOURCE} WHERE source.changed > ? ORDER BY source.changed LIMIT ?"
    found = [source_of(row) for row in rows.run(sql, after, limit)]
    parts: dict[int, list[StoredPassage]] = {row.id: [] for row in found}
    for part in _passages(rows, rows.run_in(f"{_PASSAGE} WHERE version.source IN ({{}})", parts)):
        parts[part.source].append(part)
    return [IndexedSource(source=row, passages=tuple(parts[row.id])) for row in found]


def passages(rows: Rows, ids: Iterable[int]) -> dict[int, StoredPassage]:
    """Passages by id; one that is not current any more is left out."""
    found = _passages(rows, rows.run_in(f"{_PASSAGE} WHERE passage.id IN ({{}})", dict.fromkeys(ids)))
    return {part.id: part for part in found}


def passages_of(rows: Rows, source: int) -> tuple[StoredPassage, ...]:
    return tuple(_passages(rows, rows.run(f"{_PASSAGE} WHERE version.source = ?", source)))


def _passages(rows: Rows, found: Iterable[Row]) -> list[StoredPassage]:
    """Each with its text, those of a source's preferred version first, in reading order."""
    ordered = sorted(found, key=lambda row: (row[1], _ORDER[row[8]], row[3]))
    texts = {version: document.text for version, document in documents(rows, (row[2] for row in ordered)).items()}
    return [
        StoredPassage(
            id=id_,
            source=source,
            version=version,
            start=start,
            end=stop,
            text=texts[version][start:stop],
            path=tuple(json.loads(path)) if path else (),
            code=code,
            hash=bytes(hash_).hex(),
        )
        for id_, source, version, start, stop, path, code, hash_, _ in ordered
    ]


def documents(rows: Rows, versions: Iterable[int]) -> dict[int, Document]:
    sql = "SELECT id, body FROM version WHERE id IN ({})"
    return {id_: coding.unpack_document(body) for id_, body in rows.run_in(sql, dict.fromkeys(versions))}


def find(rows: Rows, keys: Sequence[Key]) -> SourceRow | None:
    """The source one of the keys names, the strongest key first.

    Of several, one that is not deleted, and a work before the notice about it that goes by the same DOI.
    """
    found: list[SourceRow] = []
    for scheme, value in keys:
        named = rows.run("SELECT source FROM identifier WHERE scheme = ? AND value = ? ORDER BY source", scheme, value)
        found += sources(rows, (id_ for (id_,) in named)).values()
        if any(not row.deleted for row in found):
            break
    return min(found, key=lambda row: (row.deleted, standing(row.record) == NOTICE, row.id), default=None)


def links(rows: Rows, ids: Iterable[int]) -> list[StoredLink]:
    """Links by id, with the works they name where these are held."""
    sql = (
        "SELECT link.id, link.kind, link.body, version.source FROM link LEFT JOIN version ON version.id = link.version"
        " WHERE link.id IN ({})"
    )
    found = sorted(rows.run_in(sql, dict.fromkeys(ids)))
    claims = [(kind, _claim.decode(body), stated) for _, kind, body, stated in found]
    held = _holders(rows, {key for _, claim, _ in claims for key in (*claim.about, *claim.by)})
    return [
        StoredLink(
            kind=LinkKind(kind),
            about=identifiers(claim.about),
            by=identifiers(claim.by),
            about_source=stated if not claim.outward and stated else _holder(held, claim.about),
            by_source=stated if claim.outward and stated else _holder(held, claim.by),
            stated_by=stated,
            register=claim.register,
            citation=claim.citation,
            date=claim.date,
            reasons=claim.reasons,
        )
        for kind, claim, stated in claims
    ]


def _holders(rows: Rows, keys: Iterable[Key]) -> dict[Key, int]:
    schemes: dict[str, list[str]] = {}
    for scheme, value in keys:
        schemes.setdefault(scheme, []).append(value)
    sql = "SELECT value, source FROM identifier WHERE scheme = ? AND value IN ({})"
    return {
        (scheme, value): source
        for scheme, values in schemes.items()
        for value, source in rows.run_in(sql.replace("", ""), values, scheme)
    }


def _holder(held: dict[Key, int], keys: Iterable[Key]) -> int | None:
    return next((held[key] for key in keys if key in held), None)
