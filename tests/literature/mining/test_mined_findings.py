"""What counts as a recommendation, a conclusion, a dose, a contraindication or a result, and what does not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vademecum.literature.appraisal import appraise
from vademecum.literature.documents import document
from vademecum.literature.findings import Finding, FindingKind
from vademecum.literature.mining import mine
from vademecum.literature.records import Heading, Record, RecordKind, Section

R, C, D, X, N = (
    FindingKind.RECOMMENDATION,
    FindingKind.CONCLUSION,
    FindingKind.DOSE,
    FindingKind.CONTRAINDICATION,
    FindingKind.RESULT,
)


def mined(text: str, label: str = "", kind: RecordKind = RecordKind.CITATION, code: str | None = None) -> list[Finding]:
    section = Section(text=text, path=(label,) if label else (), code=code)
    record = Record(kind=kind, title="A title", sections=(section,))
    return list(mine(record, document(record)))


def kinds(text: str, label: str = "", kind: RecordKind = RecordKind.CITATION, code: str | None = None) -> list[str]:
    return [finding.kind.value for finding in mined(text, label, kind, code)]


# --- recommendations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "strength", "negated"),
    [
        ("We recommend early intravenous antibiotics in adults.", "recommend", False),
        ("We recommend against routine imaging in low back pain.", "recommend", True),
        ("Routine use of steroids is not recommended in sepsis.", "not recommended", True),
        ("Opioids should not be used as first-line treatment.", "should not be", True),
        ("Patients should be screened for tuberculosis.", "should be", False),
        ("Topical treatment can be considered in mild disease.", "can be considered", False),
        ("Live vaccines should be avoided during treatment.", "should be", True),
    ],
)
def test_recommendations_keep_their_strength_and_their_sense(text: str, strength: str, negated: bool) -> None:
    (finding,) = mined(text, "CONCLUSIONS")
    assert (finding.kind, finding.strength, finding.negated) == (R, strength, negated)


@pytest.mark.parametrize(
    "text",
    [
        "Offer a statin to adults with type 1 diabetes.",
        "Do not offer antibiotics for a common cold.",
        "Consider metformin if lifestyle change is not enough.",
        "If serious liver injury occurs, promptly interrupt therapy.",
        "When starting treatment, monitor potassium within a week.",
        "Clinicians should prescribe the lowest effective dosage.",
    ],
)
def test_guidelines_order_in_the_imperative(text: str) -> None:
    assert kinds(text, kind=RecordKind.GUIDELINE) == ["recommendation"]


@pytest.mark.parametrize(
    "text",
    [
        "Further studies should be performed in children.",
        "Future research should address long-term safety.",
        "These findings should be interpreted with caution.",
        "The recommendations were developed by a panel of experts.",
        "Aspirin was recommended by the society in 1998.",
        "Current guidelines recommend annual screening.",
        "Should lower limb fractures be treated surgically?",
        "It should be noted that follow-up was short.",
        "We suggest that this defect can be explained by a mutation.",
        "The association should be stronger in women.",
        "This does not mean that patients should be required to fail other therapy.",
        "It is unknown whether patients should be treated.",
    ],
)
def test_what_only_sounds_like_a_recommendation_is_none(text: str) -> None:
    assert "recommendation" not in kinds(text, "CONCLUSIONS")


def test_advice_in_the_background_is_what_others_said() -> None:
    assert kinds("Patients should be screened for tuberculosis.", "BACKGROUND") == []


# --- grades ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        (
            "We recommend aspirin (strong recommendation, moderate-certainty evidence).",
            "strong recommendation, moderate-certainty evidence",
        ),
        ("Early surgery is recommended (Grade 1B).", "Grade 1B"),
        ("Beta blockers are recommended (Class IIa, Level B).", "Class IIa, Level B"),
        ("Statins are recommended. Level of evidence: B", None),
        ("Statins are recommended; Level of Evidence: B.", "Level of Evidence: B"),
        (
            "Clinicians should discuss risks (recommendation category: A, evidence type: 2).",
            "recommendation category: A, evidence type: 2",
        ),
        ("Antibiotics should be given (A-I).", "A-I"),
        ("Patients should be treated early.", None),
    ],
)
def test_a_grade_is_kept_as_printed(text: str, grade: str | None) -> None:
    finding = mined(text, kind=RecordKind.GUIDELINE)[0]
    assert (finding.kind, finding.grade) == (R, grade)


# --- conclusions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Early treatment shortens hospital stay.", "CONCLUSIONS"),
        ("In conclusion, early treatment shortens hospital stay.", ""),
        ("These results suggest that early treatment shortens hospital stay.", ""),
        ("Our findings demonstrate a benefit of early treatment.", ""),
    ],
)
def test_conclusions_are_headed_or_announced(text: str, label: str) -> None:
    assert kinds(text, label) == ["conclusion"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Further research is needed.", "CONCLUSIONS"),
        ("It is possible that selection bias explains this.", "CONCLUSIONS"),
        ("The role of genes remains unclear.", "CONCLUSIONS"),
        ("ClinicalTrials.gov number NCT00000000.", "CONCLUSIONS"),
        ("Previous studies suggest that early treatment helps.", ""),
        ("Early treatment shortens hospital stay.", "BACKGROUND"),
        ("We hypothesised that early treatment helps.", ""),
        ("Does early treatment help?", "CONCLUSIONS"),
    ],
)
def test_hedges_background_and_calls_for_research_are_no_conclusions(text: str, label: str) -> None:
    assert kinds(text, label) == []


def test_a_hedge_is_kept_beside_the_conclusion_and_a_denial_is_marked() -> None:
    (hedged,) = mined("Combined therapy may improve outcome.", "CONCLUSIONS")
    (denied,) = mined("Exclusive radiation is not safe in low tumours.", "CONCLUSIONS")
    assert (hedged.strength, hedged.negated) == ("may", False)
    assert (denied.strength, denied.negated) == (None, True)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("We found no systematic association between drinking and motor function.", True),
        ("The algorithm does not predict the pressure.", True),
        ("Subjects without apnoea had high pressures.", False),
        ("Treatment not only works but also lasts.", False),
    ],
)
def test_a_conclusion_is_negated_only_when_it_denies(text: str, negated: bool) -> None:
    assert [finding.negated for finding in mined(text, "CONCLUSIONS")] == [negated]


# --- doses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Patients received aspirin 100 mg once daily.",
        "The starting dose was 0.5 mg/kg every 8 hours.",
        "Participants were randomised to vitamin D 1,000 IU daily or placebo.",
    ],
)
def test_an_amount_with_a_schedule_is_a_dose(text: str) -> None:
    assert kinds(text, "METHODS") == ["dose"]


@pytest.mark.parametrize(
    "text",
    [
        "Serum calcium was 10 mg/dL each day.",
        "Rats received 10 mg/kg daily.",
        "Risk rose at dosages of more than 50 mg daily.",
        "Patients were followed for 12 months.",
        "Treatment was given daily.",
        "Dietary intake of calcium was 500 mg per day.",
    ],
)
def test_concentrations_animals_thresholds_and_diets_are_no_doses(text: str) -> None:
    assert "dose" not in kinds(text, "METHODS")


def test_a_dose_in_an_animal_record_is_not_listed() -> None:
    section = Section(text="The drug was given at 10 mg/kg once daily.", path=("METHODS",))
    record = Record(kind=RecordKind.CITATION, title="T", sections=(section,), mesh=(Heading(name="Animals"),))
    assert mine(record, document(record)) == ()


# --- contraindications -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Methotrexate is contraindicated in pregnancy.", False),
        ("Recurrent disease is not a contraindication to surgery.", True),
        ("Abscesses are not contraindicated for this approach.", True),
        ("Active liver disease is an absolute contraindication.", False),
    ],
)
def test_contraindications_and_their_denials(text: str, negated: bool) -> None:
    findings = [finding for finding in mined(text, "CONCLUSIONS") if finding.kind is X]
    assert [finding.negated for finding in findings] == [negated]


def test_the_label_lists_contraindications_line_by_line() -> None:
    text = (
        "Active liver disease\nNursing mothers\nIn rats no harm was observed.\nThe drug should be stopped in pregnancy."
    )
    found = mined(text, "4 CONTRAINDICATIONS", RecordKind.LABEL, "34070-3")
    assert [(finding.kind, finding.text) for finding in found] == [
        (X, "Active liver disease"),
        (X, "Nursing mothers"),
        (R, "The drug should be stopped in pregnancy."),
    ]


@pytest.mark.parametrize("text", ["None.", "None known"])
def test_a_label_without_contraindications_has_none(text: str) -> None:
    assert kinds(text, "4 CONTRAINDICATIONS", RecordKind.LABEL, "34070-3") == []


@pytest.mark.parametrize(
    "text",
    [
        "Opioids help when NSAIDs are contraindicated.",
        "Patients without contraindications received heparin.",
        "Interrupt treatment early [see Contraindications (4)].",
    ],
)
def test_a_condition_or_a_reference_is_no_contraindication(text: str) -> None:
    assert "contraindication" not in kinds(text, "CONCLUSIONS")


# --- results ---------------------------------------------------------------------------------------------


def test_results_need_a_figure_and_lie_among_results() -> None:
    text = "Mortality was 12% in the early group and 18% in the late group (P=0.03)."
    assert kinds(text, "RESULTS") == ["result"]
    assert kinds(text, "METHODS") == []
    assert kinds("Mortality was lower in the early group.", "RESULTS") == []


def test_a_result_of_no_difference_is_marked() -> None:
    (finding,) = mined("There was no significant difference in mortality (P=0.4).", "RESULTS")
    assert (finding.kind, finding.negated) == (N, True)


def test_general_knowledge_is_no_result() -> None:
    assert kinds("Pre-eclampsia is a disease of pregnancy with a worldwide incidence of 5-8%.") == []


# --- what holds for every text ---------------------------------------------------------------------------

CLINICAL = st.sampled_from(
    [
        "We recommend 5 mg daily. ",
        "The OR was 1.4 (95% CI 1.1 to 1.8; P<0.01). ",
        "12 of 40 (30%) died. ",
        "It is contraindicated in asthma. ",
        "RESULTS ",
        "CONCLUSIONS We conclude that it works. ",
        "i.v. ",
        "\n",
        "± 3.2 ",
        "−0.5 ",
        "Stop it!",
        "İ",
        "mean was ",
        "p = ",
    ]
)
TEXTS = st.lists(CLINICAL | st.text(max_size=20), max_size=12).map("".join)
KINDS = st.sampled_from(list(RecordKind))
LABELS = st.sampled_from(["", "RESULTS", "CONCLUSIONS", "METHODS", "4 CONTRAINDICATIONS"])


@settings(max_examples=150, deadline=None)
@given(TEXTS, KINDS, LABELS)
def test_every_finding_is_a_quotation_and_every_figure_lies_inside_it(text: str, kind: RecordKind, label: str) -> None:
    record = Record(kind=kind, title="T", sections=(Section(text=text, path=(label,) if label else ()),))
    body = document(record)
    for finding in mine(record, body):
        assert finding.text == body.text[finding.start : finding.end]
        for figure in finding.figures:
            assert finding.start <= figure.start < figure.end <= finding.end
            assert figure.text == body.text[figure.start : figure.end]


def shifted(finding: Finding, by: int) -> tuple[object, ...]:
    figures = tuple((figure.role, figure.start + by, figure.end + by, figure.text) for figure in finding.figures)
    return finding.kind, finding.start + by, finding.end + by, finding.text, finding.negated, finding.grade, figures


@pytest.mark.parametrize("label", ["RESULTS", "CONCLUSIONS", ""])
@pytest.mark.parametrize("before", ["The weather was fine that day. ", "Nothing else was seen. It rained. "])
def test_unrelated_sentences_before_shift_places_and_nothing_else(label: str, before: str) -> None:
    text = (
        "The odds ratio was 1.4 (95% CI 1.1 to 1.8; P<0.01). These results suggest a benefit. "
        "Patients should be treated early (Grade 1B). It is contraindicated in asthma."
    )
    plain = [shifted(finding, len(before)) for finding in mined(text, label)]
    moved = [shifted(finding, 0) for finding in mined(before + text, label) if finding.start >= len(before)]
    assert plain
    assert moved == plain


@pytest.mark.parametrize(
    "piece",
    [
        "patients were randomised ",
        "1,234,",
        "95% CI 1 ",
        "should ",
        "semi-structured interviews ",
        "[see ",
        "(",
        "\n• ",
    ],
)
def test_hostile_repetition_costs_no_more_than_its_length(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    record = Record(kind=RecordKind.CITATION, title="T", sections=(Section(text=text),))
    body = document(record)
    start = time.process_time()
    mine(record, body)
    appraise(record, body)
    assert time.process_time() - start < 2
