"""One request to one service, as often as it takes: redirects checked, troubles that pass waited out, a cut reply
never taken for a whole one, and a large one continued where it was cut.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from random import Random
from typing import BinaryIO
from urllib.parse import urljoin

import httpcore
import msgspec

from vademecum.errors import NoNetworkError, RemoteError
from vademecum.literature.remote import bodies
from vademecum.literature.remote.addresses import Policy, Target
from vademecum.literature.remote.pacing import Pace, backoff, retry_after
from vademecum.literature.remote.transport import Deadline

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 5
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_ERROR_PAGE = 16_384
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_UNREACHABLE_RETRIES = 2


class Limits(msgspec.Struct, frozen=True):
    """Bounds of one request with all its retries."""

    body: int = 256 << 20  # bytes, unpacked
    ratio: int = 200  # unpacked to packed
    seconds: float = 300.0  # the whole exchange, waits included
    download_seconds: float = 3600.0  # the same for a body that goes to a file
    stall: float = 60.0  # without a byte
    retries: int = 5
    longest_wait: float = 120.0  # that a service may ask for


class Head(msgspec.Struct, frozen=True):
    """Status and headers of the last reply; header names are lower-case."""

    status: int
    headers: dict[str, str]


class Sink:
    """Where a body goes. `validator` is what a later request needs to continue it; None when it cannot be continued."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.validator: str | None = None
        self.size = 0

    def begin(self, validator: str | None) -> None:
        """Forget what was written; a new body begins."""
        self._file.seek(0)
        self._file.truncate()
        self.size = 0
        self.validator = validator

    def write(self, block: bytes) -> None:
        self._file.write(block)
        self.size += len(block)


