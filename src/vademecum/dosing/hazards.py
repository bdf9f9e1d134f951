"""Known ways a dose kills, and amounts nobody means.

Stops: the ISMP list of high-alert medicines and its targeted best practices (weekly methotrexate, vinca alkaloids
never intrathecal, concentrated potassium never undiluted), boxed warnings of the labels. Flags: an amount far above
the largest single adult dose in use, which usually is mg for mcg or a misplaced point. The ceilings are deliberately
generous: they find errors of unit, they are no dosing advice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from vademecum.dosing.model import Amount, Frequency, Per, Quantity, Route, Span
from vademecum.dosing.reading import Level, ReadingWarning
from vademecum.dosing.render import render_amount, render_quantity
from vademecum.dosing.units import compare, convert, same_kind


class Facts(NamedTuple):
    """What is known of a text when its hazards are looked for; parts may be missing."""

    text: str
    drug: str
    amount: Amount | None = None
    per: Per | None = None
    frequency: Frequency | None = None
    route: Route | None = None
    weight: Quantity | None = None
    capped: bool = False  # a ceiling per day is stated


class Expansion(NamedTuple):
    """A drug abbreviation that has one meaning but has been misread."""

    drug: str
    note: str


ABBREVIATIONS = {
    "MTX": Expansion("methotrexate", "MTX has been read as mitoxantrone"),
    "MgSO4": Expansion("magnesium sulfate", "MgSO4 has been read as morphine sulfate"),
    "KCl": Expansion("potassium chloride", "write the drug name in full"),
    "KCL": Expansion("potassium chloride", "write the drug name in full"),
    "NaCl": Expansion("sodium chloride", "write the drug name in full"),
    "CaCl2": Expansion("calcium chloride", "write the drug name in full"),
    "ZnSO4": Expansion("zinc sulfate", "ZnSO4 has been read as morphine sulfate"),
    "FeSO4": Expansion("ferrous sulfate", "write the drug name in full"),
    "HCTZ": Expansion("hydrochlorothiazide", "HCTZ has been read as hydrocortisone"),
    "APAP": Expansion("paracetamol", "APAP is not recognised as paracetamol (acetaminophen)"),
    "ASA": Expansion("aspirin", "write the drug name in full"),
    "VCR": Expansion("vincristine", "write the drug name in full"),
}
_SAME = {
    "acetaminophen": "paracetamol",
    "tylenol": "paracetamol",
    "panadol": "paracetamol",
    "epinephrine": "adrenaline",
    "norepinephrine": "noradrenaline",
    "epipen": "adrenaline",
    "albuterol": "salbutamol",
    "oncovin": "vincristine",
    "trexall": "methotrexate",
    "rheumatrex": "methotrexate",
    "lanoxin": "digoxin",
    "l-thyroxine": "levothyroxine",
    "thyroxine": "levothyroxine",
    "synthroid": "levothyroxine",
    "potassium-chloride-concentrate": "potassium-chloride",
    "bicillin": "benzathine-benzylpenicillin",
    "benzathine-penicillin": "benzathine-benzylpenicillin",
    "penicillin-g-benzathine": "benzathine-benzylpenicillin",
    "meperidine": "pethidine",
    "glyburide": "glibenclamide",
    "lignocaine": "lidocaine",
}
_WEEKLY_ONLY = frozenset(("methotrexate",))
_NEVER_BY = (
    (
        ("vincristine", "vinblastine", "vinorelbine", "vindesine", "vinflunine"),
        (Route.INTRATHECAL,),
        "intrathecal {drug} is fatal",
    ),
    (("bortezomib",), (Route.INTRATHECAL,), "intrathecal {drug} is fatal"),
    (("tranexamic-acid",), (Route.INTRATHECAL,), "intrathecal {drug} has caused seizures and death"),
    (
        ("benzathine-benzylpenicillin",),
        (Route.INTRAVENOUS,),
        "intravenous {drug} has caused cardiac arrest; it is for deep intramuscular injection",
    ),
    (("nimodipine",), (Route.INTRAVENOUS,), "oral {drug} given intravenously has caused death"),
    (("bupivacaine", "ropivacaine"), (Route.INTRAVENOUS,), "intravenous {drug} has caused cardiac arrest"),
    (("promethazine",), (Route.SUBCUTANEOUS,), "subcutaneous {drug} has caused gangrene"),
    (
        ("potassium-chloride", "potassium-phosphate", "potassium"),
        (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS, Route.INTRATHECAL),
        "{drug} is given by mouth or as a dilute intravenous infusion only",
    ),
)
_NEVER_PUSHED = frozenset(("potassium-chloride", "potassium-phosphate", "potassium", "hypertonic-saline"))
_PUSH = re.compile(
    r"\b(?:push(?:ed)?|bolus|undiluted|direct(?:ly)?\s+(?:iv|intravenous(?:ly)?)|neat|rapid(?:ly)?)\b", re.I
)
_SALINE_PUSH = re.compile(r"(?:23\.4|10|20|30)\s?%", re.I)
_ANAPHYLAXIS = re.compile(r"anaphyla", re.I)

_SINGLE = """
fentanyl 2 mg | sufentanil 1 mg | remifentanil 2 mg | alfentanil 10 mg | digoxin 1.5 mg | levothyroxine 0.6 mg
liothyronine 0.2 mg | clonidine 0.6 mg | calcitriol 10 ug | alfacalcidol 20 ug | desmopressin 1.2 mg
fludrocortisone 1 mg | misoprostol 0.8 mg | colchicine 2 mg | paracetamol 1 g | morphine 200 mg | oxycodone 160 mg
hydromorphone 64 mg | buprenorphine 32 mg | codeine 120 mg | tramadol 400 mg | methadone 150 mg | naloxone 10 mg
alprazolam 4 mg | lorazepam 10 mg | diazepam 40 mg | midazolam 30 mg | clonazepam 8 mg | haloperidol 30 mg
warfarin 20 mg | apixaban 10 mg | rivaroxaban 30 mg | edoxaban 60 mg | dabigatran 300 mg | heparin 20000 [IU]
insulin 300 [IU] | oxytocin 40 [IU] | vasopressin 40 [IU] | glucagon 10 mg | octreotide 1 mg | methotrexate 50 mg
ramipril 20 mg | lisinopril 80 mg | enalapril 40 mg | amlodipine 20 mg | bisoprolol 20 mg | nebivolol 40 mg
simvastatin 80 mg | atorvastatin 80 mg | rosuvastatin 40 mg | ezetimibe 10 mg | metformin 2.55 g | glibenclamide 20 mg
glimepiride 8 mg | empagliflozin 25 mg | dapagliflozin 10 mg | ibuprofen 1.2 g | naproxen 1.25 g | diclofenac 150 mg
tacrolimus 30 mg | sirolimus 40 mg | risperidone 16 mg | olanzapine 40 mg | zolpidem 12.5 mg | baclofen 100 mg
tizanidine 16 mg | cyclobenzaprine 30 mg | ondansetron 32 mg | metoclopramide 40 mg | salbutamol 20 mg
tiotropium 40 ug | ipratropium 1 mg | atropine 5 mg | glycopyrronium 4 mg | neostigmine 15 mg | flumazenil 3 mg
noradrenaline 1 mg | isoprenaline 1 mg | folic-acid 15 mg | cyanocobalamin 5 mg | hydroxocobalamin 5 g
vitamin-d 600000 [IU] | allopurinol 900 mg | febuxostat 120 mg | dexamethasone 100 mg | potassium-chloride 100 mmol
magnesium-sulfate 20 g | ketamine 700 mg | propofol 500 mg | lithium 2 g | clozapine 600 mg | sumatriptan 100 mg
vincristine 4 mg | terbutaline 10 mg | botulinum-toxin 1500 [IU] | enoxaparin 200 mg | dalteparin 20000 [IU]
"""
_DAILY = "paracetamol 4 g | ibuprofen 3.2 g | naproxen 1.5 g | colchicine 3 mg | cyclobenzaprine 60 mg | digoxin 1.5 mg"
_PER_WEIGHT = {"paracetamol": (Quantity(Fraction(15), "mg/kg"), Quantity(Fraction(75), "mg/kg"))}


def _ceilings(table: str) -> dict[str, Quantity]:
    rows = [row.split() for line in table.strip().splitlines() for row in line.split("|")]
    return {drug: Quantity(Fraction(value), unit) for drug, value, unit in rows}


_LARGEST_SINGLE, _LARGEST_DAILY = _ceilings(_SINGLE), _ceilings(_DAILY)


_ALL_KNOWN = frozenset(
    (
        *_LARGEST_SINGLE,
        *_WEEKLY_ONLY,
        *_NEVER_PUSHED,
        "sodium-chloride",
        *(drug for drugs, _, _ in _NEVER_BY for drug in drugs),
    )
)


def slug(drug: str) -> str:
    """The drug's words as an id: "immune globulin" is immune-globulin."""
    return "-".join(drug.lower().split())


