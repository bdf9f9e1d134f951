"""Which addresses a client may connect to: listed schemes, ports and hosts, and only public addresses behind names.

`ipaddress.is_global` of Python 3.11 calls NAT64, 6to4, IPv4-compatible, site-local and multicast addresses global, so
the check is a list of its own: for IPv6 the global unicast block less its special parts, for IPv4 everything but the
special-purpose registry. An origin that the operator allowed by name may also be loopback or private, never link-local.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

import msgspec

from vademecum.errors import RemoteError

_SPECIAL_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"))
)
_OWN_NETWORK = tuple(
    map(
        ipaddress.ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7"),
    )
)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[!-~]*)?",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


class Target(msgspec.Struct, frozen=True):
    """A checked address of a resource: where to connect and what to ask for there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


def is_public(address: str) -> bool:
    """Whether a numeric address is ordinary public unicast."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _SPECIAL_V4)
    return parsed in _GLOBAL_V6 and not any(parsed in network for network in _SPECIAL_V6)


def is_own_network(address: str) -> bool:
    """Whether a numeric address is loopback or private: fit for an origin that the operator allowed by name."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in _OWN_NETWORK)


def split(url: str) -> Target:
    """The parts of an http(s) address in plain ASCII. Raises RemoteError for anything else, as for one with a user."""
    match = _URL.fullmatch(url.partition("#")[0])
    if match is None or "\\" in url:
        raise RemoteError("refused an address that is not plain http or https")
    scheme = match["scheme"].lower()
    port = int(match["port"] or _PORTS[scheme])
    return Target(scheme=scheme, host=match["host"].lower(), port=port, path=match["path"] or "/")


class Policy(msgspec.Struct, frozen=True):
    """The addresses in reach: public hosts over https on its own port, and origins allowed by name."""

    hosts: frozenset[str]
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, hosts: Iterable[str], origins: Iterable[str] = ()) -> Policy:
        return cls(
            hosts=frozenset(host.lower() for host in hosts),
            origins=frozenset(split(origin).origin for origin in origins),
        )

    def target(self, url: str) -> Target:
        """The checked target of an address, before its name is resolved. Raises RemoteError, without a packet sent."""
        target = split(url)
        if target.origin in self.origins:
            return target
        if target.host not in self.hosts:
            raise RemoteError(
                f"refused to ask {target.host}: it is not a configured service; "
                "allow its origin with VADEMECUM_ALLOW_ORIGINS if it should be"
            )
        if target.scheme != "https" or target.port != _PORTS["https"]:
            raise RemoteError(
                f"refused to ask {target.host} other than by https on port 443; "
                "allow the origin with VADEMECUM_ALLOW_ORIGINS if it should be"
            )
        return target

    def admits(self, host: str, port: int, address: str) -> bool:
        """Whether a connection for `host` may go to the resolved `address`."""
        if is_public(address):
            return True
        name = f"[{host}]" if ":" in host else host.lower()
        named = any(f"{scheme}://{name}:{port}" in self.origins for scheme in _PORTS)
        return named and is_own_network(address)
