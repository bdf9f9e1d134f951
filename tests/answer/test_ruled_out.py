"""What the question takes off the table is not offered: not in the bottom line, not as an option."""

from __future__ import annotations

import pytest

from vademecum.answer.article import Article, StepBlock
from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library


def offered(article: Article) -> set[str | None]:
    blocks = (block for part in article.sections for block in part.blocks if isinstance(block, StepBlock))
    return {option.drug for block in blocks for option in block.options}


@pytest.mark.parametrize(
    "question",
    [
        "eGFR 22, acute low back strain. NSAIDs are out, what else is recommended?",
        "acute back spasm in an adult who cannot take NSAIDs: what is recommended?",
        "treatment of acute low back spasm, allergic to naproxen",
        "back spasm treatment without NSAIDs",
    ],
)
def test_a_drug_that_is_ruled_out_is_not_offered(question: str, library: Library) -> None:
    article = ask(question, library)
    assert article.kind == "answer"
    assert article.bottom_line is not None
    assert "naproxen 500 mg" not in article.bottom_line.text
    assert not any(dose["drug"] == "naproxen" for dose in article.bottom_line.doses)
    assert "naproxen" not in offered(article)
    assert "cyclobenzaprine" in offered(article)
    steps = [b for part in article.sections for b in part.blocks if isinstance(b, StepBlock)]
    assert not any(step.title.startswith("Use an NSAID") for step in steps)
    assert any("rules out" in said and "naproxen" in said for said in article.interpretation.assumptions)
    assert any(gap.where == "naproxen" and "rules this drug out" in gap.reason for gap in article.coverage)


@pytest.mark.parametrize(
    "question",
    [
        "no steroids yet, new polymyositis, what is the treatment?",
        "treatment of dermatomyositis with no response to methotrexate",
        "Is methotrexate contraindicated in pregnancy?",
        "What is the treatment of acute low back spasm?",
    ],
)
def test_what_was_tried_or_asked_about_is_not_ruled_out(question: str, library: Library) -> None:
    article = ask(question, library)
    assert not any("rules out" in said for said in article.interpretation.assumptions)


def test_what_shares_a_sheet_with_the_drug_is_ruled_out_with_it(library: Library) -> None:
    article = ask("treatment of polymyositis in an adult allergic to prednisone", library)
    assert not offered(article) & {"prednisone", "prednisolone"}
    assert article.bottom_line is None or "prednisolone" not in article.bottom_line.text


def test_a_question_that_rules_a_drug_out_and_asks_for_another_is_one_about_alternatives(library: Library) -> None:
    article = ask("polymyositis first-line when methotrexate is contraindicated", library)
    assert article.interpretation.intent == "alternatives"
    assert "methotrexate" not in offered(article)
    assert "azathioprine" in offered(article)
