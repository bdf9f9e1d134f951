"""Real XML files for the reader tests, and citations and articles in as few words as a test needs."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import pytest

from vademecum.literature.formats import jats, spl
from vademecum.literature.records import Record

BENCH = Path(__file__).parents[3] / ".." / "shared" / "bench"
T = TypeVar("T")


def sample(name: str) -> BinaryIO:
    """A file of ../shared/bench/samples, unpacked."""
    path = BENCH / "samples" / name
    if not path.is_file():
        pytest.skip("needs ../shared/bench/samples")
    data = path.read_bytes()
    return io.BytesIO(gzip.decompress(data) if name.endswith(".gz") else data)


def expected(name: str) -> dict[str, Any]:
    """Facts of a sample, read from it by other means."""
    path = BENCH / "samples" / "expected.json"
    if not path.is_file():
        pytest.skip("needs ../shared/bench/samples")
    facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))[name]
    return facts


def read(reader: Callable[[BinaryIO], Iterator[T]], text: str | bytes) -> list[T]:
    """All a reader makes of a text."""
    return list(reader(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def article(body: str = "", *, meta: str = "", back: str = "", attributes: str = "") -> Record:
    """The record of a JATS article with this body."""
    xlink = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="http://www.w3.org/1998/Math/MathML"'
    front = f"<front><article-meta>{meta}</article-meta></front>"
    (record,) = read(
        jats.read, f"<article {xlink} {attributes}>{front}<body>{body}</body><back>{back}</back></article>"
    )
    return record


def label(sections: str, *, head: str = "") -> Record:
    """The record of a drug label with these components."""
    body = f"<component><structuredBody>{sections}</structuredBody></component>"
    (record,) = read(spl.read, f'<document xmlns="urn:hl7-org:v3">{head}{body}</document>')
    return record


def text(record: Record) -> str:
    """All sections, a blank line between them."""
    return "\n\n".join(section.text for section in record.sections)
