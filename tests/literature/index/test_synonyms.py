"""Abbreviations and other names widen a search only where what they stand for is clear."""

from __future__ import annotations

import pytest

from vademecum.literature.index.synonyms import expansions
from vademecum.literature.index.tokens import tokens


def found(question: str, *words: str) -> bool:
    return set(tokens(" ".join(words))) <= set(expansions(question))


@pytest.mark.parametrize(
    ("question", "other_name"),
    [
        ("acetaminophen in pregnancy", "paracetamol"),
        ("epinephrine dose in anaphylaxis", "adrenaline"),
        ("heart attack symptoms", "myocardial infarction"),
        ("COPD exacerbation", "chronic obstructive pulmonary disease"),
        ("chronic obstructive pulmonary disease", "COPD"),
        ("copd exacerbation", "chronic obstructive pulmonary disease"),
        ("aspirin after MI", "myocardial infarction"),
        ("AF and stroke risk", "atrial fibrillation"),
        ("T2DM treatment", "type 2 diabetes mellitus"),
        ("relapsing MS", "multiple sclerosis"),
        ("MTX for rheumatoid arthritis", "methotrexate"),
        ("frusemide", "furosemide"),
    ],
)
def test_another_name_is_looked_for_too(question: str, other_name: str) -> None:
    own = set(tokens(question))
    assert set(tokens(other_name)) - own <= set(expansions(question)), expansions(question)


@pytest.mark.parametrize(
    ("question", "not_meant"),
    [
        ("MS", "sclerosis"),  # mitral stenosis, morphine sulfate, mass spectrometry
        ("GC-MS analysis", "sclerosis"),
        ("hearing aids", "immunodeficiency"),
        ("effect of all treatments", "leukaemia"),
        ("EGFR mutation in lung cancer", "glomerular"),
        ("the art of medicine", "antiretroviral"),
        ("PE teachers", "embolism"),
    ],
)
def test_an_ambiguous_abbreviation_is_left_alone(question: str, not_meant: str) -> None:
    assert not found(question, not_meant)


def test_capitals_tell_two_abbreviations_apart() -> None:
    assert found("metformin when eGFR is low", "glomerular", "filtration")
    assert found("EGFR mutation in lung cancer", "epidermal")


def test_other_names_weigh_less_than_the_question() -> None:
    assert all(weight < 1 for weight in expansions("heart attack in COPD and T2DM, paracetamol").values())
