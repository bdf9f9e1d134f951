"""JSON Schema of the authored forms, for editors that complete and check YAML while it is written.

It follows the types in `packs.model`; because every scalar is text, numbers and booleans are described as text too,
and a dose is described as authors write it (`dosing.record`), not as it is held.
"""

from __future__ import annotations

from typing import Any

import msgspec

from vademecum.dosing.record import DOSE_KEYS
from vademecum.packs.model import DrugSheet, Pack, SourcesFile

_KINDS = {"pack": Pack, "drug": DrugSheet, "sources": SourcesFile}


def authored_schema(what: str) -> dict[str, Any]:
    """The schema of a pack, a drug sheet or a sources file."""
    schema = msgspec.json.schema(_KINDS[what], schema_hook=_held)
    definitions = schema.get("$defs", {})
    for held in ("Amount", "Span", "Frequency", "Cap", "Titration", "TaperStep", "Quantity"):
        definitions.pop(held, None)
    if "Dose" in definitions:
        definitions["Dose"] = _DOSE
    if "Citation" in definitions:
        definitions["Citation"] = {"anyOf": [definitions["Citation"], {"type": "string", "description": "source key"}]}
    loosened: dict[str, Any] = _as_text(schema)
    loosened["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    loosened["title"] = f"Vademecum {what}"
    return loosened


def _held(kind: type) -> dict[str, Any]:
    """Exact fractions occur only inside doses, whose held form is replaced by the authored one."""
    return {"type": "string", "description": kind.__name__}


def _as_text(node: Any) -> Any:
    """Numbers and booleans may be written as they are or in quotes: both are text to us."""
    if isinstance(node, list):
        return [_as_text(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") in ("integer", "boolean", "number"):
        return {"type": ["string", node["type"]]}
    return {key: _as_text(value) for key, value in node.items()}


_TEXT = {"type": ["string", "number", "boolean"]}
_DOSE = {
    "type": "object",
    "title": "Dose",
    "description": "One dosing rule as its source states it; see the pack format reference.",
    "required": ["drug", "per", "max"],
    "additionalProperties": False,
    "properties": {
        key: {"anyOf": [_TEXT, {"type": "object"}, {"type": "array"}]}
        if key in {"max", "titration", "taper"}
        else _TEXT
        for key in DOSE_KEYS
    },
}
