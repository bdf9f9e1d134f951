"""One text per record, and its passages: every later span counts characters of this text.

A passage is what search returns and a quotation is cut from. `text == document.text[start:end]` holds for every
section and passage; a changed text is a new version of the source, so a span never drifts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import msgspec

from vademecum.literature.records import Record, RecordKind, Section

JOIN = "\n\n"
ABSTRACT_LIMIT = 4_000  # characters; an abstract is one passage unless it is longer than nearly all are
PASSAGE_LIMIT = 1_600  # characters of a longer document: about 250 words, what the sentence encoder reads at once
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9(\[])|\n+")


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where one section of the record lies in the document's text."""

    start: int
    end: int
    path: tuple[str, ...] = ()
    code: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A record's text in one piece; headings are in `parts`, not in the text."""

    text: str
    parts: tuple[Part, ...]


class Passage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stretch of a document: `text == document.text[start:end]`."""

    start: int
    end: int
    text: str
    path: tuple[str, ...] = ()  # headings it lies under; () when it spans several
    code: str | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of the text, in hex: what a certificate or a cached vector is keyed by."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def document(record: Record) -> Document:
    """The text of a record: its sections joined by a blank line, empty ones left out.

    A record without any (a third of PubMed has no abstract) is its title, so that it can be found and cited.
    """
    parts: list[Part] = []
    at = 0
    kept: list[Section] = [section for section in record.sections if section.text]
    if not kept and record.title:
        kept = [Section(text=record.title)]
    for section in kept:
        end = at + len(section.text)
        parts.append(Part(start=at, end=end, path=section.path, code=section.code))
        at = end + len(JOIN)
    return Document(text=JOIN.join(section.text for section in kept), parts=tuple(parts))


def passages(record: Record, body: Document) -> tuple[Passage, ...]:
    """The passages of a document, in order, without overlap; white space between them belongs to none.

    An abstract is one passage. Longer documents are cut at sections, and long sections at sentence ends.
    """
    if record.kind is RecordKind.CITATION and 0 < len(body.text) <= ABSTRACT_LIMIT:
        only = body.parts[0] if len(body.parts) == 1 else None
        return (
            Passage(
                start=0,
                end=len(body.text),
                text=body.text,
                path=only.path if only else (),
                code=only.code if only else None,
            ),
        )
    return tuple(
        Passage(start=start, end=end, text=body.text[start:end], path=part.path, code=part.code)
        for part in body.parts
        for start, end in _cut(body.text, part.start, part.end)
    )


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most PASSAGE_LIMIT characters, cut at sentence ends, else at a space, else anywhere."""
    while end - start > PASSAGE_LIMIT:
        window_end = start + PASSAGE_LIMIT
        cuts = [(match.start(), match.end()) for match in _SENTENCE_END.finditer(text, start + 1, window_end)]
        if not cuts:
            space = text.rfind(" ", start + 1, window_end)
            cuts = [(space, space + 1)] if space > start else [(window_end, window_end)]
        stop, next_start = cuts[-1]
        yield start, stop
        start = next_start
    if end > start:
        yield start, end
