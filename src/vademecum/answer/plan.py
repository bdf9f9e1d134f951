"""What the article will hold: which reading is answered, which steps and drugs, which sections, in which order."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from vademecum.answer import relevance
from vademecum.answer.compose import SAFETY_KINDS, capital
from vademecum.answer.question import Group, Intent, Outcome, Understanding, fits
from vademecum.answer.sections import dose_statements
from vademecum.evidence.model import Kind, Population, Statement
from vademecum.evidence.terms import STOP, related, terms, words
from vademecum.packs.dosed_text import fill_doses
from vademecum.packs.library import Library
from vademecum.packs.model import SLOTS, Line, Pack, Step
from vademecum.packs.references import pack_references, slot_ids

LEADS = 8
"""Most statements in the lead of an answer to a specific question."""

SHARE_OF_BEST = 0.42
"""How much of the best statement's score another needs to stand beside it."""

_SECTIONS: dict[Intent, tuple[str, ...]] = {
    Intent.TREATMENT: ("assessment", "treatment", "adjuncts", "monitoring", "evidence", "cautions"),
    Intent.REFRACTORY: ("answer", "assessment", "treatment", "adjuncts", "monitoring", "evidence", "cautions"),
    Intent.ALTERNATIVES: ("answer", "treatment", "monitoring", "evidence", "cautions"),
    Intent.DOSE: ("dosing", "answer", "monitoring", "evidence", "cautions"),
    Intent.WORKUP: ("answer", "assessment", "cautions"),
    Intent.MONITORING: ("answer", "monitoring", "cautions"),
    Intent.SAFETY: ("answer", "cautions", "monitoring"),
    Intent.COMPARISON: ("answer", "comparison", "evidence", "cautions"),
    Intent.RED_FLAGS: ("answer", "assessment", "cautions"),
    Intent.EVIDENCE: ("answer", "evidence", "cautions"),
    Intent.FACT: ("answer", "evidence", "cautions"),
}

_KINDS: dict[Intent, frozenset[Kind]] = {
    Intent.DOSE: frozenset({Kind.DOSE}),
    Intent.WORKUP: frozenset({Kind.DIAGNOSIS, Kind.RED_FLAG}),
    Intent.MONITORING: frozenset({Kind.MONITORING}),
    Intent.SAFETY: frozenset({Kind.CAUTION, Kind.CONTRAINDICATION, Kind.INTERACTION}),
    Intent.ALTERNATIVES: frozenset({Kind.ALTERNATIVE, Kind.FIRST_LINE, Kind.REFRACTORY}),
    Intent.REFRACTORY: frozenset({Kind.REFRACTORY, Kind.ALTERNATIVE}),
    Intent.COMPARISON: frozenset({Kind.EVIDENCE, Kind.ALTERNATIVE}),
    Intent.RED_FLAGS: frozenset({Kind.RED_FLAG}),
    Intent.EVIDENCE: frozenset({Kind.EVIDENCE}),
}
"""Kinds of statement that answer an intent; they count double when statements are ranked."""

_TITLES: dict[Intent, str] = {
    Intent.TREATMENT: "Treatment of {about}",
    Intent.REFRACTORY: "When treatment of {about} fails",
    Intent.ALTERNATIVES: "Alternatives in {about}",
    Intent.DOSE: "Dose of {drugs} in {about}",
    Intent.WORKUP: "Work-up of {about}",
    Intent.MONITORING: "Monitoring in {about}",
    Intent.SAFETY: "Safety of {drugs}",
    Intent.COMPARISON: "{drugs} compared",
    Intent.RED_FLAGS: "Red flags in {about}",
    Intent.EVIDENCE: "Evidence on {about}",
    Intent.FACT: "{about}",
}


