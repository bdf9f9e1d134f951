"""Search results of Europe PMC."""

import json
from io import BytesIO

import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.formats import europepmc
from vademecum.literature.records import Heading, Link, LinkKind, Record

RESULT = {
    "id": "12345678",
    "source": "MED",
    "pmid": "12345678",
    "pmcid": "PMC7654321",
    "doi": "10.1000/ABC",
    "title": "Drug A in <i>S. aureus</i>.",
    "authorString": "Doe J, Roe R.",
    "authorList": {"author": [{"fullName": "Doe J"}, {"collectiveName": "The Group"}]},
    "journalInfo": {
        "issue": "2",
        "volume": "1",
        "yearOfPublication": 2020,
        "journal": {"title": "Journal of Fixtures", "isoabbreviation": "J Fixt"},
    },
    "pubYear": "2020",
    "pageInfo": "1-9",
    "abstractText": "<h4>Methods</h4>10<sup>9</sup> cells, CO<sub>2</sub>, x&lt;5 and p<0.05.<h4>Results:</h4>50 µg.",
    "language": "eng",
    "pubTypeList": {"pubType": ["research-article", "Randomized Controlled Trial"]},
    "meshHeadingList": {
        "meshHeading": [
            {
                "majorTopic_YN": "N",
                "descriptorName": "Asthma",
                "meshQualifierList": {"meshQualifier": [{"qualifierName": "drug therapy", "majorTopic_YN": "Y"}]},
            }
        ]
    },
    "keywordList": {"keyword": ["wheeze"]},
    "grantsList": {"grant": [{"grantId": "1", "agency": "Wellcome Trust"}, {"agency": "Wellcome Trust"}]},
    "commentCorrectionList": {
        "commentCorrection": [
            {"id": "999", "source": "MED", "reference": "J Fixt. 2021", "type": "Retraction in"},
            {"id": "998", "source": "MED", "reference": "J Fixt. 2021", "type": "Comment in"},
        ]
    },
    "isOpenAccess": "Y",
}


def read(*results: object) -> list[Record]:
    answer = {"version": "6.9", "hitCount": len(results), "resultList": {"result": list(results)}}
    return list(europepmc.read(BytesIO(json.dumps(answer).encode())))


def test_a_result_becomes_a_citation() -> None:
    (record,) = read(RESULT)
    assert record.title == "Drug A in S. aureus."
    assert (record.ids.pmid, record.ids.pmcid, record.ids.doi) == ("12345678", "PMC7654321", "10.1000/abc")
    assert [(section.path, section.text) for section in record.sections] == [
        (("Methods",), "10⁹ cells, CO₂, x<5 and p<0.05."),
        (("Results",), "50 µg."),
    ]
    assert record.authors == ("Doe J", "The Group")
    assert (record.journal, record.journal_abbreviation, record.year) == ("Journal of Fixtures", "J Fixt", 2020)
    assert record.mesh == (Heading(name="Asthma", major=True, qualifiers=("drug therapy",)),)
    assert record.funding == ("Wellcome Trust",)
    assert record.links == (Link(kind=LinkKind.RETRACTED_BY, pmid="999", citation="J Fixt. 2021"),)


def test_a_preprint_has_the_id_of_its_source_when_it_has_no_other() -> None:
    (record,) = read({"id": "PPR1", "source": "PPR", "title": "x", "authorString": "Doe J, Roe R."})
    assert (record.ids.other, record.authors) == ("PPR:PPR1", ("Doe J", "Roe R"))


def test_no_results_are_no_records() -> None:
    assert read() == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"id": "1", "title": "x"}, r"^record 1 \(line 1\): Object missing required field `source`"),
        ({"id": "1", "source": "MED"}, r"^record 1 \(line 1\): title: missing"),
        ({**RESULT, "pubYear": 2020}, r"pubYear: Expected `str \| null`, got `int`"),
    ],
)
def test_what_does_not_fit_is_refused_with_record_and_field(value: object, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(value)
