"""From files to typed values: every mistake is named, with file, line, what is wrong and how to mend it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from pack_folder import Edit

from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span
from vademecum.errors import PackError
from vademecum.evidence.model import (
    Certainty,
    Citation,
    Direction,
    Grade,
    GradeOrigin,
    Kind,
    Population,
    Source,
    SourceState,
    SourceType,
    Statement,
    Strength,
)
from vademecum.packs.loader import read_pack, read_sheet, read_sources
from vademecum.packs.model import (
    Action,
    Contraindication,
    Fact,
    FactFrom,
    Interaction,
    InteractionSeverity,
    Line,
    NotIf,
    Severity,
    Step,
)

PACK, SHEET, SOURCES = "packs/exampleitis.yaml", "drugs/examplomab.yaml", "sources.yaml"


def problems_of(path: Path) -> list[str]:
    """What is said about a pack that does not load, without the path."""
    with pytest.raises(PackError) as caught:
        read_pack(path)
    said = [problem.removeprefix(f"{path}:") for problem in caught.value.problems]
    assert all(problem not in caught.value.problems for problem in said), "every problem starts with the file"
    return said


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").split(text)[0].count("\n") + 1


# --- what is read ----------------------------------------------------------------------------------------


def test_a_statement_is_read_with_dose_grade_and_citation(folder: Path) -> None:
    pack, _ = read_pack(folder / PACK)
    assert pack.statements[1] == Statement(
        id="exi-dose",
        text="In adults with exampleitis, give examplomab 20 mg once weekly subcutaneously, at most 40 mg per week.",
        population=Population.ADULT,
        kind=Kind.FIRST_LINE,
        cites=(Citation("example_guideline", "page 2"),),
        drugs=("examplomab",),
        doses=(
            Dose(
                drug="examplomab",
                per=Per.WEEK,
                amount=Amount(Fraction(20), Fraction(20), "mg"),
                route=Route.SUBCUTANEOUS,
                frequency=Frequency(1, Span(Fraction(1), "wk")),
                caps=(Cap(Quantity(Fraction(40), "mg"), Per.WEEK),),
            ),
        ),
        grade=Grade(Direction.FOR, Strength.STRONG, Certainty.HIGH, GradeOrigin.SOURCE),
    )


def test_a_step_and_its_action_are_read(folder: Path) -> None:
    pack, _ = read_pack(folder / PACK)
    assert pack.steps == (
        Step(
            id="induction",
            title="Start examplomab",
            line=Line.FIRST,
            applies_if="exampleitis in an adult",
            because=("exi-dose",),
            when="exampleitis",
            options=("examplomab",),
            before=("exi-check",),
            stop=("exi-infection",),
        ),
    )
    assert pack.actions == {
        "examplomab": Action(
            label="Examplomab",
            because=("exi-dose",),
            drug="examplomab",
            prefer_if="exampleitis in adults",
            not_if=(NotIf("pregnant", Severity.ABSOLUTE, ("exa-pregnancy",)),),
        )
    }
    assert pack.facts["age"] == Fact(source=FactFrom.AGE, unit="a")


def test_a_sheet_is_read_with_its_safety_slots(folder: Path) -> None:
    sheet, _ = read_sheet(folder / SHEET)
    assert sheet.boxed_warning == ("exa-box",)
    assert sheet.contraindications == (
        Contraindication("pregnancy", "exa-pregnancy"),
        Contraindication("liver_failure", "exa-liver"),
    )
    assert sheet.interactions == (Interaction("samplazole", InteractionSeverity.CONTRAINDICATED, "exa-interaction"),)
    assert sheet.unknown == {"children": "no checked source seen", "older_adults": "no checked source seen"}


def test_a_source_is_read_and_nothing_is_filled_in(folder: Path) -> None:
    sources, _ = read_sources(folder / SOURCES)
    assert sources.sources[4] == Source(
        key="retracted_trial",
        type=SourceType.TRIAL,
        title="A retracted trial of examplomab",
        state=SourceState.RETRACTED,
    )
    assert sources.sources[3].verified is False


def test_a_citation_may_be_just_the_key(folder: Path, edit: Edit) -> None:
    edit(PACK, "cites: [{source: example_guideline, at: page 1}]", "cites: [example_guideline]")
    pack, _ = read_pack(folder / PACK)
    assert pack.statements[0].cites == (Citation("example_guideline"),)


def test_a_pair_of_limits_is_read_as_two_texts(folder: Path, edit: Edit) -> None:
    edit(PACK, "age: {from: age, unit: a}", "age: {from: age, unit: a, plausible: [0, 130]}")
    assert read_pack(folder / PACK)[0].facts["age"].plausible == ("0", "130")


def test_a_truth_is_text_that_says_true_or_false(folder: Path, edit: Edit) -> None:
    edit(PACK, "contrary: true", 'contrary: "false"')
    pack, _ = read_pack(folder / PACK)
    assert [statement.contrary for statement in pack.statements] == [False] * 8


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bottom_line:\n  text", "botom_line:\n  text", "unknown key 'botom_line'; did you mean 'bottom_line'?"),
        ("cautions: [exi-infection]", "zzz: [exi-infection]", "unknown key 'zzz'; known keys: about, actions, "),
        ("population: adult\nscope", "population: adults\nscope", "'adults': not one of: adult, paediatric, "),
        ("status: draft", "status: finished", "'finished': not one of: draft, active, retired"),
        ("red_flags: [exi-flag]", "red_flags: exi-flag", "expected a list; write `- ` before each item, or [ ... ]"),
        ("title: Exampleitis in adults", "title: [a, b]", "expected plain text, got a list or a mapping"),
        ("title: Exampleitis in adults", "title:", "is empty; write the text or remove the key"),
        ("  key: [exi-trial]", "  key: [[exi-trial]]", "expected plain text, got a list or a mapping"),
        (
            "age: {from: age, unit: a}",
            "age: {from: age, unit: a, plausible: [0]}",
            "expected a list of 2, such as [0, 300]",
        ),
        (
            "age: {from: age, unit: a}",
            "age: {from: age, unit: a, plausible: 99}",
            "expected a list of 2, such as [0, 300]",
        ),
        (
            "age: {from: age, unit: a}",
            "age: adult",
            "expected the keys of a fact, got text or a list; write `key: value`",
        ),
        (
            "    exi-about: Exampleitis is an invented illness of adults.",
            "    exi-about:",
            "is empty; write the text or",
        ),
        ("contrary: true", "contrary: perhaps", "'perhaps': not true or false"),
        ("    stop: [exi-infection]", "    stops: [exi-infection]", "unknown key 'stops'; did you mean 'stop'?"),
        ("amount: 20 mg, per: week", "amount: 20, per: week", "examplomab: amount: '20' is not an amount"),
        ("amount: 20 mg, per: week", "amount: 20 mg", "examplomab: per: missing; say what the amount counts over"),
        (", max: {week: 40 mg}}", "}", "examplomab: max: missing; say what the source's ceiling is"),
        ("amount: 20 mg, per: week", "amount: 20 mgg, per: week", "examplomab: amount: unknown unit 'mgg'"),
        ("route: subcutaneous", "rout: subcutaneous", "examplomab: rout: unknown key; the keys are drug, amount"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_mend(
    old: str, new: str, message: str, folder: Path, edit: Edit
) -> None:
    line = line_of(folder / PACK, old)
    edit(PACK, old, new)
    said = problems_of(folder / PACK)
    assert any(problem.startswith(f"{line}: {message}") for problem in said), said


def test_one_mistake_does_not_hide_the_others(folder: Path, edit: Edit) -> None:
    edit(PACK, "status: draft", "status: finished")
    edit(PACK, "line: first", "line: fist")
    edit(PACK, "amount: 20 mg", "amount: much")
    edit(PACK, "contrary: true", "contrarian: true")
    said = problems_of(folder / PACK)
    assert [problem.split(": ", 1)[1] for problem in said] == [
        "'finished': not one of: draft, active, retired",
        "examplomab: amount: 'much' is not an amount; write e.g. `15 to 20 mg/m2`, `up to 25 mg`, `500 mg`",
        "unknown key 'contrarian'; did you mean 'contrary'?",
        "'fist': not one of: immediate, first, add_on, second, refractory, maintenance, branch",
    ]
    assert [int(problem.split(":")[0]) for problem in said] == sorted(int(problem.split(":")[0]) for problem in said)


@pytest.mark.parametrize(
    ("file", "required"),
    [
        (PACK, ("pack", "version", "title", "population", "scope", "about", "bottom_line")),
        (SHEET, ("drug", "title", "names", "classes")),
    ],
)
def test_what_is_required_is_missed(file: str, required: tuple[str, ...], folder: Path) -> None:
    (folder / file).write_text("plain: {}\n", encoding="utf-8")
    read = read_pack if file == PACK else read_sheet
    kind = "pack" if file == PACK else "drugsheet"
    with pytest.raises(PackError) as caught:
        read(folder / file)
    for name in required:
        assert f"{folder / file}:1: {kind} has no {name!r}; add it" in caught.value.problems


def test_a_file_that_is_a_list_is_no_pack(folder: Path) -> None:
    (folder / PACK).write_text("- a\n- b\n", encoding="utf-8")
    assert problems_of(folder / PACK) == ["1: expected the keys of a pack, got text or a list; write `key: value`"]


def test_a_dose_that_is_text_is_refused(folder: Path, edit: Edit) -> None:
    edit(
        SHEET,
        "      - {drug: examplomab, amount: 10 to 20 mg",
        "      - 20 mg\n      - {drug: examplomab, amount: 10 mg",
    )
    with pytest.raises(PackError, match=r"a dose is a mapping with drug, amount, per, max, \.\.\.$"):
        read_sheet(folder / SHEET)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "none.yaml") == ["1: cannot be read: No such file or directory"]


def test_a_problem_may_name_the_file_as_the_reader_knows_it(folder: Path, edit: Edit) -> None:
    edit(PACK, "status: draft", "status: finished")
    with pytest.raises(PackError, match=r"^my pack:4: 'finished': not one of"):
        read_pack(folder / PACK, shown_as="my pack")
