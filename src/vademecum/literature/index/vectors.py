"""Vectors on disk, and search among them: signs first, then the whole vector for the best.

Each column is a file that is only ever added to. A vector is kept as 384 bytes with one scale, and as 384 signs in six
words of 64 bits. A question is compared with all signs (8 ms a million on one core), and the nearest are scored by
their bytes. A row whose passage changed or went is listed as dead; its vector is still found by its text's hash, so
that a text is encoded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vademecum.errors import IndexDamagedError
from vademecum.literature.index.files import damage
from vademecum.literature.index.filters import Filters, Scored
from vademecum.literature.index.manifest import DEAD, MEND, VectorPart
from vademecum.literature.index.traits import LAYOUT, passing

WIDTH = 384
CANDIDATES = 10_000  # nearest by sign that are scored in full, or four times the hits asked for
_WORDS = WIDTH // 64
_BLOCK = 16_384  # rows compared at a time: what stays in the processor's cache
_FAR = np.uint16(WIDTH + 1)

COLUMNS: dict[str, np.dtype[Any]] = {
    "cells": np.dtype(("i1", WIDTH)),
    "scale": np.dtype("<f4"),
    **{f"signs{word}": np.dtype("<u8") for word in range(_WORDS)},
    "passage": np.dtype("<i8"),
    "source": np.dtype("<i8"),
    "traits": np.dtype("<u8"),
    "key": np.dtype(("<u8", 2)),  # first half of the SHA-256 of the encoded text
}

Floats = npt.NDArray[np.float32]


def quantised(vectors: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Vectors as bytes with one scale each."""
    scale = np.abs(vectors).max(axis=1, initial=1e-12) / 127
    return np.rint(vectors / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def signs(vectors: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """One bit a dimension: whether it is positive; six words a vector."""
    bits: npt.NDArray[np.uint64] = np.packbits(vectors > 0, axis=1).view("<u8")
    return bits


class Vectors:
    """A snapshot of the vectors: what was published, whatever is added meanwhile."""

    def __init__(self, folder: Path, part: VectorPart, dead: npt.NDArray[np.bool_]) -> None:
        self.rows = part.rows
        self.encoder = part.encoder
        self._dead = dead
        self._places: tuple[npt.NDArray[Any], npt.NDArray[np.intp]] | None = None
        self._columns = {name: _mapped(folder / name, kind, part.rows) for name, kind in COLUMNS.items()}

    def column(self, name: str) -> npt.NDArray[Any]:
        """A column's values, one a row, read-only."""
        return self._columns[name]

    @property
    def dead(self) -> npt.NDArray[np.bool_]:
        """Which rows no longer count."""
        return self._dead

    def search(self, vector: Floats, filters: Filters, limit: int, *, exact: bool = False) -> list[Scored]:
        """The passages nearest in meaning, best first; the score is the inner product.

        `exact` scores every row, which is slow and shows what the quick way misses.
        """
        if self.rows == 0 or limit < 1:
            return []
        wanted = self.rows if exact else max(CANDIDATES, 4 * limit)
        rows = _nearest(self._distances(vector, filters), wanted)
        scores = self._products(rows, vector)
        best = np.argsort(-scores, kind="stable")[:limit]
        chosen = rows[best]
        passages = self._columns["passage"][chosen].tolist()
        sources = self._columns["source"][chosen].tolist()
        return [
            Scored(passage=passage, source=source, score=score)
            for passage, source, score in zip(passages, sources, scores[best].tolist(), strict=True)
        ]

    def likeness(self, vector: Floats, passages: Sequence[int]) -> dict[int, float]:
        """Inner products with the vectors of given passages; those that have none are left out."""
        if self._places is None:
            rows = np.flatnonzero(~self._dead)
            held = self._columns["passage"][rows]
            order = np.argsort(held, kind="stable")
            self._places = (held[order], rows[order])
        held, rows = self._places
        if not len(held) or not passages:
            return {}
        wanted = np.asarray(passages, dtype=np.int64)
        found = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
        chosen = held[found] == wanted
        at = rows[found[chosen]]
        return dict(zip(wanted[chosen].tolist(), self._products(at, vector).tolist(), strict=True))

    def _products(self, rows: npt.NDArray[np.intp], vector: Floats) -> Floats:
        """Inner products of some rows. Not by BLAS: its threads wait for each other, 20 ms when the cores are busy."""
        products = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            some = rows[start : start + _BLOCK]
            cells = self._columns["cells"][some].astype(np.float32)
            products[start : start + _BLOCK] = np.einsum("ij,j->i", cells, vector)
        products *= self._columns["scale"][rows]
        return products

    def _distances(self, vector: Floats, filters: Filters) -> npt.NDArray[np.uint16]:
        """Differing signs of each row; rows that are dead or filtered out are farther than any."""
        question = signs(vector.reshape(1, -1))[0]
        distances = np.empty(self.rows, dtype=np.uint16)
        mixed = np.empty(_BLOCK, dtype=np.uint64)
        counted = np.empty(_BLOCK, dtype=np.uint8)
        for start in range(0, self.rows, _BLOCK):
            block = distances[start : start + _BLOCK]
            size = len(block)
            block[:] = 0
            for word in range(_WORDS):
                column = self._columns[f"signs{word}"][start : start + size]
                np.bitwise_xor(column, question[word], out=mixed[:size])
                np.bitwise_count(mixed[:size], out=counted[:size])
                np.add(block, counted[:size], out=block)
        distances[self._dead] = _FAR
        if filters.any:
            distances[~passing(self._columns["traits"], filters)] = _FAR
        return distances


def _nearest(distances: npt.NDArray[np.uint16], wanted: int) -> npt.NDArray[np.intp]:
    """Rows of the `wanted` smallest distances; ties at the end are all taken, up to twice as many."""
    counts = np.bincount(distances, minlength=int(_FAR) + 1)[: int(_FAR)]
    reached = np.cumsum(counts)
    limit = int(np.searchsorted(reached, wanted))
    rows = np.flatnonzero(distances <= min(limit, WIDTH))
    if len(rows) > 2 * wanted:
        rows = rows[np.argsort(distances[rows], kind="stable")[: 2 * wanted]]
    return rows


def open_vectors(index: Path, generation: Path, part: VectorPart, *, full: bool = False) -> Vectors:
    """The published vectors, checked. Raises IndexDamagedError."""
    problems = vector_damage(index, generation, part, full=full)
    if problems:
        raise IndexDamagedError(f"{index}: {'; '.join(problems)}; {MEND}")
    bits = np.fromfile(generation / DEAD, dtype=np.uint8)
    dead = np.unpackbits(bits, count=part.rows).astype(np.bool_)
    return Vectors(index / part.folder, part, dead)


def vector_damage(index: Path, generation: Path, part: VectorPart, *, full: bool) -> list[str]:
    """What is wrong with the vector files; nothing when they are as published."""
    if part.layout != LAYOUT or set(part.columns) != set(COLUMNS):
        return ["the vectors were written by another version of the program"]
    found = [damage(index / part.folder / name, stamp, full=full, prefix=True) for name, stamp in part.columns.items()]
    found.append(damage(generation / DEAD, part.dead, full=full))
    return [problem for problem in found if problem]


def _mapped(path: Path, kind: np.dtype[Any], rows: int) -> npt.NDArray[Any]:
    if rows == 0:
        return np.zeros(0, dtype=kind)
    base, shape = (kind.subdtype[0], (rows, *kind.shape)) if kind.subdtype else (kind, (rows,))
    return np.memmap(path, dtype=base, mode="r", shape=shape)
