"""Working a dose out for one patient, exactly.

The order is fixed: amount x weight or area, then the ceilings, then one rounding at the end in a stated direction.
Inside are fractions; every line of the calculation is kept. What is not known stops the work and is asked for; what
cannot be compared exactly is listed under `unchecked` and never passes as checked. mg/m2 never becomes mg without an
area, a weekly amount never becomes a daily one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

import msgspec

from vademecum.dosing.checks import cap_key
from vademecum.dosing.model import Amount, Cap, Dose, Per, Quantity, Span
from vademecum.dosing.render import PERIOD_UNITS, is_once_per_period, render_amount, render_quantity, render_span
from vademecum.dosing.unit_table import Basis
from vademecum.dosing.units import basis_of, compare, convert, same_kind, without_basis
from vademecum.errors import DoseError


class Rounding(StrEnum):
    """Which way the one rounding at the end goes. Never above a ceiling, whatever the direction."""

    DOWN = "down"
    UP = "up"
    NEAREST = "nearest"


class Worked(msgspec.Struct, frozen=True):
    """The worked-out amount, and what follows a larger first dose. `exact` is the amount before rounding."""

    amount: Amount
    per: Per
    exact: Amount
    lines: tuple[str, ...]
    unchecked: tuple[str, ...] = ()  # ceilings that could not be brought to the dose's period
    then: Amount | None = None


_PLAUSIBLE_WEIGHT = Quantity(Fraction(1, 5), "kg"), Quantity(Fraction(700), "kg")
_PLAUSIBLE_AREA = Quantity(Fraction(1, 20), "m2"), Quantity(Fraction(4), "m2")


def amount_for(
    dose: Dose,
    *,
    weight: Quantity | None = None,
    bsa: Quantity | None = None,
    round_to: Quantity | None = None,
    direction: Rounding = Rounding.DOWN,
) -> Worked:
    """What `dose` is for a patient of this weight or area; a `DoseError` says what to ask or why there is none."""
    if not dose.compute:
        raise DoseError(f"{dose.drug}: this dose is shown and never worked out; follow the source")
    if dose.amount is None:
        raise DoseError(f"{dose.drug}: the source states only a ceiling, no amount to work out")
    sizes = _Sizes(dose.drug, weight, bsa)
    ceilings, unchecked = _ceilings(dose, sizes)
    last = _Stage(dose.drug, ceilings, round_to, direction)
    if dose.then is None:
        exact, amount = last.work(*sizes.times(dose.amount))
        return Worked(amount, dose.per, exact, tuple(last.lines), unchecked)
    _, then = last.work(*sizes.times(dose.then))
    first = _Stage(dose.drug, [ceiling.beside(then) for ceiling in ceilings], round_to, direction)
    exact, amount = first.work(*sizes.times(dose.amount))
    lines = (*first.lines, *(f"then: {line}" for line in last.lines))
    return Worked(amount, dose.per, exact, lines, unchecked, then)


class _Stage:
    """One pass through the fixed order of work: ceilings, then rounding; `lines` says what happened."""

    def __init__(self, drug: str, ceilings: Sequence[_Ceiling], round_to: Quantity | None, direction: Rounding) -> None:
        self._drug, self._ceilings, self._round_to, self._direction = drug, ceilings, round_to, direction
        self.lines: list[str] = []

    def work(self, amount: Amount, line: str) -> tuple[Amount, Amount]:
        """The amount below its ceilings, exact and rounded."""
        self.lines.append(line or f"{render_amount(amount)} as stated")
        for ceiling in self._ceilings:
            amount = self._below(ceiling, amount)
        if self._round_to is None:
            return amount, amount
        rounded = _rounded(self._drug, amount, self._round_to, self._direction, self._lowest(amount.unit))
        if rounded != amount:
            steps = render_quantity(self._round_to)
            self.lines.append(f"rounded {self._direction} to steps of {steps}: {render_amount(rounded)}")
        return amount, rounded

    def _below(self, ceiling: _Ceiling, amount: Amount) -> Amount:
        most = convert(ceiling.most, amount.unit).value
        low = None if amount.low is None else min(amount.low, most)
        limited = Amount(low, min(amount.high, most), amount.unit)
        if limited.high <= 0:
            raise DoseError(f"{self._drug}: {ceiling.words} leaves nothing to give; refer")
        if limited != amount:
            self.lines.append(f"{ceiling.words}: {render_amount(amount)} becomes {render_amount(limited)}")
        return limited

    def _lowest(self, code: str) -> Fraction | None:
        return min((convert(ceiling.most, code).value for ceiling in self._ceilings), default=None)


class _Sizes:
    """The patient's weight and area, asked for only when a unit needs them."""

    def __init__(self, drug: str, weight: Quantity | None, bsa: Quantity | None) -> None:
        self._drug, self._weight, self._bsa = drug, weight, bsa

    def of(self, code: str) -> Quantity | None:
        """The size an amount in this unit is multiplied by; None for a fixed amount."""
        basis = basis_of(code)
        if basis is Basis.PER_KG:
            return self._known(self._weight, "weight", _PLAUSIBLE_WEIGHT)
        if basis is Basis.PER_M2:
            return self._known(self._bsa, "body surface area", _PLAUSIBLE_AREA)
        return None

    def _known(self, size: Quantity | None, what: str, plausible: tuple[Quantity, Quantity]) -> Quantity:
        if size is None:
            raise DoseError(f"{self._drug}: the {what} is not known; ask: what is the patient's {what}?")
        measured = convert(size, plausible[0].unit)
        if not plausible[0].value <= measured.value <= plausible[1].value:
            shown = render_quantity(size)
            raise DoseError(f"{self._drug}: a {what} of {shown} is not plausible; ask: what is the patient's {what}?")
        return measured

    def times(self, amount: Amount) -> tuple[Amount, str]:
        """The amount multiplied by the size it needs, with the line of the calculation."""
        size = self.of(amount.unit)
        if size is None:
            return amount, ""
        low = None if amount.low is None else amount.low * size.value
        worked = Amount(low, amount.high * size.value, without_basis(amount.unit))
        return worked, f"{render_amount(amount)} x {render_quantity(size)} = {render_amount(worked)}"


