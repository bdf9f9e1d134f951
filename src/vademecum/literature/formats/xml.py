"""XML read as data: nothing is fetched, nothing is expanded, nothing grows without bound, no sign is lost.

Real PubMed, JATS and SPL files carry a DOCTYPE line, so it is accepted; entity declarations and inclusions are not.
libxml2 itself refuses documents nested deeper than 256 levels.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from vademecum.errors import ImportFileError

_INCLUDE = "{http://www.w3.org/2001/XInclude}include"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ENCODING = re.compile(
    rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']((?:iso-8859|windows-|cp|latin)[\w.-]*)", re.IGNORECASE
)


def tree(stream: BinaryIO) -> etree._Element:
    """The root of a whole document. Raises ImportFileError with the line for anything that is not well formed."""
    headed = _Headed(stream)
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        root: etree._Element = etree.parse(headed, parser).getroot()
    except etree.XMLSyntaxError as error:
        raise _broken(error) from None
    _refuse_declarations(root)
    _refuse_misread(root, headed.one_byte_encoding)
    _refuse_lost_entities(parser.error_log, _entities(root))
    refuse_inclusions(root)
    return root


def elements(stream: BinaryIO, tags: Collection[str], roots: Collection[str] = ()) -> Iterator[etree._Element]:
    """Each element with one of `tags`, in file order, freed when the next is asked for: memory stays flat.

    A tag may be written "{*}name" for any namespace; `roots` are the tags the root may have, if it matters. Raises
    ImportFileError when the file turns out to be broken, also after elements were given; a caller that stores as it
    goes must be able to take those back.
    """
    headed = _Headed(stream)
    try:
        context = etree.iterparse(
            headed,
            events=("start", "end"),
            tag=tuple(tags),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
        )
        started, is_open, entities = False, False, 0
        for event, element in context:
            if not started:
                _check_start(element, roots)
                started = True
            if event == "start":
                if is_open:
                    raise ImportFileError(f"line {element.sourceline}: <{element.tag!s}> inside another record")
                is_open = True
            else:
                is_open = False
                _refuse_misread(element, headed.one_byte_encoding)
                entities += _entities(element)
                yield element
                element.clear()
                parent = element.getparent()
                if parent is not None:
                    while element.getprevious() is not None:
                        del parent[0]
        if not started and context.root is not None:
            _check_start(context.root, roots)
        _refuse_lost_entities(context.error_log, entities)
    except etree.XMLSyntaxError as error:
        raise _broken(error) from None


def refuse_inclusions(element: etree._Element) -> None:
    """Raise ImportFileError when part of the text lies in another file."""
    found = next(element.iter(_INCLUDE), None)
    if found is not None:
        raise ImportFileError(f"line {found.sourceline}: the document includes another file (xi:include); refused")


class _Headed:
    """A stream whose first bytes were looked at for a declared encoding of one byte a character."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head = stream.read(1024)
        declared = _ENCODING.match(self._head.removeprefix(b"\xef\xbb\xbf"))
        self.one_byte_encoding = declared[1].decode("ascii") if declared else None

    def read(self, size: int = -1) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head if size >= 0 else head + self._stream.read()
        return self._stream.read(size)


def _check_start(element: etree._Element, roots: Collection[str]) -> None:
    """Judge a document by its first lines."""
    _refuse_declarations(element)
    root = str(element.getroottree().getroot().tag)
    if roots and root not in roots:
        raise ImportFileError(f"the root element is <{root}>, not <{'> or <'.join(sorted(roots))}>")


def _refuse_declarations(element: etree._Element) -> None:
    subset = element.getroottree().docinfo.internalDTD
    if subset is not None:
        names = [declared.name for declared in subset.iterentities()]
        if names:
            raise ImportFileError(f"the document declares the entity {names[0]!r}; entity declarations are refused")


def _refuse_misread(element: etree._Element, encoding: str | None) -> None:
    """UTF-8 that is declared to be an encoding of one byte a character would read "Âµg" for "µg"."""
    if encoding is None:
        return
    runs = set(_NOT_ASCII.findall("".join(map(str, element.itertext()))))
    if runs and all(_is_utf8(run, encoding) for run in runs):
        raise ImportFileError(f"the document says it is {encoding} but holds UTF-8; correct its first line")


def _is_utf8(run: str, encoding: str) -> bool:
    try:
        return len(run.encode(encoding).decode("utf-8")) < len(run)
    except (UnicodeError, LookupError):
        return False


def _entities(element: etree._Element) -> int:
    return sum(1 for _ in element.iter(etree.Entity))


def _refuse_lost_entities(log: Iterable[etree._LogEntry], kept: int) -> None:
    """libxml2 notes every entity it does not know, and keeps those in text but drops those in attributes."""
    if sum(entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY for entry in log) > kept:
        raise ImportFileError("an unknown entity in an attribute or outside the text; write the character itself")


def _broken(error: etree.XMLSyntaxError) -> ImportFileError:
    return ImportFileError(f"line {error.lineno or 0}: not well-formed XML: {error.msg}")
