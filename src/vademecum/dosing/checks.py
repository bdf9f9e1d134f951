"""What a dose may not be: each rule names the key, what is wrong and the mend.

A rule is a generator of problems; `problems(dose)` runs them all. A dose that passes can still be clinically wrong;
these rules only find what cannot be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Span
from vademecum.dosing.render import PERIOD_UNITS, render_amount, render_quantity, render_span
from vademecum.dosing.unit_table import Basis
from vademecum.dosing.units import basis_of, compare, convert, is_given, is_unit, rate_parts, same_kind, stuff_of
from vademecum.errors import DoseError

_TIME_UNITS = ("s", "min", "h", "d", "wk", "mo", "a")
_CUMULATIVE = (Per.COURSE, Per.CYCLE)


def amounts(dose: Dose) -> Iterator[tuple[str, Amount]]:
    """Every amount of the dose with the key it stands under."""
    if dose.amount is not None:
        yield "amount", dose.amount
    if dose.usual is not None:
        yield "usual", dose.usual
    if dose.then is not None:
        yield "then", dose.then
    if dose.titration is not None:
        if dose.titration.by is not None:
            yield "titration.by", dose.titration.by
        if dose.titration.to is not None:
            yield "titration.to", dose.titration.to
    for step in dose.taper:
        if step.to is not None:
            yield "taper.to", step.to
    for cap in dose.caps:
        yield f"max.{cap_key(cap)}", Amount(cap.amount.value, cap.amount.value, cap.amount.unit)


def spans(dose: Dose) -> Iterator[tuple[str, Span]]:
    """Every span of the dose with the key it stands under."""
    named = (
        ("every", dose.frequency.every if dose.frequency else None),
        ("for", dose.duration),
        ("at_most_for", dose.at_most_for),
        ("split_over", dose.split_over),
        ("min_age", dose.min_age),
        ("titration.every", dose.titration.every if dose.titration else None),
    )
    yield from ((key, span) for key, span in named if span is not None)
    yield from (("taper.over", step.over) for step in dose.taper)
    yield from (("max", cap.over) for cap in dose.caps if cap.over is not None)


def cap_key(cap: Cap) -> str:
    """The key a cap has under `max`: its period, or the span of a rolling limit."""
    return str(cap.per) if cap.over is None else render_span(cap.over)


def _amounts_are_amounts(dose: Dose) -> Iterator[str]:
    for key, amount in amounts(dose):
        if not is_unit(amount.unit) or not is_given(amount.unit):
            yield f"{key}: {amount.unit!r} is not a unit of an amount given; write mg, mg/kg, units, mL, tablets"
        elif amount.high <= 0 or (amount.low is not None and amount.low < 0):
            yield f"{key}: {render_amount(amount)} is not more than nothing; write a positive amount"
        elif amount.low is not None and amount.low > amount.high:
            yield f"{key}: the range {render_amount(amount)} runs downwards; put the lower number first"


def _spans_are_spans(dose: Dose) -> Iterator[str]:
    for key, span in spans(dose):
        if span.unit not in _TIME_UNITS:
            yield f"{key}: {span.unit!r} is not a time; write s, min, h, d, wk, mo or a"
        elif span.low <= 0:
            yield f"{key}: {render_span(span)} is not a length of time; write a positive number"
        elif span.high is not None and span.low >= span.high:
            yield f"{key}: the range {render_span(span)} does not run upwards; put the shorter time first"


def _ceiling_is_stated(dose: Dose) -> Iterator[str]:
    if dose.caps and dose.no_cap:
        yield "max: both a ceiling and `none stated`; keep one"
    if not dose.caps and not dose.no_cap:
        yield "max: missing; say what the source's ceiling is, or `max: none stated`"
    keys = [cap_key(cap) for cap in dose.caps]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield f"max: two ceilings for {key}; keep the one the source states"
    for cap in dose.caps:
        if cap.over is not None and cap.per is not Per.COURSE:
            yield f"max: a limit over {render_span(cap.over)} counts over that time only; write it under the time alone"


def _a_pure_ceiling_is_only_that(dose: Dose) -> Iterator[str]:
    if dose.amount is not None:
        return
    if not dose.caps:
        yield "amount: missing; write what is given, or a `max` if the source states only a ceiling"
    extra = {
        "usual": dose.usual,
        "then": dose.then,
        "titration": dose.titration,
        "taper": dose.taper,
        "split_over": dose.split_over,
        "times, every, as_needed": dose.frequency,
    }
    for key, value in extra.items():
        if value:
            yield f"{key}: needs an `amount` beside it; without one the dose is only a ceiling"
    if dose.caps and dose.per not in [cap.per for cap in dose.caps]:
        yield f"per: {dose.per} but no ceiling under max.{dose.per}; a pure ceiling counts over its own period"


def _rates_exist(dose: Dose) -> Iterator[str]:
    clocks = {Per.MINUTE: "/min", Per.HOUR: "/h"}
    counted = [(key, amount, dose.per) for key, amount in amounts(dose) if not key.startswith("max")]
    counted += [(f"max.{cap_key(cap)}", Amount(None, cap.amount.value, cap.amount.unit), cap.per) for cap in dose.caps]
    for key, amount, per in counted:
        if per in clocks and not is_unit(amount.unit + clocks[per]):
            yield f"{key}: {amount.unit} per {per} is not a rate; write it per dose or per day, or as mg, mL or units"


def _one_stuff(dose: Dose) -> Iterator[str]:
    first: tuple[str, Amount] | None = None
    for key, amount in amounts(dose):
        if first is None:
            first = key, amount
        elif stuff_of(amount.unit) != stuff_of(first[1].unit):
            yield (
                f"{key}: {amount.unit} and {first[0]}: {first[1].unit} count different things; "
                f"write {key} in the kind of unit of {first[0]}"
            )


def _targets_share_the_basis(dose: Dose) -> Iterator[str]:
    if dose.amount is None:
        return
    for key, amount in amounts(dose):
        if key.startswith("titration") and not same_kind(amount.unit, dose.amount.unit):
            yield f"{key}: {amount.unit} cannot be reached from {dose.amount.unit}; state it on the same basis"
    titration = dose.titration
    if titration is not None and titration.by is None and titration.to is None:
        yield "titration: neither `by` nor `to`; say by how much or up to what the dose is raised"
    if titration is None or titration.to is None or dose.amount.low is None:
        return
    start, target = dose.amount.low, Quantity(titration.to.high, titration.to.unit)
    if same_kind(target.unit, dose.amount.unit) and compare(target, Quantity(start, dose.amount.unit)) < 0:
        yield "titration.to: below the starting amount; a falling dose is a `taper`"


def _caps_fit_the_basis(dose: Dose) -> Iterator[str]:
    if dose.amount is None:
        return
    basis = basis_of(dose.amount.unit)
    for cap in dose.caps:
        ceiling = basis_of(cap.amount.unit)
        if ceiling in (Basis.FIXED, basis) or cap.per in _CUMULATIVE or (basis, ceiling) == (Basis.FIXED, Basis.PER_KG):
            continue
        yield (
            f"max.{cap_key(cap)}: a ceiling in {cap.amount.unit} over a dose in {dose.amount.unit} is no ceiling "
            f"without the patient's size; write it in {dose.amount.unit} or as a fixed amount"
        )


def _caps_leave_room(dose: Dose) -> Iterator[str]:
    """The smallest dose the rule allows has to stay below every ceiling it can be compared with."""
    if dose.amount is None:
        return
    smallest = Quantity(dose.amount.high if dose.amount.low is None else dose.amount.low, dose.amount.unit)
    for cap in dose.caps:
        if dose.amount.low is None or not same_kind(cap.amount.unit, smallest.unit):
            continue
        if cap.over is None and cap.per is dose.per and compare(cap.amount, smallest) < 0:
            yield (
                f"max.{cap_key(cap)}: {render_quantity(cap.amount)} is below the amount itself "
                f"({render_quantity(smallest)}); one of the two is wrong"
            )
        count = _fewest_per(dose.frequency, cap) if dose.per is Per.DOSE and dose.then is None else None
        total = None if count is None else Quantity(smallest.value * count, smallest.unit)
        if total is not None and compare(cap.amount, total) < 0:
            yield (
                f"max.{cap_key(cap)}: {render_quantity(cap.amount)} is below what the schedule gives "
                f"({render_quantity(total)} per {cap.per}); one of the two is wrong"
            )


def _fewest_per(frequency: Frequency | None, cap: Cap) -> Fraction | None:
    """The fewest whole administrations a fixed schedule puts into a cap's period."""
    period = PERIOD_UNITS.get(cap.per)
    if frequency is None or frequency.as_needed or frequency.every is None or period is None or cap.over is not None:
        return None
    longest = Quantity(frequency.every.high or frequency.every.low, frequency.every.unit)
    if not same_kind(longest.unit, period):
        return None
    count = convert(Quantity(Fraction(1), period), longest.unit).value / longest.value * frequency.times
    return Fraction(count.numerator // count.denominator)


def _frequency_fits(dose: Dose) -> Iterator[str]:
    frequency = dose.frequency
    if frequency is None:
        return
    if frequency.times < 1 or (frequency.times_high is not None and frequency.times_high <= frequency.times):
        yield "times: write a whole number from 1 on, or a rising range such as `1 to 2`"
    if frequency.every is None and (frequency.times != 1 or frequency.times_high is not None):
        yield f"times: {frequency.times} without `every`; say in what time, e.g. `every: 1 d`"
    if dose.per in (Per.MINUTE, Per.HOUR):
        yield f"every: an amount per {dose.per} runs all the time; leave times and every out"
    if dose.per in _CUMULATIVE and (frequency.times != 1 or frequency.times_high is not None):
        yield f"times: the amount counts per {dose.per}; state the amount per dose, or use `split_over`"
    period = PERIOD_UNITS.get(dose.per)
    if period is not None and frequency.every is not None and not _divides(frequency, frequency.every, period):
        yield (
            f"per: an amount per {dose.per} together with {frequency.times} every {render_span(frequency.every)} is "
            f"a contradiction; state the amount `per: dose`, or give `every: 1 {period}`"
        )
    if period is not None and frequency.every is None and not frequency.as_needed:
        yield f"times: a single administration of an amount per {dose.per}; write `per: dose`"


def _divides(frequency: Frequency, every: Span, period: str) -> bool:
    """True if `every` is the period itself or, for a day, an interval of hours within it."""
    if every == Span(Fraction(1), period):
        return True
    once = frequency.times == 1 and frequency.times_high is None
    return period == "d" and every.unit == "h" and once and (every.high or every.low) < 24


def _then_follows_something(dose: Dose) -> Iterator[str]:
    if dose.then is None:
        return
    if dose.per in (Per.MINUTE, Per.HOUR, Per.COURSE):
        yield f"then: an amount per {dose.per} has no first one; write two doses"
    if dose.frequency is not None and dose.frequency.every is None and not dose.frequency.as_needed:
        yield "then: a single administration has no following one; say how often with `every`"


def _lengths_agree(dose: Dose) -> Iterator[str]:
    if dose.duration is not None and dose.at_most_for is not None:
        shortest = Quantity(dose.duration.low, dose.duration.unit)
        longest = Quantity(dose.at_most_for.high or dose.at_most_for.low, dose.at_most_for.unit)
        if same_kind(shortest.unit, longest.unit) and compare(shortest, longest) > 0:
            yield "at_most_for: shorter than `for`; one of the two is wrong"


def _rate_is_a_rate(dose: Dose) -> Iterator[str]:
    if dose.max_rate is None:
        return
    parts = rate_parts(dose.max_rate.unit) if is_unit(dose.max_rate.unit) else None
    if parts is None:
        yield f"max_rate: {dose.max_rate.unit!r} is not a rate; write mg/min, mg/kg/min, mL/h, units/kg/h"
    elif dose.max_rate.value <= 0:
        yield "max_rate: not more than nothing; write a positive rate"
    elif dose.amount is not None and stuff_of(parts[0]) not in (stuff_of(dose.amount.unit), "VOLUME"):
        yield f"max_rate: {dose.max_rate.unit} does not measure what `amount` measures ({dose.amount.unit})"


_SHAPE: tuple[Callable[[Dose], Iterator[str]], ...] = (_amounts_are_amounts, _spans_are_spans)
_SENSE: tuple[Callable[[Dose], Iterator[str]], ...] = (
    _ceiling_is_stated,
    _a_pure_ceiling_is_only_that,
    _rates_exist,
    _one_stuff,
    _targets_share_the_basis,
    _caps_fit_the_basis,
    _caps_leave_room,
    _frequency_fits,
    _then_follows_something,
    _lengths_agree,
    _rate_is_a_rate,
)


def problems(dose: Dose) -> list[str]:
    """Everything that cannot be meant, as `key: what is wrong; mend`; empty means none was found."""
    shape = [problem for rule in _SHAPE for problem in rule(dose)]
    return shape or _sense(dose)


def _sense(dose: Dose) -> list[str]:
    mixed = list(_one_stuff(dose))  # the other rules compare amounts and need one stuff
    return mixed or [problem for rule in _SENSE for problem in rule(dose)]


def check(dose: Dose) -> Dose:
    """The dose itself, or a `DoseError` with every problem found."""
    found = problems(dose)
    if found:
        raise DoseError("; ".join(f"{dose.drug or 'dose'}: {problem}" for problem in found))
    return dose
