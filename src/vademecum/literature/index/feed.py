"""What the index asks of the store and of the encoder, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from vademecum.literature.store.model import IndexedSource, SourceRow, StoredPassage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Feed(Protocol):
    """The store's change feed."""

    @property
    def identity(self) -> str: ...

    def head(self) -> int: ...

    def changed_sources(self, after: int, limit: int) -> list[IndexedSource]: ...


class TextEncoder(Protocol):
    """Turns texts into unit vectors; vectors of equal identity are comparable."""

    @property
    def identity(self) -> str: ...

    def encode(self, texts: Sequence[str], /) -> npt.NDArray[np.float32]: ...


class Progress(msgspec.Struct, frozen=True):
    """How far an update has come. `done` and `total` count changes of the store."""

    step: str  # "words" or "vectors"
    done: int
    total: int
    passages: int = 0  # handled in this step


Watcher = Callable[[Progress], None]


def encoded_text(row: SourceRow, passage: StoredPassage) -> str:
    """The text a passage's vector stands for."""
    title = row.record.title
    return title if passage.text == title else f"{title}\n\n{passage.text}".strip()
