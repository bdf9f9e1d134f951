"""Reference lists and exports: correct Vancouver text, and files that read back unchanged."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st

from vademecum.errors import UsageError
from vademecum.evidence.model import Source, SourceType
from vademecum.evidence.references import csl_item, render_references, to_bibtex, to_csl_json, to_ris

BSR = Source(
    key="bsr_iim_2022",
    type=SourceType.GUIDELINE,
    title="British Society for Rheumatology guideline on management of idiopathic inflammatory myopathy",
    authors=("Oldroyd AGS", "Lilleker JB", "Chinoy H", "et al."),
    container="Rheumatology (Oxford)",
    volume="61",
    issue="5",
    pages="1760-1768",
    year=2022,
    doi="10.1093/rheumatology/keac115",
    url="https://doi.org/10.1093/rheumatology/keac115",
    body="BSR",
)
LABEL = Source(
    key="label_example",
    type=SourceType.LABEL,
    title="Example tablets: prescribing information",
    authors=("US Food and Drug Administration",),
    container="dailymed.nlm.nih.gov",
    year=2024,
    url="https://dailymed.nlm.nih.gov/x?setid=1&page=2",
    body="FDA",
)
BARE = Source(key="bare", type=SourceType.REVIEW, title="Only a title is known")


def article(**changes: object) -> Source:
    given: dict[str, object] = {"key": "a", "type": SourceType.TRIAL, "title": "A trial", "container": "Lancet"}
    return Source(**(given | changes))  # type: ignore[arg-type]


def rendered(source: Source) -> str:
    (text,) = render_references([source])
    return text


# --- CSL-JSON --------------------------------------------------------------------------------------------


def test_a_csl_item_holds_what_the_record_holds() -> None:
    assert csl_item(BSR) == {
        "id": "bsr_iim_2022",
        "type": "article-journal",
        "title": BSR.title,
        "author": [
            {"family": "Oldroyd", "given": "A. G. S."},
            {"family": "Lilleker", "given": "J. B."},
            {"family": "Chinoy", "given": "H."},
            {"literal": "et al."},
        ],
        "container-title": "Rheumatology (Oxford)",
        "volume": "61",
        "issue": "5",
        "page": "1760-1768",
        "issued": {"date-parts": [[2022]]},
        "DOI": "10.1093/rheumatology/keac115",
        "URL": "https://doi.org/10.1093/rheumatology/keac115",
    }


def test_a_field_the_record_lacks_is_absent_everywhere() -> None:
    assert csl_item(BARE) == {"id": "bare", "type": "document", "title": "Only a title is known"}
    assert rendered(BARE) == "Only a title is known."
    assert to_ris([BARE]) == "TY  - GEN\nID  - bare\nTI  - Only a title is known\nER  - \n"
    assert to_bibtex([BARE]) == "@misc{bare,\n\ttitle = {{Only a title is known}}\n}\n"


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("van der Gaag WH", {"family": "van der Gaag", "given": "W. H."}),
        ("Diaz del Campo P", {"family": "Diaz del Campo", "given": "P."}),
        ("O'Keeffe ST", {"family": "O'Keeffe", "given": "S. T."}),
        ("Scirè ÉA", {"family": "Scirè", "given": "É. A."}),
        ("Østergaard M", {"family": "Østergaard", "given": "M."}),
    ],
)
def test_a_person_is_split_into_family_and_given_name(name: str, parsed: dict[str, str]) -> None:
    assert csl_item(article(authors=(name,)))["author"] == [parsed]
    assert rendered(article(authors=(name,))).startswith(f"{name}. ")


@pytest.mark.parametrize(
    "name",
    ["American Geriatrics Society", "US FDA", "NHS Highland", "PDR", "ProDERM investigators", "Arthritis Society UK"],
)
def test_a_body_stays_in_one_piece(name: str) -> None:
    assert csl_item(article(authors=(name,)))["author"] == [{"literal": name}]
    assert rendered(article(authors=(name,))).startswith(f"{name}. ")


def test_a_body_is_known_by_the_record_itself() -> None:
    assert csl_item(article(authors=("Cochrane UK",), body="Cochrane UK"))["author"] == [{"literal": "Cochrane UK"}]


@dataclass(frozen=True)
class Kind:
    source: Source
    csl: str


@pytest.mark.parametrize(
    "kind",
    [
        Kind(BSR, "article-journal"),
        Kind(LABEL, "webpage"),
        Kind(article(container="sps.nhs.uk", url="https://sps.nhs.uk/a"), "webpage"),
        Kind(article(container="ncbi.nlm.nih.gov/books"), "document"),
        Kind(article(container=None, pmid="29563381"), "article-journal"),
        Kind(article(container=None, url="https://example.org/a"), "webpage"),
        Kind(BARE, "document"),
    ],
    ids=lambda kind: f"{kind.source.key}-{kind.csl}",
)
def test_where_a_source_sits_decides_its_kind(kind: Kind) -> None:
    assert csl_item(kind.source)["type"] == kind.csl


def test_csl_json_is_an_array_of_items() -> None:
    assert json.loads(to_csl_json([BSR, LABEL])) == [csl_item(BSR), csl_item(LABEL)]
    assert "Scirè" in to_csl_json([article(authors=("Scirè CA",))])


# --- plain text ------------------------------------------------------------------------------------------


def test_an_article_reads_as_the_national_library_of_medicine_prints_it() -> None:
    assert rendered(BSR) == (
        "Oldroyd AGS, Lilleker JB, Chinoy H, et al. British Society for Rheumatology guideline on management of "
        "idiopathic inflammatory myopathy. Rheumatology (Oxford). 2022;61(5):1760-8. doi:10.1093/rheumatology/keac115."
    )


def test_a_web_page_tells_its_address() -> None:
    assert rendered(LABEL) == (
        "US Food and Drug Administration. Example tablets: prescribing information [Internet]. dailymed.nlm.nih.gov; "
        "2024. Available from: https://dailymed.nlm.nih.gov/x?setid=1&page=2"
    )


@pytest.mark.parametrize(
    ("fields", "tail"),
    [
        ({"year": 2016, "volume": "387", "issue": "10019", "pages": "671-678"}, "2016;387(10019):671-8."),
        ({"year": 2012, "issue": "8", "pages": "CD003643"}, "2012;(8):CD003643."),
        ({"year": 2019, "volume": "59", "pages": "6"}, "2019;59:6."),
        ({"year": 2018, "volume": "4", "issue": "Suppl 1", "pages": "e000784"}, "2018;4(Suppl 1):e000784."),
        ({"year": 2022, "pages": "CD012450"}, "2022:CD012450."),
        ({"volume": "68", "issue": "7", "pages": "1086"}, "68(7):1086."),
        ({"pages": "CD001555"}, "CD001555."),
        ({"year": 2022, "pmid": "36198179"}, "2022. PMID: 36198179."),
        ({"year": 2023, "url": "https://example.org/a"}, "2023. Available from: https://example.org/a"),
        ({"pages": "998-1004"}, "998-1004."),
        ({"pages": "123-1234"}, "123-1234."),
        ({"pages": "12-12"}, "12-12."),
        ({"pages": "1095–1105"}, "1095-105."),
        ({}, ""),
    ],
)
def test_whatever_is_known_of_the_place_is_printed(fields: dict[str, object], tail: str) -> None:
    assert rendered(article(**fields)) == f"A trial. Lancet. {tail}".strip()


def test_a_question_keeps_its_mark_alone() -> None:
    assert rendered(article(title="Does an NSAID a day help?")) == "Does an NSAID a day help? Lancet."


def test_an_author_list_is_never_cut_or_grown() -> None:
    many = tuple(f"Author{letter} {letter}" for letter in "ABCDEFGHIJ")
    assert rendered(article(authors=many)).startswith(", ".join(many) + ". A trial.")
    assert rendered(article(authors=("Chou R", "et al."))).startswith("Chou R, et al. A trial.")


def test_references_keep_the_order_and_repeats_of_the_sources() -> None:
    upper, lower = article(key="Key", title="Upper"), article(key="key", title="Lower")
    assert render_references([upper, lower, upper]) == ("Upper. Lancet.", "Lower. Lancet.", "Upper. Lancet.")
    assert render_references([]) == ()


def test_an_unknown_style_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match=r"^no reference style 'harvard'; known: vancouver$"):
        render_references([BSR], style="harvard")


def test_special_characters_survive_in_text() -> None:
    title = 'Étude of 5 µg & 10 % {sic} <b>x</b> "quoted" β–γ_{1} $2 #3 ~ ^ \\'
    assert rendered(article(title=title)) == f"{title}. Lancet."


def test_importing_the_module_loads_no_citation_library() -> None:
    script = (
        "import sys, vademecum.evidence.references\n"
        "print(sorted({'citeproc', 'lxml', 'rispy', 'bibtexparser'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_two_hundred_references_render_in_seconds() -> None:
    start = time.perf_counter()
    assert len(render_references([article(key=f"s{number}", year=2000) for number in range(200)])) == 200
    assert time.perf_counter() - start < 10


# --- files that read back --------------------------------------------------------------------------------

# Without ^ and ' : the reader, not the file, turns the first into a modifier letter and two of the second into a quote.
PRINTABLE = st.text(
    alphabet=st.one_of(
        st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x24F),
        st.sampled_from(" éµβ–&{}%$#_~\\<>()[].,:;?/"),
    ),
    min_size=1,
    max_size=60,
).map(lambda text: " ".join(text.split()))
TITLES = PRINTABLE.filter(bool)


def read_ris(text: str) -> dict[str, object]:
    (entry,) = rispy.loads(text)
    return dict(entry)


def read_bibtex(text: str, *, decode: bool) -> dict[str, str]:
    middleware = [LatexDecodingMiddleware()] if decode else []
    library = parse_string(text, append_middleware=middleware)
    assert not library.failed_blocks
    (entry,) = library.entries
    return {field.key: field.value for field in entry.fields}


def test_ris_reads_back_as_the_record() -> None:
    assert read_ris(to_ris([BSR])) == {
        "type_of_reference": "JOUR",
        "id": "bsr_iim_2022",
        "authors": ["Oldroyd, A. G. S.", "Lilleker, J. B.", "Chinoy, H."],
        "title": BSR.title,
        "secondary_title": "Rheumatology (Oxford)",
        "volume": "61",
        "number": "5",
        "start_page": "1760",
        "end_page": "1768",
        "year": "2022",
        "doi": "10.1093/rheumatology/keac115",
        "urls": ["https://doi.org/10.1093/rheumatology/keac115"],
        "notes": ["The record names only the first authors (et al.)."],
    }


def test_ris_records_start_with_their_type() -> None:
    blocks = to_ris([BSR, article(title="1."), LABEL]).split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == ["TY  - JOUR", "TY  - JOUR", "TY  - ELEC"]


def test_bibtex_reads_back_as_the_record() -> None:
    assert read_bibtex(to_bibtex([BSR]), decode=True) == {
        "author": "Oldroyd, A. G. S. and Lilleker, J. B. and Chinoy, H. and others",
        "title": BSR.title,
        "journal": "Rheumatology (Oxford)",
        "volume": "61",
        "number": "5",
        "pages": "1760–1768",
        "year": "2022",
        "doi": "10.1093/rheumatology/keac115",
        "url": "https://doi.org/10.1093/rheumatology/keac115",
    }


def test_bibtex_braces_a_body_and_leaves_addresses_verbatim() -> None:
    fields = read_bibtex(to_bibtex([LABEL]), decode=False)
    assert fields["author"] == "{US Food and Drug Administration}"
    assert fields["url"] == "https://dailymed.nlm.nih.gov/x?setid=1&page=2"
    assert fields["howpublished"] == "dailymed.nlm.nih.gov"


@given(TITLES, st.integers(1800, 2100), st.from_regex(r"10\.[0-9]{4,6}/[A-Za-z0-9.()_-]{1,20}", fullmatch=True))
def test_title_year_and_doi_survive_every_export(title: str, year: int, doi: str) -> None:
    source = article(title=title, year=year, doi=doi)
    ris = read_ris(to_ris([source]))
    assert (ris["title"], ris["year"], ris["doi"]) == (title, str(year), doi)
    assert read_bibtex(to_bibtex([source]), decode=True)["title"] == title
    plain = read_bibtex(to_bibtex([source]), decode=False)
    assert (plain["year"], plain["doi"]) == (str(year), doi)
    (csl,) = json.loads(to_csl_json([source]))
    assert (csl["title"], csl["issued"], csl["DOI"]) == (title, {"date-parts": [[year]]}, doi)


def test_a_line_break_in_a_title_starts_no_new_ris_field() -> None:
    assert read_ris(to_ris([article(title="One\nDO  - 10.1/forged")])) == {
        "type_of_reference": "JOUR",
        "id": "a",
        "title": "One DO - 10.1/forged",
        "secondary_title": "Lancet",
    }
