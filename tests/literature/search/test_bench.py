"""Retrieval figures: worked by hand, and over a small set searched end to end."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import msgspec
import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.bench import evaluate, figures, ndcg, read_collection, recall, success
from vademecum.literature.encoder import Encoder

CORPUS = (
    {"_id": "a", "title": "Gout", "text": "Colchicine eases gout.", "metadata": {"qtype": "zebra"}},
    {"_id": "b", "title": "Gout", "text": "Allopurinol prevents flares."},
    {"_id": "c", "title": "Stroke", "text": "Alteplase dissolves clots."},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = "".join(json.dumps(line) + "\n" for line in CORPUS)
    (tmp_path / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "1", "text": "colchicine"}\n{"_id": "2", "text": "alteplase"}\n{"_id": "3", "text": "zebra"}\n'
        '{"_id": "4", "text": "not judged"}\n'
    )
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t0\n2\tc\t1\n3\ta\t1\n")
    return tmp_path


def test_gain_is_linear_and_discounted_by_rank() -> None:
    grades = {"a": 3, "b": 1, "c": 2}
    got = 1 / math.log2(2) + 3 / math.log2(4) + 2 / math.log2(5)
    best = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(grades, ["b", "x", "a", "c"]) == pytest.approx(got / best)
    assert ndcg(grades, ["a", "c", "b"]) == 1
    assert ndcg(grades, ["x"] * 10 + ["a"]) == 0


def test_the_ideal_ranking_is_cut_at_ten_like_the_ranking() -> None:
    grades = {str(number): 1 for number in range(12)}
    assert ndcg(grades, [str(number) for number in range(10)]) == 1


def test_unjudged_and_irrelevant_documents_gain_nothing() -> None:
    assert ndcg({"a": 0, "b": -1}, ["a", "b"]) == 0
    assert recall({"a": 1, "b": 1, "c": 0}, ["a", "c", "x"]) == 0.5
    assert (success({"a": 1}, ["a"]), success({"a": 1}, ["x", "a"]), success({"a": 0}, ["a"])) == (1, 0, 0)


def test_recall_counts_the_first_hundred() -> None:
    ranked = [f"x{number}" for number in range(100)]
    assert recall({"a": 1}, [*ranked[:99], "a"]) == 1
    assert recall({"a": 1}, [*ranked, "a"]) == 0


def test_a_question_that_finds_nothing_counts_in_the_mean() -> None:
    found = figures({"1": {"a": 1}, "2": {"b": 1}}, {"1": ["a"]}, [0.002, 0.004, 0.009])
    assert (found.ndcg, found.recall, found.success, found.latency_ms) == (0.5, 0.5, 0.5, 4)


def test_a_set_is_searched_end_to_end_without_the_labels_of_its_corpus(folder: Path) -> None:
    report = evaluate(read_collection(folder), None)
    assert (report.documents, report.questions, report.encoder, report.semantic) == (3, 3, None, None)
    assert report.lexical.ndcg == report.default.ndcg == pytest.approx(2 / 3)
    encoded = json.loads(msgspec.json.encode(report))
    assert set(encoded["default"]) == {"ndcg@10", "recall@100", "success@1", "latency_ms"}


def test_with_an_encoder_meaning_is_measured_too(folder: Path, encoder: Encoder) -> None:
    report = evaluate(read_collection(folder), encoder)
    assert report.semantic is not None
    assert report.encoder == encoder.identity


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n1\ta\tyes\n", "line 2: expected"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "no judgements"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n9\ta\t1\n", "question 9 is not in"),
        ("queries.jsonl", '{"_id": "1", "text": "x"}\n{"_id": 2}\n', "line 2: "),
        ("corpus.jsonl", '{"_id": "1", "text": "x"}\n{"text": "y"}\n', r"line 2: .*_id"),
    ],
)
def test_what_does_not_fit_is_named(folder: Path, name: str, content: str, message: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(ImportFileError, match=message):
        evaluate(read_collection(folder), None)


def test_a_folder_that_is_no_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="is this a retrieval set"):
        read_collection(tmp_path)
