"""Where clinical sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vademecum.literature.mining.sentences import sentences


def split(text: str, *, lines: bool = False) -> list[str]:
    return [text[start:end] for start, end in sentences(text, lines=lines)]


@pytest.mark.parametrize(
    "text",
    [
        "Give 1 g i.v. every 8 h.",
        "Active drug vs. placebo was compared.",
        "Dr. Smith saw the patient.",
        "A dose of 0.5 mg was used (p < .05).",
        "Smith et al. reported this before.",
        "Infection with E. coli was common.",
        "See Fig. 2 and Tab. 3 for the flow of patients.",
        "It took approx. 3 h.",
        "Use an antibiotic, e.g. Amoxicillin, or i.e. Nothing.",
        "Take it b.i.d. with food.",
        "The U.S. Food and Drug Administration approved it.",
        "Antibodies to S. Typhi O and Vi were found.",
        "The value was 3.5 mmol/l (vs. 4.1).",
        "Staph. aureus grew.",
        "No. 5 catheters were used.",
        "opened between 9.00 a.m. and 9.00 p.m. or at night",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It fell. We stopped.", ["It fell.", "We stopped."]),
        ("It fell (p < .05). The rest did not.", ["It fell (p < .05).", "The rest did not."]),
        ("They were given vitamin D. Mutations were rare.", ["They were given vitamin D.", "Mutations were rare."]),
        ("Give it i.v. The line is flushed.", ["Give it i.v.", "The line is flushed."]),
        ("Was it safe? It was.", ["Was it safe?", "It was."]),
        ('He said "stop." We did.', ['He said "stop."', "We did."]),
        ("This was shown.[12] We agree.", ["This was shown.[12]", "We agree."]),
        ("Cells died. p53 was lost.", ["Cells died.", "p53 was lost."]),
        ("The answer was no. We stopped.", ["The answer was no.", "We stopped."]),
        ("Levels rose in both groups.The rise was small.", ["Levels rose in both groups.", "The rise was small."]),
        ("One line\n\nAnother", ["One line", "Another"]),
        ("First point:\n• Stop it\n• Start it", ["First point:", "Stop it", "Start it"]),
        ("wrapped over\nlines of a paragraph that goes on", ["wrapped over\nlines of a paragraph that goes on"]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_in_labels_every_line_is_its_own() -> None:
    assert split("Nursing mothers\nPregnancy", lines=True) == ["Nursing mothers", "Pregnancy"]


@given(st.text(alphabet=st.sampled_from("aB .?!\n()•12[]e.g“”"), max_size=80) | st.text(max_size=80))
def test_sentences_are_in_order_apart_and_lose_only_space_and_bullets(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip(" \t\r\n\f\v\u00a0\u2028\u2029•●·■▪○◦*")
        at = end
