"""BibTeX files, read with bibtexparser; LaTeX in the fields becomes Unicode (`formats.latex`)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
from bibtexparser.model import DuplicateBlockKeyBlock, Entry

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ids, latex
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.nbib import abstract_sections
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Record, RecordKind

SIZE_LIMIT = 16_000_000  # characters: bibtexparser holds the whole file several times over
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_LISTED = re.compile(r"\s*[,;]\s*")
_VERBATIM = {"url", "doi", "eprint", "pmid", "pmcid", "pmc"}  # "~" and "--" are themselves in an address
_ESCAPED = re.compile(r"\\([_&%#~])")
_PUBMED_KINDS = {"pubmed", "pmid", "medline"}

Fields = Mapping[str, str]

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())


def read(stream: BinaryIO) -> Iterator[Record]:
    """Entries in file order. Raises ImportFileError naming the line for what is not BibTeX or has no title."""
    library = _parsed(source.text(stream, SIZE_LIMIT))
    keys: set[str] = set()
    for block in library.blocks:
        entry = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
        if isinstance(entry, Entry):
            yield tidy(_record(entry, known=entry.key in keys))
            keys.add(entry.key)


def _parsed(text: str) -> Library:
    stack = [ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware()]
    try:
        library: Library = parse_string(text, parse_stack=stack)
    except (ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ImportFileError(f"not readable as BibTeX: {error}") from None
    for block in library.failed_blocks:
        if not isinstance(block, DuplicateBlockKeyBlock):
            reason = str(block.error) or "the entry does not end"
            raise ImportFileError(f"line {(block.start_line or 0) + 1}: not readable as BibTeX: {reason}")
    if not library.entries:
        raise ImportFileError("no entry found: a BibTeX entry starts with '@article{' or the like")
    return library


def _record(entry: Entry, *, known: bool) -> Record:
    line = (entry.start_line or 0) + 1
    unknown: dict[str, None] = {}
    fields = {
        name: _verbatim(value) if name in _VERBATIM else _plain(value, unknown)
        for name, value in ((field.key.lower(), str(field.value)) for field in entry.fields)
    }
    title = fields.get("title") or fields.get("booktitle")
    if not title:
        raise ImportFileError(f"line {line}: entry {entry.key!r} has no title")
    left = ", ".join(unknown)
    note = f"LaTeX left as printed, not read: {left}"
    identifiers = _identifiers(fields)
    return Record(
        kind=RecordKind.CITATION,
        title=title,
        ids=Identifiers(other=None if known else entry.key) if identifiers == Identifiers() else identifiers,
        sections=tuple(abstract_sections(fields.get("abstract", ""))),
        authors=_authors(entry, unknown),
        journal=fields.get("journal") or fields.get("journaltitle") or fields.get("booktitle"),
        volume=fields.get("volume"),
        issue=fields.get("number") or fields.get("issue"),
        pages=fields.get("pages"),
        year=ids.year(fields.get("year") or fields.get("date")),
        language=fields.get("language") or fields.get("langid"),
        keywords=tuple(filter(None, _LISTED.split(fields.get("keywords", "")))),
        url=fields.get("url"),
        flags=(Flag(code="latex", message=note),) if left else (),
    )


def _plain(value: str, unknown: dict[str, None]) -> str:
    words, left = latex.plain(value)
    unknown.update(dict.fromkeys(left))
    return squeeze(words)


def _verbatim(value: str) -> str:
    return _ESCAPED.sub(r"\1", value).strip("{} \t\n")


def _authors(entry: Entry, unknown: dict[str, None]) -> tuple[str, ...]:
    """Names as printed, split at "and" before braces go: "{Ben and Co}" is one body."""
    field = next((field for field in entry.fields if field.key.lower() in {"author", "editor"}), None)
    if field is None:
        return ()
    names: list[str] = []
    for part in _AND.split(squeeze(str(field.value))):
        if names and names[-1].count("{") > names[-1].count("}"):
            names[-1] = f"{names[-1]} and {part}"
        else:
            names.append(part)
    return tuple(filter(None, (_plain(name, unknown) for name in names)))


def _identifiers(fields: Fields) -> Identifiers:
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    eprint = fields.get("eprint") if archive in _PUBMED_KINDS else None
    url = fields.get("url", "")
    return Identifiers(
        pmid=ids.pmid(fields.get("pmid") or eprint) or ids.pmid_of_url(url),
        pmcid=ids.pmcid(fields.get("pmcid") or fields.get("pmc")),
        doi=ids.doi(fields.get("doi")) or ids.doi(url),
    )
