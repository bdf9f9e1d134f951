"""Europe PMC by query or DOI: the search service, JSON, core results, paged by cursor.

https://europepmc.org/RestfulWebService
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

BATCH = 100
_DOIS_AT_ONCE = 20
_JSON = Expect(Kind.JSON)


class _Result(msgspec.Struct):
    id: str | None = None
    doi: str | None = None


class _Results(msgspec.Struct):
    result: list[_Result] = []


class _Reply(msgspec.Struct, rename="camel"):
    hit_count: int
    result_list: _Results
    next_cursor_mark: str | None = None


class _Cursor(msgspec.Struct, frozen=True):
    query: int = 0  # number of the query, when identifiers make several
    mark: str = "*"
    seen: int = 0  # results of this query so far


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:  # noqa: ARG001
    """Results in pages, in the service's order."""
    queries = list(_queries(request))
    at = msgspec.json.decode(cursor, type=_Cursor) if cursor is not None else _Cursor()
    while at.query < len(queries):
        query, wanted = queries[at.query]
        body, reply = _asked(client, query, at.mark)
        found = reply.result_list.result
        seen = at.seen + len(found)
        ended = seen >= reply.hit_count
        if not ended and (not found or reply.next_cursor_mark in {None, at.mark}):
            raise RemoteError(f"Europe PMC: it stopped after {seen} of {reply.hit_count} results; run this again later")
        following = _Cursor(at.query + 1) if ended else _Cursor(at.query, reply.next_cursor_mark or "*", seen)
        have = {result.doi.lower() for result in found if result.doi}
        yield Page(
            name=f"europepmc-{at.query}-{at.seen}.json",
            format="europepmc",
            body=body if found else b"",
            records=len(found),
            after=msgspec.json.encode(following).decode() if following.query < len(queries) else None,
            total=reply.hit_count if not request.ids else len(request.ids),
            missing=tuple(doi for doi in wanted if doi not in have),
        )
        at = following


def _queries(request: Request) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not request.ids:
        yield request.query or "", ()
    for start in range(0, len(request.ids), _DOIS_AT_ONCE):
        part = request.ids[start : start + _DOIS_AT_ONCE]
        yield " OR ".join(f'DOI:"{doi}"' for doi in part), part


def _asked(client: Client, query: str, mark: str) -> tuple[bytes, _Reply]:
    asked = {
        "query": query,
        "resultType": "core",
        "format": "json",
        "pageSize": str(BATCH),
        "cursorMark": mark,
    }
    body = client.get(Service.EUROPEPMC, "search", tuple(asked.items()), expect=_JSON).body
    try:
        return body, msgspec.json.decode(body, type=_Reply)
    except msgspec.DecodeError as error:
        raise RemoteError("Europe PMC: the reply has another form than documented") from error
