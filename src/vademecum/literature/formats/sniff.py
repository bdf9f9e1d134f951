"""The start of a file looked at without parsing it: encoding, XML root, JSON keys.

The head may be cut anywhere and may be hostile, so everything here is one pass over at most `registry.HEAD` bytes.
"""

from __future__ import annotations

import codecs
import re

import msgspec

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAME = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"?\s*+(:)?|[{}\[\]]', re.DOTALL)
_SPACE = re.compile(r"\s*")
_DEPTH = 3


class Root(msgspec.Struct, frozen=True):
    """The first element of an XML document."""

    tag: str  # without its prefix
    namespace: str | None


def decoded(head: bytes) -> str | None:
    """The head as text: UTF-8, UTF-16 or one-byte Western text; None for bytes that are none of these."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    for mark, encoding in ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be")):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    if b"\x00" in head and not head.lstrip().startswith(b"<"):
        return None
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")


def xml_root(text: str) -> Root | None:
    """The root element after declarations, comments, processing instructions and DOCTYPE; None if none is in sight."""
    at = _skip_prolog(text)
    match = _NAME.match(text, at) if at is not None else None
    if match is None:
        return None
    end = text.find(">", match.end())
    attributes = text[match.end() : end if end >= 0 else match.end() + 4096]
    declaration = f"xmlns:{match[1]}" if match[1] else "xmlns"
    namespace = re.search(rf"(?:^|\s){re.escape(declaration)}\s*=\s*[\"']([^\"']*)[\"']", attributes)
    return Root(match[2], namespace[1] if namespace else None)


def json_paths(text: str) -> frozenset[str]:
    """The keys of the outermost objects, dotted ("results.openfda"); lists count for nothing. Three levels deep.

    >>> sorted(json_paths('{"a": [{"b": 1}], "c": "b"}'))
    ['a', 'a.b', 'c']
    """
    found: set[str] = set()
    open_: list[str | None] = []  # the key each open object is the value of; None for a list
    path: list[str] = []
    last = ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "{":
            open_.append(last)
            path.append(last)
        elif token == "[":
            open_.append(None)
        elif token in {"}", "]"}:
            if not open_ or (outer := open_.pop()) is None:
                continue
            last = outer
            path.pop()
        elif match[2] and len(path) <= _DEPTH:
            last = match[1]
            found.add(".".join([*path, last]).lstrip("."))
    return frozenset(found)


def _skip_prolog(text: str) -> int | None:
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if text.startswith("<?", at):
            end, width = text.find("?>", at), 2
        elif text.startswith("<!--", at):
            end, width = text.find("-->", at), 3
        elif text.startswith("<!DOCTYPE", at):
            end, width = _doctype_end(text, at), 1
        else:
            return at
        if end < 0:
            return None
        at = end + width


def _doctype_end(text: str, at: int) -> int:
    """Where the ">" of a DOCTYPE is, past quoted identifiers and an internal subset; -1 when it is cut."""
    quote, inside = "", False
    for position in range(at, len(text)):
        character = text[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[]":
            inside = character == "["
        elif character == ">" and not inside:
            return position
    return -1
