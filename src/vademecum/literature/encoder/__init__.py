"""Sentences to vectors, on the processor, from files that ship with the package.

The model is all-MiniLM-L6-v2 with 8-bit weights (NOTICE beside this file says where it comes from). Each text goes
through it by itself: activations are quantised by what one run holds, so in a batch a vector would depend on its
neighbours. Alone it depends on its text only, which lets vectors be cached, compared and rebuilt; and two cores
working on two texts are quicker than both on one batch.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vademecum.errors import MissingExtraError, VademecumError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import onnxruntime
    import tokenizers

    Vectors = npt.NDArray[np.float32]

WIDTH: Final = 384
MAX_TOKENS: Final = 256  # what the model was trained to read; the rest of a longer text is not seen
NEEDS: Final = ("numpy", "onnxruntime", "tokenizers")
FILES: Final = {
    "model.onnx": "8b513d3269566054a223612ee2e7521c8723edfb0ec79e06486166fda264d886",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_FOLDER: Final = Path(__file__).parent
_RULES: Final = f"max {MAX_TOKENS} tokens; one text a run"


class Encoder:
    """Texts of any length to unit vectors whose inner product is their likeness in meaning."""

    identity: Final = hashlib.sha256("\n".join([*FILES.values(), _RULES]).encode()).hexdigest()
    """Vectors of two encoders can be compared only when these are equal."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        import onnxruntime
        import tokenizers

        content = {name: _checked(folder / name, digest) for name, digest in FILES.items()}
        self._tokenizer: tokenizers.Tokenizer = tokenizers.Tokenizer.from_str(content["tokenizer.json"].decode())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            content["model.onnx"], options, providers=["CPUExecutionProvider"]
        )

    @classmethod
    def load(cls) -> Encoder | None:
        """The encoder of this process, or None where the "semantic" extra is not installed."""
        return _only() if all(importlib.util.find_spec(name) for name in NEEDS) else None

    @classmethod
    def demand(cls) -> Encoder:
        """The encoder of this process; an error that names the extra where it is not installed."""
        encoder = cls.load()
        if encoder is None:
            raise MissingExtraError("search by meaning", "semantic")
        return encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order, each of length 1."""
        import numpy as np

        rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
        if len(texts) == 1:
            rows[0] = self._one(texts[0])
        elif texts:
            longest_first = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
            with ThreadPoolExecutor(_cores()) as pool:
                vectors = pool.map(self._one, [texts[index] for index in longest_first])
                for index, vector in zip(longest_first, vectors, strict=True):
                    rows[index] = vector
        return rows

    def _one(self, text: str) -> Vectors:
        import numpy as np

        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        outputs = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        vector: Vectors = outputs[0][0]
        return vector


@cache
def _only() -> Encoder:
    return Encoder()


def _checked(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise VademecumError(f"{path}: the sentence encoder's file cannot be read; reinstall vademecum") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise VademecumError(f"{path}: not the file this version was released with; reinstall vademecum")
    return content


def _cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
