"""An encoder without a model, so that tests of vectors need no files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


class WordEncoder:
    """Texts that share words get near vectors: each word adds a fixed random direction."""

    def __init__(self, identity: str = "encoder-a") -> None:
        self.identity = identity
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.encoded.extend(texts)
        rows = np.stack([self._one(text) for text in texts])
        unit: npt.NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    @staticmethod
    def _one(text: str) -> npt.NDArray[np.float64]:
        total = np.zeros(384)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
            total += np.random.default_rng(seed).normal(size=384)
        return total if total.any() else np.ones(384)
