"""The clauses of a dose as patterns over marks: ceilings, titration, taper, duration and the rest.

The canonical phrases of `render` and the common ways people write the same are covered; a clause that is only half
there is left alone and stays unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

import msgspec

from vademecum.dosing.clause_words import Mark
from vademecum.dosing.figures import TIMES, Measure, Role
from vademecum.dosing.model import Amount, Frequency, Per, Quantity, Span, TaperStep, Titration
from vademecum.dosing.render import PERIOD_UNITS
from vademecum.dosing.tokens import Token
from vademecum.dosing.units import rate_parts


class UnclearError(ValueError):
    """Two schedules, or a schedule without its period: a question, not an error of the program."""

    def __init__(self, code: str, message: str, ask: str) -> None:
        super().__init__(message)
        self.code, self.ask = code, ask


class Ceiling(msgspec.Struct):
    """A cap whose period may not be stated."""

    amount: Quantity
    per: Per | None
    over: Span | None = None


class Parts(msgspec.Struct):
    """What the clauses said. `target` is the period and schedule written behind a titration's target."""

    caps: list[Ceiling] = []
    usual: tuple[Amount, Per | None] | None = None
    first: tuple[Amount, Per | None] | None = None
    unclear_then: bool = False
    titration: Titration | None = None
    target: tuple[Per | None, Frequency | None] | None = None
    split_over: Span | None = None
    divided: Frequency | None = None
    taper: tuple[TaperStep, ...] = ()
    max_rate: Quantity | None = None
    duration: Span | None = None
    at_most_for: Span | None = None
    min_age: Span | None = None
    routes: list[Token] = []
    used: set[int] = set()
    up_to: set[int] = set()


_CLOCK_PER = {"min": Per.MINUTE, "h": Per.HOUR}


def amount_of(token: Token, *, up_to: bool = False) -> tuple[Amount, Per | None]:
    """The amount of a figure and the period it counts over; "5 mg/h" is 5 mg per hour."""
    measure = token.measure
    if measure is None or measure.high is None or measure.unit is None:
        raise UnclearError("no_amount", "the figure has no single value", "What amount is meant?")
    low = None if up_to or (measure.sign == "<=" and measure.low == measure.high) else measure.low
    rate = rate_parts(measure.unit)
    if rate is None:
        return Amount(low, measure.high, measure.unit), measure.per
    return Amount(low, measure.high, rate[0]), _CLOCK_PER[rate[1]]


def span_of(measure: Measure) -> Span:
    """A span of time, or the interval of "every 4 weeks"."""
    if measure.low is None or measure.high is None or measure.unit is None:
        raise UnclearError("no_time", "the time has no single value", "What time is meant?")
    if measure.unit == TIMES:
        unit = PERIOD_UNITS.get(measure.per or Per.DOSE)
        if unit is None or measure.low != 1 or measure.high != 1:
            raise UnclearError("no_interval", "a number of times is no interval", "At what interval?")
        return Span(Fraction(1), unit)
    return Span(measure.low, measure.unit, None if measure.low == measure.high else measure.high)


def frequency_of(measures: Sequence[Measure]) -> Frequency | None:
    """One schedule from its figures: "twice" and "every 4 weeks" belong together, two schedules do not."""
    times = [m for m in measures if m.role is Role.FREQUENCY]
    intervals = [m for m in measures if m.role is Role.INTERVAL]
    if not measures or any(m.low is None or m.high is None for m in measures):
        return None
    if len(times) > 1 or len(intervals) > 1 or (intervals and times and times[0].per is not None):
        raise UnclearError("two_frequencies", "more than one schedule is stated", "How often is it given?")
    low, high = (times[0].low, times[0].high) if times else (Fraction(1), Fraction(1))
    if low is None or high is None or low.denominator != 1 or high.denominator != 1:
        raise UnclearError("no_count", "the number of times is not whole", "How many times is it given?")
    if intervals:
        every = span_of(intervals[0])
    elif times[0].per is not None:
        every = Span(Fraction(1), PERIOD_UNITS[times[0].per])
    elif low == high == 1:
        return Frequency()
    else:
        raise UnclearError("times_per_what", f"{low} times without a period", "How many times in what time?")
    return Frequency(int(low), every, None if low == high else int(high))


# --- the clauses -----------------------------------------------------------------------------------------

