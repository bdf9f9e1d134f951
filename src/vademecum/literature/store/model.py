"""What the store hands out and takes in: sources, passages, links, progress marks and counts."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vademecum.evidence.model import SourceState
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.records import Identifiers, LinkKind, Record, RecordKind

UNREVIEWED = "unreviewed"  # the trust tier of everything imported; a person raises it, an import never does


class SourceRow(msgspec.Struct, frozen=True):
    """One work, as its preferred current version tells it."""

    id: int  # stable
    record: Record  # without sections: the text is in the version's document
    kind: RecordKind
    appraisal: Appraisal
    state: SourceState
    state_note: str | None
    deleted: bool
    version: int  # id of the current version; of the last one when deleted
    changed: int  # place in the change feed, strictly increasing, unique
    imported: str  # ISO time


class StoredPassage(msgspec.Struct, frozen=True):
    """A stretch of a current version: `text == document(version).text[start:end]`."""

    id: int  # kept while the text stays in its source
    source: int
    version: int
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    code: str | None
    hash: str


class IndexedSource(msgspec.Struct, frozen=True):
    """What an index needs of a source at one change."""

    source: SourceRow
    passages: tuple[StoredPassage, ...]  # of every current version, the preferred one first; empty when deleted


class StoredLink(msgspec.Struct, frozen=True):
    """One statement that a work was retracted, doubted, corrected or replaced, seen from the work concerned."""

    kind: LinkKind  # RETRACTED_BY, CONCERN_BY, CORRECTED_BY, UPDATED_BY or REPUBLISHED_AS
    about: Identifiers
    by: Identifiers
    about_source: int | None  # None: the work is not in the library
    by_source: int | None
    stated_by: int | None  # the source whose record says so; None for a register
    register: str | None = None
    citation: str | None = None
    date: str | None = None
    reasons: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """How far a unit has come; stored in the same transaction as the items it counts."""

    unit: str  # its name: a file, a member of an archive, a download
    fingerprint: str  # of its content
    items: int  # items of the unit taken in so far, this batch included
    done: bool = False
    collection: str = ""  # file-own ids are unique within it; the unit's name when empty


class UnitState(StrEnum):
    OPEN = "open"  # committed in part: a long unit, resumed after `items`
    DONE = "done"
    FAILED = "failed"


class UnitRow(msgspec.Struct, frozen=True):
    """What is known of a unit seen before."""

    name: str
    fingerprint: str
    state: UnitState
    items: int  # of these, all are stored
    error: str | None
    updated: str  # ISO time


class PutReport(msgspec.Struct, frozen=True):
    """What one transaction changed."""

    items: int = 0
    added: int = 0  # new sources
    updated: int = 0  # new versions of known sources
    unchanged: int = 0  # records already held, or older than what is held
    deleted: int = 0  # withdrawn by their publisher
    merged: int = 0  # pairs of sources found to be one work
    notices: int = 0  # new statements of a register

    def __add__(self, other: PutReport) -> PutReport:
        fields = self.__struct_fields__
        return PutReport(**{name: getattr(self, name) + getattr(other, name) for name in fields})


class SourceFilter(msgspec.Struct, frozen=True):
    """Which sources a list shows; an empty filter is all that are not deleted."""

    text: str | None = None  # words of the title, all of them, in any order and case
    kinds: tuple[RecordKind, ...] = ()
    states: tuple[SourceState, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    identifier: str | None = None  # a PMID, DOI, PMCID, NCT number or set id, as written in a record
    deleted: bool = False  # show the deleted ones instead


class Register(msgspec.Struct, frozen=True):
    """How fresh what we know from a register is."""

    name: str
    imported: str  # ISO time of the last import
    newest: str | None  # date of its newest notice
    notices: int


class Stats(msgspec.Struct, frozen=True):
    """Counts over the library."""

    sources: int
    deleted: int
    versions: int
    passages: int
    kinds: dict[str, int]
    states: dict[str, int]
    designs: dict[str, int]
    years: dict[int, int]
    mined: int  # current versions with findings by the newest rules
    unresolved_links: int  # statements about works that are not in the library
    bytes: int | None  # on disk
    last_import: str | None
    registers: tuple[Register, ...]


class Seen(msgspec.Struct, frozen=True):
    """A source as a watch last saw it."""

    source: int
    version: int
    state: SourceState


class Watch(msgspec.Struct, frozen=True):
    """A question that is asked again after each import."""

    name: str
    question: str
    filters: str  # JSON of the search's filters
    created: str  # ISO time
    ran: str | None = None  # ISO time; None when it was never run
    seen: tuple[Seen, ...] = ()
