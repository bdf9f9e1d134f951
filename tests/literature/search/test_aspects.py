"""Which side of a topic a question asks for, and how far a text is about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.literature.aspects import Aspect, asked, fit, profile, topic_words


@pytest.mark.parametrize(
    ("question", "aspects"),
    [
        ("What are the treatments for gout?", {Aspect.TREATMENT}),
        ("How should severe hyponatraemia be managed?", {Aspect.TREATMENT}),
        ("gout prophylaxis", {Aspect.PREVENTION}),
        ("What is the prognosis of sarcoidosis?", {Aspect.OUTLOOK}),
        ("What are the side effects of methotrexate?", {Aspect.HARMS}),
        ("How common is coeliac disease?", {Aspect.FREQUENCY}),
        ("Is haemophilia inherited?", {Aspect.INHERITANCE}),
        ("What is granzyme B?", {Aspect.DEFINITION}),
        ("What is the best test to diagnose gout?", {Aspect.DIAGNOSIS}),
        ("sarcoidosis", set()),
        ("Aspirin lowers the risk of stroke in older men after treatment.", set()),
    ],
)
def test_a_question_asks_for_the_sides_it_names_and_a_statement_for_none(question: str, aspects: set[Aspect]) -> None:
    assert set(asked(question)) == aspects


def test_the_topic_is_what_remains_of_a_question() -> None:
    assert "treatments" not in topic_words("What are the treatments for gout?")
    assert "gout" in topic_words("What are the treatments for gout?")


def test_a_text_fits_the_side_it_speaks_of_at_its_start() -> None:
    therapy = profile("Treatment is surgery, then medication; therapy is repeated.")
    cause = profile("It is caused by a mutation and results from trauma.")
    treatment, causes = (Aspect.TREATMENT,), (Aspect.CAUSES,)
    assert fit(treatment, therapy) > 0.3 > fit(treatment, cause)
    assert fit(causes, cause) > fit(causes, therapy)
    late = profile("Leaves have holes. " * 100 + "Treatment is surgery; therapy is repeated.")
    assert fit(treatment, late) == 0


@given(st.text(max_size=2_000), st.sampled_from(list(Aspect)))
def test_measures_stay_in_their_range(text: str, aspect: Aspect) -> None:
    measured = profile(text)
    assert len(measured) == len(Aspect)
    assert all(0 <= value < 1 for value in measured)
    assert -0.5 <= fit((aspect,), measured) < 1
    assert fit((), measured) == 0
