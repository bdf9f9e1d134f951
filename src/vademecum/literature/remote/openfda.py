"""Drug labels from openFDA: drug/label.json, a hundred labels a page, since each may be a hundred kilobytes.

The service's `Link: …; rel="next"` header holds a `search_after` mark that leads through results of any size. A mirror
may lack it; then `skip` serves, which ends at 25,000. https://open.fda.gov/apis/paging/
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.job import Page
from vademecum.literature.remote.request import Request
from vademecum.literature.remote.services import Service

BATCH = 100
LARGEST_SKIP = 25_000
_DAY = 86_400.0
_JSON = Expect(Kind.JSON)
_NAMES = ("openfda.generic_name", "openfda.brand_name", "openfda.substance_name")


class _Counts(msgspec.Struct):
    total: int


class _Meta(msgspec.Struct):
    results: _Counts


class _Reply(msgspec.Struct):
    meta: _Meta
    results: list[msgspec.Raw]


class _Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    seen: int = 0
    mark: str | None = None  # search_after


def search_of(query: str) -> str:
    """openFDA's search expression: the query itself when it names fields, else a plain name among the name fields."""
    if ":" in query:
        return query
    name = query.replace('"', " ").replace("\\", " ").strip()
    return " OR ".join(f'{field}:"{name}"' for field in _NAMES)


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:  # noqa: ARG001
    """Labels in pages, in the service's order."""
    at: _Cursor | None = msgspec.json.decode(cursor, type=_Cursor) if cursor is not None else _Cursor()
    while at is not None:
        asked = {"search": search_of(request.query or ""), "limit": str(BATCH)}
        if at.mark is not None:
            asked["search_after"] = at.mark
        elif at.seen > LARGEST_SKIP:
            raise RemoteError(f"openFDA: more than {LARGEST_SKIP} labels match and no way further is given; narrow it")
        elif at.seen:
            asked["skip"] = str(at.seen)
        answer = client.get(Service.OPENFDA, "drug/label.json", tuple(asked.items()), expect=_JSON, absent=(404,))
        if answer.status == 404:
            _must_be_nothing(answer.body, at.seen)
            return
        reply = _decoded(answer.body)
        total, found = reply.meta.results.total, len(reply.results)
        if not found and at.seen < total:
            raise RemoteError(f"openFDA: it stopped after {at.seen} of {total} labels; run this again later")
        seen = at.seen + found
        following = _Cursor(seen, _mark(answer.next)) if seen < total else None
        yield Page(
            name=f"openfda-{at.seen}.json",
            format="openfda",
            body=answer.body if found else b"",
            records=found,
            after=msgspec.json.encode(following).decode() if following else None,
            total=total,
        )
        at = following


def _mark(link: str | None) -> str | None:
    """The mark alone is taken from the service's link, never the address."""
    return parse_qs(urlsplit(link).query).get("search_after", [None])[0] if link else None


def _decoded(body: bytes) -> _Reply:
    try:
        return msgspec.json.decode(body, type=_Reply)
    except msgspec.DecodeError as error:
        raise RemoteError("openFDA: the reply has another form than documented") from error


def _must_be_nothing(body: bytes, seen: int) -> None:
    """openFDA answers 404 when nothing matches; any other 404 is a wrong address."""
    if b"NOT_FOUND" not in body or seen:
        raise RemoteError("openFDA: it answered with status 404; check VADEMECUM_OPENFDA_URL")
