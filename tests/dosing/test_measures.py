from __future__ import annotations

from fractions import Fraction

import pytest
from dose_strategies import STUFFS, amounts
from hypothesis import given, settings
from hypothesis import strategies as st

from vademecum.dosing.figures import Role
from vademecum.dosing.measures import numbers_with_units
from vademecum.dosing.model import Amount, Per
from vademecum.dosing.render import render_amount

UNITS = tuple(unit for units in STUFFS.values() for unit in units)
Found = tuple[str | None, str | None, str | None]


def found(text: str) -> list[Found]:
    return [(_text(m.low), _text(m.high), m.unit) for m in numbers_with_units(text)]


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("0.5 to 1 mg/kg", "1/2", "1", "mg/kg"),
        ("15-20 mg/m2", "15", "20", "mg/m2"),
        ("2–4 mg", "2", "4", "mg"),
        ("between 2 and 4 g", "2", "4", "g"),
        ("500 mg to 1 g", "1/2", "1", "g"),
        ("10 mg-20 mg", "10", "20", "mg"),
        ("1,250 mg", "1250", "1250", "mg"),
        ("79 percent", "79", "79", "%"),
        ("6 to 8 hours", "6", "8", "h"),
        ("two thirds", "2/3", "2/3", None),
        ("half a tablet", "1/2", "1/2", "{tablet}"),
        ("1½ tablets", "3/2", "3/2", "{tablet}"),
        ("1/2 tablet", "1/2", "1/2", "{tablet}"),
        ("5-mg tablet", "5", "5", "mg"),
        ("18-year-old", "18", "18", "a"),
        ("0,125 mg", "1/8", "1/8", "mg"),
        ("1.234.567 units", "1234567", "1234567", "[IU]"),
        ("10\u202f000 units", "10000", "10000", "[IU]"),
        ("1 to 2 million units", "1000000", "2000000", "[IU]"),
        ("600,000 to 1.2 million units", "600000", "1200000", "[IU]"),
        ("2 × 10^6 units", "2000000", "2000000", "[IU]"),
        ("150 x 10^9/L", "150", "150", "10*9/L"),
        ("4.5 × 10⁹/L", "9/2", "9/2", "10*9/L"),
        ("150.000/µL", "150000", "150000", "/uL"),
        ("30 mL/min/1.73 m2", "30", "30", "mL/min/{1.73_m2}"),
        ("125 mg/5 mL", "25", "25", "mg/mL"),
        ("-2 SD", "-2", "-2", "{SD}"),
        ("38.5 °C", "77/2", "77/2", "Cel"),
        ("Tegretol300 mg", "300", "300", "mg"),
        ("three times daily", "3", "3", "{times}"),
        ("two to three times a week", "2", "3", "{times}"),
        ("once or twice daily", "1", "2", "{times}"),
        ("every 4 weeks", "4", "4", "wk"),
        ("q4-6h", "4", "6", "h"),
        ("6-hourly", "6", "6", "h"),
        ("every other day", "2", "2", "d"),
        ("q.o.d.", "2", "2", "d"),
        ("fortnightly", "2", "2", "wk"),
    ],
)
def test_a_figure_is_read_with_its_unit(text: str, low: str, high: str, unit: str | None) -> None:
    assert found(text) == [(low, high, unit)]
    (measure,) = numbers_with_units(text)
    assert text[measure.start : measure.end].strip(". ") in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 2 to 1 mg/kg/day", [("2", "2", "mg/kg"), ("1", "1", "mg/kg")]),
        ("24/26 mg", [("24", "24", None), ("26", "26", "mg")]),
        ("2 mg - 3 times daily", [("2", "2", "mg"), ("3", "3", "{times}")]),
        ("500 mg – three times daily", [("500", "500", "mg"), ("3", "3", "{times}")]),
        ("CYP3A4, IL-6 and the 2nd", []),
        ("no one, half-life", []),
        ("OR 1.23 (95% CI 1.05-1.44)", [("123/100",) * 2 + (None,), ("95", "95", "%"), ("21/20", "36/25", None)]),
        ("0.15 mL of 1 mg/mL", [("3/20", "3/20", "mL"), ("1", "1", "mg/mL")]),
    ],
)
def test_figures_that_do_not_belong_together_stay_apart(text: str, expected: list[Found]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("1.500 mg", ("3/2", "1500")),
        ("2 500 mg", ("2500", "500")),
        ("50K units", ("50000", "50000000")),
        ("TIW", ("3", "21")),
        ("1e3 mg", ()),
    ],
)
def test_a_figure_with_two_readings_has_no_value(text: str, could_be: tuple[str, ...]) -> None:
    (measure,) = numbers_with_units(text)
    assert (measure.low, measure.high) == (None, None)
    assert tuple(map(str, measure.could_be)) == could_be


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("p<0.0001", "<"),
        ("≤ 3 g", "<="),
        (">= 65", ">="),
        ("platelets below 30", "<"),
        ("no more than 4 mg/kg/min", "<="),
        ("at least 65 years", ">="),
        ("65 years or older", ">="),
        ("above 5.5 mmol/L", ">"),
        ("over 3 g", ">"),
        ("over 4 weeks", ""),
        ("about 10 mg", "~"),
        ("15 mg", ""),
    ],
)
def test_a_comparison_is_kept_in_symbols_and_in_words(text: str, sign: str) -> None:
    (measure,) = numbers_with_units(text)
    assert measure.sign == sign


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("40 mg per week", Per.WEEK),
        ("40 mg/week", Per.WEEK),
        ("40 mg weekly", Per.WEEK),
        ("10 mg / kg / day", Per.DAY),
        ("75 mg/24 h", Per.DAY),
        ("4 g in 24 hours", Per.DAY),
        ("15 mg/kg/dose", Per.DOSE),
        ("2 g/kg per cycle", Per.CYCLE),
        ("15 mg", None),
    ],
)
def test_a_period_behind_an_amount_belongs_to_it(text: str, per: Per | None) -> None:
    (measure,) = numbers_with_units(text)
    assert measure.per is per


def test_a_ratio_keeps_both_numbers() -> None:
    (ratio, volume) = numbers_with_units("1:1000 0.5 mL")
    assert (ratio.role, ratio.low, ratio.high) == (Role.RATIO, 1, 1000)
    assert volume.unit == "mL"


@settings(max_examples=300, deadline=None)
@given(amounts(UNITS), st.sampled_from(["{}.", "give {} now", "({})", "{}, then rest", "drug {};"]))
def test_every_shown_amount_is_read_back_inside_a_sentence(amount: Amount, sentence: str) -> None:
    shown = render_amount(amount)
    text = sentence.format(shown)
    (measure,) = numbers_with_units(text)
    low = measure.low if amount.low is not None else None
    assert (low, measure.high, measure.unit) == (amount.low, amount.high, amount.unit)
    assert shown.endswith(text[measure.start : measure.end])


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="0123456789.,-–/ mgkIUulLxqhdt½µ^*%()<>≤:=", max_size=40))
def test_no_text_breaks_the_reader_and_spans_are_in_order(text: str) -> None:
    position = 0
    for measure in numbers_with_units(text):
        assert position <= measure.start < measure.end <= len(text)
        position = measure.end
