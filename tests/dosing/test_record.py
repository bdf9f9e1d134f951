from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from dose_strategies import doses
from hypothesis import given, settings

from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span, TaperStep, Titration
from vademecum.dosing.record import dose_json, read_dose, write_dose
from vademecum.errors import DoseError, UnitError

METHOTREXATE: dict[str, object] = {
    "drug": "methotrexate",
    "amount": "15 to 20 mg/m2",
    "per": "week",
    "every": "1 wk",
    "route": "subcutaneous",
    "max": {"week": "40 mg"},
}


def changed(**keys: object) -> dict[str, object]:
    record = {**METHOTREXATE, **{key.rstrip("_"): value for key, value in keys.items()}}
    return {key: value for key, value in record.items() if value is not None}


def test_a_record_becomes_the_typed_dose() -> None:
    weekly = Span(Fraction(1), "wk")
    assert read_dose(METHOTREXATE) == Dose(
        drug="methotrexate",
        per=Per.WEEK,
        amount=Amount(Fraction(15), Fraction(20), "mg/m2"),
        route=Route.SUBCUTANEOUS,
        frequency=Frequency(1, weekly),
        caps=(Cap(Quantity(Fraction(40), "mg"), Per.WEEK),),
    )


def test_every_key_finds_its_field() -> None:
    record = {
        "drug": "prednisolone",
        "amount": "up to 1 mg/kg",
        "per": "day",
        "route": "oral",
        "times": "1 to 2",
        "every": "1 d",
        "as_needed": "true",
        "for": "2 to 3 wk",
        "at_most_for": "1 mo",
        "max": {"day": "80 mg", "90 d": "2,200 mg"},
        "usual": "40 to 60 mg",
        "then": "0.5 mg/kg",
        "titration": {"by": "0.1 mg/kg", "every": "2 to 4 wk", "to": "2 mg/kg"},
        "split_over": "2 to 5 d",
        "taper": [{"to": "0.2 mg/kg", "over": "2 mo"}, {"over": "18 mo"}],
        "max_rate": "4 mg/kg/min",
        "min_age": "15 a",
        "compute": "never",
    }
    one, mg_kg = Fraction(1), "mg/kg"
    assert read_dose(record) == Dose(
        drug="prednisolone",
        per=Per.DAY,
        amount=Amount(None, one, mg_kg),
        route=Route.ORAL,
        frequency=Frequency(1, Span(one, "d"), 2, True),
        duration=Span(Fraction(2), "wk", Fraction(3)),
        at_most_for=Span(one, "mo"),
        caps=(
            Cap(Quantity(Fraction(80), "mg"), Per.DAY),
            Cap(Quantity(Fraction(2200), "mg"), Per.COURSE, Span(Fraction(90), "d")),
        ),
        usual=Amount(Fraction(40), Fraction(60), "mg"),
        then=Amount(Fraction(1, 2), Fraction(1, 2), mg_kg),
        titration=Titration(
            Amount(Fraction(2), Fraction(2), mg_kg),
            Amount(Fraction(1, 10), Fraction(1, 10), mg_kg),
            Span(Fraction(2), "wk", Fraction(4)),
        ),
        split_over=Span(Fraction(2), "d", Fraction(5)),
        taper=(
            TaperStep(Span(Fraction(2), "mo"), Amount(Fraction(1, 5), Fraction(1, 5), mg_kg)),
            TaperStep(Span(Fraction(18), "mo")),
        ),
        max_rate=Quantity(Fraction(4), "mg/kg/min"),
        min_age=Span(Fraction(15), "a"),
        compute=False,
    )
    assert write_dose(read_dose(record)) == {**record, "max": {"day": "80 mg", "90 d": "2200 mg"}}


@settings(max_examples=200, deadline=None)
@given(doses())
def test_a_written_dose_is_read_back_to_the_same_value(dose: Dose) -> None:
    assert read_dose(write_dose(dose)) == dose


def test_once_a_week_per_dose_means_the_same_as_per_week() -> None:
    assert read_dose(changed(per="dose", max={"week": "40 mg"})) == read_dose(METHOTREXATE)


