"""The table of file formats, and which of them a file is in.

What a file holds decides; its name only where text could be anything (plain text, Markdown). A reader's module is
imported when it is first asked for.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats.sniff import decoded, json_paths, xml_root
from vademecum.literature.records import Item

HEAD = 65_536
"""Bytes of the start of a file that `detect` needs."""

_HERE = "vademecum.literature.formats"

Reader = Callable[[BinaryIO], Iterator[Item]]


class Format(msgspec.Struct, frozen=True):
    """One file format and the module that reads it."""

    name: str
    description: str
    suffixes: tuple[str, ...]
    module: str
    whole: bool = False  # one file is one document, read in one piece: the file's size is limited
    pace: float = 2.0  # seconds of processor time allowed for each megabyte, beside a fixed start

    def reader(self) -> Reader:
        """The module's `read`. Raises ImportFileError when it is not part of this installation."""
        try:
            read: Reader = importlib.import_module(self.module).read
        except (ImportError, AttributeError) as error:
            raise ImportFileError(f"the reader of {self.description} cannot be loaded: {error}") from None
        return read


_TABLE = (
    Format("medline", "PubMed/MEDLINE XML", (".xml",), f"{_HERE}.medline"),
    Format("jats", "JATS full text XML", (".nxml", ".xml"), f"{_HERE}.jats", whole=True),
    Format("spl", "drug label XML (SPL, DailyMed)", (".xml",), f"{_HERE}.spl", whole=True),
    Format("nbib", "PubMed tagged text", (".nbib", ".txt"), f"{_HERE}.nbib"),
    Format("ris", "RIS", (".ris", ".txt"), f"{_HERE}.ris"),
    Format("bibtex", "BibTeX", (".bib", ".bibtex"), f"{_HERE}.bibtex", pace=8.0),
    Format("openfda", "openFDA drug label JSON", (".json",), f"{_HERE}.openfda"),
    Format("ctgov", "ClinicalTrials.gov v2 JSON", (".json",), f"{_HERE}.ctgov"),
    Format("europepmc", "Europe PMC search results", (".json", ".xml"), f"{_HERE}.europepmc"),
    Format("html", "HTML", (".html", ".htm", ".xhtml"), f"{_HERE}.html", whole=True),
    Format("pdf", "PDF", (".pdf",), f"{_HERE}.pdf", whole=True, pace=12.0),
    Format("plain", "plain text or Markdown", (".txt", ".text", ".md", ".markdown"), f"{_HERE}.plain", whole=True),
    Format("beir", "JSON lines with _id, title and text", (".jsonl", ".ndjson"), f"{_HERE}.beir"),
    Format("native", "JSON lines of vade export", (".jsonl",), f"{_HERE}.native"),
    Format("notices", "Retraction Watch CSV or Crossref JSON", (".csv", ".json"), f"{_HERE}.notices"),
)
FORMATS = MappingProxyType({entry.name: entry for entry in _TABLE})
_ALIASES = {"pubmed": "medline", "pmc": "jats", "dailymed": "spl", "markdown": "plain", "text": "plain"}
_ALIASES |= {"bib": "bibtex", "retractionwatch": "notices", "crossref": "notices", "clinicaltrials": "ctgov"}