def _known_as(drug: str) -> str:
    """The id the tables know the drug by: as named, or by one of its words, as in "insulin glargine"."""
    key = slug(drug).replace("sulph", "sulf")
    for name in (key, *key.split("-")):
        known = _SAME.get(name, name)
        if known in _ALL_KNOWN:
            return known
    return _SAME.get(key, key)


def _stop(code: str, message: str, ask: str) -> ReadingWarning:
    return ReadingWarning(code, Level.STOP, message, ask)


def _weekly_given_daily(facts: Facts) -> Iterator[ReadingWarning]:
    if _known_as(facts.drug) not in _WEEKLY_ONLY or not _more_often_than_weekly(facts):
        return
    yield _stop(
        "weekly_drug_daily",
        f"{facts.drug} daily is a never event outside oncology: daily doses have killed",
        f"Is {facts.drug} meant weekly? On which day?",
    )


def _weekly_without_period(facts: Facts) -> Iterator[ReadingWarning]:
    stated = facts.per not in (None, Per.DOSE) or (facts.frequency is not None and facts.frequency.every is not None)
    if _known_as(facts.drug) in _WEEKLY_ONLY and facts.amount is not None and not stated:
        message = f"{facts.drug} without a period: it has killed when a weekly dose was taken daily"
        yield ReadingWarning("weekly_drug_without_period", Level.FLAG, message, "Is it once weekly, and on which day?")


