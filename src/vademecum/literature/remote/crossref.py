"""Notices of retraction, concern and correction: the Retraction Watch table, and Crossref's update notices.

The table (Crossref publishes it daily under CC0) is one large file. Crossref's own notices are works that update
another: by the day they were deposited, or about one DOI. https://api.crossref.org, filters `is-update`, `updates`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.job import Page
from vademecum.literature.remote.request import Request
from vademecum.literature.remote.services import Service

BATCH = 200
_FIELDS = "DOI,title,type,publisher,container-title,issued,update-to"
_JSON = Expect(Kind.JSON)
_TABLE = Expect(Kind.CSV, ("Record ID,", '"Record ID"'))


class _Message(msgspec.Struct, rename="kebab"):
    total_results: int
    items: list[msgspec.Raw]
    next_cursor: str | None = None


class _Reply(msgspec.Struct):
    message: _Message


class _Cursor(msgspec.Struct, frozen=True):
    mark: str = "*"
    seen: int = 0


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:
    """The table as one page, or notices in pages."""
    if request.since is None and not request.ids:
        yield _table(client, folder)
        return
    at: _Cursor | None = msgspec.json.decode(cursor, type=_Cursor) if cursor is not None else _Cursor()
    while at is not None:
        body, message = _asked(client, request, at.mark)
        found, total = len(message.items), message.total_results
        seen = at.seen + found
        if seen < total and not (found and message.next_cursor):
            raise RemoteError(f"Crossref: it stopped after {seen} of {total} notices; run this again later")
        following = _Cursor(message.next_cursor or "", seen) if seen < total else None
        yield Page(
            name=f"crossref-{at.seen}.json",
            format="notices",
            body=body if found else b"",
            records=found,
            after=msgspec.json.encode(following).decode() if following else None,
            total=total,
        )
        at = following


def _table(client: Client, folder: Path) -> Page:
    path = folder / "retraction-watch.csv"
    client.download(Service.RETRACTION_WATCH, "", (), path, expect=_TABLE)
    return Page(name=path.name, format="notices", body=path, records=1, after=None, total=1)


def _asked(client: Client, request: Request, mark: str) -> tuple[bytes, _Message]:
    chosen = f"updates:{request.ids[0]}" if request.ids else f"is-update:true,from-update-date:{request.since}"
    asked = (("filter", chosen), ("rows", str(BATCH)), ("cursor", mark), ("select", _FIELDS))
    body = client.get(Service.CROSSREF, "works", asked, expect=_JSON).body
    try:
        return body, msgspec.json.decode(body, type=_Reply).message
    except msgspec.DecodeError as error:
        raise RemoteError("Crossref: the reply has another form than documented") from error
