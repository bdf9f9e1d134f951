"""When two words are the same: folding, words, stems and the kinships used for finding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.evidence.terms import STOP, fold, related, stem, terms, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sjögren’s", "sjogren's"),
        ("5 µg and 5 μg", "5 mcg and 5 mcg"),
        ("mg/m²", "mg/m2"),
        ("2–4 weeks", "2-4 weeks"),
        ("−1 and 10⁻⁹", "-1 and 10-9"),
        ("㎍", "mcg"),
        ("Ⅳ ﬁbre", "iv fibre"),
        ("METHOTREXATE", "methotrexate"),
    ],
)
def test_writing_differences_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_words_keep_compounds_units_and_decimals_whole() -> None:
    assert words("Anti-MDA5 at 0.5 mg/kg, the patient's IL-6.") == [
        "anti-mda5", "at", "0.5", "mg/kg", "the", "patient", "il-6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("haemorrhage", "hemorrhage"),
        ("oedema", "edema"),
        ("tumour", "tumor"),
        ("immunisation", "immunization"),
        ("hospitalised", "hospitalized"),
        ("cramps", "cramp"),
        ("treated", "treat"),
        ("dosing", "dose"),
    ],
)
def test_inflections_and_both_spellings_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("cramp", "camp"), ("myositis", "myocarditis"), ("adult", "child")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_terms_are_the_content_words_in_order_with_the_parts_of_compounds() -> None:
    assert terms("What is the treatment of low-back pain?") == (
        stem("treatment"), stem("low-back"), stem("low"), stem("back"), stem("pain"),
    )  # fmt: skip
    assert terms("pain and pain") == (stem("pain"), stem("pain"))
    assert terms(" ".join(sorted(STOP))) == ()


def test_kinship_is_mutual_and_never_with_oneself() -> None:
    assert stem("prednisone") in related(stem("steroid"))
    assert stem("steroid") in related(stem("prednisone"))
    assert stem("steroid") not in related(stem("steroid"))
    assert related(stem("zebra")) == frozenset()
