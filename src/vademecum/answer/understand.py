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
from vademecum.answer.entities import (
    doubtful_names,
    other_conditions,
    unknown_names,
    unknown_reasons,
    without_sheet,
)
from vademecum.answer.intents import intent_of
from vademecum.answer.names import Found, Names
from vademecum.answer.population import group_of
from vademecum.answer.question import Group, Intent, Outcome, Understanding, fits
from vademecum.answer.readings import TAKEN_FOR_GRANTED, excluded_in, fork_of, leading, packs_in, premise_of
from vademecum.answer.ruled_out import ruled_out, seeks_another
from vademecum.answer.text import other_language, spelled_out, usable
from vademecum.answer.triage import Triage, other_trade, triage
from vademecum.evidence.model import Population
from vademecum.evidence.terms import fold, stem, terms
from vademecum.packs.library import Library


def understand(question: str, library: Library) -> Understanding:
    """Read `question`. Raises UsageError for text that cannot be a question (empty, huge, binary)."""
    text = usable(question)
    danger = triage(text)
    language = other_language(text)
    if language is not None and (danger is None or danger.outcome not in _WHATEVER_THE_LANGUAGE):
        return Understanding(
            question=question.strip(),
            outcome=Outcome.OUT_OF_SCOPE,
            reasons=(f"The question seems to be {language}; the library and the program read English only.",),
        )
    names = Names.of(library)
    group, facts = group_of(text)
    found, ambiguous = names.misspelt(text)
    corrected = spelled_out(_corrected(text, found))
    corrections = tuple(f"{slip.asked!r} read as {slip.name}" for slip in found)
    drugs = _drugs(corrected, library)
    intent = intent_of(corrected, drugs)
    excluded = ruled_out(corrected, library)
    if excluded and seeks_another(corrected, intent):
        intent = Intent.ALTERNATIVES if drugs else Intent.TREATMENT
    packs, fork = leading(packs_in(corrected, names), fork_of(corrected, library.forks), intent, library)
    if not packs and not drugs:
        drugs = library.classes_in(corrected)
    missing = without_sheet(corrected, names)
    base = Understanding(
        question=question.strip(),
        intent=intent,
        group=group,
        packs=packs,
        drugs=drugs,
        ruled_out=excluded if intent in _OFFERS else (),
        fork=fork.id if fork else None,
        premise=(*premise_of(corrected, library, packs, drugs), *(fork.premise if fork else ())),
        terms=terms(" ".join((corrected, *missing.values()))),
        facts=facts,
        corrections=corrections,
        without_sheet=tuple(missing),
    )
    if danger is not None and danger.outcome is not Outcome.PATIENT_SPECIFIC:
        return _set_aside(base, danger)
    doubts = doubtful_names(corrected, drugs, names)
    if ambiguous:
        doubts = (*(f"{a.asked!r} could be {' or '.join(a.candidates)}" for a in ambiguous), *doubts)
    if doubts:
        return _without_names(base, Outcome.CLARIFY, reasons=tuple(f"{doubt}." for doubt in doubts))
    unknown, near = unknown_names(text, names)
    unknown = tuple(name for name in unknown if name not in {slip.asked for slip in found})
    if unknown:
        reasons = unknown_reasons(unknown, near)
        return _without_names(base, Outcome.NO_SUCH_ENTITY, unknown=unknown, near=near, reasons=reasons)
    aside = bool(packs) and intent not in {Intent.DOSE, Intent.TREATMENT}
    elsewhere = other_conditions(text, names, named=aside)
    if not packs:
        elsewhere = (*excluded_in(corrected, names), *elsewhere)
    if elsewhere:
        said = f"The library holds nothing on {' or '.join(elsewhere)}; what it says of similar names is not applied."
        return _without_names(base, Outcome.ABSTAIN, reasons=(said,))
    if not packs and not drugs:
        return _nothing_named(base, library)
    if fork is None and base.premise and danger is None and TAKEN_FOR_GRANTED.search(fold(corrected)):
        base = replace(base, outcome=Outcome.FALSE_PREMISE)
    return replace(_for_group(base, library), **_specific(danger))


_OFFERS = frozenset({Intent.TREATMENT, Intent.ALTERNATIVES, Intent.REFRACTORY})
"""Intents that end in an offer, so that what is ruled out has to be left out."""

_WHATEVER_THE_LANGUAGE = frozenset({Outcome.EMERGENCY, Outcome.SELF_HARM})


