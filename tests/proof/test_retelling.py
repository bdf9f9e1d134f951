"""A near copy of a statement must keep the words that carry meaning; other wordings are left to the other checks."""

from __future__ import annotations

import pytest

from vademecum.proof.retelling import alterations

TOLD = (
    "In adults with myositis do not give methotrexate above 25 mg once weekly before the blood count has been checked, "
    "and give at most 20 mg in kidney disease."
)


def drugs(text: str) -> list[str]:
    return [drug for drug in ("methotrexate", "azathioprine") if drug in text]


def changed(old: str, new: str) -> tuple[str, ...] | None:
    assert TOLD.count(old) == 1
    return alterations(TOLD.replace(old, new), TOLD, drugs)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("do not give", "give", "leaves out 'do not'"),
        ("has been checked", "has not been checked", "says 'not' where the statement says 'nothing'"),
        ("above 25 mg", "below 25 mg", "says 'below' where the statement says 'above'"),
        ("above 25 mg", "25 mg", "leaves out 'above'"),
        ("at most 20 mg", "at least 20 mg", "says 'least' where the statement says 'most'"),
        ("25 mg", "20 mg", "says '20' where the statement says '25'"),
        ("25 mg once", "25 mg/m2 once", "says 'mg/m2' where the statement says 'mg'"),
        ("once weekly", "twice weekly", "says 'twice' where the statement says 'once'"),
        ("once weekly", "once daily", "says 'daily' where the statement says 'weekly'"),
        ("before the blood count", "after the blood count", "says 'after' where the statement says 'before'"),
        ("In adults", "In children", "says 'children' where the statement says 'adults'"),
        ("methotrexate", "azathioprine", "says 'azathioprine' where the statement says 'methotrexate'"),
        ("and give at most", "and must give at most", "says 'must', which is stronger than 'the statement'"),
        ("In adults", "Unless in adults", "says 'unless' where the statement says 'nothing'"),
    ],
)
def test_a_changed_word_that_carries_meaning_is_named(old: str, new: str, said: str) -> None:
    assert changed(old, new) == (said,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("blood count", "full blood count"),
        ("do not give", "never give"),
        ("with myositis ", ""),
        ("at most 20 mg", "no more than 20 mg"),
        ("above 25 mg", "more than 25 mg"),
        ("kidney disease", "renal disease"),
        ("has been checked", "was checked"),
        (", and give at most 20 mg in kidney disease", ""),
    ],
)
def test_other_words_for_the_same_are_no_alteration(old: str, new: str) -> None:
    assert changed(old, new) == ()


def test_the_same_words_are_a_faithful_copy() -> None:
    assert alterations(TOLD, TOLD, drugs) == ()
    assert alterations(TOLD.upper(), TOLD, drugs) == ()
    assert alterations("Give 1250 mg of it daily.", "Give 1,250 mg of it daily.", drugs) == ()


def test_both_of_two_swapped_doses_are_named() -> None:
    told = "Give methotrexate 15 mg and azathioprine 50 mg once daily."
    swapped = "Give methotrexate 50 mg and azathioprine 15 mg once daily."
    assert alterations(swapped, told, drugs) == (
        "says '50' where the statement says '15'",
        "says '15' where the statement says '50'",
    )


def test_a_word_that_has_only_moved_is_no_alteration() -> None:
    told = "Over 2 weeks after the visit the dose is reduced and the blood count is checked."
    moved = "After the visit the dose is reduced over 2 weeks and the blood count is checked."
    assert alterations(moved, told, drugs) == ()


def test_a_verb_that_has_moved_is_no_alteration() -> None:
    told = "Autoimmune myopathy continues after the statin is stopped and needs immunosuppression."
    moved = "Autoimmune myopathy continues after stopping the statin and needs immunosuppression."
    assert alterations(moved, told, drugs) == ()


def test_saying_who_it_is_about_is_no_alteration_and_saying_someone_else_is() -> None:
    told = "methotrexate 15 mg once weekly by mouth, raised by 5 mg every 4 weeks, at most 25 mg per week"
    assert alterations(f"Adults usually have {told}", told, drugs) == ()
    assert alterations(f"Children usually have {told}", f"Adults usually have {told}", drugs) == (
        "says 'children' where the statement says 'adults'",
    )


def test_a_number_may_not_move_away_from_its_words() -> None:
    told = "Over 2 weeks the dose is reduced from 40 mg, and it is stopped by week 12."
    torn = "Over 12 weeks the dose is reduced from 40 mg, and it is stopped by week 2."
    assert alterations(torn, told, drugs)


def test_the_shortest_order_is_still_a_copy() -> None:
    assert alterations("Combine them.", "Never combine them.", drugs) == ("leaves out 'never'",)
    assert alterations("Them.", "Not them.", drugs) is None


@pytest.mark.parametrize(
    ("left_out", "altered"),
    [("not", True), ("is not given", True), ("is not given here", False), ("or is not given here", False)],
)
def test_a_few_words_lost_are_a_loss_and_a_clause_left_out_is_not(left_out: str, altered: bool) -> None:
    told = f"In adults with myositis the weekly drug {left_out} before the blood count has been checked."
    assert bool(alterations(told.replace(f" {left_out}", ""), told, drugs)) is altered


def test_drugs_keep_their_order_except_in_a_list() -> None:
    told = "Stop methotrexate for a week before azathioprine is started in adults."
    assert alterations("Stop azathioprine for a week before methotrexate is started in adults.", told, drugs) == (
        "says 'azathioprine' where the statement says 'methotrexate'",
        "says 'methotrexate' where the statement says 'azathioprine'",
    )
    told = "In adults with refractory disease of the muscles azathioprine follows methotrexate."
    turned = "In adults with refractory disease of the muscles methotrexate follows azathioprine."
    assert alterations(turned, told, drugs) == ("names its drugs in another order",)
    told = "Adults with myositis have methotrexate or azathioprine first."
    assert alterations("Adults with myositis have azathioprine or methotrexate first.", told, drugs) == ()


def test_a_negation_may_not_move() -> None:
    told = "Methotrexate is not stopped for a cold and is stopped for a serious infection."
    moved = "Methotrexate is stopped for a cold and is not stopped for a serious infection."
    assert alterations(moved, told, drugs)


def test_may_can_become_weaker_and_not_stronger() -> None:
    told = "Adults with refractory disease may have methotrexate."
    assert alterations(told.replace("may", "must"), told, drugs) == ("says 'must', which is stronger than 'may'",)
    assert alterations(told.replace("may", "should"), told, drugs) == ("says 'should', which is stronger than 'may'",)
    firm = told.replace("may", "must")
    assert alterations(told, firm, drugs) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Blood tests come first, and the weekly dose stays low when the kidneys are weak.",
        "Methotrexate works.",
        "Check.",
        "",
        "whether adults with myositis do give methotrexate above 25 mg once weekly before the blood count is checked",
    ],
)
def test_other_wordings_and_questions_are_no_near_copies(text: str) -> None:
    assert alterations(text, TOLD, drugs) is None
