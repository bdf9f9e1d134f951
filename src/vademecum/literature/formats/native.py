"""Records as `vade export` writes them: JSON lines that hold everything a library knew of a work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.records import Item

LINE_LIMIT = 16_000_000  # bytes; a full text with its tables is far below
_DECODER = msgspec.json.Decoder(Item, strict=True)


def read(stream: BinaryIO) -> Iterator[Item]:
    """Items in file order. Raises ImportFileError naming the line for one that is no record."""
    number = 0
    while line := stream.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT:
            raise ImportFileError(f"line {number}: longer than {LINE_LIMIT:,} bytes")
        if not line.strip():
            continue
        try:
            yield _DECODER.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ImportFileError(f"line {number}: not a record of vade export: {error}") from None
