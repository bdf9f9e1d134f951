"""`vade import`, `search`, `sources`, `stats`, `export`, `watch`, `reindex`, and `ask` from what was imported."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import Run, vade, vade_alone

ZINC = """PMID- 11111111
TI  - Zinc lozenges for the common cold: a randomized controlled trial.
AB  - BACKGROUND: Zinc may shorten colds. METHODS: We randomly assigned 213 adults to zinc 75 mg/day or placebo.
      RESULTS: Zinc lozenges shortened the common cold by 2.1 days (95% CI 1.1 to 3.0, p < 0.001).
      CONCLUSIONS: Zinc lozenges shorten the common cold in adults.
DP  - 2019
PT  - Randomized Controlled Trial
JT  - Journal of Colds

PMID- 22222222
TI  - No benefit of zinc in the common cold: a randomised trial.
AB  - RESULTS: There was no significant difference in duration of the common cold between zinc and placebo (p = 0.61).
      CONCLUSIONS: Zinc did not shorten the common cold.
DP  - 2021
PT  - Randomized Controlled Trial
JT  - Journal of Colds

PMID- 33333333
TI  - Anti-Jo-1 antibodies and interstitial lung disease in myositis.
AB  - Anti-Jo-1 was found in 24 of 96 patients. Methotrexate 10 mg/m2 was given weekly.
DP  - 2015
PT  - Journal Article
JT  - Lung
"""
UNTOLD = """
PMID- 44444444
TI  - Colchicine for gout.
DP  - 2001
"""
NOTICES = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes,\n"
    "1,Zinc,,,,,,,,,3/9/2026 0:00,10.1/notice,,1/1/2019 0:00,,11111111,Retraction,+Error in Data;,No,,\n"
)
QUESTION = "Does zinc shorten the common cold?"


def home(folder: Path) -> tuple[str, str]:
    return "--library", str(folder / "library.db")


def imported(folder: Path, *files: tuple[str, str]) -> Run:
    paths = []
    for name, content in files:
        (folder / name).write_text(content, encoding="utf-8")
        paths.append(str(folder / name))
    return vade("import", "--words-only", *home(folder), *paths)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three works, for the tests that only read."""
    folder = tmp_path_factory.mktemp("shelf")
    assert imported(folder, ("zinc.nbib", ZINC)).code == 0
    return folder


# --- import ----------------------------------------------------------------------------------------------


def test_import_says_what_it_did_and_doubles_nothing(tmp_path: Path) -> None:
    first = imported(tmp_path, ("zinc.nbib", ZINC))
    assert "1 file read: 3 new" in first.out
    assert "3 sources in 3 passages" in first.out
    again = vade("import", "--words-only", *home(tmp_path), str(tmp_path / "zinc.nbib"))
    assert again.code == 0
    assert "0 files read; 1 known before: nothing new" in again.out
    anew = vade("import", "--again", "--words-only", *home(tmp_path), str(tmp_path / "zinc.nbib"))
    assert "3 unchanged" in anew.out


def test_a_broken_file_is_named_and_the_others_go_in(tmp_path: Path) -> None:
    broken = ZINC.replace("PMID- 22222222", "PMID- twenty")
    run = imported(tmp_path, ("bad.nbib", broken), ("good.ris", "TY  - JOUR\nTI  - A title\nDO  - 10.1/a\nER  - \n"))
    assert run.code == 1
    assert "bad.nbib" in run.err
    assert "record 2" in run.err
    assert "1 new" in run.out


def test_import_as_json_is_for_programs(tmp_path: Path) -> None:
    (tmp_path / "zinc.nbib").write_text(ZINC, encoding="utf-8")
    (tmp_path / "picture.bin").write_bytes(b"\x00\x01")
    library = str(tmp_path.parent / f"{tmp_path.name}.db")
    run = vade("import", "--words-only", "--format", "json", "--library", library, str(tmp_path))
    taken = json.loads(run.out)
    assert taken["put"]["added"] == 3
    assert [Path(one["name"]).name for one in taken["skipped"]] == ["picture.bin"]


