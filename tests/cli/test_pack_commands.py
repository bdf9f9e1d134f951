"""`vade pack` and own folders: what is there, what is wrong with it, and how to start."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from commands import vade

from vademecum.packs.library import Library, load
from vademecum.packs.lint import lint

EXAMPLE = Path(__file__).parents[1] / "packs" / "example"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A library folder of the reader's own."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "own"))


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """A folder with the pack that `vade pack new` starts."""
    run = vade("pack", "new", "gout-acute", str(tmp_path / "new"))
    assert (run.code, run.err) == (0, "")
    return tmp_path / "new"


# --- list and show ---------------------------------------------------------------------------------------


def test_the_list_names_every_pack_and_sheet(library: Library) -> None:
    run = vade("pack", "list")
    assert run.code == 0
    for pack in library.packs.values():
        assert any(line.startswith(f"{pack.pack} ") and line.endswith(pack.title) for line in run.out.splitlines())
    assert f"{len(library.drugs)} drug sheets: {', '.join(library.drugs)}" in run.out


def test_the_list_says_which_pack_of_ones_own_takes_whose_place(own: Path, library: Library) -> None:
    pack = own / "packs" / "exampleitis.yaml"
    text = pack.read_text(encoding="utf-8").replace("pack: exampleitis\n", "pack: ours\nreplaces: muscle-cramps\n", 1)
    pack.write_text(text.replace("{pack: exampleitis,", "{pack: ours,"), encoding="utf-8")
    run = vade("pack", "list", "--packs", str(own))
    assert run.code == 0
    assert f"pack muscle-cramps: {pack} takes the place of {library.origins['pack:muscle-cramps']}" in run.out


def test_a_pack_is_shown_with_texts_grades_sources_and_gaps() -> None:
    run = vade("pack", "show", "muscle-cramps")
    assert run.code == 0
    for part in (
        "Muscle cramps in adults",
        "sp-025  [adult, caution]",
        "AAN Level A efficacy",
        "not known: adjuncts: ",
    ):
        assert part in run.out


def test_a_drug_sheet_is_shown_too() -> None:
    run = vade("pack", "show", "quinine")
    assert run.out.startswith("Quinine\n")
    assert "left out: quinine/interactions/QT-prolonging drugs: marked unverified in the safety facts" in run.out


def test_an_unknown_pack_leads_to_the_list() -> None:
    run = vade("pack", "show", "muscle-cramp")
    assert (run.code, run.out) == (2, "")
    assert run.err == "vade: no pack or drug sheet 'muscle-cramp'; see `vade pack list`\n"


# --- new -------------------------------------------------------------------------------------------------


def test_a_new_pack_lints_clean(started: Path) -> None:
    assert (started / "packs" / "gout-acute.yaml").exists()
    run = vade("pack", "lint", str(started))
    assert run.code == 0
    assert run.out.endswith(" 0 finding(s)\n")


def test_a_new_pack_can_be_asked_at_once(started: Path) -> None:
    run = vade("ask", "--format", "json", "--packs", str(started), "What is the treatment of exampleitis?")
    assert run.code == 0
    article = json.loads(run.out)
    assert article["bottom_line"]["text"] == "Rest the limb and review after 2 weeks."
    assert str(started) in json.dumps(article["own_content"])


def test_two_new_packs_share_one_folder(started: Path) -> None:
    assert vade("pack", "new", "gout-chronic", str(started)).code == 0
    library = load((started,))
    assert {"gout-acute", "gout-chronic"} <= set(library.packs)
    assert lint(library, [library.packs["gout-acute"], library.packs["gout-chronic"]]) == ()


def test_a_new_pack_never_writes_over_an_old_one(started: Path) -> None:
    file = started / "packs" / "gout-acute.yaml"
    file.write_text("mine", encoding="utf-8")
    run = vade("pack", "new", "gout-acute", str(started))
    assert run.code == 2
    assert run.err == f"vade: {file} exists; choose another name\n"
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_new_pack_leaves_the_bibliography_alone(started: Path) -> None:
    with (started / "sources.yaml").open("a", encoding="utf-8") as handle:
        handle.write("# mine\n")
    vade("pack", "new", "gout-chronic", str(started))
    assert (started / "sources.yaml").read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.parametrize("name", ["Gout", "../../etc/passwd", "gout acute", "g", "-gout", "gout/acute", "", "x" * 80])
def test_a_name_that_is_no_pack_name_writes_nothing(name: str, tmp_path: Path) -> None:
    run = vade("pack", "new", "--", name, str(tmp_path))
    assert run.code == 2
    assert "is not a pack name; use lower-case letters, digits and hyphens" in run.err
    assert list(tmp_path.iterdir()) == []


# --- lint and broken folders -----------------------------------------------------------------------------


def test_lint_names_file_line_place_and_mend(own: Path) -> None:
    pack = own / "packs" / "exampleitis.yaml"
    text = pack.read_text(encoding="utf-8")
    pack.write_text(text.replace("text: Offer exercise", "text: Offer exercise QD"), encoding="utf-8")
    line = text.split("- id: exi-exercise")[0].count("\n") + 1
    run = vade("pack", "lint", str(own))
    assert run.code == 1
    first = f"{pack}:{line}: statements.exi-exercise: 'QD' is an error-prone abbreviation; write it out"
    assert run.out.splitlines()[0] == first
    assert run.out.endswith(" 1 finding(s)\n")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("    exi-flag: Exampleitis with", "    exi-flag: On day 9 exampleitis with", "plain.patient.en.exi-flag"),
        ("    when: exampleitis\n", "    when: exampleitis and weak\n", "steps.induction.when"),
        ("  pregnant: {from: condition}", "  weak: {from: finding}\n  pregnant: {from: condition}", "facts.weak"),
        ("cautions: [exi-infection]", "unknown: {adjuncts: none}\ncautions: [exi-infection]", "unknown.adjuncts"),
    ],
)
def test_lint_finds_the_line_of_a_key_by_the_keys_around_it(old: str, new: str, key: str, own: Path) -> None:
    pack = own / "packs" / "exampleitis.yaml"
    text = pack.read_text(encoding="utf-8")
    assert text.count(old) == 1
    pack.write_text(text.replace(old, new), encoding="utf-8")
    line = text.split(old)[0].count("\n") + 1
    assert f"{pack}:{line}: {key}: " in vade("pack", "lint", str(own)).out


def test_lint_of_a_folder_checks_that_folder_alone(own: Path, library: Library) -> None:
    run = vade("pack", "lint", str(own))
    assert (run.code, run.out) == (0, "2 packs, 2 drug sheets: 0 finding(s)\n")
    everything = vade("pack", "lint")
    assert everything.out.endswith(f"{len(library.packs)} packs, {len(library.drugs)} drug sheets: 0 finding(s)\n")


def test_lint_of_a_folder_is_the_same_however_the_folder_is_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "drugs" / "samplazole.yaml").write_text(
        "drug: samplazole\ntitle: Samplazole\nnames: []\nclasses: []\nshares: nothing\n", encoding="utf-8"
    )
    by_absolute_path = vade("pack", "lint", str(own))
    monkeypatch.chdir(own.parent)
    by_relative_path = vade("pack", "lint", own.name)
    assert [run.code for run in (by_absolute_path, by_relative_path)] == [1, 1]
    assert "'nothing' is not a drug sheet" in by_relative_path.out


def test_a_broken_pack_names_file_and_line_and_nothing_is_answered(own: Path) -> None:
    pack = own / "packs" / "exampleitis.yaml"
    text = pack.read_text(encoding="utf-8")
    line = text.split("    line: first")[0].count("\n") + 1
    pack.write_text(text.replace("    line: first", "    line: fourth"), encoding="utf-8")
    run = vade("ask", "--format", "json", "--packs", str(own), "What is the treatment of muscle cramps?")
    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines() == [
        f"{pack}:{line}: 'fourth': not one of: immediate, first, add_on, second, refractory, maintenance, branch",
        "vade: 1 problem(s) in the library; mend them or leave the folder out",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: [", b"- a"])
def test_whatever_a_pack_file_holds_it_is_one_clear_problem(content: bytes, own: Path) -> None:
    file = own / "packs" / "broken.yaml"
    file.write_bytes(content)
    run = vade("pack", "lint", str(own))
    assert (run.code, run.out) == (1, "")
    problem, summary = run.err.splitlines()
    assert re.match(rf"{re.escape(str(file))}:[12]: .+; .+", problem)
    assert summary == "vade: 1 problem(s) in the library; mend them or leave the folder out"


@pytest.mark.parametrize("command", [("ask", "x"), ("pack", "list"), ("pack", "lint"), ("references",)])
def test_a_folder_that_is_not_there_is_a_usage_error(command: tuple[str, ...], tmp_path: Path) -> None:
    run = vade(*command, "--packs", str(tmp_path / "none"))
    assert (run.code, run.out) == (2, "")
    assert run.err == (
        f"vade: no pack folder at {tmp_path / 'none'}; give a folder that holds packs/, drugs/ or sources.yaml\n"
    )


def test_a_file_is_no_folder(own: Path) -> None:
    assert vade("pack", "list", "--packs", str(own / "sources.yaml")).code == 2


def test_own_folders_may_be_named_in_the_environment(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VADEMECUM_PACKS", str(own))
    assert "exampleitis " in vade("pack", "list").out
    monkeypatch.setenv("VADEMECUM_PACKS", f"{own}:{own.parent / 'none'}")
    assert vade("pack", "list").code == 2
