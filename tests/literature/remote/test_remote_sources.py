"""Each source is paged to its end, saves files of the right format, and says what it could not get."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from stub_services import SHARED, Asked, Reply, Stub, client_at

from vademecum.errors import RemoteError
from vademecum.literature.formats import medline
from vademecum.literature.records import Record
from vademecum.literature.remote import Client, Download, fetch, openfda, parse, state

SAMPLES = SHARED / "bench" / "samples"
SET_IDS = [f"00000000-0000-0000-0000-{number:012d}" for number in range(130)]


def as_json(value: Any, **more: Any) -> Reply:
    return Reply(json.dumps(value).encode(), **more)


@pytest.fixture
def client(stub: Stub) -> Iterator[Client]:
    with client_at(stub.address) as made:
        yield made


def run(client: Client, text: str, folder: Path) -> list[Download]:
    request = parse(text)
    assert request is not None
    return list(fetch(request, folder, client=client))


def check_files(downloads: list[Download], format_: str) -> None:
    assert [download.format for download in downloads] == [format_] * len(downloads)
    assert [download.path.stat().st_size for download in downloads] == [download.bytes for download in downloads]
    positions = [download.position for download in downloads]
    assert positions == sorted(set(positions))


# --- PubMed ----------------------------------------------------------------------------------------------


def citation(pmid: str) -> str:
    return (
        f"<PubmedArticle><MedlineCitation Status='MEDLINE'><PMID Version='1'>{pmid}</PMID><Article><Journal/>"
        f"<ArticleTitle>Work {pmid}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )


def pubmed_of(stub: Stub, entered: dict[str, date], lost: frozenset[str] = frozenset()) -> None:
    """A PubMed that holds these numbers by their day of entry, and gives at most 10,000 of them to a search."""

    def esearch(asked: Asked) -> Reply:
        first, last = (asked.query.get(name, "").replace("/", "-") for name in ("mindate", "maxdate"))
        assert asked.query.get("datetype", "edat") == "edat"
        found = [pmid for pmid, day in entered.items() if not first or first <= day.isoformat() <= last]
        most = min(int(asked.query["retmax"]), 10_000)
        return as_json({"header": {}, "esearchresult": {"count": str(len(found)), "idlist": found[:most]}})

    def efetch(asked: Asked) -> Reply:
        assert asked.query["db"] == "pubmed"
        sent = [pmid for pmid in asked.query["id"].split(",") if pmid in entered and pmid not in lost]
        text = f"<?xml version='1.0'?><PubmedArticleSet>{''.join(map(citation, sent))}</PubmedArticleSet>"
        return Reply(text.encode(), type="text/xml; charset=UTF-8")

    stub.routes["/ncbi/esearch.fcgi"] = esearch
    stub.routes["/ncbi/efetch.fcgi"] = efetch


def pmids(downloads: list[Download]) -> list[str | None]:
    records = [item for download in downloads for item in medline.read(io.BytesIO(download.path.read_bytes()))]
    return [record.ids.pmid for record in records if isinstance(record, Record)]


def test_pubmed_by_query_comes_in_batches(stub: Stub, client: Client, tmp_path: Path) -> None:
    wanted = [str(number) for number in range(1000, 1450)]
    pubmed_of(stub, dict.fromkeys(wanted, date(2020, 1, 1)))
    told: list[tuple[int, int | None]] = []
    request = parse("pubmed:stiff person")
    assert request is not None
    downloads = list(fetch(request, tmp_path, progress=lambda done, total: told.append((done, total)), client=client))
    check_files(downloads, "medline")
    assert pmids(downloads) == wanted
    assert told == [(200, 450), (400, 450), (450, 450)]
    assert stub.log[0].query["term"] == "stiff person"
    held = state(tmp_path)
    assert held is not None
    assert (held.complete, held.records, held.missing) == (True, 450, ())


def test_a_result_over_the_limit_is_cut_by_day_of_entry(stub: Stub, client: Client, tmp_path: Path) -> None:
    entered = {str(1 + number): date(1950, 1, 1) + timedelta(days=2 * number) for number in range(12_300)}
    pubmed_of(stub, entered)
    downloads = run(client, "pubmed:cancer", tmp_path)
    assert sorted(pmids(downloads), key=str) == sorted(entered)
    held = state(tmp_path)
    assert held is not None
    assert held.total == held.records == 12_300


def test_a_day_over_the_limit_is_said_plainly(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {str(1 + number): date(2020, 5, 5) for number in range(10_100)})
    with pytest.raises(RemoteError, match=r"10100 citations entered on 2020-05-05 match.*baseline"):
        run(client, "pubmed:all[sb]", tmp_path)


def test_numbers_that_pubmed_does_not_have_are_named(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {"7": date(2020, 1, 1)})
    assert pmids(run(client, "pmid:5,7", tmp_path)) == ["7"]
    held = state(tmp_path)
    assert held is not None
    assert held.missing == ("5",)


def test_nothing_found_is_a_finished_job_without_files(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {})
    assert run(client, "pubmed:nosuchword", tmp_path) == []
    held = state(tmp_path)
    assert held is not None
    assert (held.complete, held.records) == (True, 0)


def test_an_empty_batch_of_found_numbers_is_an_error(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {"7": date(2020, 1, 1)}, lost=frozenset({"7"}))
    with pytest.raises(RemoteError, match="none of the citations it had found"):
        run(client, "pubmed:x", tmp_path)


def test_a_search_error_is_an_error(stub: Stub, client: Client, tmp_path: Path) -> None:
    stub.on("/ncbi/esearch.fcgi", as_json({"esearchresult": {"ERROR": "Search Backend failed: timeout"}}))
    with pytest.raises(RemoteError, match="Search Backend failed"):
        run(client, "pubmed:x", tmp_path)


def test_a_real_citation_file_comes_through_byte_for_byte(stub: Stub, client: Client, tmp_path: Path) -> None:
    path = SAMPLES / "medline_xml" / "pubmed-29768149.xml"
    if not path.exists():
        pytest.skip("needs ../shared/bench/samples")
    stub.on("/ncbi/efetch.fcgi", Reply(path.read_bytes(), type="text/xml; charset=UTF-8"))
    (download,) = run(client, "pmid:29768149", tmp_path)
    assert download.path.read_bytes() == path.read_bytes()
    assert "29768149" in pmids([download])


# --- PubMed Central --------------------------------------------------------------------------------------


def test_full_texts_come_by_number_and_refusals_are_named(stub: Stub, client: Client, tmp_path: Path) -> None:
    def efetch(asked: Asked) -> Reply:
        assert asked.query["db"] == "pmc"
        parts = [
            f'<Reply Id="{number}" error="The following PMCID is not available: {number}"/>'
            if number == "13"
            else f'<article article-type="research-article"><front>{number}</front></article>'
            for number in asked.query["id"].split(",")
        ]
        return Reply(f"<pmc-articleset>{''.join(parts)}</pmc-articleset>".encode(), type="text/xml")

    stub.routes["/ncbi/efetch.fcgi"] = efetch
    numbers = range(1, 24)
    downloads = run(client, "pmc:" + ",".join(f"PMC{number}" for number in numbers), tmp_path)
    check_files(downloads, "jats")
    assert [download.records for download in downloads] == [10, 9, 3]
    held = state(tmp_path)
    assert held is not None
    assert held.missing == ("PMC13",)


def test_full_texts_by_query_name_the_limit(stub: Stub, client: Client, tmp_path: Path) -> None:
    stub.on("/ncbi/esearch.fcgi", as_json({"esearchresult": {"count": "20000", "idlist": ["1"]}}))
    with pytest.raises(RemoteError, match="20000 articles match"):
        run(client, "pmc:cancer", tmp_path)


# --- Europe PMC ------------------------------------------------------------------------------------------


def europepmc_of(stub: Stub, hits: int, stops: int | None = None) -> None:
    def search(asked: Asked) -> Reply:
        assert (asked.query["format"], asked.query["resultType"]) == ("json", "core")
        start = 0 if asked.query["cursorMark"] == "*" else int(asked.query["cursorMark"].removeprefix("after-"))
        end = min(start + int(asked.query["pageSize"]), hits if stops is None else stops)
        found = [{"id": str(number), "source": "MED", "doi": f"10.1000/{number}"} for number in range(start, end)]
        return as_json(
            {"version": "6.9", "hitCount": hits, "nextCursorMark": f"after-{end}", "resultList": {"result": found}}
        )

    stub.routes["/europepmc/search"] = search


def test_europe_pmc_is_paged_by_cursor(stub: Stub, client: Client, tmp_path: Path) -> None:
    europepmc_of(stub, 250)
    downloads = run(client, "europepmc:myositis", tmp_path)
    check_files(downloads, "europepmc")
    ids = [
        hit["id"] for download in downloads for hit in json.loads(download.path.read_bytes())["resultList"]["result"]
    ]
    assert ids == [str(number) for number in range(250)]
    assert len(stub.log) == 3


def test_a_result_that_ends_early_is_an_error(stub: Stub, client: Client, tmp_path: Path) -> None:
    europepmc_of(stub, 250, stops=120)
    with pytest.raises(RemoteError, match="stopped after 120 of 250"):
        run(client, "europepmc:myositis", tmp_path)


def test_dois_that_europe_pmc_does_not_have_are_named(stub: Stub, client: Client, tmp_path: Path) -> None:
    europepmc_of(stub, 2)
    run(client, "doi:10.1000/0,10.1000/1,10.1000/none", tmp_path)
    held = state(tmp_path)
    assert held is not None
    assert held.missing == ("10.1000/none",)
    assert stub.log[0].query["query"] == 'DOI:"10.1000/0" OR DOI:"10.1000/1" OR DOI:"10.1000/none"'


# --- labels ----------------------------------------------------------------------------------------------


def test_dailymed_lists_set_ids_then_fetches_labels(stub: Stub, client: Client, tmp_path: Path) -> None:
    def listing(asked: Asked) -> Reply:
        assert asked.query["drug_name"] == "baclofen"
        page, size = int(asked.query["page"]), int(asked.query["pagesize"])
        data = [{"setid": name, "title": "x"} for name in SET_IDS[(page - 1) * size : page * size]]
        return as_json({"data": data, "metadata": {"total_elements": "130", "total_pages": "2", "next_page": "null"}})

    stub.routes["/dailymed/spls.json"] = listing
    label = SAMPLES / "spl" / "cough.xml"
    body = label.read_bytes() if label.exists() else b'<document xmlns="urn:hl7-org:v3"><id/></document>'
    for name in SET_IDS:
        stub.on(f"/dailymed/spls/{name}.xml", Reply(body, type="application/xml"))
    stub.on(f"/dailymed/spls/{SET_IDS[4]}.xml", Reply(b"gone", type="text/plain", status=404))
    downloads = run(client, "dailymed:baclofen", tmp_path)
    check_files(downloads, "spl")
    assert len(downloads) == 129
    assert downloads[0].path.read_bytes() == body
    held = state(tmp_path)
    assert held is not None
    assert (held.total, held.missing) == (130, (SET_IDS[4],))


def test_a_set_id_that_is_none_leaves_the_folder_alone(stub: Stub, client: Client, tmp_path: Path) -> None:
    data = [{"setid": "../../escape"}]
    stub.on("/dailymed/spls.json", as_json({"data": data, "metadata": {"total_elements": 1, "total_pages": 1}}))
    with pytest.raises(RemoteError, match="no set id"):
        run(client, "dailymed:x", tmp_path)


def openfda_of(stub: Stub, total: int, *, marks: bool) -> None:
    def label(asked: Asked) -> Reply:
        start = int(asked.query.get("skip", asked.query.get("search_after", "0=0").removeprefix("0=")))
        end = min(start + int(asked.query["limit"]), total)
        link = f'<http://169.254.169.254/drug/label.json?skip=0&limit=100&search_after=0%3D{end}>; rel="next"'
        body = {"meta": {"results": {"skip": start, "total": total}}, "results": [{"id": n} for n in range(start, end)]}
        return as_json(body, headers={"Link": link} if marks and end < total else {})

    stub.routes["/openfda/drug/label.json"] = label


@pytest.mark.parametrize("marks", [True, False])
def test_openfda_is_paged_by_mark_or_by_skip(stub: Stub, client: Client, tmp_path: Path, marks: bool) -> None:
    openfda_of(stub, 310, marks=marks)
    downloads = run(client, "openfda:openfda.route:ORAL", tmp_path)
    check_files(downloads, "openfda")
    ids = [label["id"] for download in downloads for label in json.loads(download.path.read_bytes())["results"]]
    assert ids == list(range(310))
    assert all(("search_after" in asked.query) == marks for asked in stub.log[1:])


def test_openfda_without_marks_names_its_limit(stub: Stub, client: Client, tmp_path: Path) -> None:
    openfda_of(stub, 30_000, marks=False)
    request = parse("openfda:openfda.route:ORAL")
    assert request is not None
    assert next(openfda.pages(client, request, tmp_path, '{"seen":25000}')).records == 100
    with pytest.raises(RemoteError, match="more than 25000 labels match"):
        next(openfda.pages(client, request, tmp_path, '{"seen":25100}'))


def test_openfda_says_nothing_found_with_404(stub: Stub, client: Client, tmp_path: Path) -> None:
    nothing = {"error": {"code": "NOT_FOUND", "message": "No matches found!"}}
    stub.on("/openfda/drug/label.json", as_json(nothing, status=404))
    assert run(client, "openfda:nosuchdrug", tmp_path) == []
    stub.on("/openfda/drug/label.json", Reply(b"<h1>Not here</h1>", type="text/html", status=404))
    with pytest.raises(RemoteError, match="VADEMECUM_OPENFDA_URL"):
        run(client, "openfda:otherdrug", tmp_path / "other")


def test_a_real_label_comes_through(stub: Stub, client: Client, tmp_path: Path) -> None:
    path = SAMPLES / "openfda" / "drug_label.json"
    if not path.exists():
        pytest.skip("needs ../shared/bench/samples")
    sample = {"meta": {"results": {"skip": 0, "limit": 1, "total": 1}}} | json.loads(path.read_bytes())
    packed = gzip.compress(json.dumps(sample).encode())
    stub.on("/openfda/drug/label.json", Reply(packed, headers={"Content-Encoding": "gzip"}))
    (download,) = run(client, "openfda:tylenol", tmp_path)
    assert json.loads(download.path.read_bytes()) == sample


# --- trials ----------------------------------------------------------------------------------------------


def ctgov_of(stub: Stub, names: list[str]) -> None:
    sample = SAMPLES / "ctgov" / "study_v2.json"
    whole = (
        json.loads(sample.read_bytes())["studies"][0]
        if sample.exists()
        else {"protocolSection": {"identificationModule": {}}}
    )

    def study(name: str) -> Any:
        copy = json.loads(json.dumps(whole))
        copy["protocolSection"]["identificationModule"]["nctId"] = name
        return copy

    def studies(asked: Asked) -> Reply:
        wanted = asked.query["filter.ids"].split(",") if "filter.ids" in asked.query else names
        found = [name for name in names if name in wanted]
        start = int(asked.query.get("pageToken", "t0")[1:])
        end = start + int(asked.query["pageSize"])
        body: dict[str, Any] = {"studies": [study(name) for name in found[start:end]]}
        if start == 0:
            body["totalCount"] = len(found)
        if end < len(found):
            body["nextPageToken"] = f"t{end}"
        return as_json(body)

    stub.routes["/ctgov/studies"] = studies


def test_trials_are_paged_by_token(stub: Stub, client: Client, tmp_path: Path) -> None:
    ctgov_of(stub, [f"NCT{number:08d}" for number in range(230)])
    downloads = run(client, "ctgov:tizanidine", tmp_path)
    check_files(downloads, "ctgov")
    assert [download.records for download in downloads] == [100, 100, 30]
    held = state(tmp_path)
    assert held is not None
    assert held.total == 230


def test_trials_come_by_number_and_unknown_ones_are_named(stub: Stub, client: Client, tmp_path: Path) -> None:
    ctgov_of(stub, [f"NCT{number:08d}" for number in range(150)])
    asked = [f"NCT{number:08d}" for number in range(149, -1, -1)] + ["NCT99999999"]
    downloads = run(client, "ctgov:" + ",".join(asked), tmp_path)
    assert sum(download.records for download in downloads) == 150
    held = state(tmp_path)
    assert held is not None
    assert held.missing == ("NCT99999999",)


# --- retractions -----------------------------------------------------------------------------------------


def test_the_retraction_watch_table_is_one_file(stub: Stub, client: Client, tmp_path: Path) -> None:
    table = b"Record ID,Title,Notes,\n1,A work,,\n"
    stub.on("/retraction_watch", Reply(table, type="text/plain; charset=utf-8"))
    (download,) = run(client, "retractions:", tmp_path)
    assert (download.format, download.path.read_bytes()) == ("notices", table)
    assert run(client, "retractions:", tmp_path) == [download]
    assert len(stub.log) == 1


@pytest.mark.parametrize(
    ("text", "filter_"),
    [
        ("retractions:2026-01-31", "is-update:true,from-update-date:2026-01-31"),
        ("retractions:10.1000/x", "updates:10.1000/x"),
    ],
)
def test_crossref_notices_are_paged_by_cursor(
    stub: Stub, client: Client, tmp_path: Path, text: str, filter_: str
) -> None:
    def works(asked: Asked) -> Reply:
        assert asked.query["filter"] == filter_
        start = 0 if asked.query["cursor"] == "*" else int(asked.query["cursor"])
        end = min(start + int(asked.query["rows"]), 450)
        items = [{"DOI": f"10.1000/n{number}", "update-to": []} for number in range(start, end)]
        return as_json({"status": "ok", "message": {"total-results": 450, "items": items, "next-cursor": str(end)}})

    stub.routes["/crossref/works"] = works
    downloads = run(client, text, tmp_path)
    check_files(downloads, "notices")
    assert [download.records for download in downloads] == [200, 200, 50]


# --- jobs ------------------------------------------------------------------------------------------------


def test_a_trouble_in_the_middle_leaves_the_finished_pages_to_go_on_from(stub: Stub, tmp_path: Path) -> None:
    pubmed_of(stub, {str(number): date(2020, 1, 1) for number in range(1000, 1900)})
    works, calls = stub.routes["/ncbi/efetch.fcgi"], [0]

    def ill_at_third(asked: Asked) -> Reply:
        calls[0] += 1
        return Reply(b"<html>", type="text/html") if calls[0] == 3 else works(asked)

    stub.routes["/ncbi/efetch.fcgi"] = ill_at_third
    request = parse("pubmed:x")
    assert request is not None
    first: list[Download] = []
    with client_at(stub.address) as client:
        with pytest.raises(RemoteError, match="web page"):  # noqa: PT012 - the pages before it count
            for download in fetch(request, tmp_path, client=client):
                first.append(download)
        stub.log.clear()
        second = list(fetch(request, tmp_path, client=client))
    assert [download.records for download in first] == [200, 200]
    assert second[:2] == first
    assert len(stub.paths()) == 3
    assert len(pmids(second)) == len(set(pmids(second))) == 900


def test_a_harmed_page_is_fetched_again_with_those_after_it(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {str(number): date(2020, 1, 1) for number in range(1000, 1800)})
    before = run(client, "pubmed:x", tmp_path)
    before[1].path.write_bytes(before[1].path.read_bytes()[:-40])
    stub.log.clear()
    assert run(client, "pubmed:x", tmp_path) == before
    assert stub.paths() == ["/ncbi/efetch.fcgi"] * 3


def test_a_folder_belongs_to_one_request(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {"7": date(2020, 1, 1)})
    run(client, "pmid:7", tmp_path)
    with pytest.raises(RemoteError, match="another download"):
        run(client, "pmid:8", tmp_path)
    (tmp_path / "job.json").write_bytes(b"{")
    with pytest.raises(RemoteError, match="delete the folder"):
        run(client, "pmid:7", tmp_path)


def test_a_disk_that_refuses_is_a_plain_error(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {"7": date(2020, 1, 1)})
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(RemoteError, match="cannot work in"):
        run(client, "pmid:7", tmp_path / "taken" / "job")
    (tmp_path / "job" / "00000-pubmed-7.xml").mkdir(parents=True)
    with pytest.raises(RemoteError, match="cannot work in"):
        run(client, "pmid:7", tmp_path / "job")


def test_two_runs_do_not_share_a_folder(stub: Stub, client: Client, tmp_path: Path) -> None:
    pubmed_of(stub, {str(number): date(2020, 1, 1) for number in range(1000, 1800)})
    request = parse("pubmed:x")
    assert request is not None
    running = fetch(request, tmp_path, client=client)
    next(running)
    with client_at(stub.address) as other, pytest.raises(RemoteError, match="another run"):
        next(fetch(request, tmp_path, client=other))
    assert len(list(running)) == 3
