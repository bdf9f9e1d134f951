"""What an importer hands on: one record per work, as one file tells it.

A record keeps the file's own words. Nothing is inferred here: design, grade and statements are read from a record
later, by rules that can be run again. Offsets count characters of `Section.text`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class RecordKind(StrEnum):
    """What sort of document the file holds."""

    CITATION = "citation"  # bibliographic data, usually with an abstract
    FULL_TEXT = "full_text"
    LABEL = "label"
    TRIAL_REGISTRATION = "trial_registration"
    GUIDELINE = "guideline"
    DOCUMENT = "document"  # plain text, Markdown, HTML or PDF of unknown standing


class Identifiers(msgspec.Struct, frozen=True, omit_defaults=True):
    """The identifiers a file states, normalised in form only: DOI lower-cased without a resolver, PMCID with "PMC"."""

    pmid: str | None = None
    pmcid: str | None = None
    doi: str | None = None
    nct: str | None = None  # ClinicalTrials.gov
    set_id: str | None = None  # DailyMed: one label through all its versions
    other: str | None = None  # the file's own id when it has no public one


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of text under one heading."""

    text: str
    path: tuple[str, ...] = ()  # headings from the outermost inwards, as printed
    code: str | None = None  # LOINC of a label section, NlmCategory of an abstract section


class LinkKind(StrEnum):
    """How one work bears on another. Names follow MEDLINE's CommentsCorrections."""

    RETRACTION_OF = "retraction_of"
    RETRACTED_BY = "retracted_by"
    CONCERN_ABOUT = "concern_about"
    CONCERN_BY = "concern_by"
    CORRECTION_TO = "correction_to"
    CORRECTED_BY = "corrected_by"
    UPDATES = "updates"
    UPDATED_BY = "updated_by"
    REPUBLISHED_AS = "republished_as"
    REPUBLISHED_FROM = "republished_from"


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A statement in the file that another work retracts, corrects or replaces this one, or the reverse."""

    kind: LinkKind
    pmid: str | None = None
    doi: str | None = None
    citation: str | None = None  # as printed


class Heading(msgspec.Struct, frozen=True, omit_defaults=True):
    """A MeSH descriptor given by an indexer."""

    name: str
    ui: str | None = None
    major: bool = False
    qualifiers: tuple[str, ...] = ()


class Flag(msgspec.Struct, frozen=True):
    """Something a person should know before trusting the text: hidden words, active content, a doubtful sign."""

    code: str
    message: str


class Record(msgspec.Struct, frozen=True, omit_defaults=True, tag="record"):
    """One work. Absent means the file did not say."""

    kind: RecordKind
    title: str
    ids: Identifiers = Identifiers()
    sections: tuple[Section, ...] = ()
    authors: tuple[str, ...] = ()  # "Family GG", or the name of a body
    journal: str | None = None
    journal_abbreviation: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    year: int | None = None
    language: str | None = None  # ISO 639-2 as MEDLINE gives it ("eng")
    publication_types: tuple[str, ...] = ()
    mesh: tuple[Heading, ...] = ()
    keywords: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    registrations: tuple[str, ...] = ()  # trial numbers the work itself reports
    references: int = 0
    tables: int = 0
    figures: int = 0
    version: str | None = None  # of the record: PMID version, label version
    revised: str | None = None  # ISO date of the last revision
    url: str | None = None
    flags: tuple[Flag, ...] = ()


class Deletion(msgspec.Struct, frozen=True, tag="deletion"):
    """The publisher of the file withdraws a record it sent before (MEDLINE update files)."""

    pmid: str


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, tag="notice"):
    """A register (Retraction Watch, Crossref) says that a work was retracted, corrected or put in doubt."""

    kind: LinkKind  # RETRACTED_BY, CONCERN_BY, CORRECTED_BY or REPUBLISHED_AS, seen from `about`
    about: Identifiers
    notice: Identifiers = Identifiers()
    date: str | None = None  # ISO
    reasons: tuple[str, ...] = ()
    register: str | None = None  # "Retraction Watch", "Crossref"


Item = Record | Deletion | Notice
"""What a format reader yields, in file order."""
