"""The client of all services: polite, cached, and sure that what it hands on is a whole reply of the expected kind.

A client serves one thread. Clock, sleep, chance, resolver and connector are arguments, so that a test or a simulation
can put its own in their place.
"""

from __future__ import annotations

import io
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from types import TracebackType
from urllib.parse import urlencode

import httpcore
import msgspec

import vademecum
from vademecum.errors import NoNetworkError, RemoteError
from vademecum.literature.remote import bodies
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.cache import Cache, Kept
from vademecum.literature.remote.exchange import Exchange, Head, Limits, Sink
from vademecum.literature.remote.pacing import Pace
from vademecum.literature.remote.parts import PartFile
from vademecum.literature.remote.services import TITLES, Service, Services
from vademecum.literature.remote.transport import Connect, Deadline, GuardedBackend, Resolve, connect, resolve

Parameters = Iterable[tuple[str, str]]

_EDGE = 16_384
_KEEPALIVE_SECONDS = 30.0
_NEXT = re.compile(r"<([^<>]+)>\s*;[^,]*\brel=\"?next\b")


class Answer(msgspec.Struct, frozen=True):
    """A reply. `status` is 200, or one of those that the caller named as "not there"."""

    body: bytes
    status: int = 200
    next: str | None = None  # address in a `Link: <…>; rel="next"` header
    cached: bool = False


class Client:
    """Asks the services. Raises RemoteError for what cannot be asked or used, naming the service, never the query."""

    def __init__(
        self,
        services: Services | None = None,
        *,
        cache: Cache | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        random: Random | None = None,
        resolve: Resolve = resolve,
        connect: Connect = connect,
    ) -> None:
        self.services = services or Services.from_environment()
        self._cache = cache
        self.now = now
        self.limits = limits or Limits()
        policy = self.services.policy()
        deadline = Deadline(clock)
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(self.services.ca_file),
            network_backend=GuardedBackend(policy, deadline, resolve, connect),
            max_connections=8,
            keepalive_expiry=_KEEPALIVE_SECONDS,
        )
        self._exchange = Exchange(
            self._pool,
            policy,
            Pace(self.services.intervals(), clock, sleep),
            deadline,
            self.limits,
            clock=clock,
            sleep=sleep,
            now=now,
            random=random or Random(),
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._pool.close()

    def get(
        self,
        service: Service,
        path: str,
        parameters: Parameters = (),
        *,
        expect: Expect,
        max_age: float = 0.0,
        absent: Iterable[int] = (),
    ) -> Answer:
        """The body at `path` below the service's base address.

        A cached one not older than `max_age` seconds is good enough; an older one is checked with the service and
        fetched again only when it changed. A status in `absent` is returned instead of raised.
        """
        asked = self._url(service, path, parameters)
        kept = self._cache.find(asked) if self._cache is not None and max_age > 0 else None
        if kept is not None and kept.stored <= self.now() <= kept.stored + max_age:
            return Answer(body=kept.body, cached=True)
        buffer = io.BytesIO()
        with _named(service):
            self._must_be_online()
            head = self._exchange.get(
                self._url(service, path, (*parameters, *self.services.identity(service))),
                Sink(buffer),
                self._headers(kept),
                absent=frozenset(absent),
            )
            if head.status == 304 and kept is not None:
                return self._renewed(asked, kept)
            body = buffer.getvalue()
            if head.status == 200:
                _check(body, head, expect)
                if max_age > 0:
                    self._keep(asked, body, head)
        return Answer(body=body, status=head.status, next=_next(head.headers.get("link", "")))

    def download(self, service: Service, path: str, parameters: Parameters, into: Path, *, expect: Expect) -> int:
        """Save a large body as the file `into` and return its size; a run that was cut goes on where it stopped."""
        with _named(service):
            self._must_be_online()
            with PartFile(into) as part:
                head = self._exchange.get(
                    self._url(service, path, (*parameters, *self.services.identity(service))),
                    part,
                    self._headers(None) | {"Accept-Encoding": "identity"},
                    seconds=self.limits.download_seconds,
                )
                bodies.check(*part.edges(_EDGE), head.headers.get("content-type", ""), expect)
                part.finish()
                return part.size

    def _must_be_online(self) -> None:
        if self.services.offline:
            raise NoNetworkError("VADEMECUM_OFFLINE is set")

    def _url(self, service: Service, path: str, parameters: Parameters) -> str:
        query = urlencode(tuple(parameters))
        address = self.services.base(service) + (f"/{path}" if path else "")
        return f"{address}?{query}" if query else address

    def _headers(self, kept: Kept | None) -> dict[str, str]:
        headers = {"User-Agent": f"vademecum/{vademecum.__version__}", "Accept": "*/*", "Accept-Encoding": "gzip"}
        if kept is not None and kept.etag is not None:
            headers["If-None-Match"] = kept.etag
        elif kept is not None and kept.modified is not None:
            headers["If-Modified-Since"] = kept.modified
        return headers

    def _keep(self, asked: str, body: bytes, head: Head) -> None:
        if self._cache is not None:
            etag, modified = head.headers.get("etag"), head.headers.get("last-modified")
            self._cache.keep(asked, body, stored=self.now(), etag=etag, modified=modified)

    def _renewed(self, asked: str, kept: Kept) -> Answer:
        if self._cache is not None:
            self._cache.keep(asked, kept.body, stored=self.now(), etag=kept.etag, modified=kept.modified)
        return Answer(body=kept.body, cached=True)


@cache
def _tls(ca_file: Path | None) -> ssl.SSLContext:
    """Usual certificates and those of `ca_file`; reading them takes longer than a request, so once is enough."""
    context = httpcore.default_ssl_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError):
            raise RemoteError(f"VADEMECUM_CA_FILE: {ca_file} holds no certificates (PEM) that can be read") from None
    return context


@contextmanager
def _named(service: Service) -> Iterator[None]:
    """Put the name of the service in front of what went wrong with it."""
    try:
        yield
    except NoNetworkError as error:
        raise NoNetworkError(f"{TITLES[service]}: {error.reason}") from error
    except RemoteError as error:
        raise RemoteError(f"{TITLES[service]}: {error}") from error


def _check(body: bytes, head: Head, expect: Expect) -> None:
    bodies.check(body[:_EDGE], body[-_EDGE:], head.headers.get("content-type", ""), expect)
    if expect.kind is Kind.JSON:
        bodies.check_json(body)


def _next(link: str) -> str | None:
    match = _NEXT.search(link)
    return match[1] if match else None
