"""Bringing the index up to the store: words first, then vectors, published a generation at a time.

A session works beside the published generation and replaces the manifest in one step. Killed anywhere, it leaves the
last generation as it was; the next session starts from that and reads the store's changes again from its mark.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from vademecum.errors import IndexWriteError
from vademecum.literature.index.feed import Feed, Progress, TextEncoder, Watcher, encoded_text
from vademecum.literature.index.files import link
from vademecum.literature.index.lexical_writer import LexicalWriter
from vademecum.literature.index.manifest import DEAD, Manifest, VectorPart, program, write_manifest
from vademecum.literature.index.snapshot import Snapshot
from vademecum.literature.store.model import IndexedSource

if TYPE_CHECKING:
    from vademecum.literature.index.vector_writer import VectorWriter

_SOURCES_AT_A_TIME = 1_000
_TEXTS_AT_A_TIME = 200  # sources whose passages are encoded together
PUBLISH_PASSAGES = 50_000
PUBLISH_SECONDS = 60.0


class Session:
    """One writing session; make it with `session`."""

    def __init__(self, folder: Path, store: Feed, published: Snapshot | None, old: Snapshot | None) -> None:
        self.folder = folder
        self._store = store
        self._base = published
        self._old = old
        self._held = old is not None  # nothing is shown before the end
        self._generation = max((int(path.name[-8:]) for path in folder.glob("generation-*")), default=0)
        manifest = published.manifest if published else None
        self._lexical = LexicalWriter(folder, manifest)
        self._vectors: VectorWriter | None = None
        self._encoder = ""
        self._mark = manifest.mark if manifest else 0
        self._newest = folder / manifest.folder if manifest else folder
        self._last_shown = time.monotonic()
        self._unshown = 0

    def run(self, encoder: TextEncoder | None, progress: Watcher | None) -> int:
        """Words, then vectors where there is an encoder; returns the changes taken in by words."""
        self._open_vectors(encoder)
        done = self._words(progress)
        if encoder:
            self._meanings(encoder, progress)
        if encoder or self._held:
            self._publish()
        return done

    def _open_vectors(self, encoder: TextEncoder | None) -> None:
        """Go on with the vectors there are; else begin, when there is an encoder, with what the old index can lend."""
        base = self._base.vectors if self._base else None
        part = self._base.manifest.vectors if self._base and base else None
        if encoder is None and base is None:
            return
        from vademecum.literature.index.vector_writer import VectorWriter

        folder = part.folder if part else f"vectors-{token_hex(4)}"
        self._vectors = VectorWriter(self.folder, folder, base, part)
        self._encoder = part.encoder if part else encoder.identity if encoder else ""
        if self._old and self._old.vectors:
            self._vectors.borrow(self._old.vectors)

    def _words(self, progress: Watcher | None) -> int:
        """Take in all changes since the mark; returns how many."""
        head = self._store.head()
        begin, done, passages = self._mark, 0, 0
        while changes := self._store.changed_sources(self._mark, _SOURCES_AT_A_TIME):
            for indexed in changes:
                self._lexical.put(indexed)
            if self._vectors:
                self._vectors.bury(indexed.source.id for indexed in changes)
            done += len(changes)
            passages += self._count(changes)
            self._mark = changes[-1].source.changed
            self._report(progress, Progress("words", self._mark - begin, max(head, self._mark) - begin, passages))
            self._show_when_due()
        self._lexical.finish()
        if not self._held:
            self._publish()
        return done

    def _meanings(self, encoder: TextEncoder, progress: Watcher | None) -> int:
        """Encode the passages of all changes since the vectors' mark; returns how many texts had to be encoded.

        Never further than the words: they bury the vectors of every change they take in.
        """
        writer = self._vectors
        if writer is None:
            return 0
        head, begin, encoded, passages = self._mark, writer.mark, 0, 0
        while changes := self._changes_known_to_words(writer.mark):
            encoded += _add_vectors(writer, encoder, changes)
            passages += self._count(changes)
            writer.mark = changes[-1].source.changed
            self._report(progress, Progress("vectors", writer.mark - begin, max(head, writer.mark) - begin, passages))
            self._show_when_due()
        return encoded

    def _changes_known_to_words(self, after: int) -> list[IndexedSource]:
        changes = self._store.changed_sources(after, _TEXTS_AT_A_TIME)
        return [indexed for indexed in changes if indexed.source.changed <= self._mark]

    def _publish(self) -> None:
        """Show readers what there is, in one step."""
        self._generation += 1
        generation = self.folder / f"generation-{self._generation:08d}"
        try:
            manifest = self._written(generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        write_manifest(self.folder, manifest)
        self._newest = generation
        self._last_shown, self._unshown = time.monotonic(), 0
        _sweep(self.folder, manifest)

    def _written(self, generation: Path) -> Manifest:
        files, passages = self._lexical.publish(generation)
        return Manifest(
            program=program(),
            database=self._store.identity,
            generation=self._generation,
            mark=self._mark,
            passages=passages,
            files=files,
            vectors=self._vector_part(generation),
        )

    def _vector_part(self, generation: Path) -> VectorPart | None:
        if self._vectors is None:
            return self._carried(generation)
        return self._vectors.publish(generation, self._encoder, self._vectors.mark)

    def _carried(self, generation: Path) -> VectorPart | None:
        """Vectors that cannot be read here (the "semantic" extra is missing) are kept as they are."""
        manifest = self._base.manifest if self._base else None
        if manifest is None or manifest.vectors is None:
            return None
        link(self._newest / DEAD, generation / DEAD)
        return manifest.vectors

    def close(self) -> None:
        if self._vectors:
            self._vectors.close()
        shutil.rmtree(self.folder / "work", ignore_errors=True)

    def _count(self, changes: list[IndexedSource]) -> int:
        passages = sum(len(indexed.passages) for indexed in changes)
        self._unshown += passages
        return passages

    def _show_when_due(self) -> None:
        late = self._unshown > 0 and time.monotonic() - self._last_shown > PUBLISH_SECONDS
        if (late or self._unshown >= PUBLISH_PASSAGES) and not self._held:
            self._publish()

    @staticmethod
    def _report(progress: Watcher | None, state: Progress) -> None:
        if progress:
            progress(state)


def _add_vectors(writer: VectorWriter, encoder: TextEncoder, changes: list[IndexedSource]) -> int:
    """Replace the rows of the changed sources; returns how many texts had to be encoded."""
    import numpy as np

    from vademecum.literature.index.traits import traits_of
    from vademecum.literature.index.vectors import quantised

    writer.bury(indexed.source.id for indexed in changes)
    rows = [
        (indexed.source, passage) for indexed in changes if not indexed.source.deleted for passage in indexed.passages
    ]
    if not rows:
        return 0
    texts = [encoded_text(source, passage) for source, passage in rows]
    keys = [sha256(text.encode()).digest()[:16] for text in texts]
    held = writer.known(list(dict.fromkeys(keys)))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in held}
    if missing:
        cells, scale = quantised(encoder.encode(list(missing.values())))
        held.update(zip(missing, zip(cells, scale, strict=True), strict=True))
    writer.add(
        cells=np.stack([held[key][0] for key in keys]),
        scale=np.array([held[key][1] for key in keys], dtype=np.float32),
        passages=[passage.id for _, passage in rows],
        sources=[source.id for source, _ in rows],
        traits=[traits_of(source) for source, _ in rows],
        keys=keys,
    )
    return len(missing)


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove what no reader can be about to open: all but the newest two generations, and unused vectors."""
    newest = sorted(folder.glob("generation-*"))[-2:]
    for path in folder.glob("generation-*"):
        if path not in newest and path.name != manifest.folder:
            shutil.rmtree(path, ignore_errors=True)
    if manifest.vectors:
        for path in folder.glob("vectors-*"):
            if path.name != manifest.vectors.folder:
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def session(folder: Path, store: Feed, published: Snapshot | None, *, old: Snapshot | None = None) -> Iterator[Session]:
    """A writing session under an already held lock, from `published` on, or anew while `old` goes on answering."""
    try:
        with contextlib.closing(Session(folder, store, published, old)) as made:
            yield made
    except (OSError, ValueError) as error:  # the engine reports input and output errors as ValueError
        raise IndexWriteError(
            f"{folder}: the search index cannot be written ({error}); mend that and try again"
        ) from error
