"""Names that are not in the library, names that could be two things, and medicines that exist but have no sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vademecum.answer.names import Names
from vademecum.answer.other_drugs import other_drugs
from vademecum.evidence.terms import STOP, fold, words

_DRUG_LIKE = re.compile(
    r"^[a-z]{3,}(?:umab|ximab|zumab|lizumab|mumab|tinib|ciclib|statin|azole|oxacin|mycin|cillin|penem|sartan|dipine|olol|"
    r"gliptin|gliflozin|glutide|xaban|parin|grel|triptan|setron|prazole|tidine|zepam|lonib|anib|enib|rinib|zolam|barbital|oxetine|pramine|"
    r"faxine|peridone|apine|caine|curium|curonium|profen|coxib|oxicam|fenac|sone|solone|onide|terol|tropium|lukast|"
    r"vudine|navir|tegravir|ciclovir|fungin|quine|bendazole|ectin|platin|rubicin|taxel|bicin|limus|trexed|trexate|"
    r"fibrate|afil|osin|dronate|parib|zomib|cept|kinra|atril|azolide|enacin|onapril|april|clorol|[aeiou]mab|molast|oxine|"
    r"oxaban|gepant|tadine|thrin)s?$"
)
_THING = (
    "syndrome|disease|sign|trial|study|criteria|phenomenon|reflex|disorder|myositis|myopathy|dermatomyositis|"
    "dystrophy|palsy|arthritis|anaemia|anemia|score|test|protocol|regimen"
)
_SMALL = r"(?:for|in|of|with|and|or|on|to|as|is|the|a|an|has|have|had|after|does|do|can|should|still)\b"
_NAMED_THING = re.compile(
    # a capitalised name before a word for a disease, sign or study
    rf"\b([A-Z][\w'’]+(?:[- ](?:[A-Z][\w'’]*|\d+))*)(?:'s|’s)? (?:(?!{_SMALL})[a-z]+ )?(?:{_THING})\b"
)
_MEASURED = re.compile(r"\b(?:serum|plasma|raised serum|urinary) ([a-z][a-z-]{5,}[a-z0-9]*)\b")
_ANTIBODY = re.compile(r"\banti-([A-Z][A-Za-z0-9]*\d[A-Za-z0-9]*|[A-Z]{2,6}\d*)\b")
_COMPARED = re.compile(
    r"\b(?:is|does|would|can) ([a-z]{6,}) (?:\w+ )?(?:better|safer|kinder|stronger|weaker|worse|gentler|cheaper)\b.{0,40}\bthan\b"
)
_DOSED = re.compile(
    r"\b([a-z]{6,}) (?:dose|dosing|dosage)s?\b|\b(?:dose|dosing|dosage)s? of ([a-z]{6,})\b|\b([a-z]{6,}) \d[\d.,]* ?(?:mg|mcg|g|units)\b"
)
_DOSE_WORDS = frozenset(
    [
        "about",
        "absolute",
        "adjusted",
        "adult",
        "already",
        "another",
        "appropriate",
        "approximately",
        "around",
        "average",
        "booster",
        "bridging",
        "burst",
        "ceiling",
        "combined",
        "conventional",
        "correct",
        "cumulative",
        "currently",
        "effective",
        "equivalent",
        "escalating",
        "exact",
        "exactly",
        "fractionated",
        "general",
        "higher",
        "highest",
        "increase",
        "increased",
        "infusion",
        "initial",
        "intermittent",
        "largest",
        "licensed",
        "loading",
        "lowest",
        "milligram",
        "minimal",
        "minimum",
        "missed",
        "moderate",
        "normal",
        "optimal",
        "option",
        "paediatric",
        "pediatric",
        "physiologic",
        "physiological",
        "preferred",
        "prescribed",
        "prophylactic",
        "prophylaxis",
        "reduce",
        "reduced",
        "rescue",
        "roughly",
        "single",
        "sliding",
        "smallest",
        "standard",
        "steady",
        "stress",
        "suggested",
        "taking",
        "tapering",
        "target",
        "therapeutic",
        "titration",
        "tolerated",
        "typical",
        "ultralow",
        "until",
        "unusual",
    ]
)
"""Words that stand before "dose" and name no drug; most others are in the library's own vocabulary."""
_ABBREVIATED = re.compile(r"\b([A-Z]{2,5})\s+\d[\d.,]*\s?(?:mg|mcg|g|units)\b")
_ILLEGIBLE = re.compile(
    r"\b(?:can(?:'t|not) read|smudged|illegible|handwriting|unclear (?:script|label)|script (?:is|says)|which (?:one )?did (?:he|she|they) mean)\b"
)
_IDENTIFIER = re.compile(r"\b(?:pmid:?\s*\d{5,9}|nct\d{8}|10\.\d{4,}/\S+)\b", re.IGNORECASE)
_WHICH_UNIT = re.compile(r"\b(?:mg or mcg|mcg or mg|mg or g\b|g or mg|mg or ml|ml or mg|units or mg|mg or units)\b")


_EPONYMS = frozenset(
    [
        "addison",
        "alzheimer",
        "behcet",
        "becker",
        "bell",
        "charcot",
        "chagas",
        "conn",
        "crohn",
        "cushing",
        "duchenne",
        "dupuytren",
        "eaton",
        "graves",
        "guillain",
        "barre",
        "hashimoto",
        "hodgkin",
        "huntington",
        "kawasaki",
        "kennedy",
        "lambert",
        "lyme",
        "marfan",
        "mcardle",
        "parkinson",
        "paget",
        "pompe",
        "raynaud",
        "sjogren",
        "still",
        "tourette",
        "west",
        "whipple",
        "wilson",
    ]
)
"""Diseases that exist: not in the library is said of them, not that there is no such thing."""


