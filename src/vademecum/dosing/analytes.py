"""Laboratory values: conversion by a named molar mass, and what no living patient has.

mmol becomes mg only here and only with the analyte's name. Factors are those in clinical use: glucose 18.016,
cholesterol 38.67 and triglycerides 88.57 mg/dL per mmol/L; creatinine 88.4, bilirubin 17.1 and urate 59.48 umol/L
per mg/dL; HbA1c by the IFCC master equation, mmol/mol = 10.93 x NGSP % - 23.5. The plausible ranges are wide, they
catch a wrong unit (creatinine 88 mg/dL), not a sick patient.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from vademecum.dosing.model import Quantity
from vademecum.dosing.render import render_quantity
from vademecum.dosing.unit_table import Kind
from vademecum.dosing.units import convert, kind_of, same_kind
from vademecum.errors import UnitError

_HBA1C_SLOPE, _HBA1C_OFFSET = Fraction("10.93"), Fraction("23.5")


class Analyte(NamedTuple):
    """What is measured. `units` are (code, decimals shown), the first one being that of the plausible range."""

    name: str
    names: tuple[str, ...]
    units: tuple[tuple[str, int], ...]
    low: Fraction
    high: Fraction
    per_mmol: Fraction | None = None  # mg/dL per mmol/L
    charge: int | None = None  # mEq per mmol
    factor: str = ""  # the factor as people quote it


def _analyte(
    names: str,
    units: str,
    plausible: str,
    per_mmol: Fraction | str | None = None,
    charge: int | None = None,
    *,
    factor: str = "",
) -> Analyte:
    synonyms = tuple(name.strip() for name in names.split(","))
    pairs = tuple((code, int(decimals)) for code, decimals in (unit.split(":") for unit in units.split()))
    low, high = (Fraction(bound) for bound in plausible.split())
    mass = None if per_mmol is None else Fraction(per_mmol)
    shown = factor or (str(per_mmol) if isinstance(per_mmol, str) else "")
    return Analyte(synonyms[0], synonyms, pairs, low, high, mass, charge, shown)


def _umol_per_mg(value: str) -> Fraction:
    return 1000 / Fraction(value)


_SI_AND_MASS, _MICRO_AND_MASS = "mmol/L:1 mg/dL:0", "umol/L:0 mg/dL:1"

ANALYTES: tuple[Analyte, ...] = (
    _analyte("glucose, blood glucose, blood sugar", _SI_AND_MASS, "0.6 60", "18.016"),
    _analyte("creatinine, serum creatinine", _MICRO_AND_MASS, "8 3000", _umol_per_mg("88.4"), factor="88.4"),
    _analyte("cholesterol, total cholesterol, ldl, ldl cholesterol, hdl", _SI_AND_MASS, "0.2 40", "38.67"),
    _analyte("triglycerides, triglyceride", _SI_AND_MASS, "0.2 150", "88.57"),
    _analyte("hba1c, a1c, glycated haemoglobin", "%:1 mmol/mol:0", "3 20", factor="10.93 x NGSP - 23.5"),
    _analyte("haemoglobin, hemoglobin, hb, hgb", "g/L:0 g/dL:1", "15 260"),
    _analyte("albumin", "g/L:0 g/dL:1", "5 70"),
    _analyte("potassium", "mmol/L:1 meq/L:1", "1 12", "3.90983", 1),
    _analyte("sodium", "mmol/L:0 meq/L:0", "80 210", "2.298977", 1),
    _analyte("chloride", "mmol/L:0 meq/L:0", "50 160", "3.5453", 1),
    _analyte("bicarbonate", "mmol/L:0 meq/L:0", "1 70", "6.10168", 1),
    _analyte("calcium", "mmol/L:2 mg/dL:1 meq/L:1", "0.8 5", "4.0078", 2),
    _analyte("magnesium", "mmol/L:2 mg/dL:1 meq/L:1", "0.2 8", "2.4305", 2),
    _analyte("phosphate, phosphorus", "mmol/L:2 mg/dL:1", "0.1 6", "3.09738"),
    _analyte("lithium", "mmol/L:1 meq/L:1", "0.05 12", "0.6941", 1),
    _analyte("urea", "mmol/L:1 mg/dL:0", "0.5 110", "6.006"),
    _analyte("bun, blood urea nitrogen", "mmol/L:1 mg/dL:0", "0.5 110", "2.8014"),
    _analyte("bilirubin, total bilirubin", _MICRO_AND_MASS, "1 1200", _umol_per_mg("17.1"), factor="17.1"),
    _analyte("urate, uric acid", _MICRO_AND_MASS, "30 2500", _umol_per_mg("59.48"), factor="59.48"),
    _analyte("lactate", _SI_AND_MASS, "0.1 45", "9.008"),
    _analyte("iron", "umol/L:0 ug/dL:0", "0.5 500", "5.5845"),
    _analyte("25-hydroxyvitamin d, vitamin d level", "nmol/L:0 ng/mL:0", "5 700", "40.064"),
    _analyte("platelets, platelet count, platelet", "10*9/L:0 /uL:0 10*3/uL:0", "1 4000"),
    _analyte("white cells, white cell count, wbc, leukocytes", "10*9/L:1 /uL:0 10*3/uL:1", "0.05 900"),
    _analyte("neutrophils, anc", "10*9/L:1 /uL:0 10*3/uL:1", "0.01 300"),
    _analyte("tsh", "m[IU]/L:2", "0.001 1000"),
    _analyte("crp, c-reactive protein", "mg/L:0 mg/dL:1", "0.05 800"),
)
_BY_NAME = {name: analyte for analyte in ANALYTES for name in analyte.names}


def analyte(name: str) -> Analyte | None:
    """The analyte of a name or synonym, whatever its case."""
    return _BY_NAME.get(name.lower().strip())


def convert_analyte(name: str, quantity: Quantity, code: str) -> Quantity:
    """A laboratory value or an amount of substance in another unit, by the analyte's molar mass or charge."""
    known = analyte(name)
    if known is None:
        raise UnitError(f"no molar mass for {name!r}; convert only named analytes: {', '.join(sorted(_BY_NAME))}")
    return _convert(known, quantity, code)


