"""The exact table of clinical units.

General unit libraries see mg/kg, [IU] and % as plain numbers and convert between them without an error; here
every unit has a *kind* and two kinds never mix: mg is not mg/m2, mg is not mg/kg, units are not mg, a clearance
is not a clearance per 1.73 m2, and days never become months. Codes are UCUM (https://ucum.org); the display
forms avoid the error-prone abbreviations of the ISMP list (mcg and not the micro sign, units and not IU or U,
mL and not cc). `[IU]` also stands for the product-specific units of insulin, heparin or botulinum toxin: all
are shown as "units" and none is ever turned into a mass. Factors are exact fractions.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import msgspec


class Kind(StrEnum):
    """What a unit measures. Quantities of different kinds are never compared or converted."""

    MASS = "mass"
    MASS_PER_WEIGHT = "mass per body weight"
    MASS_PER_AREA = "mass per body surface area"
    UNITS = "international units"
    UNITS_PER_WEIGHT = "international units per body weight"
    UNITS_PER_AREA = "international units per body surface area"
    COUNT = "count"
    VOLUME = "volume"
    VOLUME_PER_WEIGHT = "volume per body weight"
    VOLUME_PER_AREA = "volume per body surface area"
    SUBSTANCE = "amount of substance"
    SUBSTANCE_PER_WEIGHT = "amount of substance per body weight"
    SUBSTANCE_PER_AREA = "amount of substance per body surface area"
    EQUIVALENTS = "equivalents"
    EQUIVALENTS_PER_WEIGHT = "equivalents per body weight"
    EQUIVALENTS_PER_AREA = "equivalents per body surface area"
    PERCENT = "percent"
    ELAPSED_TIME = "elapsed time"
    CALENDAR_TIME = "calendar time"
    MASS_RATE = "mass per time"
    MASS_PER_WEIGHT_RATE = "mass per body weight and time"
    MASS_PER_AREA_RATE = "mass per body surface area and time"
    UNITS_RATE = "international units per time"
    UNITS_PER_WEIGHT_RATE = "international units per body weight and time"
    UNITS_PER_AREA_RATE = "international units per body surface area and time"
    VOLUME_RATE = "volume per time (infusion rate or clearance)"
    VOLUME_PER_WEIGHT_RATE = "volume per body weight and time"
    VOLUME_PER_AREA_RATE = "volume per body surface area and time"
    SUBSTANCE_RATE = "amount of substance per time"
    SUBSTANCE_PER_WEIGHT_RATE = "amount of substance per body weight and time"
    SUBSTANCE_PER_AREA_RATE = "amount of substance per body surface area and time"
    EQUIVALENTS_RATE = "equivalents per time"
    EQUIVALENTS_PER_WEIGHT_RATE = "equivalents per body weight and time"
    EQUIVALENTS_PER_AREA_RATE = "equivalents per body surface area and time"
    INDEXED_CLEARANCE = "clearance per 1.73 m2 of body surface area"
    MASS_PER_DAY = "mass excreted or eaten per day"
    VOLUME_PER_DAY = "volume per day"
    FREQUENCY = "events per time"
    MASS_CONCENTRATION = "mass concentration"
    SUBSTANCE_CONCENTRATION = "substance concentration"
    EQUIVALENTS_CONCENTRATION = "equivalents concentration"
    UNITS_CONCENTRATION = "international units per volume"
    ENZYME_ACTIVITY = "enzyme activity concentration"
    CELL_COUNT = "number per volume"
    SUBSTANCE_RATIO = "ratio of substance amounts"
    MASS_RATIO = "mass per mass of creatinine"
    MASS_PER_SUBSTANCE = "mass per amount of creatinine"
    OSMOLALITY = "osmolality"
    BODY_MASS_INDEX = "body mass index"
    AREA = "area"
    LENGTH = "length"
    TEMPERATURE = "temperature"
    PRESSURE = "pressure"
    RATIO = "plain number"


class Unit(msgspec.Struct, frozen=True):
    """One row of the table: `value * factor + offset` is the value in the kind's base unit."""

    code: str
    kind: Kind
    factor: Fraction
    one: str  # display after exactly one
    many: str  # display otherwise
    family: str  # conversion needs the same family: a tablet is never a puff
    offset: Fraction = Fraction(0)


