"""The sections of an article, each built from a pack or a drug sheet. Order within a section is the reader's."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from msgspec.structs import replace

from vademecum.answer.article import (
    Block,
    Item,
    List,
    Option,
    PathwayOption,
    PathwayStep,
    Row,
    Section,
    Sentence,
    StepBlock,
    Table,
)
from vademecum.answer.compose import Desk, capital
from vademecum.dosing.model import Dose
from vademecum.packs.library import Library
from vademecum.packs.model import SLOTS, Action, Choose, DrugSheet, Pack, Step
from vademecum.packs.references import pack_references, slot_ids

TITLES = {
    "answer": "Answer",
    "assessment": "Initial assessment",
    "treatment": "Treatment",
    "dosing": "Dose",
    "comparison": "Comparison",
    "adjuncts": "Adjuncts",
    "monitoring": "Monitoring and follow-up",
    "evidence": "Evidence quality",
    "cautions": "Cautions",
}
PLAIN_TITLES = {
    "about": "What this is",
    "answer": "The short answer",
    "assessment": "Finding out what is wrong",
    "treatment": "What is usually tried",
    "dosing": "How it is usually given",
    "comparison": "Comparing the choices",
    "adjuncts": "What else helps",
    "monitoring": "Checks during treatment",
    "evidence": "How sure the evidence is",
    "cautions": "Safety",
}
SLOT_TITLES = {
    "boxed_warning": "Boxed warning",
    "contraindications": "Do not use",
    "interactions": "Interactions",
    "pregnancy": "Pregnancy and breastfeeding",
    "kidney": "Kidney",
    "liver": "Liver",
    "children": "Children",
    "older_adults": "Older adults",
    "cautions": "Take care",
}


def section(desk: Desk, section_id: str, blocks: Iterable[Block | None]) -> Section | None:
    """A section with its title in the reader's words, or None when nothing is in it."""
    kept = tuple(block for block in blocks if block is not None)
    titles = PLAIN_TITLES if desk.plain is not None else TITLES
    return Section(id=section_id, title=titles[section_id], blocks=kept) if kept else None


def listing(
    desk: Desk, ids: Iterable[str], title: str | None = None, role: str | None = None, drug: str | None = None
) -> List | None:
    """Statements as a list."""
    items = tuple(Item(sentence=sentence) for sentence in desk.say_all(ids))
    return List(items=items, title=title, role=role, drug=drug) if items else None


# --- assessment ----------------------------------------------------------------------------------------


def assessment(desk: Desk, pack: Pack) -> Section | None:
    """What to look for, each with the decision it changes."""
    items = []
    for check in pack.assessment:
        sentence = desk.say(check.because)
        if sentence is not None:
            decides = desk.phrase(capital(check.decides), (check.because,)) if desk.plain is None else None
            items.append(Item(sentence=sentence, decides=decides))
    return section(desk, "assessment", [List(items=tuple(items), role="assessment") if items else None])


# --- treatment -----------------------------------------------------------------------------------------


def treatment(desk: Desk, pack: Pack, steps: Sequence[Step], ruled_out: Container[str] = ()) -> Section | None:
    """The steps of the pathway that concern this group, in order; none that only offers what is ruled out."""
    blocks: list[StepBlock] = []
    for step in steps:
        kept = tuple(name for name in step.options if pack.actions[name].drug not in ruled_out)
        for name in step.options:
            if name not in kept:
                desk.gap("option", "the question rules this drug out", pack.actions[name].drug or name)
        if len(kept) < len(step.options) and all(pack.actions[name].avoid for name in kept):
            desk.gap("step", "the question rules out everything it offers", step.title)
            continue
        block = step_block(desk, pack, replace(step, options=kept), len(blocks) + 1)
        if block is not None:
            blocks.append(block)
    return section(desk, "treatment", blocks)