# --- ceilings --------------------------------------------------------------------------------------------

_LENGTH = {  # of the periods that have one, in hours; a month has none
    Per.MINUTE: Fraction(1, 60),
    Per.HOUR: Fraction(1),
    Per.DAY: Fraction(24),
    Per.WEEK: Fraction(168),
}


class _Ceiling(NamedTuple):
    """The most one `per` of the dose may be, by a cap that allows `share` of `whole` for it."""

    whole: Quantity
    share: Fraction
    cap_words: str
    per: Per

    @property
    def most(self) -> Quantity:
        return Quantity(self.whole.value * self.share, self.whole.unit)

    @property
    def words(self) -> str:
        if self.share == 1:
            return self.cap_words
        return f"{self.cap_words}, which is {render_quantity(self.most)} per {self.per}"

    def beside(self, then: Amount) -> _Ceiling:
        """The ceiling of a first dose: what the following doses leave of the cap."""
        if self.share >= 1:
            return self
        others = (1 / self.share - 1) * convert(Quantity(then.high, then.unit), self.whole.unit).value
        left = Quantity(self.whole.value - others, self.whole.unit)
        return self._replace(whole=left, share=Fraction(1), cap_words=f"{self.cap_words}, less the following doses")


def _ceilings(dose: Dose, sizes: _Sizes) -> tuple[list[_Ceiling], tuple[str, ...]]:
    """The ceilings on one `per` of the dose, and the words of the caps that could not be brought to that period."""
    found: list[_Ceiling] = []
    unchecked: list[str] = []
    for cap in dose.caps:
        whole, _ = sizes.times(Amount(cap.amount.value, cap.amount.value, cap.amount.unit))
        stated = Quantity(whole.high, whole.unit)
        period = f"per {cap.per}" if cap.over is None else f"in any {render_span(cap.over)}"
        words = f"at most {render_quantity(stated)} {period}"
        share = _share(dose, cap)
        if share is None:
            unchecked.append(f"{words}: how much of it one {dose.per} takes is not stated")
            share = Fraction(1) if _fits_into(dose.per, cap) else None
        if share is not None:
            found.append(_Ceiling(stated, share, words, dose.per))
    return found, tuple(unchecked)


