"""YAML as text: no implicit types, no program in the data, and every problem at its line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vademecum.errors import PackError
from vademecum.packs.yaml_text import MAX_BYTES, MAX_DEPTH, Document, parse


def read(text: str) -> Document:
    return parse(text.encode(), "pack.yaml")


def refusal(text: str | bytes) -> str:
    """The one problem of a text that does not parse."""
    with pytest.raises(PackError) as caught:
        parse(text if isinstance(text, bytes) else text.encode(), "pack.yaml")
    (problem,) = caught.value.problems
    return problem


def problems_of(raw: bytes) -> tuple[str, ...]:
    """What is wrong with a text; empty when it parses."""
    try:
        parse(raw, "pack.yaml")
    except PackError as error:
        return error.problems
    return ()


# --- text stays text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    ["no", "on", "yes", "null", "~", "012", "1e3", "0x1f", "1_000", "12:30", "2026-11-24", "1.50", "true", ".5", "="],
)
def test_a_scalar_keeps_its_spelling(spelling: str) -> None:
    assert read(f"a: {spelling}").value == {"a": spelling}


def test_a_key_keeps_its_spelling() -> None:
    assert read("no: a\n012: b\n").value == {"no": "a", "012": "b"}


def test_an_empty_value_is_empty_text() -> None:
    assert read("a:\nb: x\n").value == {"a": "", "b": "x"}


def test_lists_mappings_and_folded_text_are_read_as_yaml_means_them() -> None:
    text = "a: [x, 'y: z']\nb: {c: d}\ne: >-\n  one\n  two\nf: |\n  one\n  two\n"
    assert read(text).value == {"a": ["x", "y: z"], "b": {"c": "d"}, "e": "one two", "f": "one\ntwo\n"}


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse(b"\xef\xbb\xbfa: x\n", "pack.yaml").value == {"a": "x"}


TEXT = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=30)
TREES = st.recursive(
    TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
)


@given(TREES)
def test_whatever_is_written_as_text_is_read_back_unchanged(tree: object) -> None:
    written = yaml.safe_dump(tree, default_style='"', allow_unicode=True)
    assert parse(written.encode(), "pack.yaml").value == tree


# --- lines -----------------------------------------------------------------------------------------------


def test_every_value_knows_its_line() -> None:
    document = read("a: x\nb:\n  - c: y\n  - d: [p,\n        q]\n")
    assert document.lines == {
        "$": 1, "$.a": 1, "$.b": 2, "$.b[0]": 3, "$.b[0].c": 3, "$.b[1]": 4, "$.b[1].d": 4,
        "$.b[1].d[0]": 4, "$.b[1].d[1]": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "line"),
    [("$.b[0].c", 3), ("$.b[0].missing", 3), ("$.b[7]", 2), ("$.nowhere[1].x", 1), ("$", 1)],
)
def test_a_place_that_is_not_there_has_the_line_of_what_encloses_it(place: str, line: int) -> None:
    assert read("a: x\nb:\n  - c: y\n").line_of(place) == line


def test_a_problem_is_one_line_with_file_and_line() -> None:
    assert read("a: x\nb: y\n").problem("$.b", "is wrong; mend it") == "pack.yaml:2: is wrong; mend it"


# --- refusals --------------------------------------------------------------------------------------------


def test_an_anchor_is_refused_at_its_line() -> None:
    assert refusal("a: x\nb: &name y\n") == (
        "pack.yaml:2: anchors and aliases (& and *) are not allowed; write the value out"
    )


@pytest.mark.parametrize("anchored", ["&n [x]", "&n {x: y}", "*n"])
def test_anchors_and_aliases_are_refused_wherever_they_stand(anchored: str) -> None:
    assert "anchors and aliases" in refusal(f"a: {anchored}\n")


@pytest.mark.parametrize("tagged", ["!!int 3", "!!python/object:os.system [x]", "!mine {a: b}", "!!str x"])
def test_a_tag_is_refused(tagged: str) -> None:
    assert refusal(f"a: x\nb: {tagged}\n").startswith("pack.yaml:2: tags (!...) are not allowed; remove ")


def test_a_few_bytes_cannot_become_gigabytes() -> None:
    bomb = "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"
    assert "anchors and aliases" in refusal(bomb)


def test_every_duplicate_key_is_named_at_its_line() -> None:
    with pytest.raises(PackError) as caught:
        read("a: x\nb: {c: p, c: q}\na: y\n")
    assert caught.value.problems == (
        "pack.yaml:2: 'c' is given twice; keep one",
        "pack.yaml:3: 'a' is given twice; keep one",
    )


def test_a_key_that_is_a_list_is_refused() -> None:
    assert refusal("? [a, b]\n: x\n") == "pack.yaml:1: a key must be plain text; remove the list or mapping"


def test_nesting_has_a_limit() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).value
    assert read(f"[{', '.join(['[[]]'] * 50)}]").value
    assert "nested more than" in refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_size_has_a_limit() -> None:
    at_most = b"a: x\n" + b"#" * (MAX_BYTES - 5)
    assert parse(at_most, "pack.yaml").value == {"a": "x"}
    assert refusal(b"a: " + b"x" * MAX_BYTES) == (
        f"pack.yaml:1: file has {MAX_BYTES + 3:,} bytes, the limit is {MAX_BYTES:,}; split the pack"
    )


def test_bytes_that_are_not_text_are_refused_at_their_line() -> None:
    assert refusal(b"a: x\nb: \xff\n") == "pack.yaml:2: not UTF-8 text (byte 8); save the file as UTF-8"


@pytest.mark.parametrize("nothing", ["", "\n\n", "# only a comment\n"])
def test_an_empty_file_says_where_to_start(nothing: str) -> None:
    assert refusal(nothing) == "pack.yaml:1: the file is empty; start from `vade pack new`"


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: x\nb: [x, y\n", 3), ("a: x\n  b: y\n", 2), ("a: 'x\n", 2), ("a: x\n\tb: y\n", 2), ("a: b: c\n", 1)],
)
def test_broken_yaml_is_named_with_its_line_and_no_traceback(text: str, line: int) -> None:
    problem = refusal(text)
    assert problem.startswith(f"pack.yaml:{line}: not valid YAML: ")
    assert problem.endswith("; check indentation, colons and quotes")
    assert "\n" not in problem


def test_a_control_character_is_refused_at_its_line() -> None:
    assert refusal("a: x\nb: \x07\n") == "pack.yaml:2: holds a control character (#x07); remove it"


def test_a_second_document_is_refused() -> None:
    assert refusal("a: x\n---\nb: y\n").startswith("pack.yaml:2: not valid YAML: ")


@given(st.binary(max_size=300))
def test_any_bytes_parse_or_are_refused_with_file_and_line(raw: bytes) -> None:
    assert all(problem.startswith("pack.yaml:") and "\n" not in problem for problem in problems_of(raw))


@given(st.text(alphabet="ab:-[]{}&*!#|>'\"\n \t?,%@`", max_size=60))
def test_any_punctuation_parses_or_is_refused_with_file_and_line(text: str) -> None:
    assert all(problem.startswith("pack.yaml:") and "\n" not in problem for problem in problems_of(text.encode()))
