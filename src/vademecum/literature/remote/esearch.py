"""NCBI's search: how many records match a query, and their numbers."""

from __future__ import annotations

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.services import Service

MOST = 9_999  # numbers that one search can give
_JSON = Expect(Kind.JSON)


class _Result(msgspec.Struct):
    count: str = ""
    idlist: tuple[str, ...] = ()
    ERROR: str | None = None


class _Search(msgspec.Struct):
    esearchresult: _Result


def search(client: Client, asked: tuple[tuple[str, str], ...]) -> tuple[int, tuple[str, ...]]:
    """How many match, and the numbers that came. Raises RemoteError for a reply of another form or a failure."""
    body = client.get(Service.NCBI, "esearch.fcgi", asked, expect=_JSON).body
    try:
        result = msgspec.json.decode(body, type=_Search).esearchresult
    except msgspec.DecodeError as error:
        raise RemoteError("NCBI E-utilities: the result of the search has another form than documented") from error
    if result.ERROR or not result.count.isdigit():
        raise RemoteError(f"NCBI E-utilities: the search failed: {result.ERROR or 'no count'}")
    return int(result.count), result.idlist
