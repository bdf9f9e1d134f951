"""What a sentence may say of its statements, rule by rule: an accepted and a rejected example of each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from vademecum.dosing.model import Amount, Cap, Dose, Frequency, Per, Quantity, Route, Span
from vademecum.evidence.model import Citation, Grade, GradeOrigin, Kind, Population, Statement, Strength
from vademecum.packs.library import Library
from vademecum.proof.checks import RULES, Evidence, prove
from vademecum.proof.model import Proof, ProofSpan, Verdict

ADULT, CHILD, BOTH = Population.ADULT, Population.PAEDIATRIC, Population.ADULT_AND_PAEDIATRIC


def statement(text: str, population: Population = ADULT, **more: object) -> Statement:
    """A statement of its own id for its own content."""
    given: dict[str, object] = {"kind": Kind.DOSE, "cites": (Citation("source"),), **more}
    return Statement(id=f"test {text} {population} {more}", text=text, population=population, **given)  # type: ignore[arg-type]


def proof_of(text: str, library: Library, *statements: Statement) -> Proof:
    return prove(text, Evidence(statements, library))


def reasons(proof: Proof) -> dict[str, str]:
    """The rules that object, with what they say."""
    return {check.name: check.reason for check in proof.checks if not check.passed}


@dataclass(frozen=True)
class Example:
    """A statement, a sentence that says it, one that does not, and the rule that objects to it."""

    rule: str
    statement: Statement
    says: str
    not_says: str
    reason: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.not_says[:50]}"


MTX = statement("In adults methotrexate 15 to 25 mg once weekly by mouth may be used.", drugs=("methotrexate",))
MTX_CHILD = statement(
    "In juvenile dermatomyositis give methotrexate 15 mg/m2 once weekly.", CHILD, drugs=("methotrexate",)
)
EXAMPLES = (
    Example(
        "sources", MTX, "Methotrexate 15 to 25 mg once weekly may be used.", "", "",
    ),
    Example(
        "numbers and units", MTX, "The weekly dose is 15 to 25 mg.", "The weekly dose is 15 to 30 mg.",
        "30 mg is not in the statement",
    ),
    Example(
        "numbers and units", MTX, "The weekly dose is 25 mg.", "The weekly dose is 25 mg/m2.",
        "25 mg/m2 is written; the statement has 25 mg",
    ),
    Example(
        "numbers and units", MTX_CHILD, "Children have 15 mg/m2 each week.", "Children have 15 mg each week.",
        "15 mg is written; the statement has 15 mg/m2",
    ),
    Example(
        "numbers and units", MTX, "The weekly dose is 15 mg.", "The weekly dose is 15.",
        "15 has lost its unit; the statement has 15 mg",
    ),
    Example(
        "numbers and units", MTX, "The weekly dose is 15 mg.", "It helped 30 of them.", "30 is not in the statement",
    ),
    Example(
        "numbers and units", statement("Give 500 mcg."), "The dose is 500 mcg.", "The dose is 500 mg.",
        "500 mg is written; the statement has 500 ug",
    ),
    Example(
        "numbers and units", statement("Give 1.5 mg twice daily."), "The dose is 1.5 mg, taken twice daily.",
        "The dose is 1.500 mg, taken twice daily.", "1500 mg is not in the statement",
    ),
    Example(
        "numbers and units", statement("Give it twice daily for 2 weeks."), "It is given twice a day for 2 weeks.",
        "It is given three times a day for 2 weeks.", "3 {times} is not in the statement",
    ),
    Example(
        "numbers and units", statement("Give it for 2 weeks."), "This lasts 2 weeks.", "This lasts 2 months.",
        "2 mo is written; the statement has 2 wk",
    ),
    Example(
        "period", MTX, "It is taken once a week.", "It is taken once a day.", "says daily; the statement does not",
    ),
    Example(
        "period", statement("Give folic acid 1 mg daily."), "Each day 1 mg is taken.", "Each week 1 mg is taken.",
        "says weekly; the statement does not",
    ),
    Example(
        "period", statement("Check blood tests monthly."), "Each month blood is tested.", "Each week blood is tested.",
        "says weekly; the statement does not",
    ),
    Example(
        "drug", MTX, "MTX 25 mg may be used.", "Azathioprine 25 mg may be used.",
        "names azathioprine, which the statement does not",
    ),
    Example(
        "population", MTX, "Adults may have 25 mg.", "Children may have 25 mg.",
        "speaks of children; the statement does not",
    ),
    Example(
        "population", MTX_CHILD, "Children have 15 mg/m2.", "Adults have 15 mg/m2.",
        "speaks of adults; the statement is about children",
    ),
    Example(
        "negation", statement("Live vaccines are unsafe with it."), "It is not given with live vaccines.",
        "", "",
    ),
    Example(
        "negation", statement("Exercise is safe in myositis."), "People with myositis can exercise.",
        "People with myositis should not exercise.", "is negated; the statement is not",
    ),
    Example(
        "direction", statement("The drug raises blood pressure."), "Blood pressure increases.", "Blood pressure falls.",
        "says less where the statement says more",
    ),
    Example(
        "direction", statement("The drug reduces relapses."), "There are fewer relapses.", "Relapses increase.",
        "says more where the statement says less",
    ),
    Example(
        "strength", statement("Rituximab may help."), "Rituximab might help.", "It is essential to have rituximab.",
        "is worded more strongly than the statement",
    ),
    Example(
        "strength", statement("A small study found benefit."), "One study saw benefit.", "Benefit is proven.",
        "claims more certainty than the statement",
    ),
    Example(
        "retelling", statement("Do not give it with alcohol, and stop it before surgery in adults."),
        "Do not give it with alcohol, and stop it before an operation in adults.",
        "Give it with alcohol, and stop it before surgery in adults.", "leaves out 'do not'",
    ),
)  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_sentence_that_says_its_statement_is_supported(example: Example, library: Library) -> None:
    proof = proof_of(example.says, library, example.statement)
    assert reasons(proof) == {}
    assert proof.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.not_says], ids=str)
def test_a_sentence_that_says_something_else_is_not(example: Example, library: Library) -> None:
    proof = proof_of(example.not_says, library, example.statement)
    assert reasons(proof)[example.rule] == example.reason
    assert proof.verdict is not Verdict.SUPPORTED


def test_every_rule_has_an_example() -> None:
    assert {example.rule for example in EXAMPLES} == {name for name, _ in RULES}


# --- what a sentence may lean on -------------------------------------------------------------------------


def test_a_sentence_without_a_statement_is_not_found(library: Library) -> None:
    proof = proof_of("Anything goes.", library)
    assert proof.verdict is Verdict.NOT_FOUND
    assert reasons(proof)["sources"] == "cites no statement"
    assert proof.spans == ()


def test_an_unverified_statement_supports_nothing(library: Library) -> None:
    doubtful = statement("Give 5 mg.", unverified=True)
    proof = proof_of("Give 5 mg.", library, doubtful)
    assert proof.verdict is Verdict.PARTIAL
    assert reasons(proof) == {"sources": "leans on a statement marked unverified"}


def test_the_typed_dose_the_grade_and_the_caveat_are_part_of_the_evidence(library: Library) -> None:
    dose = Dose(
        drug="methotrexate",
        per=Per.WEEK,
        amount=Amount(Fraction(15), Fraction(15), "mg"),
        route=Route.ORAL,
        frequency=Frequency(1, Span(Fraction(1), "wk")),
        caps=(Cap(Quantity(Fraction(25), "mg"), Per.WEEK),),
    )
    whole = statement(
        "Start methotrexate.",
        doses=(dose,),
        caveat="seen in 12 adults",
        grade=Grade(as_printed="level 3"),
        scope="at 7 sites",
    )
    for said in (
        "It starts at 15 mg once weekly, at most 25 mg per week.",
        "It was seen in 12 adults.",
        "It is level 3.",
    ):
        assert reasons(proof_of(said, library, whole)) == {}
    assert reasons(proof_of("It is seen at 7 sites.", library, whole)) == {}
    assert "numbers and units" in reasons(proof_of("It was seen in 13 adults.", library, whole))


def test_several_statements_support_a_sentence_together(library: Library) -> None:
    first, second = statement("Give prednisolone 40 mg daily."), statement("Taper over 12 weeks.")
    said = "Prednisolone 40 mg daily is tapered over 12 weeks."
    assert proof_of(said, library, first, second).verdict is Verdict.SUPPORTED
    assert proof_of(said, library, first).verdict is Verdict.CONTRADICTED


def test_a_time_may_stand_before_its_number(library: Library) -> None:
    week = statement("At week 16 strength had improved, against 8 in the placebo group.")
    assert reasons(proof_of("After 16 weeks people were stronger.", library, week)) == {}
    weeks = statement("After 16 weeks strength had improved.")
    assert reasons(proof_of("People were stronger at week 16.", library, weeks)) == {}
    both = statement("After 16 weeks strength had improved with 16 mg.")
    assert "numbers and units" in reasons(proof_of("People had 16 of it.", library, both))


def test_a_count_of_people_is_no_length_of_time(library: Library) -> None:
    counted = statement("It was seen in 8 adults.")
    assert reasons(proof_of("It lasts 2 weeks.", library, counted)) == {
        "numbers and units": "2 wk is not in the statement"
    }


def test_people_counted_are_no_milligrams(library: Library) -> None:
    counted = statement("It was seen in 12 adults.")
    assert reasons(proof_of("The dose was 12 mg.", library, counted)) == {
        "numbers and units": "12 mg is not in the statement"
    }


def test_names_that_share_a_sheet_are_one_drug(library: Library) -> None:
    assert library.base_of("prednisolone") == "prednisone"
    said = "Prednisolone 40 mg is used."
    assert reasons(proof_of(said, library, statement("Prednisone 40 mg is used."))) == {}


def test_a_drug_that_only_the_dose_or_the_record_names_is_known(library: Library) -> None:
    dose = Dose(drug="azathioprine", per=Per.DAY, amount=Amount(Fraction(50), Fraction(50), "mg"), no_cap=True)
    listed = statement("An option.", drugs=("azathioprine",))
    assert reasons(proof_of("Azathioprine is an option.", library, statement("An option.", doses=(dose,)))) == {}
    assert reasons(proof_of("Azathioprine is an option.", library, listed)) == {}


def test_a_statement_that_says_more_and_less_supports_either(library: Library) -> None:
    both = statement("The drug raises glucose and reduces potassium.")
    assert reasons(proof_of("Glucose rises.", library, both)) == {}
    assert reasons(proof_of("Potassium falls.", library, both)) == {}


def test_a_rule_for_both_supports_a_sentence_on_either(library: Library) -> None:
    both = statement("The score needs no biopsy.", BOTH)
    assert reasons(proof_of("For children no biopsy is needed.", library, both)) == {}
    assert reasons(proof_of("For adults no biopsy is needed.", library, both)) == {}


def test_a_strong_recommendation_may_be_told_strongly(library: Library) -> None:
    strong = statement("Rituximab may help.", grade=Grade(strength=Strength.STRONG, origin=GradeOrigin.SOURCE))
    assert "strength" not in reasons(proof_of("It is essential to have rituximab.", library, strong))


def test_a_sentence_may_be_weaker_than_its_statement(library: Library) -> None:
    firm = statement("Rituximab must always be stopped in active hepatitis.")
    assert reasons(proof_of("Rituximab may be stopped in active hepatitis.", library, firm)) == {}


# --- verdicts and spans ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("Adults may have 30 mg once weekly.", Verdict.CONTRADICTED),
        ("Children may have 25 mg once weekly.", Verdict.CONTRADICTED),
        ("Adults should not have 25 mg.", Verdict.CONTRADICTED),
        ("Adults may have 25 mg of azathioprine.", Verdict.PARTIAL),
        ("Adults may have 25 mg daily.", Verdict.PARTIAL),
        ("It is essential to have 25 mg.", Verdict.PARTIAL),
    ],
)
def test_a_contradiction_is_worse_than_something_unsaid(said: str, verdict: Verdict, library: Library) -> None:
    assert proof_of(said, library, MTX).verdict is verdict


def test_every_rule_is_on_the_certificate_in_order(library: Library) -> None:
    assert [check.name for check in proof_of(MTX.text, library, MTX).checks] == [name for name, _ in RULES]


def test_a_sentence_equal_to_its_statement_spans_it_whole(library: Library) -> None:
    assert proof_of(MTX.text, library, MTX).spans == (ProofSpan(MTX.id, 0, len(MTX.text)),)


def test_a_sentence_spans_the_part_of_each_statement_it_shares_most_with(library: Library) -> None:
    first = statement("Check the blood count; give 0.5 mg of folic acid daily. Avoid alcohol.")
    second = statement("Folic acid protects the gut.")
    proof = proof_of("Folic acid 0.5 mg is taken daily.", library, first, second)
    spans = {span.statement_id: span for span in proof.spans}
    assert first.text[spans[first.id].start : spans[first.id].end].strip() == "give 0.5 mg of folic acid daily."
    assert second.text[spans[second.id].start : spans[second.id].end] == second.text


def test_the_same_sentence_and_statements_give_the_same_proof(library: Library) -> None:
    assert proof_of(MTX.text, library, MTX) is proof_of(MTX.text, library, MTX)
