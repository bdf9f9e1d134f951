"""Adding to the vector files. Nothing added counts until a manifest with the new number of rows is published."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from vademecum.literature.durable import sync_file, sync_folder
from vademecum.literature.index.files import Stamp, checksum, stamp
from vademecum.literature.index.manifest import DEAD, VectorPart
from vademecum.literature.index.traits import LAYOUT
from vademecum.literature.index.vectors import COLUMNS, Floats, Vectors, signs

_GROWTH = 65_536


class VectorWriter:
    """One writing session on a folder of columns, going on after `published` or from nothing."""

    def __init__(self, index: Path, folder: str, published: Vectors | None, part: VectorPart | None) -> None:
        self.folder = folder
        self.mark = part.mark if part else 0
        self._path = index / folder
        self._path.mkdir(exist_ok=True)
        self._part = part
        self.rows = part.rows if part else 0
        self._sources = _Growing(np.dtype("<i8"), published.column("source") if published else None)
        self._dead = _Growing(np.dtype(np.bool_), published.dead if published else None)
        self._highest = int(self._sources.values.max(initial=0))  # new sources have none to bury: imports stay quick
        self._finders = [_Finder(published)] if published else []
        self._streams = {
            name: _appending(self._path / name, self.rows * kind.itemsize) for name, kind in COLUMNS.items()
        }

    def borrow(self, vectors: Vectors) -> None:
        """Texts that an earlier set of vectors holds need not be encoded again; same encoder only."""
        self._finders.append(_Finder(vectors))

    def known(self, keys: Sequence[bytes]) -> dict[bytes, tuple[npt.NDArray[np.int8], np.float32]]:
        """The bytes and scale of the texts that were encoded before, by key."""
        found: dict[bytes, tuple[npt.NDArray[np.int8], np.float32]] = {}
        for finder in self._finders:
            found.update(finder.find([key for key in keys if key not in found]))
        return found

    def bury(self, sources: Iterable[int]) -> None:
        """All rows of these sources no longer count."""
        wanted = np.fromiter((source for source in sources if source <= self._highest), dtype=np.int64)
        if len(wanted):
            self._dead.values[np.isin(self._sources.values, wanted)] = True

    def add(
        self,
        *,
        cells: npt.NDArray[np.int8],
        scale: Floats,
        passages: Sequence[int],
        sources: Sequence[int],
        traits: Sequence[int],
        keys: Sequence[bytes],
    ) -> None:
        """Append rows."""
        bits = signs(cells)
        columns: dict[str, npt.NDArray[Any]] = {
            "cells": cells,
            "scale": scale.astype("<f4"),
            "passage": np.asarray(passages, dtype="<i8"),
            "source": np.asarray(sources, dtype="<i8"),
            "traits": np.asarray(traits, dtype="<u8"),
            "key": np.frombuffer(b"".join(keys), dtype="<u8"),
            **{f"signs{word}": np.ascontiguousarray(bits[:, word]) for word in range(bits.shape[1])},
        }
        for name, values in columns.items():
            self._streams[name].write(values.tobytes())
        self._sources.extend(columns["source"])
        self._highest = max(self._highest, *sources)
        self._dead.extend(np.zeros(len(passages), dtype=np.bool_))
        self.rows += len(passages)

    def publish(self, generation: Path, encoder: str, mark: int) -> VectorPart:
        """Have everything on the disk and say what there is; the manifest makes it count."""
        stamps: dict[str, Stamp] = {}
        for name, kind in COLUMNS.items():
            stream = self._streams[name]
            stream.flush()
            os.fsync(stream.fileno())
            stamps[name] = self._stamp(name, kind.itemsize)
        sync_folder(self._path)
        dead = generation / DEAD
        np.packbits(self._dead.values).tofile(dead)
        sync_file(dead)
        self.mark = mark
        self._part = VectorPart(
            encoder=encoder,
            folder=self.folder,
            rows=self.rows,
            mark=mark,
            columns=stamps,
            dead=stamp(dead),
            layout=LAYOUT,
        )
        return self._part

    def close(self) -> None:
        for stream in self._streams.values():
            stream.close()

    def _stamp(self, name: str, width: int) -> Stamp:
        """Checksum over the rows published before goes on over the new ones."""
        before = self._part.columns.get(name) if self._part else None
        path = self._path / name
        state = path.stat()
        start, seed = (before.size, before.crc) if before else (0, 0)
        size = self.rows * width
        return Stamp(size=size, modified=state.st_mtime_ns, crc=checksum(path, size - start, start, seed))


class _Growing:
    """A column in memory that grows without copying itself at every step."""

    def __init__(self, kind: np.dtype[Any], start: npt.NDArray[Any] | None) -> None:
        self._size = 0 if start is None else len(start)
        self._held = np.zeros(self._size + _GROWTH, dtype=kind)
        if start is not None:
            self._held[: self._size] = start

    @property
    def values(self) -> npt.NDArray[Any]:
        return self._held[: self._size]

    def extend(self, more: npt.NDArray[Any]) -> None:
        needed = self._size + len(more)
        if needed > len(self._held):
            self._held = np.concatenate([self.values, np.zeros(max(_GROWTH, needed // 2), dtype=self._held.dtype)])
            if needed > len(self._held):
                self._held = np.concatenate([self._held, np.zeros(needed, dtype=self._held.dtype)])
        self._held[self._size : needed] = more
        self._size = needed


class _Finder:
    """Rows by the key of their text."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        keys = vectors.column("key")
        self._first = np.asarray(keys[:, 0]) if vectors.rows else np.zeros(0, dtype=np.uint64)
        self._order = np.argsort(self._first, kind="stable")
        self._sorted = self._first[self._order]

    def find(self, keys: Sequence[bytes]) -> dict[bytes, tuple[npt.NDArray[np.int8], np.float32]]:
        if not keys or not len(self._sorted):
            return {}
        wanted = np.frombuffer(b"".join(keys), dtype="<u8").reshape(-1, 2)
        places = np.minimum(np.searchsorted(self._sorted, wanted[:, 0]), len(self._sorted) - 1)
        rows = self._order[places]
        same = (self._vectors.column("key")[rows] == wanted).all(axis=1)
        cells, scale = self._vectors.column("cells"), self._vectors.column("scale")
        return {key: (cells[row], scale[row]) for key, row, found in zip(keys, rows, same, strict=True) if found}


def _appending(path: Path, size: int) -> BinaryIO:
    """The file cut to what was published, open for more."""
    with path.open("ab") as stream:
        stream.truncate(size)
    return path.open("ab", buffering=1 << 20)
