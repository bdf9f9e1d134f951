"""The search index: derived from the store, disposable, whole at every moment.

Index.open -> snapshot.py -> lexical.py, vectors.py         readers: one published generation, checked on load
Index.update, rebuild -> build.py -> *_writer.py            one writer: beside the generation, published in one step
tokens.py, synonyms.py, query.py                            texts and questions as the same tokens
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vademecum.errors import IndexDamagedError
from vademecum.literature.index.build import session
from vademecum.literature.index.feed import Feed, Progress, TextEncoder, Watcher
from vademecum.literature.index.files import only_writer
from vademecum.literature.index.filters import Filters, Scored
from vademecum.literature.index.manifest import read_manifest
from vademecum.literature.index.query import ParsedQuery, parse_query
from vademecum.literature.index.snapshot import Snapshot, Status, open_snapshot, status

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Feed", "Filters", "Index", "ParsedQuery", "Progress", "Scored", "Status", "TextEncoder", "parse_query"]


class Index:
    """A reader of the index in `folder`, and the way to write it. A reader sees one generation until `refresh`."""

    def __init__(self, folder: Path, snapshot: Snapshot | None) -> None:
        self.folder = folder
        self._snapshot = snapshot

    @classmethod
    def open(cls, folder: Path, store: Feed, *, encoder: TextEncoder | None = None, rebuild: bool = False) -> Index:
        """The published index, checked; an empty one where nothing was published.

        An index that is damaged, of another library, program version or encoder raises IndexDamagedError, which
        names the mend; with `rebuild` it is built anew instead.
        """
        index = cls(folder, None)
        try:
            index.refresh(store, encoder=encoder)
        except IndexDamagedError:
            if not rebuild:
                raise
            index.rebuild(store, encoder=encoder)
        return index

    @property
    def generation(self) -> int:
        """The generation this reader sees; 0 for none."""
        return self._snapshot.manifest.generation if self._snapshot else 0

    @property
    def passages(self) -> int:
        """Passages that can be found by words."""
        return self._snapshot.manifest.passages if self._snapshot else 0

    @property
    def encoder(self) -> str | None:
        """Identity of the encoder of the vectors held; None where there are none to search."""
        vectors = self._snapshot.vectors if self._snapshot else None
        return vectors.encoder if vectors and vectors.rows else None

    def lexical(self, query: ParsedQuery, filters: Filters, limit: int) -> list[Scored]:
        """The best passages by words, best first."""
        return self._snapshot.lexical(query, filters, limit) if self._snapshot else []

    def semantic(
        self, vector: npt.NDArray[np.float32], filters: Filters, limit: int, *, exact: bool = False
    ) -> list[Scored]:
        """The nearest passages by meaning, best first; `vector` comes from the encoder named by `encoder`.

        `exact` compares every vector in full: for measuring what the quick search misses.
        """
        return self._snapshot.semantic(vector, filters, limit, exact=exact) if self._snapshot else []

    def refresh(self, store: Feed, *, encoder: TextEncoder | None = None) -> bool:
        """See what was published since; whether anything was."""
        published = read_manifest(self.folder)
        if published and self._snapshot and published.generation == self.generation:
            return False
        before = self.generation
        name = encoder.identity if encoder else None
        self._snapshot = open_snapshot(self.folder, database=store.identity, head=store.head(), encoder=name)
        return self.generation != before

    def update(self, store: Feed, *, encoder: TextEncoder | None = None, progress: Watcher | None = None) -> int:
        """Catch up with the store; returns the changes taken in. Without an encoder, vectors wait."""
        with only_writer(self.folder):
            self.refresh(store, encoder=encoder)
            if _is_current(self._snapshot, store.head(), encoder):
                return 0
            with session(self.folder, store, self._snapshot) as writing:
                done = writing.run(encoder, progress)
        self.refresh(store, encoder=encoder)
        return done

    def rebuild(self, store: Feed, *, encoder: TextEncoder | None = None, progress: Watcher | None = None) -> int:
        """Build anew from the store, then switch; the old index answers meanwhile, and lends its vectors if sound."""
        with only_writer(self.folder):
            old = self._sound(store, encoder)
            if old is None:
                _clear(self.folder)
            with session(self.folder, store, None, old=old) as writing:
                done = writing.run(encoder, progress)
        self._snapshot = None
        self.refresh(store, encoder=encoder)
        return done

    def _sound(self, store: Feed, encoder: TextEncoder | None) -> Snapshot | None:
        """The published index if every byte of it is as written, so that it may go on answering."""
        name = encoder.identity if encoder else None
        try:
            return open_snapshot(self.folder, database=store.identity, head=store.head(), encoder=name, full=True)
        except IndexDamagedError:
            return None

    def check(self, store: Feed) -> list[str]:
        """Read every byte against its checksum; what is wrong, ready to print, or nothing."""
        try:
            open_snapshot(self.folder, database=store.identity, head=store.head(), encoder=None, full=True)
        except IndexDamagedError as error:
            return [str(error)]
        return []

    def status(self, store: Feed) -> Status:
        """Counts for a person."""
        return status(self._snapshot, store.head())

    def ceiling(self, query: ParsedQuery) -> float:
        """The best score by words that a text could get for the question's own words; 0 when the index holds none."""
        return self._snapshot.ceiling(query) if self._snapshot else 0.0

    def likeness(self, vector: npt.NDArray[np.float32], passages: Sequence[int]) -> dict[int, float]:
        """How near given passages are to a vector, by passage; those without a vector are left out."""
        return self._snapshot.likeness(vector, passages) if self._snapshot else {}


def _is_current(snapshot: Snapshot | None, head: int, encoder: TextEncoder | None) -> bool:
    if snapshot is None or snapshot.manifest.mark != head:
        return False
    vectors = snapshot.manifest.vectors
    return encoder is None or (vectors is not None and vectors.mark == head)


def _clear(folder: Path) -> None:
    """Remove an index that is no good; the lock stays, it is held."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != "write.lock":
            path.unlink(missing_ok=True)
