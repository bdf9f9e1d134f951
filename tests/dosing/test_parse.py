from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from dose_strategies import doses
from hypothesis import given, settings
from hypothesis import strategies as st

from vademecum.dosing.measures import numbers_with_units
from vademecum.dosing.model import Dose
from vademecum.dosing.parse import parse_dose
from vademecum.dosing.reading import Level, Reading
from vademecum.dosing.render import render

ROWS = Path(__file__).parents[2].parent / "shared" / "bench" / "safety" / "dose_text_dev.jsonl"
GRAVE = (Level.ASK, Level.STOP)


def said(reading: Reading) -> str:
    """Everything the reading says the text means."""
    phrase = [render(reading.dose, reading.drug)] if reading.dose else []
    return " | ".join([*phrase, *(word for e in reading.expressions for word in (e.means, *e.also))])


def heard(reading: Reading) -> set[str]:
    """The words of everything the reading asks and warns of."""
    text = " ".join(f"{warning.message} {warning.ask}" for warning in reading.warnings)
    return set(re.findall(r"[a-z]+", text.lower()))


# --- the canonical phrases -------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(doses())
def test_every_canonical_phrase_is_read_back_to_the_same_dose(dose: Dose) -> None:
    spoken = msgspec.structs.replace(dose, no_cap=False, compute=True)  # notes to the program, not said
    reading = parse_dose(render(dose))
    if reading.level is Level.STOP:  # methotrexate daily, and the like
        assert reading.dose is None
        return
    assert reading.dose == spoken
    assert reading.unread == ()


@settings(max_examples=300, deadline=None)
@given(doses(), st.integers(0, 200), st.sampled_from(["", " 7", ",", " up to", " max 3 g", " or 5 mg", " x2"]))
def test_a_damaged_phrase_raises_nothing_and_never_drops_a_figure_in_silence(dose: Dose, at: int, extra: str) -> None:
    phrase = render(dose)
    text = phrase[:at] + extra + phrase[at:]
    reading = parse_dose(text)
    for piece in reading.unread:
        assert text[piece.start : piece.end] == piece.text
    if reading.dose is not None and reading.unread:
        unread = {(piece.start, piece.end) for piece in reading.unread}
        figures = [m for m in numbers_with_units(text) if any(s <= m.start and m.end <= e for s, e in unread)]
        assert not figures or any(warning.code == "unread_figure" for warning in reading.warnings)


