"""PubMed by query or number, through E-utilities: esearch for the numbers, efetch for the citations in XML.

esearch gives at most 10,000 numbers of PubMed, and so does its history server; a larger result is cut in two by the
day a citation entered PubMed, again and again until every part fits. The numbers of a part are kept in the job's
folder instead of a history session: a session expires in hours, and a job continued later must not skip or repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature.remote import plans
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.esearch import MOST, search
from vademecum.literature.remote.job import Page
from vademecum.literature.remote.request import Request
from vademecum.literature.remote.services import Service

BATCH = 200
_FIRST_DAY = date(1900, 1, 1)
_DAY = "%Y/%m/%d"
_WEEK = 7 * 86_400.0
_CITATIONS = Expect(Kind.XML, ("PubmedArticleSet",))
_SENT = re.compile(rb"<(?:MedlineCitation|BookDocument)\b[^>]*>\s*<PMID\b[^>]*>\s*(\d+)")


class _Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Parts of the result still to be searched, last one next, and where in the current part's numbers the job is."""

    parts: tuple[tuple[date, date] | None, ...] = ()  # None: all days
    plan: str | None = None  # file with the current part's numbers
    at: int = 0
    total: int | None = None


def pages(client: Client, request: Request, folder: Path, cursor: str | None) -> Iterator[Page]:
    """Citations in batches, in the order of PubMed's answer."""
    at = msgspec.json.decode(cursor, type=_Cursor) if cursor is not None else _first(request, folder)
    while True:
        if at.plan is None:
            if not at.parts:
                return
            at = _planned(client, request, folder, at)
            continue
        numbers = plans.read(folder, at.plan)
        if at.at >= len(numbers):
            at = msgspec.structs.replace(at, plan=None, at=0)
            continue
        batch = numbers[at.at : at.at + BATCH]
        at = msgspec.structs.replace(at, at=at.at + len(batch))
        more = at.at < len(numbers) or bool(at.parts)
        yield _fetched(client, request, batch, at, more=more)


def _first(request: Request, folder: Path) -> _Cursor:
    if request.ids:
        return _Cursor(plan=plans.write(folder, "plan-0.json", request.ids), total=len(request.ids))
    return _Cursor(parts=(None,))


def _planned(client: Client, request: Request, folder: Path, at: _Cursor) -> _Cursor:
    """Search the next part: keep its numbers, or cut it in two when it has too many."""
    part, rest = at.parts[-1], at.parts[:-1]
    count, numbers = _search(client, request.query or "", part)
    total = count if at.total is None else at.total
    if count <= len(numbers):
        name = f"plan-{part[0]:%Y%m%d}.json" if part else "plan-0.json"
        return _Cursor(parts=rest, plan=plans.write(folder, name, numbers), total=total)
    first, last = part or (_FIRST_DAY, _today(client) + timedelta(days=366))
    if first == last:
        raise RemoteError(
            f"PubMed: {count} citations entered on {first} match, more than it gives; narrow the search, "
            "or import the yearly baseline files instead"
        )
    middle = first + (last - first) // 2
    return _Cursor(parts=(*rest, (middle + timedelta(days=1), last), (first, middle)), total=total)


def _search(client: Client, query: str, part: tuple[date, date] | None) -> tuple[int, tuple[str, ...]]:
    asked = {"db": "pubmed", "term": query, "retmode": "json", "retmax": str(MOST), "sort": "pub_date"}
    if part is not None:
        asked |= {"datetype": "edat", "mindate": part[0].strftime(_DAY), "maxdate": part[1].strftime(_DAY)}
    return search(client, tuple(asked.items()))


def _fetched(client: Client, request: Request, batch: tuple[str, ...], at: _Cursor, *, more: bool) -> Page:
    asked = (("db", "pubmed"), ("retmode", "xml"), ("id", ",".join(batch)))
    body = client.get(Service.NCBI, "efetch.fcgi", asked, expect=_CITATIONS, max_age=_WEEK if request.ids else 0).body
    sent = {number.decode() for number in _SENT.findall(body)}
    missing = tuple(number for number in batch if number not in sent)
    if len(missing) == len(batch) and not request.ids:
        raise RemoteError("NCBI E-utilities: it sent none of the citations it had found; run this again later")
    return Page(
        name=f"pubmed-{batch[0]}.xml",
        format="medline",
        body=body if sent else b"",
        records=len(batch) - len(missing),
        after=msgspec.json.encode(at).decode() if more else None,
        total=at.total,
        missing=missing,
    )


def _today(client: Client) -> date:
    return datetime.fromtimestamp(client.now(), UTC).date()
