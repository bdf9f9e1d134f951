"""Plain text and Markdown: local protocols, notes, guidelines.

Markdown is rendered by markdown-it and read as a page, so that headings, lists, tables and hidden parts follow one set
of rules. Plain text keeps its lines; only lines broken for width are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from lxml import etree
from markdown_it import MarkdownIt

from vademecum.errors import ImportFileError
from vademecum.literature.formats import hidden, html, ids
from vademecum.literature.formats import stream as source
from vademecum.literature.formats.blocks import Blocks
from vademecum.literature.formats.markup import document, words
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Record, RecordKind, Section

SIZE_LIMIT = 8_000_000  # characters; a book of 1,500 pages has half of that
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|\|.*\|\s*\n\|?\s*:?-{3,})", re.MULTILINE)
_FRONT = re.compile(r"---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_PAIR = re.compile(r"(\w+):\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
_TIMES = re.compile(r"(?<=[\w)\]])\*+(?=[\w(\[])")  # "2*3*4": emphasis would leave "234"
_WRAPPED = 60  # characters; a shorter line was ended on purpose
_OWN_LINE = re.compile(r"\s*(?:[-•*–+‣▪■]|\(?\w{1,3}[.)])\s|.*(?:\t| {3,}|\|)")
_TITLE_LIMIT = 160


def read(stream: BinaryIO, name: str | None = None) -> Iterator[Record]:
    """One record for the file; `name` is the file's, for its suffix and as the title of a text that has none.

    Raises ImportFileError for a text that is not UTF-8, is too long or holds no words.
    """
    text = source.text(stream, SIZE_LIMIT)
    suffix = PurePath(name or "").suffix.lower()
    stem = PurePath(name).stem if name else ""
    front = _FRONT.match(text)
    marked = suffix in _MARKDOWN_NAMES or (suffix != ".txt" and bool(front or _MARKDOWN.search(text)))
    record = _marked(text, stem) if marked else _lines(text, stem)
    if not any(any(map(str.isalnum, section.text)) for section in record.sections):
        raise ImportFileError("the text holds no words")
    yield tidy(record)


def _marked(text: str, name: str) -> Record:
    front = _FRONT.match(text)
    about = dict(_PAIR.findall(front[1])) if front else {}
    body = _TIMES.sub(lambda stars: stars[0].replace("*", r"\*"), text[front.end() :] if front else text)
    try:
        page = MarkdownIt("commonmark").enable("table").render(body)
    except RecursionError:
        raise ImportFileError("Markdown nested too deep") from None
    if not squeeze(page):
        raise ImportFileError("the text holds no words")
    root = document(f"<body>{page}</body>", comments=True)
    heading = next(filter(None, (words(element) for element in root.iter("h1", "h2", "h3"))), "")
    flags = [*html.active(root), *html.comments(root)]
    for comment in list(root.iter(etree.Comment)):
        hidden.drop(comment)
    flags += hidden.flags(root)
    blocks = Blocks()
    blocks.walk(root)
    sections = blocks.finish()
    return Record(
        kind=RecordKind.DOCUMENT,
        title=squeeze(about.get("title", "")) or heading or name,
        ids=Identifiers(doi=ids.doi(about.get("doi"))),
        sections=sections,
        authors=tuple(filter(None, [squeeze(about.get("author", ""))])),
        year=ids.year(about.get("date")),
        tables=blocks.tables,
        revised=about["date"] if re.fullmatch(r"\d{4}-\d\d-\d\d", about.get("date", "")) else None,
        flags=(*flags, *blocks.flags()),
    )


def _lines(text: str, name: str) -> Record:
    lines = [line.rstrip() for line in text.replace("\f", "\n").split("\n")]
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    alone = len(lines) <= first + 1 or not lines[first + 1].strip()
    opening = squeeze(lines[first]) if lines else ""
    title = opening if alone and 0 < len(opening) <= _TITLE_LIMIT and opening[-1] not in ".;," else name
    paragraphs = "\n".join(lines).split("\n\n")
    joined = (_unwrapped(paragraph.split("\n")) for paragraph in paragraphs)
    body = "\n".join(paragraph for paragraph in joined if paragraph)
    return Record(
        kind=RecordKind.DOCUMENT,
        title=title,
        sections=(Section(text=body),) if body else (),
        flags=tuple(_columns(lines)),
    )


def _unwrapped(lines: list[str]) -> str:
    """A paragraph with lines broken for width joined; list items and rows of columns keep their own line."""
    kept: list[str] = []
    previous = ""
    for line in filter(str.strip, lines):
        stands_alone = _OWN_LINE.match(line) or (_OWN_LINE.match(previous) and "  " in previous.strip())
        if kept and len(previous) >= _WRAPPED and not stands_alone:
            kept[-1] = f"{kept[-1]} {squeeze(line)}"
        else:
            kept.append(_spaced(line))
        previous = line
    return "\n".join(kept)


def _spaced(line: str) -> str:
    """One line, its columns kept apart by a bar that reads as a boundary."""
    return " | ".join(filter(None, map(squeeze, re.split(r"\t| {3,}", line.strip()))))


def _columns(lines: list[str]) -> Iterator[Flag]:
    rows = sum(bool(re.search(r"\S(?:\t| {3,})\S", line)) for line in lines)
    if rows >= 2:
        yield Flag("table-without-headings", f"{rows} lines look like rows of a table; their headings are not attached")
