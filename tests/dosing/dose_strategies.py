"""Doses as authors could write them: every generated dose passes `checks.problems`."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TypeVar

from hypothesis import assume
from hypothesis import strategies as st

from vademecum.dosing.checks import problems
from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span, TaperStep, Titration
from vademecum.dosing.render import canonical

T = TypeVar("T")
DRUGS = (
    "methotrexate",
    "immune-globulin",
    "co-trimoxazole",
    "5-fluorouracil",
    "vitamin-b12",
    "adrenaline",
    "phenobarbital",
    "insulin-glargine",
)
STUFFS = {
    "mass": ("mg", "ug", "g", "ng"),
    "mass_kg": ("mg/kg", "ug/kg", "g/kg"),
    "mass_m2": ("mg/m2", "g/m2"),
    "units": ("[IU]",),
    "units_kg": ("[IU]/kg",),
    "volume": ("mL",),
    "substance": ("mmol", "umol"),
    "equivalents": ("meq",),
    "tablet": ("{tablet}",),
    "puff": ("{puff}",),
}
RATES = {"mass": "mg/kg/min", "units": "[IU]/h", "volume": "mL/h"}
FAMILIES = (
    ("mass", "mass_kg", "mass_m2"),
    ("units", "units_kg"),
    ("volume",),
    ("substance",),
    ("equivalents",),
    ("tablet",),
    ("puff",),
)


WHOLE = [*range(1, 31), 40, 45, 50, 75, 80, 100, 120, 150, 200, 250, 375, 500, 735, 1000, 1250, 1500, 2000, 4500]
VALUES = sorted(
    {Fraction(n) for n in WHOLE}
    | {Fraction(n, 10) for n in (1, 2, 3, 5, 7, 15, 24, 99, 125, 625, 1001)}
    | {Fraction(n, 100) for n in (1, 5, 12, 25, 75, 105, 125, 250, 375, 999)}
    | {Fraction(n, 1000) for n in (1, 15, 125, 375, 1125, 2345, 9999)}
    | {Fraction(n) for n in (25_000, 10**6, 1_200_000, 2_345_678)}
)
SOME_TIMES = [Fraction(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 12, 21, 30)] + [Fraction(1, 2), Fraction(3, 2)]


@cache
def values() -> st.SearchStrategy[Fraction]:
    """Decimals as they occur in doses, thousandths to millions."""
    return st.sampled_from(VALUES)


@cache
def amounts(units: tuple[str, ...], *, least: Fraction = Fraction(0)) -> st.SearchStrategy[Amount]:
    """Single values, ranges and "up to" in one of the units, all at least `least`."""
    enough = [value for value in VALUES if value >= least]
    pairs = st.tuples(st.sampled_from(enough), st.sampled_from(enough), st.integers(0, 2), st.sampled_from(units))
    return pairs.map(_amount)


def _amount(drawn: tuple[Fraction, Fraction, int, str]) -> Amount:
    first, second, shape, unit = drawn
    low = (max(first, second), min(first, second), None)[shape]
    return Amount(low, max(first, second), unit)


@cache
def spans(units: tuple[str, ...] = ("h", "d", "wk", "mo", "a")) -> st.SearchStrategy[Span]:
    times = st.sampled_from(SOME_TIMES)
    return st.tuples(times, times, st.sampled_from(units)).map(
        lambda drawn: Span(min(drawn[:2]), drawn[2], None if drawn[0] >= drawn[1] else drawn[1])
    )


@cache
def frequencies(per: Per) -> st.SearchStrategy[Frequency]:
    """The schedules that go with a period: within it, or any for an amount per dose."""
    needed = st.booleans()
    if per in (Per.CYCLE, Per.COURSE):
        return st.builds(Frequency, st.just(1), st.none() | spans(), st.none(), needed)
    single = st.builds(Frequency, st.just(1), st.none(), st.none(), needed)
    if per is Per.DOSE:
        return single | _often(spans(("min", "h", "d", "wk", "mo", "a")))
    period = {Per.DAY: "d", Per.WEEK: "wk", Per.MONTH: "mo"}[per]
    within = _often(st.just(Span(Fraction(1), period)))
    by_the_hour = st.builds(Frequency, st.just(1), spans(("h",)), st.none(), needed)
    return within | by_the_hour if per is Per.DAY else within


@cache
def _often(every: st.SearchStrategy[Span]) -> st.SearchStrategy[Frequency]:
    return st.tuples(st.integers(1, 12), st.integers(0, 2), every, st.booleans()).map(
        lambda drawn: Frequency(drawn[0], drawn[2], drawn[0] + drawn[1] if drawn[1] else None, drawn[3])
    )


@cache
def ceilings(fixed: tuple[str, ...], own: tuple[str, ...]) -> st.SearchStrategy[list[Cap]]:
    """At most two caps per period and one rolling limit, high enough not to contradict the amount."""
    high = values().map(lambda value: value * 10000)
    per_period = st.builds(
        lambda value, unit, per: Cap(Quantity(value, unit), per),
        high,
        st.sampled_from((*own, *fixed)),
        st.sampled_from(Per),
    )
    rolling = st.builds(
        lambda value, unit, over: Cap(Quantity(value, unit), Per.COURSE, over),
        high,
        st.sampled_from(fixed),
        spans(("d", "wk")),
    )
    return st.builds(
        lambda caps, over: [*caps, *over],
        st.lists(per_period, max_size=2, unique_by=lambda cap: cap.per),
        st.lists(rolling, max_size=1),
    )


@cache
def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


ROUTES, PERIODS = st.sampled_from(Route), st.sampled_from(Per)


@cache
def titrations(units: tuple[str, ...], unit: str, start: Fraction) -> st.SearchStrategy[Titration]:
    to = amounts((unit,), least=start)
    return st.one_of(
        st.builds(Titration, to, maybe(amounts(units)), maybe(spans())),
        st.builds(Titration, st.none(), amounts(units), maybe(spans())),
    )


@cache
def tapers(units: tuple[str, ...]) -> st.SearchStrategy[list[TaperStep]]:
    return st.lists(st.builds(TaperStep, spans(), maybe(amounts(units))), max_size=2)


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    """Canonical doses with every optional part, alone and together; a tenth of them are pure ceilings."""
    family = draw(st.sampled_from(FAMILIES))
    units, fixed = STUFFS[draw(st.sampled_from(family))], STUFFS[family[0]]
    per = draw(PERIODS.filter(lambda per: family[0] not in ("tablet", "puff") or per not in (Per.MINUTE, Per.HOUR)))
    caps = tuple(draw(ceilings(fixed, units)))
    drug, route = draw(st.sampled_from(DRUGS)), draw(maybe(ROUTES))
    if caps and draw(st.integers(0, 9)) == 0:
        dose = Dose(drug, caps[0].per, caps=caps, route=route)
        assume(not problems(dose))
        return dose
    rate, course = RATES.get(family[0]), draw(st.booleans())
    amount = draw(amounts(units))
    dose = Dose(
        drug=drug,
        per=per,
        amount=amount,
        route=route,
        frequency=None if per in (Per.MINUTE, Per.HOUR) else draw(maybe(frequencies(per))),
        duration=draw(maybe(spans())) if course else None,
        at_most_for=None if course else draw(maybe(spans())),
        caps=caps,
        no_cap=not caps,
        usual=draw(maybe(amounts(fixed))),
        then=draw(maybe(amounts(units))),
        titration=draw(maybe(titrations(units, amount.unit, amount.high))),
        split_over=draw(maybe(spans())),
        taper=tuple(draw(tapers(units))),
        max_rate=Quantity(draw(values()), rate) if rate and draw(st.booleans()) else None,
        min_age=draw(maybe(spans(("a", "mo")))),
        compute=draw(st.booleans()),
    )
    assume(not problems(dose))
    return canonical(dose)