_CLAUSES = re.compile(
    r"""(?P<titration>I(?:BQ?[ar][ef]?|[ef])?,?(?:T[QM]?[ar](?:(?:f|g?e)P?)?)|IBQ?[ar][ef]?)
    |(?P<taper>DT(?:Q?[ar]|S)Ot(?:,?NT(?:Q?[ar]|S)Ot)*)
    |(?P<max_rate>X[MQ]r|[MQ]Xr)
    |(?P<at_most_for>F[MQ]t|Mt)
    |(?P<caps>M[:]?[ar](?:[JO]t)?)
    |(?P<usual>UQ?[ar])
    |(?P<first>Q?[ar](?:R?L,?N|R?,?N(?=Q?[ar])))
    |(?P<unclear_then>N)
    |(?P<divided>V?nW)
    |(?P<split_over>Vt)
    |(?P<duration>Ft)
    |(?P<min_age>HtY)
    |(?P<trailing_cap>(?<=,)[ar]M(?![art]))
    |(?P<up_to>Q[ar])
    |(?P<divided_often>V(?=[efg]))""",
    re.X,
)
_LONG = ("d", "wk", "mo", "a")


def read_clauses(tokens: Sequence[Token]) -> tuple[Parts, list[Token]]:
    """The clauses, and the tokens they left over; commas and fillers are gone from the rest."""
    solid = [token for token in tokens if token.mark is not Mark.FILLER]
    marks = "".join(token.mark for token in solid)
    parts = Parts(used=set(), up_to=set(), caps=[], routes=[])
    rest: list[Token] = []
    position = 0
    for found in _CLAUSES.finditer(marks):
        taken = solid[found.start() : found.end()]
        rest += solid[position : found.start()]
        position = found.end()
        if found.lastgroup == "up_to":
            parts.up_to.add(id(taken[-1]))
            parts.used.add(id(taken[0]))
            rest.append(taken[-1])
        elif _reads(found.lastgroup or "", parts, taken):
            parts.used.update(id(token) for token in taken)
        else:
            rest += taken
    rest += solid[position:]
    return parts, [token for token in rest if token.mark is not Mark.COMMA]


def _reads(name: str, parts: Parts, tokens: Sequence[Token]) -> bool:
    """True if the clause could be read; one that is unclear in itself stays with the head and raises its question."""
    try:
        return _READ[name](parts, tokens)
    except UnclearError:
        return False


def _figures(tokens: Sequence[Token], *marks: Mark) -> list[Measure]:
    return [token.measure for token in tokens if token.mark in marks and token.measure is not None]


def _readable(tokens: Sequence[Token]) -> bool:
    return all(token.measure is None or token.measure.low is not None for token in tokens)


def _amount_at(tokens: Sequence[Token], index: int) -> tuple[Amount, Per | None]:
    """The amount at `index`, "up to" if the mark before says so."""
    up_to = index > 0 and tokens[index - 1].mark is Mark.UP_TO
    amount, per = amount_of(tokens[index], up_to=up_to)
    return amount, per


def _exactly(token: Token) -> tuple[Quantity, Per | None] | None:
    amount, per = amount_of(token)
    measure = token.measure
    if measure is None or measure.low != measure.high:
        return None
    return Quantity(amount.high, amount.unit), per


def _caps(parts: Parts, tokens: Sequence[Token]) -> bool:
    if not _readable(tokens):
        return False
    ceiling = _exactly(next(t for t in tokens if t.mark in (Mark.AMOUNT, Mark.RATE)))
    if ceiling is None:
        return False
    quantity, per = ceiling
    spans = _figures(tokens, Mark.SPAN)
    word = tokens[0].word or tokens[-1].word
    if spans:
        over = span_of(spans[0])
        if over.unit not in _LONG:
            return False
        parts.caps.append(Ceiling(quantity, Per.COURSE, over))
        return True
    named = word.means if word is not None and isinstance(word.means, Per) else None
    parts.caps.append(Ceiling(quantity, per or named))
    return named is None or per in (None, named)