_BRIDGES = {
    Kind.MASS_CONCENTRATION: ("mass", "mg/L"),
    Kind.MASS: ("mass", "mg"),
    Kind.SUBSTANCE_CONCENTRATION: ("substance", "mmol/L"),
    Kind.SUBSTANCE: ("substance", "mmol"),
    Kind.EQUIVALENTS_CONCENTRATION: ("charge", "meq/L"),
    Kind.EQUIVALENTS: ("charge", "meq"),
}


def _convert(known: Analyte, quantity: Quantity, code: str) -> Quantity:
    if same_kind(quantity.unit, code):
        return convert(quantity, code)
    if known.name == "hba1c" and {quantity.unit, code} == {"%", "mmol/mol"}:
        if code == "%":
            return Quantity((quantity.value + _HBA1C_OFFSET) / _HBA1C_SLOPE, code)
        return Quantity(quantity.value * _HBA1C_SLOPE - _HBA1C_OFFSET, code)
    source, target = _BRIDGES.get(kind_of(quantity.unit)), _BRIDGES.get(kind_of(code))
    per_mmol = {
        "substance": Fraction(1),
        "mass": None if known.per_mmol is None else known.per_mmol * 10,  # mg per mmol
        "charge": None if known.charge is None else Fraction(known.charge),
    }
    both_amounts = source is not None and target is not None and source[1].endswith("/L") == target[1].endswith("/L")
    have, want = per_mmol[source[0]] if source else None, per_mmol[target[0]] if target else None
    if not both_amounts or source is None or target is None or have is None or want is None:
        raise UnitError(f"{known.name}: {quantity.unit} does not convert to {code}; state the value in the unit needed")
    in_base = convert(quantity, source[1]).value
    return convert(Quantity(in_base / have * want, target[1]), code)


def is_plausible(known: Analyte, quantity: Quantity) -> bool | None:
    """False for a value no patient has in this unit; None if the unit is not one of the analyte's."""
    try:
        value = _convert(known, quantity, known.units[0][0]).value
    except UnitError:
        return None
    return known.low <= value <= known.high


def plausible_units(known: Analyte, value: Fraction) -> tuple[str, ...]:
    """The units in which the bare number would be plausible, in the order people report them."""
    return tuple(code for code, _ in known.units if is_plausible(known, Quantity(value, code)))


def in_other_units(known: Analyte, quantity: Quantity) -> tuple[tuple[Quantity, str], ...]:
    """The value in the analyte's other units, with the words "about 99 mg/dL (factor 18.016)"."""
    shown: list[tuple[Quantity, str]] = []
    for code, decimals in known.units:
        if code == quantity.unit:
            continue
        exact = _convert(known, quantity, code)
        scale = 10**decimals
        rounded = Fraction(round(exact.value * scale), scale)
        about = "" if rounded == exact.value else "about "
        by_factor = {kind_of(code), kind_of(quantity.unit)} & {Kind.MASS_CONCENTRATION, Kind.PERCENT}
        factor = f" (factor {known.factor})" if by_factor and not same_kind(code, quantity.unit) else ""
        shown.append((exact, f"{about}{render_quantity(Quantity(rounded, code))}{factor}"))
    return tuple(shown)
