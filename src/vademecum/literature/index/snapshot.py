"""One published generation, opened and checked; it stays as it is whatever a writer does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import tantivy

from vademecum.errors import IndexDamagedError
from vademecum.literature.index.files import damage
from vademecum.literature.index.filters import Filters, Scored
from vademecum.literature.index.lexical import ceiling, schema, search
from vademecum.literature.index.manifest import MEND, Manifest, program, read_manifest
from vademecum.literature.index.query import ParsedQuery

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from vademecum.literature.index.vectors import Vectors

_ATTEMPTS = 5


class Snapshot:
    """What one reader searches."""

    def __init__(self, folder: Path, manifest: Manifest, *, full: bool = False) -> None:
        self.manifest = manifest
        generation = folder / manifest.folder
        problems = lexical_damage(generation, manifest, full=full)
        if problems:
            raise IndexDamagedError(f"{folder}: {'; '.join(problems)}; {MEND}")
        try:
            engine = tantivy.Index.open(str(generation))
            engine.config_reader("manual")
            self._searcher = engine.searcher()
        except (ValueError, OSError) as error:
            raise IndexDamagedError(f"{folder}: the search engine cannot open it ({error}); {MEND}") from error
        if self._searcher.num_docs != manifest.passages:
            raise IndexDamagedError(
                f"{folder}: holds {self._searcher.num_docs} passages instead of {manifest.passages}; {MEND}"
            )
        self._schema = schema()
        self.vectors = self._open_vectors(folder, generation, full=full)

    def lexical(self, query: ParsedQuery, filters: Filters, limit: int) -> list[Scored]:
        """The best passages by words."""
        return search(self._searcher, self._schema, query, filters, limit)

    def ceiling(self, query: ParsedQuery) -> float:
        """The best score by words that a text could get for the question's own words."""
        return ceiling(self._searcher, query)

    def likeness(self, vector: npt.NDArray[np.float32], passages: Sequence[int]) -> dict[int, float]:
        """Inner products with given passages' vectors."""
        return self.vectors.likeness(vector, passages) if self.vectors else {}

    def semantic(
        self, vector: npt.NDArray[np.float32], filters: Filters, limit: int, *, exact: bool = False
    ) -> list[Scored]:
        """The nearest passages by meaning; none where there are no vectors."""
        return self.vectors.search(vector, filters, limit, exact=exact) if self.vectors else []

    def _open_vectors(self, folder: Path, generation: Path, *, full: bool) -> Vectors | None:
        if self.manifest.vectors is None:
            return None
        try:
            from vademecum.literature.index.vectors import open_vectors
        except ImportError:  # the "semantic" extra is not installed here; words still find
            return None
        return open_vectors(folder, generation, self.manifest.vectors, full=full)


def lexical_damage(generation: Path, manifest: Manifest, *, full: bool) -> list[str]:
    """What is wrong with the files of the words' part; nothing when they are as published."""
    found = [damage(generation / name, stamp, full=full) for name, stamp in manifest.files.items()]
    return [problem for problem in found if problem]


def open_snapshot(
    folder: Path, *, database: str, head: int, encoder: str | None, full: bool = False
) -> Snapshot | None:
    """The published generation, or None where there is none. Raises IndexDamagedError with the mend.

    A writer may publish and sweep between our reading the manifest and opening its files; then the newer is taken.
    """
    for attempt in range(_ATTEMPTS):
        manifest = read_manifest(folder)
        if manifest is None:
            if any(folder.glob("generation-*")) and not (folder / "work").exists():
                raise IndexDamagedError(f"{folder}: its manifest is missing; {MEND}")
            return None
        _refuse_foreign(folder, manifest, database, head, encoder)
        try:
            return Snapshot(folder, manifest, full=full)
        except IndexDamagedError:
            newer = read_manifest(folder)
            if attempt == _ATTEMPTS - 1 or newer is None or newer.generation == manifest.generation:
                raise
    raise AssertionError("unreachable")


def _refuse_foreign(folder: Path, manifest: Manifest, database: str, head: int, encoder: str | None) -> None:
    if manifest.program != program():
        reason = f"was written by another version ({manifest.program}; this is {program()})"
    elif manifest.database != database:
        reason = "belongs to another library"
    elif manifest.mark > head:
        reason = "is newer than the library, which was restored from an older copy"
    elif encoder and manifest.vectors and manifest.vectors.encoder != encoder:
        reason = "holds vectors of another encoder"
    else:
        return
    raise IndexDamagedError(f"{folder}: the search index {reason}; {MEND}")


class Status(msgspec.Struct, frozen=True):
    """What a person may want to know of the index."""

    generation: int
    passages: int
    behind: int  # changes of the store not yet searched by words
    vectors: int  # passages with a vector
    vectors_behind: int | None  # changes not yet searched by meaning; None without vectors
    bytes: int


def status(snapshot: Snapshot | None, head: int) -> Status:
    """Counts of a snapshot against the store's newest change."""
    if snapshot is None:
        return Status(generation=0, passages=0, behind=head, vectors=0, vectors_behind=None, bytes=0)
    manifest, part = snapshot.manifest, snapshot.manifest.vectors
    dead = int(snapshot.vectors.dead.sum()) if snapshot.vectors else 0
    stamps = [*manifest.files.values(), *(part.columns.values() if part else ())]
    return Status(
        generation=manifest.generation,
        passages=manifest.passages,
        behind=head - manifest.mark,
        vectors=part.rows - dead if part else 0,
        vectors_behind=head - part.mark if part else None,
        bytes=sum(stamp.size for stamp in stamps),
    )