_EVERY_DAY = re.compile(
    r"\bmon(?:day)?s?\s*(?:-|–|to|through)\s*(?:fri|sun)|\bweekdays\b|\b(?:at|every|each)\s+(?:night|bedtime|evening|morning)"
    r"|\bin\s+the\s+(?:morning|evening)|\bmornings\b|\bevery\s+day\b",
    re.I,
)


def _more_often_than_weekly(facts: Facts) -> bool:
    frequency = facts.frequency
    if facts.per in (Per.DAY, Per.HOUR, Per.MINUTE) or (facts.per is not Per.WEEK and _EVERY_DAY.search(facts.text)):
        return True
    if frequency is None or frequency.every is None:
        return False
    every = Quantity(frequency.every.low, frequency.every.unit)
    if not same_kind(every.unit, "wk"):
        return False
    week = Quantity(Fraction(1), "wk")
    often = (frequency.times_high or frequency.times) > 1 and facts.per is not Per.WEEK
    return compare(every, week) < 0 or (compare(every, week) == 0 and often)


def _route_never(facts: Facts) -> Iterator[ReadingWarning]:
    drug = _known_as(facts.drug)
    for drugs, routes, message in _NEVER_BY:
        if facts.route in routes and drug in drugs:
            said = message.format(drug=facts.drug)
            yield _stop("route_never", said, f"By which route is {facts.drug} meant?")


def _never_pushed(facts: Facts) -> Iterator[ReadingWarning]:
    drug = _known_as(facts.drug)
    concentrated = drug == "sodium-chloride" and _SALINE_PUSH.search(facts.text)
    if (drug in _NEVER_PUSHED or concentrated) and _PUSH.search(facts.text) and facts.route is not Route.ORAL:
        yield _stop(
            "never_undiluted",
            f"{facts.drug} is never given undiluted or as a bolus: it stops the heart",
            "In what volume and over what time is it to be infused?",
        )


def _flag(facts: Facts, ceiling: Quantity, period: str) -> ReadingWarning:
    amount = facts.amount
    shown = "" if amount is None else render_amount(amount)
    finer = _thousandth(amount, ceiling)
    guess = f" or {finer}" if finer else ""
    return ReadingWarning(
        "above_usual",
        Level.FLAG,
        f"{facts.drug} {shown} is more than the largest {period} in use ({render_quantity(ceiling)}); "
        "compare it with the source",
        f"Is {shown}{guess} meant?",
    )


