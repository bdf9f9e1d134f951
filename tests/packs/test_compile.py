"""Folders to one library: later folders lead visibly, and nothing that hangs loose is compiled."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pack_folder import EXAMPLE, Edit, replace_once

from vademecum.errors import PackError, UsageError
from vademecum.packs.compiled import Replaced, digest_of, library_files
from vademecum.packs.library import Library, load

PACK, CHILD, SHEET, SOURCES = (
    "packs/exampleitis.yaml",
    "packs/juvenile-exampleitis.yaml",
    "drugs/examplomab.yaml",
    "sources.yaml",
)


def compiled(*folders: Path) -> Library:
    """The folders as one library, the first as the bundled one."""
    return load(folders[1:], bundled=folders[0])


def problems_of(*folders: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        compiled(*folders)
    return [problem.replace(f"{folders[-1]}/", "") for problem in caught.value.problems]


def own_folder(tmp_path: Path, file: str, *changes: tuple[str, str]) -> Path:
    """A folder of the reader's own with one changed file of the example."""
    own = tmp_path / "own" / file
    own.parent.mkdir(parents=True)
    shutil.copy(EXAMPLE / file, own)
    for old, new in changes:
        replace_once(own, old, new)
    return tmp_path / "own"


# --- what is read ----------------------------------------------------------------------------------------


def test_a_folder_becomes_packs_sheets_and_sources_in_the_order_of_their_ids(folder: Path) -> None:
    library = compiled(folder)
    assert list(library.packs) == ["exampleitis", "juvenile-exampleitis"]
    assert list(library.drugs) == ["examplomab", "samplazole"]
    assert list(library.sources) == [
        "example_guideline", "example_label", "example_trial", "retracted_trial", "unseen_report",
    ]  # fmt: skip
    assert library.replaced == ()
    assert library.origin_of(library.packs["exampleitis"]) == folder / PACK
    assert library.origin_of(library.drugs["examplomab"]) == folder / SHEET
    assert library.home["exi-dose"] == "exampleitis"
    assert library.home["exa-box"] == "examplomab"


def test_every_source_has_its_reference(folder: Path) -> None:
    library = compiled(folder)
    assert library.references.keys() == library.sources.keys()
    assert library.references["example_trial"] == "Author AB. Examplomab in exampleitis. Journal of Examples. 2024."


def test_only_yaml_files_of_the_three_places_count(folder: Path) -> None:
    (folder / "packs" / "notes.txt").write_text("not a pack", encoding="utf-8")
    (folder / "packs" / "draft.yaml.bak").write_text("not a pack", encoding="utf-8")
    (folder / "stray.yaml").write_text("not a pack", encoding="utf-8")
    (folder / "packs" / "linked.yaml").symlink_to(folder / CHILD)
    assert [str(file.relative_to(folder)) for file in library_files(folder)] == [
        SOURCES, SHEET, "drugs/samplazole.yaml", PACK, CHILD,
    ]  # fmt: skip
    assert list(compiled(folder).packs) == ["exampleitis", "juvenile-exampleitis"]


def test_an_empty_folder_of_ones_own_adds_nothing(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert compiled(folder, empty).packs == compiled(folder).packs


def test_a_pack_may_carry_sources_of_its_own(folder: Path, edit: Edit) -> None:
    edit(PACK, "left_out:", "sources:\n  - {key: local_note, type: protocol, title: A local note}\nleft_out:")
    edit(PACK, "cites: [{source: example_guideline, at: page 1}]", "cites: [local_note]")
    assert compiled(folder).references["local_note"] == "A local note."


# --- names of drugs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("Give EXAMPLOMAB or samplazole sodium.", ("examplomab", "samplazole")),
        ("Exabrand with samplazole, then examplomab", ("examplomab", "samplazole")),
        ("nothing of ours", ()),
        ("anti-examplomab antibodies", ()),
        ("examplomabs", ()),
    ],
)
def test_drugs_are_found_by_any_of_their_names_as_whole_words(text: str, drugs: tuple[str, ...], folder: Path) -> None:
    assert compiled(folder).drugs_in(text) == drugs


def test_a_statement_is_about_the_drugs_it_names_doses_or_lists(folder: Path) -> None:
    library = compiled(folder)
    assert library.drugs_of("exa-interaction") == ("examplomab", "samplazole")
    assert library.drugs_of("exi-about") == ()


def test_a_drug_that_shares_a_sheet_has_its_base(folder: Path) -> None:
    library = compiled(folder)
    assert library.base_of("samplazole") == "examplomab"
    assert library.base_of("examplomab") == "examplomab"