def step_block(desk: Desk, pack: Pack, step: Step, number: int) -> StepBlock | None:
    """One step with its options; None when nothing of it may be shown to this group."""
    applies_if = desk.phrase(capital(step.applies_if), step.because)
    options = _options(desk, pack, step)
    told = {i for option in options for sentence in option.sentences for i in sentence.statement_ids}
    because = desk.say_all(i for i in step.because if i not in told)
    if applies_if is None or not (because or options):
        return None
    return StepBlock(
        id=step.id,
        number=number,
        title=_step_title(desk, pack, step),
        line=step.line,
        applies_if=applies_if,
        because=because,
        options=options,
        choose=step.choose,
        before=desk.say_all(step.before),
        effect=desk.say_all(step.effect),
        stop=desk.say_all(step.stop),
        if_fails=step.if_fails,
        when=step.when,
    )


def _step_title(desk: Desk, pack: Pack, step: Step) -> str:
    if desk.plain is None:
        return step.title
    return next((p.get(f"step.{step.id}", step.title) for p in pack.plain.values()), step.title)


def _options(desk: Desk, pack: Pack, step: Step) -> tuple[Option, ...]:
    """The options that may be shown. In plain words a statement on several drugs is said once, at the first of them."""
    found: list[Option] = []
    told: set[str] = set()
    for rank, action_id in enumerate(step.options, start=1):
        option = _option(desk, action_id, pack.actions[action_id], rank if step.choose is Choose.ONE else 0)
        if option is None:
            continue
        if desk.plain is not None:
            new = tuple(sentence for sentence in option.sentences if sentence.text not in told)
            told.update(sentence.text for sentence in new)
            if not new:
                continue
            option = replace(option, sentences=new)
        found.append(option)
    return tuple(found)


def _option(desk: Desk, action_id: str, action: Action, rank: int) -> Option | None:
    sentences = list(option_sentences(desk, action))
    if not sentences:
        return None
    if action.no_dose and not action.avoid:
        desk.gap("dose", action.no_dose, action.drug or action_id)
    return Option(
        id=action_id,
        label=action.label,
        sentences=tuple(sentences),
        drug=action.drug,
        why=desk.phrase(capital(action.prefer_if), action.because) if action.prefer_if and desk.plain is None else None,
        avoid=action.avoid,
        rank=rank,
    )


def option_sentences(desk: Desk, action: Action) -> Iterable[Sentence]:
    """Dose sentences first. A statement that doses several drugs gives one sentence for this drug alone."""
    later = []
    for statement_id in dict.fromkeys(action.because):
        statement = desk.library.statements[statement_id]
        doses = doses_for(desk, statement.doses, action.drug)
        if doses and len(statement.doses) > len(doses) and desk.plain is None and desk.allowed(statement):
            yield from filter(None, (desk.say_dose(dose, statement_id) for dose in doses))
        elif (sentence := desk.say(statement_id)) is not None:
            if doses:
                yield sentence
            else:
                later.append(sentence)
    yield from later


def doses_for(desk: Desk, doses: Sequence[Dose], drug: str | None) -> tuple[Dose, ...]:
    """Those of `doses` that are for `drug`, counting names that share a sheet as one drug."""
    base = desk.library.base_of
    return tuple(dose for dose in doses if drug is not None and base(dose.drug) == base(drug))


def pathway(pack: Pack, blocks: Sequence[StepBlock]) -> tuple[PathwayStep, ...]:
    """The skeleton of the steps that are shown, for the picture and for programs."""
    shown = {block.id for block in blocks}
    steps = {step.id: step for step in pack.steps}
    return tuple(
        PathwayStep(
            id=block.id,
            number=block.number,
            title=block.title,
            line=block.line,
            applies_if=block.applies_if.text,
            options=tuple(
                PathwayOption(id=option.id, label=option.label, drug=option.drug, avoid=option.avoid)
                for option in block.options
            ),
            choose=block.choose,
            when=block.when,
            if_fails=block.if_fails if block.if_fails in shown else None,
            after=after if (after := steps[block.id].after) in shown else None,
        )
        for block in blocks
    )


# --- adjuncts, monitoring, evidence --------------------------------------------------------------------


