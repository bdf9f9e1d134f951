"""The library of a reader: opens the database, and reads sources, passages, findings and links from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType

import sqlalchemy as sa

from vademecum.errors import StoreError
from vademecum.evidence.model import SourceState
from vademecum.literature.documents import Document
from vademecum.literature.findings import Finding
from vademecum.literature.place import place
from vademecum.literature.records import Identifiers, Notice, Record, RecordKind
from vademecum.literature.store import catalogue, coding, reading, watches
from vademecum.literature.store.batch import Appraise
from vademecum.literature.store.engine import connect, parse_url
from vademecum.literature.store.engine import reading as transaction
from vademecum.literature.store.identity import OTHER, public_keys
from vademecum.literature.store.migrate import prepare
from vademecum.literature.store.model import (
    IndexedSource,
    SourceFilter,
    SourceRow,
    Stats,
    StoredLink,
    StoredPassage,
    UnitRow,
    UnitState,
    Watch,
)
from vademecum.literature.store.rows import Rows
from vademecum.literature.store.writer import Writer

_WAIT = 30.0  # seconds one writer waits for another before it says so


class Store:
    """Reads the library. Each call sees one consistent state, also while an import is writing."""

    def __init__(self, engine: sa.Engine, *, read_only: bool) -> None:
        self._engine = engine
        self._read_only = read_only
        with self._rows() as rows:
            self.identity = str(rows.run("SELECT value FROM meta WHERE key = 'identity'")[0][0])
            """Random id of this database, kept in it: an index of another database is refused."""

    @classmethod
    def open(cls, url: str | None = None, *, read_only: bool = False, wait: float = _WAIT) -> Store:
        """Opens the library at a path or URL, by default `$VADEMECUM_DATABASE` or the user's data folder.

        The schema is brought up to date. Raises StoreError for a newer one, a damaged file or an unsafe SQLite.
        """
        engine = connect(parse_url(place(url).address), read_only=read_only, wait=wait)
        try:
            prepare(engine, read_only=read_only)
            return cls(engine, read_only=read_only)
        except BaseException:
            engine.dispose()
            raise

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _rows(self) -> Iterator[Rows]:
        with transaction(self._engine) as connection:
            yield Rows(connection)

    def writer(self, appraise: Appraise | None = None) -> Writer:
        """The way to put something in. `appraise` stands in for the rules of `literature.appraisal`."""
        if self._read_only:
            raise StoreError("this library was opened for reading only")
        return Writer(self._engine, appraise)

    def head(self) -> int:
        """The newest place in the change feed."""
        with self._rows() as rows:
            return int(rows.run("SELECT value FROM counter WHERE name = 'changed'")[0][0])

    def changed_sources(self, after: int, limit: int) -> list[IndexedSource]:
        """Sources that changed after a place in the feed, in order, with the passages they have now."""
        with self._rows() as rows:
            return reading.changed_sources(rows, after, limit)

    def sources(self, ids: Sequence[int]) -> dict[int, SourceRow]:
        with self._rows() as rows:
            return reading.sources(rows, ids)

    def passages(self, ids: Sequence[int]) -> dict[int, StoredPassage]:
        """Passages by id; one whose text is not current any more is left out."""
        with self._rows() as rows:
            return reading.passages(rows, ids)

    def passages_of(self, source: int) -> tuple[StoredPassage, ...]:
        """All passages of a source, its preferred version first."""
        with self._rows() as rows:
            return reading.passages_of(rows, source)

    def find(self, ids: Identifiers, collection: str = "") -> SourceRow | None:
        """The source that has one of the identifiers; `other` is looked up within its collection."""
        keys = public_keys(ids)
        if not keys and ids.other:
            keys = ((OTHER, f"{collection}\x1f{ids.other}"),)
        with self._rows() as rows:
            return reading.find(rows, keys)

    def document(self, version: int) -> Document:
        """The text of any version, also of one that is not current any more."""
        with self._rows() as rows:
            found = reading.documents(rows, (version,))
        if version not in found:
            raise StoreError(f"the library has no version {version}")
        return found[version]

    def findings(self, source: int) -> tuple[Finding, ...] | None:
        """Statements mined from a source's version; None when the newest rules have not seen it."""
        sql = (
            "SELECT mined.findings FROM source JOIN mined ON mined.version = source.version"
            " JOIN meta ON meta.key = 'rules' AND meta.value = mined.rules WHERE source.id = ?"
        )
        with self._rows() as rows:
            found = rows.run(sql, source)
        return coding.unpack_findings(found[0][0]) if found else None

    def pending(self, rules: str, limit: int, after: int = 0) -> list[tuple[int, Record, Document]]:
        """Current versions that a rule set has not mined, oldest first: id, whole record, document."""
        with self._rows() as rows:
            return catalogue.pending(rows, rules, limit, after)

    def count_pending(self, rules: str) -> int:
        with self._rows() as rows:
            return catalogue.count_pending(rows, rules)

    def select(self, chosen: SourceFilter | None = None, *, limit: int = 50, offset: int = 0) -> list[SourceRow]:
        """Sources that a filter lets through, the newest year first."""
        with self._rows() as rows:
            return catalogue.listed(rows, chosen or SourceFilter(), limit, offset)

    def count(self, chosen: SourceFilter | None = None) -> int:
        with self._rows() as rows:
            return catalogue.counted(rows, chosen or SourceFilter())

    def links(self, source: int) -> list[StoredLink]:
        """Every statement about a source or made by it."""
        with self._rows() as rows:
            return catalogue.links_of(rows, source)

    def unresolved_links(self, limit: int = 1_000) -> list[StoredLink]:
        """Statements about works that are not in the library; they apply as soon as the work comes."""
        with self._rows() as rows:
            return catalogue.unresolved(rows, limit)

    def states(self, named: Mapping[str, Identifiers]) -> dict[str, tuple[SourceState, str | None]]:
        """Of works named by a caller, held here or not, those that are not current by what the library has heard."""
        with self._rows() as rows:
            return catalogue.states(rows, named)

    def last_import(self) -> str | None:
        """ISO time of the last progress of an import."""
        with self._rows() as rows:
            return catalogue.last_import(rows)

    def watches(self) -> list[Watch]:
        """Saved questions, by name."""
        with self._rows() as rows:
            return watches.listed(rows)

    def stats(self) -> Stats:
        with self._rows() as rows:
            return catalogue.stats(rows, self._engine)

    def unit(self, name: str) -> UnitRow | None:
        """How far an import of this unit came."""
        with self._rows() as rows:
            return catalogue.unit(rows, name)

    def units(self, state: UnitState | None = None) -> list[UnitRow]:
        """Every unit an import has met, by name."""
        with self._rows() as rows:
            return [unit for unit in catalogue.units(rows) if state in {None, unit.state}]

    def current(self, after: int, limit: int) -> list[tuple[int, Record, Document]]:
        """Current versions by id: id, whole record, document."""
        with self._rows() as rows:
            return catalogue.current(rows, after, limit)

    def export(self) -> Iterator[Record]:
        """Every current version of every source as the whole record that came in, oldest source first."""
        after = 0
        while True:
            with self._rows() as rows:
                page = catalogue.exported(rows, after)
            if not page:
                return
            yield from (record for _, record in page)
            after = page[-1][0]

    def notices(self) -> Iterator[Notice]:
        """Every notice of a register, as it came in."""
        with self._rows() as rows:
            found = catalogue.notices(rows)
        yield from found

    def kinds(self, source: int) -> dict[RecordKind, int]:
        """The current versions of a source by kind, the preferred first."""
        with self._rows() as rows:
            return catalogue.kinds_of(rows, source)
