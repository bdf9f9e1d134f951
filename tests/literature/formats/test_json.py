"""JSON is read strictly and record by record."""

import json as standard
from io import BytesIO

import msgspec
import pytest
from format_samples import hostile
from hypothesis import given
from hypothesis import strategies as st

from vademecum.errors import ImportFileError
from vademecum.literature.formats import beir, json


def values(text: str, *arrays: tuple[str, ...]) -> list[object]:
    return [element.value for element in json.elements(BytesIO(text.encode()), arrays)]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"a": 2}\n',
        '[{"a": 1}, {"a": 2}]',
        '{"meta": {"x": []}, "results": [{"a": 1}, {"a": 2}], "next": "z"}',
        '{"list": {"result": [{"a": 1}, {"a": 2}]}}',
    ],
)
def test_records_come_from_lines_arrays_and_envelopes(text: str) -> None:
    assert values(text, ("results",), ("list", "result")) == [{"a": 1}, {"a": 2}]


def test_an_object_without_the_array_is_one_record() -> None:
    assert values('{"a": [1, {"b": "]"}], "results": "none"}', ("results",)) == [
        {"a": [1, {"b": "]"}], "results": "none"}
    ]


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@given(st.lists(st.dictionaries(WORDS, WORDS | st.integers(-999, 999) | st.none() | st.lists(WORDS), max_size=4)))
def test_any_array_of_objects_reads_as_the_standard_library_reads_it(records: list[object]) -> None:
    assert values(standard.dumps({"results": records}), ("results",)) == records
    assert values(standard.dumps(records, ensure_ascii=False)) == records


def test_records_longer_than_one_read_are_whole() -> None:
    records = [{"text": 'x"{[' * 200_000, "n": n} for n in range(3)]
    assert values(standard.dumps(records)) == records


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ('{"results": [{"a": {"b": 1, "b": 2}}]}', r"^line 1: the key 'b' stands twice"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": -Infinity}', "-Infinity is not a JSON number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "a number of 5,000 digits"),
        ('{"a": "\\ud800 x"}', "lone surrogate"),
        ('{"a": "x\\u0000"}', "NUL"),
        ("[" * 50_000, "nested too deep"),
        ('{"a": ' * 50_000, "nested too deep"),
        ('{"results": [{"a": 1}', "cut short|where ',' is due"),
        ('{"results": [{"a": 1},]}', "a comma before"),
        ('{"a": 1} x', "not JSON"),
        ('{"a": "unending', "cut short"),
        ("", "the file is empty"),
        ("\n\n{'a': 1}", "^line 3: not JSON"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        values(text, ("results",))


def test_an_escaped_pair_of_surrogates_is_a_character() -> None:
    assert values('{"a": "\\ud83d\\ude00 \\\\ud800"}') == [{"a": "\U0001f600 \\ud800"}]


def test_a_wrong_type_names_record_and_field() -> None:
    class Named(msgspec.Struct):
        name: str

    (element,) = json.elements(BytesIO(b'{"name": 5}'))
    with pytest.raises(ImportFileError, match=r"^record 1 \(line 1\): name: Expected `str`, got `int`$"):
        json.typed(element, Named)


@pytest.mark.parametrize("name", ["deep_50000", "dup_keys", "nan", "bigint", "surrogate", "bom"])
def test_hostile_json_is_refused_in_place(name: str) -> None:
    with hostile(f"json_{name}.json").open("rb") as stream, pytest.raises(ImportFileError, match=r"line 1"):
        list(beir.read(stream))
