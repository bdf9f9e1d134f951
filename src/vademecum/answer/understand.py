"""What a question asks, read without a model: from its words and from the names the library knows.

The order is fixed: is it usable text, is someone in danger, is it ours to answer, what does it name, whom is it about,
what does it want to know. Nothing is guessed: a name that is not in the library is said to be unknown, a word that
could be two drugs is shown as both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from vademecum.answer import relevance
from vademecum.answer.intents import intent_of
from vademecum.answer.names import Found, Names
from vademecum.answer.population import group_of
from vademecum.answer.question import Group, Outcome, Understanding
from vademecum.answer.text import other_language, usable
from vademecum.answer.triage import Triage, triage
from vademecum.evidence.model import Population
from vademecum.evidence.terms import STOP, fold, stem, terms, words
from vademecum.packs.library import Library
from vademecum.packs.model import Fork


def understand(question: str, library: Library) -> Understanding:
    """Read `question`. Raises UsageError for text that cannot be a question (empty, huge, binary)."""
    text = usable(question)
    if (language := other_language(text)) is not None:
        return Understanding(
            question=question.strip(),
            outcome=Outcome.OUT_OF_SCOPE,
            reasons=(f"The question seems to be {language}; the library and the program read English only.",),
        )
    danger = triage(text)
    names = Names.of(library)
    group, facts = group_of(text)
    found, ambiguous = names.misspelt(text)
    corrected = _corrected(text, found)
    corrections = tuple(f"{slip.asked!r} read as {slip.name}" for slip in found)
    drugs = _drugs(corrected, library)
    packs, fork = _lead(_packs(corrected, names), fork_of(corrected, library.forks), library)
    base = Understanding(
        question=question.strip(),
        intent=intent_of(corrected, drugs),
        group=group,
        packs=packs,
        drugs=drugs,
        fork=fork.id if fork else None,
        premise=(*_premise(corrected, library, packs, drugs), *(fork.premise if fork else ())),
        terms=terms(corrected),
        facts=facts,
        corrections=corrections,
        assumptions=(),
    )
    if danger is not None and danger.outcome is not Outcome.PATIENT_SPECIFIC:
        keep = danger.outcome is Outcome.EMERGENCY
        return _with(
            base,
            outcome=danger.outcome,
            reasons=danger.reasons,
            packs=packs if keep else (),
            drugs=drugs if keep else (),
            fork=base.fork if keep else None,
            premise=base.premise if keep else (),
        )
    if ambiguous:
        both = "; ".join(f"{a.asked!r} could be {' or '.join(a.candidates)}" for a in ambiguous)
        return _with(
            base,
            outcome=Outcome.CLARIFY,
            packs=(),
            drugs=(),
            reasons=(f"{both}. These names look or sound alike: say which one is meant.",),
        )
    unknown, near = unknown_names(corrected, names)
    if unknown:
        return _with(
            base,
            outcome=Outcome.NO_SUCH_ENTITY,
            packs=(),
            drugs=(),
            unknown=unknown,
            near=near,
            reasons=_unknown_reasons(unknown, near),
        )
    if not packs and not drugs:
        return _nothing_named(base, library)
    if fork is None and base.premise and danger is None and _TAKEN_FOR_GRANTED.search(fold(corrected)):
        base = _with(base, outcome=Outcome.FALSE_PREMISE)
    return _with(_for_group(base, library), **_specific(danger))


# --- what it names -------------------------------------------------------------------------------------


def _corrected(text: str, found: Sequence[Found]) -> str:
    folded = fold(text)
    for slip in found:
        folded = re.sub(rf"\b{re.escape(slip.asked)}\b", fold(slip.name), folded)
    return folded if found else text


def _drugs(text: str, library: Library) -> tuple[str, ...]:
    """Drugs named, each base once (prednisone and prednisolone are one sheet)."""
    return tuple({library.base_of(drug): drug for drug in reversed(library.drugs_in(text))}.values())[::-1]


def fork_of(text: str, forks: Sequence[Fork]) -> tuple[Fork, frozenset[str]] | None:
    """The fork whose longest phrase has all its words in the question, with the stems of that phrase."""
    asked = set(terms(text))
    found = [
        (len(wanted), -place, fork, wanted)
        for place, fork in enumerate(forks)
        for phrase in fork.asked_as
        if (wanted := frozenset(terms(phrase))) and wanted <= asked
    ]
    if not found:
        return None
    best = max(found, key=lambda entry: entry[:2])
    return best[2], best[3]


def _packs(text: str, names: Names) -> tuple[tuple[str, frozenset[str]], ...]:
    """Packs named in the question with the stems of the name that matched, the most telling first."""
    asked = set(terms(text))
    library = names.library
    return tuple(
        (pack, stems) for pack, stems in names.packs_in(text) if not _is_other(library.packs[pack].not_names, asked)
    )


def _lead(
    named: Sequence[tuple[str, frozenset[str]]], forked: tuple[Fork, frozenset[str]] | None, library: Library
) -> tuple[tuple[str, ...], Fork | None]:
    """Which pack leads, and whether the wording is open.

    A name that says more than the fork's phrase ("muscle spasms in tetanus") settles the reading; otherwise the fork's
    best reading leads and the readings are shown.
    """
    ordered = tuple(pack for pack, _ in named)
    if forked is None:
        return ordered, None
    fork, phrase = forked
    settled = [pack for pack, stems in named if not stems <= phrase]
    if settled:
        return (*settled, *(pack for pack in ordered if pack not in settled)), None
    best = next((reading.pack for reading in fork.readings if reading.best), fork.readings[0].pack)
    if best not in library.packs:
        return ordered, None
    return (best, *(pack for pack in ordered if pack != best)), fork


_TAKEN_FOR_GRANTED = re.compile(
    r"^(?:which|how (?:much|many|long|often|high|soon)|why|since|as|given|because|when should|start|give|prescrib\w+|"
    r"what (?:is the |are the )?(?:daily |best |right |usual |maximum |weekly )?"
    r"(?:dose|steroid|drug|amount|course|ceiling))\b|\bsince\b|\bgiven that\b"
)
"""Ways of asking that take their premise for granted; "does X help?" asks about it and is answered plainly."""


def _premise(text: str, library: Library, packs: Sequence[str], drugs: Sequence[str]) -> tuple[str, ...]:
    """Statements that correct a mistaken assumption about what the question names."""
    asked = set(terms(text))
    about = {*packs, *drugs, *(library.base_of(drug) for drug in drugs)}
    for premise, holder in library.premises:
        if holder in about and any(set(terms(phrase)) <= asked for phrase in premise.asked_as):
            return premise.because
    return ()


def _is_other(not_names: Sequence[str], asked: set[str]) -> bool:
    return any(set(terms(name)) <= asked for name in not_names)


_DRUG_LIKE = re.compile(
    r"^[a-z]{3,}(?:umab|ximab|zumab|lizumab|mumab|tinib|ciclib|statin|azole|oxacin|mycin|cillin|penem|sartan|dipine|olol|"
    r"gliptin|gliflozin|glutide|xaban|parin|grel|triptan|setron|prazole|tidine|zepam|zolam|barbital|oxetine|pramine|"
    r"faxine|peridone|apine|caine|curium|curonium|profen|coxib|oxicam|fenac|sone|solone|onide|terol|tropium|lukast|"
    r"vudine|navir|tegravir|ciclovir|fungin|quine|bendazole|ectin|platin|rubicin|taxel|bicin|limus|trexed|trexate|"
    r"fibrate|afil|osin|dronate|parib|zomib|cept|kinra|atril|azolide|enacin|onapril|april|clorol)s?$"
)
_NAMED_THING = re.compile(
    # a capitalised name before a word for a disease, sign or study
    r"\b((?:[A-Z][\w'’]+(?:[- ][A-Z][\w'’]+)*))(?:'s|’s)? "
    r"(?:syndrome|disease|sign|trial|study|criteria|phenomenon|reflex|disorder)\b"
)
_IDENTIFIER = re.compile(r"\b(?:pmid:?\s*\d{5,9}|nct\d{8}|10\.\d{4,}/\S+)\b", re.IGNORECASE)


def unknown_names(text: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that look like a drug, a named disease, a trial or an identifier and are not in the library."""
    unknown: list[str] = []
    near: list[str] = []
    for word in dict.fromkeys(words(text)):
        if word in names.look_alikes:
            unknown.append(word)
            near.append(names.library.drugs[names.look_alikes[word]].title)
        elif len(word) > 5 and _DRUG_LIKE.match(word.rstrip("-0123456789")) and not names.known(word):
            unknown.append(word)
    for match in _NAMED_THING.finditer(text):
        parts = [w for w in words(match[1]) if w not in STOP]
        if parts and not any(names.known(part) for part in parts):
            unknown.append(match[0])
    keys = {k for s in names.library.sources.values() for k in (s.pmid, s.doi) if k}
    for match in _IDENTIFIER.finditer(text):
        if re.sub(r"(?i)pmid:?\s*", "", match[0]) not in keys:
            unknown.append(match[0])
    return tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(near))