def _set_aside(base: Understanding, danger: Triage) -> Understanding:
    """An emergency keeps what was named, so that the evidence may follow; a crisis or a refusal keeps nothing."""
    if danger.outcome is Outcome.EMERGENCY:
        return replace(base, outcome=danger.outcome, reasons=danger.reasons)
    return _without_names(base, danger.outcome, reasons=danger.reasons)


def _without_names(base: Understanding, outcome: Outcome, **changes: object) -> Understanding:
    return replace(base, outcome=outcome, packs=(), drugs=(), fork=None, premise=(), **changes)


# --- what it names -------------------------------------------------------------------------------------


def _corrected(text: str, found: Sequence[Found]) -> str:
    folded = fold(text)
    for slip in found:
        folded = re.sub(rf"\b{re.escape(slip.asked)}\b", fold(slip.name), folded)
    return folded if found else text


def _drugs(text: str, library: Library) -> tuple[str, ...]:
    """Drugs named, each base once (prednisone and prednisolone are one sheet)."""
    return tuple({library.base_of(drug): drug for drug in reversed(library.drugs_in(text))}.values())[::-1]


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

_PROPER = re.compile(r"\b[A-Za-z]*[A-Z][A-Za-z]*[A-Z0-9]\w*\b")
"""A name such as ProDERM or PROMETHEUS."""

_TELLING = 4.2
"""Rarity from which a single word settles what is meant ("ProDERM"): in fewer than about one statement of a hundred."""

_UNKNOWN_RARITY = 7.0
"""Weight of a word the library has never seen: about that of its rarest words."""


def _nothing_named(base: Understanding, library: Library) -> Understanding:
    """No condition and no drug of ours: perhaps the statements speak to the words; otherwise say so."""
    trade = other_trade(base.question)
    if trade is not None:
        return replace(base, outcome=trade.outcome, reasons=trade.reasons)
    asked = list(dict.fromkeys(base.terms))
    specific = [t for t in asked if t not in relevance.WISH_WORDS and t not in _VAGUE and not t.isdigit()]
    home = _spoken_of(base.question, specific, base.group, library)
    if home is not None:
        found = {"packs": (home,)} if home in library.packs else {"drugs": (home,)}
        return _for_group(replace(base, **found), library)
    if not set(asked) & _CLINICAL and not base.without_sheet:
        return replace(
            base,
            outcome=Outcome.OUT_OF_SCOPE,
            reasons=("It answers clinical questions in English from the guideline packs in its library.",),
        )
    said = [f"{drug} is known to exist, but the library has no sheet for it." for drug in base.without_sheet]
    return replace(
        base,
        outcome=Outcome.ABSTAIN,
        reasons=(
            *said,
            "No pack or drug sheet of the library is about this, so nothing is answered and nothing is guessed.",
            "See what there is with `vade pack list`, ask more narrowly, or add a pack of your own with --packs.",
        ),
    )


def _spoken_of(question: str, specific: Sequence[str], group: Group, library: Library) -> str | None:
    """The pack or sheet of the statement that speaks to nearly all words of the question, if there is one."""
    if not specific:
        return None
    candidates = [i for i, s in library.statements.items() if fits(s.population, group) and not s.unverified]
    ranked = relevance.rank(library, dict.fromkeys(specific, 1.0), candidates)
    if not ranked:
        return None
    top = ranked[0][0]
    covered = {*library.terms_of(top), *library.plain_terms_of(top)} & set(specific)
    rare = sum(relevance.rarity(library, t) for t in covered)
    total = sum(relevance.rarity(library, t) or _UNKNOWN_RARITY for t in specific)
    missed = len(specific) - len(covered)
    if len(specific) == 1:
        told = missed == 0 and rare >= _TELLING and bool(_PROPER.search(question))
    else:
        told = len(covered) >= 2 and missed <= (1 if len(specific) > 3 else 0) and rare >= 0.6 * total
    return library.home[top] if told else None


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
            return replace(
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
        return replace(base, packs=(other, *(p for p in base.packs if p != other)), assumptions=(said,))
    if base.drugs:
        return replace(base, packs=(), fork=None, premise=())
    covered = "adults" if wanted is Population.PAEDIATRIC else "children"
    said = f"The library covers {pack.title.lower()} for {covered} only, and no rule is applied to anyone else."
    return _without_names(base, Outcome.ABSTAIN, reasons=(said,))


def _specific(danger: Triage | None) -> dict[str, object]:
    return {} if danger is None else {"outcome": danger.outcome, "reasons": danger.reasons}
