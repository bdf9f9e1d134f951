"""A real HTTP server that replays replies, with the faults that real services have, and remembers what it was asked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from vademecum.literature.remote import Client, Limits, Service, Services


@dataclass
class Asked:
    """A request as the server saw it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Reply:
    """A reply and what goes wrong with it."""

    body: bytes = b""
    type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # a Content-Length that lies
    cut: int | None = None  # close after so many bytes of the body
    chunked: bool = False
    trickle: float | None = None  # seconds between bytes
    endless: bool = False


Route = Callable[[Asked], Reply]


class Stub(ThreadingHTTPServer):
    """The server: routes by path, and a log."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.routes: dict[str, Route] = {}
        self.log: list[Asked] = []
        self.troubles: list[Exception] = []  # of the routes themselves

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self, path: str, *replies: Reply) -> None:
        """Give these replies one after another, then the last one for ever."""
        left = list(replies)
        self.routes[path] = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.log]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on purpose here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True
    server: Stub

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(parts.path, dict(parse_qsl(parts.query)), headers)
        self.server.log.append(asked)
        route = self.server.routes.get(parts.path)
        try:
            reply = route(asked) if route else Reply(b"no such page", type="text/plain", status=404)
        except Exception as error:
            self.server.troubles.append(error)
            raise
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        if reply.type:
            self.send_header("Content-Type", reply.type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.chunked or reply.endless:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        self.end_headers()
        while reply.endless:
            self._chunk(b"<p>" * 20_000)
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        if reply.trickle is not None:
            for position in range(len(body)):
                self.wfile.write(body[position : position + 1])
                self.wfile.flush()
                time.sleep(reply.trickle)
        elif reply.chunked:
            self._chunk(body)
        else:
            self.wfile.write(body)
        if reply.cut is not None or reply.length is not None:
            self.close_connection = True
        elif reply.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Stub]:
    server = Stub(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    for trouble in server.troubles:
        raise trouble


@dataclass
class Waits:
    """A sleep that remembers instead of sleeping."""

    seconds: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def services_at(address: str, **more: Any) -> Services:
    """Every service at one address, which is allowed by name."""
    bases: dict[str, Any] = {service.value: f"{address}/{service.value}" for service in Service}
    return Services(**bases, allow=(address,), **more)


def client_at(
    address: str, *, waits: Callable[[float], None] | None = None, limits: Limits | None = None, **more: Any
) -> Client:
    given = more.pop("services", None) or services_at(address)
    return Client(given, sleep=waits or Waits(), limits=limits, random=Random(0), **more)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SHARED = Path(__file__).parents[3] / ".." / "shared"
