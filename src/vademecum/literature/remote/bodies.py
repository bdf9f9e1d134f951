"""What a service sent, judged before anyone uses it: unpacked within bounds, of the expected kind, and whole.

A service that is ill often says so with status 200: a web page, an ERROR element, {"error": ...}. And a length that is
too small cuts a body without any sign of it in the protocol, so a body must also end as its format ends.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from vademecum.errors import RemoteError

_BLOCK = 1 << 20
_RATIO_FLOOR = 8 << 20  # a small body may be as repetitive as it likes
_HEAD = 16_384
_QUOTED = 200
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)[\s/>]")
_ERROR = re.compile(rb"<(?:ERROR|error|Error|message)\b[^>]*>([^<]*)")
_TAGS = re.compile(r"<[^>]*>")


class Kind(StrEnum):
    """The form of a body."""

    XML = "xml"
    JSON = "json"
    CSV = "csv"


class Expect(msgspec.Struct, frozen=True):
    """What a body must be: its form, and for XML the names its root may have, for CSV how its first line starts."""

    kind: Kind
    starts: tuple[str, ...] = ()


_TYPES = {
    Kind.XML: ("text/xml", "application/xml", "text/plain"),
    Kind.JSON: ("application/json", "text/json", "text/plain"),
    Kind.CSV: ("text/csv", "text/plain", "application/csv", "application/octet-stream"),
}


class _Envelope(msgspec.Struct):
    """The places where JSON services put an error."""

    error: msgspec.Raw = msgspec.Raw(b"null")
    errMsg: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815 - Europe PMC's name
    ERROR: msgspec.Raw = msgspec.Raw(b"null")
    status: msgspec.Raw = msgspec.Raw(b"null")
    message: msgspec.Raw = msgspec.Raw(b"null")


class Unpacker:
    """Undoes a content encoding block by block. Raises RemoteError for a bomb, and EOFError when the data was cut."""

    def __init__(self, encoding: str, ratio: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip"}:
            raise RemoteError("the reply is packed in a way that was not asked for")
        self._inflate = zlib.decompressobj(31) if "gzip" in name else None
        self._ratio = ratio
        self._taken = self._given = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        if self._inflate is None:
            yield chunk
            return
        self._taken += len(chunk)
        while chunk:
            if self._inflate.eof:  # a member is over and another follows
                self._inflate = zlib.decompressobj(31)
            try:
                block = self._inflate.decompress(chunk, _BLOCK)
            except zlib.error:
                raise RemoteError("the reply is not the gzip it says it is") from None
            self._given += len(block)
            if self._given > _RATIO_FLOOR and self._given > self._ratio * self._taken:
                raise RemoteError(f"the reply unpacks to more than {self._ratio} times its size; refused")
            yield block
            chunk = self._inflate.unconsumed_tail or (self._inflate.unused_data if self._inflate.eof else b"")

    def finish(self) -> None:
        if self._inflate is not None and not self._inflate.eof:
            raise EOFError


def check(head: bytes, tail: bytes, content_type: str, expect: Expect) -> None:
    """Raise RemoteError unless the start and the end of a body are those of a whole answer of the expected kind."""
    named = content_type.partition(";")[0].strip().lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if named.endswith("html") or start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise RemoteError(f"it sent a web page instead of {expect.kind.value.upper()}: {_words(head)}")
    if named and named not in _TYPES[expect.kind] and not named.endswith(f"+{expect.kind.value}"):
        raise RemoteError(f"it sent {named!r} instead of {expect.kind.value.upper()}")
    if not start:
        raise RemoteError("it sent nothing")
    if expect.kind is Kind.XML:
        _check_xml(start, tail, expect)
    elif expect.kind is Kind.CSV:
        _check_csv(start, tail, expect)
    elif not start.startswith(b"{"):
        raise RemoteError(f"it sent something else than a JSON object: {_words(head)}")


def check_json(body: bytes) -> None:
    """Raise RemoteError for a body that is no JSON object, is cut, or reports an error."""
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise RemoteError("it sent JSON that is broken or cut off") from None
    for part in (envelope.error, envelope.errMsg, envelope.ERROR):
        if bytes(part) not in {b"null", b'""', b"false"}:
            raise RemoteError(f"it reports: {_words(bytes(part))}")
    if bytes(envelope.status) in {b'"failed"', b'"error"'}:
        raise RemoteError(f"it reports: {_words(bytes(envelope.message))}")


def _check_xml(start: bytes, tail: bytes, expect: Expect) -> None:
    root = _ROOT.search(_COMMENT.sub(b"", start))
    if not start.startswith(b"<") or root is None:
        raise RemoteError(f"it sent something else than XML: {_words(start)}")
    name = root[1].decode("ascii", "replace")
    report = _ERROR.search(start[: _HEAD // 4])
    if name.lower() == "error" or (report is not None and (not expect.starts or name not in expect.starts)):
        raise RemoteError(f"it reports: {_words(report[1] if report and report[1].strip() else start)}")
    if expect.starts and name not in expect.starts:
        raise RemoteError(f"it sent a {name!r} document instead of {' or '.join(expect.starts)}")
    if report is not None and report[0].startswith(b"<ERROR"):
        raise RemoteError(f"it reports: {_words(report[1])}")
    end = _COMMENT.sub(b"", tail).rstrip()
    if not re.search(rb"(?:</%b\s*>|<%b\b[^<>]*/>)$" % (re.escape(root[1]), re.escape(root[1])), end):
        raise RemoteError("it sent XML that is cut off")


def _check_csv(start: bytes, tail: bytes, expect: Expect) -> None:
    line = start.partition(b"\n")[0]
    if expect.starts and not line.startswith(tuple(text.encode() for text in expect.starts)):
        raise RemoteError(f"it sent a table with other columns: {_words(line)}")
    last = tail[tail.rstrip(b"\r\n").rfind(b"\n") + 1 :]
    if not tail.endswith(b"\n") and last.count(b",") < line.count(b","):
        raise RemoteError("it sent a table that is cut off")


def quote(body: bytes) -> str:
    """The words of an error page, short and on one line."""
    return _words(body)


def _words(body: bytes) -> str:
    text = _TAGS.sub(" ", body[:_HEAD].decode("utf-8", "replace"))
    text = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return text[:_QUOTED] + ("…" if len(text) > _QUOTED else "")
