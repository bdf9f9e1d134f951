"""PubMed's tagged text."""

from io import BytesIO

import pytest
from format_samples import expected, hostile, sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import nbib
from vademecum.literature.records import LinkKind, Record

RECORD = """
PMID- 12345678
TI  - Drug A 50 µg against
      placebo.
AB  - METHODS: We gave 50 µg. RESULTS: ≤ 5% fell.
AU  - Doe J
MH  - Asthma/*drug therapy
GR  - R01 HL1/HL/NHLBI NIH HHS/United States
AID - 10.1000/ABC [doi]
RIN - J Test. 2020;1:1. PMID: 999
DP  - 2019 Jan
"""


def read(text: str) -> list[Record]:
    return list(nbib.read(BytesIO(text.encode())))


def test_fields_become_a_record() -> None:
    (record,) = read(RECORD)
    assert record.title == "Drug A 50 µg against placebo."
    assert (record.ids.pmid, record.ids.doi, record.year) == ("12345678", "10.1000/abc", 2019)
    assert [(s.path, s.text) for s in record.sections] == [
        (("METHODS",), "We gave 50 µg."),
        (("RESULTS",), "≤ 5% fell."),
    ]
    assert (record.mesh[0].name, record.mesh[0].major, record.mesh[0].qualifiers) == ("Asthma", True, ("drug therapy",))
    assert record.funding == ("NHLBI NIH HHS",)
    assert (record.links[0].kind, record.links[0].pmid) == (LinkKind.RETRACTED_BY, "999")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("TI  - x\n", "without a PMID"),
        ("PMID- 1\nAB  - x\n", "PMID 1 has no title"),
        ("PMID- 1\nTI  - x\nstray\n", "^line 3: neither a field"),
        ("PMID- 1\nTI  - " + "x" * 300_000, "^line 2: longer than 200,000"),
        ("PMID- 1\nTI  - " + "x\n      ".join(["y" * 50_000] * 5), "field TI is longer than"),
    ],
)
def test_what_is_not_a_record_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(text)


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(ImportFileError, match="not UTF-8"):
        list(nbib.read(BytesIO(RECORD.encode("latin-1", "replace"))))


@pytest.mark.parametrize("name", ["nbib/pubmed_result1.nbib", "nbib/pubmed_result2.nbib", "nbib/pubmed_result3.nbib"])
def test_real_files_agree_with_plain_parsing(name: str) -> None:
    with sample(name).open("rb") as stream:
        found = [
            {"pmid": r.ids.pmid, "authors": len(r.authors), "mesh_headings": len(r.mesh), "title": r.title}
            for r in nbib.read(stream)
        ]
    assert found == expected(name)


def test_a_missing_end_does_not_hang() -> None:
    with hostile("nbib_no_end.nbib").open("rb") as stream:
        assert [record.title for record in nbib.read(stream)] == ["Fixture"]
