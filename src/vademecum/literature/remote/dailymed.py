"""Drug labels from DailyMed, web services version 2: set ids by drug name, then each label's SPL document.

https://dailymed.nlm.nih.gov/dailymed/app-support-web-services.cfm
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature.remote import plans
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.job import Page
from vademecum.literature.remote.request import Request
from vademecum.literature.remote.services import Service

BATCH = 100
_DAY = 86_400.0
_JSON = Expect(Kind.JSON)
_LABEL = Expect(Kind.XML, ("document",))


class _Label(msgspec.Struct):
    setid: str


class _Metadata(msgspec.Struct):
    total_elements: int
    total_pages: int


class _Reply(msgspec.Struct):
    data: list[_Label]
    metadata: _Metadata


class _Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in the list at hand, and the next page of the service's list (0: there is none)."""

    plan: str | None = None
    at: int = 0
    page: int = 0
    total: int | None = None


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:
    """One label a page, in the service's order."""
    at = msgspec.json.decode(cursor, type=_Cursor) if cursor is not None else _first(request, folder)
    while True:
        ids = plans.read(folder, at.plan) if at.plan is not None else ()
        for position in range(at.at, len(ids)):
            following = msgspec.structs.replace(at, at=position + 1)
            yield _label(client, ids[position], following, more=following.at < len(ids) or at.page > 0)
        if not at.page:
            return
        at = _listed(client, request.query or "", at.page, folder)


def _first(request: Request, folder: Path) -> _Cursor:
    if request.ids:
        return _Cursor(plan=plans.write(folder, "plan-0.json", request.ids), total=len(request.ids))
    return _Cursor(page=1)


def _label(client: Client, set_id: str, following: _Cursor, *, more: bool) -> Page:
    answer = client.get(Service.DAILYMED, f"spls/{set_id}.xml", expect=_LABEL, max_age=_DAY, absent=(400, 404, 410))
    there = answer.status == 200
    return Page(
        name=f"dailymed-{set_id}.xml",
        format="spl",
        body=answer.body if there else b"",
        records=int(there),
        after=msgspec.json.encode(following).decode() if more else None,
        total=following.total,
        missing=() if there else (set_id,),
    )


def _listed(client: Client, drug: str, page: int, folder: Path) -> _Cursor:
    asked = (("drug_name", drug), ("pagesize", str(BATCH)), ("page", str(page)))
    body = client.get(Service.DAILYMED, "spls.json", asked, expect=_JSON, max_age=_DAY).body
    try:
        reply = msgspec.json.decode(body, type=_Reply, strict=False)
    except msgspec.DecodeError as error:
        raise RemoteError("DailyMed: the list of labels has another form than documented") from error
    ids = tuple(label.setid for label in reply.data)
    if not all(name.replace("-", "").isalnum() for name in ids):
        raise RemoteError("DailyMed: the list of labels names something that is no set id")
    following = page + 1 if page < reply.metadata.total_pages else 0
    plan = plans.write(folder, f"plan-{page}.json", ids)
    return _Cursor(plan=plan, page=following, total=reply.metadata.total_elements)
