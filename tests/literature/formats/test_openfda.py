"""Drug labels of openFDA."""

import json
from io import BytesIO

import pytest
from format_samples import expected, sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import openfda
from vademecum.literature.records import Record, RecordKind

TABLE = (
    "<table><tbody><tr><td><content styleCode='bold'>Weight</content></td><td><content styleCode='bold'>Dose"
    "</content></td><td><content styleCode='bold'>Times</content></td></tr>"
    "<tr><td>&lt;10 kg</td><td>5 mL</td><td>2</td></tr><tr><td>10 kg</td><td>10 mL</td><td>3</td></tr></tbody></table>"
)
LABEL = {
    "do_not_use": ["Do not use Do not use with alcohol."],
    "dosage_and_administration": [
        "Directions Directions CrCl <30 mL/min: 50 µg. Weight Dose Times <10 kg 5 mL 2 10 kg 10 mL 3 Shake well."
    ],
    "dosage_and_administration_table": [TABLE],
    "set_id": "3162733B-9382-39f1-e063-6294a90ac420",
    "effective_time": "20260612",
    "version": "3",
    "openfda": {"brand_name": ["FIXTURIL"], "generic_name": ["EXAMPLOL"], "manufacturer_name": ["Maker"]},
}


def read(value: object) -> list[Record]:
    return list(openfda.read(BytesIO(json.dumps(value).encode())))


@pytest.mark.parametrize("wrap", [lambda label: label, lambda label: [label], lambda label: {"results": [label]}])
def test_a_label_is_read_alone_in_a_list_and_in_an_answer(wrap: object) -> None:
    (record,) = read(wrap(LABEL))  # type: ignore[operator]
    assert (record.kind, record.title, record.authors) == (RecordKind.LABEL, "FIXTURIL (EXAMPLOL)", ("Maker",))
    assert record.ids.set_id == "3162733b-9382-39f1-e063-6294a90ac420"
    assert (record.version, record.revised, record.year) == ("3", "2026-06-12", 2026)


def test_a_flattened_table_is_replaced_by_rows_with_their_headings() -> None:
    (record,) = read(LABEL)
    assert [(section.path, section.text) for section in record.sections] == [
        (("Do Not Use",), "Do not use with alcohol."),
        (("Dosage and Administration", "Directions"), "Directions CrCl <30 mL/min: 50 µg."),
        (
            ("Dosage and Administration", "Directions", "Table"),
            "Weight: <10 kg — Dose: 5 mL; Times: 2\nWeight: 10 kg — Dose: 10 mL; Times: 3",
        ),
        (("Dosage and Administration", "Directions"), "Shake well."),
    ]
    assert [section.code for section in record.sections] == ["50570-1", "34068-7", "34068-7", "34068-7"]
    assert record.flags == ()


def test_a_table_that_is_not_found_in_the_text_is_added_and_flagged() -> None:
    (record,) = read({**LABEL, "dosage_and_administration": ["Other words."]})
    assert [section.path[-1] for section in record.sections] == ["Do Not Use", "Dosage and Administration", "Table"]
    assert [flag.code for flag in record.flags] == ["flattened-table"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"set_id": None}, r"^record 1 \(line 1\): set_id: missing"),
        ({"version": 3}, r"version: Expected `str \| null`, got `int`"),
        ({"do_not_use": [1]}, r"^record 1 \(line 1\): do_not_use: not text"),
    ],
)
def test_what_is_not_a_label_is_refused_with_record_and_field(change: dict[str, object], message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read({**LABEL, **change})


def test_other_json_is_refused() -> None:
    with pytest.raises(ImportFileError, match="no section of a drug label"):
        read({"id": "x", "question": "y"})


def test_a_real_label() -> None:
    facts = expected("openfda/drug_label.json")
    assert isinstance(facts, dict)
    with sample("openfda/drug_label.json").open("rb") as stream:
        (record,) = openfda.read(stream)
    assert record.ids.set_id == facts["set_id"]
    assert set(facts["brand_name"]) <= set(record.keywords)
    assert {f"RXCUI:{code}" for code in facts["rxcui"]} <= set(record.keywords)
    rows = next(section.text for section in record.sections if section.path[-1] == "Table")
    assert "Weight (lb): 36-47 lbs — Age (yr): 4-5 years; Dose (mL)*: 7.5 mL" in rows.split("\n")
    assert not any("5 mL 36-47 lbs" in section.text for section in record.sections)
