"""The defects seen on existing pages (A1 to A5 of the page anatomy) cannot happen here."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from vademecum.answer.article import Article, ForkReading, Section, StepBlock, sentences
from vademecum.answer.pipeline import ask
from vademecum.evidence.model import Population
from vademecum.packs.library import Library

TODAY = dt.date(2026, 11, 24)
THE_QUESTION = "What is the treatment for severe inflammatory muscle spasms?"


@pytest.fixture(scope="module")
def article(library: Library) -> Article:
    return ask(THE_QUESTION, library, today=TODAY)


def body(article: Article) -> list[str]:
    """Texts of the answer itself: everything but the forks, which speak of other readings."""
    parts = (article.bottom_line, article.applies_if, article.red_flags, article.sections)
    return [sentence.text for part in parts if part is not None for sentence in sentences(part)]


def test_the_question_gets_a_full_cited_article(article: Article) -> None:
    found = list(sentences(article))
    assert len(found) >= 40
    assert all(sentence.citations and sentence.statement_ids for sentence in found)
    assert [section.id for section in article.sections] == [
        "assessment",
        "treatment",
        "adjuncts",
        "monitoring",
        "evidence",
        "cautions",
    ]
    assert len(article.forks) >= 3
    assert len(article.references) >= 12
    assert [reference.number for reference in article.references] == list(range(1, len(article.references) + 1))


def test_every_reference_resolves_to_the_bibliography(article: Article, library: Library) -> None:
    for reference in article.references:
        assert library.sources[reference.key].title == reference.title
        assert library.sources[reference.key].verified


def test_every_sentence_is_supported_and_says_by_which_checks(article: Article) -> None:
    for sentence in sentences(article):
        assert sentence.proof.verdict == "supported"
        assert {"numbers and units", "drug", "population", "direction", "strength"} <= {
            check.name for check in sentence.proof.checks
        }
        assert sentence.proof.spans


def test_the_bottom_line_is_short_and_has_drug_dose_route_frequency_and_grade(article: Article) -> None:
    line = article.bottom_line
    assert line is not None
    assert len(line.text.split()) <= 45
    assert line.dose is not None
    assert line.dose["drug"] == "prednisolone"
    assert "0.5 to 1 mg/kg" in line.text
    assert "once daily" in line.text
    assert "by mouth" in line.text
    assert (line.strength, line.certainty) == ("conditional", "low")  # the weakest of what it leans on
    assert article.applies_if is not None


# --- A1: unit lost -------------------------------------------------------------------------------------


def test_a1_adult_methotrexate_is_mg_per_week_and_never_mg_per_m2(article: Article) -> None:
    texts = [text for text in body(article) if "methotrexate" in text.lower() and re.search(r"\d+ mg", text)]
    assert any("25 mg" in text and "once weekly" in text for text in texts)
    assert not any("mg/m2" in text for text in texts)
    assert not any(re.search(r"\b40 mg per week", text) for text in body(article))


def test_a1_juvenile_methotrexate_keeps_its_unit_and_its_cap(library: Library) -> None:
    article = ask("How is methotrexate dosed in juvenile dermatomyositis?", library, today=TODAY)
    line = article.bottom_line
    assert line is not None
    assert "15 to 20 mg/m2" in line.text
    assert "at most 40 mg per week" in line.text
    assert line.population == Population.PAEDIATRIC
    assert line.dose is not None
    assert line.dose["amount"]["unit"] == "mg/m2"
    for sentence in sentences(article.sections):
        if sentence.dose and sentence.dose["drug"] == "methotrexate":
            assert sentence.population != Population.ADULT


# --- A2: child's rule without age ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        THE_QUESTION,
        "What dose of methotrexate is used in a 45-year-old with dermatomyositis?",
        "How is dermatomyositis treated in adults?",
        "prednisolone dose in polymyositis",
        "What is the treatment of myositis in a 70 year old woman?",
    ],
)
def test_a2_no_adult_is_shown_a_childs_rule(question: str, library: Library) -> None:
    article = ask(question, library, today=TODAY)
    assert article.kind == "answer"
    for part in (article.bottom_line, article.red_flags, article.sections):
        for sentence in sentences(part):
            assert sentence.population != Population.PAEDIATRIC, sentence.text


def test_a2_a_fork_about_children_says_so_and_is_left_out_for_a_stated_adult(
    article: Article, library: Library
) -> None:
    child = next(fork for fork in article.forks if fork.pack == "juvenile-dermatomyositis")
    assert child.population == Population.PAEDIATRIC
    assert "child" in child.label.lower()
    adult = ask("Severe inflammatory muscle spasms in a 50-year-old man: treatment?", library, today=TODAY)
    assert all(fork.population != Population.PAEDIATRIC for fork in adult.forks)


def test_a2_a_child_is_answered_from_the_juvenile_pack_without_adult_doses(library: Library) -> None:
    article = ask("What is the treatment for severe inflammatory muscle spasms in a 9-year-old?", library, today=TODAY)
    assert article.interpretation.packs[0] == "juvenile-dermatomyositis"
    for sentence in sentences(article.sections):
        if sentence.dose or sentence.doses:
            assert sentence.population in {Population.PAEDIATRIC, Population.ADULT_AND_PAEDIATRIC}, sentence.text


# --- A3: cancer-immunotherapy advice merged in ---------------------------------------------------------


def test_a3_advice_from_cancer_immunotherapy_is_labelled_wherever_it_is_shown(
    article: Article, library: Library
) -> None:
    immunotherapy = {
        statement.id
        for statement in library.statements.values()
        if {cite.source for cite in statement.cites} == {"asco_irae_2021"}
    }
    assert immunotherapy
    shown = [s for s in sentences(article.sections) if set(s.statement_ids) & immunotherapy]
    for sentence in shown:
        labels = f"{sentence.scope} {sentence.text}".lower()
        assert "immunotherapy" in labels or "checkpoint" in labels, sentence.text


def test_a3_the_immunotherapy_reading_has_its_own_fork(article: Article) -> None:
    fork = next(fork for fork in article.forks if fork.pack == "checkpoint-inhibitor-myositis")
    assert fork.bottom_line is not None
    assert "checkpoint inhibitor" in fork.bottom_line.text


# --- A4: vague question read as one disease ------------------------------------------------------------


def test_a4_a_vague_question_shows_its_readings_before_any_drug(article: Article) -> None:
    names = list(Article.__struct_fields__)
    assert names.index("forks") < names.index("sections")
    packs = {fork.pack for fork in article.forks}
    assert {"iim-adult", "acute-muscle-spasm", "rhabdomyolysis", "tetanus", "stiff-person-syndrome"} <= packs
    assert [fork.pack for fork in article.forks if fork.best] == ["iim-adult"]
    assert article.premise
    for fork in article.forks:
        assert isinstance(fork, ForkReading)
        assert fork.why
        assert fork.bottom_line is not None
        assert fork.command.startswith("vade ask ")


def test_a4_each_fork_leads_to_the_reading_it_names(article: Article, library: Library) -> None:
    for fork in article.forks:
        read_on = ask(fork.question, library, today=TODAY)
        assert read_on.interpretation.packs[0] == fork.pack, fork.question


def test_a4_plain_muscle_spasm_does_not_lead_with_a_cytotoxic(library: Library) -> None:
    article = ask("What are the treatment options for muscle spasms?", library, today=TODAY)
    assert article.interpretation.packs[0] == "acute-muscle-spasm"
    assert article.forks
    assert article.bottom_line is not None
    assert "methotrexate" not in article.bottom_line.text


# --- A5: a 40-patient open-label trial called "a randomised trial" -------------------------------------


def section_of(article: Article, section_id: str) -> Section:
    return next(section for section in article.sections if section.id == section_id)


def test_a5_the_small_open_label_trial_shows_its_design_and_size(library: Library) -> None:
    article = ask("What is the treatment of acute low-back spasm?", library, today=TODAY)
    borenstein = [s for s in sentences(article) if "sp-011" in s.statement_ids]
    assert borenstein
    for sentence in borenstein:
        assert "open-label" in sentence.text
        assert "20 patients" in sentence.text


def test_a5_the_later_contrary_trials_stand_beside_it(library: Library) -> None:
    article = ask("Does adding cyclobenzaprine to naproxen help acute low back pain?", library, today=TODAY)
    shown = {i for s in sentences(article) for i in s.statement_ids}
    assert {"sp-009", "sp-011"} <= shown
    contrary = [s for s in sentences(article) if s.contrary]
    assert any("sp-009" in s.statement_ids for s in contrary)


def test_a5_no_statement_calls_a_trial_randomised_without_its_size(library: Library) -> None:
    for statement in library.statements.values():
        if re.search(r"\brandomised (?:controlled )?trial\b", statement.text) and not re.search(
            r"\btrials\b", statement.text
        ):
            size_unknown = "number of people" in (statement.caveat or "")
            assert re.search(r"\d", statement.text) or size_unknown, statement.id


# --- the steps -----------------------------------------------------------------------------------------


def test_steps_state_when_they_apply_what_they_offer_and_what_comes_next(article: Article) -> None:
    steps = [block for block in section_of(article, "treatment").blocks if isinstance(block, StepBlock)]
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert all(step.applies_if.text for step in steps)
    assert any(step.effect for step in steps)
    assert any(step.stop for step in steps)
    ids = {step.id for step in steps}
    assert any(step.if_fails in ids for step in steps)
    assert any(step.line == "branch" for step in steps)
    assert any(option.avoid for step in steps for option in step.options)
    assert [step.id for step in article.pathway] == [step.id for step in steps]