UNITS: dict[str, Unit] = {}
"""Every known unit by its UCUM code."""


def _add(
    code: str,
    kind: Kind,
    factor: Fraction | int = 1,
    show: str | None = None,
    *,
    many: str | None = None,
    family: str | None = None,
    offset: Fraction = Fraction(0),
) -> None:
    one = code if show is None else show
    UNITS[code] = Unit(code, kind, Fraction(factor), one, many or one, family or kind.value, offset)


_MICRO, _MILLI = Fraction(1, 10**6), Fraction(1, 1000)

# (UCUM code, factor to the base, singular, plural) of what is given; the base is mg, mL, mmol, meq and [IU].
_STUFF: dict[str, tuple[tuple[str, Fraction, str, str], ...]] = {
    "MASS": (
        ("kg", Fraction(10**6), "kg", "kg"),
        ("g", Fraction(1000), "g", "g"),
        ("mg", Fraction(1), "mg", "mg"),
        ("ug", _MILLI, "mcg", "mcg"),
        ("ng", _MICRO, "nanogram", "nanograms"),
        ("pg", _MICRO * _MILLI, "picogram", "picograms"),
    ),
    "VOLUME": (
        ("L", Fraction(1000), "L", "L"),
        ("dL", Fraction(100), "dL", "dL"),
        ("mL", Fraction(1), "mL", "mL"),
        ("uL", _MILLI, "mcL", "mcL"),
    ),
    "SUBSTANCE": (
        ("mol", Fraction(1000), "mol", "mol"),
        ("mmol", Fraction(1), "mmol", "mmol"),
        ("umol", _MILLI, "micromol", "micromol"),
        ("nmol", _MICRO, "nanomol", "nanomol"),
        ("pmol", _MICRO * _MILLI, "picomol", "picomol"),
    ),
    "EQUIVALENTS": (("meq", Fraction(1), "mEq", "mEq"), ("eq", Fraction(1000), "Eq", "Eq")),
    "UNITS": (("[IU]", Fraction(1), "unit", "units"), ("m[IU]", _MILLI, "milliunit", "milliunits")),
}
_BASES = (("", "", ""), ("/kg", "_PER_WEIGHT", "/kg"), ("/m2", "_PER_AREA", "/m2"))
_CLOCKS = (("/h", Fraction(1)), ("/min", Fraction(60)))


def _add_what_is_given() -> None:
    for stuff, rows in _STUFF.items():
        for code, factor, one, many in rows:
            for base, kind, shown in _BASES:
                if code == "kg" and base:
                    continue
                _add(code + base, Kind[stuff + kind], factor, one + shown, many=many + shown)
                for clock, per_hour in _CLOCKS:
                    _add(
                        code + base + clock,
                        Kind[stuff + kind + "_RATE"],
                        factor * per_hour,
                        one + shown + clock,
                        many=many + shown + clock,
                    )


def _add_concentrations() -> None:
    per_litre = (("L", Fraction(1)), ("dL", Fraction(10)), ("mL", Fraction(1000)), ("uL", Fraction(10**6)))
    shown = {code: (one, many) for rows in _STUFF.values() for code, _, one, many in rows}
    for stuff, codes in (
        ("MASS", ("g", "mg", "ug", "ng", "pg")),
        ("SUBSTANCE", ("mol", "mmol", "umol", "nmol", "pmol")),
        ("EQUIVALENTS", ("meq",)),
        ("UNITS", ("[IU]", "m[IU]")),
    ):
        factors = {code: factor for code, factor, _, _ in _STUFF[stuff]}
        for code in codes:
            for volume, factor in per_litre:
                below = "/mcL" if volume == "uL" else "/" + volume
                _add(
                    f"{code}/{volume}",
                    Kind[stuff + "_CONCENTRATION"],
                    factors[code] * factor,
                    shown[code][0] + below,
                    many=shown[code][1] + below,
                )
    _add("u[IU]/mL", Kind.UNITS_CONCENTRATION, _MILLI, "microunit/mL", many="microunits/mL")
    _add("U/L", Kind.ENZYME_ACTIVITY, 1, "unit/L", many="units/L")
    for power in (3, 6, 9, 12):
        _add(f"10*{power}/L", Kind.CELL_COUNT, 10**power, f"x 10^{power}/L")
    _add("10*3/uL", Kind.CELL_COUNT, 10**9, "x 10^3/mcL")
    _add("10*6/uL", Kind.CELL_COUNT, 10**12, "x 10^6/mcL")
    _add("/uL", Kind.CELL_COUNT, 10**6, "/mcL")