class Passing(Exception):  # noqa: N818 - it never leaves this module
    """A trouble that may be over when asked again."""

    def __init__(self, reason: str, wait: float | None = None, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.unreachable = unreachable


class Exchange:
    """Sends GET requests through one pool of guarded connections."""

    def __init__(
        self,
        pool: httpcore.ConnectionPool,
        policy: Policy,
        pace: Pace,
        deadline: Deadline,
        limits: Limits,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        now: Callable[[], float],
        random: Random,
    ) -> None:
        self._pool = pool
        self._policy = policy
        self._pace = pace
        self._deadline = deadline
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self._random = random

    def get(
        self,
        url: str,
        sink: Sink,
        headers: Mapping[str, str],
        *,
        absent: frozenset[int] = frozenset(),
        seconds: float | None = None,
    ) -> Head:
        """The reply to `url`, its body in `sink`; statuses in `absent` and 304 are replies too.

        Raises RemoteError when the service refuses, sends what cannot be used, or stays ill through all retries.
        """
        allowed = self._limits.seconds if seconds is None else seconds
        end = self._clock() + allowed
        failures = 0
        while True:
            self._deadline.start(max(0.0, end - self._clock()))
            try:
                return self._attempt(url, sink, headers, absent)
            except Passing as trouble:
                failures += 1
                self._endure(trouble, failures, end, allowed)

    def _endure(self, trouble: Passing, failures: int, end: float, allowed: float) -> None:
        """Wait before the next attempt, or raise RemoteError when there should be none."""
        if self._clock() >= end:
            raise RemoteError(f"the reply took longer than {allowed:.0f} seconds") from trouble
        wait = backoff(failures, self._random) if trouble.wait is None else trouble.wait
        if wait > self._limits.longest_wait:
            raise RemoteError(f"it asks to wait {wait:.0f} seconds; run this again later") from trouble
        if failures > (_UNREACHABLE_RETRIES if trouble.unreachable else self._limits.retries):
            if trouble.unreachable:
                raise NoNetworkError(str(trouble)) from trouble
            raise RemoteError(f"{trouble}, {failures} times in a row; run this again later") from trouble
        self._sleep(min(wait, max(0.0, end - self._clock())))

    def _attempt(self, url: str, sink: Sink, headers: Mapping[str, str], absent: frozenset[int]) -> Head:
        asked = dict(headers)
        continuing = sink.size > 0 and sink.validator is not None
        if continuing:
            asked |= {"Range": f"bytes={sink.size}-", "If-Range": sink.validator or "", "Accept-Encoding": "identity"}
        with _troubles(), self._reply(url, asked) as (head, chunks):
            if head.status in _PASSING:
                raise Passing(
                    f"it answered with status {head.status}",
                    wait=retry_after(head.headers.get("retry-after"), self._now()),
                )
            if head.status == 304:
                return head
            if head.status == 416 and continuing:
                sink.begin(None)
                raise Passing("it no longer has the file that was begun")
            if head.status not in {200, 206} and head.status not in absent:
                raise RemoteError(_refusal(head, chunks))
            total = self._place(head, sink, continuing=continuing)
            self._read(head, chunks, sink)
            if total is not None and sink.size != total:
                raise Passing("the reply was cut off")
            return head

    def _place(self, head: Head, sink: Sink, *, continuing: bool) -> int | None:
        """Bring the sink to where this reply's body begins; the full size, when a part says it."""
        if head.status != 206:
            sink.begin(_validator(head) if head.status == 200 else None)
            return None
        match = _RANGE.fullmatch(head.headers.get("content-range", ""))
        if not continuing or match is None or int(match[1]) != sink.size or head.headers.get("content-encoding"):
            sink.begin(None)
            raise Passing("it sent another part than was asked for")
        return int(match[2])

    def _read(self, head: Head, chunks: Iterator[bytes], sink: Sink) -> None:
        unpacker = bodies.Unpacker(head.headers.get("content-encoding", ""), self._limits.ratio)
        for chunk in chunks:
            for block in unpacker.feed(chunk):
                if sink.size + len(block) > self._limits.body:
                    raise RemoteError(f"the reply is larger than {self._limits.body >> 20} MB; refused")
                sink.write(block)
        try:
            unpacker.finish()
        except EOFError:
            raise Passing("the reply was cut off") from None

    @contextmanager
    def _reply(self, url: str, headers: Mapping[str, str]) -> Iterator[tuple[Head, Iterator[bytes]]]:
        """The reply after redirects, each of which must lead to an address that the policy admits."""
        for _ in range(_MOST_REDIRECTS + 1):
            target = self._policy.target(url)
            self._pace.wait(target.host)
            response = self._send(target, headers)
            with closing(response):
                head = Head(response.status, _headers(response))
                self._pace.heed(
                    target.host, head.headers.get("x-rate-limit-limit"), head.headers.get("x-rate-limit-interval")
                )
                location = head.headers.get("location")
                if head.status not in _REDIRECTS or location is None:
                    yield head, response.iter_stream()
                    return
                url = _joined(target, location)
        raise RemoteError(f"it redirects more than {_MOST_REDIRECTS} times")

    def _send(self, target: Target, headers: Mapping[str, str]) -> httpcore.Response:
        usual = target.port == {"http": 80, "https": 443}[target.scheme]
        host = target.host if usual else f"{target.host}:{target.port}"
        stall = self._limits.stall
        return self._pool.handle_request(
            httpcore.Request(
                "GET",
                httpcore.URL(
                    scheme=target.scheme.encode(),
                    host=target.host.strip("[]").encode(),
                    port=target.port,
                    target=target.path.encode(),
                ),
                headers=[("Host", host), *headers.items()],
                extensions={"timeout": {"connect": min(stall, 20.0), "read": stall, "write": stall, "pool": stall}},
            )
        )


@contextmanager
def _troubles() -> Iterator[None]:
    """httpcore's exceptions as ours."""
    try:
        yield
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        if any(isinstance(origin, ssl.SSLCertVerificationError) for origin in (*error.args, error.__context__)):
            raise RemoteError(
                "its certificate is not trusted; if your network re-signs https, name its certificates with "
                "VADEMECUM_CA_FILE"
            ) from error
        raise Passing("it cannot be reached", unreachable=True) from error
    except httpcore.TimeoutException as error:
        raise Passing("it went silent") from error
    except (httpcore.ProtocolError, httpcore.NetworkError) as error:
        raise Passing("the reply was cut off") from error


def _headers(response: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


def _joined(target: Target, location: str) -> str:
    try:
        return urljoin(f"{target.origin}{target.path}", location)
    except ValueError:
        raise RemoteError("it redirects to something that is no address") from None


def _validator(head: Head) -> str | None:
    """What If-Range needs; only for a body that was sent as it is."""
    if head.headers.get("content-encoding", "identity") != "identity":
        return None
    etag = head.headers.get("etag")
    if etag is not None and not etag.startswith("W/"):
        return etag
    return head.headers.get("last-modified")


def _refusal(head: Head, chunks: Iterator[bytes]) -> str:
    """What an error page says, as far as it is plain text."""
    page = b""
    if head.headers.get("content-encoding", "identity") == "identity":
        for chunk in chunks:
            page += chunk
            if len(page) > _ERROR_PAGE:
                break
    words = bodies.quote(page)
    return f"it answered with status {head.status}" + (f": {words}" if words else "")
