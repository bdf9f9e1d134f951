"""From a YAML file to typed values, with every problem named at once: file, line, what is wrong, how to mend it."""

from __future__ import annotations

import difflib
import re
import types
import typing
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from vademecum.dosing.record import read_dose
from vademecum.errors import DoseError, PackError
from vademecum.packs.model import DrugSheet, Pack, SourcesFile
from vademecum.packs.yaml_text import Document, parse

T = TypeVar("T", bound=msgspec.Struct)


def read_pack(path: Path, shown_as: str | None = None) -> tuple[Pack, Document]:
    """Read one pack file. Raises PackError with every problem found."""
    return _read(path, Pack, shown_as)


def read_sheet(path: Path, shown_as: str | None = None) -> tuple[DrugSheet, Document]:
    """Read one drug sheet. Raises PackError with every problem found."""
    return _read(path, DrugSheet, shown_as)


def read_sources(path: Path, shown_as: str | None = None) -> tuple[SourcesFile, Document]:
    """Read a folder's `sources.yaml`. Raises PackError with every problem found."""
    return _read(path, SourcesFile, shown_as)


def _read(path: Path, kind: type[T], shown_as: str | None) -> tuple[T, Document]:
    name = shown_as or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PackError((f"{name}:1: cannot be read: {error.strerror}",)) from None
    document = parse(raw, name)
    problems: list[str] = []
    value = _struct(document, "$", document.value, kind, problems)
    if problems or value is None:
        raise PackError(tuple(problems))
    return value, document


def _struct(doc: Document, place: str, value: Any, kind: type[T], problems: list[str]) -> T | None:
    """Convert a mapping field by field, so that one mistake does not hide the others."""
    if not isinstance(value, dict):
        problems.append(
            doc.problem(
                place, f"expected the keys of a {kind.__name__.lower()}, got text or a list; write `key: value`"
            )
        )
        return None
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    before = len(problems)
    for key in value:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(fields))}"
            problems.append(doc.problem(f"{place}.{key}", f"unknown key {key!r}; {hint}"))
    converted: dict[str, Any] = {}
    hints = _hints(kind)
    for name, field in fields.items():
        if name not in value:
            if field.required:
                problems.append(doc.problem(place, f"{kind.__name__.lower()} has no {name!r}; add it"))
            continue
        converted[field.name] = _typed(doc, f"{place}.{name}", value[name], hints[field.name], problems)
    return kind(**converted) if len(problems) == before else None


@cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _typed(doc: Document, place: str, value: Any, kind: Any, problems: list[str]) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        kind = next(argument for argument in arguments if argument is not type(None))
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and arguments[-1] is Ellipsis:
        if not isinstance(value, list):
            problems.append(doc.problem(place, "expected a list; write `- ` before each item, or [ ... ]"))
            return ()
        return tuple(_typed(doc, f"{place}[{n}]", item, arguments[0], problems) for n, item in enumerate(value))
    if origin is tuple:
        if not isinstance(value, list) or len(value) != len(arguments):
            problems.append(doc.problem(place, f"expected a list of {len(arguments)}, such as [0, 300]"))
            return None
        return tuple(value)
    if origin is dict:
        if not isinstance(value, dict):
            problems.append(doc.problem(place, "expected a mapping of names to values"))
            return {}
        return {key: _typed(doc, f"{place}.{key}", item, arguments[1], problems) for key, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind.__name__ == "Dose":
            return _dose(doc, place, value, problems)
        if kind.__name__ == "Citation" and isinstance(value, str):
            value = {"source": value}
        return _struct(doc, place, value, kind, problems)
    if isinstance(value, (dict, list)):
        problems.append(doc.problem(place, "expected plain text, got a list or a mapping"))
        return None
    if value == "" and kind is str:
        problems.append(doc.problem(place, "is empty; write the text or remove the key"))
        return None
    try:
        return msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        problems.append(doc.problem(place, f"{value!r}: {_plainly(str(error), kind)}"))
        return None


def _plainly(message: str, kind: Any) -> str:
    """msgspec's complaint, with the allowed values where there are few."""
    if isinstance(kind, type) and hasattr(kind, "__members__"):
        allowed = ", ".join(str(member.value) for member in kind.__members__.values())
        return f"not one of: {allowed}"
    if kind in _WRITTEN:
        return f"not {_WRITTEN[kind]}"
    return re.sub(r" - at `\$.*`$", "", message)


_WRITTEN = {bool: "true or false", int: "a whole number"}


def _dose(doc: Document, place: str, value: Any, problems: list[str]) -> Any:
    if not isinstance(value, dict):
        problems.append(doc.problem(place, "a dose is a mapping with drug, amount, per, max, ..."))
        return None
    try:
        return read_dose(value)
    except DoseError as error:
        problems.append(doc.problem(place, str(error)))
        return None