def test_a_drug_without_a_sheet_is_its_own_base(folder: Path) -> None:
    assert compiled(folder).base_of("no-such-drug") == "no-such-drug"


def test_everything_that_holds_statements_is_a_holder(folder: Path) -> None:
    library = compiled(folder)
    assert library.holders == (*library.packs.values(), *library.drugs.values())
    assert set(library.statements) == {s.id for holder in library.holders for s in holder.statements}


def test_forks_premises_and_plain_wordings_are_gathered_over_all_packs(folder: Path) -> None:
    library = compiled(folder)
    assert [fork.id for fork in library.forks] == ["example-trouble"]
    assert [(premise.because, holder) for premise, holder in library.premises] == [(("exi-contrary",), "exampleitis")]
    assert {"exi-dose", "jex-dose", "exa-box"} <= set(library.plain["patient.en"])


def test_steps_may_point_to_one_another(folder: Path, edit: Edit) -> None:
    edit(
        PACK,
        "    stop: [exi-infection]",
        "    stop: [exi-infection]\n    if_fails: next\n  - id: next\n    title: Next\n"
        "    line: second\n    applies_if: exampleitis in an adult\n    because: [exi-dose]\n    after: induction",
    )
    assert [step.id for step in compiled(folder).packs["exampleitis"].steps] == ["induction", "next"]


def test_an_unknown_id_is_never_guessed(folder: Path) -> None:
    library = compiled(folder)
    with pytest.raises(KeyError):
        library.drugs_of("exi-dos")
    with pytest.raises(KeyError):
        library.terms_of("exi-dos")


# --- precedence ------------------------------------------------------------------------------------------


def test_a_pack_of_ones_own_takes_the_place_of_the_bundled_one_and_says_so(tmp_path: Path) -> None:
    own = own_folder(tmp_path, PACK, ("title: Exampleitis in adults", "title: Exampleitis at our hospital"))
    library = compiled(EXAMPLE, own)
    assert library.packs["exampleitis"].title == "Exampleitis at our hospital"
    assert library.origins["pack:exampleitis"] == str(own / PACK)
    assert library.replaced == (Replaced("pack", "exampleitis", by=str(own / PACK), was=str(EXAMPLE / PACK)),)


def test_a_pack_with_another_id_takes_the_place_of_the_pack_it_names(tmp_path: Path) -> None:
    own = own_folder(tmp_path, CHILD, ("pack: juvenile-exampleitis", "pack: ours\nreplaces: exampleitis"))
    (own / CHILD).write_text((own / CHILD).read_text(encoding="utf-8").replace("jex-", "our-"), encoding="utf-8")
    library = compiled(EXAMPLE, own)
    assert list(library.packs) == ["juvenile-exampleitis", "ours"]
    assert library.replaced == (Replaced("pack", "exampleitis", by=str(own / CHILD), was=str(EXAMPLE / PACK)),)


def test_a_sheet_of_ones_own_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    own = own_folder(tmp_path, SHEET, ("names: [Exabrand]", "names: [Ourbrand]"))
    library = compiled(EXAMPLE, own)
    assert library.drugs["examplomab"].names == ("Ourbrand",)
    assert library.replaced == (Replaced("drug", "examplomab", by=str(own / SHEET), was=str(EXAMPLE / SHEET)),)


def test_a_source_of_ones_own_takes_the_place_of_the_bundled_one(tmp_path: Path) -> None:
    own = own_folder(tmp_path, SOURCES, ("title: Guideline on exampleitis", "title: Guideline, second edition"))
    library = compiled(EXAMPLE, own)
    assert library.sources["example_guideline"].title == "Guideline, second edition"
    assert Replaced("source", "example_guideline", str(own / SOURCES), str(EXAMPLE / SOURCES)) in library.replaced


def test_the_last_folder_leads(tmp_path: Path) -> None:
    first = own_folder(tmp_path / "first", PACK, ("title: Exampleitis in adults", "title: First"))
    second = own_folder(tmp_path / "second", PACK, ("title: Exampleitis in adults", "title: Second"))
    assert compiled(EXAMPLE, first, second).packs["exampleitis"].title == "Second"
    assert compiled(EXAMPLE, second, first).packs["exampleitis"].title == "First"


def test_a_statement_of_a_replaced_pack_still_resolves_and_is_never_shown_as_fact(tmp_path: Path) -> None:
    own = own_folder(tmp_path, PACK)
    text = (own / PACK).read_text(encoding="utf-8")
    (own / PACK).write_text(text.replace("exi-", "our-"), encoding="utf-8")
    library = compiled(EXAMPLE, own)
    assert library.statements["exi-dose"].unverified
    assert not library.statements["our-dose"].unverified
    assert "exi-dose" not in library.home