# --- what people write -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        (
            "methotrexate 15-20 mg/m2 once weekly SC, max 40 mg",
            "methotrexate 15 to 20 mg/m2 once weekly subcutaneously, at most 40 mg per week",
        ),
        ("prednisolone 1 mg/kg/day (max 60 mg)", "prednisolone 1 mg/kg per day, at most 60 mg per day"),
        ("paracetamol 1 g q6h prn, max 4 g/day", "paracetamol 1 g every 6 hours as needed, at most 4 g per day"),
        (
            "paracetamol 15 mg/kg every 4 to 6 hours as needed, up to 60 mg/kg per day",
            "paracetamol 15 mg/kg every 4 to 6 hours as needed, at most 60 mg/kg per day",
        ),
        ("amoxicillin 500 mg TID x 7 days", "amoxicillin 500 mg three times daily, for 7 days"),
        ("amoxicillin 80-90 mg/kg/day in 2 divided doses", "amoxicillin 80 to 90 mg/kg per day, in two divided doses"),
        ("amoxicillin 40 mg/kg/day divided q8h", "amoxicillin 40 mg/kg per day, every 8 hours"),
        ("amoxicillin 125 mg/5 mL 10 mL tid", "amoxicillin 250 mg three times daily"),
        ("gentamicin 5 mg/kg IV once daily", "gentamicin 5 mg/kg once daily intravenously"),
        ("enoxaparin 40 mg SC daily", "enoxaparin 40 mg per day subcutaneously"),
        ("vancomycin 15–20 mg/kg/dose q8–12h", "vancomycin 15 to 20 mg/kg every 8 to 12 hours"),
        ("epinephrine 1:10,000 10 mL IV", "epinephrine 1 mg intravenously"),
        ("adrenaline 150 micrograms (0.15 mL of 1 mg/mL) IM", "adrenaline 150 mcg intramuscularly"),
        ("phenytoin 20 mg/kg IV at no more than 50 mg/minute", "phenytoin 20 mg/kg intravenously, at most 50 mg/min"),
        (
            "metronidazole 1 g intravenously, then 500 mg every 6 hours, at most 4 g per day",
            "metronidazole 1 g for the first dose, then 500 mg every 6 hours intravenously, at most 4 g per day",
        ),
        (
            "phenobarbital loading dose 20 mg/kg, then 5 mg/kg per day",
            "phenobarbital 20 mg/kg for the first day, then 5 mg/kg per day",
        ),
        ("APAP 650 mg q6h", "paracetamol 650 mg every 6 hours"),
        ("dexamethasone 0.6 mg/kg stat, max 16 mg", "dexamethasone 0.6 mg/kg as a single dose, at most 16 mg per dose"),
        ("morphine 5mg 4 hourly", "morphine 5 mg every 4 hours"),
        ("KCl 20 mmol/h IV", "potassium chloride 20 mmol/h intravenously"),
        ("tacrolimus 0.1% ointment twice daily", "tacrolimus 0.1% twice daily"),
        ("½ tablet warfarin daily", "warfarin 0.5 tablets per day"),
    ],
)
def test_common_spellings_are_read_to_one_value(text: str, phrase: str) -> None:
    reading = parse_dose(text)
    assert reading.dose is not None, reading.warnings
    assert render(reading.dose) == phrase


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lorazepam 1.500 mg", "decimal_or_thousands"),
        ("paracetamol 2 500 mg", "spaced_thousands"),
        ("heparin 5K units", "letter_multiplier"),
        ("penicillin 1.2 MU IM", "mu"),
        ("aspirin gr 5", "gr"),
        ("sacubitril/valsartan 24/26 mg twice daily", "unread_figure"),
        ("2 x 500 mg paracetamol", "unread_figure"),
        ("digoxin 0.25 mg OD", "od"),
        ("warfarin 5 mg HS", "hs"),
        ("nitrofurantoin 100 mg bd x3d", "x3d"),
        ("MS 4 mg IV", "morphine_or_magnesium"),
        ("etanercept 25 mg biweekly", "biweekly"),
        ("cyclobenzaprine 5 mg three times daily, max 30 mg", "ceiling_period"),
        ("apixaban 10 mg twice daily for 7 days, then 5 mg twice daily", "two_phases"),
        ("azithromycin 500 mg once daily, then 250 mg once daily", "two_phases"),
        ("heparin 80 units/kg IV bolus then 18 units/kg/h", "two_phases"),
        ("prednisolone 40 mg daily or 20 mg daily", "two_amounts"),
        ("digoxin 0.25 mg (25 mcg)", "contradiction"),
        ("morphine 5 mg IV or PO", "two_routes"),
        ("morphine >10 mg", "not_an_amount"),
        ("methotrexate 2.5 mg daily", "weekly_drug_daily"),
        ("methotrexate 15 mg every other day", "weekly_drug_daily"),
        ("methotrexate 7.5 mg twice weekly", "weekly_drug_daily"),
        ("vinblastine 6 mg intrathecally", "route_never"),
        ("bupivacaine 50 mg IV", "route_never"),
        ("potassium chloride 20 mmol IV bolus", "never_undiluted"),
    ],
)
def test_what_has_two_readings_or_kills_is_asked_about_and_never_guessed(text: str, code: str) -> None:
    reading = parse_dose(text)
    assert reading.dose is None
    assert code in [warning.code for warning in reading.warnings if warning.level in GRAVE and warning.ask]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("levothyroxine 50 mg daily", "above_usual"),
        ("digoxin 250 mg", "above_usual"),
        ("acetaminophen 1 g q4h", "above_usual"),
        ("methotrexate 15 mg", "weekly_drug_without_period"),
        ("rituximab 1 g on days 1 and 15", "unread_figure"),
        ("glucose 180 mmol/L", "implausible_value"),
        ("HbA1c 53%", "implausible_value"),
        ("platelets 150/µL", "implausible_value"),
        ("sodium 140 mg/dL", "implausible_value"),
    ],
)
def test_what_is_unlikely_to_be_meant_is_flagged(text: str, code: str) -> None:
    assert code in [warning.code for warning in parse_dose(text).warnings if warning.level is Level.FLAG]


