"""Sentences that say how much of a drug is, or was, given."""

from __future__ import annotations

import re

from vademecum.dosing.measures import numbers_with_units
from vademecum.dosing.units import kind_of
from vademecum.errors import VademecumError
from vademecum.literature.mining.sentence import Sentence
from vademecum.literature.records import RecordKind
from vademecum.literature.regions import Role

_AMOUNT = re.compile(
    r"[0-9][0-9.,]* ?-?(?:mg|mcg|µg|μg|microg|micrograms?|milligrams?|grams?|g|iu|units?|mmol|meq|ml|mme"
    r"|tablets?|capsules?|mu|puffs?|drops)\b(?!/(?:dl|l|ml|mmol|cm|mm)\b)"
)
_SCHEDULE = re.compile(
    r"\b(?:once|twice|(?:two|three|four|\d) times|thrice)\b(?: (?:a|per|each|every|daily|weekly|in)\b)?"
    r"|\bdaily\b|/ ?d(?:ay)?\b|\b(?:per|a|each) (?:day|week|month|dose|kg)\b|\bevery (?:other |\d|two|three"
    r"|four|six|eight|12|day|week|month)"
    r"|\b(?:weekly|monthly|nightly|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?d|o\.?d|b\.?d|p\.?r\.?n)\b|\bq\d+h\b"
    r"|/(?:week|wk|h|hr|hour|min|kg)\b|\bon days? \d|\bat (?:baseline|bedtime|week|night)\b"
    r"|\bsingle (?:oral |intravenous )?dose\b"
    r"|\bbolus\b|\bloading dose\b|\bas needed\b|\binfusion\b"
)
_GIVING = re.compile(
    r"\bdos(?:e|es|age|ing|ages)\b(?!-)|\badminister|\breceiv|\bgiven\b|\bgive\b|\btreat|\btak(?:e|en|ing)\b"
    r"|\binject|\binfus|\bstart|\bmaintenance\b|\brandom|\bsupplement|\bregimen\b|\btherapy\b|\binitiat"
    r"|\bprescri|\btitrat|\bincreas|\bintravenous|\boral"
)
_STUDIED = frozenset(
    {"34090-1", "43679-0", "43681-6", "43682-4", "34089-3", "43678-2", "34069-5", "51945-4", "34083-6"}
)
_NO_DOSE = re.compile(
    r"\b(?:auc|cmax|concentration|bioavailability|serum level"
    r"|plasma level|intake|consum|alcohol|dietary)\b"
)
_THRESHOLD = re.compile(
    r"(?:[<>≤≥=] ?|\b(?:greater|more|higher|lower|less|other) than |\b(?:above|below|beyond|exceed(?:s|ing)?"
    r"|over|under|at least) |[<>≤≥] ?[0-9.]+ ?(?:to|-|–) ?)$"
)
"""Before an amount that bounds a group or a risk and is not what is given: "at dosages of ≥50 MME/day"."""

_GIVEN = ("mass", "international", "volume", "amount of", "equivalents", "count")
_TABLES = ("concentration", "clearance", "excreted")


_UNITS = (
    *("mg", "mcg", "µg", "μg", " g ", " g/", " g,", "-g ", "iu ", "iu/", "unit", " ml", "mmol", "meq", "mme", "tablet"),
    *("capsule", "puff", "drops", "gram", "microg", "iu)", "iu,", "ml/", "ml ", " mu ", "mu/"),
)
_TESTED = re.compile(
    r"\bp ?[=<>≤] ?0?\.|\b95 ?% ?(?:ci\b|confidence)|\b(?:median|mean|average) (?:[\w-]+ ){0,3}dos(?:e|age)\b"
)
_OF_ANIMALS = re.compile(r"\b(?:mice|mouse|rats?|rabbits?|pigs?|dogs?|monkeys?|animals?|murine)\b")


def is_dose(sentence: Sentence) -> bool:
    """Whether the sentence states an amount together with when or how often it is given to people."""
    low = sentence.low
    if sentence.role in (Role.BACKGROUND, Role.OBJECTIVE) and sentence.kind is RecordKind.CITATION:
        return False
    if sentence.code in _STUDIED or sentence.kind is RecordKind.TRIAL_REGISTRATION:
        return False
    if (
        not any(not _THRESHOLD.search(low, 0, match.start()) for match in _AMOUNT.finditer(low))
        or not _SCHEDULE.search(low)
        or not _GIVING.search(low)
    ):
        return False
    if _NO_DOSE.search(low) or _TESTED.search(low) or _OF_ANIMALS.search(low):
        return False
    return " mme" in low or _measured(sentence.text)


def _measured(text: str) -> bool:
    """Whether the dose reader finds an amount it is sure of; a figure with two readings is not quoted as a dose."""
    try:
        measures = numbers_with_units(text)
    except VademecumError:
        return False
    return any(measure.unit and measure.low is not None and _is_given(measure.unit) for measure in measures)


def _is_given(unit: str) -> bool:
    try:
        kind = kind_of(unit).value
    except VademecumError:
        return False
    return kind.startswith(_GIVEN) and not any(word in kind for word in _TABLES)
