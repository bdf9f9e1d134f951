"""What a library must satisfy before anything is composed from it. Every rule says what is wrong and the mend.

Any finding makes `vade pack lint` fail. Rules are small functions in `COMMON`, `PACK_RULES` and `SHEET_RULES`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from vademecum.dosing.figures import decimal_digits
from vademecum.dosing.render import render
from vademecum.evidence.model import Kind, Population, SourceState, Statement
from vademecum.evidence.terms import fold
from vademecum.packs.criteria import problems as criterion_problems
from vademecum.packs.dosed_text import fill_doses
from vademecum.packs.library import Library
from vademecum.packs.model import MAX_BOTTOM_LINE, SLOTS, Action, DrugSheet, Pack
from vademecum.packs.references import references
from vademecum.proof.amounts import TIMES, amounts
from vademecum.proof.checks import NEGATED, Evidence, prove

READER = "patient.en"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `where` is the key in the file."""

    holder: str  # pack or drug id
    where: str
    message: str
    rule: str


PackRule = Callable[[Pack, Library], Iterator[tuple[str, str]]]
SheetRule = Callable[[DrugSheet, Library], Iterator[tuple[str, str]]]


# --- statements ----------------------------------------------------------------------------------------


def statement_has_checked_source(holder: Pack | DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    """Every shown statement ends at a source that was seen and is not retracted."""
    for statement in holder.statements:
        where = f"statements.{statement.id}"
        if not statement.cites:
            yield where, "cites no source; add one, or leave the statement out"
        for cite in statement.cites:
            source = library.sources[cite.source]
            if not source.verified:
                yield where, f"cites {cite.source!r}, whose record was not seen; cite another source"
            if source.state is SourceState.RETRACTED:
                yield where, f"cites {cite.source!r}, which is retracted; cite another source"
            if cite.quote and "quote" not in source.licence and source.licence == "facts only":
                yield where, f"quotes {cite.source!r}, whose licence is facts only; remove the quotation"


def grade_has_an_origin(holder: Pack | DrugSheet, _library: Library) -> Iterator[tuple[str, str]]:
    for statement in holder.statements:
        grade = statement.grade
        graded = grade.strength.value != "none" or grade.certainty.value != "not_graded"
        if graded and grade.origin is None:
            yield f"statements.{statement.id}", "has a strength or certainty but no grade.origin; say who graded it"
        if grade.origin == "mapped" and not grade.as_printed:
            yield (
                f"statements.{statement.id}",
                "is mapped from another scale; keep the source's code in grade.as_printed",
            )


_WRONG_FORMS = (
    (re.compile(r"\d\.0\b(?!\d)(?=\s*(?:mg|g|mcg|mL|units|percent))"), "a trailing zero"),
    (re.compile(r"(?<![\d])\.\d"), "a naked decimal point"),
    (re.compile(r"\b(?:QD|QOD|BID|TID|QID|qd|bid|tid|qid|SC|SQ|IU|cc|HS)\b(?!-)"), "an error-prone abbreviation"),
    (re.compile(r"[µμ]g"), "the micro sign; write mcg"),
    (re.compile(r"\bug\b"), "ug; write mcg"),
)


def text_is_free_of_error_prone_forms(holder: Pack | DrugSheet, _library: Library) -> Iterator[tuple[str, str]]:
    """The ISMP list of error-prone abbreviations, as far as text can show it."""
    for statement in holder.statements:
        for pattern, what in _WRONG_FORMS:
            if (match := pattern.search(statement.text)) is not None:
                yield f"statements.{statement.id}", f"{match[0]!r} is {what}; write it out"


def text_agrees_with_doses(holder: Pack | DrugSheet, _library: Library) -> Iterator[tuple[str, str]]:
    """Every number of a typed dose stands in the text with its unit, and a mg/m2 rule says so."""
    for statement in holder.statements:
        if not statement.doses:
            continue
        said = amounts(statement.text)
        values = {value for value, _ in said}
        for dose in statement.doses:
            for value, unit in sorted(amounts(render(dose)), key=str):
                if (value, unit) in said or (unit in TIMES and (value, None) in said):
                    continue
                typed = f"types {decimal_digits(value)} {unit or ''}".rstrip()
                if value not in values:
                    yield f"statements.{statement.id}", f"{typed} for {dose.drug}, not in the text"
                elif unit is not None:
                    others = sorted(u for v, u in said if v == value and u)
                    written = f"{decimal_digits(value)} {others[0]}" if others else "it without its unit"
                    yield f"statements.{statement.id}", f"{typed}, the text says {written}"


def ceiling_in_text_is_typed(holder: Pack | DrugSheet, _library: Library) -> Iterator[tuple[str, str]]:
    """A text that names a ceiling for a dose has a typed cap: a dose without it must not load."""
    pattern = re.compile(
        r"\b(?:maximum|at most|not above|not exceed\w*|no more than|capped at|absolute)\b[^.;]{0,40}?"
        r"\d[\d,.]*\s*(?:mg|g|mcg|units)\b"
    )
    for statement in holder.statements:
        capless = statement.doses and all(not dose.caps and dose.max_rate is None for dose in statement.doses)
        if capless and pattern.search(fold(statement.text)):
            yield f"statements.{statement.id}", "the text names a ceiling and no dose has one; add max: {...}"


def child_rules_are_labelled(holder: Pack | DrugSheet, _library: Library) -> Iterator[tuple[str, str]]:
    """A paediatric statement names the child or the juvenile disease in its text."""
    label = re.compile(r"\b(?:child\w*|paediatric|juvenile|infant\w*|neonat\w*|newborn\w*|under \d+|below \d+|age)\b")
    for statement in holder.statements:
        if statement.population is Population.PAEDIATRIC and not label.search(fold(statement.text)):
            yield (
                f"statements.{statement.id}",
                "is paediatric and its text does not say so; name the child or the disease",
            )


def drug_ids_have_sheets(holder: Pack | DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    for statement in holder.statements:
        for drug in (*statement.drugs, *(dose.drug for dose in statement.doses)):
            if drug not in library.drugs:
                yield f"statements.{statement.id}", f"names drug {drug!r}, which has no sheet; write drugs/{drug}.yaml"


def limits_hold(holder: Pack | DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    """A dose that the drug sheet caps for its population has a cap of its own."""
    for statement in holder.statements:
        for dose in statement.doses:
            sheet = library.drugs.get(dose.drug)
            if sheet is None or not dose.no_cap:
                continue
            for limit in sheet.limits:
                if limit.population is statement.population and limit.because == statement.id:
                    yield (
                        f"statements.{statement.id}",
                        f"says `max: none stated`, but the sheet of {dose.drug} caps it from this very statement",
                    )


# --- plain wordings ------------------------------------------------------------------------------------


def plain_wordings_keep_the_claim(holder: Pack | DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    """Every shown statement has a plain wording that lost and gained no number, unit, negation or drug."""
    wordings: Mapping[str, str] = holder.plain.get(READER, {})
    for statement in holder.statements:
        if not statement.unverified and statement.id not in wordings:
            yield f"plain.{READER}", f"has no wording for {statement.id}; write one"
    for key, text in wordings.items():
        if key in library.statements:
            for problem in plain_problems(library.statements[key], text, library):
                yield f"plain.{READER}.{key}", problem
        elif key != "bottom_line" and not key.startswith("step."):
            yield f"plain.{READER}.{key}", "is the wording of nothing; use a statement id, bottom_line or step.ID"


def plain_problems(statement: Statement, text: str, library: Library) -> Iterator[str]:
    """What a plain wording lost or gained against its statement."""
    said, known = amounts(text), amounts(statement.text)
    for value, unit in sorted(known, key=str):
        if unit is not None and not any(v == value and u == unit for v, u in said):
            yield f"lost {value} {unit}"
        elif unit is None and not any(v == value for v, _ in said):
            yield f"lost the number {value}"
    for drug in library.drugs_in(statement.text):
        if library.base_of(drug) not in {library.base_of(d) for d in library.drugs_in(text)}:
            yield f"lost the drug {drug}"
    if _DENIES.search(fold(statement.text)) and not NEGATED.search(fold(text)):
        yield "lost the negation; say what is not done"
    yield from _unproven(text, (statement,), library)


_DENIES = re.compile(r"\b(?:not|never|no|nor|neither|cannot|avoid|without|contraindicated)\b")


def _unproven(text: str, statements: tuple[Statement, ...], library: Library) -> Iterator[str]:
    """What `text` says that its statements do not; a page would withhold it."""
    for check in prove(text, Evidence(statements, library)).checks:
        if not check.passed:
            yield f"{check.name}: {check.reason}; reword it or name the statement that says so"


# --- use of statements ---------------------------------------------------------------------------------


def nothing_unverified_is_shown(holder: Pack | DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    for where, ids in references(holder):
        for statement_id in ids:
            if library.statements[statement_id].unverified:
                yield where, f"shows {statement_id!r}, which is marked unverified or was replaced; leave it out"


def every_statement_is_used(holder: Pack | DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    """A verified fact is shown somewhere or listed in left_out."""
    used = _used(library)
    left_out = {entry.id for entry in holder.left_out}
    for statement in holder.statements:
        if statement.id not in used and statement.id not in left_out and not statement.unverified:
            yield f"statements.{statement.id}", "no section, step or slot uses it; use it or list it in left_out"


def _used(library: Library) -> frozenset[str]:
    kept = library.memo.get("used")
    if not isinstance(kept, frozenset):
        found = {i for holder in library.holders for _, ids in references(holder) for i in ids}
        kept = library.memo["used"] = frozenset(found)
    return kept


# --- packs ---------------------------------------------------------------------------------------------


def steps_hang_together(pack: Pack, _library: Library) -> Iterator[tuple[str, str]]:
    steps = [step.id for step in pack.steps]
    if len(set(steps)) < len(steps):
        yield "steps", "two steps have the same id; rename one"
    for step in pack.steps:
        if not step.because:
            yield f"steps.{step.id}", "has no because: name the statements that support it"
    offered = {option for step in pack.steps for option in step.options}
    for name in pack.actions.keys() - offered:
        yield f"actions.{name}", "no step offers it; add it to a step's options or remove it"


def recommended_drugs_have_doses_and_sheets(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    for name, action in pack.actions.items():
        if action.drug is None:
            continue
        if action.drug not in library.drugs:
            yield f"actions.{name}", f"drug {action.drug!r} has no sheet; write drugs/{action.drug}.yaml"
            continue
        if not action.avoid and not action.no_dose and not _has_dose(action, library):
            yield f"actions.{name}", "no statement in because doses this drug; add one, or say why in no_dose"


def _has_dose(action: Action, library: Library) -> bool:
    base = library.base_of(action.drug or "")
    return any(
        library.base_of(dose.drug) == base
        for i in action.because
        if i in library.statements
        for dose in library.statements[i].doses
    )


def populations_are_not_mixed(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    """No dose or rule of one population stands in the steps of the other's pack."""
    wrong = {Population.ADULT: Population.PAEDIATRIC, Population.PAEDIATRIC: Population.ADULT}.get(pack.population)
    for step in pack.steps:
        for option in step.options:
            for i in pack.actions[option].because if option in pack.actions else ():
                statement = library.statements.get(i)
                if statement is not None and statement.population is wrong and statement.doses:
                    yield (
                        f"actions.{option}",
                        f"{i!r} doses {statement.population} people in a pack for {pack.population} ones",
                    )


def criteria_are_sound(pack: Pack, _library: Library) -> Iterator[tuple[str, str]]:
    used: set[str] = set()
    texts = [("scope", pack.scope)]
    texts += [(f"steps.{step.id}.when", step.when) for step in pack.steps if step.when]
    texts += [(f"actions.{n}.not_if", no.when) for n, action in pack.actions.items() for no in action.not_if]
    for where, text in texts:
        for problem in criterion_problems(text, pack.facts):
            yield where, problem
        used.update(re.findall(r"[a-z][a-z0-9_]*", re.sub(r"'[^']*'", "", text)))
    for name in pack.facts.keys() - used:
        yield f"facts.{name}", "is declared and no criterion uses it; use it or remove it"
    for name, fact in pack.facts.items():
        if fact.if_none == "false" and not fact.reason:
            yield f"facts.{name}", "counts 'not recorded' as false without a reason; add reason:"


def bottom_line_is_short_and_dosed(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    text, _ = fill_doses(pack.bottom_line.text, library.statements)
    if "{" in text:
        yield "bottom_line", f"{text[text.index('{') :][:40]!r} stands for no dose; use {{dose STATEMENT DRUG}}"
    if len(text.split()) > MAX_BOTTOM_LINE:
        yield "bottom_line", f"has {len(text.split())} words once rendered, the limit is {MAX_BOTTOM_LINE}; shorten it"


def empty_sections_are_explained(pack: Pack, _library: Library) -> Iterator[tuple[str, str]]:
    """A section the reader expects is filled, or `unknown` says why not: removing a slot turns the lint red."""
    filled = {
        "assessment": bool(pack.assessment),
        "treatment": bool(pack.steps),
        "adjuncts": bool(pack.adjuncts),
        "monitoring": bool(pack.monitoring),
        "evidence": bool(pack.evidence.key),
        "cautions": bool(pack.cautions),
        "red_flags": bool(pack.red_flags),
    }
    for name, has in filled.items():
        if not has and name not in pack.unknown:
            yield name, f"is empty; fill it or say why under unknown: {name}:"
        if has and name in pack.unknown:
            yield f"unknown.{name}", "is filled and also called unknown; remove one"


def disagreements_have_two_sides(pack: Pack, _library: Library) -> Iterator[tuple[str, str]]:
    for disagreement in pack.evidence.disagreements:
        if len(disagreement.views) < 2:
            yield f"evidence.{disagreement.about}", "a disagreement needs at least two views"


def contrary_evidence_is_marked(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    for statement in pack.statements:
        if statement.contrary and statement.id not in pack.evidence.contrary:
            yield f"statements.{statement.id}", "is marked contrary and not listed under evidence.contrary"
    for i in pack.evidence.contrary:
        if (
            i in library.statements
            and not library.statements[i].contrary
            and library.statements[i].kind is Kind.EVIDENCE
        ):
            yield "evidence.contrary", f"{i!r} is listed as contrary and not marked contrary: true"


def forks_have_one_best_reading(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    for fork in pack.forks:
        if sum(reading.best for reading in fork.readings) != 1:
            yield f"forks.{fork.id}", "needs exactly one reading with best: true"
        if len(fork.readings) < 2:
            yield f"forks.{fork.id}", "a fork needs at least two readings"
        for reading in fork.readings:
            if reading.pack not in library.packs:
                yield f"forks.{fork.id}", f"reading {reading.pack!r} is not a pack of the library"


def names_of_packs_resolve(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    for population, other in pack.counterparts.items():
        if other not in library.packs:
            yield f"counterparts.{population}", f"{other!r} is not a pack of the library; mend the id"
    if pack.replaces is not None and not any(r.kind == "pack" and r.id == pack.replaces for r in library.replaced):
        yield "replaces", f"no earlier folder holds a pack {pack.replaces!r}, so nothing is replaced; mend the id"


def plain_titles_exist(pack: Pack, _library: Library) -> Iterator[tuple[str, str]]:
    wordings = pack.plain.get(READER, {})
    for key in ("bottom_line", *(f"step.{step.id}" for step in pack.steps)):
        if key not in wordings:
            yield f"plain.{READER}", f"has no wording for {key}; write one"


def dates_are_in_order(pack: Pack, _library: Library) -> Iterator[tuple[str, str]]:
    dates = {}
    for name in ("published", "review_by", "searched_to"):
        try:
            dates[name] = dt.date.fromisoformat(getattr(pack, name))
        except ValueError:
            yield name, "is not a date; write 2026-11-24"
    if len(dates) == 3 and dates["review_by"] <= dates["published"]:
        yield "review_by", "does not lie after the publication date"


def short_texts_are_supported(pack: Pack, library: Library) -> Iterator[tuple[str, str]]:
    """The bottom line, entry conditions, intervals and the like hold nothing that their statements do not say."""
    for where, text, ids in _short_texts(pack):
        statements = tuple(library.statements[i] for i in ids if i in library.statements)
        if statements:
            for problem in _unproven(fill_doses(text, library.statements)[0], statements, library):
                yield where, problem


def _short_texts(pack: Pack) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    yield "bottom_line", pack.bottom_line.text, pack.bottom_line.because
    if (plain := pack.plain.get(READER, {}).get("bottom_line")) is not None:
        yield f"plain.{READER}.bottom_line", plain, pack.bottom_line.because
    yield "bottom_line.applies_if", pack.bottom_line.applies_if, pack.bottom_line.because
    for check in pack.assessment:
        yield f"assessment.{check.because}.decides", check.decides, (check.because,)
    for step in pack.steps:
        yield f"steps.{step.id}.applies_if", step.applies_if, step.because
    for name, action in pack.actions.items():
        if action.prefer_if:
            yield f"actions.{name}.prefer_if", action.prefer_if, action.because
    for monitor in pack.monitoring:
        for key in ("interval", "target", "act"):
            if text := getattr(monitor, key):
                yield f"monitoring.{monitor.what}.{key}", text, monitor.because


# --- drug sheets ---------------------------------------------------------------------------------------


def every_slot_is_filled_or_explained(sheet: DrugSheet, _library: Library) -> Iterator[tuple[str, str]]:
    for slot in SLOTS:
        if not getattr(sheet, slot) and slot not in sheet.unknown and sheet.shares is None:
            yield slot, f"is empty; fill it or say why under unknown: {slot}:"
        if getattr(sheet, slot) and slot in sheet.unknown:
            yield f"unknown.{slot}", "is filled and also called unknown; remove one"


def shared_sheet_exists(sheet: DrugSheet, library: Library) -> Iterator[tuple[str, str]]:
    if sheet.shares is not None and sheet.shares not in library.drugs:
        yield "shares", f"{sheet.shares!r} is not a drug sheet"


COMMON: tuple[Callable[[Pack | DrugSheet, Library], Iterator[tuple[str, str]]], ...] = (
    statement_has_checked_source,
    grade_has_an_origin,
    text_is_free_of_error_prone_forms,
    text_agrees_with_doses,
    ceiling_in_text_is_typed,
    child_rules_are_labelled,
    drug_ids_have_sheets,
    limits_hold,
    plain_wordings_keep_the_claim,
    every_statement_is_used,
    nothing_unverified_is_shown,
)
PACK_RULES: tuple[PackRule, ...] = (
    steps_hang_together,
    recommended_drugs_have_doses_and_sheets,
    populations_are_not_mixed,
    criteria_are_sound,
    bottom_line_is_short_and_dosed,
    empty_sections_are_explained,
    disagreements_have_two_sides,
    contrary_evidence_is_marked,
    forks_have_one_best_reading,
    names_of_packs_resolve,
    plain_titles_exist,
    dates_are_in_order,
    short_texts_are_supported,
)
SHEET_RULES: tuple[SheetRule, ...] = (every_slot_is_filled_or_explained, shared_sheet_exists)


def lint(library: Library, holders: Iterable[Pack | DrugSheet] | None = None) -> tuple[Finding, ...]:
    """Every finding over `holders`, by default every pack and sheet of the library, in their order."""
    found: list[Finding] = []
    for holder in library.holders if holders is None else holders:
        if isinstance(holder, Pack):
            for rule in (*COMMON, *PACK_RULES):
                found.extend(_found(holder.pack, rule.__name__, rule(holder, library)))
        else:
            for sheet_rule in (*COMMON, *SHEET_RULES):
                found.extend(_found(holder.drug, sheet_rule.__name__, sheet_rule(holder, library)))
    return tuple(found)


def _found(holder: str, rule: str, results: Iterator[tuple[str, str]]) -> Iterator[Finding]:
    for where, message in results:
        yield Finding(holder=holder, where=where, message=message, rule=rule)
