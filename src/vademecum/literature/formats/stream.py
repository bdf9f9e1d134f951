"""The text of a file: one strict reading of bytes for every line- or character-based format.

Only UTF-8, and UTF-16 that says so with a byte order mark. A byte that does not fit is an error with its line, never a
replacement character: a mis-read micro sign makes 50 µg into 50 g.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from vademecum.errors import ImportFileError

LINE_LIMIT = 200_000  # characters in one line or field; the longest abstract in PubMed is far below
TEXT_LIMIT = 32_000_000  # characters of a document that has to be held whole
_CHUNK = 1 << 18
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def pieces(stream: BinaryIO) -> Iterator[str]:
    """The text in pieces, without the byte order mark, every line end as "\\n".

    Raises ImportFileError naming the line for a wrong byte or a NUL.
    """
    raw = stream.read(_CHUNK)
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "utf-8")
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("strict"), translate=True)
    line = 1
    while True:
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            at = line + error.object[: error.start].count(b"\n")
            wrong = error.object[error.start : error.start + 1].hex()
            raise ImportFileError(
                f"line {at}: byte 0x{wrong} is not {encoding.removesuffix('-sig').upper()}; save the file as UTF-8"
            ) from None
        if "\0" in text:
            at = line + text[: text.index("\0")].count("\n")
            raise ImportFileError(f"line {at}: holds a NUL character; the file is damaged or not text")
        line += text.count("\n")
        if text:
            yield text
        if not raw:
            return
        raw = stream.read(_CHUNK)


def lines(stream: BinaryIO, limit: int = LINE_LIMIT) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends. Raises ImportFileError for a line over `limit` characters."""
    number, rest = 1, ""
    for piece in pieces(stream):
        *whole, rest = (rest + piece).split("\n")
        for line in whole:
            yield number, _limited(line, number, limit)
            number += 1
        _limited(rest, number, limit)
    if rest:
        yield number, rest


def text(stream: BinaryIO, limit: int = TEXT_LIMIT) -> str:
    """The whole text. Raises ImportFileError when it is longer than `limit` characters."""
    parts: list[str] = []
    size = 0
    for piece in pieces(stream):
        size += len(piece)
        if size > limit:
            raise ImportFileError(f"the text is longer than {limit:,} characters; split the file")
        parts.append(piece)
    return "".join(parts)


def _limited(line: str, number: int, limit: int) -> str:
    if len(line) > limit:
        raise ImportFileError(f"line {number}: longer than {limit:,} characters")
    return line
