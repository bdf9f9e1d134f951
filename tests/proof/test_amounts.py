"""The figures of a text, so that two texts can be compared number by number and unit by unit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.proof.amounts import Figure, amounts, figures


def figure(value: str, unit: str | None = None) -> Figure:
    return Fraction(value), unit


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15 to 20 mg/m2, at most 40 mg per week", {figure("15", "mg/m2"), figure("20", "mg/m2"), figure("40", "mg")}),
        ("1,250 mg twice daily", {figure("1250", "mg"), figure("2", "{times}")}),
        ("0.5 to 1 mg/kg", {figure("1/2", "mg/kg"), figure("1", "mg/kg")}),
        ("500 mcg", {figure("500", "ug")}),
        ("2 million units", {figure("2000000", "[IU]")}),
        ("12 percent of 95 adults", {figure("12", "%"), figure("95")}),
        ("12 per cent, or 12%", {figure("12", "%")}),
        ("every 4 to 6 weeks", {figure("4", "wk"), figure("6", "wk")}),
        ("half a tablet", {figure("1/2", "{tablet}")}),
        ("at week 16", {figure("16")}),
        ("over three times normal", {figure("3", "{times}")}),
        ("no figures at all", set()),
    ],
)  # fmt: skip
def test_every_figure_is_found_with_its_unit(text: str, found: set[Figure]) -> None:
    assert amounts(text) == found


def test_a_gloss_is_read_as_the_unit_it_explains() -> None:
    assert amounts("10 mg per square metre (mg/m2) once weekly") == {figure("10", "mg/m2")}
    assert amounts("10 mg per square meter (mg/m2)") == {figure("10", "mg/m2")}


def test_once_says_nothing_and_twice_does() -> None:
    assert amounts("once daily") == set()
    assert amounts("twice daily") == {figure("2", "{times}")}


def test_a_number_that_can_be_read_in_two_ways_counts_as_both() -> None:
    assert amounts("1.500 mg") == {figure("1.5", "mg"), figure("1500", "mg")}


@pytest.mark.parametrize("text", ["the two together", "these three medicines"])
def test_small_counting_words_are_amounts_but_no_figures_of_a_claim(text: str) -> None:
    assert amounts(text) != set()
    assert figures(text) == set()


@pytest.mark.parametrize("text", ["four drugs", "3 drugs", "two tablets", "three times daily"])
def test_larger_counts_digits_and_counts_with_a_unit_are_figures(text: str) -> None:
    assert figures(text) == amounts(text) != set()


@given(
    st.integers(1, 100_000).map(lambda n: Fraction(n, 100)),
    st.sampled_from(["mg", "mcg", "g", "mg/kg", "mg/m2", "mL", "units", "percent"]),
)
def test_a_written_amount_is_found_as_written(value: Fraction, unit: str) -> None:
    written = f"{float(value):,.2f}".rstrip("0").rstrip(".")
    (found,) = amounts(f"Give {written} {unit} of it.")
    assert found[0] == value
    assert found[1] == {"mcg": "ug", "units": "[IU]", "percent": "%"}.get(unit, unit)
