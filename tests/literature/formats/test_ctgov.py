"""Trial registrations of ClinicalTrials.gov."""

import json
from io import BytesIO

import pytest
from format_samples import expected, sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ctgov
from vademecum.literature.records import Record, RecordKind

STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "briefTitle": "Drug A in Asthma",
            "officialTitle": "A Randomized Trial of Drug A",
            "orgStudyIdInfo": {"id": "ABC-1"},
        },
        "statusModule": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2018-03"},
            "studyFirstPostDateStruct": {"date": "2018-01-02", "type": "ACTUAL"},
            "resultsFirstPostDateStruct": {"date": "2021-05-06", "type": "ACTUAL"},
            "lastUpdatePostDateStruct": {"date": "2022-07-08", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Maker"}, "collaborators": [{"name": "NIH"}]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2", "PHASE3"],
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}},
            "enrollmentInfo": {"count": 101, "type": "ACTUAL"},
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* BMI \\>= 30\n\nExclusion Criteria:\n\n* eGFR \\< 30",
            "minimumAge": "18 Years",
            "sex": "ALL",
        },
    },
    "resultsSection": {
        "outcomeMeasuresModule": {
            "outcomeMeasures": [
                {
                    "type": "PRIMARY",
                    "title": "Change in FEV1",
                    "paramType": "MEAN",
                    "dispersionType": "Standard Deviation",
                    "unitOfMeasure": "mL",
                    "timeFrame": "12 weeks",
                    "groups": [{"id": "OG000", "title": "Drug A"}, {"id": "OG001", "title": "Placebo"}],
                    "denoms": [
                        {
                            "units": "Participants",
                            "counts": [{"groupId": "OG000", "value": "50"}, {"groupId": "OG001", "value": "51"}],
                        }
                    ],
                    "classes": [
                        {
                            "categories": [
                                {
                                    "measurements": [
                                        {"groupId": "OG000", "value": "-12.5", "spread": "3.1"},
                                        {"groupId": "OG001", "value": "4", "spread": "2.9"},
                                    ]
                                }
                            ]
                        }
                    ],
                    "analyses": [
                        {
                            "groupIds": ["OG000", "OG001"],
                            "paramType": "Mean Difference (Final Values)",
                            "paramValue": "-16.5",
                            "ciPctValue": "95",
                            "ciLowerLimit": "-20",
                            "ciUpperLimit": "-13",
                            "pValue": "<0.001",
                        }
                    ],
                }
            ]
        },
        "adverseEventsModule": {
            "eventGroups": [{"id": "EG000", "title": "Drug A", "seriousNumAffected": 2, "seriousNumAtRisk": 50}],
            "seriousEvents": [
                {"term": "Pneumonia", "stats": [{"groupId": "EG000", "numAffected": 1, "numAtRisk": 50}]}
            ],
        },
    },
    "derivedSection": {"conditionBrowseModule": {"meshes": [{"id": "D001249", "term": "Asthma"}]}},
}


def read(value: object) -> list[Record]:
    return list(ctgov.read(BytesIO(json.dumps(value).encode())))


def test_a_study_becomes_a_registration() -> None:
    (record,) = read(STUDY)
    assert (record.kind, record.title) == (RecordKind.TRIAL_REGISTRATION, "A Randomized Trial of Drug A")
    assert (record.ids.nct, record.year, record.revised) == ("NCT01234567", 2021, "2022-07-08")
    assert record.publication_types == (
        *("INTERVENTIONAL", "PHASE2", "PHASE3", "Allocation: RANDOMIZED", "Masking: DOUBLE"),
    )
    assert (record.funding, record.registrations) == (("Maker", "NIH"), ("ABC-1",))
    assert (record.mesh[0].name, record.mesh[0].ui) == ("Asthma", "D001249")
    design = next(section.text for section in record.sections if section.path == ("Design",))
    assert "Interventional" not in design
    assert "interventional; phase 2; phase 3; Allocation: randomized; Masking: double." in design
    assert "Enrollment: 101 participants (actual)." in design


def test_inclusion_and_exclusion_stay_apart_and_keep_their_signs() -> None:
    (record,) = read(STUDY)
    rules = {section.path: section.text for section in record.sections if section.path[0] == "Eligibility"}
    assert rules[("Eligibility", "Inclusion Criteria")] == "Inclusion Criteria:\n* BMI >= 30"
    assert rules[("Eligibility", "Exclusion Criteria")] == "Exclusion Criteria:\n* eGFR < 30"
    assert rules[("Eligibility", "Who can take part")] == "Ages: 18 Years and older. Sex: all"


def test_results_stand_with_group_unit_and_denominator() -> None:
    (record,) = read(STUDY)
    results = {section.path: section.text for section in record.sections if section.path[0] == "Results"}
    assert results[("Results", "Primary outcome", "Change in FEV1")].split("\n") == [
        "Change in FEV1",
        "Time frame: 12 weeks",
        "Drug A: mean -12.5 mL, Standard Deviation 3.1 (of 50 Participants)",
        "Placebo: mean 4 mL, Standard Deviation 2.9 (of 51 Participants)",
        "Drug A versus Placebo: Mean Difference (Final Values) -16.5, 95% CI -20 to -13, P <0.001.",
    ]
    assert results[("Results", "Adverse events")] == "Drug A: any serious adverse event, 2 of 50"
    assert results[("Results", "Adverse events", "Serious")] == "Pneumonia: Drug A 1 of 50"


@pytest.mark.parametrize("wrap", [lambda s: [s, s], lambda s: {"studies": [s, s], "nextPageToken": "x"}])
def test_lists_and_answers_are_read(wrap: object) -> None:
    assert len(read(wrap(STUDY))) == 2  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"question": "x"}, r"^record 1 \(line 1\): Object missing required field `protocolSection`"),
        ({"protocolSection": {"identificationModule": {"nctId": "12"}}}, "nctId: not an NCT number"),
        ({"protocolSection": {"identificationModule": {"nctId": 12}}}, "nctId: Expected `str`, got `int`"),
    ],
)
def test_what_is_not_a_study_is_refused_with_record_and_field(value: object, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(value)


def test_a_real_study() -> None:
    facts = expected("ctgov/study_v2.json")
    assert isinstance(facts, dict)
    with sample("ctgov/study_v2.json").open("rb") as stream:
        (record,) = ctgov.read(stream)
    assert record.ids.nct == facts["nctId"]
    assert set(facts["phase"]) <= set(record.publication_types)
    assert any(f"Enrollment: {facts['enrollment']} participants" in section.text for section in record.sections)
