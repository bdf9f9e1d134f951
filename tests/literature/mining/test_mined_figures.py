"""The roles of figures, and that no sign is ever lost."""

from __future__ import annotations

import pytest

from vademecum.literature.findings import Role
from vademecum.literature.mining.figures import figures_in


def roles(text: str) -> list[tuple[str, str]]:
    return [(figure.role.value, figure.text) for figure in figures_in(text, 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The odds ratio was 1.62 (95% CI, 1.31 to 2.00; P = .002).",
            [("effect", "1.62"), ("interval_low", "1.31"), ("interval_high", "2.00"), ("p_value", ".002")],
        ),
        (
            "12 of 40 (30%) died.",
            [("events", "12"), ("denominator", "40"), ("percent", "30")],
        ),
        ("Of 200 women, 50 (25%) relapsed.", [("denominator", "200"), ("events", "50"), ("percent", "25")]),
        ("It rose from 23.9 ± 12.9 ng/ml.", [("mean", "23.9"), ("spread", "12.9")]),
        ("The mean stay was 8.4 days.", [("mean", "8.4")]),
        (
            "The relative rate was 1.44 (95% confidence interval 1.01 to 2.05) and 1.77 (1.16 to 2.74).",
            [
                *[("effect", "1.44"), ("interval_low", "1.01"), ("interval_high", "2.05")],
                *[("effect", "1.77"), ("interval_low", "1.16"), ("interval_high", "2.74")],
            ],
        ),
    ],
)
def test_figures_get_the_role_the_words_give_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize("minus", ["-", "−", "–"])
@pytest.mark.parametrize(
    "template",
    [
        "The mean difference was {m}0.5 (95% CI {m}1.2 to {m}0.1).",
        "The mean difference was {m}0.5 (95% CI, {m}1.2, {m}0.1).",
        "MD {m}0.5 [95% CI {m}1.2; {m}0.1].",
        "MD, {m}0.5; 95% CI: {m}1.2 to {m}0.1",
    ],
)
def test_a_minus_stays_with_its_number(template: str, minus: str) -> None:
    expected = [("effect", f"{minus}0.5"), ("interval_low", f"{minus}1.2"), ("interval_high", f"{minus}0.1")]
    assert roles(template.format(m=minus)) == expected


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("MD 0.5 (95% CI -1.2 -0.1)", "interval_high"),  # to minus 0.1, or to 0.1?
        ("MD - 0.5 (95% CI - 1.2 to - 0.1)", "effect"),  # a minus set apart
        ("MD - 0.5 (95% CI - 1.2 to - 0.1)", "interval_low"),
        ("OR 0,52 (95% CI 0,31-0,80)", "effect"),  # decimal commas
        ("OR 0,52 (95% CI 0,31-0,80)", "interval_low"),
        ("OR -0.5 was found.", "effect"),  # a ratio below zero
        ("The excess relative risk was 0.97.", "effect"),
        ("Values were 5-10 ± 2.", "mean"),
        ("Incidence was 5-8%.", "percent"),
        ("It fell by - 5%.", "percent"),
    ],
)
def test_a_number_in_doubt_has_no_role(text: str, role: str) -> None:
    assert role not in {found for found, _ in roles(text)}


@pytest.mark.parametrize("sign", ["<", ">", "≤", "≥"])
def test_the_sign_of_a_p_value_is_part_of_it(sign: str) -> None:
    assert roles(f"It fell (P{sign}0.001).") == [("p_value", f"{sign}0.001")]


@pytest.mark.parametrize(
    ("words", "measure"),
    [
        *[("odds ratio", "OR"), ("OR", "OR"), ("hazard ratio", "HR"), ("relative risk", "RR"), ("aHR", "HR")],
        *[("SMD", "standardised mean difference"), ("absolute risk reduction", "risk difference")],
    ],
)
def test_the_measure_is_named(words: str, measure: str) -> None:
    (figure,) = figures_in(f"The {words} was 0.62.", 0)
    assert (figure.role, figure.measure) == (Role.EFFECT, measure)


def test_figures_name_the_arm_that_follows_them() -> None:
    text = "It occurred in 16% in the statin group and 33% in the control group."
    found = {figure.text: figure for figure in figures_in(text, 0)}
    assert (found["16"].arm, found["33"].arm) == (0, 1)
    assert found["statin group"].role is Role.ARM


def test_the_ninety_five_of_an_interval_is_no_percent() -> None:
    assert [value for role, value in roles("OR 2.0 (95% CI 1.5-2.8)") if role == "percent"] == []
