"""An imported source as other programs read it."""

from __future__ import annotations

from typing import Any

import msgspec

from vademecum.literature.citing import key_of, title_of
from vademecum.literature.store import SourceRow


def source_json(row: SourceRow) -> dict[str, Any]:
    """Bibliography, identifiers, appraisal and standing of one source."""
    record = row.record
    return {
        "id": row.id,
        "key": key_of(row),
        "kind": row.kind,
        "title": title_of(record),
        "authors": record.authors,
        "journal": record.journal,
        "year": record.year,
        "language": record.language,
        "ids": msgspec.to_builtins(record.ids),
        "publication_types": record.publication_types,
        "appraisal": msgspec.to_builtins(row.appraisal),
        "state": row.state,
        "state_note": row.state_note,
        "deleted": row.deleted,
        "flags": msgspec.to_builtins(record.flags),
        "url": record.url,
        "version": row.version,
        "imported": row.imported,
    }