# --- what does not hold together -------------------------------------------------------------------------


def test_two_packs_of_one_folder_may_not_have_one_id(folder: Path, edit: Edit) -> None:
    edit(CHILD, "pack: juvenile-exampleitis", "pack: exampleitis")
    assert f"{CHILD}:1: pack:exampleitis is already defined in {PACK}; rename one of them" in problems_of(folder)


def test_a_statement_id_is_used_once_over_the_whole_library(folder: Path, edit: Edit) -> None:
    edit(SHEET, "- id: exa-box", "- id: exi-about")
    assert f"{SHEET}:1: statement id 'exi-about' is also used in {PACK}; rename one" in problems_of(folder)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ((PACK, "about: exi-about", "about: exi-abut"), "about: names statement 'exi-abut', which does not exist"),
        ((PACK, "red_flags: [exi-flag]", "red_flags: [no]"), "red_flags: names statement 'no', which does not exist"),
        ((PACK, "  stop: [exi-infection]", "  stop: [no]"), "steps.induction: names statement 'no', which"),
        ((PACK, "because: [exa-pregnancy]", "because: [no]"), "actions.examplomab: names statement 'no', which"),
        (
            (PACK, "{who: cohort, because: exi-contrary}", "{who: cohort, because: no}"),
            "evidence.benefit of examplomab: ",
        ),
        ((PACK, "why: [jex-about]", "why: [no]"), "forks.example-trouble: names statement 'no', which does not"),
        ((PACK, "cures], because: [exi-contrary]", "cures], because: [no]"), "premises: names statement 'no', which"),
        (
            (PACK, "{source: example_guideline, at: page 1}", "gone"),
            "statement 'exi-about' cites unknown source 'gone'",
        ),
        ((PACK, "options: [examplomab]", "options: [x]"), "steps.induction: option 'x' is not an action; add it under"),
        (
            (PACK, "    stop: [exi-inf", "    if_fails: x\n    stop: [exi-inf"),
            "steps.induction: points to step 'x', which",
        ),
        (
            (PACK, "    stop: [exi-inf", "    after: x\n    stop: [exi-inf"),
            "steps.induction: points to step 'x', which",
        ),
        ((SHEET, "kidney: [exa-kidney]", "kidney: [no]"), "kidney: names statement 'no', which does not exist; mend"),
        (
            (SHEET, "per: week, because: exa-label-dose}", "per: week, because: no}"),
            "limits: names statement 'no', which",
        ),
    ],
)
def test_a_name_of_something_that_is_not_there_is_refused(
    change: tuple[str, str, str], problem: str, folder: Path, edit: Edit
) -> None:
    edit(*change)
    said = problems_of(folder)
    assert any(one.startswith(f"{change[0]}:1: {problem}") for one in said), said


def test_the_problems_of_every_file_come_together(folder: Path, edit: Edit) -> None:
    edit(PACK, "status: draft", "status: finished")
    edit(SHEET, "population: pregnancy", "population: pregnant")
    edit(SOURCES, "    state: retracted", "    state: withdrawn")
    said = problems_of(folder)
    for file, what in ((PACK, "'finished'"), (SHEET, "'pregnant'"), (SOURCES, "'withdrawn'")):
        assert any(one.startswith(f"{file}:") and f"{what}: not one of" in one for one in said), said


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no pack folder at .*/none; give a folder that holds packs/, drugs/ or"):
        compiled(EXAMPLE, tmp_path / "none")


# --- the digest ------------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_content_and_not_of_the_place(folder: Path) -> None:
    assert digest_of((folder,)) == digest_of((EXAMPLE,))


@pytest.mark.parametrize("file", [PACK, SHEET, SOURCES])
def test_any_changed_byte_changes_the_digest(file: str, folder: Path) -> None:
    with (folder / file).open("a", encoding="utf-8") as handle:
        handle.write("# \n")
    assert digest_of((folder,)) != digest_of((EXAMPLE,))


def test_a_renamed_file_and_another_order_of_folders_change_the_digest(folder: Path, tmp_path: Path) -> None:
    own = own_folder(tmp_path / "mine", PACK)
    assert digest_of((folder, own)) != digest_of((own, folder))
    before = digest_of((folder,))
    (folder / PACK).rename(folder / "packs" / "renamed.yaml")
    assert digest_of((folder,)) != before
