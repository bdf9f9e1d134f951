"""A question is words and identifiers, whatever it looks like."""

from __future__ import annotations

import time

import pytest

from vademecum.literature.index import parse_query


def test_words_of_the_question_weigh_most() -> None:
    query = parse_query("paracetamol for fever")
    assert dict(query.terms) == {"paracetamol": 1.0, "fever": 1.0}
    assert "acetaminophen" in dict(query.more)


def test_neighbours_are_also_looked_for_as_one_word() -> None:
    assert "betablock" in dict(parse_query("beta blocker").more)
    assert "jo1" in dict(parse_query("anti jo 1").more)


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("PMID: 12345678", ("pmid:12345678",)),
        ("12345678", ("pmid:12345678",)),
        ("see NCT01234567 and PMC7654321", ("pmcid:PMC7654321", "nct:NCT01234567")),
        ("https://doi.org/10.1056/NEJMoa2034577.", ("doi:10.1056/nejmoa2034577",)),
        ("give 10.5 mg", ()),
    ],
)
def test_identifiers_are_read_out(question: str, ids: tuple[str, ...]) -> None:
    assert parse_query(question).ids == ids


@pytest.mark.parametrize("question", ["", "   ", "the of and", "??", "\x00", '"', "((((", "*:*"])
def test_a_question_without_words_has_no_terms(question: str) -> None:
    assert parse_query(question).terms == ()


def test_a_huge_question_is_read_in_bounded_time() -> None:
    start = time.monotonic()
    query = parse_query("metformin " * 500_000 + "(" * 500_000)
    assert time.monotonic() - start < 1
    assert dict(query.terms) == {"metformin": 1.0}
    many = parse_query(" ".join(f"word{number}" for number in range(100_000)))
    assert len(many.terms) <= 200
