"""What a figure or word means in safe words, and the doubts it raises.

The codes of the notes follow the ISMP List of Error-Prone Abbreviations, Symbols and Dose Designations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from vademecum.dosing.analytes import ANALYTES, Analyte, analyte, in_other_units, is_plausible, plausible_units
from vademecum.dosing.clause_words import SITES, Mark
from vademecum.dosing.figures import TIMES, Measure, Role, say_number
from vademecum.dosing.model import Amount, Frequency, Quantity, Route, Span
from vademecum.dosing.reading import Expression, Level, ReadingWarning
from vademecum.dosing.render import PERIOD_UNITS, ROUTE_WORDS, render_amount, render_frequency, render_quantity
from vademecum.dosing.tokens import Token
from vademecum.dosing.unit_table import Kind
from vademecum.dosing.units import kind_of, unit

_NOTES = {
    "trailing_zero": "a trailing zero has been read as ten times the dose",
    "naked_decimal": "a naked decimal point has been overlooked",
    "decimal_comma": "a decimal comma has been read as a thousands separator; read as a decimal point",
    "european_thousands": "points between thousands have been read as decimals; read as thousands",
    "run_together": "the name and the figure run together",
    "qd": "QD has been read as QID; write daily",
    "qday": "q day has been read as QID; write daily",
    "q1d": "q1d has been read as QID; write daily",
    "qod": "QOD has been read as QD and QID; write every other day",
    "qhs": "qhs has been read as every hour; write at bedtime",
    "qn": "qn has been read as every hour; write nightly",
    "u_strength": "U has been read as 0 or 4; write units/mL",
}
_MEANINGS = {
    "tiw": ("three times weekly", "three times daily"),
    "biw": ("twice weekly", "every two weeks"),
    "biweekly": ("twice weekly", "every two weeks"),
    "bimonthly": ("twice monthly", "every two months"),
}
_U_OR_IU = re.compile(r"(?:\d|\s)(?:IU|U|u|iu|I\.U)\b")
_MICRO_SIGN = re.compile("[\u00b5\u03bc]")
_CC = re.compile(r"\bccs?\b", re.I)
_ANALYTE_NAMES = sorted((name for known in ANALYTES for name in known.names), key=len, reverse=True)
_ANALYTE = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _ANALYTE_NAMES))})(?![\w-])", re.I)
_SIGNS = {"<=": "at most ", ">=": "at least ", "<": "less than ", ">": "more than ", "~": "about ", "±": "± "}


def say(measure: Measure) -> str:
    """The figure in canonical words."""
    if measure.role is Role.UNIT:
        return unit(measure.unit or "1").many
    if measure.low is None or measure.high is None:
        return " or ".join(_could_be(measure)) or "unreadable"
    if measure.role is Role.RATIO:
        return f"{say_number(measure.low)}:{say_number(measure.high)}"
    if measure.role is Role.INTERVAL and measure.unit is not None:
        high = None if measure.low == measure.high else measure.high
        return render_frequency(Frequency(1, Span(measure.low, measure.unit, high)))
    if measure.unit == TIMES:
        return _say_times(measure)
    per = "" if measure.per is None else f" per {measure.per}"
    return f"{_SIGNS.get(measure.sign, '')}{render_amount(Amount(measure.low, measure.high, measure.unit or '1'))}{per}"


def _say_times(measure: Measure) -> str:
    low, high = int(measure.low or 0), int(measure.high or 0)
    span = None if measure.per is None else Span(Fraction(1), PERIOD_UNITS[measure.per])
    if span is None:
        return f"{low} times" if low == high else f"{low} to {high} times"
    return render_frequency(Frequency(low, span, None if low == high else high))


def _could_be(measure: Measure) -> tuple[str, ...]:
    for note in measure.notes:
        if note in _MEANINGS:
            return _MEANINGS[note]
    return tuple(render_quantity(Quantity(value, measure.unit or "1")) for value in measure.could_be)


def explain(text: str, tokens: Sequence[Token]) -> list[Expression]:
    """One expression for every figure and every eye or ear abbreviation."""
    found: list[Expression] = []
    for token in tokens:
        part = text[token.start : token.end]
        if token.measure is not None:
            found.append(Expression(part, token.start, token.end, say(token.measure), token.measure))
        elif token.word is not None and isinstance(token.word.means, Route):
            means = SITES.get(part, ROUTE_WORDS[token.word.means])
            found.append(Expression(part, token.start, token.end, means))
    return found


def doubts_of_figures(text: str, tokens: Sequence[Token]) -> Iterator[ReadingWarning]:
    """Notes for what is error-prone, questions for what has two readings."""
    for token in tokens:
        part = text[token.start : token.end]
        if token.measure is not None:
            yield from _doubts_of(token.measure, part)
        word = token.word
        if word is None or not word.note:
            continue
        if word.mark is Mark.ODD:
            code, ask = str(word.means), f"{part}: {word.note}?"
            yield ReadingWarning(code, Level.ASK, f"{part} may be {word.note}", ask, token.start, token.end)
        else:
            yield ReadingWarning("abbreviation", Level.NOTE, word.note, "", token.start, token.end)


def _doubts_of(measure: Measure, part: str) -> Iterator[ReadingWarning]:
    where = measure.start, measure.end
    if measure.low is None and measure.role is not Role.UNIT:
        could_be = " or ".join(_could_be(measure))
        code = measure.notes[-1] if measure.notes else "ambiguous"
        asked = f"{part}: {could_be}?" if could_be else f"What is meant by {part}?"
        yield ReadingWarning(code, Level.ASK, f"{part} can be read in two ways", asked, *where)
        return
    for note in measure.notes:
        if note in _NOTES:
            yield ReadingWarning(note, Level.NOTE, f"{part}: {_NOTES[note]}", "", *where)
    if measure.unit is not None and "[IU]" in measure.unit and _U_OR_IU.search(part):
        yield ReadingWarning("u_for_units", Level.NOTE, f"{part}: U and IU have been read as 0 or 10", "", *where)
    if _MICRO_SIGN.search(part):
        yield ReadingWarning("micro_sign", Level.NOTE, f"{part}: the micro sign was read as m; write mcg", "", *where)
    if _CC.search(part):
        yield ReadingWarning("cc", Level.NOTE, f"{part}: cc has been read as 00; write mL", "", *where)


# --- laboratory values -----------------------------------------------------------------------------------

_LABORATORY = (Mark.CONCENTRATION, Mark.LAB)


def laboratory(text: str, tokens: Sequence[Token]) -> tuple[list[Expression], list[ReadingWarning]]:
    """Values of a named analyte: their other units, and a flag where no patient has such a value."""
    name = _ANALYTE.search(text)
    known = analyte(name[0]) if name else None
    if known is None:
        return [], []
    expressions: list[Expression] = []
    warnings: list[ReadingWarning] = []
    bare = _power_with_number(tokens)
    measures = [bare] if bare else [token.measure for token in tokens if _is_value_of(known, token)]
    for measure in measures:
        if measure is None or measure.high is None or measure.unit is None:
            continue
        value = Quantity(measure.high, measure.unit)
        if is_plausible(known, value) is None:
            continue
        part = text[measure.start : measure.end]
        also = tuple(words for _, words in in_other_units(known, value)) if is_plausible(known, value) else ()
        expressions.append(Expression(part, measure.start, measure.end, say(measure), measure, also))
        if not is_plausible(known, value):
            warnings.append(_implausible(known, value, measure))
    return expressions, warnings


def _is_value_of(known: Analyte, token: Token) -> bool:
    measure = token.measure
    if measure is None or measure.unit is None or measure.unit == TIMES:
        return False
    percent = kind_of(measure.unit) is Kind.PERCENT and known.units[0][0] == "%"
    return token.mark in _LABORATORY or percent


def _power_with_number(tokens: Sequence[Token]) -> Measure | None:
    """ "10^9/L platelets 150": the unit stands apart from its figure."""
    powers = [t.measure for t in tokens if t.measure is not None and t.measure.role is Role.UNIT]
    numbers = [t.measure for t in tokens if t.mark is Mark.NUMBER and t.measure is not None]
    if len(powers) != 1 or len(numbers) != 1:
        return None
    power, number = powers[0], numbers[0]
    start, end = min(power.start, number.start), max(power.end, number.end)
    return number._replace(start=start, end=end, unit=power.unit)


def _implausible(known: Analyte, value: Quantity, measure: Measure) -> ReadingWarning:
    shown = render_quantity(value)
    units = [unit(code).many for code in plausible_units(known, value.value)]
    ask = f"Is {known.name} {' or '.join(units)} meant?" if units else f"What is the unit of the {known.name} value?"
    return ReadingWarning(
        "implausible_value",
        Level.FLAG,
        f"{known.name} {shown} is outside what patients have",
        ask,
        measure.start,
        measure.end,
    )