@pytest.mark.parametrize(
    "text",
    [
        "fentanyl 50 mcg IV",
        "levothyroxine 100 mcg daily",
        "paracetamol 1 g every 6 hours",
        "methotrexate 15 mg once weekly",
        "vincristine 2 mg IV",
        "KCl 40 mmol in 1 L IV over 4 hours",
        "creatinine 88 µmol/L",
        "glucose 180 mg/dL",
        "potassium 4.1 mmol/L",
        "CrCl < 30 mL/min",
    ],
)
def test_ordinary_text_raises_neither_stop_nor_question(text: str) -> None:
    assert parse_dose(text).level not in GRAVE
    codes = [warning.code for warning in parse_dose(text).warnings]
    assert not {"above_usual", "implausible_value"} & set(codes)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="0123456789.,-/ mgkUIVPOxqhdtbis%()<≤:=", max_size=50))
def test_no_text_breaks_the_parser(text: str) -> None:
    reading = parse_dose(text)
    assert all(text[piece.start : piece.end] == piece.text for piece in reading.unread)


# --- the developer-visible half of the safety bench ------------------------------------------------------

IN_OTHER_WORDS = {
    "td-11": "methotrexate 15 mg per week",
    "td-04": "1,000 units once daily",
    "td-14": "enoxaparin 1 mg/kg",
    "td-18": "about 1 mg/dL (factor 88.4)",
    "td-28": "adrenaline 0.5 mg",
    "td-40": "paracetamol 15 mg/kg every 6 hours",
    "td-41": "ibuprofen 10 mg/kg per day",
    "td-42": "at most 3 g",
    "td-43": "more than 60 mL/min",
}
"""Rows whose `expect` describes the result instead of spelling it; "td-07" and "td-08" are checked by what is asked."""


def rows() -> list[dict[str, str]]:
    if not ROWS.exists():
        return []
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not ROWS.exists(), reason=f"the shared bench is not beside this checkout ({ROWS})")
def test_the_bench_has_all_its_rows() -> None:
    assert len(rows()) == 51


@pytest.mark.parametrize("row", rows() or [pytest.param({}, marks=pytest.mark.skip(reason=f"no {ROWS}"))], ids=str)
def test_a_row_of_the_bench_comes_out_as_expected(row: dict[str, str]) -> None:
    reading = parse_dose(row["text"])
    expect = row["expect"]
    verdict, _, detail = expect.partition(":")
    if verdict in ("ask", "stop", "reject"):
        assert reading.dose is None
        assert reading.level in GRAVE
        assert reading.level is not Level.ASK or verdict == "ask"
        telling = {word for word in re.findall(r"[a-z]+", detail.lower()) if len(word) > 5}
        assert not telling or telling & heard(reading)
    elif verdict.startswith("flag"):
        assert reading.level is Level.FLAG
        assert any(warning.ask for warning in reading.warnings if warning.level is Level.FLAG)
    else:
        assert reading.level not in GRAVE
        assert IN_OTHER_WORDS.get(row["id"], expect.split(" (")[0]) in said(reading)
