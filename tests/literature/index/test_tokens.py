"""What counts as the same word in the index, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.literature.index.tokens import tokens

SAME_NAME = [
    ("TNF-alpha", "TNF-α", "TNFα", "TNF alpha", "TNFalpha", "tnf‐alpha"),
    ("IL-6", "IL6", "IL 6", "il-6"),
    ("IL-1β", "IL-1beta", "IL-1 beta"),
    ("β-blocker", "beta-blocker", "betablocker", "beta-blockers"),
    ("anti-Jo-1", "Anti–Jo-1", "antiJo1"),
    ("HMG-CoA", "HMGCoA", "hmg-coa"),
    ("HbA1c", "HbA₁c", "HBA1C"),
    ("CD4+", "CD4⁺", "(CD4+)"),
    ("mg/m2", "mg/m²", "mg/m^2"),
    ("10⁹", "10^9"),
    ("10 mg", "10mg", "10\u00a0mg", "10-mg", "10.0 mg"),
    ("5 µg", "5 μg", "5mcg", "5 ug"),
    ("0.5", ".5", "0·5", "0.50"),
    ("1,000", "1000"),
    ("COVID-19", "Covid‑19"),
    ("oedema", "edema"),
    ("haemoglobin", "hemoglobin"),
    ("tumours", "tumor"),
    ("sulphate", "sulfate"),
    ("Sjögren’s", "Sjogren's"),
    ("randomised", "randomized"),
    ("p53", "P53"),
]

DIFFERENT = [
    ("10⁹", "109"),
    ("10⁹/L", "109/L"),
    ("10⁻³", "103"),
    ("10-20", "1020"),
    ("1.5", "15"),
    ("0.5", "5"),
    ("½", "12"),
    ("1½", "112"),
    ("TNF-β", "TNFα"),
    ("IL-1", "IL-17"),
]


@pytest.mark.parametrize("variants", SAME_NAME, ids=lambda names: names[0])
def test_spellings_of_one_thing_share_the_token_of_the_whole(variants: tuple[str, ...]) -> None:
    shared = set.intersection(*(set(tokens(variant)) for variant in variants))
    assert shared, {variant: tokens(variant) for variant in variants}
    parts = {"alpha", "beta", "il", "anti", "mg", "10", "5", "mcg", "1"}
    assert shared - parts, f"only parts are shared: {shared}"


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_values_that_differ_do_not_share_their_whole(one: str, other: str) -> None:
    whole = max(tokens(other), key=len)
    assert whole not in tokens(one)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("anti-Jo-1", {"anti", "jo", "1", "jo1", "antijo1"}),
        ("HMG-CoA", {"hmg", "coa", "hmgcoa"}),
        ("CD4+", {"cd4", "cd4+"}),
        ("mg/kg/day", {"mg", "kg", "day", "mg/kg/day"}),
        ("75 mg/m²", {"75", "mg", "m2", "75mg", "mg/m2"}),
        ("120/80", {"120", "80", "120/80"}),
        ("5-fluorouracil", {"5", "5fluorouracil"}),
    ],
)
def test_a_compound_is_found_by_its_parts(text: str, parts: set[str]) -> None:
    assert parts <= set(tokens(text))


def test_stop_words_are_left_out_but_names_that_look_like_them_stay() -> None:
    assert tokens("what is the effect of it on us") == ["effect"]
    assert tokens("WHO") == ["who"]
    assert tokens("ALL") == ["all"]
    assert tokens("vitamin A") == ["vitamin", "a"]


def test_a_footnote_number_is_not_part_of_the_word() -> None:
    assert tokens("disease¹²") == tokens("disease")


@given(st.text(max_size=200))
def test_any_text_gives_plain_tokens(text: str) -> None:
    for token in tokens(text):
        assert token
        assert token == token.strip()
        assert len(token) <= 60


@given(st.lists(st.sampled_from(["TNF-α", "10⁹/L", "IL-6,", "(oedema)", "the", "0.5", "β", "mg/m²."]), max_size=12))
def test_tokens_do_not_depend_on_what_was_read_before(words: list[str]) -> None:
    assert tokens(" / ".join(words)) == [token for word in words for token in tokens(word)]