def unknown_names(text: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that look like a drug, a named disease, a trial or an identifier and are not in the library.

    The second part holds the library's names that one of them is easily taken for. Medicines that exist without a
    sheet are not among them: see `without_sheet`.
    """
    unknown: list[str] = []
    near: list[str] = []
    for word in dict.fromkeys(words(text)):
        bare = word.rstrip("-0123456789")
        if word in names.look_alikes:
            unknown.append(word)
            near.append(names.library.drugs[names.look_alikes[word]].title)
        elif len(word) > 5 and _DRUG_LIKE.match(bare) and not names.known(word) and bare not in other_drugs():
            unknown.append(word)
    for match in _NAMED_THING.finditer(text):
        parts = [w for w in words(match[1]) if w not in STOP]
        whole = max(map(len, parts), default=0) > 3
        if whole and not any(names.known(part) or part in _EPONYMS for part in parts):
            unknown.append(match[0])
    for match in _MEASURED.finditer(fold(text)):
        if not any(names.known(part) for part in words(match[1])) and match[1] not in other_drugs():
            unknown.append(match[1])
    for match in _ANTIBODY.finditer(text):
        if not names.known(match[0].lower()) and not names.known(match[1].lower()):
            unknown.append(match[0])
    for match in _COMPARED.finditer(fold(text)):
        if not names.known(match[1]) and not names.library.classes_in(match[1]):
            unknown.append(match[1])
    for match in _DOSED.finditer(fold(text)):
        word = next(filter(None, match.groups()))
        other = word in other_drugs() or word in STOP or word in _DOSE_WORDS
        if not other and not names.known(word) and not names.library.classes_in(word):
            unknown.append(word)
    keys = {k for s in names.library.sources.values() for k in (s.pmid, s.doi) if k}
    for match in _IDENTIFIER.finditer(text):
        if re.sub(r"(?i)pmid:?\s*", "", match[0]) not in keys:
            unknown.append(match[0])
    return tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(near))


def unknown_reasons(unknown: Sequence[str], near: Sequence[str]) -> tuple[str, ...]:
    said = ", ".join(unknown)
    reasons = [f"The library holds nothing under: {said}. Nothing is said about it, and nothing was guessed."]
    if near:
        reasons.append(f"Did you mean {' or '.join(near)}? The names look or sound alike; nothing was substituted.")
    reasons.append("Check the spelling, or add a pack or drug sheet of your own (`vade pack new`, then --packs).")
    return tuple(reasons)


_OTHER_CONDITIONS = re.compile(
    r"\b(?:PMR|GCA|IBD|COPD|ALS|MND|GBS|CIDP|ITP|TTP|DMD|BMD|LEMS|ADHD|OCD|PTSD|T2DM|T1DM|N?STEMI)\b"
)


def other_conditions(text: str, names: Names, *, named: bool) -> tuple[str, ...]:
    """Conditions of the question that exist and that the library does not hold.

    Eponyms always; abbreviations only where no condition of ours is `named` beside them.
    """
    found = [
        match[0]
        for match in _NAMED_THING.finditer(text)
        if any(part in _EPONYMS and not names.known(part) for part in words(match[1]))
    ]
    if not named:
        found += [m[0] for m in _OTHER_CONDITIONS.finditer(text) if not names.known(m[0].lower())]
    return tuple(dict.fromkeys(found))


def without_sheet(text: str, names: Names) -> dict[str, str]:
    """Medicines of the question that exist and have no sheet here, with their class in words."""
    return {word: other_drugs()[word] for word in words(text) if word in other_drugs() and word not in names.drug_words}


_NOT_DRUGS = frozenset(
    {"CK", "IV", "PO", "IM", "SC", "ESR", "CRP", "LDH", "ALT", "AST", "BMI", "UK", "US", "TB", "INR", "ED"}
)


def doubtful_names(text: str, drugs: Sequence[str], names: Names) -> tuple[str, ...]:
    """Why a name or unit in the question cannot be decided by us, in words; empty when nothing is in doubt."""
    library = names.library
    found = []
    for word in dict.fromkeys(words(text)):
        ours = names.look_alikes.get(word)
        if ours is not None and ours in drugs:
            found.append(f"{word} and {library.drugs[ours].title.lower()} look or sound alike; say which one is meant")
        elif len(word) >= 4 and word.isalpha() and not names.known(word) and not library.classes_in(word):
            starts = names.beginning_with(word)
            if len(starts) > 1:
                found.append(f"{word!r} could be {' or '.join(starts)}; write the whole name")
    for match in _ABBREVIATED.finditer(text):
        if not library.drugs_in(match[1]) and not names.known(match[1].lower()) and match[1] not in _NOT_DRUGS:
            found.append(f"{match[1]} is an abbreviation that can mean more than one drug; write the whole name")
    if _ILLEGIBLE.search(fold(text)):
        found.append("a name that cannot be read for sure must not be guessed; ask the prescriber")
    if _WHICH_UNIT.search(fold(text)):
        found.append(
            "mg, mcg, g, mL and units differ a thousandfold or cannot be converted; read the unit from the label"
        )
    return tuple(found)
