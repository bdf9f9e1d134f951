"""The criterion language: what is written is what is read, and only declared facts of the right kind are compared."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.errors import PackError
from vademecum.packs.criteria import (
    All,
    Any,
    Comparison,
    Criterion,
    Not,
    Truth,
    facts_of,
    parse_criterion,
    problems,
)
from vademecum.packs.library import Library
from vademecum.packs.model import Fact, FactFrom

FACTS = {
    "age": Fact(source=FactFrom.AGE, unit="a"),
    "platelets": Fact(source=FactFrom.OBSERVATION, unit="10*9/L"),
    "ck": Fact(source=FactFrom.OBSERVATION, unit="U/L"),
    "weight": Fact(source=FactFrom.OBSERVATION, unit="kg"),
    "pregnant": Fact(source=FactFrom.CONDITION),
    "weak": Fact(source=FactFrom.FINDING),
}


# --- what is read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("weak", Truth("weak")),
        ("not weak", Not(Truth("weak"))),
        ("age >= 18 'a'", Comparison("age", ">=", Fraction(18), "a")),
        ("ck > 2.5 'U/L'", Comparison("ck", ">", Fraction(5, 2), "U/L")),
        ("temperature < -1.5 'Cel'", Comparison("temperature", "<", Fraction(-3, 2), "Cel")),
        ("ck=5", Comparison("ck", "=", Fraction(5), "")),
        ("a and b and c", All((Truth("a"), Truth("b"), Truth("c")))),
        ("a or b or c", Any((Truth("a"), Truth("b"), Truth("c")))),
        ("a or b and c", Any((Truth("a"), All((Truth("b"), Truth("c")))))),
        ("(a or b) and c", All((Any((Truth("a"), Truth("b"))), Truth("c")))),
        ("not a and b", All((Not(Truth("a")), Truth("b")))),
        ("not (a and b)", Not(All((Truth("a"), Truth("b"))))),
        ("not not a", Not(Not(Truth("a")))),
        ("notable and oral_route or android", Any((All((Truth("notable"), Truth("oral_route"))), Truth("android")))),
        ("  weak\n  and\tpregnant ", All((Truth("weak"), Truth("pregnant")))),
    ],
)
def test_a_criterion_means_what_it_says(text: str, criterion: Criterion) -> None:
    assert parse_criterion(text) == criterion


def test_numbers_are_exact() -> None:
    parsed = parse_criterion("ck > 0.1 'U/L'")
    assert isinstance(parsed, Comparison)
    assert parsed.value == Fraction(1, 10)


@pytest.mark.parametrize(
    "text",
    [
        "", "and", "weak and", "weak weak", "(weak", "weak)", "not", "age >", "age > 'a'", "> 3", "age >= 18 a",
        "1 < age",
        "age > 18 'a' 'b'", "Age > 3", "age => 3 'a'", "age != 3 'a'", "age + 1 > 3", "f(age)", "age > 1e3 'a'",
        "age > weight", "age > 3 'a", "weak; drop", "weak, pregnant", "__import__", "age > 3 ''", "weak AND pregnant",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_criterion(text)
    (problem,) = caught.value.problems
    assert problem.startswith(f"criterion {text!r}: cannot read it at ")
    assert problem.endswith("; write `fact`, `not fact` or `fact < 30 'unit'`, joined by and / or")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Age > 3", "Age > 3"),
        ("age > 18 'a' 'b'", "'b'"),
        ("weak and age => 3 'a' and other things", "> 3 'a' and other th"),
        ("weak\nand (pregnant))", ")"),
        ("weak\nand", "and"),
    ],
)
def test_the_refusal_quotes_the_place(text: str, near: str) -> None:
    with pytest.raises(PackError) as caught:
        parse_criterion(text)
    assert f": cannot read it at {near!r}; write" in caught.value.problems[0]


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(PackError):
        parse_criterion(text)


# --- generated criteria ----------------------------------------------------------------------------------

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(lambda name: name not in {"and", "or", "not"})
UNITS = st.sampled_from(["", "a", "mg/dL", "10*9/L", "%", "mm[Hg]", "mL/min/{1.73_m2}"])
LEAVES = st.builds(Truth, NAMES) | st.builds(
    Comparison,
    NAMES,
    st.sampled_from(["<", "<=", ">", ">=", "="]),
    st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 1000)),
    UNITS,
)
CRITERIA = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=10,
)


def written(criterion: Criterion) -> str:
    """A criterion as an author would write it, brackets around every joined part."""
    if isinstance(criterion, Truth):
        return criterion.fact
    if isinstance(criterion, Comparison):
        number = f"{float(criterion.value):.3f}"
        return f"{criterion.fact} {criterion.operator} {number}" + (f" '{criterion.unit}'" if criterion.unit else "")
    if isinstance(criterion, Not):
        return f"not ({written(criterion.part)})"
    joined = " and " if isinstance(criterion, All) else " or "
    return joined.join(f"({written(part)})" for part in criterion.parts)


@given(CRITERIA)
def test_a_written_criterion_is_read_back_as_itself(criterion: Criterion) -> None:
    assert parse_criterion(written(criterion)) == criterion


@given(CRITERIA)
def test_every_fact_used_is_found_in_order(criterion: Criterion) -> None:
    assert list(facts_of(parse_criterion(written(criterion)))) == list(facts_of(criterion))


@given(CRITERIA)
def test_without_declared_facts_every_use_is_named(criterion: Criterion) -> None:
    assert problems(written(criterion), {}) == [
        f"fact {name!r} is not declared; add it under facts:" for name in facts_of(criterion)
    ]


# --- kinds and declarations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "age >= 18 'a'",
        "age < 24 'mo'",
        "platelets < 30 '10*9/L' and not pregnant",
        "ck > 1000 'U/L' or weak",
        "weight > 40000 'g'",
        "not (weak and pregnant)",
    ],
)
def test_a_sound_criterion_has_no_problems(text: str) -> None:
    assert problems(text, FACTS) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("height > 3 'm'", "fact 'height' is not declared; add it under facts:"),
        ("age", "fact 'age' is a quantity in a; compare it with a number and a unit"),
        ("not age", "fact 'age' is a quantity in a; compare it with a number and a unit"),
        ("pregnant > 3 'a'", "fact 'pregnant' is true or false; write it without a comparison"),
        ("age >= 18", "comparison of 'age' has no unit; write 18 'a'"),
        ("age >= 18 'kg'", "'age' is declared in 'a' and compared in 'kg': another kind"),
        ("weight > 40 'mg/kg'", "'weight' is declared in 'kg' and compared in 'mg/kg': another kind"),
        ("ck > 5 'mg/dL'", "'ck' is declared in 'U/L' and compared in 'mg/dL': another kind"),
    ],
)
def test_a_comparison_of_the_wrong_kind_is_refused(text: str, said: str) -> None:
    assert problems(text, FACTS) == [said]


def test_an_unknown_unit_is_named() -> None:
    (said,) = problems("age >= 18 'parsecs'", FACTS)
    assert "parsecs" in said


def test_every_problem_of_a_criterion_is_named() -> None:
    assert len(problems("height > 3 'm' and (age or not pregnant = 1 'a')", FACTS)) == 3


def test_a_criterion_that_does_not_parse_is_one_problem() -> None:
    (said,) = problems("age >", FACTS)
    assert said.startswith("criterion 'age >': cannot read it at ")


def test_every_criterion_of_the_bundled_library_is_sound(library: Library) -> None:
    texts = 0
    for pack in library.packs.values():
        conditions = [pack.scope, *(step.when for step in pack.steps if step.when)]
        conditions += [no.when for action in pack.actions.values() for no in action.not_if]
        for text in conditions:
            assert problems(text, pack.facts) == [], (pack.pack, text)
            texts += 1
    assert texts > 50
