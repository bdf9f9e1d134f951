from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from dose_strategies import doses
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vademecum.dosing.arithmetic import Rounding, Worked, amount_for, daily_equivalent, exceeds, weekly_total
from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Span
from vademecum.dosing.record import read_dose
from vademecum.dosing.unit_table import Basis
from vademecum.dosing.units import basis_of, compare, convert
from vademecum.errors import DoseError, UnitError

DAY, WEEK = Span(Fraction(1), "d"), Span(Fraction(1), "wk")
WEIGHTS = st.fractions(min_value=Fraction(1, 5), max_value=700, max_denominator=100).map(lambda kg: Quantity(kg, "kg"))
AREAS = st.fractions(min_value=Fraction(1, 20), max_value=4, max_denominator=100).map(lambda m2: Quantity(m2, "m2"))


def q(value: str, unit: str) -> Quantity:
    return Quantity(Fraction(value), unit)


def one(value: str, unit: str) -> Amount:
    return Amount(Fraction(value), Fraction(value), unit)


def dose(**keys: object) -> Dose:
    return read_dose(
        {"drug": "drug", "per": "dose", "max": "none stated", **{k.rstrip("_"): v for k, v in keys.items()}}
    )


def worked(
    rule: Dose, weight: Quantity | None = None, area: Quantity | None = None, step: Quantity | None = None
) -> Worked:
    return amount_for(rule, weight=weight, bsa=area, round_to=step)


# --- the order of work -----------------------------------------------------------------------------------


def test_weight_ceiling_and_rounding_follow_each_other_line_by_line() -> None:
    rule = dose(amount="1 mg/kg", per="day", max={"day": "80 mg"})
    result = amount_for(rule, weight=q("91.3", "kg"), round_to=q("25", "mg"), direction=Rounding.DOWN)
    assert result.amount == one("75", "mg")
    assert result.exact == one("80", "mg")
    assert result.lines == (
        "1 mg/kg x 91.3 kg = 91.3 mg",
        "at most 80 mg per day: 91.3 mg becomes 80 mg",
        "rounded down to steps of 25 mg: 75 mg",
    )


@pytest.mark.parametrize(
    ("direction", "result"), [(Rounding.DOWN, "65"), (Rounding.UP, "70"), (Rounding.NEAREST, "70")]
)
def test_rounding_happens_once_in_the_stated_direction(direction: Rounding, result: str) -> None:
    rule = dose(amount="1 mg/kg")
    worked = amount_for(rule, weight=q("67.5", "kg"), round_to=q("5", "mg"), direction=direction)
    assert (worked.amount, worked.exact) == (one(result, "mg"), one("67.5", "mg"))


def test_rounding_up_never_passes_a_ceiling() -> None:
    rule = dose(amount="1 mg/kg", max={"dose": "68 mg"})
    worked = amount_for(rule, weight=q("90", "kg"), round_to=q("5", "mg"), direction=Rounding.UP)
    assert worked.amount == one("65", "mg")


def test_a_dose_below_the_smallest_step_is_refused() -> None:
    with pytest.raises(DoseError, match="below the smallest step of 5 mg; no dose can be given, refer"):
        amount_for(dose(amount="0.01 mg/kg"), weight=q("20", "kg"), round_to=q("5", "mg"))


@pytest.mark.parametrize(
    ("rule", "asked"),
    [(dose(amount="1 mg/kg"), "weight"), (dose(amount="15 mg/m2"), "body surface area")],
)
def test_an_unknown_size_never_gives_a_dose_but_a_question(rule: Dose, asked: str) -> None:
    sizes = {"bsa": q("1.8", "m2")} if asked == "weight" else {"weight": q("70", "kg")}
    with pytest.raises(DoseError, match=f"the {asked} is not known; ask: what is the patient's {asked}"):
        amount_for(rule, **sizes)


def test_a_ceiling_per_weight_also_needs_the_weight() -> None:
    with pytest.raises(DoseError, match="weight is not known"):
        amount_for(dose(amount="100 mg", max={"dose": "3 mg/kg"}))


def test_an_implausible_weight_is_asked_about() -> None:
    with pytest.raises(DoseError, match="a weight of 70 g is not plausible"):
        amount_for(dose(amount="1 mg/kg"), weight=q("70", "g"))