def _add_the_rest() -> None:
    for count in ("tablet", "capsule", "drop", "puff", "spray", "patch", "sachet", "ampoule", "vial", "pessary"):
        plural = {"patch": "patches", "pessary": "pessaries"}.get(count, count + "s")
        _add(f"{{{count}}}", Kind.COUNT, 1, count, many=plural, family=f"{{{count}}}")
    _add("{suppository}", Kind.COUNT, 1, "suppository", many="suppositories", family="{suppository}")
    _add("{SD}", Kind.RATIO, 1, "SD", family="{SD}")
    _add("1", Kind.RATIO, 1, "")
    _add("%", Kind.PERCENT, 1, "%")
    for code, hours, word in (
        ("s", Fraction(1, 3600), "second"),
        ("min", Fraction(1, 60), "minute"),
        ("h", Fraction(1), "hour"),
        ("d", Fraction(24), "day"),
        ("wk", Fraction(168), "week"),
    ):
        _add(code, Kind.ELAPSED_TIME, hours, word, many=word + "s")
    _add("mo", Kind.CALENDAR_TIME, 1, "month", many="months")
    _add("a", Kind.CALENDAR_TIME, 12, "year", many="years")
    _add("mL/min/{1.73_m2}", Kind.INDEXED_CLEARANCE, 1, "mL/min/1.73 m2")
    for code, factor in (("g", 1000), ("mg", 1), ("ug", _MILLI)):
        _add(code + "/d", Kind.MASS_PER_DAY, factor, ("mcg" if code == "ug" else code) + "/day")
    _add("mL/d", Kind.VOLUME_PER_DAY, 1, "mL/day")
    _add("L/d", Kind.VOLUME_PER_DAY, 1000, "L/day")
    _add("/min", Kind.FREQUENCY, 1, "per minute")
    _add("mmol/mol", Kind.SUBSTANCE_RATIO, 1)
    _add("mg/g", Kind.MASS_RATIO, 1)
    _add("mg/mmol", Kind.MASS_PER_SUBSTANCE, 1)
    _add("mosm/kg", Kind.OSMOLALITY, 1, "mOsm/kg")
    _add("kg/m2", Kind.BODY_MASS_INDEX, 1)
    _add("m2", Kind.AREA, 1)
    _add("cm2", Kind.AREA, Fraction(1, 10**4))
    for code, metres in (("m", Fraction(1)), ("cm", Fraction(1, 100)), ("mm", _MILLI)):
        _add(code, Kind.LENGTH, metres)
    _add("Cel", Kind.TEMPERATURE, 1, "degrees Celsius")
    _add("[degF]", Kind.TEMPERATURE, Fraction(5, 9), "degrees Fahrenheit", offset=Fraction(-160, 9))
    # UCUM fixes m[Hg] at 133.3220 kPa and m[H2O] at 9.80665 kPa.
    _add("mm[Hg]", Kind.PRESSURE, 1, "mmHg")
    _add("kPa", Kind.PRESSURE, Fraction(1_000_000, 133_322), "kPa")
    _add("cm[H2O]", Kind.PRESSURE, Fraction(980_665, 1_333_220), "cmH2O")


_add_what_is_given()
_add_concentrations()
_add_the_rest()


class Basis(StrEnum):
    """What an amount is multiplied by before it can be given."""

    FIXED = "fixed"
    PER_KG = "per_kg"
    PER_M2 = "per_m2"


GIVEN: dict[Kind, tuple[str, Basis]] = {
    Kind[stuff + kind]: (stuff, basis)
    for stuff in _STUFF
    for (_, kind, _), basis in zip(_BASES, (Basis.FIXED, Basis.PER_KG, Basis.PER_M2), strict=True)
} | {Kind.COUNT: ("COUNT", Basis.FIXED), Kind.PERCENT: ("PERCENT", Basis.FIXED)}
"""What each giveable kind counts, and what it is multiplied by."""
