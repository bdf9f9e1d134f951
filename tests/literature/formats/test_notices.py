"""Retraction Watch and Crossref."""

import json
from io import BytesIO

import pytest
from format_samples import hostile

from vademecum.errors import ImportFileError
from vademecum.literature.formats import notices
from vademecum.literature.records import Identifiers, LinkKind, Notice

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,"
    "RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,\n"
)


def row(nature: str = "Retraction", doi: str = "10.1000/OLD", pmid: str = "111", title: str = "Fixture") -> str:
    return (
        f"1,{title},x,x,x,x,x,A;B,,Research Article;,3/9/2026 0:00,10.1000/new,222,1/2/2020 0:00,{doi},{pmid},{nature},"
        "+Concerns about Data;+Investigation;,No,,\n"
    )


def read(text: str) -> list[Notice]:
    return list(notices.read(BytesIO(text.encode())))


def test_a_row_is_a_notice() -> None:
    assert read(HEADER + row()) == [
        Notice(
            kind=LinkKind.RETRACTED_BY,
            about=Identifiers(doi="10.1000/old", pmid="111"),
            notice=Identifiers(doi="10.1000/new", pmid="222"),
            date="2026-03-09",
            reasons=("Concerns about Data", "Investigation"),
            register="Retraction Watch",
        )
    ]


@pytest.mark.parametrize(
    ("nature", "kinds"),
    [
        ("Expression of concern", [LinkKind.CONCERN_BY]),
        ("Correction", [LinkKind.CORRECTED_BY]),
        ("Reinstatement", []),
    ],
)
def test_natures(nature: str, kinds: list[LinkKind]) -> None:
    assert [notice.kind for notice in read(HEADER + row(nature))] == kinds


@pytest.mark.parametrize(
    ("doi", "pmid", "about"),
    [
        ("unavailable", "0", []),
        ("Unavailable", "111", [Identifiers(pmid="111")]),
        ("10.1000/a;10.1000/b", "0", [Identifiers(doi="10.1000/a"), Identifiers(doi="10.1000/b")]),
        ("https://doi.org/10.1000/A", "0", [Identifiers(doi="10.1000/a")]),
    ],
)
def test_papers_are_named_by_what_the_cells_hold(doi: str, pmid: str, about: list[Identifiers]) -> None:
    assert [notice.about for notice in read(HEADER + row(doi=doi, pmid=pmid))] == about


def test_columns_may_move_and_grow() -> None:
    text = "New,OriginalPaperPubMedID,OriginalPaperDOI,RetractionNature\nx,111,10.1000/a,Retraction\n"
    assert [notice.about for notice in read(text)] == [Identifiers(doi="10.1000/a", pmid="111")]


def test_quoted_cells_hold_commas_line_ends_and_formulas_as_text() -> None:
    assert len(read(HEADER + row(title='"=HYPERLINK(""https://evil.example""),\n+1"'))) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title,dose\nx,5\n", "^line 1: column RetractionNature: missing"),
        (HEADER + row("Vanished"), "^line 2: RetractionNature: unknown kind of notice 'Vanished'"),
        (HEADER + "1,2\n", "^line 2: another number of cells"),
        (HEADER + '"open', "not readable as CSV"),
        (HEADER + row(title="x\0"), "^line 2: holds a NUL"),
        ("", "column RetractionNature: missing"),
    ],
)
def test_what_does_not_fit_is_refused_with_line_and_column(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(text)


@pytest.mark.parametrize("name", ["csv_nul.csv", "csv_formula.csv"])
def test_other_tables_are_refused(name: str) -> None:
    with hostile(name).open("rb") as stream, pytest.raises(ImportFileError):
        list(notices.read(stream))


UPDATE = {"DOI": "10.1000/OLD", "type": "retraction", "label": "Retraction", "updated": {"date-parts": [[2024, 5, 6]]}}
WORK = {"DOI": "10.1000/new", "type": "journal-article", "update-to": [UPDATE]}


@pytest.mark.parametrize(
    "value",
    [WORK, [WORK], {"status": "ok", "message": {"items": [WORK]}}, {"status": "ok", "message": WORK}],
)
def test_crossref_works_in_every_wrapping(value: object) -> None:
    assert read(json.dumps(value)) == [
        Notice(
            kind=LinkKind.RETRACTED_BY,
            about=Identifiers(doi="10.1000/old"),
            notice=Identifiers(doi="10.1000/new"),
            date="2024-05-06",
            register="Crossref",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("withdrawal", LinkKind.RETRACTED_BY),
        ("removal", LinkKind.RETRACTED_BY),
        ("expression_of_concern", LinkKind.CONCERN_BY),
        ("Erratum", LinkKind.CORRECTED_BY),
        ("new_version", None),
    ],
)
def test_crossref_types(kind: str, expected: LinkKind | None) -> None:
    found = read(json.dumps({**WORK, "update-to": [{**UPDATE, "type": kind}]}))
    assert [notice.kind for notice in found] == ([expected] if expected else [])


def test_a_work_that_was_updated_names_its_notice() -> None:
    (notice,) = read(json.dumps({"DOI": "10.1000/old", "updated-by": [{**UPDATE, "DOI": "10.1000/n"}]}))
    assert (notice.about.doi, notice.notice.doi) == ("10.1000/old", "10.1000/n")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"question": "x"}, "missing required field `DOI`"),
        ({**WORK, "update-to": [{**UPDATE, "type": "vanished"}]}, "unknown kind of update 'vanished'"),
    ],
)
def test_other_json_is_refused(value: object, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(json.dumps(value))