def test_compute_never_is_obeyed() -> None:
    with pytest.raises(DoseError, match="shown and never worked out"):
        amount_for(dose(amount="1 mg/kg", compute="never"), weight=q("70", "kg"))


def test_a_pure_ceiling_gives_no_dose() -> None:
    with pytest.raises(DoseError, match="only a ceiling"):
        amount_for(dose(per="day", max={"day": "4 g"}))


def test_a_daily_ceiling_is_shared_by_the_doses_of_a_fixed_schedule() -> None:
    rule = dose(amount="15 mg/kg", every="6 h", max={"day": "4 g"})
    assert worked(rule, q("90", "kg")).amount == one("1000", "mg")
    needed = msgspec.structs.replace(rule, frequency=Frequency(1, Span(Fraction(6), "h"), None, True))
    result = worked(needed, q("90", "kg"))
    assert result.amount == one("1350", "mg")
    assert result.unchecked == ("at most 4 g per day: how much of it one dose takes is not stated",)


def test_a_weekly_amount_given_at_once_obeys_a_daily_ceiling() -> None:
    rule = dose(amount="15 mg", per="week", every="1 wk", max={"day": "10 mg"})
    assert worked(rule).amount == one("10", "mg")
    spread = worked(dose(amount="15 mg", per="week", max={"day": "10 mg"}))
    assert spread.amount == one("15", "mg")
    assert len(spread.unchecked) == 1


def test_a_short_course_uses_only_its_days_of_a_weekly_ceiling() -> None:
    rule = dose(amount="20 mg", per="day", max={"week": "42 mg"})
    assert worked(rule).amount == one("6", "mg")
    assert worked(msgspec.structs.replace(rule, duration=Span(Fraction(3), "d"))).amount == one("14", "mg")


def test_a_first_dose_may_use_what_the_following_ones_leave_of_the_ceiling() -> None:
    rule = dose(amount="15 mg/kg", then="7.5 mg/kg", every="6 h", max={"day": "4 g"})
    result = worked(rule, q("100", "kg"))
    assert (result.amount, result.then) == (one("1500", "mg"), one("750", "mg"))
    result = worked(rule, q("120", "kg"))
    assert (result.amount, result.then) == (one("1300", "mg"), one("900", "mg"))
    assert result.lines == (
        "15 mg/kg x 120 kg = 1,800 mg",
        "at most 4 g per day, less the following doses: 1,800 mg becomes 1,300 mg",
        "then: 7.5 mg/kg x 120 kg = 900 mg",
    )


# --- laws ------------------------------------------------------------------------------------------------


@settings(max_examples=250, deadline=None)
@given(doses(), WEIGHTS, AREAS, st.sampled_from(Rounding), st.fractions(min_value=Fraction(1, 100), max_value=50))
def test_no_dose_exceeds_a_cap_for_any_weight(
    rule: Dose, weight: Quantity, area: Quantity, direction: Rounding, step: Fraction
) -> None:
    assume(rule.amount is not None)
    rule = msgspec.structs.replace(rule, compute=True)
    plain = amount_for(rule, weight=weight, bsa=area)
    step_of_unit = Quantity(step, plain.amount.unit)
    try:
        result = amount_for(rule, weight=weight, bsa=area, round_to=step_of_unit, direction=direction)
    except DoseError:  # below the smallest step: no dose at all
        result = plain
    for cap in rule.caps:
        size = {Basis.PER_KG: weight.value, Basis.PER_M2: area.value}.get(basis_of(cap.amount.unit), Fraction(1))
        unit = cap.amount.unit.removesuffix("/kg").removesuffix("/m2")
        ceiling = Quantity(cap.amount.value * size, unit)
        given_at_once = Quantity(result.amount.high, result.amount.unit)
        if cap.per is rule.per and cap.over is None:
            assert compare(given_at_once, ceiling) <= 0
        if rule.per is Per.DOSE and cap.per in (Per.DAY, Per.WEEK, Per.MONTH, Per.COURSE):
            assert compare(given_at_once, ceiling) <= 0
        period = {Per.DAY: DAY, Per.WEEK: WEEK}.get(cap.per)
        schedule = rule.frequency
        if rule.per is Per.DOSE and period and schedule and schedule.every == period and not schedule.as_needed:
            times = schedule.times_high or schedule.times
            assert compare(Quantity(given_at_once.value * times, given_at_once.unit), ceiling) <= 0


