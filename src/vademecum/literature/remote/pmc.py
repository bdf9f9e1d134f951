"""Full text from PubMed Central: efetch of JATS, a few articles a page since each may be a megabyte.

PMC sends the full text of articles whose publisher allows it; of others it sends the front matter, or a line that the
article is not available, which then counts as missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature.remote import plans
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.esearch import MOST, search
from vademecum.literature.remote.job import Page
from vademecum.literature.remote.plans import Place
from vademecum.literature.remote.request import Request
from vademecum.literature.remote.services import Service

BATCH = 10
_ARTICLES = Expect(Kind.XML, ("pmc-articleset", "article"))
_ARTICLE = re.compile(rb"<article[\s>]")
_UNAVAILABLE = re.compile(rb"<Reply\b[^>]*\bId=\"(\d+)\"")


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:
    """Articles in batches, in the order asked for."""
    place = msgspec.json.decode(cursor, type=Place) if cursor is not None else _first(client, request, folder)
    numbers = plans.read(folder, place.plan)
    for start in range(place.at, len(numbers), BATCH):
        end = start + BATCH
        following = msgspec.structs.replace(place, at=end) if end < len(numbers) else None
        yield _fetched(client, numbers[start:end], following, len(numbers))


def _first(client: Client, request: Request, folder: Path) -> Place:
    numbers = tuple(name.removeprefix("PMC") for name in request.ids) or _found(client, request)
    return Place(plans.write(folder, "plan-0.json", numbers), total=len(numbers))


def _found(client: Client, request: Request) -> tuple[str, ...]:
    asked = (("db", "pmc"), ("term", request.query or ""), ("retmode", "json"), ("retmax", str(MOST)))
    count, numbers = search(client, asked)
    if count > len(numbers):
        raise RemoteError(
            f"PubMed Central: {count} articles match, more than the {MOST} it gives at once; narrow the search, "
            'for instance with AND "open access"[filter]'
        )
    return numbers


def _fetched(client: Client, batch: tuple[str, ...], following: Place | None, total: int) -> Page:
    asked = (("db", "pmc"), ("retmode", "xml"), ("id", ",".join(batch)))
    body = client.get(Service.NCBI, "efetch.fcgi", asked, expect=_ARTICLES).body
    refused = {number.decode() for number in _UNAVAILABLE.findall(body)}
    sent = len(_ARTICLE.findall(body))
    return Page(
        name=f"pmc-{batch[0]}.xml",
        format="jats",
        body=body if sent else b"",
        records=sent,
        after=msgspec.json.encode(following).decode() if following else None,
        total=total,
        missing=tuple(f"PMC{number}" for number in batch if number in refused or not sent),
    )
