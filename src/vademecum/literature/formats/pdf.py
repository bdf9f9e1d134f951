"""Guidelines and other documents in PDF.

A PDF holds letters drawn at places, not text: words can be drawn where nobody sees them, and a font can show another
letter than it stores. Hidden words are taken out and flagged, and every record says that no dose may be taken from
such a text alone. The process that runs this has limits of memory and time (`literature.intake`).
"""

from __future__ import annotations

import logging
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from pypdf import PdfReader, apply_configuration
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ids, pdf_layout
from vademecum.literature.formats.pdf_page import Page, read_page
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Record, RecordKind

SIZE_LIMIT = 200_000_000  # bytes of the file
PAGE_LIMIT = 5_000
TEXT_LIMIT = 32_000_000  # characters
STREAM_LIMIT = 32_000_000  # bytes one compressed part may unpack to
COMMAND_LIMIT = 1_000_000  # words of one page's drawing commands
_TAIL = 2_048  # bytes in which the end mark must stand
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMediaExecute", "/Rendition", "/Movie"}
)
_ATTACHED = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D", "/Sound"})
_TRUST = "the text of a PDF need not be what is seen on its pages; no dose is taken from it alone"
_BROKEN = (
    *(PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError),
    *(NotImplementedError, OSError, zlib.error, struct.error),
)

logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False


def read(stream: BinaryIO, name: str | None = None) -> Iterator[Record]:
    """One record for the document; `name` is the title of one that states none.

    Raises ImportFileError for what is no PDF, damaged, encrypted, over a limit, or only pictures of pages.
    """
    raw = stream.read(SIZE_LIMIT + 1)
    _check(raw)
    with apply_configuration(
        maximum_declared_stream_length=STREAM_LIMIT * 2,
        array_based_stream_maximum_output_length=STREAM_LIMIT,
        zlib_maximum_output_length=STREAM_LIMIT,
        lzw_maximum_output_length=STREAM_LIMIT,
        run_length_maximum_output_length=STREAM_LIMIT,
        stream_decoding_work_maximum_length=STREAM_LIMIT * 4,
        stream_parsing_work_maximum_count=COMMAND_LIMIT,
    ):
        record = _record(raw, name)
    yield tidy(record)


def _check(raw: bytes) -> None:
    if len(raw) > SIZE_LIMIT:
        raise ImportFileError(f"the file is larger than {SIZE_LIMIT:,} bytes")
    if b"%PDF-" not in raw[:1024]:
        raise ImportFileError("not a PDF: the file does not start with %PDF")
    if b"%%EOF" not in raw[-_TAIL:]:
        raise ImportFileError("the PDF is cut short: its end mark (%%EOF) is missing; download it again")


def _record(raw: bytes, name: str | None) -> Record:
    try:
        reader = PdfReader(BytesIO(raw), strict=False)
        if reader.is_encrypted:
            raise ImportFileError("the PDF is encrypted; save a copy without password and restrictions")
        count = len(reader.pages)
        active = _active(reader)
        about = {key: squeeze(str(value)) for key, value in dict(reader.metadata or {}).items()}
    except _BROKEN as error:
        raise _damaged("", error) from None
    if count > PAGE_LIMIT:
        raise ImportFileError(f"the PDF has {count:,} pages; at most {PAGE_LIMIT:,} are read")
    pages = list(_pages(reader, count))
    sections = pdf_layout.sections(pages)
    if not any(any(map(str.isalnum, section.text)) for section in sections):
        raise ImportFileError(
            "the PDF holds no visible text: its pages may be pictures; run text recognition on it first"
        )
    stated = about.get("/Title", "")
    title = stated if stated and not stated.lower().startswith(("microsoft word", "untitled")) else ""
    return Record(
        kind=RecordKind.DOCUMENT,
        title=title or pdf_layout.largest(pages) or name or "",
        ids=Identifiers(doi=ids.doi(about.get("/doi") or about.get("/WPS-ARTICLEDOI"))),
        sections=sections,
        authors=tuple(filter(None, [about.get("/Author", "")])),
        keywords=tuple(filter(None, map(str.strip, about.get("/Keywords", "").replace(";", ",").split(",")))),
        flags=(Flag("pdf-text", _TRUST), *_flags(pages, active)),
    )


