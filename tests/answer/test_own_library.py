"""A hospital's own folder takes precedence, visibly; a retracted source supports nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from vademecum.answer.article import sentences
from vademecum.answer.pipeline import ask
from vademecum.packs.library import BUNDLED, Library, load
from vademecum.packs.template import TEMPLATE_PACK, TEMPLATE_SOURCES

TODAY = dt.date(2026, 11, 24)

CRAMPS = (
    TEMPLATE_PACK.replace("NAME", "our-cramps")
    .replace("Exampleitis in adults", "Leg cramps, our protocol")
    .replace("names: [exampleitis]", "names: [leg cramps, muscle cramps]\nreplaces: muscle-cramps")
    .replace("exampleitis", "cramps")
    .replace("Exampleitis", "Cramping")
)


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def own(tmp_path: Path) -> Library:
    return load((folder(tmp_path, sources_yaml=TEMPLATE_SOURCES, packs__cramps_yaml=CRAMPS),))


def test_a_pack_of_ones_own_stands_in_for_the_bundled_one(own: Library) -> None:
    article = ask("How are leg cramps treated?", own, today=TODAY)
    assert article.interpretation.packs[0] == "our-cramps"
    assert "muscle-cramps" not in own.packs
    assert article.bottom_line is not None
    assert article.bottom_line.text == "Rest the limb and review after 2 weeks."


def test_the_article_says_which_file_it_came_from_and_what_it_replaced(own: Library, tmp_path: Path) -> None:
    article = ask("How are leg cramps treated?", own, today=TODAY)
    (line,) = article.own_content
    assert str(tmp_path / "packs" / "cramps.yaml") in line
    assert str(BUNDLED / "packs" / "muscle-cramps.yaml") in line


def test_bundled_articles_claim_no_own_content(library: Library) -> None:
    assert ask("How are leg cramps treated?", library, today=TODAY).own_content == ()


def test_statements_of_a_replaced_pack_are_never_shown_and_are_listed(own: Library) -> None:
    """Other packs name sp-025 and sp-027 nowhere, but a fork of the red-flag pack leads to the replaced pack."""
    for question in (
        "Is quinine effective for leg cramps?",
        "What is the treatment for severe inflammatory muscle spasms?",
    ):
        article = ask(question, own, today=TODAY)
        assert "sp-025" not in {i for sentence in sentences(article) for i in sentence.statement_ids}


def test_a_retracted_source_supports_nothing_and_the_gap_says_so(tmp_path: Path) -> None:
    retracted = """\
sources:
  - key: share_jdm_2017
    type: guideline
    title: Consensus-based recommendations for the management of juvenile dermatomyositis
    year: 2017
    state: retracted
    state_note: for this test
"""
    library = load((folder(tmp_path, sources_yaml=retracted),))
    article = ask("How is methotrexate dosed in juvenile dermatomyositis?", library, today=TODAY)
    assert "share_jdm_2017" not in {reference.key for reference in article.references}
    assert "jdm-002" not in {i for sentence in sentences(article) for i in sentence.statement_ids}
    assert any(gap.where == "jdm-002" and "retracted" in gap.reason for gap in article.coverage)


def test_a_superseded_source_is_shown_with_its_successor(tmp_path: Path) -> None:
    superseded = """\
sources:
  - key: share_jdm_2017
    type: guideline
    title: Consensus-based recommendations for the management of juvenile dermatomyositis
    year: 2017
    state: superseded
    superseded_by: our-protocol
  - key: our-protocol
    type: protocol
    title: Our protocol
"""
    library = load((folder(tmp_path, sources_yaml=superseded),))
    article = ask("How is methotrexate dosed in juvenile dermatomyositis?", library, today=TODAY)
    (reference,) = [r for r in article.references if r.key == "share_jdm_2017"]
    assert (reference.status, reference.superseded_by) == ("superseded", "our-protocol")


def test_a_sentence_that_fails_its_proof_is_not_shown_and_is_reported(tmp_path: Path) -> None:
    """A pack that was not linted: its bottom line turns mg/m2 into mg."""
    text = (BUNDLED / "packs" / "juvenile-dermatomyositis.yaml").read_text(encoding="utf-8")
    wrong = text.replace("{dose jdm-002 methotrexate}", "methotrexate 15 to 20 mg once weekly, at most 40 mg per week")
    assert wrong != text
    library = load((folder(tmp_path, packs__jdm_yaml=wrong),))
    article = ask("How is juvenile dermatomyositis treated?", library, today=TODAY)
    assert article.bottom_line is None
    (gap,) = [gap for gap in article.coverage if gap.where == "jdm-001" and gap.what == "sentence"]
    assert "mg/m2" in gap.reason