def _unknown_reasons(unknown: Sequence[str], near: Sequence[str]) -> tuple[str, ...]:
    said = ", ".join(unknown)
    reasons = [f"The library holds nothing under: {said}. Nothing is said about it, and nothing was guessed."]
    if near:
        reasons.append(f"Did you mean {' or '.join(near)}? The names look or sound alike; nothing was substituted.")
    reasons.append("Check the spelling, or import a source about it.")
    return tuple(reasons)


# --- when nothing is named -----------------------------------------------------------------------------

_CLINICAL = frozenset(
    stem(word)
    for word in [
        "treatment",
        "treat",
        "therapy",
        "dose",
        "dosage",
        "drug",
        "medicine",
        "medication",
        "patient",
        "disease",
        "syndrome",
        "symptom",
        "symptoms",
        "diagnosis",
        "diagnose",
        "test",
        "blood",
        "pain",
        "infection",
        "cancer",
        "surgery",
        "antibiotic",
        "vaccine",
        "pregnancy",
        "pressure",
        "heart",
        "kidney",
        "liver",
        "lung",
        "brain",
        "fever",
        "injury",
        "wound",
        "fracture",
        "acute",
        "chronic",
        "clinical",
        "trial",
        "guideline",
        "mg",
        "tablet",
        "injection",
        "side",
        "effect",
        "adverse",
        "risk",
        "mortality",
        "screening",
        "prevention",
        "doctor",
        "nurse",
        "hospital",
        "rash",
        "cough",
        "diabetes",
        "asthma",
        "stroke",
        "sepsis",
        "steroid",
        "insulin",
        "muscle",
        "weakness",
        "spasm",
        "cramp",
        "nausea",
        "vomiting",
        "headache",
        "depression",
        "anxiety",
        "overdose",
        "poisoning",
        "allergy",
        "anaesthesia",
        "medical",
        "health",
        "illness",
        "disorder",
        "condition",
        "inflammation",
        "bleeding",
        "anemia",
        "tumour",
        "toxicity",
        "prescribe",
    ]
)