def _titration(parts: Parts, tokens: Sequence[Token]) -> bool:
    if not _readable(tokens) or parts.titration is not None:
        return False
    by = to = every = None
    often: list[Measure] = []
    per: Per | None = None
    needed = any(token.mark is Mark.AS_NEEDED for token in tokens)
    after_to = False
    for index, token in enumerate(tokens):
        after_to = after_to or token.mark is Mark.TO
        if token.mark in (Mark.AMOUNT, Mark.RATE):
            amount, counted = _amount_at(tokens, index)
            if after_to:
                to, per = amount, counted
            else:
                by = amount
        elif token.measure is not None and after_to:
            often.append(token.measure)
        elif token.measure is not None:
            try:
                every = span_of(token.measure)
            except UnclearError:
                return False
    frequency = frequency_of(often)
    if frequency is not None and needed:
        frequency = msgspec.structs.replace(frequency, as_needed=True)
    parts.titration = Titration(to, by, every)
    parts.target = (per, frequency)
    return True


def _taper(parts: Parts, tokens: Sequence[Token]) -> bool:
    if not _readable(tokens) or parts.taper:
        return False
    steps: list[TaperStep] = []
    down: Amount | None = None
    for index, token in enumerate(tokens):
        if token.mark in (Mark.AMOUNT, Mark.RATE):
            down = _amount_at(tokens, index)[0]
        elif token.mark is Mark.STOPPED:
            down = None
        elif token.mark is Mark.SPAN and token.measure is not None:
            steps.append(TaperStep(span_of(token.measure), down))
    parts.taper = tuple(steps)
    return True


def _first(parts: Parts, tokens: Sequence[Token]) -> bool:
    """ "1 g for the first dose, then", or an amount without a schedule right before "then"."""
    if not _readable(tokens) or parts.first is not None or tokens[-1].mark is not Mark.THEN:
        return False
    index = next(i for i, token in enumerate(tokens) if token.mark in (Mark.AMOUNT, Mark.RATE))
    amount, per = _amount_at(tokens, index)
    stated = next((t.word.means for t in tokens if t.mark is Mark.FIRST and t.word is not None), None)
    parts.first = amount, stated if isinstance(stated, Per) else per
    parts.routes = [token for token in tokens if token.mark is Mark.ROUTE]
    return True


def _unclear_then(parts: Parts, tokens: Sequence[Token]) -> bool:
    """Two phases of treatment ("twice daily for 7 days, then 5 mg"): one dose cannot hold them."""
    parts.unclear_then = True
    return len(tokens) == 1


def _divided(parts: Parts, tokens: Sequence[Token]) -> bool:
    count = _figures(tokens, Mark.NUMBER)[0]
    low, high = count.low, count.high
    if low is None or high is None or low.denominator != 1 or high.denominator != 1 or parts.divided is not None:
        return False
    parts.divided = Frequency(int(low), None, None if low == high else int(high))
    return True


def _max_rate(parts: Parts, tokens: Sequence[Token]) -> bool:
    rate = _figures(tokens, Mark.RATE)[0]
    if rate.high is None or rate.low != rate.high or rate.unit is None or parts.max_rate is not None:
        return False
    parts.max_rate = Quantity(rate.high, rate.unit)
    return True


def _amount_clause(name: str) -> Callable[[Parts, Sequence[Token]], bool]:
    def read(parts: Parts, tokens: Sequence[Token]) -> bool:
        if not _readable(tokens) or getattr(parts, name) is not None:
            return False
        setattr(parts, name, _amount_at(tokens, len(tokens) - 1))
        return True

    return read


def _span_clause(name: str) -> Callable[[Parts, Sequence[Token]], bool]:
    def read(parts: Parts, tokens: Sequence[Token]) -> bool:
        spans = _figures(tokens, Mark.SPAN)
        if not _readable(tokens) or getattr(parts, name) is not None:
            return False
        setattr(parts, name, span_of(spans[0]))
        return True

    return read


def _divided_often(parts: Parts, tokens: Sequence[Token]) -> bool:
    """ "40 mg/kg/day divided every 8 hours": the word adds nothing to the schedule behind it."""
    return parts is not None and len(tokens) == 1


_READ: dict[str, Callable[[Parts, Sequence[Token]], bool]] = {
    "titration": _titration,
    "taper": _taper,
    "max_rate": _max_rate,
    "at_most_for": _span_clause("at_most_for"),
    "caps": _caps,
    "trailing_cap": _caps,
    "usual": _amount_clause("usual"),
    "first": _first,
    "unclear_then": _unclear_then,
    "divided": _divided,
    "split_over": _span_clause("split_over"),
    "duration": _span_clause("duration"),
    "min_age": _span_clause("min_age"),
    "divided_often": _divided_often,
}
