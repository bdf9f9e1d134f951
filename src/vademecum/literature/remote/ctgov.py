"""Trial registrations from ClinicalTrials.gov, API version 2: studies as JSON, paged by token.

https://clinicaltrials.gov/data-api/api
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
_JSON = Expect(Kind.JSON)


class _Identification(msgspec.Struct, rename="camel"):
    nct_id: str


class _Protocol(msgspec.Struct, rename="camel"):
    identification_module: _Identification


class _Study(msgspec.Struct, rename="camel"):
    protocol_section: _Protocol


class _Reply(msgspec.Struct, rename="camel"):
    studies: list[_Study]
    total_count: int | None = None
    next_page_token: str | None = None


class _Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    part: int = 0  # number of the list of identifiers
    token: str | None = None
    seen: int = 0


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:  # noqa: ARG001
    """Studies in pages, in the service's order."""
    parts = [request.ids[start : start + BATCH] for start in range(0, len(request.ids), BATCH)] or [()]
    at = msgspec.json.decode(cursor, type=_Cursor) if cursor is not None else _Cursor()
    while at.part < len(parts):
        wanted = parts[at.part]
        body, reply = _asked(client, request, wanted, at.token)
        found = [study.protocol_section.identification_module.nct_id for study in reply.studies]
        seen = at.seen + len(found)
        if reply.next_page_token is None:
            if seen < (reply.total_count or 0):
                raise RemoteError(f"ClinicalTrials.gov: it stopped after {seen} of {reply.total_count} studies")
            following = _Cursor(part=at.part + 1)
        else:
            following = _Cursor(at.part, reply.next_page_token, seen)
        yield Page(
            name=f"ctgov-{at.part}-{at.seen}.json",
            format="ctgov",
            body=body if found else b"",
            records=len(found),
            after=msgspec.json.encode(following).decode() if following.part < len(parts) else None,
            total=reply.total_count if not request.ids else len(request.ids),
            missing=tuple(name for name in wanted if name not in found),
        )
        at = following


def _asked(client: Client, request: Request, wanted: tuple[str, ...], token: str | None) -> tuple[bytes, _Reply]:
    asked = {"format": "json", "pageSize": str(BATCH), "countTotal": "true"}
    asked |= {"filter.ids": ",".join(wanted)} if wanted else {"query.term": request.query or ""}
    if token is not None:
        asked["pageToken"] = token
    body = client.get(Service.CTGOV, "studies", tuple(asked.items()), expect=_JSON).body
    try:
        return body, msgspec.json.decode(body, type=_Reply)
    except msgspec.DecodeError as error:
        raise RemoteError("ClinicalTrials.gov: the reply has another form than documented") from error
