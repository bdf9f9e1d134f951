"""The figures of a sentence: every number, range, comparison, frequency and interval with its unit and place.

The verifier compares the figures of a sentence with those of its statement, and `parse` builds doses from them, so
the reader is strict: a number that can be read in two ways ("1.500 mg") has no value, only what it `could_be`.
A period behind an amount is part of the figure: "40 mg per week", "40 mg/week" and "40 mg weekly" are 40, mg, week.
Measured at 20 to 50 microseconds a sentence: words are looked up before any pattern runs.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from vademecum.dosing.figures import TIMES, VULGAR, Measure, Role, read_figure
from vademecum.dosing.model import Per, Quantity
from vademecum.dosing.schedule_words import (
    COUNT_WORDS,
    COUNTS,
    STARTERS,
    counts_times,
    frequency,
    period_behind,
    schedule_word,
)
from vademecum.dosing.unit_table import Kind
from vademecum.dosing.units import convert, fold, is_given, is_unit, kind_of, same_kind, spelled_unit

_VULGAR = "".join(VULGAR)
_NUMERAL = rf"(?:\d{{1,3}}(?:[\u00a0\u2009\u202f]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)*[{_VULGAR}]?|\.\d+|[{_VULGAR}])"
_DIGITS = re.compile(_NUMERAL)
_TOKEN = re.compile(rf"[A-Za-z]+|[\d{_VULGAR}]+")
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_PART_WORDS = re.compile(
    rf"(?P<part>(?P<top>an?|{COUNT_WORDS})[\s-](?P<below>hal(?:f|ves)|thirds?|quarters?|fifths?|sixths?|tenths?)\b"
    rf"|half\b(?![\s-]li(?:fe|ves)))(?P<of>\s+an?(?=\s))?|(?P<count>{COUNT_WORDS})\b",
    re.I,
)
_JOIN = re.compile(
    rf"(?:\s*[-\u2010-\u2015\u2212]\s*|\s+(?P<to>to|through|and|or)\s+)"
    rf"(?:(?P<digits>{_NUMERAL})|(?P<word>{COUNT_WORDS})\b)",
    re.I,
)
_MULTIPLIER = re.compile(
    r"[\s-]*(?P<word>hundred|thousand|million|billion)s?\b"
    r"|\s*[x×*]\s*10(?:(?:\^|\*{1,2})(?P<power>-?\d{1,2})|(?P<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
    r"|(?P<letter>[KM])(?=\s?(?:units?|IU|U)\b)",
    re.I,
)
_MULTIPLIERS = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_CELLS = re.compile(r"\s*(?:/|per\s)\s?(?:u?L|mcL|microlit(?:re|er)|mm[3³]|cu\s?mm)\b", re.I)
_CELLS_PER_LITRE = re.compile(r"\s*/\s?(?:[um]?L|mcL|mm[3³])\b", re.I)
_RATIO = re.compile(r"\s?:\s?([1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,8})(?![\d:])|\s+in\s+(\d{1,3}(?:,\d{3})+|\d{4,9})\b")
_SMALL_FRACTION = re.compile(r"/([2348])(?![\d./])")
_SPACED_GROUP = re.compile(r"(?: \d{3})+(?![\d.,]?\d)")
_SCIENTIFIC = re.compile(r"[eE][+-]?\d+(?!\w)")
_IN_VOLUME = re.compile(r"(?:\s*/\s*|\s+(?:per|in\s+each)\s+)(\d{1,5}(?:\.\d{1,3})?)\s?(mL|L|dL)\b", re.I)
_VOLUMES = {"ml": "mL", "l": "L", "dl": "dL"}
_DIVIDES = ("/", "p", "i")  # how a denominator begins: "/", "per", "in each"; cheaper to ask than the patterns
_GAP = re.compile(r"[\s\u00a0\u2009\u202f]*-?(?=[A-Za-z%°℃{\[/×1])")
_SYMBOL_BEFORE = re.compile(r"(?P<symbol>[<>=]=|=[<>]|[<>≤≥⩽⩾~≈±]|(?<![\w<>])=)\s*$")
_SYMBOLS = {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≈": "~", "=<": "<=", "=>": ">=", "==": "="}
_WORDS_BEFORE = re.compile(
    r"""\b(?:(?P<no_more>(?:no|not)\s+(?:more|greater|higher|longer|later|faster)\s+than|at\s+most|up\s+to
        |max(?:imum)?\.?(?:\s+of)?:?|(?:not|never|cannot)(?:\s+to)?\s+exceed(?:ing)?)
    |(?P<no_less>(?:no|not)\s+(?:less|fewer|lower)\s+than|at\s+least|min(?:imum)?\.?(?:\s+of)?:?)
    |(?P<less>(?:less|fewer|lower|smaller|shorter|younger)\s+than|below|under)
    |(?P<more>(?:more|greater|higher|larger|longer|older)\s+than|above|exceed(?:s|ing)?)
    |(?P<about>about|around|approximately|roughly|circa)|(?P<over>over))\s+$""",
    re.X | re.I,
)
_LAST = "than most to max maximum of exceed exceeding exceeds least min minimum below under above about around"
_LAST_WORDS = frozenset((*_LAST.split(), "approximately", "roughly", "circa", "over"))
_SIGNS = {"no_more": "<=", "no_less": ">=", "less": "<", "more": ">", "about": "~", "over": "over"}
_SIGN_AFTER = re.compile(
    r"\s+(?:(?P<up>or\s+(?:more|above|over|greater|higher|older|longer)|and\s+(?:above|over|older))"
    r"|(?P<down>or\s+(?:less|fewer|below|under|lower|younger|shorter)|and\s+(?:below|under|younger)))\b",
    re.I,
)
_BETWEEN = re.compile(r"\bbetween\s+$", re.I)
_WORD_BEFORE = re.compile(r"[A-Za-z]{4,}$")


def numbers_with_units(text: str) -> list[Measure]:
    """Every figure of the text in order, with its unit and its character span."""
    folded = fold(text)
    found: list[Measure] = []
    position = 0
    for token in _TOKEN.finditer(folded):
        begin = token.start()
        if begin < position:
            continue
        measures = _at(folded, begin, token[0])
        if measures:
            found.extend(measures)
            position = measures[-1].end
    return found


def _at(text: str, begin: int, token: str) -> list[Measure]:
    if not token[0].isalpha():
        return _digits(text, begin)
    word = token.lower()
    if word in STARTERS and not text[begin - 1 : begin].isalnum():
        measure = schedule_word(text, begin)
        return [] if measure is None else [measure]
    if word in COUNTS or word in ("half", "a", "an"):
        return _counted_words(text, begin)
    return []


# --- digits ----------------------------------------------------------------------------------------------


class _Number(NamedTuple):
    """A numeral with its multiplier; `literal` is its value before the multiplier."""

    value: Fraction | None
    end: int
    literal: Fraction | None
    could_be: tuple[Fraction, ...] = ()
    notes: tuple[str, ...] = ()


class _Unit(NamedTuple):
    code: str
    per: Per | None
    end: int


def _number(text: str, begin: int, end: int) -> _Number:
    value, could_be, note = read_figure(text[begin:end])
    notes = () if note is None else (note,)
    if value is None:
        return _Number(None, end, None, could_be, notes)
    times = _MULTIPLIER.match(text, end)
    if times is None or ((times["power"] or times["raised"]) and _CELLS_PER_LITRE.match(text, times.end())):
        return _Number(value, end, value, (), notes)
    if times["letter"]:  # "50K units": ISMP, K and M have both been read as thousand and as million
        return _Number(None, times.end(), None, (value * 1000, value * 10**6), (*notes, "letter_multiplier"))
    if times["word"]:
        factor = Fraction(_MULTIPLIERS[times["word"].lower()])
    else:
        factor = Fraction(10) ** int(times["power"] or times["raised"].translate(_RAISED))
    return _Number(value * factor, times.end(), value, (), notes)


def _digits(text: str, begin: int) -> list[Measure]:
    left, before = text[begin - 1 : begin], text[begin - 2 : begin - 1] if begin > 1 else ""
    if left == "." and not before.isalnum():
        begin -= 1
        left, before = before, ""
    numeral = _DIGITS.match(text, begin)
    if numeral is None:
        return []
    end = numeral.end()
    if (left.isalpha() and not (left in "xX" and not before.isalnum())) or left == "_":
        return _glued(text, begin, end)
    minus = left in ("-", "\u2212") and not (before.isalnum() or before in ("_", ".", ",", ")", "%", "/", "²", "-"))
    if left == "-" and not minus and before.isalpha():
        return []  # part of a name: "IL-6", "U-500"
    special = None if minus else _special(text, begin, end)
    if special is not None:
        return [special]
    number = _number(text, begin, end)
    if minus and number.value is not None:
        number = number._replace(value=-number.value)
    start = begin - 1 if minus else begin
    sign, start = _sign_before(text, start)
    return _value(text, start, number, sign)


def _special(text: str, begin: int, end: int) -> Measure | None:
    """ "1:1000", "1/2", "2 500 mg", and a power of ten without a figure of its own ("10^9/L")."""
    digits = text[begin:end]
    if digits == "10" and text[end : end + 1] in ("^", "*", "⁹", "³", "⁶", "¹"):
        power = spelled_unit(text, begin)
        if power is not None and power.code.startswith("10*"):
            return Measure(begin, power.end, None, None, power.code, role=Role.UNIT)
    if not digits.isdigit() or len(digits) > 9:
        return None
    if ratio := _RATIO.match(text, end):
        high = Fraction((ratio[1] or ratio[2]).replace(",", ""))
        return Measure(begin, ratio.end(), Fraction(digits), high, role=Role.RATIO)
    if (below := _SMALL_FRACTION.match(text, end)) and 0 < int(digits) < int(below[1]):
        value = Fraction(int(digits), int(below[1]))
        return next(iter(_value(text, begin, _Number(value, below.end(), value), "")), None)
    group = _SPACED_GROUP.match(text, end) if len(digits) < 4 and digits[0] != "0" else None
    unit = _unit(text, group.end()) if group else None
    if group is None or unit is None or not is_given(unit.code):
        return None
    thousands = Fraction((digits + group[0]).replace(" ", ""))
    if group[0].count(" ") > 1:
        return Measure(begin, unit.end, thousands, thousands, unit.code, per=unit.per)
    could_be = (thousands, Fraction(group[0].strip()))  # "2 500 mg": 2,500 mg, or two of 500 mg
    return Measure(begin, unit.end, None, None, unit.code, "", unit.per, Role.VALUE, could_be, ("spaced_thousands",))


def _glued(text: str, begin: int, end: int) -> list[Measure]:
    """ "Tegretol300 mg": name and figure run together; other figures inside words are names."""
    number = _number(text, begin, end)
    unit = _unit(text, number.end)
    word = _WORD_BEFORE.search(text, max(0, begin - 20), begin)
    if unit is None or word is None or not is_given(unit.code):
        return []
    return [Measure(begin, unit.end, number.value, number.value, unit.code, per=unit.per, notes=("run_together",))]


def _sign_before(text: str, begin: int) -> tuple[str, int]:
    """The comparison before a figure, and where the figure starts with its symbol."""
    window = text[max(0, begin - 24) : begin]
    if window[-3:].strip(" ")[-1:] in ("<", ">", "=", "≤", "≥", "⩽", "⩾", "~", "≈", "±"):
        symbol = _SYMBOL_BEFORE.search(window)
        if symbol:
            written = symbol["symbol"]
            return _SYMBOLS.get(written, written), begin - len(window) + symbol.start()
    words = window.split()
    if not words or words[-1].lower().rstrip(".:") not in _LAST_WORDS:
        return "", begin
    found = _WORDS_BEFORE.search(window)
    return ("" if found is None else _SIGNS[found.lastgroup or "about"]), begin


def _unit(text: str, end: int) -> _Unit | None:
    """The unit behind a numeral, joined by spaces or a hyphen ("5-mg tablet"), and the period behind it."""
    if text[end : end + 3].lstrip()[:1] in _DIVIDES and (cells := _CELLS.match(text, end)):
        return _Unit("/uL", None, cells.end())
    gap = _GAP.match(text, end)
    unit = spelled_unit(text, gap.end()) if gap else None
    if gap is None or unit is None or (unit.code == "s" and gap.end() == end):  # "the 1990s"
        return None
    if unit.per is None and is_given(unit.code) and (period := period_behind(text, unit.end)):
        return _Unit(unit.code, *period)
    return _Unit(*unit)


def _value(text: str, begin: int, first: _Number, sign: str) -> list[Measure]:
    measures = _figures(text, begin, first, sign)
    if sign == "over":  # "over 3 g" is more than 3 g; "over 4 weeks" is a duration
        unit = measures[0].unit if measures else None
        timed = unit is not None and unit != TIMES and kind_of(unit) in _TIME
        measures = [measure._replace(sign="" if timed else ">") for measure in measures]
    return measures


_TIME = (Kind.ELAPSED_TIME, Kind.CALENDAR_TIME)


def _figures(text: str, begin: int, first: _Number, sign: str) -> list[Measure]:
    unit = _unit(text, first.end)
    if unit is not None and unit.per is None and (strength := _strength(text, first, unit)):
        return [strength._replace(start=begin, sign=sign)]
    join = _JOIN.match(text, unit.end if unit else first.end)
    if join and (ranged := _range(text, begin, first, unit, join)):
        return [ranged[0]._replace(sign=sign), *ranged[1:]]
    if unit is None:
        return _bare(text, begin, first, sign)
    number = _whole_cells(first) if unit.code == "/uL" else first
    value, could_be, notes = number.value, number.could_be, number.notes
    measure = Measure(begin, unit.end, value, value, unit.code, sign, unit.per, Role.VALUE, could_be, notes)
    return [_sign_after(text, measure)]


def _strength(text: str, number: _Number, unit: _Unit) -> Measure | None:
    """ "125 mg/5 mL" is 25 mg/mL."""
    follows = text[unit.end : unit.end + 3].lstrip()[:1]
    volume = _IN_VOLUME.match(text, unit.end) if follows in _DIVIDES else None
    code = f"{unit.code}/{_VOLUMES[volume[2].lower()]}" if volume else ""
    if volume is None or number.value is None or not is_unit(code) or not Fraction(volume[1]):
        return None
    value = number.value / Fraction(volume[1])
    return Measure(0, volume.end(), value, value, code, notes=number.notes)


def _whole_cells(number: _Number) -> _Number:
    """ "150.000/µL": cells are counted whole, so the point can only separate thousands."""
    if "decimal_or_thousands" not in number.notes:
        return number
    return number._replace(value=number.could_be[1], could_be=(), notes=("european_thousands",))


def _sign_after(text: str, measure: Measure) -> Measure:
    """ "65 years or older", "2 g or more"."""
    after = None
    if not measure.sign and text[measure.end : measure.end + 3].lstrip()[:1] in ("o", "a"):
        after = _SIGN_AFTER.match(text, measure.end)
    if after is None:
        return measure
    return measure._replace(sign=">=" if after["up"] else "<=", end=after.end())


def _bare(text: str, begin: int, number: _Number, sign: str) -> list[Measure]:
    """A number without a unit; "3A4" and "2nd" are words, "5-ASA" is marked as part of one."""
    value, end, follows = number.value, number.end, text[number.end : number.end + 2]
    times = None if value is None else frequency(text, begin, value, value, end)
    if times is not None:
        return [times._replace(sign=sign)]
    if scientific := _SCIENTIFIC.match(text, end):
        behind = _unit(text, scientific.end()) or _Unit("1", None, scientific.end())
        return [Measure(begin, behind.end, None, None, behind.code, sign, behind.per, notes=("unreadable_number",))]
    if follows[:1].isalpha() and follows[:1] not in ("x", "X"):
        return []
    notes = number.notes
    if notes == ("decimal_or_thousands",) and number.could_be[1] % 100 != 0:  # "OR 1.230": statistics pad with zeros
        value, notes = number.could_be[0], ("trailing_zero",)
    if follows[:1] == "-" and follows[1:].isalpha():
        notes = (*notes, "in_word")
    could_be = number.could_be if value is None else ()
    return [_sign_after(text, Measure(begin, end, value, value, None, sign, None, Role.VALUE, could_be, notes))]


# --- ranges ----------------------------------------------------------------------------------------------


def _range(text: str, begin: int, first: _Number, unit: _Unit | None, join: re.Match[str]) -> list[Measure] | None:
    """One range ("15-20 mg"), or two figures that share a unit ("from 2 to 1 mg/kg"); None if they are unrelated."""
    word = (join["to"] or "").lower()
    if word == "and" and not _BETWEEN.search(text, max(0, begin - 12), begin):
        return None
    second = _second(text, join)
    behind = _unit(text, second.end)
    if word == "or" and (behind is not None or not counts_times(text, second.end)):
        return None
    if unit is None:
        if behind is None and text[second.end : second.end + 1].isalpha() and not counts_times(text, second.end):
            return None
        low = _share_multiplier(first, second)
    elif behind is None or not same_kind(unit.code, behind.code) or unit.per not in (None, behind.per):
        return None
    else:
        low = None if first.value is None else convert(Quantity(first.value, unit.code), behind.code).value
        if low is not None and second.value is not None and low >= second.value:
            return None  # each carries its own unit: "from 10 mg to 5 mg" is two figures
    return _joined(text, begin, first._replace(value=low), second, behind)


def _second(text: str, join: re.Match[str]) -> _Number:
    if join["word"]:
        count = COUNTS[join["word"].lower()]
        return _Number(count, join.end(), count)
    return _number(text, *join.span("digits"))


def _share_multiplier(first: _Number, second: _Number) -> Fraction | None:
    """ "1 to 2 million units" starts at one million; "600,000 to 1.2 million units" does not."""
    if second.value is second.literal or not first.value or not second.value or not second.literal:
        return first.value
    if first.value != first.literal:
        return first.value
    return first.value * (second.value / second.literal) if first.value < second.literal else first.value


def _joined(text: str, begin: int, first: _Number, second: _Number, unit: _Unit | None) -> list[Measure] | None:
    low, high = first.value, second.value
    code, per, end = unit or (None, None, second.end)
    notes = first.notes + second.notes
    if low is None or high is None:
        could_be = first.could_be + second.could_be
        return [Measure(begin, end, None, None, code, "", per, Role.VALUE, could_be, notes)]
    if low < high:
        times = frequency(text, begin, low, high, second.end) if unit is None else None
        return [times or _sign_after(text, Measure(begin, end, low, high, code, "", per, notes=notes))]
    if unit is None:
        return None
    start = second.end - len(re.split(r"[\s\u2010-\u2015\u2212-]+", text[first.end : second.end])[-1])
    return [
        Measure(begin, first.end, low, low, code, "", per, notes=first.notes),
        Measure(start, end, high, high, code, "", per, notes=second.notes),
    ]


# --- words -----------------------------------------------------------------------------------------------


def _counted_words(text: str, begin: int) -> list[Measure]:
    """ "two thirds", "half a tablet", "three tablets"; a lone "one" is a pronoun more often than a number."""
    found = _PART_WORDS.match(text, begin)
    if found is None or text[begin - 1 : begin].isalnum():
        return []
    if found["part"]:
        below = (found["below"] or "half").lower().removesuffix("s")
        value = COUNTS.get((found["top"] or "one").lower(), Fraction(1)) / _PARTS[below]
        return _value(text, begin, _Number(value, found.end(), value), "")
    value = COUNTS[found["count"].lower()]
    times = _MULTIPLIER.match(text, found.end())
    factor = _MULTIPLIERS[times["word"].lower()] if times and times["word"] else 1
    number = _Number(value * factor, times.end() if times and factor > 1 else found.end(), value)
    measures = _value(text, begin, number, _sign_before(text, begin)[0])
    pronoun = value == 1 and factor == 1 and measures and measures[0][2:5] == (value, value, None)
    return [] if pronoun else measures
