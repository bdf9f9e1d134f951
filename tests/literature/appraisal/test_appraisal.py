"""What a record states about its design, its people and who paid; what follows for the level of evidence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vademecum.evidence.model import Design, Population
from vademecum.literature.appraisal import Appraisal, appraise
from vademecum.literature.documents import document
from vademecum.literature.records import Heading, Record, RecordKind, Section


def appraised(
    title: str = "A title",
    text: str = "",
    *,
    types: tuple[str, ...] = (),
    mesh: tuple[str, ...] = (),
    kind: RecordKind = RecordKind.CITATION,
    funding: tuple[str, ...] = (),
    label: str = "",
) -> Appraisal:
    sections = (Section(text=text, path=(label,) if label else ()),) if text else ()
    headings = tuple(Heading(name=name) for name in mesh)
    record = Record(kind=kind, title=title, sections=sections, publication_types=types, mesh=headings, funding=funding)
    return appraise(record, document(record))


# --- design and level ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("types", "design", "level"),
    [
        (("Journal Article", "Randomized Controlled Trial"), Design.RCT, 2),
        (("Journal Article", "Meta-Analysis"), Design.META_ANALYSIS, None),
        (("Systematic Review",), Design.SYSTEMATIC_REVIEW, None),
        (("Journal Article", "Review"), Design.NARRATIVE_REVIEW, None),
        (("Case Reports",), Design.CASE_REPORT, None),
        (("Controlled Clinical Trial",), Design.NON_RANDOMISED, 3),
        (("Observational Study",), Design.OBSERVATIONAL, 4),
        (("Practice Guideline",), Design.GUIDELINE, None),
        (("Letter",), Design.OPINION, None),
        (("Letter", "Case Reports"), Design.CASE_REPORT, None),
        (("Comment", "Randomized Controlled Trial"), Design.OPINION, None),
        (("Clinical Trial Protocol", "Journal Article"), Design.PROTOCOL, None),
        (("Published Erratum",), None, None),
        (("Journal Article",), None, None),
    ],
)
def test_an_indexers_publication_type_decides(types: tuple[str, ...], design: Design | None, level: int | None) -> None:
    found = appraised(types=types)
    assert (found.design, found.level) == (design, level)


@pytest.mark.parametrize(
    ("title", "text", "design"),
    [
        ("Aspirin for pain: a randomised controlled trial", "", Design.RCT),
        ("Aspirin for pain", "Patients were randomly assigned to aspirin or placebo.", Design.RCT),
        ("Aspirin: a randomised trial", "This was a double-blind study.", Design.RCT_BLIND),
        ("Aspirin: a randomised trial", "This was an open-label study.", Design.RCT_OPEN),
        ("Aspirin for pain: protocol for a randomised trial", "", Design.PROTOCOL),
        ("Aspirin for pain: a systematic review protocol", "", Design.PROTOCOL),
        ("Protocol for a systematic review of aspirin", "", Design.PROTOCOL),
        ("Aspirin for pain: a non-randomised trial", "", Design.NON_RANDOMISED),
        ("Aspirin", "This was a quasi-randomised trial in 40 adults.", Design.NON_RANDOMISED),
        ("Aspirin", "Patients were not randomised.", Design.NON_RANDOMISED),
        ("Aspirin", "We did a Mendelian randomisation study.", None),
        ("Aspirin", "A sample of patients was randomly selected.", None),
        ("Aspirin", "Randomised controlled trials are needed.", None),
        ("Aspirin", "A large randomised trial is needed.", None),
        ("Aspirin", "A previous randomised trial showed a benefit.", None),
        ("Aspirin: a post hoc analysis of a randomised trial", "", Design.SECONDARY_ANALYSIS),
        ("Aspirin", "We did a secondary analysis of a randomized trial.", Design.SECONDARY_ANALYSIS),
        ("Comment on: aspirin, a randomised trial", "", Design.OPINION),
        ("Aspirin: a network meta-analysis", "", Design.META_ANALYSIS),
        ("Aspirin: a systematic review", "", Design.SYSTEMATIC_REVIEW),
        ("Aspirin: a systematic review and meta-analysis", "", Design.META_ANALYSIS),
        ("Aspirin: a genome-wide association meta-analysis", "", None),
        ("Aspirin", "A previous systematic review showed a benefit.", None),
        ("Aspirin: a narrative review", "", Design.NARRATIVE_REVIEW),
        ("Aspirin", "This review summarises recent work.", Design.NARRATIVE_REVIEW),
        ("Aspirin", "This was a prospective cohort study.", Design.COHORT),
        ("Aspirin", "Previous cohort studies showed a benefit.", None),
        ("Aspirin", "We did a nested case-control study.", Design.CASE_CONTROL),
        ("Aspirin", "We did a cross-sectional survey.", Design.CROSS_SECTIONAL),
        ("Aspirin", "The cross-sectional area was measured.", None),
        ("Aspirin", "We retrospectively reviewed the records of 60 patients.", Design.OBSERVATIONAL),
        ("Diagnostic accuracy of troponin", "", Design.DIAGNOSTIC_ACCURACY),
        ("Aspirin asthma: a case report", "", Design.CASE_REPORT),
        ("Aspirin asthma: a case series", "", Design.CASE_SERIES),
        ("Aspirin", "This single-arm phase 2 trial enrolled 40 patients.", Design.SINGLE_ARM),
        ("Aspirin", "A disproportionality analysis of FAERS was done.", Design.PHARMACOVIGILANCE),
        ("Aspirin", "Semi-structured interviews underwent thematic analysis.", Design.QUALITATIVE),
        ("Aspirin kills cells in vitro", "Cell lines died in vitro.", Design.LABORATORY),
        ("Clinical practice guideline for pain", "", Design.GUIDELINE),
        ("Adherence to a clinical practice guideline for pain", "", None),
        ("Pain: a consensus statement", "", Design.CONSENSUS),
    ],
)
def test_the_title_or_the_methods_state_the_design(title: str, text: str, design: Design | None) -> None:
    assert appraised(title, text).design is design


def test_a_randomised_trial_in_rats_is_an_animal_study() -> None:
    tagged = appraised("A trial", "Rats were randomly assigned.", mesh=("Animals", "Rats"))
    untagged = appraised("Aspirin in rats", "Rats were randomised to aspirin.")
    indexed = appraised("A trial", types=("Randomized Controlled Trial",), mesh=("Animals",))
    for found in (tagged, untagged, indexed):
        assert (found.design, found.level, found.animals) == (Design.ANIMAL, 5, True)


def test_people_and_animals_together_are_not_an_animal_study() -> None:
    assert not appraised("A trial", types=("Randomized Controlled Trial",), mesh=("Animals", "Humans")).animals


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("We searched for randomised controlled trials.", 1),
        ("We included randomised trials and cohort studies.", 3),
        ("We included non-randomised studies.", 3),
        ("We included randomised trials and observational studies.", 4),
        ("We searched several databases.", None),
    ],
)
def test_a_review_has_the_level_of_the_weakest_design_it_includes(text: str, level: int | None) -> None:
    assert appraised("Aspirin: a systematic review", text).level == level


@pytest.mark.parametrize(
    ("kind", "design"),
    [
        (RecordKind.LABEL, Design.LABELLING),
        (RecordKind.TRIAL_REGISTRATION, Design.PROTOCOL),
        (RecordKind.GUIDELINE, Design.GUIDELINE),
        (RecordKind.DOCUMENT, None),
    ],
)
def test_what_is_no_study_has_no_level_and_says_why(kind: RecordKind, design: Design | None) -> None:
    found = appraised("A randomised trial", kind=kind)
    assert (found.design, found.level) == (design, None)
    assert found.reason


def test_the_reason_names_the_words_or_the_field_and_the_scheme() -> None:
    by_field = appraised(types=("Randomized Controlled Trial",)).reason
    by_words = appraised("Aspirin", "Patients were randomly assigned to aspirin or placebo.").reason
    assert by_field == (
        "Randomised trial (publication type 'Randomized Controlled Trial'); OCEBM 2011 level 2: randomised trial."
    )
    assert "patients were randomly assigned" in by_words.lower()


def test_a_matched_cohort_is_not_the_trial_its_members_came_from() -> None:
    text = (
        "35 patients entered a trial. They were randomly assigned to observation or cisplatin. "
        "Their outcome was compared with a matched cohort."
    )
    assert appraised("Prognosis", text, mesh=("Humans", "Cohort Studies")).design is Design.COHORT


# --- people ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("A total of 1,234 participants were enrolled.", 1234),
        ("We enrolled 213 adults with asthma.", 213),
        ("Two hundred three adults were randomised.", 203),
        ("58 076 women were invited.", 58076),
        ("416 patients were randomised to aspirin or placebo.", 416),
        ("120 patients were enrolled and 100 patients were randomised to aspirin or placebo.", 100),
        ("317 patients were randomized to vitamin C and 99 to placebo.", None),
        ("Records of 121 patients were reviewed; 50 patients were studied.", None),
        ("12 patients were excluded.", None),
        ("Five of 40 died.", None),
        ("In 2004 patients were enrolled.", None),
        ("Fractures healed in 40 of 60.", None),
        ("25 cases and 30 matched control patients were studied.", None),
    ],
)
def test_people_are_counted_only_as_stated(text: str, people: int | None) -> None:
    found = appraised(text=text, label="METHODS")
    assert found.participants == people
    assert (found.participants_span is None) == (people is None)


def test_a_review_counts_the_people_of_its_trials() -> None:
    found = appraised("Aspirin: a meta-analysis", "We included 12 trials (n = 3,456).")
    assert (found.participants, found.participants_span) == (3456, (27, 32))


def test_the_place_of_the_number_is_kept() -> None:
    text = "We enrolled 213 adults."
    found = appraised(text=text)
    assert found.participants_span is not None
    start, end = found.participants_span
    assert text[start:end] == "213"


def test_ages_come_from_check_tags_before_words() -> None:
    tagged = appraised("Asthma in children", mesh=("Humans", "Adult", "Aged", "Pregnancy"))
    worded = appraised("Asthma in children", mesh=("Humans",))
    assert tagged.populations == (Population.ADULT, Population.OLDER_ADULT, Population.PREGNANCY)
    assert worded.populations == (Population.PAEDIATRIC,)
    assert appraised("Asthma").populations == ()


# --- funding ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("Aspirin helped. (Funded by AstraZeneca; ClinicalTrials.gov number.)", True),
        ("This was an industry-sponsored trial.", True),
        ("The trial was funded by the manufacturer.", True),
        ("It was funded by the National Institutes of Health.", None),
        ("The authors received no external funding.", False),
        ("Aspirin helped.", None),
    ],
)
def test_industry_is_named_only_where_the_record_names_it(text: str, industry: bool | None) -> None:
    assert appraised(text=text).industry_funded is industry


def test_support_outside_government_is_not_industry() -> None:
    found = appraised(types=("Research Support, Non-U.S. Gov't",), funding=("Wellcome Trust",))
    assert (found.funding, found.industry_funded) == (("Wellcome Trust",), None)
    assert appraised(funding=("Pfizer Inc",)).industry_funded is True


# --- every text ------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "randomised trial ",
        "12 patients were enrolled. ",
        "n = 3 ",
        "One hundred ",
        "METHODS ",
        "İ",
        "cohort ",
        "\n",
        "funded by ",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(WORDS | st.text(max_size=15), max_size=10).map("".join),
    st.text(max_size=40),
    st.sampled_from(list(RecordKind)),
    st.sampled_from(["", "METHODS", "RESULTS", "PARTICIPANTS"]),
)
def test_any_text_is_appraised_and_a_count_lies_where_it_says(
    text: str, title: str, kind: RecordKind, label: str
) -> None:
    found = appraised(title, text, kind=kind, label=label)
    assert found.reason
    if found.participants_span is not None:
        start, end = found.participants_span
        assert text[start:end].strip()
