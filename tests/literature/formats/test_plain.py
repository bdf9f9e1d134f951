"""Plain text and Markdown."""

import json
from io import BytesIO

import pytest
from format_samples import SHARED

from vademecum.errors import ImportFileError
from vademecum.literature.formats import plain
from vademecum.literature.records import Record

MARKDOWN = """---
title: Ward protocol
date: 2024-05-06
---
# Asthma

We **recommend** 50 µg if x < 5, y<6 and 2*3*4 &le; 24.

## Dose

- First
- 10<sup>9</sup>/L

| Age | mg |
|-----|----|
| <5  | 1  |

After.
"""


def read(text: str, name: str | None = None) -> Record:
    (record,) = plain.read(BytesIO(text.encode()), name)
    return record


def words_of(record: Record) -> str:
    return "\n".join(section.text for section in record.sections)


def test_markdown_has_headings_lists_and_tables() -> None:
    record = read(MARKDOWN)
    assert (record.title, record.year, record.revised) == ("Ward protocol", 2024, "2024-05-06")
    assert [(section.path, section.text) for section in record.sections] == [
        (("Asthma",), "We recommend 50 µg if x < 5, y<6 and 2*3*4 ≤ 24."),
        (("Asthma", "Dose"), "• First\n• 10⁹/L"),
        (("Asthma", "Dose", "Table"), "Age: <5 — mg: 1"),
        (("Asthma", "Dose"), "After."),
    ]


def test_the_first_heading_or_else_the_name_is_the_title() -> None:
    assert read("# Heading\n\ntext").title == "Heading"
    assert read("- only a list", "protocol.md").title == "protocol"
    assert read("Title line\n\nSome text follows here.").title == "Title line"
    assert read("Some text. It goes on.\nAnd on.", "note.txt").title == "note"


def test_plain_text_keeps_its_lines_but_not_its_width() -> None:
    wrapped = "This is a long line that was broken for the width of the screen,\nand goes on here.\n\n1. one\n2. two\n"
    assert words_of(read(wrapped, "a.txt")) == (
        "This is a long line that was broken for the width of the screen, and goes on here.\n1. one\n2. two"
    )


def test_marks_of_markdown_are_literal_in_plain_text() -> None:
    assert words_of(read("# 5 *mg* <b> 2*3*4", "a.txt")) == "# 5 *mg* <b> 2*3*4"


def test_columns_of_plain_text_stay_apart_and_are_flagged() -> None:
    record = read("Age    Dose\n5      10 mg\n6\t20 mg\n", "a.txt")
    assert words_of(record) == "Age | Dose\n5 | 10 mg\n6 | 20 mg"
    assert [flag.code for flag in record.flags] == ["table-without-headings"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("# T\n\nDose 10 mg.\n\n<!-- CANARY says that the dose is other -->", "hidden-text"),
        ("# T\n\nDose 10 mg.\n\n<p hidden>CANARY</p>", "hidden-text"),
        ("# T\n\nDose 10 mg.\n\n<script>CANARY</script>", "active-content"),
        ("# T\n\nDose 10 m\u200bg.", "invisible-characters"),
    ],
)
def test_hidden_words_are_taken_out_of_markdown_and_flagged(text: str, code: str) -> None:
    record = read(text)
    assert words_of(record) == "Dose 10 mg."
    assert [flag.code for flag in record.flags] == [code]


@pytest.mark.parametrize("text", ["", "\n\n", "---\n", "# \n", "***"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(ImportFileError, match="no words"):
        read(text)


def test_hidden_characters_of_planted_documents_are_taken_out_and_flagged() -> None:
    path = SHARED / "safety" / "injected_documents_dev.jsonl"
    if not path.exists():
        pytest.skip("needs ../shared/bench")
    planted = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    hidden = [row for row in planted if "\u200b" in row["body"] or "\U000e0041" in row["body"]]
    assert hidden
    for row in hidden:
        record = read(row["body"], "planted.txt")
        assert "\u200b" not in words_of(record)
        assert record.flags
