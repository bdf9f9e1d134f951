"""Prose from a dose: one canonical English phrase, the only way this program writes a dose.

The phrase keeps to the ISMP list of error-prone abbreviations: "mcg", "units", words for how often and by which
route, no trailing zero and no naked decimal point. `parse.parse_dose` reads every phrase back to the same value.
Not in the phrase, because they are notes to the program and not dosing: `no_cap` and `compute`.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from vademecum.dosing.figures import say_number
from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span, TaperStep, Titration
from vademecum.dosing.units import unit

ROUTE_WORDS: dict[Route, str] = {
    Route.ORAL: "by mouth",
    Route.SUBCUTANEOUS: "subcutaneously",
    Route.INTRAVENOUS: "intravenously",
    Route.INTRAMUSCULAR: "intramuscularly",
    Route.INTRATHECAL: "intrathecally",
    Route.TOPICAL: "on the skin",
    Route.RECTAL: "rectally",
    Route.INHALED: "by inhalation",
    Route.NEBULISED: "by nebuliser",
    Route.BUCCAL: "buccally",
    Route.INTRANASAL: "into the nose",
    Route.SUBLINGUAL: "under the tongue",
    Route.INTRAOSSEOUS: "intraosseously",
    Route.INTRALESIONAL: "into the lesion",
    Route.TRANSDERMAL: "as a skin patch",
    Route.ENTERAL: "by feeding tube",
    Route.OPHTHALMIC: "into the eye",
    Route.OTIC: "into the ear",
}
_TIMES = ("", "once", "twice", "three", "four", "five", "six", "seven", "eight", "nine")
_ADVERBS = {"d": "daily", "wk": "weekly", "mo": "monthly"}
PERIOD_UNITS = {Per.DAY: "d", Per.WEEK: "wk", Per.MONTH: "mo"}
_CLOCKS = {Per.MINUTE: "/min", Per.HOUR: "/h"}


def render_quantity(quantity: Quantity) -> str:
    """ "1,250 mg", "2 tablets", "0.1%"."""
    return _with_unit(say_number(quantity.value), quantity.unit, quantity.value)


def _with_unit(figure: str, code: str, value: Fraction) -> str:
    row = unit(code)
    shown = row.one if value == 1 else row.many
    tight = code == "%" or shown.startswith("/")
    return f"{figure}{shown}" if tight else f"{figure} {shown}".rstrip()


def render_amount(amount: Amount) -> str:
    """ "15 to 20 mg/m2", "up to 25 mg"."""
    if amount.low is None:
        return f"up to {render_quantity(Quantity(amount.high, amount.unit))}"
    if amount.low == amount.high:
        return render_quantity(Quantity(amount.high, amount.unit))
    words = amount.low >= 10**6  # "1 to 2 million units" could start at one unit
    figures = f"{say_number(amount.low, words=words)} to {say_number(amount.high, words=words)}"
    return _with_unit(figures, amount.unit, amount.high)


def render_span(span: Span) -> str:
    """ "8 hours", "2 to 3 weeks"."""
    return render_amount(Amount(span.low, span.low if span.high is None else span.high, span.unit))


def render_frequency(frequency: Frequency) -> str:
    """ "three times daily", "every 6 to 8 hours as needed", "as a single dose"."""
    needed = "as needed" if frequency.as_needed else ""
    if frequency.every is None:
        return "as needed" if needed else "as a single dose"
    return f"{_how_often(frequency, frequency.every)} {needed}".rstrip()


def _how_often(frequency: Frequency, every: Span) -> str:
    exact_one = every.high is None and every.low == 1
    if exact_one and every.unit in _ADVERBS:
        return f"{_times(frequency)} {_ADVERBS[every.unit]}"
    if every.high is None and every == Span(Fraction(2), "d"):
        interval = "every other day"
    elif exact_one:
        interval = f"every {unit(every.unit).one}"
    else:
        interval = f"every {render_span(every)}"
    once = frequency.times == 1 and frequency.times_high is None
    return interval if once else f"{_times(frequency)} {interval}"


def _times(frequency: Frequency) -> str:
    if frequency.times_high is not None:
        return f"{frequency.times} to {frequency.times_high} times"
    return say_times(frequency.times)


def say_times(times: int) -> str:
    """ "once", "twice", "three times", "12 times"."""
    word = _TIMES[times] if times < len(_TIMES) else str(times)
    return word if times < 3 else f"{word} times"


def is_once_per_period(dose: Dose) -> bool:
    """True for one administration in each of the periods the amount counts over: "once weekly"."""
    unit_of_period = PERIOD_UNITS.get(dose.per)
    frequency = dose.frequency
    return (
        unit_of_period is not None
        and frequency is not None
        and (frequency.times, frequency.times_high) == (1, None)
        and frequency.every == Span(Fraction(1), unit_of_period)
    )


def canonical(dose: Dose) -> Dose:
    """The one value among those that mean the same: what is given once a day counts per day, likewise week, month.

    A pure ceiling counts over the period of its first cap.
    """
    if dose.amount is None and dose.caps:
        return _with_per(dose, dose.caps[0].per)
    if dose.per is Per.DOSE:
        for per in PERIOD_UNITS:
            counted = _with_per(dose, per)
            if is_once_per_period(counted):
                return counted
    return dose


def _with_per(dose: Dose, per: Per) -> Dose:
    return dose if dose.per is per else msgspec.structs.replace(dose, per=per)


def _in_period(amount: Amount, per: Per) -> str:
    clock = _CLOCKS.get(per)
    return f"{render_amount(amount)}{clock}" if clock else f"{render_amount(amount)} per {per}"


def _cap(cap: Cap) -> str:
    if cap.over is not None:
        return f"at most {render_quantity(cap.amount)} in any {render_span(cap.over)}"
    return f"at most {_in_period(Amount(cap.amount.value, cap.amount.value, cap.amount.unit), cap.per)}"


def _head(dose: Dose, name: str, often_in_head: bool) -> str:
    words = [name]
    amount = dose.amount
    if amount is not None and dose.then is not None:
        words.append(f"{render_amount(amount)} for the first {dose.per}, then")
        amount = dose.then
    if amount is None:
        words.append(_cap(dose.caps[0]))
    elif often_in_head or dose.per is Per.DOSE:
        words.append(render_amount(amount))
    else:
        words.append(_in_period(amount, dose.per))
    if often_in_head and dose.frequency is not None:
        words.append(render_frequency(dose.frequency))
    if dose.route is not None:
        words.append(ROUTE_WORDS[dose.route])
    return " ".join(word for word in words if word)


def _divided(dose: Dose, frequency: Frequency) -> str:
    """How an amount per period is given: "in three divided doses", "every 8 hours"."""
    period = PERIOD_UNITS.get(dose.per)
    often = frequency.times > 1 or frequency.times_high is not None
    if period and often and frequency.every == Span(Fraction(1), period):
        high = frequency.times_high
        count = f"{frequency.times} to {high}" if high else _count_word(frequency.times)
        return f"in {count} divided doses" + (" as needed" if frequency.as_needed else "")
    return render_frequency(frequency)


def _count_word(count: int) -> str:
    return "two" if count == 2 else _TIMES[count] if count < len(_TIMES) else str(count)


def _titration(titration: Titration, dose: Dose, often_in_head: bool) -> str:
    words = ["raised"]
    if titration.by is not None:
        comma = "," if titration.every is None and titration.to is not None else ""  # "by 5 mg to 10 mg" is a range
        words.append(f"by {render_amount(titration.by)}{comma}")
    if titration.every is not None:
        words.append(f"every {render_span(titration.every)}")
    if titration.to is not None:
        if often_in_head and dose.frequency is not None:
            words.append(f"to {render_amount(titration.to)} {render_frequency(dose.frequency)}")
        else:
            words.append(f"to {_in_period(titration.to, dose.per)}")
    return " ".join(words)


def _taper(steps: tuple[TaperStep, ...], per: Per) -> list[str]:
    parts = []
    for index, step in enumerate(steps):
        start = "then" if index else "tapered"
        down = "a stop" if step.to is None else _in_period(step.to, per)
        parts.append(f"{start} to {down} over {render_span(step.over)}")
    return parts


def render(dose: Dose, name: str | None = None) -> str:
    """The dose as one phrase; `name` is the drug's title, by default its id with spaces."""
    dose = canonical(dose)
    shown = drug_words(dose.drug) if name is None else name
    often_in_head = dose.frequency is not None and (dose.per is Per.DOSE or is_once_per_period(dose))
    parts = [_head(dose, shown, often_in_head)]
    if dose.split_over is not None:
        parts.append(f"divided over {render_span(dose.split_over)}")
    if dose.frequency is not None and not often_in_head:
        parts.append(_divided(dose, dose.frequency))
    if dose.usual is not None:
        parts.append(f"usually {_in_period(dose.usual, dose.per)}")
    if dose.titration is not None:
        parts.append(_titration(dose.titration, dose, often_in_head))
    parts.extend(_cap(cap) for cap in (dose.caps[1:] if dose.amount is None else dose.caps))
    if dose.max_rate is not None:
        parts.append(f"infused at no more than {render_quantity(dose.max_rate)}")
    if dose.duration is not None:
        parts.append(f"for {render_span(dose.duration)}")
    if dose.at_most_for is not None:
        parts.append(f"for at most {render_span(dose.at_most_for)}")
    parts.extend(_taper(dose.taper, dose.per))
    if dose.min_age is not None:
        parts.append(f"from {render_span(dose.min_age)} of age")
    return ", ".join(part for part in parts if part)


def drug_words(drug: str) -> str:
    """A drug sheet id as words: "immune globulin"; the hyphen of "co-trimoxazole" and "5-fluorouracil" stays."""
    words: list[str] = []
    for part in drug.split("-"):
        glued = words and (words[-1].rsplit("-", 1)[-1] == "co" or words[-1][-1:].isdigit() or part[:1].isdigit())
        if glued:
            words[-1] += f"-{part}"
        else:
            words.append(part)
    return " ".join(words)
