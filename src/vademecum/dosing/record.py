"""The authored form of a dose: a YAML mapping in which every scalar is text, and its way back and to JSON.

Nothing is implied: `per` and `max` are required, a number needs its unit, an unknown key is an error. Every error
names the key, what is wrong and the mend. `docs` of the keys: the table `DOSE_KEYS` below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from vademecum.dosing.checks import check
from vademecum.dosing.figures import decimal_digits, json_number, read_figure
from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span, TaperStep, Titration
from vademecum.dosing.render import canonical, render
from vademecum.dosing.units import basis_of, rate_parts, read_unit, same_kind
from vademecum.errors import DoseError, UnitError

Json: TypeAlias = "bool | int | str | Decimal | list[Json] | dict[str, Json] | None"
Authored: TypeAlias = "str | list[Authored] | dict[str, Authored]"

DOSE_KEYS = (
    "drug",
    "amount",  # "15 to 20 mg/m2", "up to 25 mg"; absent where the source states only a ceiling
    "per",  # dose, day, week, month, cycle, course, minute, hour
    "route",
    "times",  # administrations in each `every`
    "every",  # "6 to 8 h"; `times: 1` without `every` is a single administration
    "as_needed",
    "for",
    "at_most_for",
    "max",  # {week: 40 mg, 90 d: 2200 mg} or `none stated`
    "usual",
    "then",
    "titration",  # {by, every, to}
    "split_over",
    "taper",  # [{to, over}]; without `to` a stop
    "max_rate",
    "min_age",
    "compute",  # `never`: shown, not worked out
)
_NUMBER = r"\d{1,9}/\d{1,9}|\d[\d,]*(?:\.\d+)?(?:\smillion)?"
_UNIT = r"[^\d\s.,/\u2010-\u2015-].*"
_AMOUNT = re.compile(rf"(?:(?P<low>{_NUMBER}) to |(?P<upto>up to ))?(?P<high>{_NUMBER}) ?(?P<unit>{_UNIT})$")
_NONE_STATED = "none stated"


def read_dose(record: Mapping[str, object]) -> Dose:
    """The dose an author wrote, checked; a `DoseError` names the key, what is wrong and the mend."""
    drug = _text(record, "drug")
    if not drug:
        raise DoseError("drug: missing; name the drug sheet, e.g. `drug: methotrexate`")
    try:
        return check(canonical(_read(record, drug)))
    except UnitError as error:
        raise UnitError(_named(drug, error)) from None
    except DoseError as error:
        raise DoseError(_named(drug, error)) from None


def _named(drug: str, error: DoseError) -> str:
    message = str(error)
    return message if message.startswith(f"{drug}: ") else f"{drug}: {message}"


def _read(record: Mapping[str, object], drug: str) -> Dose:
    _known_keys(record, DOSE_KEYS, "")
    per = _period(record)
    caps, no_cap = _caps(record)
    compute = _text(record, "compute")
    if compute not in (None, "never"):
        raise DoseError(f"compute: {compute!r} is not understood; write `never` or leave it out")
    max_rate = _text(record, "max_rate")
    return Dose(
        drug=drug,
        per=per,
        amount=_counted(record, "amount", per),
        route=_route(record),
        frequency=_frequency(record),
        duration=_span(record, "for"),
        at_most_for=_span(record, "at_most_for"),
        caps=caps,
        no_cap=no_cap,
        usual=_counted(record, "usual", per),
        then=_counted(record, "then", per),
        titration=_titration(record, per),
        split_over=_span(record, "split_over"),
        taper=_taper(record, per),
        max_rate=None if max_rate is None else read_quantity(max_rate, "max_rate"),
        min_age=_span(record, "min_age"),
        compute=compute is None,
    )


# --- scalars ---------------------------------------------------------------------------------------------


def _known_keys(record: Mapping[str, object], known: Sequence[str], place: str) -> None:
    for key in record:
        if key not in known:
            raise DoseError(f"{place}{key}: unknown key; the keys are {', '.join(known)}")


def _text(record: Mapping[str, object], key: str, place: str = "") -> str | None:
    value = record.get(key)
    if value is None and key not in record:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise DoseError(f"{place}{key}: {value!r} is not text; quote it, e.g. {key}: '10 mg'")
    return value.strip()


def _number(text: str, key: str) -> Fraction:
    figure, million, _ = text.partition(" million")
    if "/" in figure:
        top, _, bottom = figure.partition("/")
        if int(bottom) == 0:
            raise DoseError(f"{key}: {text!r} divides by nothing; write a number such as 0.5")
        return Fraction(int(top), int(bottom))
    read = read_figure(figure)
    if read.value is None:
        raise DoseError(f"{key}: {text!r} can be read in two ways; write it without separators, e.g. 1.5 or 1500")
    if read.note in ("decimal_comma", "european_thousands"):
        raise DoseError(f"{key}: {text!r} has a decimal comma; write a decimal point")
    return read.value * (10**6 if million else 1)


def read_amount(text: str, key: str = "amount") -> Amount:
    """ "15 to 20 mg/m2", "up to 25 mg" or "500 mg" in authored form, whatever the kind of unit."""
    found = _AMOUNT.match(" ".join(text.split()))
    if not found:
        raise DoseError(f"{key}: {text!r} is not an amount; write e.g. `15 to 20 mg/m2`, `up to 25 mg`, `500 mg`")
    high = _number(found["high"], key)
    low = None if found["upto"] else _number(found["low"] or found["high"], key)
    if low is not None and low > high:
        raise DoseError(f"{key}: the range {text!r} runs downwards; put the lower number first")
    try:
        return Amount(low, high, read_unit(found["unit"]))
    except UnitError as error:
        raise UnitError(f"{key}: {error}") from None


def read_quantity(text: str, key: str = "quantity") -> Quantity:
    """One number with its unit: "4 mg/kg/min"."""
    amount = read_amount(text, key)
    if amount.low != amount.high:
        raise DoseError(f"{key}: {text!r} is a range; write one value")
    return Quantity(amount.high, amount.unit)


def read_span(text: str, key: str = "span") -> Span:
    """A time or a range of it: "6 to 8 h", "2 to 3 wk"."""
    amount = read_amount(text, key)
    if not (same_kind(amount.unit, "h") or same_kind(amount.unit, "mo")):
        raise DoseError(f"{key}: {text!r} is not a time; write e.g. `6 to 8 h`, `4 wk`, `3 mo`")
    if amount.low is None:
        raise DoseError(f"{key}: {text!r} has no start; write one time, or use `at_most_for`")
    return Span(amount.low, amount.unit, None if amount.low == amount.high else amount.high)


def _span(record: Mapping[str, object], key: str, place: str = "") -> Span | None:
    text = _text(record, key, place)
    return None if text is None else read_span(text, place + key)


_CLOCK_PER = {"min": Per.MINUTE, "h": Per.HOUR}


def _counted(record: Mapping[str, object], key: str, per: Per, place: str = "") -> Amount | None:
    """An amount that counts over `per`; "0.1 mcg/kg/min" is 0.1 mcg/kg per minute."""
    text = _text(record, key, place)
    if text is None:
        return None
    amount = read_amount(text, place + key)
    return Amount(amount.low, amount.high, _without_clock(amount.unit, per, place + key))


def _without_clock(code: str, per: Per, key: str) -> str:
    parts = rate_parts(code)
    if parts is None:
        return code
    if _CLOCK_PER[parts[1]] is not per:
        raise DoseError(f"{key}: {code} is a rate but counts per {per}; write {parts[0]} or `per: minute` or `hour`")
    return parts[0]


# --- the parts of a dose ---------------------------------------------------------------------------------


def _period(record: Mapping[str, object]) -> Per:
    text = _text(record, "per")
    if text is None:
        raise DoseError(f"per: missing; say what the amount counts over: {', '.join(Per)}")
    return _as_period(text, "per")


def _as_period(text: str, key: str) -> Per:
    try:
        return Per(text)
    except ValueError:
        raise DoseError(f"{key}: {text!r} is not a period; write one of {', '.join(Per)}") from None


def _route(record: Mapping[str, object]) -> Route | None:
    text = _text(record, "route")
    if text is None:
        return None
    try:
        return Route(text)
    except ValueError:
        raise DoseError(f"route: {text!r} is unknown; write one of {', '.join(Route)}") from None


def _frequency(record: Mapping[str, object]) -> Frequency | None:
    times, every = _text(record, "times"), _span(record, "every")
    needed = record.get("as_needed", False)
    if needed not in (True, False, "true", "false"):
        raise DoseError(f"as_needed: {needed!r} is neither true nor false")
    as_needed = needed in (True, "true")
    if times is None and every is None and not as_needed:
        return None
    found = re.fullmatch(r"(\d{1,3})(?: to (\d{1,3}))?", times or "1")
    if not found:
        raise DoseError(f"times: {times!r} is not a count; write e.g. `3` or `1 to 2`")
    return Frequency(int(found[1]), every, int(found[2]) if found[2] else None, as_needed)


def _caps(record: Mapping[str, object]) -> tuple[tuple[Cap, ...], bool]:
    if "max" not in record:
        raise DoseError("max: missing; say what the source's ceiling is, or `max: none stated`")
    ceilings = record["max"]
    if ceilings == _NONE_STATED:
        return (), True
    if not isinstance(ceilings, Mapping) or not ceilings:
        raise DoseError(f"max: {ceilings!r} is no ceiling; write e.g. `max: {{day: 4 g}}`, or `max: none stated`")
    return tuple(_one_cap(ceilings, key) for key in ceilings), False


def _one_cap(ceilings: Mapping[str, object], key: str) -> Cap:
    amount = read_quantity(_text(ceilings, key, "max.") or "", f"max.{key}")
    if key[:1].isdigit():
        return Cap(amount, Per.COURSE, read_span(key, f"max.{key}"))
    per = _as_period(key, f"max.{key}")
    return Cap(Quantity(amount.value, _without_clock(amount.unit, per, f"max.{key}")), per)


def _titration(record: Mapping[str, object], per: Per) -> Titration | None:
    part = record.get("titration")
    if part is None:
        return None
    if not isinstance(part, Mapping):
        raise DoseError(f"titration: {part!r} is not a mapping; write {{by: 5 mg, every: 2 wk, to: 20 mg}}")
    _known_keys(part, ("by", "every", "to"), "titration.")
    by, to = (_counted(part, key, per, "titration.") for key in ("by", "to"))
    return Titration(to, by, _span(part, "every", "titration."))


def _taper(record: Mapping[str, object], per: Per) -> tuple[TaperStep, ...]:
    parts = record.get("taper", ())
    if not isinstance(parts, (list, tuple)):
        raise DoseError(f"taper: {parts!r} is not a list; write [{{to: 5 mg, over: 2 wk}}, {{over: 1 wk}}]")
    return tuple(_taper_step(part, per) for part in parts)


def _taper_step(part: object, per: Per) -> TaperStep:
    if not isinstance(part, Mapping):
        raise DoseError(f"taper: {part!r} is not a step; write {{to: 5 mg, over: 2 wk}}")
    _known_keys(part, ("to", "over"), "taper.")
    over = _span(part, "over", "taper.")
    if over is None:
        raise DoseError("taper.over: missing; say over what time the dose goes down")
    return TaperStep(over, _counted(part, "to", per, "taper."))


# --- back to the authored form -----------------------------------------------------------------------------


def write_dose(dose: Dose) -> dict[str, Authored]:
    """The authored form of a dose; `read_dose(write_dose(dose))` is the dose."""
    record: dict[str, Authored | None] = {
        "drug": dose.drug,
        "amount": _amount_text(dose.amount),
        "per": str(dose.per),
        "route": None if dose.route is None else str(dose.route),
        **_frequency_text(dose.frequency),
        "for": _span_text(dose.duration),
        "at_most_for": _span_text(dose.at_most_for),
        "max": _caps_text(dose.caps) if dose.caps else _NONE_STATED if dose.no_cap else None,
        "usual": _amount_text(dose.usual),
        "then": _amount_text(dose.then),
        "titration": _titration_text(dose.titration),
        "split_over": _span_text(dose.split_over),
        "taper": [_present({"to": _amount_text(s.to), "over": _span_text(s.over)}) for s in dose.taper] or None,
        "max_rate": None if dose.max_rate is None else _quantity_text(dose.max_rate),
        "min_age": _span_text(dose.min_age),
        "compute": None if dose.compute else "never",
    }
    return _present(record)


def _present(record: Mapping[str, Authored | None]) -> dict[str, Authored]:
    return {key: value for key, value in record.items() if value is not None}


def _quantity_text(quantity: Quantity) -> str:
    return f"{decimal_digits(quantity.value)} {quantity.unit}"


def _amount_text(amount: Amount | None) -> str | None:
    if amount is None:
        return None
    high = f"{decimal_digits(amount.high)} {amount.unit}"
    if amount.low is None:
        return f"up to {high}"
    return high if amount.low == amount.high else f"{decimal_digits(amount.low)} to {high}"


def _span_text(span: Span | None) -> str | None:
    return None if span is None else _amount_text(Amount(span.low, span.high or span.low, span.unit))


def _frequency_text(frequency: Frequency | None) -> dict[str, Authored | None]:
    if frequency is None:
        return {}
    high = "" if frequency.times_high is None else f" to {frequency.times_high}"
    return {
        "times": f"{frequency.times}{high}",
        "every": _span_text(frequency.every),
        "as_needed": "true" if frequency.as_needed else None,
    }


def _caps_text(caps: tuple[Cap, ...]) -> dict[str, Authored]:
    return {_span_text(cap.over) or str(cap.per): _quantity_text(cap.amount) for cap in caps}


def _titration_text(titration: Titration | None) -> dict[str, Authored] | None:
    if titration is None:
        return None
    texts = {"by": _amount_text(titration.by), "every": _span_text(titration.every), "to": _amount_text(titration.to)}
    return _present(texts)


# --- JSON for the article --------------------------------------------------------------------------------


def dose_json(dose: Dose, name: str | None = None) -> dict[str, Json]:
    """The typed dose of a sentence in the article contract; numbers are exact (`int`, `Decimal`, or text "1/3").

    `msgspec.json.Encoder(decimal_format="number")` prints the decimals as numbers. Keys without content are left
    out, except the eight every reader may rely on: drug, amount, basis, per, route, frequency, caps, text.
    """
    measured = dose.amount.unit if dose.amount is not None else dose.caps[0].amount.unit if dose.caps else "mg"
    always: dict[str, Json] = {
        "drug": dose.drug,
        "amount": _amount_json(dose.amount),
        "basis": str(basis_of(measured)),
        "per": str(dose.per),
        "route": None if dose.route is None else str(dose.route),
        "frequency": _frequency_json(dose.frequency),
        "caps": [_cap_json(cap) for cap in dose.caps],
    }
    titration = dose.titration
    where_stated: dict[str, Json] = {
        "usual": _amount_json(dose.usual),
        "then": _amount_json(dose.then),
        "titration": None
        if titration is None
        else {
            "by": _amount_json(titration.by),
            "every": _span_json(titration.every),
            "to": _amount_json(titration.to),
        },
        "split_over": _span_json(dose.split_over),
        "duration": _span_json(dose.duration),
        "at_most_for": _span_json(dose.at_most_for),
        "taper": [{"to": _amount_json(s.to), "over": _span_json(s.over)} for s in dose.taper] or None,
        "max_rate": None if dose.max_rate is None else _quantity_json(dose.max_rate),
        "min_age": _span_json(dose.min_age),
        "compute": None if dose.compute else "never",
    }
    stated = {key: value for key, value in where_stated.items() if value is not None}
    return {**always, **stated, "text": render(dose, name)}


def _quantity_json(quantity: Quantity) -> dict[str, Json]:
    return {"value": json_number(quantity.value), "unit": quantity.unit}


def _amount_json(amount: Amount | None) -> Json:
    if amount is None:
        return None
    low = None if amount.low is None else json_number(amount.low)
    return {"low": low, "high": json_number(amount.high), "unit": amount.unit}


def _span_json(span: Span | None) -> Json:
    return None if span is None else _amount_json(Amount(span.low, span.high or span.low, span.unit))


def _frequency_json(frequency: Frequency | None) -> Json:
    if frequency is None:
        return None
    return {
        "times": {"low": frequency.times, "high": frequency.times_high or frequency.times},
        "every": _span_json(frequency.every),
        "as_needed": frequency.as_needed,
    }


def _cap_json(cap: Cap) -> Json:
    over: dict[str, Json] = {} if cap.over is None else {"over": _span_json(cap.over)}
    return {**_quantity_json(cap.amount), "per": str(cap.per), **over}
