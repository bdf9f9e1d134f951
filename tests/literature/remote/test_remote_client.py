"""A reply is whole, of the expected kind and politely asked for, or it is an error that says what to do."""

from __future__ import annotations

import contextlib
import gzip
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stub_services import Asked, Reply, Route, Stub, Waits, client_at, free_port, services_at

from vademecum.errors import NoNetworkError, RemoteError, UsageError
from vademecum.literature.remote import Cache, Client, Limits, Service, Services, bodies
from vademecum.literature.remote.bodies import Expect, Kind
from vademecum.literature.remote.pacing import retry_after

JSON = Expect(Kind.JSON)
XML = Expect(Kind.XML, ("PubmedArticleSet",))
CSV = Expect(Kind.CSV, ("Record ID,",))
GOOD = Reply(b'{"ok": 1}')
PATH = "/ncbi/page"


@pytest.fixture
def client(stub: Stub, waits: Waits) -> Iterator[Client]:
    with client_at(stub.address, waits=waits) as made:
        yield made


def get(client: Client, expect: Expect = JSON) -> bytes:
    return client.get(Service.NCBI, "page", (("q", "x"),), expect=expect).body


# --- troubles that pass ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_trouble_that_passes_is_waited_out(stub: Stub, client: Client, waits: Waits, status: int) -> None:
    stub.on(PATH, Reply(b"try later", status=status, type="text/plain"), GOOD)
    assert get(client) == GOOD.body
    assert len(stub.log) == 2
    assert 0.5 <= max(waits.seconds) <= 1.0


def test_waits_grow_and_end(stub: Stub) -> None:
    stub.on(PATH, Reply(status=500))
    waits: list[float] = []
    with (
        client_at(stub.address, waits=waits.append, clock=lambda: sum(waits)) as client,
        pytest.raises(RemoteError, match=r"^NCBI E-utilities: it answered with status 500, 6 times in a row; run"),
    ):
        get(client)
    assert len(stub.log) == 6
    assert len(waits) == 5 + 1  # the first is shorter than the interval between two requests
    assert waits[-1] > waits[2] > waits[0]
    assert waits[-1] >= 8


@pytest.mark.parametrize("seconds", [7, 90])
def test_retry_after_is_honoured_in_seconds(stub: Stub, client: Client, waits: Waits, seconds: int) -> None:
    stub.on(PATH, Reply(status=429, headers={"Retry-After": str(seconds)}), GOOD)
    assert get(client) == GOOD.body
    assert seconds in waits.seconds


def test_retry_after_is_honoured_as_a_date(stub: Stub, waits: Waits) -> None:
    date = formatdate(1_800_000_030, usegmt=True)
    stub.on(PATH, Reply(status=503, headers={"Retry-After": date}), GOOD)
    with client_at(stub.address, waits=waits, now=lambda: 1_800_000_000.0) as client:
        assert get(client) == GOOD.body
    assert 30.0 in waits.seconds


