"""No request leaves for an address that is not a public one behind a listed name."""

from __future__ import annotations

import gzip
import ipaddress
import json
import socket
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import quote

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stub_services import SHARED, Reply, Stub, Waits

from vademecum.errors import RemoteError
from vademecum.literature.remote import Client, Limits, Service, Services
from vademecum.literature.remote.addresses import Policy, is_own_network, is_public
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.transport import connect

PUBLIC = "93.184.215.14"
ARTICLE = Expect(Kind.XML, ("article",))
URLS = SHARED / "bench" / "safety" / "import_urls_dev.jsonl"

Connections = list[tuple[str, int]]


def rows(expect: str) -> list[dict[str, str]]:
    lines = URLS.read_text(encoding="utf-8").splitlines() if URLS.exists() else []
    return [row for row in map(json.loads, lines) if row["expect"].startswith(expect)]


def names(host: str, port: int) -> list[str]:
    """The stub resolver: .test names are public; the rest is what the system makes of it."""
    if host.endswith(".test"):
        return [PUBLIC]
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@cache
def bomb() -> bytes:
    """Sixty-four megabytes in sixty-four kilobytes."""
    return gzip.compress(b"<article>" + bytes(64 << 20) + b"</article>", 6)


def hosts_of_allowed_test(server: Stub) -> None:
    """What allowed.test serves."""
    paper = Reply(b"<article>x</article>", type="application/xml")
    server.on("/paper.xml", paper)
    server.on("/redirect-same-host", Reply(status=302, headers={"Location": "/paper.xml"}))
    server.routes["/redirect"] = lambda asked: Reply(status=302, headers={"Location": asked.query["to"]})
    server.on("/chain-of-6-redirects", Reply(status=302, headers={"Location": "/hop/1"}))
    for hop in range(1, 6):
        server.on(f"/hop/{hop}", Reply(status=302, headers={"Location": f"/hop/{hop + 1}"}))
    server.on("/hop/6", paper)
    server.on("/endless-body", Reply(type="application/xml", endless=True))
    server.on("/1-byte-per-second", Reply(b"<article>" + b"x" * 60 + b"</article>", type="text/xml", trickle=1.0))
    server.on("/gzip-bomb", Reply(bomb(), type="application/xml", headers={"Content-Encoding": "gzip"}))
    server.on("/wrong-content-type-exe", Reply(b"MZ" + bytes(500), type="application/x-msdownload"))
    server.on("/", paper)