class PlannedReading(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of an ambiguous question, for the forks."""

    pack: str
    label: str
    question: str
    why: tuple[str, ...]
    group: Group
    best: bool = False


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The table of contents of an article, before a sentence is written."""

    understanding: Understanding
    title: str
    pack: Pack | None = None
    drugs: tuple[str, ...] = ()  # whose safety slots are required
    steps: tuple[Step, ...] = ()
    lead: tuple[str, ...] = ()  # statements that answer most directly, best first
    premise: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    readings: tuple[PlannedReading, ...] = ()
    sections: tuple[str, ...] = ()
    own_bottom_line: bool = False  # the pack's bottom line answers this intent
    gaps: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()


def plan(read: Understanding, library: Library) -> Plan:
    """Decide what to show. Nothing is written yet, so nothing can be wrong in the words."""
    pack = library.packs[read.packs[0]] if read.packs else None
    if pack is None and not read.drugs:
        return Plan(
            understanding=read, title=_question_title(read), gaps=_searched(read, library), suggestions=_topics(library)
        )
    lead = _without(read, leads(read, pack, library), library)
    own = {i for _, ids in pack_references(pack) for i in ids} if pack is not None else set()
    elsewhere = library.home[lead[0]] if lead and not own.intersection(lead[:3]) else None
    if pack is not None and read.intent not in _OF_THE_PACK and elsewhere in pack.related:
        pack = library.packs[elsewhere]
        read = replace(read, packs=(pack.pack, *(name for name in read.packs if name != pack.pack)))
    if read.outcome is Outcome.EMERGENCY:
        return Plan(
            understanding=read,
            title=_question_title(read),
            pack=pack,
            red_flags=pack.red_flags if pack is not None else (),
            suggestions=_suggestions(replace(read, intent=Intent.FACT), pack, library),
        )
    intent = read.intent
    if read.outcome is Outcome.PATIENT_SPECIFIC:
        lead = tuple(i for i in lead if not library.statements[i].doses)
    missing = _not_held(read, pack, lead, library)
    if missing and read.outcome is Outcome.ANSWER:
        read = replace(read, outcome=Outcome.ABSTAIN, reasons=(missing,))
    steps = _steps(pack, intent) if pack is not None else ()
    drugs = read.drugs or (_offered(pack, steps, read, library) if pack else ())
    if intent in {Intent.WORKUP, Intent.RED_FLAGS, Intent.FACT, Intent.EVIDENCE} and not read.drugs:
        drugs = ()
    return Plan(
        understanding=read,
        title=_title(read, pack, library),
        pack=pack,
        drugs=drugs,
        steps=steps,
        lead=() if missing else lead,
        premise=read.premise,
        red_flags=pack.red_flags if pack is not None and intent in _WITH_RED_FLAGS else (),
        readings=_readings(read, pack, library),
        sections=_sections(read, missing),
        own_bottom_line=intent is Intent.TREATMENT and pack is not None and not _offers(pack, read, library),
        gaps=tuple(
            ("drug sheet", f"{drug} exists, but the library has no sheet for it") for drug in read.without_sheet
        ),
        suggestions=_suggestions(read, pack, library),
    )


def _offers(pack: Pack, read: Understanding, library: Library) -> bool:
    """Does the pack's bottom line offer a drug that the question rules out?"""
    text, doses = fill_doses(pack.bottom_line.text, library.statements)
    named = {*(dose.drug for dose in doses), *library.drugs_in(text), *library.classes_in(text)}
    return not named.isdisjoint(read.ruled_out)


def _without(read: Understanding, lead: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """Leads that still help when some drugs are ruled out: what only offers those is left out, warnings stay."""
    if not read.ruled_out:
        return lead
    out = set(read.ruled_out)

    def offers_only_those(statement_id: str) -> bool:
        statement = library.statements[statement_id]
        named = {*library.drugs_of(statement_id), *library.classes_in(statement.text)}
        return statement.kind not in SAFETY_KINDS and bool(named) and named <= out

    kept = [i for i in lead if not offers_only_those(i)]
    return tuple(sorted(kept, key=lambda i: library.statements[i].kind is Kind.EVIDENCE))


def _sections(read: Understanding, missing: str | None) -> tuple[str, ...]:
    """Section ids in order. One person gets general evidence and no doses; what is not held has no lead."""
    dropped = {"dosing", "answer"} if missing else {"dosing"} if read.outcome is Outcome.PATIENT_SPECIFIC else set()
    return tuple(name for name in _SECTIONS[read.intent] if name not in dropped)


_OF_THE_PACK = frozenset({Intent.TREATMENT, Intent.REFRACTORY, Intent.ALTERNATIVES, Intent.DOSE, Intent.RED_FLAGS})
"""Intents that the named pack answers, even where another pack's statement shares more words with the question."""


def _not_held(read: Understanding, pack: Pack | None, lead: tuple[str, ...], library: Library) -> str | None:
    """What was asked for and the library does not hold, in words; None when it does."""
    asked = set(_specific(read, pack, library))
    spoken = any(asked & _near(library.terms_of(i)) for i in lead)
    if read.drugs and pack is None and read.intent in _NEEDS_THE_USE and asked and not spoken:
        return f"The library holds nothing on {_names(read, library)} for the use asked about."
    if read.intent is Intent.DOSE and read.drugs:
        # another drug's dose, however well it fits the other words, is no answer
        own = [i for i, count in _about_drugs(read, lead, library).items() if count]
        held = [
            i
            for drug in read.drugs
            for i in dose_statements(library, pack, drug)
            if fits(library.statements[i].population, read.group) and not library.statements[i].unverified
        ]
        spoken = any(asked & _near(library.terms_of(i)) or "dose" in library.terms_of(i) for i in own)
        if not held and not spoken:
            where = f" in {lower_first(pack.title)}" if pack is not None else ""
            drugs = _names(read, library)
            said = f"No checked source in the library gives a dose of {drugs}{where} for those asked about."
            return " ".join((said, *_look_alikes(read, library)))
    unwatched = (
        read.intent is Intent.MONITORING and pack is not None and not read.drugs and "monitoring" in pack.unknown
    )
    if unwatched and not any(library.statements[i].kind is Kind.MONITORING for i in lead):
        assert pack is not None
        return f"{capital(pack.unknown['monitoring'])}."
    return None


_NEEDS_THE_USE = frozenset({Intent.DOSE, Intent.TREATMENT, Intent.REFRACTORY, Intent.ALTERNATIVES})
"""Wishes that a drug's sheet alone cannot grant when the question names a use the library does not know."""


def _look_alikes(read: Understanding, library: Library) -> Iterable[str]:
    for drug in read.drugs:
        sheet = library.drugs.get(drug)
        if sheet is not None and sheet.look_alikes:
            yield f"{sheet.title} and {_join(list(sheet.look_alikes))} look or sound alike: check which one is meant."


def _names(read: Understanding, library: Library) -> str:
    return _join([lower_first(library.drugs[drug].title) for drug in read.drugs if drug in library.drugs])


def _near(stems: Iterable[str]) -> set[str]:
    return {other for term in stems for other in (term, *related(term))}


_WITH_RED_FLAGS = frozenset({Intent.TREATMENT, Intent.WORKUP, Intent.RED_FLAGS, Intent.REFRACTORY})
_LATER = frozenset({Line.SECOND, Line.REFRACTORY, Line.ADD_ON, Line.MAINTENANCE})


def _steps(pack: Pack, intent: Intent) -> tuple[Step, ...]:
    if intent is Intent.REFRACTORY:
        later = [step for step in pack.steps if step.line in _LATER - {Line.ADD_ON}]
        return tuple(later or pack.steps)
    return pack.steps


def _offered(pack: Pack, steps: Iterable[Step], read: Understanding, library: Library) -> tuple[str, ...]:
    """Drugs of the options that may be shown; those struck out or ruled out are not recommended."""
    actions = (pack.actions[name] for step in steps for name in step.options)
    return tuple(
        dict.fromkeys(
            action.drug
            for action in actions
            if action.drug
            and not action.avoid
            and action.drug not in read.ruled_out
            and any(fits(library.statements[i].population, read.group) for i in action.because)
        )
    )


# --- the statements that answer most directly ----------------------------------------------------------


def reach(read: Understanding, pack: Pack | None, library: Library) -> tuple[str, ...]:
    """Every statement that could bear on the question: the pack's and its siblings', and all about the asked drugs."""
    ids: list[str] = []
    if pack is not None:
        ids.extend(statement.id for statement in pack.statements)
        ids.extend(i for where, named in pack_references(pack) if not where.startswith("forks") for i in named)
        for name in pack.related:
            ids.extend(statement.id for statement in library.packs[name].statements if name in library.packs)
    bases = {library.base_of(drug) for drug in read.drugs}
    for drug in (*read.drugs, *bases):
        if (sheet := library.drugs.get(drug)) is not None:
            ids.extend(s.id for s in sheet.statements if pack is None or not s.doses)
    if bases:
        named = (i for i in library.statements if bases & {library.base_of(d) for d in library.drugs_of(i)})
        ids.extend(i for i in named if pack is None or not library.statements[i].doses)
    return tuple(i for i in dict.fromkeys(ids) if fits(library.statements[i].population, read.group))


def leads(read: Understanding, pack: Pack | None, library: Library) -> tuple[str, ...]:
    """The few statements that answer most directly, best first.

    Words that only name the condition, the drug or the wish itself say nothing about which statement is meant and are
    left out. Where drugs are named, statements about all of them come before those about one, and others are not used.
    """
    candidates = [i for i in reach(read, pack, library) if not library.statements[i].unverified]
    kinds = _KINDS.get(read.intent, frozenset())
    about = _about_drugs(read, candidates, library)
    specific = _specific(read, pack, library)
    lexical = dict(relevance.rank(library, _weights(read, specific), candidates))
    order = _own_order(read, pack, library)
    settled = 0.05 if read.intent in {Intent.REFRACTORY, Intent.MONITORING} and not (read.drugs and pack) else 0.4
    scored: list[tuple[float, int, str]] = []
    for position, statement_id in enumerate(candidates):
        statement = library.statements[statement_id]
        if read.drugs and not about[statement_id] and pack is None:
            continue
        score = lexical.get(statement_id, 0.0) * (1.5 if statement.kind in kinds else 1.0)
        score += 1.0 if statement.kind in kinds else 0.0
        if order:
            score *= settled  # the pack's own order says more than the choice of words
        score += 2.0 * max(0, about[statement_id] - 1)
        score += order.get(statement_id, 0.0)
        score += _group_bonus(statement, read.group)
        if pack is not None and library.home[statement_id] == pack.pack:
            score += 0.8
        if read.drugs and not about[statement_id]:
            score *= 0.5
        if specific and lexical and not read.drugs and statement_id not in lexical and statement_id not in order:
            score *= 0.3
        scored.append((-score, position, statement_id))
    scored.sort()
    if not scored:
        return ()
    best = -scored[0][0]
    return tuple(i for score, _, i in scored[:LEADS] if -score >= max(SHARE_OF_BEST * best, 0.4))


def _weights(read: Understanding, specific: Iterable[str]) -> dict[str, float]:
    """How much each stem of the question counts: what about, then the name of the condition, then the wish."""
    chosen = set(specific)
    return {
        term: 1.0 if term in chosen else 0.1 if term in relevance.WISH_WORDS else 0.35
        for term in read.terms
        if not term.isdigit()
    }


def _specific(read: Understanding, pack: Pack | None, library: Library) -> tuple[str, ...]:
    """Stems of the question that say what about: not the condition, the drug, the wish or a bare number."""
    generic = {*_generic(read, pack, library), *relevance.WISH_WORDS}
    return tuple(term for term in read.terms if term not in generic and not term.isdigit())


def _about_drugs(read: Understanding, ids: Iterable[str], library: Library) -> dict[str, int]:
    """How many of the asked drugs (or classes) each statement is about."""
    bases = {library.base_of(drug) for drug in read.drugs}
    found = {}
    for i in ids:
        found[i] = len(bases & {library.base_of(d) for d in library.drugs_of(i)})
    return found


def _own_order(read: Understanding, pack: Pack | None, library: Library) -> dict[str, float]:
    """A head start for what the pack itself puts first for this intent, in its own order."""
    ids: Iterable[str]
    if pack is None:
        sheets = [library.drugs[library.base_of(d)] for d in read.drugs if library.base_of(d) in library.drugs]
        if read.intent is Intent.MONITORING:
            ids = [i for sheet in sheets for i in sheet.monitoring]
        elif read.intent is Intent.DOSE:
            ids = [i for drug in read.drugs for i in _offered_doses(drug, library)]
        else:
            return {}
    elif read.intent is Intent.RED_FLAGS:
        ids = pack.red_flags
    elif read.intent is Intent.REFRACTORY:
        ids = [
            i for s in pack.steps if s.line in {Line.SECOND, Line.REFRACTORY} for i in (*s.because, *_options(pack, s))
        ]
    elif read.intent is Intent.ALTERNATIVES:
        ids = [i for s in pack.steps if len(s.options) > 1 for i in s.because]
    elif read.intent is Intent.DOSE:
        ids = [
            i
            for action in pack.actions.values()
            if not action.avoid
            for i in action.because
            if any(library.base_of(d.drug) in map(library.base_of, read.drugs) for d in library.statements[i].doses)
        ]
    elif read.intent is Intent.WORKUP:
        ids = [check.because for check in pack.assessment]
    elif read.intent is Intent.MONITORING:
        ids = [i for monitor in pack.monitoring for i in monitor.because]
    elif read.intent is Intent.EVIDENCE:
        ids = (*pack.evidence.key, *pack.evidence.contrary)
    else:
        return {}
    weight = 3.0 if read.intent in _IN_ORDER else 1.5
    return {i: max(0.3, weight - 0.15 * n) for n, i in enumerate(dict.fromkeys(ids))}


def _offered_doses(drug: str, library: Library) -> Iterable[str]:
    """Doses of a drug that a pack offers it with, then those its sheet states."""
    held = set(dose_statements(library, None, drug))
    for pack in library.packs.values():
        for action in pack.actions.values():
            if action.drug == drug and not action.avoid:
                yield from (i for i in action.because if i in held)
    yield from (i for sheet in (library.drugs.get(drug),) if sheet for i in sheet.dosing)


_IN_ORDER = frozenset({Intent.RED_FLAGS, Intent.REFRACTORY, Intent.DOSE, Intent.MONITORING})


def _options(pack: Pack, step: Step) -> Iterable[str]:
    return (i for option in step.options for i in pack.actions[option].because)


def _group_bonus(statement: Statement, group: Group) -> float:
    wanted = {
        Group.CHILD: Population.PAEDIATRIC,
        Group.OLDER_ADULT: Population.OLDER_ADULT,
        Group.PREGNANCY: Population.PREGNANCY,
    }.get(group)
    return 1.5 if statement.population is wanted else 0.0


def _generic(read: Understanding, pack: Pack | None, library: Library) -> Iterable[str]:
    """Stems that only name the condition or the drug: every candidate has them, so they say nothing."""
    if pack is not None:
        for name in (pack.title, *pack.names):
            yield from terms(name)
    for drug in read.drugs:
        if (sheet := library.drugs.get(drug)) is not None:
            for name in (sheet.title, *sheet.names):
                yield from terms(name)


# --- forks ---------------------------------------------------------------------------------------------


def _readings(read: Understanding, pack: Pack | None, library: Library) -> tuple[PlannedReading, ...]:
    """The readings of the wording; without any, the same condition in the other population."""
    fork = next((fork for fork in library.forks if fork.id == read.fork), None)
    found = []
    if fork is not None:
        for reading in fork.readings:
            other = library.packs.get(reading.pack)
            if other is None:
                continue
            group = _group_of(other, read.group)
            if read.group is not Group.UNSTATED and not fits(other.population, read.group):
                continue
            best = pack is not None and reading.pack == pack.pack
            found.append(
                PlannedReading(
                    pack=reading.pack,
                    label=reading.label,
                    question=reading.question,
                    why=reading.why,
                    group=group,
                    best=best,
                )
            )
    elif pack is not None and read.group is Group.UNSTATED and read.intent is Intent.TREATMENT:
        for other_id in dict.fromkeys(pack.counterparts.values()):
            other = library.packs.get(other_id)
            if other is not None:
                found.append(
                    PlannedReading(
                        pack=other.pack,
                        label=other.title,
                        question=f"What is the treatment of {lower_first(other.title)}?",
                        why=(other.about,),
                        group=_group_of(other, read.group),
                    )
                )
    return tuple(found)


def _group_of(pack: Pack, asked: Group) -> Group:
    """For whom a reading's own sentences are written."""
    if pack.population is Population.PAEDIATRIC:
        return Group.CHILD
    return asked


# --- titles and suggestions ----------------------------------------------------------------------------


def lower_first(text: str) -> str:
    """For use inside a sentence; abbreviations keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _title(read: Understanding, pack: Pack | None, library: Library) -> str:
    drugs = _names(read, library)
    about = lower_first(pack.title) if pack is not None else ""
    template = _TITLES[read.intent]
    if "{drugs}" in template and not drugs:
        template = {Intent.DOSE: "Doses in {about}", Intent.SAFETY: "Safety in {about}"}.get(read.intent, "{about}")
    elif "{about}" in template and not about:
        template = template.replace(" in {about}", "").replace("{about}", "{drugs}")
    elif drugs and "{drugs}" not in template and read.intent in {Intent.EVIDENCE, Intent.FACT, Intent.MONITORING}:
        template = "{drugs}: " + template
    text = template.format(about=about, drugs=drugs)
    return text[:1].upper() + text[1:]


def _join(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _question_title(read: Understanding) -> str:
    return " ".join(read.question.split())[:160] or "No question"


def _searched(read: Understanding, library: Library) -> tuple[tuple[str, str], ...]:
    """What was looked for, when nothing was found."""
    looked = f"{len(library.packs)} packs, {len(library.drugs)} drug sheets and {len(library.statements)} statements"
    asked = read.unknown or tuple(word for word in words(read.question) if word not in STOP)
    said = ", ".join(dict.fromkeys(asked)) or "no usable word"
    if read.outcome in {Outcome.SELF_HARM, Outcome.DECLINE}:
        return ()
    return ((f"anything about: {said}", f"looked through {looked}; none is about this"),)


def _topics(library: Library) -> tuple[str, ...]:
    return tuple(f"What is the treatment of {lower_first(pack.title)}?" for pack in list(library.packs.values())[:3])


def _suggestions(read: Understanding, pack: Pack | None, library: Library) -> tuple[str, ...]:
    """Three next questions that the library can answer."""
    found: list[str] = []
    if pack is not None:
        about = lower_first(pack.title)
        offers: tuple[tuple[Intent, bool, str], ...] = (
            (Intent.TREATMENT, bool(pack.steps), f"What is the treatment of {about}?"),
            (
                Intent.REFRACTORY,
                any(s.line is Line.REFRACTORY for s in pack.steps),
                f"What if treatment of {about} fails?",
            ),
            (Intent.MONITORING, bool(pack.monitoring), f"What should be monitored in {about}?"),
            (Intent.WORKUP, bool(pack.assessment), f"How is {about} worked up?"),
        )
        found.extend(question for intent, has, question in offers if has and intent is not read.intent)
        for drug in _offered(pack, pack.steps, read, library):
            if drug in library.drugs and any(slot_ids(library.drugs[drug], slot) for slot in SLOTS):
                found.append(f"Who must not have {lower_first(library.drugs[drug].title)}?")
                break
    for drug in read.drugs:
        if drug in library.drugs and read.intent is not Intent.SAFETY:
            found.append(f"Is {lower_first(library.drugs[drug].title)} safe in pregnancy?")
    return tuple(dict.fromkeys(found))[:3]