def _share(dose: Dose, cap: Cap) -> Fraction | None:
    """Which part of a cap one `per` of the dose may use, or how often the cap fits into it; None if it is not exact."""
    if cap.over is None and cap.per is dose.per:
        return Fraction(1)
    if dose.per is Per.DOSE:
        doses = _most_in(dose, cap)
        return None if doses is None else 1 / doses
    if cap.per is Per.DOSE:
        return _doses_in_period(dose)
    span = _hours(cap)
    if span is None or dose.per not in _LENGTH or (dose.frequency is not None and dose.frequency.as_needed):
        return None
    own = _LENGTH[dose.per]
    if own <= span:
        return 1 / Fraction(_ceil(_within_course(dose, span) / own))
    if is_once_per_period(dose):
        return Fraction(1)  # all of a week's amount falls on one day
    return own / span if dose.per is Per.HOUR and cap.over is None else None  # an infusion runs evenly


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _within_course(dose: Dose, hours: Fraction) -> Fraction:
    """The hours of a cap's period in which the dose is given at all."""
    course = dose.duration
    if course is None or not same_kind(course.unit, "h"):
        return hours
    return min(hours, convert(Quantity(course.high or course.low, course.unit), "h").value)


def _hours(cap: Cap) -> Fraction | None:
    if cap.over is None:
        return _LENGTH.get(cap.per)
    return convert(Quantity(cap.over.low, cap.over.unit), "h").value if same_kind(cap.over.unit, "h") else None


def _most_in(dose: Dose, cap: Cap) -> Fraction | None:
    """The most whole administrations a fixed schedule puts into a cap's period; None if it is not fixed."""
    frequency = dose.frequency
    if frequency is None or frequency.as_needed:
        return None
    if frequency.every is None:
        return Fraction(1)
    times = frequency.times_high or frequency.times
    period = PERIOD_UNITS.get(cap.per)
    if cap.over is None and frequency.every == Span(Fraction(1), period or ""):
        return Fraction(times)
    hours = _hours(cap)
    if hours is None or not same_kind(frequency.every.unit, "h"):
        return None
    every = convert(Quantity(frequency.every.low, frequency.every.unit), "h").value
    return Fraction(times * _ceil(_within_course(dose, hours) / every))


