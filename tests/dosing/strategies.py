"""Doses as authors could write them: every generated dose passes `checks.problems`."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st

from vademecum.dosing.checks import problems
from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span, TaperStep, Titration
from vademecum.dosing.render import canonical

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
FAMILIES = (
    ("mass", "mass_kg", "mass_m2"),
    ("units", "units_kg"),
    ("volume",),
    ("substance",),
    ("equivalents",),
    ("tablet",),
    ("puff",),
)


def values() -> st.SearchStrategy[Fraction]:
    """Positive decimals as they occur in doses, thousandths to millions."""
    return st.one_of(
        st.integers(1, 2000).map(Fraction),
        st.integers(1, 20000).map(lambda n: Fraction(n, 100)),
        st.integers(1, 9999).map(lambda n: Fraction(n, 1000)),
        st.sampled_from([Fraction(10**6), Fraction(1_200_000), Fraction(2_345_678), Fraction(25_000)]),
    )


@st.composite
def amounts(draw: st.DrawFn, units: tuple[str, ...], *, up_to: bool = True) -> Amount:
    unit = draw(st.sampled_from(units))
    first, second = draw(values()), draw(values())
    shape = draw(st.sampled_from(["one", "range", "up to"] if up_to else ["one", "range"]))
    if shape == "up to":
        return Amount(None, first, unit)
    low, high = min(first, second), max(first, second)
    return Amount(high, high, unit) if shape == "one" else Amount(low, high, unit)


def counts() -> st.SearchStrategy[Fraction]:
    return st.one_of(st.integers(1, 30).map(Fraction), st.sampled_from([Fraction(3, 2), Fraction(1, 2)]))


@st.composite
def spans(draw: st.DrawFn, units: tuple[str, ...] = ("h", "d", "wk", "mo", "a")) -> Span:
    unit = draw(st.sampled_from(units))
    first, second = draw(counts()), draw(counts())
    if draw(st.booleans()) or first == second:
        return Span(first, unit)
    return Span(min(first, second), unit, max(first, second))


@st.composite
def frequencies(draw: st.DrawFn, per: Per) -> Frequency:
    needed = draw(st.booleans())
    if per in (Per.CYCLE, Per.COURSE):
        return Frequency(1, draw(st.none() | spans()), None, needed)
    times = draw(st.integers(1, 12))
    high = draw(st.none() | st.integers(times + 1, 14))
    period = {Per.DAY: "d", Per.WEEK: "wk", Per.MONTH: "mo"}.get(per)
    if period:
        if per is Per.DAY and draw(st.booleans()):
            return Frequency(1, draw(spans(("h",))), None, needed)
        return Frequency(times, Span(Fraction(1), period), high, needed)
    every = draw(st.none() | spans(("min", "h", "d", "wk", "mo", "a")))
    return Frequency(1, None, None, needed) if every is None else Frequency(times, every, high, needed)


@st.composite
def doses(draw: st.DrawFn, *, ceiling: bool = True) -> Dose:
    family = draw(st.sampled_from(FAMILIES))
    units = STUFFS[draw(st.sampled_from(family))]
    fixed = STUFFS[family[0]]
    per = draw(st.sampled_from(list(Per)))
    continuous = per in (Per.MINUTE, Per.HOUR)
    if continuous:
        assume(family[0] not in ("tablet", "puff"))
    caps = draw(st.lists(st.sampled_from([p for p in Per]), max_size=2, unique=True)) if ceiling else []
    rolling = draw(st.booleans()) if ceiling else False
    all_caps = [
        *(Cap(Quantity(draw(values()) * 10000, draw(st.sampled_from((*units, *fixed)))), cap) for cap in caps),
        *([Cap(Quantity(draw(values()) * 10000, draw(st.sampled_from(fixed))), Per.COURSE, draw(spans(("d", "wk"))))] * rolling),
    ]
    if all_caps and draw(st.integers(0, 9)) == 0:
        dose = Dose(
            draw(st.sampled_from(DRUGS)),
            all_caps[0].per,
            caps=tuple(all_caps),
            route=draw(st.none() | st.sampled_from(Route)),
        )
        assume(not problems(dose))
        return dose
    maybe = lambda strategy: draw(st.none() | strategy)  # noqa: E731
    titration = None
    if draw(st.integers(0, 3)) == 0:
        titration = Titration(maybe(amounts(units)), maybe(amounts(units)), maybe(spans()))
    rates = {"mass": "mg/kg/min", "units": "[IU]/h", "volume": "mL/h"}
    rate = rates.get(family[0])
    dose = Dose(
        drug=draw(st.sampled_from(DRUGS)),
        per=per,
        amount=draw(amounts(units)),
        route=maybe(st.sampled_from(Route)),
        frequency=None if continuous else maybe(frequencies(per)),
        duration=maybe(spans()),
        at_most_for=maybe(spans()),
        caps=tuple(all_caps),
        no_cap=not all_caps,
        usual=maybe(amounts(fixed)),
        then=maybe(amounts(units)),
        titration=titration,
        split_over=maybe(spans()),
        taper=tuple(
            TaperStep(draw(spans()), maybe(amounts(units))) for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2])))
        ),
        max_rate=Quantity(draw(values()), rate) if rate and draw(st.booleans()) else None,
        min_age=maybe(spans(("a", "mo"))),
        compute=draw(st.booleans()),
    )
    assume(not problems(dose))
    return canonical(dose)