def test_a_long_wait_is_left_to_the_person(stub: Stub, client: Client) -> None:
    stub.on(PATH, Reply(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(RemoteError, match="asks to wait 86400 seconds"):
        get(client)
    assert len(stub.log) == 1


@pytest.mark.parametrize(
    "faulty",
    [
        Reply(b'{"ok": 1, "text": "a"}', length=500),
        Reply(b'{"ok": 1, "text": "a"}', cut=9),
        Reply(b'{"ok": 1, "text": "a"}', chunked=True, cut=9),
        Reply(gzip.compress(b'{"ok": 1, "text": "a"}')[:-9], headers={"Content-Encoding": "gzip"}),
    ],
    ids=["length too large", "cut", "cut in chunks", "gzip cut"],
)
def test_a_cut_reply_is_asked_for_again(stub: Stub, client: Client, faulty: Reply) -> None:
    stub.on(PATH, faulty, GOOD)
    assert get(client) == GOOD.body
    stub.on(PATH, faulty)
    with pytest.raises(RemoteError, match="cut off, 6 times in a row"):
        get(client)


def test_a_length_that_is_too_small_is_seen_by_the_missing_end(stub: Stub, client: Client) -> None:
    stub.on(PATH, Reply(b'{"ok": [1, 2, 3]}', length=12))
    with pytest.raises(RemoteError, match="broken or cut off"):
        get(client)
    whole = b"<?xml version='1.0'?><PubmedArticleSet><PubmedArticle/></PubmedArticleSet>\n"
    for length in range(40, len(whole) - 2):
        stub.on(PATH, Reply(whole, type="text/xml", length=length))
        with pytest.raises(RemoteError, match="cut off"):
            get(client, XML)
    stub.on(PATH, Reply(whole, type="text/xml"))
    assert get(client, XML) == whole


def test_a_trickle_is_cut_short_by_the_clock(stub: Stub) -> None:
    stub.on(PATH, Reply(b'{"ok": "' + b"x" * 500 + b'"}', trickle=0.05))
    with (
        client_at(stub.address, limits=Limits(seconds=0.4)) as client,
        pytest.raises(RemoteError, match="took longer than"),
    ):
        get(client)


def test_silence_does_not_outlast_the_whole_time(stub: Stub) -> None:
    stub.on(PATH, Reply(b'{"ok": 1}', trickle=5.0))
    began = time.monotonic()
    with (
        client_at(stub.address, limits=Limits(seconds=0.3, stall=20.0)) as client,
        pytest.raises(RemoteError, match="took longer than"),
    ):
        get(client)
    assert time.monotonic() - began < 4


def test_silence_is_asked_again(stub: Stub) -> None:
    stub.on(PATH, Reply(b'{"ok": 1}', trickle=3.0), GOOD)
    with client_at(stub.address, limits=Limits(stall=0.2)) as client:
        assert get(client) == GOOD.body


# --- replies that are no data ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "expect", "says"),
    [
        (Reply(b"<!DOCTYPE html><html><body>Down for <b>maintenance</b>", type="text/html"), XML, "a web page.*Down"),
        (Reply(b"<html><body>Sign in</body></html>", type="application/json"), JSON, "web page instead of JSON"),
        (Reply(b'<?xml version="1.0"?><eFetchResult><ERROR>ID list is empty</ERROR></eFetchResult>', type="text/xml"),
         XML, "reports: ID list is empty"),
        (Reply(b"<PubmedArticleSet><ERROR>cannot get document</ERROR></PubmedArticleSet>", type="text/xml"),
         XML, "reports: cannot get document"),
        (Reply(b"<Error><Code>NoSuchKey</Code></Error>", type="application/xml"), XML, "reports: NoSuchKey"),
        (Reply(b"<other/>", type="application/xml"), XML, "'other' document instead of PubmedArticleSet"),
        (Reply(b'{"error": "API rate limit exceeded", "count": "11"}'), JSON, "reports: .*API rate limit"),
        (Reply(b'{"error": {"code": "SERVER_ERROR"}}'), JSON, "SERVER_ERROR"),
        (Reply(b'{"errCode": 404, "errMsg": "Invalid cursor"}'), JSON, "Invalid cursor"),
        (Reply(b'{"status": "failed", "message": [{"message": "filter"}]}'), JSON, "reports: .*filter"),
        (Reply(b"[1]"), JSON, "something else than a JSON object"),
        (Reply(b"", type="application/json"), JSON, "sent nothing"),
        (Reply(b"%PDF-1.7", type="application/pdf"), XML, "'application/pdf' instead of XML"),
        (Reply(b"a,b\n1,2\n", type="text/csv"), CSV, "other columns"),
        (Reply(b"{}", headers={"Content-Encoding": "br"}), JSON, "packed in a way"),
        (Reply(b"{}", headers={"Content-Encoding": "gzip"}), JSON, "not the gzip"),
        (Reply(b'{"detail": "bad field"}', status=400), JSON, "status 400: .*bad field"),
        (Reply(b"no", status=403, type="text/plain"), JSON, "status 403: no"),
    ],
)  # fmt: skip
def test_an_error_in_disguise_is_an_error(stub: Stub, client: Client, reply: Reply, expect: Expect, says: str) -> None:
    stub.on(PATH, reply)
    with pytest.raises(RemoteError, match=f"(?s)^NCBI E-utilities: .*{says}"):
        get(client, expect)
    assert len(stub.log) == 1


def test_a_bomb_is_refused_before_it_unpacks(stub: Stub, client: Client) -> None:
    bomb = gzip.compress(b'{"a": "' + b"x" * (32 << 20) + b'"}')
    stub.on(PATH, Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(RemoteError, match="unpacks to more than 200 times"):
        get(client)


def test_a_body_without_end_is_refused_by_size(stub: Stub) -> None:
    stub.on(PATH, Reply(endless=True))
    with client_at(stub.address, limits=Limits(body=1 << 20)) as client, pytest.raises(RemoteError, match="1 MB"):
        get(client)


def test_a_packed_reply_is_unpacked(stub: Stub, client: Client) -> None:
    stub.on(
        PATH, Reply(gzip.compress(GOOD.body[:4]) + gzip.compress(GOOD.body[4:]), headers={"Content-Encoding": "gzip"})
    )
    assert get(client) == GOOD.body


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "ftp://a/b", "http://[bad"]
)
def test_a_redirect_to_elsewhere_is_refused(stub: Stub, client: Client, to: str) -> None:
    stub.on(PATH, Reply(status=302, headers={"Location": to}))
    with pytest.raises(RemoteError, match=r"refused|no address"):
        get(client)
    assert len(stub.log) == 1


