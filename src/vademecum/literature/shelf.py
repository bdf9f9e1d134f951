"""The imported literature, opened: store, index and encoder together, kept in step, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from vademecum.evidence.model import Source, SourceState
from vademecum.literature.digest import Digest
from vademecum.literature.digesting import digest, findings_of
from vademecum.literature.encoder import Encoder
from vademecum.literature.findings import Finding
from vademecum.literature.index import Filters, Index
from vademecum.literature.place import Place, held
from vademecum.literature.records import Identifiers
from vademecum.literature.search import Hit, Library, Mode, search
from vademecum.literature.store import SourceRow, Store, Writer


class Shelf:
    """Reads what was imported. Words are always searched; meaning too where the encoder is installed."""

    def __init__(self, where: Place, store: Store, index: Index, encoder: Encoder | None) -> None:
        self.where = where
        self.store = store
        self.index = index
        self.encoder = encoder
        self.library = Library(store=store, index=index, encoder=encoder)

    @classmethod
    def open(cls, address: str | None = None, *, semantic: bool = True) -> Self:
        """The library at `address`, for reading.

        Raises VademecumError where there is none, StoreError or IndexDamagedError, each with the mend.
        """
        where = held(address)
        store = Store.open(where.address, read_only=True)
        try:
            encoder = Encoder.load() if semantic else None
            index = Index.open(where.index, store, encoder=encoder)
        except BaseException:
            store.close()
            raise
        return cls(where, store, index, encoder)

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writer of the same library, over a connection of its own."""
        with Store.open(self.where.address) as store:
            yield store.writer()

    @property
    def by_meaning(self) -> bool:
        """Whether search by meaning is possible: an encoder, and vectors made by it."""
        return self.library.by_meaning

    def search(
        self, text: str, filters: Filters | None = None, *, limit: int = 10, mode: Mode = Mode.DEFAULT
    ) -> list[Hit]:
        """The sources that bear most on `text`, each with its best passage; the index is taken as last published."""
        self.index.refresh(self.store, encoder=self.encoder)
        return search(self.library, text, filters or Filters(), limit=limit, mode=mode)

    def digest(self, question: str, *, names: Sequence[Sequence[str]] = ()) -> Digest:
        """Quotations that bear on a question, from passages that name at least one of each group of `names`."""
        self.index.refresh(self.store, encoder=self.encoder)
        return digest(self.library, question, names=names)

    def findings(self, row: SourceRow) -> tuple[Finding, ...]:
        """What a source's preferred text asserts: as mined before, or now."""
        return findings_of(self.store, row)

    def states(self, sources: Iterable[Source]) -> dict[str, tuple[SourceState, str | None]]:
        """Of other sources, by key, those that the library knows to be retracted, doubted, corrected or replaced."""
        return self.store.states({source.key: Identifiers(pmid=source.pmid, doi=source.doi) for source in sources})
