"""Drug labels as openFDA gives them: an answer of the API, a file of the bulk download, or single records.

Fields: https://open.fda.gov/apis/drug/label/searchable-fields/. openFDA flattens every section, tables too; the
table's own markup comes in a second field. Rows of figures without their headings are not kept: they are replaced by
the rows of the table, or flagged where that cannot be done.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ids, json
from vademecum.literature.formats.markup import plain, table_rows
from vademecum.literature.formats.openfda_fields import SECTIONS
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Flag, Identifiers, Record, RecordKind, Section

_TABLE = "_table"
_DOUBLED = re.compile(r"([^\d\s](?:[^\d]{1,78}?[^\d\s])?) (\1)(?=[\s:]|$)")
_CELL = re.compile(r"<[^>]*>")


class Harmonised(msgspec.Struct, frozen=True):
    """What openFDA adds from its registers; empty for a label it could not match."""

    brand_name: tuple[str, ...] = ()
    generic_name: tuple[str, ...] = ()
    substance_name: tuple[str, ...] = ()
    manufacturer_name: tuple[str, ...] = ()
    product_type: tuple[str, ...] = ()
    route: tuple[str, ...] = ()
    pharm_class_epc: tuple[str, ...] = ()
    rxcui: tuple[str, ...] = ()
    spl_set_id: tuple[str, ...] = ()


class Label(msgspec.Struct, frozen=True):
    """The fields of a label that are not sections."""

    set_id: str | None = None
    id: str | None = None
    version: str | None = None
    effective_time: str | None = None
    openfda: Harmonised = Harmonised()


def read(stream: BinaryIO) -> Iterator[Record]:
    """Labels in file order. Raises ImportFileError naming the record and field of what does not fit."""
    for element in json.elements(stream, (("results",),)):
        yield tidy(_record(element))


def _record(element: json.Element) -> Record:
    label = json.typed(element, Label)
    if not isinstance(element.value, dict):
        raise ImportFileError(f"{element.place}: not a label but a bare value")
    names = label.openfda
    set_id = label.set_id or next(iter(names.spl_set_id), None)
    texts = _texts(element)
    if set_id is None and label.id is None:
        raise ImportFileError(f"{element.place}: set_id: missing; every drug label has one")
    if not any(field.removesuffix(_TABLE) in SECTIONS for field in texts):
        raise ImportFileError(f"{element.place}: no section of a drug label in it")
    flags: list[Flag] = []
    sections = tuple(_sections(texts, flags))
    return Record(
        kind=RecordKind.LABEL,
        title=_title(names, texts),
        ids=Identifiers(set_id=set_id.lower() if set_id else None, other=None if set_id else label.id),
        sections=sections,
        authors=names.manufacturer_name,
        year=ids.year((label.effective_time or "")[:4]),
        publication_types=names.product_type,
        keywords=tuple(
            dict.fromkeys(
                (
                    *(*names.brand_name, *names.generic_name, *names.substance_name, *names.pharm_class_epc),
                    *names.route,
                    *(f"RXCUI:{code}" for code in names.rxcui),
                )
            )
        ),
        tables=sum(len(values) for field, values in texts.items() if field.endswith(_TABLE)),
        version=label.version,
        revised=_date(label.effective_time),
        flags=tuple(dict.fromkeys(flags)),
    )


def _texts(element: json.Element) -> dict[str, tuple[str, ...]]:
    """The fields that hold text, in file order."""
    known = set(Label.__struct_fields__)
    found: dict[str, tuple[str, ...]] = {}
    for field, value in (element.value if isinstance(element.value, dict) else {}).items():
        values = value if isinstance(value, list) else [value]
        if field not in known:
            if not all(isinstance(item, str) for item in values):
                raise ImportFileError(f"{element.place}: {field}: not text")
            found[field] = tuple(values)
    return found


def _title(names: Harmonised, texts: Mapping[str, tuple[str, ...]]) -> str:
    brand, generic = next(iter(names.brand_name), ""), ", ".join(names.generic_name)
    if brand and generic and brand.lower() != generic.lower():
        return f"{brand} ({generic})"
    if brand or generic:
        return brand or generic
    first = squeeze(next(iter(texts.get("spl_product_data_elements", ())), ""))
    return first if len(first) <= 100 else first[:100].rpartition(" ")[0]


def _sections(texts: Mapping[str, tuple[str, ...]], flags: list[Flag]) -> Iterator[Section]:
    """Sections in label order, the rows of a field's tables where its flattened copy stood, else after it."""
    done: set[str] = set()
    for field, values in texts.items():
        base = field.removesuffix(_TABLE)
        if base in done:
            continue
        done.add(base)
        heading, code = SECTIONS.get(base, (base.replace("_", " ").capitalize(), None))
        pending = list(texts.get(base + _TABLE, ()))
        for value in values if field == base else ():
            path, text = _own_title((heading,), squeeze(value))
            yield from _with_tables(Section(text=text, path=path, code=code), pending)
        for markup in pending:
            if any(field == base for field in texts):
                flags.append(Flag("flattened-table", f"{heading}: a table's figures may also stand without headings"))
            yield Section(text=_rows(markup), path=(heading, "Table"), code=code)


def _own_title(path: tuple[str, ...], text: str) -> tuple[tuple[str, ...], str]:
    """openFDA prints a section's own title twice before its text: "Do not use Do not use ■ with alcohol".

    One copy stays in the text, since the words of a title can carry its negation.
    """
    match = _DOUBLED.match(text)
    if match is None:
        return path, text
    own = match[1].strip(" :")
    return (path if own.lower() == path[-1].lower() else (*path, own)), text[match.start(2) :]


def _with_tables(section: Section, pending: list[str]) -> Iterator[Section]:
    """The section cut where the flattened text of a table stands, with the table's rows in its place."""
    rest = section.text
    for markup in tuple(pending):
        at = _find(rest, html.unescape(_CELL.sub(" ", markup)))
        if at is None:
            continue
        pending.remove(markup)
        before, rest = rest[: at[0]].strip(), rest[at[1] :].strip()
        if before:
            yield Section(text=before, path=section.path, code=section.code)
        yield Section(text=_rows(markup), path=(*section.path, "Table"), code=section.code)
    if rest:
        yield Section(text=rest, path=section.path, code=section.code)


def _find(text: str, flat: str) -> tuple[int, int] | None:
    """Where `flat` stands in `text`, whatever white space is between the words."""
    words = flat.split()
    if not words:
        return None
    at = text.find(words[0])
    while at >= 0:
        end = at
        for word in words:
            while end < len(text) and text[end].isspace():
                end += 1
            if not text.startswith(word, end):
                break
            end += len(word)
        else:
            return at, end
        at = text.find(words[0], at + 1)
    return None


def _rows(markup: str) -> str:
    found = table_rows(markup)
    return "\n".join(found.rows) if found is not None else plain(markup)


def _date(text: str | None) -> str | None:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text and text.isdigit() and len(text) == 8 else None
