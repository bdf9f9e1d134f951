"""YAML in which every scalar is text and every value knows its line.

No implicit typing (`no`, `1e3` and `012` keep their spelling), no anchors, aliases or tags (a pack is data, not a
program, and aliases are how a small file becomes a huge one), no duplicate keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from vademecum.errors import PackError

MAX_BYTES = 4_000_000
MAX_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Document:
    """Parsed text: `value` made of dict, list and str; `lines` maps "$.a[0].b" to its 1-based line."""

    path: str
    value: Any
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, place: str) -> int:
        """Line of the deepest known prefix of `place`."""
        while place not in self.lines and place != "$":
            cut = max(place.rfind("."), place.rfind("["))
            place = place[:cut] if cut > 0 else "$"
        return self.lines.get(place, 1)

    def problem(self, place: str, message: str) -> str:
        """One printable line: where, what, and the mend."""
        return f"{self.path}:{self.line_of(place)}: {message}"


def parse(text: bytes, path: str) -> Document:
    """Read one YAML document, or raise PackError naming the line and the mend."""
    if len(text) > MAX_BYTES:
        raise PackError((f"{path}:1: file has {len(text):,} bytes, the limit is {MAX_BYTES:,}; split the pack",))
    try:
        source = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise PackError((f"{path}:{line}: not UTF-8 text (byte {error.start}); save the file as UTF-8",)) from None
    try:
        _refuse_anchors(source, path)
        node = yaml.compose(source, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise PackError((f"{path}:{line}: not valid YAML: {what}; check indentation, colons and quotes",)) from None
    except yaml.reader.ReaderError as error:
        line = source[: error.position].count("\n") + 1
        raise PackError((f"{path}:{line}: holds a control character (#x{error.character:02x}); remove it",)) from None
    if node is None:
        raise PackError((f"{path}:1: the file is empty; start from `vade pack new`",))
    reader = _Reader(path)
    value = reader.value(node, "$")
    if reader.problems:
        raise PackError(tuple(reader.problems))
    return Document(path, value, reader.lines)


def _refuse_anchors(source: str, path: str) -> None:
    depth = 0
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        line = (event.start_mark.line if event.start_mark else 0) + 1
        if getattr(event, "anchor", None):
            raise PackError((f"{path}:{line}: anchors and aliases (& and *) are not allowed; write the value out",))
        if tag := getattr(event, "tag", None):
            raise PackError((f"{path}:{line}: tags (!...) are not allowed; remove {tag!r}",))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise PackError((f"{path}:{line}: nested more than {MAX_DEPTH} levels deep; flatten the structure",))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Reader:
    """Turns nodes into dict, list and str, noting lines and duplicate keys."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: dict[str, int] = {}
        self.problems: list[str] = []

    def value(self, node: yaml.Node, place: str) -> Any:
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{place}[{n}]") for n, item in enumerate(node.value)]
        return self._mapping(node, place)

    def _mapping(self, node: yaml.Node, place: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(f"{self.path}:{line}: a key must be plain text; remove the list or mapping")
                continue
            key = str(key_node.value)
            if key in found:
                self.problems.append(f"{self.path}:{line}: {key!r} is given twice; keep one")
                continue
            found[key] = self.value(value_node, f"{place}.{key}")
            self.lines[f"{place}.{key}"] = line
        return found
