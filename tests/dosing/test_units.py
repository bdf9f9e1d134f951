from __future__ import annotations

from fractions import Fraction

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.dosing.analytes import convert_analyte
from vademecum.dosing.model import Quantity
from vademecum.dosing.unit_table import UNITS, Kind
from vademecum.dosing.units import compare, convert, kind_of, read_unit, same_kind, unit
from vademecum.errors import UnitError

PLAIN = (Kind.MASS, Kind.VOLUME, Kind.SUBSTANCE, Kind.ELAPSED_TIME)
IN_PINT = {"ug": "microgram", "min": "minute", "d": "day", "wk": "week", "h": "hour", "s": "second"}


def q(value: str, code: str) -> Quantity:
    return Quantity(Fraction(value), code)


def test_every_plain_factor_equals_that_of_pint() -> None:
    registry = pint.UnitRegistry(non_int_type=Fraction)
    base = {Kind.MASS: "mg", Kind.VOLUME: "mL", Kind.SUBSTANCE: "mmol", Kind.ELAPSED_TIME: "hour"}
    checked = 0
    for row in UNITS.values():
        if row.kind in PLAIN:
            theirs = registry.Quantity(Fraction(1), IN_PINT.get(row.code, row.code)).to(base[row.kind]).magnitude
            assert theirs == row.factor, row.code
            checked += 1
    assert checked == 6 + 4 + 5 + 5


def test_every_product_factor_equals_the_product_of_its_parts() -> None:
    hours = {"min": Fraction(1, 60), "h": Fraction(1)}
    for code, row in UNITS.items():
        stem, _, last = code.rpartition("/")
        if last in hours and stem in UNITS:
            assert row.factor == UNITS[stem].factor / hours[last], code
        elif last in ("kg", "m2") and stem in UNITS and stem not in ("kg", "mosm"):
            assert row.factor == UNITS[stem].factor, code


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)), st.fractions())
def test_a_conversion_is_exact_and_reversible_or_refused(first: str, second: str, value: Fraction) -> None:
    start = Quantity(value, first)
    if same_kind(first, second):
        assert convert(convert(start, second), first) == start
        assert compare(start, convert(start, second)) == 0
    else:
        with pytest.raises(UnitError, match="never becomes"):
            convert(start, second)


@pytest.mark.parametrize("code", [code for code in UNITS if kind_of(code) is not Kind.UNITS])
def test_international_units_never_convert_to_anything_else(code: str) -> None:
    with pytest.raises(UnitError, match="international units"):
        convert(q("5", "[IU]"), code)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("mg", "mg/m2"),
        ("mg", "mg/kg"),
        ("mg/kg", "mg/m2"),
        ("d", "mo"),
        ("wk", "a"),
        ("mL/min", "mL/min/{1.73_m2}"),
        ("meq/L", "mmol/L"),
        ("mg/dL", "mmol/L"),
        ("%", "1"),
        ("{tablet}", "{puff}"),
        ("g/d", "g/h"),
        ("U/L", "[IU]/L"),
        ("kg/m2", "g/m2"),
    ],
)
def test_kinds_that_look_alike_never_mix(first: str, second: str) -> None:
    for one, other in ((first, second), (second, first)):
        with pytest.raises(UnitError):
            compare(q("1", one), q("1", other))


@pytest.mark.parametrize(
    ("value", "old", "new", "result"),
    [
        ("1", "g", "mg", "1000"),
        ("250", "ug", "mg", "1/4"),
        ("4", "mg/kg/min", "g/kg/h", "6/25"),
        ("12", "mo", "a", "1"),
        ("2", "wk", "h", "336"),
        ("13.2", "g/dL", "g/L", "132"),
        ("150000", "/uL", "10*9/L", "150"),
        ("98.6", "[degF]", "Cel", "37"),
        ("60", "mL/min", "mL/h", "3600"),
    ],
)
def test_conversions_that_can_be_checked_by_hand(value: str, old: str, new: str, result: str) -> None:
    assert convert(q(value, old), new) == q(result, new)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("mcg", "ug"),
        ("\u00b5g", "ug"),
        ("\u03bcg", "ug"),
        ("micrograms", "ug"),
        ("IU", "[IU]"),
        ("International Units", "[IU]"),
        ("mg/m²", "mg/m2"),
        ("mg / kg / min", "mg/kg/min"),
        ("mg/h/kg", "mg/kg/h"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("mL/min per 1.73 m2", "mL/min/{1.73_m2}"),
        ("10^9/L", "10*9/L"),
        ("x 10⁹/L", "10*9/L"),
        ("mm Hg", "mm[Hg]"),
        ("°C", "Cel"),
        ("cc", "mL"),
        ("mEq", "meq"),
        ("per cent", "%"),
        ("mU/L", "m[IU]/L"),
        ("IU/L", "U/L"),
        ("years", "a"),
    ],
)
def test_what_people_write_is_read(written: str, code: str) -> None:
    assert read_unit(written) == code


@pytest.mark.parametrize("code", sorted(UNITS))
def test_every_code_and_every_safe_display_is_read_back(code: str) -> None:
    assert read_unit(code) == code
    row = unit(code)
    if row.kind not in (Kind.FREQUENCY, Kind.RATIO, Kind.MASS_PER_DAY, Kind.VOLUME_PER_DAY, Kind.ENZYME_ACTIVITY):
        spoken = {"[IU]/L": "U/L"}  # in prose units/L is an enzyme activity
        if "[IU]/dL" not in code and not code.startswith(("/", "eq", "[IU]/uL")):
            assert read_unit(row.many) == spoken.get(code, code)


@pytest.mark.parametrize("text", ["gr", "MU", "mgg", "mg/kg/day", "mcg/lb", "", "q", "ss", "mg/mg"])
def test_an_unknown_or_ambiguous_unit_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(UnitError, match="write"):
        read_unit(text)


def test_no_display_form_is_error_prone() -> None:
    banned = {"ug", "µg", "IU", "U", "cc", "ng", "QD"}
    for row in UNITS.values():
        assert not banned & set(row.many.replace("/", " ").split()), row.code


@pytest.mark.parametrize(
    ("name", "value", "old", "new", "result"),
    [
        ("glucose", "5.5", "mmol/L", "mg/dL", "99.088"),
        ("creatinine", "88.4", "umol/L", "mg/dL", "1"),
        ("cholesterol", "1", "mmol/L", "mg/dL", "38.67"),
        ("triglycerides", "1", "mmol/L", "mg/dL", "88.57"),
        ("HbA1c", "7", "%", "mmol/mol", "53.01"),
        ("potassium", "4", "mmol/L", "meq/L", "4"),
        ("calcium", "2", "mmol/L", "meq/L", "4"),
        ("glucose", "1", "mmol", "mg", "180.16"),
    ],
)
def test_a_molar_mass_converts_only_for_its_analyte(name: str, value: str, old: str, new: str, result: str) -> None:
    assert convert_analyte(name, q(value, old), new) == q(result, new)
    assert convert_analyte(name, q(result, new), old) == q(value, old)


@pytest.mark.parametrize(("name", "new"), [("digoxin", "mmol/L"), ("haemoglobin", "mmol/L"), ("glucose", "meq/L")])
def test_without_a_molar_mass_or_charge_nothing_converts(name: str, new: str) -> None:
    with pytest.raises(UnitError):
        convert_analyte(name, q("1", "mg/dL"), new)


def test_an_amount_never_becomes_a_concentration() -> None:
    with pytest.raises(UnitError):
        convert_analyte("glucose", q("1", "mmol"), "mg/dL")
