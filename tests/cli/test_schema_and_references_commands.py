"""`vade schema` and `vade references`: what other programs read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import rispy
import yaml
from bibtexparser.entrypoint import parse_string
from commands import vade

from vademecum.packs.library import Library

EXAMPLE = Path(__file__).parents[1] / "packs" / "example"
CRAMPS = "What is the treatment of muscle cramps?"


@pytest.mark.parametrize("what", ["article", "pack", "drug", "sources"])
def test_each_schema_is_valid_json_schema(what: str) -> None:
    run = vade("schema", what)
    assert (run.code, run.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(run.out))


def test_the_printed_schema_of_a_pack_checks_a_pack() -> None:
    checker = jsonschema.Draft202012Validator(json.loads(vade("schema", "pack").out))
    text = (EXAMPLE / "packs" / "exampleitis.yaml").read_text(encoding="utf-8")
    pack = yaml.load(text, Loader=yaml.CBaseLoader)
    checker.validate(pack)
    assert not checker.is_valid({**pack, "status": "finished"})


def keys_of(form: str, text: str) -> list[str]:
    """The source keys in an exported list, in order."""
    if form == "csl-json":
        return [item["id"] for item in json.loads(text)]
    if form == "ris":
        return [entry["id"] for entry in rispy.loads(text)]
    library = parse_string(text)
    assert not library.failed_blocks
    return [entry.key for entry in library.entries]


@pytest.mark.parametrize("form", ["csl-json", "ris", "bibtex"])
def test_the_references_of_an_answer_are_those_of_the_article(form: str) -> None:
    article = json.loads(vade("ask", "--format", "json", CRAMPS).out)
    run = vade("references", "--format", form, CRAMPS)
    assert (run.code, run.err) == (0, "")
    assert keys_of(form, run.out) == [reference["key"] for reference in article["references"]]


@pytest.mark.parametrize("form", ["csl-json", "ris", "bibtex"])
def test_without_a_question_the_whole_bibliography_is_printed(form: str, library: Library) -> None:
    assert keys_of(form, vade("references", "--format", form).out) == list(library.sources)


def test_as_text_the_references_are_numbered_as_in_the_article() -> None:
    article = json.loads(vade("ask", "--format", "json", CRAMPS).out)
    lines = vade("references", CRAMPS).out.splitlines()
    assert len(lines) == len(article["references"])
    for line, reference in zip(lines, article["references"], strict=True):
        assert line.startswith(f"{reference['number']}. ")
        assert reference["title"].rstrip("?.") in line


def test_what_has_no_answer_has_no_references_and_says_so() -> None:
    run = vade("references", "--format", "ris", "What is the treatment of gribbleitis?")
    assert (run.code, run.out) == (3, "")
    assert run.err == "vade: nothing in the library supports an answer, so there is no reference\n"


def test_sources_of_ones_own_are_in_the_bibliography() -> None:
    assert "example_guideline" in keys_of("ris", vade("references", "--format", "ris", "--packs", str(EXAMPLE)).out)
