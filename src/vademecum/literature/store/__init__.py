"""The library's database: sources, their versions and passages, findings, and what retracts or replaces what."""

from vademecum.literature.store.library import Store
from vademecum.literature.store.model import (
    IndexedSource,
    Mark,
    PutReport,
    Register,
    Seen,
    SourceFilter,
    SourceRow,
    Stats,
    StoredLink,
    StoredPassage,
    UnitRow,
    UnitState,
    Watch,
)
from vademecum.literature.store.writer import Writer

__all__ = [
    "IndexedSource",
    "Mark",
    "PutReport",
    "Register",
    "Seen",
    "SourceFilter",
    "SourceRow",
    "Stats",
    "Store",
    "StoredLink",
    "StoredPassage",
    "UnitRow",
    "UnitState",
    "Watch",
    "Writer",
]
