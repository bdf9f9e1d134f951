"""The live services and how to reach them: public addresses by default, an institution's mirror by configuration.

Environment variables (`Services.from_environment`):

    VADEMECUM_NCBI_URL, VADEMECUM_EUROPEPMC_URL, VADEMECUM_DAILYMED_URL, VADEMECUM_OPENFDA_URL, VADEMECUM_CTGOV_URL,
    VADEMECUM_CROSSREF_URL, VADEMECUM_RETRACTION_WATCH_URL   another address of a service
    VADEMECUM_ALLOW_ORIGINS   origins, separated by spaces or commas, that may be plain http, on another port, or
                              inside the own network: "http://mirror.hospital.example:8080"
    VADEMECUM_EMAIL           whom a service may write to when a client misbehaves; sent to NCBI and Crossref only
    NCBI_API_KEY              10 requests a second to NCBI instead of 3
    OPENFDA_API_KEY           a larger daily allowance of openFDA
    VADEMECUM_OFFLINE         any value but 0: ask nobody, serve the cache only
    VADEMECUM_CA_FILE         certificates to trust besides the usual ones (PEM)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from vademecum.errors import RemoteError, UsageError
from vademecum.literature.remote.addresses import Policy, split


class Service(StrEnum):
    """A service with one base address and one pace."""

    NCBI = "ncbi"
    EUROPEPMC = "europepmc"
    DAILYMED = "dailymed"
    OPENFDA = "openfda"
    CTGOV = "ctgov"
    CROSSREF = "crossref"
    RETRACTION_WATCH = "retraction_watch"


TITLES = {
    Service.NCBI: "NCBI E-utilities",
    Service.EUROPEPMC: "Europe PMC",
    Service.DAILYMED: "DailyMed",
    Service.OPENFDA: "openFDA",
    Service.CTGOV: "ClinicalTrials.gov",
    Service.CROSSREF: "Crossref",
    Service.RETRACTION_WATCH: "Retraction Watch",
}
_PUBLIC = {
    Service.NCBI: "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    Service.EUROPEPMC: "https://www.ebi.ac.uk/europepmc/webservices/rest",
    Service.DAILYMED: "https://dailymed.nlm.nih.gov/dailymed/services/v2",
    Service.OPENFDA: "https://api.fda.gov",
    Service.CTGOV: "https://clinicaltrials.gov/api/v2",
    Service.CROSSREF: "https://api.crossref.org",
    Service.RETRACTION_WATCH: "https://gitlab.com/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv",
}
_INTERVALS = {
    Service.NCBI: 0.34,  # "no more than three requests a second" without a key
    Service.EUROPEPMC: 0.2,  # none published
    Service.DAILYMED: 0.5,  # none published
    Service.OPENFDA: 0.25,  # 240 a minute
    Service.CTGOV: 1.0,  # robots.txt: Crawl-delay 1
    Service.CROSSREF: 1.0,  # lists, without an address to write to
    Service.RETRACTION_WATCH: 1.0,
}
_NCBI_WITH_KEY, _CROSSREF_WITH_EMAIL = 0.1, 0.34
_TOOL = "vademecum"


class Services(msgspec.Struct, frozen=True, omit_defaults=True):
    """Addresses, identity and keys. `allow` lists the origins that may be something else than public https."""

    ncbi: str = _PUBLIC[Service.NCBI]
    europepmc: str = _PUBLIC[Service.EUROPEPMC]
    dailymed: str = _PUBLIC[Service.DAILYMED]
    openfda: str = _PUBLIC[Service.OPENFDA]
    ctgov: str = _PUBLIC[Service.CTGOV]
    crossref: str = _PUBLIC[Service.CROSSREF]
    retraction_watch: str = _PUBLIC[Service.RETRACTION_WATCH]
    allow: tuple[str, ...] = ()
    email: str | None = None
    ncbi_key: str | None = None
    openfda_key: str | None = None
    offline: bool = False
    ca_file: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Services:
        """As the environment says. Raises UsageError for a value that cannot be an address."""
        given = os.environ if environment is None else environment
        bases = {service.value: given.get(f"VADEMECUM_{service.name}_URL") or _PUBLIC[service] for service in Service}
        ca_file = given.get("VADEMECUM_CA_FILE")
        services = cls(
            **bases,
            allow=tuple(given.get("VADEMECUM_ALLOW_ORIGINS", "").replace(",", " ").split()),
            email=given.get("VADEMECUM_EMAIL") or None,
            ncbi_key=given.get("NCBI_API_KEY") or None,
            openfda_key=given.get("OPENFDA_API_KEY") or None,
            offline=given.get("VADEMECUM_OFFLINE", "0") not in {"", "0"},
            ca_file=Path(ca_file) if ca_file else None,
        )
        for variable, address in (
            *((f"VADEMECUM_{service.name}_URL", services.base(service)) for service in Service),
            *(("VADEMECUM_ALLOW_ORIGINS", origin) for origin in services.allow),
        ):
            _checked(variable, address)
        return services

    def base(self, service: Service) -> str:
        address: str = getattr(self, service.value)
        return address.rstrip("/")

    def host(self, service: Service) -> str:
        return split(self.base(service)).host

    def policy(self) -> Policy:
        """The addresses that these services put in reach."""
        return Policy.of(map(self.host, Service), self.allow)

    def intervals(self) -> dict[str, float]:
        """Seconds between two requests to each host; the longer one where services share a host."""
        found: dict[str, float] = {}
        for service, interval in _INTERVALS.items():
            seconds = interval
            if service is Service.NCBI and self.ncbi_key:
                seconds = _NCBI_WITH_KEY
            if service is Service.CROSSREF and self.email:
                seconds = _CROSSREF_WITH_EMAIL
            host = self.host(service)
            found[host] = max(found.get(host, 0.0), seconds)
        return found

    def identity(self, service: Service) -> tuple[tuple[str, str], ...]:
        """Parameters that say who asks. They are no part of what is asked: not of cache keys, messages or job files."""
        if service is Service.NCBI:
            named = {"tool": _TOOL, "email": self.email, "api_key": self.ncbi_key}
        elif service is Service.CROSSREF:
            named = {"mailto": self.email}
        elif service is Service.OPENFDA:
            named = {"api_key": self.openfda_key}
        else:
            named = {}
        return tuple((name, value) for name, value in named.items() if value)


def _checked(variable: str, address: str) -> None:
    try:
        split(address)
    except RemoteError:
        raise UsageError(f"{variable}: {address!r} is not a plain http or https address") from None
