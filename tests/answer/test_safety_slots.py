"""Every recommended drug has its eight required slots: filled, or named under coverage with the reason."""

from __future__ import annotations

import datetime as dt

import pytest

from vademecum.answer.article import List, sentences
from vademecum.answer.pipeline import ask
from vademecum.answer.sections import SLOT_TITLES
from vademecum.packs.library import Library
from vademecum.packs.model import SLOTS
from vademecum.render.markdown import render_markdown

TODAY = dt.date(2026, 11, 24)


def test_no_slot_of_a_recommended_drug_is_silently_missing(library: Library) -> None:
    for pack in library.packs.values():
        if pack.population == "paediatric":
            question = f"What is the treatment of {pack.title} in children?"
        else:
            question = f"What is the treatment of {pack.title}?"
        article = ask(question, library, today=TODAY)
        assert article.interpretation.packs[0] == pack.pack, question
        shown = {
            (block.drug, block.role)
            for section in article.sections
            for block in section.blocks
            if isinstance(block, List)
        }
        told = {(gap.where, gap.what) for gap in article.coverage}
        offered = {o.drug for step in article.pathway for o in step.options if o.drug and not o.avoid}
        for drug in offered:
            base = library.base_of(drug)
            for slot in SLOTS:
                assert (base, slot) in shown or (base, SLOT_TITLES[slot].lower()) in told, (pack.pack, base, slot)


def test_sections_that_cannot_be_filled_are_listed_in_coverage(library: Library) -> None:
    for pack in library.packs.values():
        article = ask(f"What is the treatment of {pack.title}?", library, today=TODAY)
        filled = {section.id for section in article.sections}
        told = {gap.what for gap in article.coverage}
        for section in ("assessment", "treatment", "adjuncts", "monitoring", "evidence", "cautions"):
            assert section in filled or f"section {section}" in told, (pack.pack, section)


@pytest.mark.parametrize("audience", ["physician", "patient"])
def test_no_article_withholds_a_sentence_of_the_bundled_library(audience: str, library: Library) -> None:
    for pack in library.packs.values():
        article = ask(f"What is the treatment of {pack.title}?", library, audience=audience, today=TODAY)
        withheld = [gap for gap in article.coverage if gap.what in {"sentence", "plain wording"}]
        assert withheld == [], pack.pack


def test_boxed_warnings_reach_the_patient(library: Library) -> None:
    question = "What is the treatment of myositis in adults?"
    for_physician = ask(question, library, today=TODAY)
    for_patient = ask(question, library, audience="patient", today=TODAY)

    def boxed(article: object) -> set[str]:
        return {
            i
            for section in article.sections  # type: ignore[attr-defined]
            for block in section.blocks
            if isinstance(block, List) and block.role == "boxed_warning"
            for item in block.items
            for i in item.sentence.statement_ids
        }

    assert boxed(for_physician)
    assert boxed(for_patient) == boxed(for_physician)


def test_the_patient_article_keeps_every_typed_dose_it_shows(library: Library) -> None:
    question = "How is juvenile dermatomyositis treated?"
    article = ask(question, library, audience="patient", today=TODAY)
    dosed = [s for s in sentences(article) if s.dose and s.dose["drug"] == "methotrexate"]
    assert dosed
    for sentence in dosed:
        assert "mg/m2" in sentence.text
        assert "40 mg" in sentence.text


def test_a_patient_is_never_told_to_take_a_dose(library: Library) -> None:
    import re

    order = re.compile(
        r"\b(?:you should|you must|please) (?:take|use|inject|start|stop)\b|^(?:Take|Inject|Start|Stop) "
    )
    for pack in library.packs.values():
        article = ask(f"What is the treatment of {pack.title}?", library, audience="patient", today=TODAY)
        for sentence in sentences(article):
            if sentence.dose or sentence.doses:
                assert not order.search(sentence.text), sentence.text


def test_the_patient_article_begins_with_when_to_get_help_and_reports_its_reading_grade(library: Library) -> None:
    article = ask("How is acute back spasm treated?", library, audience="patient", today=TODAY)
    assert article.red_flags
    text = render_markdown(article)
    assert 0 < text.index("When to get help now") < text.index("Bottom line")
    assert article.questions_to_ask
    assert article.reading is not None
    assert 3 < article.reading.flesch_kincaid_grade < 9
