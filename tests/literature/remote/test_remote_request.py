"""The one-line syntax of requests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.errors import UsageError
from vademecum.literature.remote import Request, Source, parse
from vademecum.literature.remote.openfda import search_of

SET_ID = "7ce4807e-7bd5-41f1-a9c7-1f3af6acdc09"


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("pubmed: stiff person   syndrome[ti]", Request(Source.PUBMED, query="stiff person syndrome[ti]")),
        ("pmid:29768149, 123", Request(Source.PUBMED, ids=("29768149", "123"))),
        ("PMID:123 123", Request(Source.PUBMED, ids=("123",))),
        ("europepmc:TITLE:rhabdomyolysis", Request(Source.EUROPEPMC, query="TITLE:rhabdomyolysis")),
        ("doi:10.1056/NEJMoa1714519", Request(Source.EUROPEPMC, ids=("10.1056/nejmoa1714519",))),
        ("doi:10.1/x", None),
        (
            "doi:https://doi.org/10.1000/a(1),10.1000/b,c",
            Request(Source.EUROPEPMC, ids=("10.1000/a(1)", "10.1000/b,c")),
        ),
        ("pmc:pmc3459916,PMC1", Request(Source.PMC, ids=("PMC3459916", "PMC1"))),
        ("pmc:tetanus", Request(Source.PMC, query="tetanus")),
        ("dailymed:baclofen", Request(Source.DAILYMED, query="baclofen")),
        (f"dailymed:{SET_ID.upper()}", Request(Source.DAILYMED, ids=(SET_ID,))),
        ("openfda:baclofen", Request(Source.OPENFDA, query="baclofen")),
        ("ctgov:NCT07845812 nct00000001", Request(Source.CTGOV, ids=("NCT07845812", "NCT00000001"))),
        ("ctgov:NCT trials of tizanidine", Request(Source.CTGOV, query="NCT trials of tizanidine")),
        ("retractions:", Request(Source.RETRACTIONS)),
        ("retractions:2026-01-31", Request(Source.RETRACTIONS, since="2026-01-31")),
        ("retractions:10.1000/X", Request(Source.RETRACTIONS, ids=("10.1000/x",))),
    ],
)
def test_a_request_is_read(text: str, request_: Request | None) -> None:
    if request_ is None:
        with pytest.raises(UsageError):
            parse(text)
    else:
        assert parse(text) == request_


@pytest.mark.parametrize("text", ["pubmed.xml", "/tmp/a:b", "C:\\labels", "-", "", "http://a.example/x.xml", "word"])
def test_a_file_name_is_no_request(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pubmed:",
            "pmid:",
            "pmid:12a",
            "pmid:0",
            "pmc:PMC1,x",
            "doi:",
            "doi:nejm",
            "dailymed: ",
            "openfda:",
            "ctgov:",
        ),
        *("retractions:yesterday", "retractions:2026-13-01", "retractions:10.1000/x,10.1000/y", "pubmed:" + "x" * 5000),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match=text.partition(":")[0]):
        parse(text)


@given(st.lists(st.from_regex(r"[1-9][0-9]{0,7}", fullmatch=True), min_size=1, max_size=50))
def test_the_text_of_a_request_reads_as_the_request(numbers: list[str]) -> None:
    request = parse("pmid:" + ",".join(numbers))
    assert request is not None
    assert parse(request.text) == request


def test_a_plain_drug_name_is_looked_for_among_the_names() -> None:
    assert search_of('bac"lofen').startswith('openfda.generic_name:"bac lofen" OR openfda.brand_name:')
    assert search_of("openfda.route:ORAL") == "openfda.route:ORAL"
