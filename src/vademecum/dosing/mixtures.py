"""The amount in a volume: "1% 20 mL", "1:1000 0.5 mL", "0.5 mL of 10 mg/mL", "U-500 0.5 mL".

1% is 1 g in 100 mL; 1:1000 is 1 g in 1,000 mL. ISMP: ratios are not used for single drugs any more; they are read
here because people still write them, and only beside a volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from vademecum.dosing.clause_words import Mark
from vademecum.dosing.figures import Measure
from vademecum.dosing.model import Quantity
from vademecum.dosing.tokens import Token
from vademecum.dosing.unit_table import Kind
from vademecum.dosing.units import convert, kind_of

_NUMERATOR = {
    Kind.MASS_CONCENTRATION: ("mg/mL", "mg"),
    Kind.UNITS_CONCENTRATION: ("[IU]/mL", "[IU]"),
    Kind.SUBSTANCE_CONCENTRATION: ("mmol/mL", "mmol"),
    Kind.EQUIVALENTS_CONCENTRATION: ("meq/mL", "meq"),
}


def strength_of(token: Token) -> Quantity | None:
    """What is in one mL, as a concentration; None for a token that states no strength."""
    measure = token.measure
    if measure is None or measure.low is None or not measure.high:
        return None
    if token.mark is Mark.RATIO:
        return Quantity(1000 * measure.low / measure.high, "mg/mL")
    if measure.low != measure.high or measure.unit is None:
        return None
    if measure.unit == "%":
        return Quantity(10 * measure.low, "mg/mL")
    if token.mark is not Mark.CONCENTRATION:
        return None
    target = _NUMERATOR.get(kind_of(measure.unit))
    return convert(Quantity(measure.low, measure.unit), target[0]) if target else None


def mixture(tokens: Sequence[Token]) -> tuple[Quantity, tuple[Token, Token]] | None:
    """The amount that one stated strength and one stated volume make, with the two tokens."""
    strengths = [(token, strength) for token in tokens if (strength := strength_of(token)) is not None]
    volumes = [token for token in tokens if _is_volume(token.measure)]
    if len(strengths) != 1 or len(volumes) != 1:
        return None
    token, strength = strengths[0]
    volume = volumes[0].measure
    if volume is None or volume.low is None:
        return None
    millilitres = convert(Quantity(volume.low, volume.unit or "mL"), "mL").value
    amount = Quantity(Fraction(strength.value * millilitres), _NUMERATOR[kind_of(strength.unit)][1])
    return amount, (token, volumes[0])


def _is_volume(measure: Measure | None) -> bool:
    if measure is None or measure.unit is None or measure.per is not None or measure.low != measure.high:
        return False
    return measure.unit in ("mL", "L", "dL", "uL") and measure.low is not None and measure.sign == ""
