"""Evidence from live services, as files: `parse` reads what to get, `fetch` saves it page by page into a folder.

Nothing a service sends is parsed here beyond what paging needs; the saved files go through `literature.intake` like
any other file. Environment variables are listed in `remote.services`, the request syntax in `remote.request`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from vademecum.literature.remote import crossref, ctgov, dailymed, europepmc, job, openfda, pmc, pubmed
from vademecum.literature.remote.cache import Cache
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.exchange import Limits
from vademecum.literature.remote.job import Download, Pages, Progress, State
from vademecum.literature.remote.request import Request, Source, parse
from vademecum.literature.remote.services import Service, Services

__all__ = [
    "Cache",
    "Client",
    "Download",
    "Limits",
    "Progress",
    "Request",
    "Service",
    "Services",
    "Source",
    "State",
    "fetch",
    "parse",
    "state",
]

_PAGES: dict[Source, Pages] = {
    Source.PUBMED: pubmed.pages,
    Source.EUROPEPMC: europepmc.pages,
    Source.PMC: pmc.pages,
    Source.DAILYMED: dailymed.pages,
    Source.OPENFDA: openfda.pages,
    Source.CTGOV: ctgov.pages,
    Source.RETRACTIONS: crossref.pages,
}


def fetch(
    request: Request,
    folder: Path,
    services: Services | None = None,
    progress: Progress | None = None,
    *,
    client: Client | None = None,
) -> Iterator[Download]:
    """The files of `request`, saved in `folder`, which belongs to this request alone.

    Called again with the same folder it yields the finished files and goes on where it stopped; when the job is
    complete, without asking anyone. For newer data take a new folder. Raises RemoteError, before or between files.
    """
    tell = progress or (lambda _done, _total: None)
    if client is not None:
        yield from job.run(client, request, folder, _PAGES[request.source], tell)
        return
    with Client(services, cache=Cache(folder.parent / "replies")) as own:
        yield from job.run(own, request, folder, _PAGES[request.source], tell)


def state(folder: Path) -> State | None:
    """How far the job in `folder` is: records, total, identifiers that are missing. None when it holds no job."""
    return job.load(folder)