_VAGUE = frozenset(map(stem, ("disease", "syndrome", "symptom", "condition", "illness", "acute", "chronic", "mild")))

_UNKNOWN_RARITY = 7.0
"""Weight of a word the library has never seen: about that of its rarest words."""


def _nothing_named(base: Understanding, library: Library) -> Understanding:
    """No condition and no drug of ours: perhaps the statements speak to the words; otherwise say so."""
    asked = list(dict.fromkeys(base.terms))
    known = [t for t in asked if t in library.vocabulary]
    specific = [t for t in asked if t not in relevance.WISH_WORDS and t not in _VAGUE]
    ranked = relevance.rank(library, specific, library.statements)
    if ranked and len(specific) >= 2:
        top = ranked[0][0]
        home = library.home[top]
        covered = set(library.terms_of(top)) & set(specific)
        rare = sum(relevance.rarity(library, t) for t in covered)
        total = sum(relevance.rarity(library, t) or _UNKNOWN_RARITY for t in specific)
        missed = len(specific) - len(covered)
        if len(covered) >= 2 and missed <= (1 if len(specific) > 3 else 0) and rare >= 0.6 * total:
            found = {"packs": (home,)} if home in library.packs else {"drugs": (home,)}
            return _for_group(_with(base, **found), library)
    if not known and not set(asked) & _CLINICAL:
        return _with(
            base,
            outcome=Outcome.OUT_OF_SCOPE,
            reasons=("It answers clinical questions in English from the guideline packs in its library.",),
        )
    return _with(
        base,
        outcome=Outcome.ABSTAIN,
        reasons=(
            "No pack or drug sheet of the library is about this, so nothing is answered and nothing is guessed.",
            "See what there is with `vade pack list`, ask more narrowly, or add a pack of your own with --packs.",
        ),
    )


# --- the right population ------------------------------------------------------------------------------


def _for_group(base: Understanding, library: Library) -> Understanding:
    """Turn to the pack for the group asked about; without one, say so instead of bending a rule."""
    if not base.packs:
        return base
    pack = library.packs[base.packs[0]]
    wanted: Population | None = None
    if base.group is Group.CHILD and pack.population in {Population.ADULT, Population.OLDER_ADULT}:
        wanted = Population.PAEDIATRIC
    elif base.group in {Group.ADULT, Group.OLDER_ADULT, Group.PREGNANCY} and pack.population is Population.PAEDIATRIC:
        wanted = Population.ADULT
    if wanted is None:
        if base.group is Group.UNSTATED and pack.population is Population.PAEDIATRIC:
            return _with(
                base,
                group=Group.CHILD,
                assumptions=("The condition named is one of children: it is answered for children.",),
            )
        return base
    other = pack.counterparts.get(wanted) or next(
        (p for p in base.packs[1:] if library.packs[p].population in {wanted, Population.ADULT_AND_PAEDIATRIC}), None
    )
    if other is not None and other in library.packs:
        who = "children" if wanted is Population.PAEDIATRIC else "adults"
        said = f"The question is about {who}: {library.packs[other].title} is answered."
        return _with(base, packs=(other, *(p for p in base.packs if p != other)), assumptions=(said,))
    covered = "adults" if wanted is Population.PAEDIATRIC else "children"
    return _with(
        base,
        outcome=Outcome.ABSTAIN,
        packs=(),
        drugs=(),
        fork=None,
        premise=(),
        reasons=(
            f"The library covers {pack.title.lower()} for {covered} only, and no rule is applied to anyone else.",
        ),
    )


def _specific(danger: Triage | None) -> dict[str, object]:
    return {} if danger is None else {"outcome": danger.outcome, "reasons": danger.reasons}


def _with(base: Understanding, **changes: object) -> Understanding:
    return replace(base, **changes)