def ask(
    base: str, path: str, server: Stub, certificate: Path, resolve: Callable[[str, int], list[str]] = names
) -> tuple[Connections, str | None]:
    """Where the client connected to, and why it refused, if it did."""
    made: Connections = []

    def through(address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        made.append((address, port))
        return connect("127.0.0.1", server.port, timeout)

    limits = Limits(body=4 << 20, seconds=0.6, retries=1)
    try:
        services = Services(ncbi=base, ca_file=certificate)
        with Client(services, limits=limits, sleep=Waits(), resolve=resolve, connect=through) as client:
            client.get(Service.NCBI, path, expect=ARTICLE)
    except RemoteError as error:
        return made, str(error)
    return made, None


# --- the listed cases ------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows("refuse") or [pytest.param({}, marks=pytest.mark.skip("needs ../shared"))])
def test_a_listed_address_is_refused_as_base_and_behind_a_redirect(
    row: dict[str, str], tls_stub: Stub, certificate: Path
) -> None:
    hosts_of_allowed_test(tls_stub)
    url = row["url"].partition(" (")[0]
    for base, path in ((url, ""), ("https://allowed.test", f"redirect?to={quote(url, safe='')}")):
        made, refusal = ask(base, path, tls_stub, certificate)
        assert refusal is not None
        assert set(made) <= {(PUBLIC, 443)}
        assert "127.0.0.1" not in refusal.replace(url, "") or "127.0.0.1" in url
        assert PUBLIC not in refusal


@pytest.mark.parametrize(
    "path",
    [
        "redirect?to=http://127.0.0.1/",
        "redirect?to=file:///etc/passwd",
        "redirect?to=https://rebind.test/paper.xml",
        "redirect?to=http://allowed.test/paper.xml",
        "redirect?to=https://169.254.169.254/latest/",
        "chain-of-6-redirects",
        "endless-body",
        "gzip-bomb",
        "wrong-content-type-exe",
        "1-byte-per-second",
    ],
)
def test_what_an_allowed_host_does_wrong_is_refused(path: str, tls_stub: Stub, certificate: Path) -> None:
    hosts_of_allowed_test(tls_stub)
    made, refusal = ask("https://allowed.test", path, tls_stub, certificate)
    assert refusal is not None
    assert set(made) == {(PUBLIC, 443)}
    assert {asked.headers["host"] for asked in tls_stub.log} == {"allowed.test"}


@pytest.mark.parametrize("path", ["paper.xml", "redirect-same-host"])
def test_an_allowed_host_is_read_with_its_own_name_in_tls_and_host(
    path: str, tls_stub: Stub, certificate: Path
) -> None:
    hosts_of_allowed_test(tls_stub)
    made, refusal = ask("https://allowed.test", path, tls_stub, certificate)
    assert (set(made), refusal) == ({(PUBLIC, 443)}, None)
    assert {asked.headers["host"] for asked in tls_stub.log} == {"allowed.test"}


def test_a_certificate_that_is_not_trusted_ends_the_request(tls_stub: Stub) -> None:
    waits = Waits()

    def through(address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        return connect("127.0.0.1", tls_stub.port, timeout)

    with (
        Client(Services(ncbi="https://allowed.test"), sleep=waits, resolve=names, connect=through) as client,
        pytest.raises(RemoteError, match=r"certificate is not trusted.*VADEMECUM_CA_FILE"),
    ):
        client.get(Service.NCBI, "paper.xml", expect=ARTICLE)
    assert (tls_stub.log, waits.seconds) == ([], [])


def test_a_name_is_resolved_once_for_a_connection_and_checked_each_time(tls_stub: Stub, certificate: Path) -> None:
    hosts_of_allowed_test(tls_stub)
    answers = [[PUBLIC], ["127.0.0.1"]]

    def resolve(host: str, port: int) -> list[str]:
        return answers.pop(0)

    assert ask("https://rebind.test", "paper.xml", tls_stub, certificate, resolve) == ([(PUBLIC, 443)], None)
    made, refusal = ask("https://rebind.test", "paper.xml", tls_stub, certificate, resolve)
    assert made == []
    assert refusal is not None
    assert "not public" in refusal


def test_one_address_inside_spoils_a_name_with_several(tls_stub: Stub, certificate: Path) -> None:
    made, refusal = ask("https://allowed.test", "", tls_stub, certificate, lambda *_: [PUBLIC, "10.0.0.1"])
    assert made == []
    assert refusal is not None


# --- the rule --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "localhost",
        "127.1",
        "1",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "130.14.29.110", "193.62.193.80", "2607:f220:41e:4290::110"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses())
def test_nothing_is_public_that_python_calls_special(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved
        assert not is_own_network(str(address))


def test_an_origin_allowed_by_name_may_be_inside_but_never_link_local() -> None:
    policy = Policy.of(["api.fda.gov"], ["http://127.0.0.1:8080/any", "http://[::1]:8081"])
    assert policy.target("http://127.0.0.1:8080/x?y=1").origin == "http://127.0.0.1:8080"
    assert policy.admits("127.0.0.1", 8080, "127.0.0.1")
    assert policy.admits("::1", 8081, "::1")
    assert not policy.admits("127.0.0.1", 8081, "127.0.0.1")
    assert not policy.admits("127.0.0.1", 8080, "169.254.169.254")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.fda.gov/",
        "https://api.fda.gov:8443/",
        "https://other.example/",
        "https://user@api.fda.gov/",
        "https:/\\api.fda.gov/",
        "https://api.fda.gov\\@evil.example/",
        " https://api.fda.gov/",
        "https://api.fda.gov/\n",
        "https://аpi.fda.gov/",
        "https://api.fda.gov.evil.example/",
        "https://api.fda.gov./",
        "//api.fda.gov/",
        "",
    ],
)
def test_only_listed_hosts_by_https_on_its_port(url: str) -> None:
    policy = Policy.of(["api.fda.gov"])
    assert policy.target("https://API.FDA.GOV:443/drug?x=1#y").host == "api.fda.gov"
    with pytest.raises(RemoteError, match=r"^refused"):
        policy.target(url)