def _pages(reader: PdfReader, count: int) -> Iterator[Page]:
    size = 0
    for number in range(count):
        try:
            page = read_page(reader.pages[number], reader)
        except _BROKEN as error:
            raise _damaged(f"page {number + 1}: ", error) from None
        size += sum(len(piece.text) for piece in page.pieces)
        if size > TEXT_LIMIT:
            raise ImportFileError(f"page {number + 1}: the text is longer than {TEXT_LIMIT:,} characters")
        yield page


def _damaged(place: str, error: BaseException) -> ImportFileError:
    return ImportFileError(f"{place}the PDF is damaged or not readable: {str(error) or type(error).__name__}")


def _flags(pages: list[Page], active: list[str]) -> Iterator[Flag]:
    if active:
        yield Flag("active-content", f"the file holds active content, which was left out: {', '.join(active)}")
    reasons = Counter(reason for page in pages for reason in page.hidden)
    if reasons:
        where = ", ".join(str(number) for number, page in enumerate(pages, start=1) if page.hidden)
        listed = ", ".join(f"{reason} ({n})" for reason, n in reasons.most_common())
        yield Flag("hidden-text", f"hidden words were taken out on page {where}: {listed}"[:500])
    recognised = [str(number) for number, page in enumerate(pages, start=1) if page.recognised]
    if recognised:
        yield Flag(
            "ocr-text", f"page {', '.join(recognised)}: recognised by a machine from a picture of the page"[:500]
        )
    blank = [str(number) for number, page in enumerate(pages, start=1) if not page.pieces]
    if blank:
        yield Flag("page-without-text", f"page {', '.join(blank)}: no text; it may be a picture"[:500])
    unread = sum(_unreadable(piece.text) for page in pages for piece in page.pieces)
    if unread:
        yield Flag("unreadable-letters", f"{unread} letters of fonts that do not say which letter they show")


def _unreadable(text: str) -> int:
    known = {"\uf0b7", "\uf0a7"}
    return sum(letter == "\ufffd" or ("\ue000" <= letter <= "\uf8ff" and letter not in known) for letter in text)


def _active(reader: PdfReader) -> list[str]:
    """What would act when the file is opened or touched in a viewer."""
    root = _dictionary(reader.trailer["/Root"])
    found: Counter[str] = Counter()
    for action in (root.get("/OpenAction"), *_dictionary(root.get("/AA")).values()):
        found.update(_kinds(action, 0))
    names = _dictionary(root.get("/Names"))
    found.update({"JavaScript": 1} if "/JavaScript" in names else {})
    found.update({"embedded file": 1} if "/EmbeddedFiles" in names else {})
    form = _dictionary(root.get("/AcroForm"))
    found.update({"XFA form": 1} if "/XFA" in form else {})
    for page in reader.pages:
        for action in _dictionary(page.get("/AA")).values():
            found.update(_kinds(action, 0))
        annotations = page.get("/Annots")
        annotations = annotations.get_object() if annotations is not None else []
        for entry in annotations if isinstance(annotations, list) else []:
            annotation = _dictionary(entry)
            for action in (annotation.get("/A"), *_dictionary(annotation.get("/AA")).values()):
                found.update(_kinds(action, 0))
            if annotation.get("/Subtype") in _ATTACHED:
                found[str(annotation["/Subtype"])[1:]] += 1
    return [f"{kind} ({n})" for kind, n in found.items()]


def _kinds(action: object, depth: int) -> Iterator[str]:
    """The kinds of an action and of those chained to it; a mere jump to a page does nothing."""
    described = _dictionary(action)
    if described.get("/S") in _ACTIONS:
        yield str(described["/S"])[1:]
    if "/Next" in described and depth < 8:
        chained = described["/Next"]
        for following in chained if isinstance(chained, list) else [chained]:
            yield from _kinds(following, depth + 1)


def _dictionary(value: object) -> DictionaryObject:
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, DictionaryObject) else DictionaryObject()