def test_standard_input_is_read(tmp_path: Path) -> None:
    run = vade_alone("import", "--words-only", *home(tmp_path), "-", stdin=ZINC.encode())
    assert run.code == 0, run.err
    assert "3 new" in run.out


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    run = vade("import", "--words-only", *home(tmp_path), str(tmp_path / "none.xml"))
    assert run.code == 1
    assert "none.xml" in run.err


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on(tmp_path: Path) -> None:
    names = []
    for number in range(40):
        text = ZINC.replace("PMID- ", f"PMID- {number + 1}")
        (tmp_path / f"{number:02}.nbib").write_text(text, encoding="utf-8")
        names.append(str(tmp_path / f"{number:02}.nbib"))
    command = [sys.executable, "-m", "vademecum.cli.main", "import", "--words-only", *home(tmp_path), *names]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    database = tmp_path / "library.db"
    until = time.monotonic() + 30
    while not database.exists() and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    run = vade_alone("import", "--words-only", "--format", "json", *home(tmp_path), *names)
    taken = json.loads(run.out)
    assert taken["sources"] == 120
    assert taken["stored"] + taken["known"] == 40


# --- search and lists ------------------------------------------------------------------------------------


def test_search_finds_and_quotes(shelf: Path) -> None:
    run = vade("search", *home(shelf), "zinc common cold", "--mode", "lexical")
    assert run.code == 0
    assert "No benefit of zinc" in run.out
    assert "PMID 11111111" in run.out
    assert "“" in run.out


@pytest.mark.parametrize("words", ["anti-Jo-1", "10 mg/m2", "pmid:33333333"])
def test_names_doses_and_numbers_are_findable(shelf: Path, words: str) -> None:
    run = vade("search", *home(shelf), words, "-n", "1", "--mode", "lexical")
    assert "Anti-Jo-1 antibodies" in run.out


def test_search_as_json_gives_places(shelf: Path) -> None:
    found = json.loads(vade("search", *home(shelf), QUESTION, "--format", "json", "--mode", "lexical").out)
    first = found["results"][0]
    quote, passage = first["quote"], first["passage"]
    assert passage["text"][quote["start"] : quote["end"]] == quote["text"]
    assert first["source"]["ids"]["pmid"] in {"11111111", "22222222"}


def test_filters_narrow_and_unknown_values_are_answered_with_the_known(shelf: Path) -> None:
    run = vade("search", *home(shelf), "zinc", "--year", "2020-", "--mode", "lexical")
    assert "No benefit" in run.out
    assert "Zinc lozenges for" not in run.out
    wrong = vade("search", *home(shelf), "zinc", "--design", "guess")
    assert wrong.code == 2
    assert "randomised trial" in wrong.err


def test_nothing_found_has_its_own_code(shelf: Path) -> None:
    assert vade("search", *home(shelf), "xyzzy", "--mode", "lexical").code == 3


def test_no_library_is_said_with_the_mend(tmp_path: Path) -> None:
    run = vade("search", *home(tmp_path), "zinc")
    assert run.code == 1
    assert "vade import" in run.err


def test_sources_are_listed_shown_and_removed(tmp_path: Path) -> None:
    imported(tmp_path, ("zinc.nbib", ZINC))
    listed = vade("sources", *home(tmp_path), "zinc")
    assert "2 sources" in listed.out
    shown = vade("sources", *home(tmp_path), "--id", "11111111")
    assert "randomised trial, OCEBM 2011 level 2" in shown.out
    assert "213" in shown.out
    assert "Finding" in shown.out
    number = json.loads(vade("sources", *home(tmp_path), "--id", "11111111", "--format", "json").out)["sources"][0][
        "id"
    ]
    assert vade("sources", *home(tmp_path), "--remove", str(number)).code == 0
    assert "1 source" in vade("sources", *home(tmp_path), "zinc").out
    assert vade("sources", *home(tmp_path), "--remove", "999").code == 2


def test_stats_count(shelf: Path) -> None:
    assert "3 in 3 passages" in vade("stats", *home(shelf)).out
    assert json.loads(vade("stats", *home(shelf), "--format", "json").out)["store"]["sources"] == 3


def test_an_export_is_read_back_as_it_was(tmp_path: Path) -> None:
    imported(tmp_path, ("zinc.nbib", ZINC + UNTOLD), ("notices.csv", NOTICES))
    assert vade("export", *home(tmp_path), "-o", str(tmp_path / "all.jsonl")).code == 0
    other = tmp_path / "other"
    other.mkdir()
    run = vade("import", "--words-only", *home(other), str(tmp_path / "all.jsonl"))
    assert "4 new" in run.out, run.err
    again = vade("export", *home(other), "-o", str(other / "all.jsonl"))
    assert again.code == 0
    assert (other / "all.jsonl").read_bytes() == (tmp_path / "all.jsonl").read_bytes()