@settings(max_examples=150, deadline=None)
@given(doses(), WEIGHTS, AREAS)
def test_changing_the_unit_of_an_input_changes_nothing(rule: Dose, weight: Quantity, area: Quantity) -> None:
    assume(rule.amount is not None)
    rule = msgspec.structs.replace(rule, compute=True)
    other = amount_for(rule, weight=convert(weight, "g"), bsa=convert(area, "cm2"))
    assert other == amount_for(rule, weight=weight, bsa=area)


@settings(max_examples=100, deadline=None)
@given(doses(), WEIGHTS, AREAS)
def test_what_is_per_area_or_weight_never_comes_out_without_it(rule: Dose, weight: Quantity, area: Quantity) -> None:
    assume(rule.amount is not None)
    assert rule.amount is not None
    rule = msgspec.structs.replace(rule, caps=(), no_cap=True, compute=True)
    basis = basis_of(rule.amount.unit)
    lacking = {"weight": weight} if basis is Basis.PER_M2 else {"bsa": area}
    if basis is Basis.FIXED:
        assert amount_for(rule).amount == rule.amount
    else:
        with pytest.raises(DoseError, match="is not known; ask"):
            amount_for(rule, **lacking)


# --- comparisons and totals ------------------------------------------------------------------------------


def test_a_dose_exceeds_a_cap_only_where_the_periods_can_be_compared() -> None:
    cap = Cap(q("40", "mg"), Per.DAY)
    thrice = Dose("drug", Per.DOSE, one("15", "mg"), frequency=Frequency(3, DAY))
    assert exceeds(thrice, cap)
    assert not exceeds(Dose("drug", Per.DOSE, one("10", "mg"), frequency=Frequency(3, DAY)), cap)
    assert exceeds(q("41", "mg"), cap)
    assert not exceeds(one("0.04", "g"), cap)
    with pytest.raises(DoseError, match=r"cannot be compared with max\.day exactly"):
        exceeds(Dose("drug", Per.WEEK, one("15", "mg")), cap)
    with pytest.raises(UnitError):
        exceeds(q("1", "mg/kg"), cap)


@pytest.mark.parametrize(
    ("rule", "daily", "weekly"),
    [
        (Dose("drug", Per.DAY, one("20", "mg")), one("20", "mg"), one("140", "mg")),
        (Dose("drug", Per.DOSE, one("5", "mg"), frequency=Frequency(3, DAY)), one("15", "mg"), one("105", "mg")),
        (
            Dose("drug", Per.DOSE, one("1", "g"), frequency=Frequency(1, Span(Fraction(6), "h", Fraction(8)))),
            Amount(Fraction(3), Fraction(4), "g"),
            Amount(Fraction(21), Fraction(28), "g"),
        ),
        (Dose("drug", Per.WEEK, one("15", "mg"), frequency=Frequency(1, WEEK)), None, one("15", "mg")),
        (Dose("drug", Per.DOSE, one("5", "mg"), frequency=Frequency(2, WEEK)), None, one("10", "mg")),
        (Dose("drug", Per.DOSE, one("5", "mg"), frequency=Frequency(1, Span(Fraction(2), "d"))), None, None),
        (Dose("drug", Per.DOSE, one("5", "mg"), frequency=Frequency(1, Span(Fraction(5), "h"))), None, None),
        (Dose("drug", Per.DOSE, one("5", "mg"), frequency=Frequency(1, DAY, None, True)), None, None),
        (Dose("drug", Per.DOSE, one("5", "mg")), None, None),
        (Dose("drug", Per.MONTH, one("5", "mg")), None, None),
        (Dose("drug", Per.CYCLE, one("2", "g/kg")), None, None),
    ],
)
def test_totals_exist_only_where_they_are_exact(rule: Dose, daily: Amount | None, weekly: Amount | None) -> None:
    for total, expected in ((daily_equivalent, daily), (weekly_total, weekly)):
        if expected is None:
            with pytest.raises(DoseError, match="has no exact total"):
                total(rule)
        else:
            assert total(rule) == expected


@settings(max_examples=100, deadline=None)
@given(doses())
def test_a_weekly_amount_never_becomes_a_daily_one(rule: Dose) -> None:
    assume(rule.amount is not None and rule.per in (Per.WEEK, Per.MONTH, Per.CYCLE, Per.COURSE))
    with pytest.raises(DoseError):
        daily_equivalent(rule)
