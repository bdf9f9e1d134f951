"""RIS in the dialects of databases and reference managers."""

from io import BytesIO

import pytest
from format_samples import hostile, sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ris
from vademecum.literature.records import Record

RECORD = """TY  - JOUR
AU  - Doe, J.
TI  - Drug A, 50 µg
T2  - Journal of Fixtures
AB  - METHODS: 10⁹ cells. RESULTS: ≥ 3.
AN  - 12345678
DB  - PubMed
DO  - https://doi.org/10.1000/ABC
M3  - Randomized Controlled Trial
PY  - 2020/01/02
SP  - 1
EP  - 9
ER  -
"""


def read(text: str) -> list[Record]:
    return list(ris.read(BytesIO(text.encode())))


def test_tags_become_a_record() -> None:
    (record,) = read(RECORD)
    assert (record.title, record.journal, record.authors) == ("Drug A, 50 µg", "Journal of Fixtures", ("Doe, J.",))
    assert (record.ids.pmid, record.ids.doi, record.year, record.pages) == ("12345678", "10.1000/abc", 2020, "1-9")
    assert [section.text for section in record.sections] == ["10⁹ cells.", "≥ 3."]
    assert record.publication_types == ("Randomized Controlled Trial",)


def test_an_accession_number_of_another_database_is_not_a_pmid() -> None:
    (record,) = read(RECORD.replace("DB  - PubMed", "DB  - Embase").replace("DO  -", "UR  -").replace("doi.org/", "x/"))
    assert (record.ids.pmid, record.ids.other) == (None, "12345678")


def test_two_abstracts_are_both_kept() -> None:
    (record,) = read(RECORD.replace("AN  -", "N2  - Another abstract.\nAN  -"))
    assert record.sections[-1].text == "Another abstract."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no record found"),
        ("hello\n", "^line 1: text outside a record"),
        (RECORD.removesuffix("ER  -\n"), "^line 1: the record does not end"),
        (RECORD.removesuffix("ER  -\n") + RECORD, "^line 13: a record starts before the one of line 1 ends"),
        ("TY  - JOUR\nAU  - x\nER  -\n", "^line 1: record without a title"),
    ],
)
def test_what_is_cut_short_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(text)


def test_numbered_records_with_trailing_spaces() -> None:
    with sample("ris/rispy_example_full.ris").open("rb") as stream:
        first, second = ris.read(stream)
    assert (first.title, second.title) == ("Title of reference", "The title of the reference")
    assert [section.path for section in first.sections] == [("BACKGROUND",), ("RESULTS",), ("CONCLUSIONS",)]


def test_values_that_go_on_in_the_next_line() -> None:
    with sample("ris/rispy_example_endnote.ris").open("rb") as stream:
        (record,) = ris.read(stream)
    assert record.keywords[:3] == ("citation", "reference", "library")
    assert (record.ids.doi, record.year) == ("10.1234/endnote.joke.2024", 2024)


def test_a_huge_line_is_refused() -> None:
    with (
        hostile("ris_huge_line.ris").open("rb") as stream,
        pytest.raises(ImportFileError, match=r"^line 2: longer than 200,000 characters"),
    ):
        list(ris.read(stream))
