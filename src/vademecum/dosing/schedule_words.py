"""How often, in words: "three times daily", "every 6 to 8 hours", "q6h", "b.i.d.", "every other day".

The Latin abbreviations are read because people write them; those on the ISMP list of error-prone abbreviations
(QD, QOD, q1d, qhs) carry a note, and those with two meanings (TIW, BIW, biweekly) have no value at all.
"""

from __future__ import annotations

import re
from fractions import Fraction

from vademecum.dosing.figures import TIMES, Measure, Role
from vademecum.dosing.model import Per
from vademecum.dosing.units import spelled_unit

_UP_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve"
_BEYOND = {"fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
COUNTS = {
    word: Fraction(value) for word, value in (_BEYOND | {w: n + 1 for n, w in enumerate(_UP_TO_TWELVE.split())}).items()
}
"""Number words with their values."""
COUNT_WORDS = "|".join(sorted(COUNTS, key=len, reverse=True))
_ADVERB_TIMES = {"once": Fraction(1), "twice": Fraction(2), "thrice": Fraction(3)}
_PER_DAY = {
    1: "qd qday q1d qhs qn qam qpm nocte nightly daily",
    2: "bid bd",
    3: "tid tds",
    4: "qid qds",
}
_FREQUENCIES = {word: (times, Per.DAY) for times, words in _PER_DAY.items() for word in words.split()} | {
    "qw": (1, Per.WEEK),
    "qwk": (1, Per.WEEK),
    "qweek": (1, Per.WEEK),
    "weekly": (1, Per.WEEK),
    "qmonth": (1, Per.MONTH),
    "monthly": (1, Per.MONTH),
}
_INTERVALS = {
    "qod": (2, "d"),
    "qh": (1, "h"),
    "hourly": (1, "h"),
    "fortnightly": (2, "wk"),
    "yearly": (1, "a"),
    "annually": (1, "a"),
}
_ERROR_PRONE = frozenset(("qd", "qday", "q1d", "qod", "qhs", "qn"))
_TWO_WAYS = {  # what the word may mean, as administrations per week
    "tiw": (Fraction(3), Fraction(21)),
    "biw": (Fraction(2), Fraction(1, 2)),
    "biweekly": (Fraction(2), Fraction(1, 2)),
    "bimonthly": (Fraction(1, 2), Fraction(1, 8)),
}
_KEYWORD = re.compile(
    r"""(?:once|twice|thrice|every|alternate\s+days?|fortnightly|hourly|daily|weekly|monthly|yearly|annually|nightly
    |nocte|biweekly|bimonthly|[tb]\.?i\.?w\b\.?|[btq]\.?i\.?d\b\.?|[tq]\.?d\.?s\b\.?|b\.?d\b\.?
    |q\.?\s?1?d(?:ay)?\b\.?|q\.?o\.?d\b\.?|q\.?h\.?s\b\.?|q\.?n\b|q\.?[ap]\.?m\b|q\.?\s?w(?:ee)?k?\b|q\s?month|q\s?h\b
    |q\.?\s?\d{1,4}(?:\s?(?:-|–|to)\s?\d{1,4})?\s?(?:h(?:ou)?rs?|hourly|h|days?|d|w(?:ee)?ks?|w|months?|mo|mins?)
    )(?![A-Za-z0-9])""",
    re.X | re.I,
)
_STARTERS = """
once twice thrice every alternate fortnightly hourly daily weekly monthly yearly annually nightly nocte biweekly
bimonthly tiw biw bid tid qid tds qds bd qd qday qod qhs qn qam qpm qw qwk qweek qmonth qh q b t
"""
STARTERS = frozenset(_STARTERS.split())
"""The lower-case words a schedule can begin with; cheaper to ask than the pattern."""

_TIMES_WORD = re.compile(r"[\s-]*(?:times?\b|[x×](?=\s*(?:/|per\b|an?\b|each\b|daily|weekly|monthly|$)))", re.I)
_PERIOD = re.compile(
    r"""[\s-]*(?:(?P<adverb>daily|weekly|monthly|nightly)
    |(?:per|an?|each|every|in\s+(?:an?|any)|/)\s*(?P<period>day|week|month|24[\s-]?h(?:ours|rs|r)?|d|wk)
    |(?:over|in)\s+(?P<day>24\s?h(?:ours|rs|r)?))\b""",
    re.X | re.I,
)
_SMALL = r"\d{1,4}(?:\.\d{1,3})?"
_EVERY = re.compile(
    rf"""\s+(?:(?P<other>other|second|2nd|alternate|third|3rd|fourth|4th)\s+(?P<other_unit>day|week|month|hour|year)s?\b
    |(?P<single>day|week|month|hour|minute|year|night|morning|evening|fortnight)\b
    |(?:(?P<low>{_SMALL}|{COUNT_WORDS})
        (?:\s*(?:-|–|to|or)\s*(?P<high>{_SMALL}|{COUNT_WORDS}))?[\s-]*
        (?P<unit>hours?|hrs?|h|hourly|days?|d|weeks?|wks?|wk|months?|mo|minutes?|mins?|min|seconds?|secs?|years?|yrs?)\b))""",
    re.X | re.I,
)
_HOURLY = re.compile(r"[\s-]*hourly\b", re.I)
_Q = re.compile(r"q\.?\s?(\d+)(?:\s?(?:-|–|to)\s?(\d+))?\s?([a-z]+)", re.I)
_OR_TWICE = re.compile(r"\s+(?:or|to)\s+(twice|three\s+times)", re.I)
_AMOUNT_ADVERB = re.compile(r"\s+(daily|weekly|monthly)\b", re.I)
_IN_24_HOURS = re.compile(r"\s+(?:in|over|every)\s+(?:any\s+)?24\s?(?:h|hours|hrs)\b", re.I)
_UNIT_CODES = {"hr": "h", "hrs": "h", "hourly": "h", "w": "wk"}
_PER_UNITS = {"d": Per.DAY, "wk": Per.WEEK, "mo": Per.MONTH}


def counts_times(text: str, end: int) -> bool:
    """True if the numeral before `end` counts administrations: "3 times", "3x daily"."""
    return _TIMES_WORD.match(text, end) is not None


def frequency(text: str, begin: int, low: Fraction, high: Fraction, end: int) -> Measure | None:
    """ "3 times daily", "two to three times a week", "3x/day", "5 times (the upper limit)", "6-hourly"."""
    if hourly := _HOURLY.match(text, end):
        return Measure(begin, hourly.end(), low, high, "h", role=Role.INTERVAL)
    times = _TIMES_WORD.match(text, end)
    if times is None:
        return None
    period = _PERIOD.match(text, times.end())
    stop, per = (period.end(), _per_of(period)) if period else (times.end(), None)
    return Measure(begin, stop, low, high, TIMES, "", per, Role.FREQUENCY)


def _per_of(period: re.Match[str]) -> Per:
    word = (period["adverb"] or period["period"] or "day").lower()
    return Per.WEEK if word[0] == "w" else Per.MONTH if word[0] == "m" else Per.DAY


def period_behind(text: str, end: int) -> tuple[Per, int] | None:
    """The period in an adverb right behind an amount: "40 mg weekly", "4 g in 24 hours"."""
    if not text[end : end + 1].isspace():
        return None
    if adverb := _AMOUNT_ADVERB.match(text, end):
        return _FREQUENCIES[adverb[1].lower()][1], adverb.end()
    if day := _IN_24_HOURS.match(text, end):
        return Per.DAY, day.end()
    return None


def schedule_word(text: str, begin: int) -> Measure | None:
    """The frequency or interval that begins with a word at `begin`."""
    found = _KEYWORD.match(text, begin)
    if found is None:
        return None
    end = found.end()
    word = re.sub(r"[\s.]", "", found[0].lower())
    if word in _ADVERB_TIMES:
        return _adverb(text, begin, end, _ADVERB_TIMES[word])
    if word == "every":
        return _every(text, begin, end)
    if word.startswith("alternate"):
        return _interval(begin, end, Fraction(2), Fraction(2), "d")
    return _abbreviation(word, begin, end)


def _abbreviation(word: str, begin: int, end: int) -> Measure | None:
    notes = (word,) if word in _ERROR_PRONE else ()
    if word in _FREQUENCIES:
        times, per = _FREQUENCIES[word]
        return Measure(begin, end, Fraction(times), Fraction(times), TIMES, "", per, Role.FREQUENCY, (), notes)
    if word in _INTERVALS:
        low, code = _INTERVALS[word]
        return _interval(begin, end, Fraction(low), Fraction(low), code)._replace(notes=notes)
    if word in _TWO_WAYS:
        return Measure(begin, end, None, None, TIMES, "", Per.WEEK, Role.FREQUENCY, _TWO_WAYS[word], (word,))
    interval = _Q.match(word)
    if interval is None:
        return None
    return _interval(begin, end, Fraction(interval[1]), Fraction(interval[2] or interval[1]), _time_code(interval[3]))


def _adverb(text: str, begin: int, end: int, value: Fraction) -> Measure:
    high = value
    if join := _OR_TWICE.match(text, end):
        high, end = Fraction(2 if join[1].lower() == "twice" else 3), join.end()
    period = _PERIOD.match(text, end)
    stop, per = (period.end(), _per_of(period)) if period else (end, None)
    return Measure(begin, stop, value, high, TIMES, "", per, Role.FREQUENCY)


def _every(text: str, begin: int, end: int) -> Measure | None:
    rest = _EVERY.match(text, end)
    if rest is None:
        return None
    one = Fraction(1)
    if rest["other"]:
        other = rest["other"].lower()
        low = Fraction(3 if other in ("third", "3rd") else 4 if other in ("fourth", "4th") else 2)
        return _interval(begin, rest.end(), low, low, _time_code(rest["other_unit"]))
    if rest["single"]:
        single = rest["single"].lower()
        if single == "fortnight":
            return _interval(begin, rest.end(), 2 * one, 2 * one, "wk")
        return _interval(begin, rest.end(), one, one, "d" if single in _PARTS_OF_DAY else _time_code(single))
    low = _small_number(rest["low"])
    high = low if rest["high"] is None else _small_number(rest["high"])
    return _interval(begin, rest.end(), low, high, _time_code(rest["unit"]))


_PARTS_OF_DAY = frozenset(("night", "morning", "evening"))


def _small_number(text: str) -> Fraction:
    return COUNTS.get(text.lower()) or Fraction(text)


def _interval(begin: int, end: int, low: Fraction, high: Fraction, code: str) -> Measure:
    if low == high == 1 and code in _PER_UNITS:  # every 1 day is once daily
        return Measure(begin, end, low, high, TIMES, "", _PER_UNITS[code], Role.FREQUENCY)
    return Measure(begin, end, low, high, code, "", None, Role.INTERVAL)


def _time_code(word: str) -> str:
    lower = word.lower()
    unit = spelled_unit(_UNIT_CODES.get(lower, lower))
    if unit is None:
        raise AssertionError(f"{word!r} is in a pattern of this module but is no unit of time")
    return unit.code
