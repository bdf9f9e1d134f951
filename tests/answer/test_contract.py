"""The JSON that other programs rely on, and the promise of same bytes."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from typing import Any

import jsonschema
import pytest

from vademecum.answer.article import sentences
from vademecum.answer.contract import article_schema, encode
from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library

TODAY = dt.date(2026, 11, 24)
QUESTIONS = (
    "What is the treatment for severe inflammatory muscle spasms?",
    "How is methotrexate dosed in juvenile dermatomyositis?",
    "Which antibodies should be tested in suspected myositis?",
    "What should be monitored on methotrexate?",
    "Can cyclobenzaprine be given in heart failure?",
    "Methotrexate versus azathioprine in myositis",
    "What are the red flags in back pain?",
    "What is the renal dose of quenoflaxatril?",
    "I don't want to be alive any more.",
    "My jaw has locked since I cut my foot on a rusty nail. What is the treatment of tetanus?",
    "What is the capital of Peru?",
)


def as_json(question: str, library: Library, audience: str = "physician") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode(ask(question, library, audience=audience, today=TODAY)))
    return found


@pytest.mark.parametrize("audience", ["physician", "patient"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_article_fits_the_published_schema(question: str, audience: str, library: Library) -> None:
    jsonschema.Draft202012Validator(article_schema()).validate(as_json(question, library, audience))


def test_the_keys_of_the_contract_are_always_there(library: Library) -> None:
    for question in QUESTIONS:
        article = as_json(question, library)
        for key in (
            "question", "interpretation", "forks", "red_flags", "sections", "references", "review", "dates",
            "audience", "disclaimer", "library_version", "article_id", "coverage",
        ):  # fmt: skip
            assert key in article, (question, key)
        assert {"intent", "population", "assumptions"} <= article["interpretation"].keys()
        assert {"state", "history"} <= article["review"].keys()
        assert {"generated", "evidence_searched_to", "human_reviewed", "next_review_due"} <= article["dates"].keys()


def test_a_sentence_has_everything_a_program_needs(library: Library) -> None:
    article = as_json(QUESTIONS[0], library)
    numbers = {reference["number"] for reference in article["references"]}
    for sentence in _sentences(article):
        assert {"text", "citations", "statement_ids", "strength", "certainty", "population", "proof"} <= sentence.keys()
        assert sentence["citations"]
        assert set(sentence["citations"]) <= numbers
        assert sentence["proof"]["verdict"] == "supported"


def _sentences(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [found for item in part for found in _sentences(item)]
    if not isinstance(part, dict):
        return []
    own = [part] if "statement_ids" in part and "text" in part else []
    return own + [found for value in part.values() for found in _sentences(value)]


def test_a_dose_is_typed_with_exact_numbers(library: Library) -> None:
    article = as_json("How is methotrexate dosed in juvenile dermatomyositis?", library)
    dose = article["bottom_line"]["dose"]
    assert dose["drug"] == "methotrexate"
    assert (dose["amount"]["low"], dose["amount"]["high"], dose["amount"]["unit"]) == (15, 20, "mg/m2")
    assert dose["per"] == "week"
    assert [(cap["value"], cap["unit"], cap["per"]) for cap in dose["caps"]] == [(40, "mg", "week")]


def test_the_review_state_is_computed_and_claims_nothing(library: Library) -> None:
    for question in QUESTIONS:
        article = as_json(question, library)
        assert article["review"]["state"] == "submitted"
        assert "no clinician has reviewed this" in article["review"]["line"]
        assert article["dates"]["human_reviewed"] is None
        assert article["dates"]["generated"] == "2026-11-24"


def test_nothing_found_says_what_was_looked_for_and_what_to_do_next(library: Library) -> None:
    article = as_json("What is the renal dose of quenoflaxatril?", library)
    assert article["kind"] == "no_such_entity"
    assert article["sections"] == []
    assert "quenoflaxatril" in article["coverage"][0]["what"]
    assert "statements" in article["coverage"][0]["reason"]
    assert article["notice"]["lines"]
    assert article["suggestions"]


def test_self_harm_gets_help_and_no_evidence(library: Library) -> None:
    article = as_json("I have saved up my tablets and I am going to take them tonight. How much methotrexate?", library)
    assert article["kind"] == "self_harm"
    assert not _sentences(article)
    assert article["references"] == []
    assert any("988" in line for line in article["notice"]["lines"])


def test_an_emergency_comes_first_and_the_evidence_may_follow(library: Library) -> None:
    article = as_json(QUESTIONS[9], library)
    assert article["kind"] == "emergency"
    assert "emergency number" in article["notice"]["lines"][0]
    assert article["interpretation"]["packs"][0] == "tetanus"
    assert list(article).index("notice") > 0


# --- same bytes ----------------------------------------------------------------------------------------


def test_same_question_and_same_library_give_the_same_bytes(library: Library) -> None:
    for question in QUESTIONS:
        assert encode(ask(question, library, today=TODAY)) == encode(ask(question, library, today=TODAY))


def test_the_bytes_do_not_depend_on_the_hash_seed() -> None:
    script = (
        "import datetime as dt, sys; from vademecum.packs.library import load;"
        "from vademecum.answer.pipeline import ask;"
        "from vademecum.answer.contract import encode;"
        f"sys.stdout.buffer.write(encode(ask({QUESTIONS[0]!r}, load(), today=dt.date(2026, 11, 24))))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(runs) == 1


def test_the_id_changes_with_what_is_shown(library: Library) -> None:
    physician = ask(QUESTIONS[0], library, today=TODAY)
    patient = ask(QUESTIONS[0], library, audience="patient", today=TODAY)
    tomorrow = ask(QUESTIONS[0], library, today=dt.date(2026, 11, 25))
    assert len({physician.article_id, patient.article_id, tomorrow.article_id}) == 3


def test_patient_and_physician_read_the_same_claims(library: Library) -> None:
    """Same statements; the patient's words come from the packs."""
    for question in QUESTIONS[:7]:
        physician = {i for s in sentences(ask(question, library, today=TODAY).sections) for i in s.statement_ids}
        patient = {
            i
            for s in sentences(ask(question, library, audience="patient", today=TODAY).sections)
            for i in s.statement_ids
        }
        missing = {i for i in physician - patient if library.statements[i].kind != "evidence"}
        assert not missing, question