def _doses_in_period(dose: Dose) -> Fraction | None:
    """How many administrations one period of the dose certainly has: the cap per dose counts that often."""
    frequency, period = dose.frequency, PERIOD_UNITS.get(dose.per)
    if frequency is None or frequency.as_needed or frequency.every is None or period is None:
        return None
    if frequency.every == Span(Fraction(1), period):
        return Fraction(frequency.times)
    if not same_kind(frequency.every.unit, period):
        return None
    longest = Quantity(frequency.every.high or frequency.every.low, frequency.every.unit)
    rounds = convert(Quantity(Fraction(1), period), longest.unit).value / longest.value * frequency.times
    return Fraction(rounds.numerator // rounds.denominator) or None


_SIZE_ORDER = (Per.MINUTE, Per.HOUR, Per.DAY, Per.WEEK, Per.MONTH, Per.CYCLE, Per.COURSE)


def _fits_into(inner: Per, cap: Cap) -> bool:
    """True if what counts per `inner` can never be more than what the cap allows, whatever the schedule."""
    if inner is Per.DOSE:
        return cap.per not in (Per.MINUTE, Per.HOUR)
    if cap.per is Per.DOSE:
        return False
    if cap.over is not None:
        hours = _hours(cap)
        return inner in _LENGTH and (hours is None or _LENGTH[inner] <= hours)
    return _SIZE_ORDER.index(inner) <= _SIZE_ORDER.index(cap.per)


# --- rounding --------------------------------------------------------------------------------------------


def _rounded(drug: str, amount: Amount, round_to: Quantity, direction: Rounding, most: Fraction | None) -> Amount:
    step = convert(round_to, amount.unit).value
    if step <= 0:
        raise DoseError("round_to: write a positive amount to round to, e.g. 5 mg")

    def rounded(value: Fraction) -> Fraction:
        steps = value / step
        whole = steps.numerator // steps.denominator
        up = direction is Rounding.UP or (direction is Rounding.NEAREST and steps - whole >= Fraction(1, 2))
        result = (whole + 1 if up and steps != whole else whole) * step
        return result if most is None or result <= most else result - step

    high = rounded(amount.high)
    if high <= 0:
        raise DoseError(
            f"{drug}: {render_amount(amount)} is below the smallest step of {render_quantity(round_to)}; "
            "no dose can be given, refer"
        )
    low = None if amount.low is None else max(rounded(amount.low), min(step, high))
    return Amount(low, high, amount.unit)


# --- comparison and totals ---------------------------------------------------------------------------------


def exceeds(given: Dose | Amount | Quantity, cap: Cap) -> bool:
    """True if what is given goes above the cap; a quantity or amount is taken to count over the cap's period.

    A `DoseError` where the periods cannot be brought together exactly, a `UnitError` between two kinds of unit.
    """
    if isinstance(given, Quantity):
        return compare(given, cap.amount) > 0
    if isinstance(given, Amount):
        return compare(Quantity(given.high, given.unit), cap.amount) > 0
    if given.amount is None:
        raise DoseError(f"{given.drug}: a pure ceiling has no amount to compare")
    share = _share(given, cap)
    if share is None:
        raise DoseError(
            f"{given.drug}: an amount per {given.per} cannot be compared with max.{cap_key(cap)} exactly; "
            "state how often it is given"
        )
    return compare(Quantity(given.amount.high, given.amount.unit), _scaled(cap.amount, share)) > 0


def _scaled(quantity: Quantity, share: Fraction) -> Quantity:
    return Quantity(quantity.value * share, quantity.unit)


def daily_equivalent(dose: Dose) -> Amount:
    """The amount of one day, where every day is the same; a `DoseError` otherwise (weekly never becomes daily)."""
    return _total(dose, Per.DAY, Fraction(24))


def weekly_total(dose: Dose) -> Amount:
    """The amount of one week, where every week is the same; a `DoseError` otherwise."""
    return _total(dose, Per.WEEK, Fraction(168))


def _total(dose: Dose, per: Per, hours: Fraction) -> Amount:
    if dose.amount is None:
        raise DoseError(f"{dose.drug}: a pure ceiling has no total")
    low, high = next(_counts(dose, per, hours), (None, None))
    if low is None or high is None:
        raise DoseError(f"{dose.drug}: an amount per {dose.per} has no exact total per {per}; follow the source")
    least = None if dose.amount.low is None else dose.amount.low * low
    return Amount(least, dose.amount.high * high, dose.amount.unit)


def _counts(dose: Dose, per: Per, hours: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """How often the amount falls into the period: fewest and most. Nothing where that is not whole and certain."""
    frequency = dose.frequency
    if dose.per is per:
        yield Fraction(1), Fraction(1)
    elif (dose.per, per) == (Per.DAY, Per.WEEK) and (frequency is None or not frequency.as_needed):
        yield Fraction(7), Fraction(7)
    elif dose.per is Per.DOSE and frequency is not None and frequency.every is not None and not frequency.as_needed:
        every = frequency.every
        if not same_kind(every.unit, "h"):
            return
        shortest = convert(Quantity(every.low, every.unit), "h").value
        longest = convert(Quantity(every.high or every.low, every.unit), "h").value
        fewest, most = hours / longest, hours / shortest
        if fewest.denominator == 1 and most.denominator == 1:
            yield fewest * frequency.times, most * (frequency.times_high or frequency.times)
