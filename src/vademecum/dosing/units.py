"""Units of clinical quantities: reading, converting and comparing them without ever mixing two kinds.

`unit_table` holds the rows; here is everything done with them. Two readings of spelled units exist: UCUM codes
are exact ("[IU]", "ug"), and people's spellings ("mcg", "IU", "mg/m²", "mL/min/1.73 m2") are looked up in a closed
list. What is not in the list is an error, never a guess: "gr" is a grain or a gram, "MU" is a thousand or a
million units (ISMP list of error-prone abbreviations).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vademecum.dosing.model import Per, Quantity
from vademecum.dosing.unit_table import GIVEN, UNITS, Basis, Kind, Unit
from vademecum.errors import UnitError


def unit(code: str) -> Unit:
    """The table row of a UCUM code."""
    try:
        return UNITS[code]
    except KeyError:
        raise UnitError(f"unknown unit code {code!r}; use a UCUM code such as mg, mg/kg, [IU] or mL") from None


def is_unit(code: str) -> bool:
    """True if `code` is in the table."""
    return code in UNITS


def kind_of(code: str) -> Kind:
    """The kind of a UCUM code."""
    return unit(code).kind


def same_kind(first: str, second: str) -> bool:
    """True if quantities in the two units may be compared."""
    a, b = unit(first), unit(second)
    return a.kind is b.kind and a.family == b.family


def convert(quantity: Quantity, code: str) -> Quantity:
    """The same quantity in another unit of its kind, exactly; between two kinds a `UnitError`."""
    if quantity.unit == code:
        unit(code)
        return quantity
    old, new = unit(quantity.unit), unit(code)
    if old.kind is not new.kind or old.family != new.family:
        raise UnitError(
            f"{old.many} ({_what(old)}) never becomes {new.many} ({_what(new)}); state the value in the unit needed"
        )
    return Quantity((quantity.value * old.factor + old.offset - new.offset) / new.factor, code)


def _what(row: Unit) -> str:
    return row.kind.value if row.family == row.kind.value else f"{row.kind.value} of {row.many}"


def compare(first: Quantity, second: Quantity) -> int:
    """-1, 0 or 1 as `first` is below, equal to or above `second`; a `UnitError` between two kinds."""
    other = convert(second, first.unit).value
    return (first.value > other) - (first.value < other)


def is_given(code: str) -> bool:
    """True if the unit can measure what a patient receives: a mass, units, tablets, mL, on any basis."""
    return kind_of(code) in GIVEN


def basis_of(code: str) -> Basis:
    """Fixed, per kg or per m2; a `UnitError` for a unit that measures nothing given to a patient."""
    try:
        return GIVEN[kind_of(code)][1]
    except KeyError:
        raise UnitError(f"{code!r} measures {kind_of(code)}, which is not an amount of a drug") from None


def stuff_of(code: str) -> str:
    """What is counted, whatever the basis: mg, mg/kg and mg/m2 are all MASS; each count is its own."""
    row = unit(code)
    if row.kind not in GIVEN:
        raise UnitError(f"{code!r} measures {row.kind}, which is not an amount of a drug")
    return row.family if row.kind is Kind.COUNT else GIVEN[row.kind][0]


def without_basis(code: str) -> str:
    """The unit left after multiplying by weight or area: mg for mg/kg and for mg/m2."""
    basis_of(code)
    return code.removesuffix("/kg").removesuffix("/m2")


def rate_parts(code: str) -> tuple[str, str] | None:
    """("mg/kg", "min") of mg/kg/min; None for a unit that is not a rate of something given."""
    for clock in ("min", "h"):
        given = code.removesuffix("/" + clock)
        if given != code and given in UNITS and is_given(given):
            return given, clock
    return None


# --- people's spellings ----------------------------------------------------------------------------------

_SPELLED = {
    "kg": "kg kgs kilogram kilograms kilogramme kilogrammes",
    "g": "g gm gms gram grams gramme grammes",
    "mg": "mg mgs mgm milligram milligrams milligramme milligrammes",
    "ug": "ug mcg mcgs microgram micrograms microgramme microgrammes",
    "ng": "ng nanogram nanograms nanogramme nanogrammes",
    "pg": "pg picogram picograms",
    "L": "l litre litres liter liters",
    "dL": "dl decilitre decilitres deciliter deciliters",
    "mL": "ml mls millilitre millilitres milliliter milliliters cc ccs",
    "uL": "ul mcl microlitre microlitres microliter microliters mm3 mm³",
    "mol": "mol",
    "mmol": "mmol mmols mmoles millimol millimole millimoles",
    "umol": "umol mcmol micromol micromols micromole micromoles",
    "nmol": "nmol nanomol nanomole nanomoles",
    "pmol": "pmol picomol picomole picomoles",
    "meq": "meq meqs milliequivalent milliequivalents",
    "[IU]": "iu ius [iu] u unit units",
    "m[IU]": "miu m[iu] milliunit milliunits",
    "u[IU]": "uiu u[iu] microunit microunits",
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "wk": "wk wks week weeks",
    "mo": "mo mos mth mths month months",
    "a": "yr yrs year years",
    "%": "% percent",
    "{SD}": "sd sds",
    "m2": "m2 m²",
    "cm2": "cm2 cm²",
    "m": "m metre metres meter meters",
    "cm": "cm centimetre centimetres centimeter centimeters",
    "mm": "mm millimetre millimetres millimeter millimeters",
    "mm[Hg]": "mmhg",
    "cm[H2O]": "cmh2o",
    "kPa": "kpa",
    "Cel": "cel celsius °c ℃",
    "[degF]": "fahrenheit °f ℉",
    "mosm": "mosm mosmol",
    "{tablet}": "tablet tablets tab tabs",
    "{capsule}": "capsule capsules",
    "{drop}": "drop drops gtt gtts",
    "{puff}": "puff puffs actuation actuations inhalation inhalations",
    "{spray}": "spray sprays",
    "{patch}": "patch patches",
    "{sachet}": "sachet sachets",
    "{ampoule}": "ampoule ampoules ampule ampules amp amps",
    "{vial}": "vial vials",
    "{pessary}": "pessary pessaries",
    "{suppository}": "suppository suppositories",
    "dose": "dose doses administration",
    "cycle": "cycle cycles",
    "course": "course",
}
_NAMES = {name: code for code, names in _SPELLED.items() for name in names.split()}
_LOWER_CASE_ONLY = frozenset("sdhm")
_AMBIGUOUS = {
    "gr": "a grain (65 mg) or a gram",
    "mu": "a milliunit, a thousand or a million units",
    "dr": "a dram or a drop",
    "ss": "one half or sliding scale",
    "mm": "a millimetre, or millimolar where a concentration is meant",
}
_PERIODS = {
    "d": Per.DAY,
    "wk": Per.WEEK,
    "mo": Per.MONTH,
    "dose": Per.DOSE,
    "cycle": Per.CYCLE,
    "course": Per.COURSE,
}
_MICRO_AND_SLASH = str.maketrans({"\u00b5": "u", "\u03bc": "u", "\u2044": "/", "\u2215": "/"})

_FIRST = re.compile(
    r"""(?P<iu>international\s+units?\b|I\.U\.?(?![A-Za-z]))|(?P<hg>mm\s?\[?Hg\b\]?)|(?P<h2o>cm\s?\[?H2O\]?)|(?P<percent>per\scent\b)
    |(?P<power>(?:x\s*|×\s*)?10(?:\^|\*{1,2}|(?=[⁰¹²³⁴⁵⁶⁷⁸⁹]))(?P<exponent>3|6|9|12|³|⁶|⁹|¹²)\s*(?=/))
    |(?P<degree>°\s?[CF]\b|℃|℉|degrees?\s(?:Celsius|Fahrenheit|[CF]\b))
    |(?P<name>%|\{SD\}|\[IU\]|[mu]\[IU\]|c?m[2²](?!\w)|mm[3³](?!\w)|[A-Za-z]+(?![A-Za-z0-9²³]))""",
    re.X | re.I,
)
_BELOW = re.compile(
    r"""\s*/\s*(?P<indexed>1\.73\s?m(?:2|²|\^2))
    |\s+per\s+(?P<indexed_words>1\.73\s?m(?:2|²|\^2))
    |\s*(?:/|(?<!\w)per(?=\s))\s*(?P<full_day>24[\s-]?h(?:ours?|rs?)?\b)
    |\s*(?:/|\bper(?=\s))\s*(?P<below>m\^2|\{1\.73_m2\}|m[2²]|mm[3³]|[A-Za-z]+(?![A-Za-z0-9²³]))
        (?P<body>\s+(?:of\s+)?(?:body[\s-]?(?:weight|surface(?:\sarea)?)|bw|bsa)\b)?
    |\s+(?:an?|each)\s+(?P<article>day|week|month|hour|minute)\b
    |(?:\s*[·⋅]\s*|\s+)(?P<inverse>(?:kg|min|h|L|dL|mL|m)(?:\^?-[12]|⁻[¹²])|(?:d|day)(?:\^-1|⁻¹))(?!\d)""",
    re.X | re.I,
)
_EXPONENTS = {"³": "3", "⁶": "6", "⁹": "9", "¹²": "12"}


class Spelled(NamedTuple):
    """A unit found in a text: `code` and the period behind it ("mg/kg/day" is mg/kg and day), up to `end`."""

    code: str
    per: Per | None
    end: int


def fold(text: str) -> str:
    """The text with both micro signs as "u" and fraction slashes as "/"; every character keeps its place."""
    return text.translate(_MICRO_AND_SLASH)


def _component(name: str) -> str | None:
    lower = name.lower()
    if len(name) == 1 and name != lower and lower in _LOWER_CASE_ONLY:
        return None
    if lower == "mu":
        return "m[IU]" if name == "mU" else None
    return _NAMES.get(lower)


def _first_component(found: re.Match[str]) -> str | None:
    match found.lastgroup:
        case "iu":
            return "[IU]"
        case "hg":
            return "mm[Hg]"
        case "h2o":
            return "cm[H2O]"
        case "percent":
            return "%"
        case "exponent" | "power":
            exponent = found["exponent"]
            return f"10*{_EXPONENTS.get(exponent, exponent)}"
        case "degree":
            return "[degF]" if re.search("[Ff℉]", found[0]) else "Cel"
    return _component(found["name"])


def spelled_unit(text: str, start: int = 0) -> Spelled | None:
    """The longest unit that begins at `start` of a `fold`ed text, or None."""
    found = _FIRST.match(text, start)
    code = _first_component(found) if found else None
    if found is None or code is None or code in ("dose", "cycle", "course"):
        return None
    end, per = found.end(), None
    while per is None and (below := _BELOW.match(text, end)):
        step = _divide(code, below)
        if step is None:
            break
        code, per = step
        end = below.end()
    return Spelled(code, per, end) if code in UNITS else None


def _divide(code: str, below: re.Match[str]) -> tuple[str, Per | None] | None:
    if below["indexed"] or below["indexed_words"]:
        return ("mL/min/{1.73_m2}", None) if code == "mL/min" else None
    if below["full_day"]:
        return code, Per.DAY
    inverse = (below["inverse"] or "").rstrip("^-⁻12¹²")
    name = (below["below"] or below["article"] or ("m2" if inverse == "m" else inverse)).replace("^", "")
    if name == "{1.73_m2}":
        return ("mL/min/{1.73_m2}", None) if code == "mL/min" else None
    part = _component(name)
    if part is None:
        return None
    if part in _PERIODS:
        return code, _PERIODS[part]
    joined = f"{code}/{part}"
    if part in ("kg", "m2"):  # "mg/h/kg" is mg/kg/h
        for clock in ("/h", "/min"):
            if code.endswith(clock):
                joined = f"{code.removesuffix(clock)}/{part}{clock}"
    if joined in ("[IU]/L", "[IU]/dL"):
        joined = "U/L" if joined == "[IU]/L" else ""  # in prose "IU/L" and "units/L" are enzyme activities
    return (joined, None) if joined in UNITS else None


def read_unit(text: str) -> str:
    """The UCUM code of what a person wrote: a code, or a spelling such as mcg, µg, IU, mg/m², mL/min/1.73 m2."""
    if text in UNITS:
        return text
    clean = fold(text.strip())
    spelled = spelled_unit(clean)
    if spelled is None or spelled.end != len(clean):
        meant = _AMBIGUOUS.get(clean.lower())
        if meant:
            raise UnitError(f"unit {text!r} may be {meant}; write the unit in full")
        raise UnitError(f"unknown unit {text!r}; write a unit such as mg, mcg, g, mL, units, mg/kg or mg/m2")
    if spelled.per is not None:
        raise UnitError(f"unit {text!r} includes a period; write {spelled.code} and put {spelled.per} under `per`")
    return spelled.code
