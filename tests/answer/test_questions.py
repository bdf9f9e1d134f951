"""The evaluation set: questions written from the reader's side, apart from the code that answers them.

Rows: what must be shown (any of, all of), what must not be, and which kind of reply is right. Thresholds stand a little
below what was measured (see benchmarks/results), so that a real loss turns the suite red.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from vademecum.answer.article import Article, sentences
from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library

DATA = Path(__file__).resolve().parent.parent / "data"
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines() if line.strip()]


def shown(article: Article) -> set[str]:
    """Statements of the answer itself; forks are other readings and say so."""
    parts = (article.premise, article.red_flags, article.bottom_line, article.sections)
    return {i for part in parts if part is not None for sentence in sentences(part) for i in sentence.statement_ids}


@pytest.fixture(scope="module")
def answered(library: Library) -> list[tuple[Row, Article]]:
    return [(row, ask(row["question"], library)) for row in rows("questions.jsonl")]


def test_the_ids_of_the_rows_exist(library: Library) -> None:
    for row in rows("questions.jsonl"):
        for key in ("must_include_any", "must_include", "must_not_include"):
            assert set(row.get(key, ())) <= library.statements.keys(), row["id"]


def test_the_right_statements_are_found(answered: list[tuple[Row, Article]]) -> None:
    wanted = [(row, shown(a) & set(row["must_include_any"])) for row, a in answered if row["must_include_any"]]
    missed = [row["id"] for row, found in wanted if not found]
    assert len(missed) <= 0.035 * len(wanted), missed


def test_required_safety_is_shown(answered: list[tuple[Row, Article]]) -> None:
    wanted = [(row, set(row["must_include"]) - shown(a)) for row, a in answered if row.get("must_include")]
    missed = [(row["id"], sorted(lost)) for row, lost in wanted if lost]
    assert len(missed) <= 0.055 * len(wanted), missed


def test_forbidden_statements_stay_out(answered: list[tuple[Row, Article]]) -> None:
    wrong = [(row["id"], ids) for row, a in answered if (ids := shown(a) & set(row.get("must_not_include", ())))]
    assert len(wrong) <= 2, wrong


def test_the_kind_of_reply_is_right(answered: list[tuple[Row, Article]]) -> None:
    wrong = [(row["id"], row["expect"], a.kind) for row, a in answered if a.kind != row["expect"]]
    assert len(wrong) <= 0.025 * len(answered), wrong


def test_danger_is_never_missed(answered: list[tuple[Row, Article]]) -> None:
    wrong = [
        (row["id"], a.kind)
        for row, a in answered
        if row["expect"] in {"emergency", "self_harm", "decline"} and a.kind != row["expect"]
    ]
    assert wrong == []


def test_no_uncovered_condition_gets_a_covered_ones_answer(answered: list[tuple[Row, Article]]) -> None:
    wrong = [
        (row["id"], a.kind)
        for row, a in answered
        if row["expect"] in {"abstain", "no_such_entity"} and a.kind == "answer"
    ]
    assert wrong == []


# --- paraphrases ---------------------------------------------------------------------------------------


def test_paraphrases_of_a_question_give_the_same_recommendation(library: Library) -> None:
    """Same kind of reply, same condition, same bottom line, same typed doses, whatever the words."""
    heads: dict[str, object] = {}
    count: Counter[str] = Counter()
    wrong = []
    for row in rows("paraphrases.jsonl"):
        article = ask(row["question"], library)
        line = article.bottom_line
        recommendation = (article.kind, article.interpretation.packs[:1], line and line.text, line and line.dose)
        count[row["group"]] += 1
        if heads.setdefault(row["group"], recommendation) != recommendation:
            wrong.append((row["group"], row["question"]))
    assert len(count) >= 5
    assert min(count.values()) >= 20
    assert wrong == []
