"""The library that ships: complete, checked, and nothing can go missing from it unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from vademecum.dosing.model import Cap, Dose, Per, Quantity
from vademecum.evidence.model import Population, SourceState, Statement
from vademecum.packs.compile import compile_folders
from vademecum.packs.compiled import Compiled, digest_of
from vademecum.packs.library import BUNDLED, Library
from vademecum.packs.lint import lint
from vademecum.packs.model import SLOTS, DrugSheet, Pack

SHARED = Path(__file__).parents[1] / ".." / "shared"


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    """The bundled folder, read from its files."""
    return compile_folders((BUNDLED,), digest_of((BUNDLED,)))


def findings(compiled: Compiled) -> set[tuple[str, str, str]]:
    return {(finding.rule, finding.holder, finding.where) for finding in lint(Library(compiled))}


# --- complete --------------------------------------------------------------------------------------------


def test_the_library_lints_with_nothing_to_say(compiled: Compiled) -> None:
    found = [f"{f.holder}: {f.where}: {f.message}" for f in lint(Library(compiled))]
    assert found == [], f"{len(found)} finding(s)"


def test_every_drug_that_is_recommended_dosed_or_named_has_a_sheet(library: Library) -> None:
    offered = {action.drug for pack in library.packs.values() for action in pack.actions.values() if action.drug}
    watched = {monitor.drug for pack in library.packs.values() for monitor in pack.monitoring if monitor.drug}
    dosed = {dose.drug for statement in library.statements.values() for dose in statement.doses}
    named = {drug for statement in library.statements.values() for drug in statement.drugs}
    assert sorted((offered | watched | dosed | named) - library.drugs.keys()) == []


def test_a_sheet_that_shares_has_a_sheet_to_share(library: Library) -> None:
    for sheet in library.drugs.values():
        assert library.drugs[library.base_of(sheet.drug)].shares is None


def test_every_cited_source_was_seen_and_stands(library: Library) -> None:
    cited = {cite.source for statement in library.statements.values() for cite in statement.cites}
    assert [key for key in sorted(cited) if not library.sources[key].verified] == []
    assert [key for key in sorted(cited) if library.sources[key].state is SourceState.RETRACTED] == []
    assert [s.id for s in library.statements.values() if not s.cites] == []


def test_every_verified_fact_is_a_statement_or_left_out_with_a_reason(library: Library) -> None:
    file = SHARED / "clinical" / "statements.yaml"
    if not file.is_file():
        pytest.skip(f"the verified facts are not here ({file}); they are checked where packs are written")
    facts: list[dict[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    left_out = {entry.id.partition("/")[0] for holder in library.holders for entry in holder.left_out}
    assert [fact["id"] for fact in facts if fact["id"] not in library.statements.keys() | left_out] == []
    assert [entry.id for holder in library.holders for entry in holder.left_out if not entry.reason.strip()] == []


# --- nothing goes missing unnoticed ----------------------------------------------------------------------


@pytest.mark.parametrize("slot", SLOTS)
def test_removing_a_slot_or_the_reason_for_its_emptiness_turns_the_lint_red(slot: str, compiled: Compiled) -> None:
    def emptied(sheet: DrugSheet) -> DrugSheet:
        return replace(sheet, **{slot: (), "unknown": _without(sheet.unknown, slot)})

    red = {
        drug
        for _, drug, where in findings(replace(compiled, drugs=tuple(map(emptied, compiled.drugs))))
        if where == slot
    }
    assert [sheet.drug for sheet in compiled.drugs if getattr(sheet, slot) and sheet.drug not in red] == []
    assert [sheet.drug for sheet in compiled.drugs if slot in sheet.unknown and sheet.drug not in red] == []
    assert red


def _without(unknown: dict[str, str], name: str) -> dict[str, str]:
    return {key: reason for key, reason in unknown.items() if key != name}


def _no_key_evidence(pack: Pack) -> Pack:
    return replace(pack, evidence=replace(pack.evidence, key=()))


SECTIONS: dict[str, tuple[Callable[[Pack], object], Callable[[Pack], Pack]]] = {
    "assessment": (lambda pack: pack.assessment, lambda pack: replace(pack, assessment=())),
    "treatment": (lambda pack: pack.steps, lambda pack: replace(pack, steps=())),
    "adjuncts": (lambda pack: pack.adjuncts, lambda pack: replace(pack, adjuncts=())),
    "monitoring": (lambda pack: pack.monitoring, lambda pack: replace(pack, monitoring=())),
    "evidence": (lambda pack: pack.evidence.key, _no_key_evidence),
    "cautions": (lambda pack: pack.cautions, lambda pack: replace(pack, cautions=())),
    "red_flags": (lambda pack: pack.red_flags, lambda pack: replace(pack, red_flags=())),
}
"""What fills a section of a pack, and the pack without it."""


@pytest.mark.parametrize("section", SECTIONS)
def test_removing_a_section_or_the_reason_for_its_emptiness_turns_the_lint_red(
    section: str, compiled: Compiled
) -> None:
    content, emptied = SECTIONS[section]
    packs = tuple(replace(emptied(pack), unknown=_without(pack.unknown, section)) for pack in compiled.packs)
    red = {pack for _, pack, where in findings(replace(compiled, packs=packs)) if where == section}
    assert [pack.pack for pack in compiled.packs if content(pack) and pack.pack not in red] == []
    assert [pack.pack for pack in compiled.packs if section in pack.unknown and pack.pack not in red] == []
    assert red


def test_removing_any_plain_wording_turns_the_lint_red(compiled: Compiled) -> None:
    def unworded(holder: Any) -> Any:
        return replace(holder, plain={})

    without = replace(compiled, packs=tuple(map(unworded, compiled.packs)), drugs=tuple(map(unworded, compiled.drugs)))
    missed = {
        finding.message.removeprefix("has no wording for ").removesuffix("; write one")
        for finding in lint(Library(without))
        if finding.message.startswith("has no wording for ")
    }
    holders = (*compiled.packs, *compiled.drugs)
    shown = {statement.id for holder in holders for statement in holder.statements if not statement.unverified}
    titles = {f"step.{step.id}" for pack in compiled.packs for step in pack.steps}
    assert missed == {*shown, *titles, "bottom_line"}


# --- methotrexate: the dose that must never be taken for another ------------------------------------------


def doses_of_methotrexate(library: Library) -> list[tuple[Statement, Dose]]:
    return [
        (statement, dose)
        for statement in library.statements.values()
        for dose in statement.doses
        if dose.drug == "methotrexate"
    ]


FORTY_A_WEEK = Cap(Quantity(Fraction(40), "mg"), Per.WEEK)


def test_no_adult_dose_of_methotrexate_is_by_surface_or_has_the_ceiling_for_children(library: Library) -> None:
    adult = [(s, dose) for s, dose in doses_of_methotrexate(library) if s.population is not Population.PAEDIATRIC]
    assert adult
    for statement, dose in adult:
        assert dose.amount is None or dose.amount.unit == "mg", statement.id
        assert FORTY_A_WEEK not in dose.caps, statement.id
        assert dose.per is Per.WEEK, statement.id


def test_no_adult_text_on_methotrexate_names_the_dose_for_children(library: Library) -> None:
    for statement in library.statements.values():
        if statement.population is Population.PAEDIATRIC or "methotrexate" not in library.drugs_of(statement.id):
            continue
        for text in (
            statement.text,
            *(words[statement.id] for words in library.plain.values() if statement.id in words),
        ):
            assert "mg/m2" not in text, statement.id
            assert "square met" not in text, statement.id
            assert "40 mg" not in text, statement.id


def test_the_juvenile_dose_of_methotrexate_is_by_surface_and_capped_at_40_mg_a_week(library: Library) -> None:
    juvenile = [(s, dose) for s, dose in doses_of_methotrexate(library) if s.population is Population.PAEDIATRIC]
    assert juvenile
    for statement, dose in juvenile:
        assert dose.amount is not None, statement.id
        assert dose.amount.unit == "mg/m2", statement.id
        assert dose.per is Per.WEEK, statement.id
        assert FORTY_A_WEEK in dose.caps, statement.id
        assert "mg/m2" in statement.text, statement.id
        assert "40 mg per week" in statement.text, statement.id
