from __future__ import annotations

import re
from fractions import Fraction

import pytest
from dose_strategies import doses
from hypothesis import given, settings

from vademecum.dosing.model import Amount, Dose, Quantity, Span
from vademecum.dosing.record import read_dose
from vademecum.dosing.render import drug_words, render, render_amount, render_quantity, render_span


@pytest.mark.parametrize(
    ("record", "phrase"),
    [
        (
            {
                "drug": "methotrexate",
                "amount": "15 to 20 mg/m2",
                "per": "week",
                "every": "1 wk",
                "route": "subcutaneous",
                "max": {"week": "40 mg"},
            },
            "methotrexate 15 to 20 mg/m2 once weekly subcutaneously, at most 40 mg per week",
        ),
        (
            {
                "drug": "prednisolone",
                "amount": "0.5 to 1 mg/kg",
                "per": "day",
                "route": "oral",
                "usual": "40 to 60 mg",
                "max": "none stated",
            },
            "prednisolone 0.5 to 1 mg/kg per day by mouth, usually 40 to 60 mg per day",
        ),
        (
            {
                "drug": "cyclobenzaprine",
                "amount": "5 mg",
                "per": "dose",
                "times": "3",
                "every": "1 d",
                "route": "oral",
                "titration": {"to": "10 mg"},
                "max": {"day": "30 mg"},
                "at_most_for": "3 wk",
            },
            "cyclobenzaprine 5 mg three times daily by mouth, raised to 10 mg three times daily, "
            "at most 30 mg per day, for at most 3 weeks",
        ),
        (
            {
                "drug": "immune-globulin",
                "amount": "2 g/kg",
                "per": "cycle",
                "every": "4 wk",
                "split_over": "2 to 5 d",
                "route": "intravenous",
                "max_rate": "4 mg/kg/min",
                "max": "none stated",
                "compute": "never",
            },
            "immune globulin 2 g/kg per cycle intravenously, divided over 2 to 5 days, every 4 weeks, "
            "infused at no more than 4 mg/kg/min",
        ),
        (
            {
                "drug": "amoxicillin",
                "amount": "40 mg/kg",
                "per": "day",
                "times": "3",
                "every": "1 d",
                "max": "none stated",
            },
            "amoxicillin 40 mg/kg per day, in three divided doses",
        ),
        (
            {
                "drug": "paracetamol",
                "amount": "1 g",
                "per": "dose",
                "every": "4 to 6 h",
                "as_needed": "true",
                "max": {"day": "4 g"},
            },
            "paracetamol 1 g every 4 to 6 hours as needed, at most 4 g per day",
        ),
        (
            {"drug": "noradrenaline", "amount": "0.05 to 0.5 mcg/kg", "per": "minute", "max": "none stated"},
            "noradrenaline 0.05 to 0.5 mcg/kg/min",
        ),
        (
            {
                "drug": "prednisolone",
                "amount": "2 mg/kg",
                "per": "day",
                "max": {"90 d": "2200 mg"},
                "taper": [{"to": "1 mg/kg", "over": "2 mo"}, {"over": "18 mo"}],
                "min_age": "15 a",
            },
            "prednisolone 2 mg/kg per day, at most 2,200 mg in any 90 days, tapered to 1 mg/kg per day over 2 months, "
            "then to a stop over 18 months, from 15 years of age",
        ),
        (
            {
                "drug": "azithromycin",
                "amount": "500 mg",
                "per": "day",
                "then": "250 mg",
                "for": "5 d",
                "max": "none stated",
            },
            "azithromycin 500 mg for the first day, then 250 mg per day, for 5 days",
        ),
        ({"drug": "paracetamol", "per": "day", "max": {"day": "4 g"}}, "paracetamol at most 4 g per day"),
        (
            {"drug": "adrenaline", "amount": "500 mcg", "per": "dose", "times": "1", "max": "none stated"},
            "adrenaline 500 mcg as a single dose",
        ),
        (
            {"drug": "prednisone", "amount": "5 mg", "per": "dose", "every": "2 d", "max": "none stated"},
            "prednisone 5 mg every other day",
        ),
    ],
)
def test_a_dose_has_one_canonical_phrase(record: dict[str, object], phrase: str) -> None:
    assert render(read_dose(record)) == phrase


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1.0", "mg", "1 mg"),
        ("0.5", "mg", "0.5 mg"),
        ("1250", "mg", "1,250 mg"),
        ("250", "ug", "250 mcg"),
        ("5000", "[IU]", "5,000 units"),
        ("1", "[IU]", "1 unit"),
        ("100000", "[IU]", "100,000 units"),
        ("1000000", "[IU]", "1 million units"),
        ("1200000", "[IU]", "1.2 million units"),
        ("1234567", "[IU]", "1,234,567 units"),
        ("0.1", "%", "0.1%"),
        ("2", "{tablet}", "2 tablets"),
        ("150", "10*9/L", "150 x 10^9/L"),
        ("60", "mL/min/{1.73_m2}", "60 mL/min/1.73 m2"),
        ("1/3", "mg", "1/3 mg"),
    ],
)
def test_a_quantity_is_shown_without_error_prone_notation(value: str, unit: str, shown: str) -> None:
    assert render_quantity(Quantity(Fraction(value), unit)) == shown


def test_a_range_in_words_never_starts_at_a_bare_numeral() -> None:
    assert render_amount(Amount(Fraction(1), Fraction(2 * 10**6), "[IU]")) == "1 to 2,000,000 units"
    assert render_amount(Amount(Fraction(10**6), Fraction(2 * 10**6), "[IU]")) == "1 million to 2 million units"


def test_spans_take_singular_and_plural() -> None:
    assert render_span(Span(Fraction(1), "wk")) == "1 week"
    assert render_span(Span(Fraction(6), "h", Fraction(8))) == "6 to 8 hours"


@pytest.mark.parametrize(
    ("drug", "words"),
    [
        ("immune-globulin", "immune globulin"),
        ("co-trimoxazole", "co-trimoxazole"),
        ("5-fluorouracil", "5-fluorouracil"),
    ],
)
def test_a_sheet_id_becomes_the_words_of_the_drug(drug: str, words: str) -> None:
    assert drug_words(drug) == words


ERROR_PRONE = re.compile(r"[µμ]|\b(?:IU|U|QD|QOD|BID|TID|SC|SQ|cc|ug)\b|(?<!\d)\.\d|\d\.\d*0(?!\d)|\b\d{4,}\b")


@settings(max_examples=150, deadline=None)
@given(doses())
def test_no_phrase_has_an_error_prone_abbreviation_a_trailing_zero_or_a_naked_point(dose: Dose) -> None:
    assert not ERROR_PRONE.search(render(dose, "the drug"))
