"""A small library in memory that keeps the store's promises to the index: a change feed, newest state only."""

from __future__ import annotations

import hashlib

from vademecum.evidence.model import SourceState
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.records import Heading, Identifiers, Record, RecordKind
from vademecum.literature.store.model import IndexedSource, SourceRow, StoredPassage

NO_IDS = Identifiers()
NOT_APPRAISED = Appraisal()


class MemoryLibrary:
    """Sources by id; every change moves the source to the end of the feed."""

    def __init__(self, identity: str = "library-a") -> None:
        self.identity = identity
        self._head = 0
        self._held: dict[int, IndexedSource] = {}
        self._passage = 0

    def put(
        self,
        source: int,
        title: str,
        *texts: str,
        kind: RecordKind = RecordKind.CITATION,
        ids: Identifiers = NO_IDS,
        year: int | None = None,
        language: str | None = None,
        appraisal: Appraisal = NOT_APPRAISED,
        state: SourceState = SourceState.CURRENT,
        mesh: tuple[Heading, ...] = (),
        keywords: tuple[str, ...] = (),
        path: tuple[str, ...] = (),
        deleted: bool = False,
    ) -> list[int]:
        """Add or replace a source; returns its passages' ids. An unchanged text keeps its id."""
        self._head += 1
        before = {passage.text: passage.id for passage in self._held[source].passages} if source in self._held else {}
        passages = tuple(self._stored(source, text, path, before) for text in texts)
        record = Record(kind=kind, title=title, ids=ids, year=year, language=language, mesh=mesh, keywords=keywords)
        row = SourceRow(
            id=source,
            record=record,
            kind=kind,
            appraisal=appraisal,
            state=state,
            state_note=None,
            deleted=deleted,
            version=self._head,
            changed=self._head,
            imported="2026-01-01T00:00:00Z",
        )
        self._held[source] = IndexedSource(source=row, passages=() if deleted else passages)
        return [passage.id for passage in passages]

    def delete(self, source: int) -> None:
        self.put(source, self._held[source].source.record.title, deleted=True)

    def head(self) -> int:
        return self._head

    def changed_sources(self, after: int, limit: int) -> list[IndexedSource]:
        later = sorted(
            (one for one in self._held.values() if one.source.changed > after), key=lambda one: one.source.changed
        )
        return later[:limit]

    def _stored(self, source: int, text: str, path: tuple[str, ...], before: dict[str, int]) -> StoredPassage:
        if text not in before:
            self._passage += 1
        return StoredPassage(
            id=before.get(text, self._passage),
            source=source,
            version=self._head,
            start=0,
            end=len(text),
            text=text,
            path=path,
            code=None,
            hash=hashlib.sha256(text.encode()).hexdigest(),
        )
