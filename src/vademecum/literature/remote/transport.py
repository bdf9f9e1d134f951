"""Connections that go to a checked address and nowhere else, and end by a deadline.

The name is resolved once, every address it has is checked, and the socket is opened to that number; Host and the TLS
name stay those of the address asked for. So a name that resolves to something else a moment later gains nothing.
The deadline bounds the whole exchange, also one that trickles a byte at a time, which a read timeout does not.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from vademecum.errors import RemoteError
from vademecum.literature.remote.addresses import Policy

Resolve = Callable[[str, int], list[str]]
"""Numeric addresses of a host name. Raises OSError when there are none."""

Connect = Callable[[str, int, float | None], httpcore.NetworkStream]
"""Opens a connection to a numeric address."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, by the system's resolver."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
    """A plain connection to a numeric address."""
    return httpcore.SyncBackend().connect_tcp(address, port, timeout=timeout)


class Deadline:
    """The moment by which the exchange in progress must be over."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: float | None = None

    def start(self, seconds: float) -> None:
        self._until = self._clock() + seconds

    @property
    def left(self) -> float | None:
        return None if self._until is None else self._until - self._clock()

    @property
    def passed(self) -> bool:
        return self.left is not None and self.left <= 0

    def within(self, timeout: float | None) -> float | None:
        """`timeout`, or less when the deadline is nearer."""
        left = self.left
        if left is None:
            return timeout
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(timeout, left)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections that `policy` admits. Raises RemoteError for others; the reason never shows the number."""

    def __init__(self, policy: Policy, deadline: Deadline, resolve: Resolve, connect: Connect) -> None:
        self._policy = policy
        self._deadline = deadline
        self._resolve = resolve
        self._connect = connect

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - the interface's argument
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - the interface's argument
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        if not addresses:
            raise httpcore.ConnectError(f"{host} has no address")
        if not all(self._policy.admits(host, port, address) for address in addresses):
            raise RemoteError(f"refused to connect to {host}: its name leads to an address that is not public")
        failure: Exception | None = None
        for address in addresses:
            try:
                return GuardedStream(self._connect(address, port, self._deadline.within(timeout)), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure


class GuardedStream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        return GuardedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