@pytest.mark.parametrize(("form", "sign"), [("ris", "TY  - JOUR"), ("bibtex", "@article{"), ("csl-json", '"PMID"')])
def test_references_are_exported(shelf: Path, form: str, sign: str) -> None:
    assert sign in vade("export", *home(shelf), "--format", form).out


def test_the_index_can_be_deleted_checked_and_made_anew(tmp_path: Path) -> None:
    imported(tmp_path, ("zinc.nbib", ZINC))
    before = vade("search", *home(tmp_path), QUESTION, "--format", "json", "--mode", "lexical").out
    shutil.rmtree(tmp_path / "library.db.d")
    built = vade("reindex", "--words-only", *home(tmp_path))
    assert "3 passages" in built.out
    assert vade("search", *home(tmp_path), QUESTION, "--format", "json", "--mode", "lexical").out == before
    assert "sound" in vade("reindex", "--check", *home(tmp_path)).out


# --- ask -------------------------------------------------------------------------------------------------


def test_ask_quotes_what_was_imported(shelf: Path) -> None:
    run = vade("ask", *home(shelf), "--format", "json", QUESTION)
    article = json.loads(run.out)
    assert run.code == 0
    assert article["kind"] == "digest"
    (section,) = [part for part in article["sections"] if part["id"] == "imported"]
    roles = [block["role"] for block in section["blocks"]]
    assert roles[:2] == ["quoted_finding", "quoted_no_effect"]
    texts = [item["sentence"]["text"] for block in section["blocks"] for item in block["items"]]
    assert "Zinc lozenges shorten the common cold in adults." in texts
    assert "Zinc did not shorten the common cold." in texts
    assert {reference["pmid"] for reference in article["references"]} == {"11111111", "22222222"}


def test_ask_says_when_imports_have_nothing(shelf: Path) -> None:
    run = vade("ask", *home(shelf), "--format", "json", "Does yoga lower intraocular pressure in glaucoma?")
    article = json.loads(run.out)
    assert run.code == 3
    assert any(gap["what"] == "imported sources" for gap in article["coverage"])


def test_ask_leaves_imports_aside_when_told(shelf: Path) -> None:
    assert vade("ask", *home(shelf), "--packs-only", QUESTION).code == 3


def test_a_retraction_that_comes_later_is_shown(tmp_path: Path) -> None:
    imported(tmp_path, ("zinc.nbib", ZINC))
    assert imported(tmp_path, ("notices.csv", NOTICES)).code == 0
    assert "RETRACTED" in vade("search", *home(tmp_path), "zinc lozenges", "--mode", "lexical").out
    article = json.loads(vade("ask", *home(tmp_path), "--format", "json", QUESTION).out)
    (section,) = [part for part in article["sections"] if part["id"] == "imported"]
    by_role = {block["role"]: block["items"] for block in section["blocks"]}
    assert "quoted_finding" not in by_role
    assert by_role["quoted_retracted"][0]["sentence"]["proof"]["verdict"] == "not_found"


# --- watch -----------------------------------------------------------------------------------------------


def test_a_saved_question_tells_what_is_new_and_what_fell(tmp_path: Path) -> None:
    first, second, third = ZINC.split("\n\n")
    imported(tmp_path, ("a.nbib", first))
    assert vade("watch", "add", *home(tmp_path), "zinc", "zinc common cold").code == 0
    assert "zinc common cold" in vade("watch", "list", *home(tmp_path)).out
    begun = vade("watch", "run", *home(tmp_path))
    assert "first run" in begun.out
    assert vade("watch", "run", *home(tmp_path)).code == 3
    imported(tmp_path, ("b.nbib", second), ("c.nbib", third), ("notices.csv", NOTICES))
    kept = vade("watch", "run", "--keep", *home(tmp_path))
    run = vade("watch", "run", *home(tmp_path), "--format", "json")
    (news,) = json.loads(run.out)
    assert kept.code == run.code == 0
    assert "22222222" in [row["ids"].get("pmid") for row in news["new"]]
    assert [row["ids"]["pmid"] for row in news["fallen"]] == ["11111111"]
    assert vade("watch", "run", *home(tmp_path)).code == 3
    assert vade("watch", "remove", *home(tmp_path), "zinc").code == 0
    assert vade("watch", "remove", *home(tmp_path), "zinc").code == 2
