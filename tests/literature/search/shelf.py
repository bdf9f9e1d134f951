"""A library of a few made-up records, built through the real store and index."""

from __future__ import annotations

from pathlib import Path

from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document
from vademecum.literature.encoder import Encoder
from vademecum.literature.index import Index
from vademecum.literature.records import Identifiers, Item, Record, RecordKind, Section
from vademecum.literature.search import Library
from vademecum.literature.store import Store


def paper(name: str, title: str, text: str, kind: RecordKind = RecordKind.CITATION, year: int | None = None) -> Record:
    """One work with one stretch of text; `name` is how tests recognise it."""
    return Record(kind=kind, title=title, ids=Identifiers(pmid=name), sections=(Section(text=text),), year=year)


def build(folder: Path, *items: Item, encoder: Encoder | None = None) -> Library:
    """Store and index of the items."""

    def appraise(record: Record, document: Document) -> Appraisal:
        return Appraisal()

    store = Store.open(f"sqlite:///{folder / 'library.db'}")
    store.writer(appraise).put(items)
    index = Index.open(folder / "index", store, encoder=encoder)
    index.update(store, encoder=encoder)
    return Library(store=store, index=index, encoder=encoder)