def test_a_rate_may_repeat_its_period_but_not_contradict_it() -> None:
    rate = changed(amount="0.1 mcg/kg/min", per="minute", every=None, max="none stated")
    assert read_dose(rate).amount == Amount(Fraction(1, 10), Fraction(1, 10), "ug/kg")
    with pytest.raises(DoseError, match="is a rate but counts per week"):
        read_dose(changed(amount="0.1 mcg/kg/min"))


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"max": None}, r"max: missing; say what the source's ceiling is, or `max: none stated`"),
        ({"max": "unknown"}, r"max: 'unknown' is no ceiling; write"),
        ({"max": {}}, r"max: \{\} is no ceiling"),
        ({"max": {"fortnight": "40 mg"}}, r"max.fortnight: 'fortnight' is not a period"),
        ({"max": {"week": "40 to 50 mg"}}, r"max.week: '40 to 50 mg' is a range; write one value"),
        ({"per": None}, r"per: missing; say what the amount counts over"),
        ({"per": "fortnight"}, r"per: 'fortnight' is not a period; write one of dose, day"),
        ({"drug": None}, r"drug: missing; name the drug sheet"),
        ({"amount": "15 mgs/m2 or so"}, r"amount: unknown unit 'mgs/m2 or so'"),
        ({"amount": "15"}, r"amount: '15' is not an amount; write"),
        ({"amount": "15-20 mg/m2"}, r"amount: '15-20 mg/m2' is not an amount; write"),
        ({"amount": "1.500 mg/m2"}, r"amount: '1.500' can be read in two ways"),
        ({"amount": "1,5 mg/m2"}, r"amount: '1,5' has a decimal comma"),
        ({"amount": "20 to 15 mg/m2"}, r"amount: the range '20 to 15 mg/m2' runs downwards"),
        ({"amount": "15 h"}, r"amount: 'h' is not a unit of an amount given"),
        ({"amount": "0 mg/m2"}, r"amount: 0 mg/m2 is not more than nothing"),
        ({"amount": 15.5}, r"amount: 15.5 is not text; quote it"),
        ({"route": "SC"}, r"route: 'SC' is unknown; write one of oral"),
        ({"colour": "red"}, r"colour: unknown key; the keys are drug, amount"),
        ({"titration": {"step": "5 mg/m2"}}, r"titration.step: unknown key"),
        ({"titration": {"every": "2 wk"}}, r"titration: neither `by` nor `to`"),
        ({"titration": {"by": "5 mg"}}, r"titration.by: mg cannot be reached from mg/m2"),
        ({"titration": {"to": "10 mg/m2"}}, r"titration.to: below the starting amount"),
        ({"taper": "slowly"}, r"taper: 'slowly' is not a list"),
        ({"taper": [{"to": "5 mg/m2"}]}, r"taper.over: missing"),
        ({"times": "3", "every": "1 d"}, r"per: an amount per week together with 3 every 1 day is a contradiction"),
        ({"times": "3", "every": None}, r"times: 3 without `every`"),
        ({"times": "3 to 2"}, r"times: write a whole number from 1 on, or a rising range"),
        ({"times": "often"}, r"times: 'often' is not a count"),
        ({"every": "8 mg"}, r"every: '8 mg' is not a time"),
        ({"for": "3 wk", "at_most_for": "2 wk"}, r"at_most_for: shorter than `for`"),
        ({"max": {"week": "10 mg/m2"}}, r"max.week: 10 mg/m2 is below the amount itself \(15 mg/m2\)"),
        ({"max": {"week": "500 units"}}, r"max.week: \[IU\] and amount: mg/m2 count different things"),
        ({"amount": "15 mg", "max": {"week": "40 mg/m2"}}, r"a ceiling in mg/m2 over a dose in mg is no ceiling"),
        ({"max_rate": "4 mg"}, r"max_rate: 'mg' is not a rate"),
        ({"max_rate": "4 [IU]/h"}, r"max_rate: \[IU\]/h does not measure what `amount` measures"),
        (
            {"then": "10 mg/m2", "per": "course", "every": None, "max": "none stated"},
            r"then: an amount per course has no",
        ),
        ({"then": "10 mg/m2", "per": "dose", "times": "1", "every": None}, r"then: a single administration has no"),
        (
            {"amount": "2 tablets", "per": "hour", "every": None, "max": "none stated"},
            r"\{tablet\} per hour is not a rate",
        ),
        ({"min_age": "15"}, r"min_age: '15' is not an amount"),
        ({"compute": "no"}, r"compute: 'no' is not understood; write `never`"),
        ({"as_needed": "yes"}, r"as_needed: 'yes' is neither true nor false"),
        ({"amount": None, "every": None, "usual": "5 mg"}, r"usual: needs an `amount` beside it"),
        ({"amount": None, "every": None, "max": {"day": "40 mg"}, "per": "week"}, None),
    ],
)
def test_what_cannot_be_meant_is_refused_by_key_with_the_mend(keys: dict[str, object], complaint: str | None) -> None:
    if complaint is None:  # a pure ceiling counts over the period of its cap
        assert read_dose(changed(**keys)).per is Per.DAY
        return
    with pytest.raises(DoseError, match=complaint) as caught:
        read_dose(changed(**keys))
    assert isinstance(caught.value, UnitError) == ("unknown unit" in complaint)


def test_a_schedule_above_its_daily_ceiling_is_a_contradiction() -> None:
    record = changed(amount="20 mg", per="dose", times="3", every="1 d", max={"day": "40 mg"})
    with pytest.raises(DoseError, match=r"max.day: 40 mg is below what the schedule gives \(60 mg per day\)"):
        read_dose(record)
    assert read_dose({**record, "as_needed": "true"}).caps[0].amount.value == 40


def test_a_pure_ceiling_needs_no_amount() -> None:
    dose = read_dose({"drug": "paracetamol", "per": "day", "max": {"day": "4 g"}})
    assert (dose.amount, dose.per) == (None, Per.DAY)


def test_the_json_of_a_dose_has_exact_numbers() -> None:
    record = changed(amount="0.1 to 20 mg/m2", usual="1/3 mg/m2")
    dose = dose_json(read_dose(record), "methotrexate")
    assert dose["amount"] == {"low": Decimal("0.1"), "high": 20, "unit": "mg/m2"}
    assert dose["usual"] == {"low": "1/3", "high": "1/3", "unit": "mg/m2"}
    assert (dose["basis"], dose["per"], dose["route"]) == ("per_m2", "week", "subcutaneous")
    assert dose["caps"] == [{"value": 40, "unit": "mg", "per": "week"}]
    printed = msgspec.json.Encoder(decimal_format="number").encode(dose)
    assert b'"low":0.1,"high":20' in printed


@settings(max_examples=100, deadline=None)
@given(doses())
def test_every_dose_has_the_keys_of_the_contract(dose: Dose) -> None:
    written = dose_json(dose)
    assert set(written) >= {"drug", "amount", "basis", "per", "route", "frequency", "caps", "text"}
    msgspec.json.Encoder(decimal_format="number").encode(written)