def adjuncts(desk: Desk, pack: Pack) -> Section | None:
    return section(desk, "adjuncts", [listing(desk, pack.adjuncts)])


def monitoring(desk: Desk, pack: Pack | None, drugs: Sequence[str]) -> Section | None:
    """The pack's plan as a table, then what the drug sheets add."""
    blocks: list[Block | None] = []
    told: set[str] = set()
    if pack is not None and desk.plain is None:
        rows = []
        for monitor in pack.monitoring:
            if monitor.drug and drugs and desk.library.base_of(monitor.drug) not in map(desk.library.base_of, drugs):
                continue
            interval = desk.phrase(capital(monitor.interval), monitor.because)
            if interval is None:
                continue
            told.update(monitor.because)
            target = desk.phrase(monitor.target and capital(monitor.target), monitor.because)
            act = desk.phrase(monitor.act and capital(monitor.act), monitor.because)
            rows.append(Row(label=monitor.what, cells=(interval, target, act)))
        if rows:
            blocks.append(Table(columns=("What", "When", "Target", "If abnormal"), rows=tuple(rows), role="monitoring"))
    elif pack is not None:
        blocks.append(listing(desk, (i for monitor in pack.monitoring for i in monitor.because)))
        told.update(i for monitor in pack.monitoring for i in monitor.because)
    for sheet in sheets(desk, drugs):
        ids = [i for i in sheet.monitoring if i not in told]
        told.update(ids)
        blocks.append(listing(desk, ids, title=sheet.title, drug=sheet.drug))
    return section(desk, "monitoring", blocks)


def evidence(desk: Desk, pack: Pack) -> Section | None:
    """Key studies, evidence against, and where bodies disagree."""
    blocks: list[Block | None] = [
        listing(desk, pack.evidence.key, title="Key studies and reviews", role="key"),
        listing(desk, pack.evidence.contrary, title="Evidence against or uncertain", role="contrary"),
    ]
    for disagreement in pack.evidence.disagreements:
        rows = [
            Row(label=view.who, cells=(sentence,))
            for view in disagreement.views
            if (sentence := desk.say(view.because)) is not None
        ]
        if len(rows) > 1:
            title = f"Sources differ: {disagreement.about}"
            blocks.append(Table(columns=("Who", "What they say"), rows=tuple(rows), title=title, role="disagreement"))
    return section(desk, "evidence", blocks)


# --- cautions ------------------------------------------------------------------------------------------


def sheets(desk: Desk, drugs: Iterable[str]) -> tuple[DrugSheet, ...]:
    """The sheets that hold the safety slots of `drugs`, each once; a drug without one is a gap."""
    found: dict[str, DrugSheet] = {}
    for drug in drugs:
        sheet = desk.library.drugs.get(desk.library.base_of(drug))
        if sheet is None:
            desk.gap("drug sheet", "the library has no drug sheet for this drug", drug)
        else:
            found[sheet.drug] = sheet
    return tuple(found.values())


def cautions(desk: Desk, pack: Pack | None, drugs: Sequence[str], first: Sequence[str] = ()) -> Section | None:
    """The pack's cautions, then every required slot of every drug: filled, or named in the gaps."""
    blocks: list[Block | None] = []
    ids = [*first, *(pack.cautions if pack else ())]
    blocks.append(listing(desk, ids, role="pack"))
    for sheet in sheets(desk, drugs):
        blocks.extend(drug_safety(desk, sheet))
    return section(desk, "cautions", blocks)


_OTHER_POPULATION = "what the library holds is a rule for another population; ask about that population to see it"