_ROOTS = {
    "PubmedArticleSet": "medline",
    "PubmedArticle": "medline",
    "article": "jats",
    "pmc-articleset": "jats",
    "OAI-PMH": "jats",
    "responseWrapper": "europepmc",
}
_HTML_TAGS = frozenset(
    {"head", "body", "div", "main", "article", "section", "nav", "header", "h1", "h2", "p", "ul", "ol", "table"}
)
_SPL = "urn:hl7-org:v3"
_XHTML = "http://www.w3.org/1999/xhtml"
_PATHS = (
    (
        "openfda",
        ("results.openfda", "results.spl_product_data_elements", "results.set_id", "spl_product_data_elements"),
    ),
    ("ctgov", ("protocolSection", "studies.protocolSection")),
    ("europepmc", ("resultList", "resultList.result", "hitCount")),
    ("notices", ("message.items", "message.update-to", "message.updated-by", "update-to", "updated-by")),
)
_NATIVE = ('{"type":"record"', '{"type":"notice"')
_RETRACTION_WATCH = re.compile(r'"?Record ID"?,"?Title"?,')
_RIS = re.compile(r"(?:^|\n)TY  - ?[A-Z]{2,}")
_NBIB = re.compile(r"(?:^|\n)PMID- ?\d")
_BIBTEX = re.compile(r"^[ \t]*@(?:(?:string|comment|preamble)\s*[{(]|[a-z]+\s*[{(]\s*[^\s,{}]+\s*,)", re.I | re.M)
_DOCTYPE = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def named(name: str) -> Format:
    """The format a person named. Raises ImportFileError with the names there are."""
    entry = FORMATS.get(_ALIASES.get(name.lower(), name.lower()))
    if entry is None:
        raise ImportFileError(f"unknown format {name!r}; formats: {', '.join(FORMATS)}")
    return entry


def detect(name: str, head: bytes) -> str:
    """The name of the format of a file, from its first bytes and, for text, its name.

    Raises ImportFileError saying what was looked at and how to name a format.
    """
    if head.lstrip().startswith(b"%PDF-") or (name.lower().endswith(".pdf") and b"%PDF-" in head[:1024]):
        return "pdf"
    text = decoded(head)
    found = text is not None and (_of_content(name.lower(), text.lstrip()) or _plain(name.lower(), text))
    if not found:
        raise ImportFileError(f"{_seen(head, text)}; formats: {', '.join(FORMATS)}; name one with --as")
    return found


def _of_content(name: str, start: str) -> str | None:
    if start.startswith("<"):
        return _of_markup(name, start)
    if start.startswith(("{", "[")):
        return _of_json(start)
    if _RETRACTION_WATCH.match(start):
        return "notices"
    early = start[:4096]
    if _NBIB.search(early):
        return "nbib"
    if _RIS.search(early):
        return "ris"
    return "bibtex" if not name.endswith((".md", ".markdown")) and _BIBTEX.search(start) else None


def _of_markup(name: str, start: str) -> str | None:
    root = xml_root(start)
    page = name.endswith(FORMATS["html"].suffixes)
    if root is None:
        return "html" if _DOCTYPE.match(start) else None
    if root.namespace == _SPL:
        return "spl" if root.tag == "document" else None
    if _DOCTYPE.match(start) or root.namespace == _XHTML or root.tag.lower() == "html":
        return "html"
    if page and root.tag.lower() in _HTML_TAGS and "<front" not in start:
        return "html"
    return _ROOTS.get(root.tag)


def _of_json(start: str) -> str | None:
    paths = json_paths(start)
    if {"_id", "text"} <= paths:
        return "beir"
    if start.startswith(_NATIVE):
        return "native"
    return next((found for found, wanted in _PATHS if "$schema" not in paths and paths & set(wanted)), None)


def _plain(name: str, text: str) -> str | None:
    """Text that says nothing of itself counts as text when its name does, and nothing in it is not text."""
    if not name.endswith(FORMATS["plain"].suffixes) or not text.strip() or _CONTROL.search(text):
        return None
    start = text.lstrip()
    structured = xml_root(start) if start.startswith("<") else start.startswith(("{", "[")) and json_paths(start)
    return None if structured and not name.endswith((".md", ".markdown")) else "plain"


def _seen(head: bytes, text: str | None) -> str:
    """What the start of an unknown file looks like."""
    if not head.strip():
        return "the file is empty"
    if text is None:
        return "not text in a known encoding, and not PDF"
    start = text.lstrip()
    if start.startswith("<"):
        root = xml_root(start)
        return f"XML with the root {root.tag[:60]!r}, which no format has" if root else "markup without a root element"
    if start.startswith(("{", "[")):
        keys = sorted(key[:40] for key in json_paths(start) if "." not in key)
        return f"JSON with the keys {keys[:6]}, which no format has"
    return "no RIS, PubMed or BibTeX tags, no Retraction Watch heading, and the name does not say that it is text"
