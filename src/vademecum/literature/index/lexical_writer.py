"""Adding to the words' part of the index, in a work folder that no reader looks at."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import tantivy

from vademecum.literature.durable import sync_file, sync_folder
from vademecum.literature.index.files import Stamp, link, stamp
from vademecum.literature.index.lexical import documents, schema
from vademecum.literature.index.manifest import Manifest
from vademecum.literature.store.model import IndexedSource

META = "meta.json"
_HEAP = 128_000_000  # bytes of postings held before they are written as a segment
_THREADS = 1  # the other core reads and tokenises
_ATTEMPTS = 20


class _Deletes(msgspec.Struct, frozen=True):
    opstamp: int


class _Segment(msgspec.Struct, frozen=True):
    segment_id: str
    deletes: _Deletes | None = None


class _Meta(msgspec.Struct, frozen=True):
    """The part of the engine's own list of files that we need."""

    segments: tuple[_Segment, ...]


class LexicalWriter:
    """One writing session, starting from the published generation or from nothing.

    The work folder is made anew of links to published files, so nothing that a killed session left behind counts.
    """

    def __init__(self, index: Path, published: Manifest | None) -> None:
        self._work = index / "work"
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir()
        for name in published.files if published else ():
            source = index / published.folder / name if published else index
            if name == META:
                shutil.copyfile(source, self._work / name)
            else:
                link(source, self._work / name)
        self._stamps: dict[str, Stamp] = dict(published.files) if published else {}
        self._engine = tantivy.Index(schema(), path=str(self._work))
        self._engine.config_reader("manual")
        self._writer: tantivy.IndexWriter | None = self._engine.writer(_HEAP, _THREADS)
        self._searcher = self._engine.searcher()
        self._since_commit: set[int] = set()

    def put(self, indexed: IndexedSource) -> None:
        """Replace all the index holds of a source."""
        source = indexed.source.id
        if self._writer is None:
            raise AssertionError("the session's words are finished")
        if source in self._since_commit or (self._searcher.num_segments and self._searcher.doc_freq("source", source)):
            self._writer.delete_documents_by_term("source", source)
        if not indexed.source.deleted:
            for document in documents(indexed):
                self._writer.add_document(document)
        self._since_commit.add(source)

    def finish(self) -> None:
        """No more sources in this session: let merges end, so that readers get few segments."""
        self._commit()
        if self._writer:
            self._writer.wait_merging_threads()
            self._writer = None

    def publish(self, generation: Path) -> tuple[dict[str, Stamp], int]:
        """Commit, and name every file in the generation's folder; returns their stamps and the passages held."""
        self._commit()
        self._engine.reload()
        self._searcher = self._engine.searcher()
        self._stamps = self._linked(generation)
        return self._stamps, int(self._searcher.num_docs)

    def _commit(self) -> None:
        if self._writer and self._since_commit:
            self._writer.commit()
            self._since_commit.clear()

    def _linked(self, generation: Path) -> dict[str, Stamp]:
        """A merge in the background may replace files meanwhile; then the newer list is taken."""
        for attempt in range(_ATTEMPTS):
            shutil.rmtree(generation, ignore_errors=True)
            generation.mkdir()
            try:
                return self._link_all(generation)
            except FileNotFoundError:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _link_all(self, generation: Path) -> dict[str, Stamp]:
        listing = (self._work / META).read_bytes()
        stamps: dict[str, Stamp] = {}
        for segment in msgspec.json.decode(listing, type=_Meta).segments:
            for path in self._files_of(segment):
                target = generation / path.name
                link(path, target)
                if path.name not in self._stamps:
                    sync_file(target)
                stamps[path.name] = stamp(target, self._stamps.get(path.name))
        (generation / META).write_bytes(listing)
        sync_file(generation / META)
        stamps[META] = stamp(generation / META)
        sync_folder(generation)
        return stamps

    def _files_of(self, segment: _Segment) -> list[Path]:
        name = segment.segment_id.replace("-", "")
        paths = [path for path in self._work.glob(f"{name}.*") if path.suffix != ".del"]
        if not paths:
            raise FileNotFoundError(name)
        if segment.deletes:
            paths.append(self._work / f"{name}.{segment.deletes.opstamp}.del")
        return paths