def drug_safety(desk: Desk, sheet: DrugSheet) -> Iterable[Block]:
    """The safety slots of one drug."""
    told: set[str] = set()
    for slot in (*SLOTS, "cautions"):
        ids = [i for i in slot_ids(sheet, slot) if i not in told]
        if not ids and slot in SLOTS:
            ids = list(slot_ids(sheet, slot))  # a required slot repeats what another has said rather than be missing
        told.update(ids)
        block = listing(desk, ids, title=f"{sheet.title}: {SLOT_TITLES[slot].lower()}", role=slot, drug=sheet.drug)
        if block is not None:
            yield block
        elif slot in SLOTS:
            held = bool(slot_ids(sheet, slot))
            reason = _OTHER_POPULATION if held else sheet.unknown.get(slot, "the drug sheet has nothing in this slot")
            desk.gap(SLOT_TITLES[slot].lower(), reason, sheet.drug)


# --- answers to specific questions ---------------------------------------------------------------------


def answer(desk: Desk, ids: Sequence[str]) -> Section | None:
    """The statements that answer most directly."""
    return section(desk, "answer", [listing(desk, ids, role="lead")])


def dose_statements(library: Library, pack: Pack | None, drug: str) -> tuple[str, ...]:
    """Statements that dose `drug`: for a named condition those of its pack alone, the steps first; else the sheet's.

    A dose for one condition is never offered for another.
    """
    base = library.base_of(drug)
    order: list[str] = []
    if pack is not None:
        order.extend(i for action in pack.actions.values() for i in action.because)
        order.extend(i for where, ids in pack_references(pack) if not where.startswith("forks") for i in ids)
        order.extend(statement.id for statement in pack.statements)
    else:
        for sheet in (library.drugs.get(drug), library.drugs.get(base)):
            if sheet is not None:
                order.extend(sheet.dosing)
                order.extend(statement.id for statement in sheet.statements)
        order.extend(library.statements)
    return tuple(
        i
        for i in dict.fromkeys(order)
        if any(library.base_of(dose.drug) == base for dose in library.statements[i].doses)
    )


def dosing(desk: Desk, pack: Pack | None, drugs: Sequence[str]) -> Section | None:
    """Every dose of the asked drugs that may be shown to this group, each with its setting."""
    blocks = []
    for drug in drugs:
        ids = dose_statements(desk.library, pack, drug)
        sheet = desk.library.drugs.get(drug)
        blocks.append(listing(desk, ids, title=sheet.title if sheet else drug, role="dosing", drug=drug))
        if blocks[-1] is None:
            where = f" for {pack.title}" if pack is not None else ""
            desk.gap("dose", f"no checked source in the library gives a dose{where}", drug)
    return section(desk, "dosing", blocks)


def comparison(desk: Desk, pack: Pack | None, drugs: Sequence[str]) -> Section | None:
    """The asked drugs side by side: dose, main warning, pregnancy, kidney, monitoring."""
    if len(drugs) < 2:
        return None
    chosen = [
        desk.library.drugs[desk.library.base_of(drug)]
        for drug in drugs
        if desk.library.base_of(drug) in desk.library.drugs
    ]
    rows = [Row(label="Dose", cells=tuple(_first_dose(desk, pack, drug) for drug in drugs))]
    for slot in ("boxed_warning", "pregnancy", "kidney", "liver", "older_adults", "monitoring"):
        cells = tuple(next(iter(desk.say_all(slot_ids(sheet, slot))), None) for sheet in chosen)
        if any(cells):
            rows.append(Row(label=SLOT_TITLES.get(slot, slot.capitalize()), cells=cells))
    if not any(cell for row in rows for cell in row.cells):
        return None
    columns = ("", *(desk.library.drugs[d].title if d in desk.library.drugs else d for d in drugs))
    return section(desk, "comparison", [Table(columns=columns, rows=tuple(rows), role="comparison")])


def _first_dose(desk: Desk, pack: Pack | None, drug: str) -> Sentence | None:
    """The leading dose of one drug, on its own where its statement doses several."""
    for statement_id in dose_statements(desk.library, pack, drug):
        statement = desk.library.statements[statement_id]
        if not desk.allowed(statement):
            continue
        own = doses_for(desk, statement.doses, drug)
        if desk.plain is None and len(own) < len(statement.doses):
            return desk.say_dose(own[0], statement_id)
        return desk.say(statement_id)
    return None