# --- manners ---------------------------------------------------------------------------------------------


def test_requests_to_a_host_are_spaced(stub: Stub) -> None:
    stub.on(PATH, GOOD)
    moment = [100.0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    services = Services(ncbi=f"{stub.address}/ncbi", allow=(stub.address,))
    with Client(services, sleep=sleep, clock=lambda: moment[0]) as client:
        for _ in range(31):
            get(client)
    assert 30 / 3.0 <= moment[0] - 100.0 < 30 / 2.5
    with Client(
        Services(ncbi=services.ncbi, allow=services.allow, ncbi_key="k"), sleep=sleep, clock=lambda: moment[0]
    ) as client:
        start = moment[0]
        for _ in range(31):
            get(client)
    assert 30 / 10.0 <= moment[0] - start + 1e-6 < 30 / 9.0


def test_an_announced_rate_slows_down_and_never_speeds_up(stub: Stub) -> None:
    slow = {"X-Rate-Limit-Limit": "1", "X-Rate-Limit-Interval": "5s"}
    fast = {"X-Rate-Limit-Limit": "5000", "X-Rate-Limit-Interval": "1s"}
    for headers, least in ((slow, 4.9), (fast, 0.9)):
        waits = Waits()
        stub.on(PATH, Reply(GOOD.body, headers=headers))
        with client_at(stub.address, waits=waits, clock=lambda: 0.0) as client:
            for _ in range(3):
                get(client)
        assert waits.seconds[-1] >= least


def test_the_client_says_who_asks_to_those_who_want_to_know(stub: Stub) -> None:
    services = services_at(stub.address, email="library@hospital.example", ncbi_key="secret-key", openfda_key="other")
    with client_at(stub.address, services=services) as client:
        for service in (Service.NCBI, Service.CROSSREF, Service.OPENFDA, Service.EUROPEPMC):
            stub.on(f"/{service.value}/page", GOOD)
            client.get(service, "page", expect=JSON)
    asked = {entry.path.split("/")[1]: entry for entry in stub.log}
    assert asked["ncbi"].query == {"tool": "vademecum", "email": "library@hospital.example", "api_key": "secret-key"}
    assert asked["crossref"].query == {"mailto": "library@hospital.example"}
    assert asked["openfda"].query == {"api_key": "other"}
    assert asked["europepmc"].query == {}
    assert all(entry.headers["user-agent"].startswith("vademecum/") for entry in stub.log)


def test_no_message_holds_the_query_or_the_key(stub: Stub) -> None:
    stub.on(PATH, Reply(status=404, type="text/plain", body=b"gone"))
    services = services_at(stub.address, ncbi_key="secret-key")
    with client_at(stub.address, services=services) as client, pytest.raises(RemoteError) as caught:
        client.get(Service.NCBI, "page", (("term", "patient Jane Roe"),), expect=JSON)
    assert "secret" not in str(caught.value)
    assert "Jane" not in str(caught.value)


# --- no network ------------------------------------------------------------------------------------------


def test_a_service_that_cannot_be_reached_points_to_files(waits: Waits) -> None:
    with (
        client_at(f"http://127.0.0.1:{free_port()}", waits=waits) as client,
        pytest.raises(NoNetworkError, match=r"^no network: NCBI E-utilities: it cannot .*; import from a file"),
    ):
        get(client)
    assert len(waits.seconds) <= 6


def test_a_name_without_address_points_to_files(waits: Waits) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with Client(Services(), sleep=waits, resolve=nobody) as client, pytest.raises(NoNetworkError, match="import from"):
        client.get(Service.EUROPEPMC, "search", expect=JSON)


def test_offline_asks_nobody(stub: Stub) -> None:
    services = services_at(stub.address, offline=True)
    with client_at(stub.address, services=services) as client, pytest.raises(NoNetworkError, match="OFFLINE"):
        get(client)
    assert stub.log == []


# --- cache -----------------------------------------------------------------------------------------------


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def caching(stub: Stub, tmp_path: Path, clock: Clock) -> Iterator[Client]:
    services = services_at(stub.address, ncbi_key="secret-key")
    with client_at(stub.address, services=services, cache=Cache(tmp_path / "replies"), now=clock) as made:
        yield made


def ask(client: Client) -> tuple[bytes, bool]:
    answer = client.get(Service.NCBI, "page", (("term", "Jane"),), expect=JSON, max_age=60.0)
    return answer.body, answer.cached


def test_a_reply_is_reused_while_young(stub: Stub, caching: Client, clock: Clock, tmp_path: Path) -> None:
    stub.on(PATH, GOOD, Reply(b'{"ok": 2}'))
    assert [ask(caching), ask(caching)] == [(GOOD.body, False), (GOOD.body, True)]
    clock.now += 61
    assert ask(caching) == (b'{"ok": 2}', False)
    clock.now -= 3600  # a clock that steps back does not make a reply young for ever
    assert ask(caching) == (b'{"ok": 2}', False)
    (entry,) = (tmp_path / "replies").iterdir()
    assert b"Jane" not in entry.read_bytes() + entry.name.encode()
    assert b"secret" not in entry.read_bytes()


def test_an_old_reply_is_checked_with_the_service(stub: Stub, caching: Client, clock: Clock) -> None:
    def route(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"':
            return Reply(status=304)
        return Reply(GOOD.body, headers={"ETag": '"v1"'})

    stub.routes[PATH] = route
    assert ask(caching) == (GOOD.body, False)
    clock.now += 61
    assert [ask(caching), ask(caching)] == [(GOOD.body, True)] * 2
    assert len(stub.log) == 2


@pytest.mark.parametrize("harm", ["flip", "cut", "empty"])
def test_a_harmed_entry_is_fetched_again(stub: Stub, caching: Client, tmp_path: Path, harm: str) -> None:
    stub.on(PATH, GOOD)
    ask(caching)
    (entry,) = (tmp_path / "replies").iterdir()
    held = entry.read_bytes()
    entry.write_bytes({"flip": held[:-2] + b"9}", "cut": held[:-3], "empty": b""}[harm])
    assert ask(caching) == (GOOD.body, False)
    assert ask(caching) == (GOOD.body, True)


def test_an_error_is_not_remembered(stub: Stub, caching: Client) -> None:
    stub.on(PATH, Reply(b'{"error": "ill"}'), GOOD)
    with pytest.raises(RemoteError):
        ask(caching)
    assert ask(caching) == (GOOD.body, False)


def test_the_cache_stays_within_its_capacity(tmp_path: Path) -> None:
    cache = Cache(tmp_path, capacity=50_000)
    for number in range(20):
        cache.keep(str(number), bytes(10_000), stored=0.0, etag=None, modified=None)
    assert sum(entry.stat().st_size for entry in tmp_path.iterdir()) <= 50_000
    assert cache.find("19") is not None


# --- large files -----------------------------------------------------------------------------------------

TABLE = b"Record ID,Title,\n" + b"".join(b"%d,Some title of a work,\n" % number for number in range(600_000))
TABLE_PATH = "/retraction_watch"


def table_route(cut_first: int, etag: str | None = '"v1"', *, change: bool = False) -> Route:
    """Serves the table; the first reply is cut. A Range is honoured when If-Range still holds."""
    calls = [0]

    def route(asked: Asked) -> Reply:
        calls[0] += 1
        headers = {"ETag": etag, "Accept-Ranges": "bytes"} if etag else {}
        cut = cut_first if calls[0] == 1 else None
        if "range" in asked.headers and asked.headers.get("if-range") == etag and not change:
            start = int(asked.headers["range"].removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {start}-{len(TABLE) - 1}/{len(TABLE)}"
            return Reply(TABLE[start:], type="text/csv", status=206, headers=headers)
        return Reply(TABLE, type="text/csv", headers=headers, cut=cut)

    return route


def save(client: Client, into: Path) -> int:
    return client.download(Service.RETRACTION_WATCH, "", (), into, expect=CSV)


@pytest.mark.parametrize(
    ("route", "ranges"),
    [
        (lambda: table_route(10_000_000), 1),
        (lambda: table_route(10_000_000, change=True), 1),
        (lambda: table_route(10_000_000, etag=None), 0),
    ],
    ids=["the same", "changed since", "cannot be continued"],
)
def test_a_cut_download_goes_on_or_starts_again(
    stub: Stub, client: Client, tmp_path: Path, route: Callable[[], Route], ranges: int
) -> None:
    stub.routes[TABLE_PATH] = route()
    assert save(client, tmp_path / "table.csv") == len(TABLE)
    assert (tmp_path / "table.csv").read_bytes() == TABLE
    assert sum("range" in asked.headers for asked in stub.log) == ranges
    assert [entry.name for entry in tmp_path.iterdir()] == ["table.csv"]


def test_a_later_run_goes_on_from_what_was_synced(stub: Stub, tmp_path: Path) -> None:
    stub.on(TABLE_PATH, Reply(TABLE, type="text/csv", headers={"ETag": '"v1"'}, cut=10_000_000))
    with client_at(stub.address, limits=Limits(retries=0)) as client, pytest.raises(RemoteError, match="cut off"):
        save(client, tmp_path / "table.csv")
    part = tmp_path / "table.csv.part"
    part.write_bytes(part.read_bytes()[:8_500_000] + bytes(1_500_000))  # what a power cut may leave behind the mark
    stub.log.clear()
    stub.routes[TABLE_PATH] = table_route(0)
    with client_at(stub.address) as client:
        save(client, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == TABLE
    assert stub.log[0].headers["range"].startswith("bytes=8")


def test_a_part_that_does_not_fit_is_not_appended(stub: Stub, client: Client, tmp_path: Path) -> None:
    def route(asked: Asked) -> Reply:
        if "range" in asked.headers:
            return Reply(TABLE[5:], type="text/csv", status=206, headers={"Content-Range": f"bytes 5-9/{len(TABLE)}"})
        return Reply(TABLE, type="text/csv", headers={"ETag": '"v1"'}, cut=None if len(stub.log) > 1 else 100)

    stub.routes[TABLE_PATH] = route
    save(client, tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == TABLE


# --- configuration ---------------------------------------------------------------------------------------


def test_the_environment_configures_services() -> None:
    services = Services.from_environment(
        {
            "VADEMECUM_NCBI_URL": "http://mirror.hospital.example:8080/eutils/",
            "VADEMECUM_ALLOW_ORIGINS": "http://mirror.hospital.example:8080, http://127.0.0.1:9",
            "VADEMECUM_EMAIL": "a@b.example",
            "NCBI_API_KEY": "k",
            "VADEMECUM_OFFLINE": "1",
        }
    )
    assert services.base(Service.NCBI) == "http://mirror.hospital.example:8080/eutils"
    assert services.base(Service.OPENFDA) == "https://api.fda.gov"
    assert services.offline
    assert services.policy().target("http://mirror.hospital.example:8080/eutils/x").port == 8080
    assert not Services.from_environment({"VADEMECUM_OFFLINE": "0"}).offline


@pytest.mark.parametrize("variable", ["VADEMECUM_NCBI_URL", "VADEMECUM_ALLOW_ORIGINS"])
def test_an_address_that_is_none_names_its_variable(variable: str) -> None:
    with pytest.raises(UsageError, match=variable):
        Services.from_environment({variable: "file:///etc/passwd"})


def test_a_base_inside_the_own_network_must_be_allowed_by_name(stub: Stub) -> None:
    with (
        Client(Services(ncbi=stub.address), sleep=Waits()) as client,
        pytest.raises(RemoteError, match="VADEMECUM_ALLOW_ORIGINS"),
    ):
        get(client)
    assert stub.log == []


# --- any bytes at all ------------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.sampled_from([JSON, XML, CSV]), st.sampled_from(["", "text/xml", "text/html;", "x"]))
def test_whatever_comes_is_taken_or_refused_with_our_own_error(body: bytes, expect: Expect, named: str) -> None:
    with contextlib.suppress(RemoteError):
        bodies.check(body, body, named, expect)
        bodies.check_json(body)


@given(st.binary(max_size=2000), st.lists(st.integers(1, 50), max_size=20))
def test_unpacking_is_exact_however_the_bytes_are_cut(body: bytes, cuts: list[int]) -> None:
    packed, unpacker, given_ = gzip.compress(body), bodies.Unpacker("gzip", 200), b""
    for size in [*cuts, len(packed)]:
        chunk, packed = packed[:size], packed[size:]
        given_ += b"".join(unpacker.feed(chunk))
    unpacker.finish()
    assert given_ == body


@given(st.one_of(st.text(max_size=30), st.datetimes().map(str)))
def test_any_retry_after_is_a_time_or_nothing(value: str) -> None:
    seconds = retry_after(value, 1_800_000_000.0)
    assert seconds is None or seconds >= 0