def _thousandth(amount: Amount | None, ceiling: Quantity) -> str:
    finer = {"g": "mg", "mg": "ug", "ug": "ng"}.get(amount.unit if amount else "")
    if amount is None or finer is None or compare(Quantity(amount.high, finer), ceiling) > 0:
        return ""
    if compare(Quantity(amount.high / 10, amount.unit), ceiling) < 0:  # too close for an error of unit
        return ""
    return render_quantity(Quantity(amount.high, finer))


def _above(facts: Facts, ceiling: Quantity | None) -> bool:
    amount = facts.amount
    if amount is None or amount.high <= 0 or ceiling is None or not same_kind(amount.unit, ceiling.unit):
        return False
    return compare(Quantity(amount.high, amount.unit), ceiling) > 0


def _above_usual(facts: Facts) -> Iterator[ReadingWarning]:
    drug = _known_as(facts.drug)
    single, daily = _LARGEST_SINGLE.get(drug), _LARGEST_DAILY.get(drug)
    if drug == "adrenaline":
        single = Quantity(Fraction(1), "mg")
        if facts.route in (Route.INTRAMUSCULAR, Route.SUBCUTANEOUS) or (
            facts.route is None and _ANAPHYLAXIS.search(facts.text)
        ):
            single = Quantity(Fraction(1, 2), "mg")
    if facts.route is Route.NEBULISED and drug == "adrenaline":
        single = Quantity(Fraction(5), "mg")
    if single is not None and daily is None:  # an amount "per day" is mostly given once or twice
        daily = Quantity((2 if facts.per is Per.DAY and facts.frequency is None else 4) * single.value, single.unit)
    in_one = facts.per is Per.DAY and facts.frequency is not None and facts.frequency == _ONCE_DAILY
    if single is not None and (facts.per in (None, Per.DOSE) or in_one) and _above(facts, single):
        yield _flag(facts, single, "single adult dose")
    elif daily is not None and _above(_in_a_day(facts), daily):
        yield _flag(_in_a_day(facts), daily, "adult dose of a day")


_ONCE_DAILY = Frequency(1, Span(Fraction(1), "d"))


def _in_a_day(facts: Facts) -> Facts:
    """The facts with the amount that a day's schedule adds up to; without an amount if that is not exact."""
    amount, frequency = facts.amount, facts.frequency
    if amount is None or facts.per is Per.DAY:
        return facts
    if facts.per not in (None, Per.DOSE) or frequency is None or frequency.every is None or facts.capped:
        return facts._replace(amount=None)
    longest = Quantity(frequency.every.high or frequency.every.low, frequency.every.unit)
    if not same_kind(longest.unit, "h"):
        return facts._replace(amount=None)
    doses = 24 * frequency.times / convert(longest, "h").value
    return facts._replace(amount=Amount(None, amount.high * (doses.numerator // doses.denominator), amount.unit))


def _above_for_weight(facts: Facts) -> Iterator[ReadingWarning]:
    limits = _PER_WEIGHT.get(_known_as(facts.drug))
    if limits is None or facts.weight is None or facts.amount is None or not same_kind(facts.amount.unit, "mg"):
        return
    per_kg = convert(Quantity(facts.amount.high, facts.amount.unit), "mg").value / convert(facts.weight, "kg").value
    ceiling = limits[1] if facts.per is Per.DAY else limits[0]
    if per_kg > ceiling.value:
        yield ReadingWarning(
            "above_usual_for_weight",
            Level.FLAG,
            f"{render_amount(facts.amount)} for {render_quantity(facts.weight)} is more than "
            f"{render_quantity(ceiling)} per {'day' if facts.per is Per.DAY else 'dose'}; compare it with the source",
            "What is the ceiling at this weight?",
        )


_RULES: tuple[Callable[[Facts], Iterator[ReadingWarning]], ...] = (
    _weekly_given_daily,
    _weekly_without_period,
    _route_never,
    _never_pushed,
    _above_usual,
    _above_for_weight,
)


def hazards(facts: Facts) -> list[ReadingWarning]:
    """Every stop and flag for what is known; empty means none of the rules applies."""
    return [warning for rule in _RULES for warning in rule(facts)]
