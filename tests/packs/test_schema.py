"""The published JSON Schemas, checked with an independent validator against what the loader accepts and refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pack_folder import EXAMPLE, replace_once

from vademecum.packs.library import BUNDLED
from vademecum.packs.schema import authored_schema

KINDS = ("pack", "drug", "sources")


def validator(what: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(authored_schema(what))


def as_text(path: Path) -> Any:
    """A file as plain YAML with every scalar as text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)


def kind_of(path: Path) -> str:
    return {"packs": "pack", "drugs": "drug"}.get(path.parent.name, "sources")


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yaml"))


@pytest.mark.parametrize("what", KINDS)
def test_each_schema_is_a_sound_schema(what: str) -> None:
    schema = authored_schema(what)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"Vademecum {what}"


@pytest.mark.parametrize("folder", [EXAMPLE, BUNDLED], ids=["example", "bundled"])
def test_every_file_that_loads_is_valid(folder: Path) -> None:
    validators = {what: validator(what) for what in KINDS}
    wrong = [
        f"{path.name}: {error.json_path}: {error.message[:120]}"
        for path in files(folder)
        for error in validators[kind_of(path)].iter_errors(as_text(path))
    ]
    assert wrong == []


def test_a_file_read_with_yaml_types_is_valid_too() -> None:
    for path in files(EXAMPLE):
        typed = yaml.load(path.read_text(encoding="utf-8"), Loader=_JsonTypes)
        assert [error.message for error in validator(kind_of(path)).iter_errors(typed)] == []


class _JsonTypes(yaml.CSafeLoader):
    """YAML as editors read it: numbers and truths are typed, dates stay text."""


_JsonTypes.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("packs/exampleitis.yaml", "cautions: [exi-infection]", "cautionss: [exi-infection]"),
        ("packs/exampleitis.yaml", "status: draft", "status: finished"),
        ("packs/exampleitis.yaml", "title: Exampleitis in adults\n", ""),
        ("packs/exampleitis.yaml", "red_flags: [exi-flag]", "red_flags: exi-flag"),
        ("packs/exampleitis.yaml", "population: adult\nscope", "population: everyone\nscope"),
        ("packs/exampleitis.yaml", "    kind: red_flag", "    kind: alarm"),
        ("packs/exampleitis.yaml", "    line: first", "    line: fourth"),
        ("packs/exampleitis.yaml", "20 mg, per: week, every: 1 wk", "20 mg, every: 1 wk"),
        ("packs/exampleitis.yaml", ", max: {week: 40 mg}}", "}"),
        ("packs/exampleitis.yaml", "amount: 20 mg", "amounts: 20 mg"),
        ("packs/exampleitis.yaml", "cites: [{source: example_guideline, at: page 5}]", "cites: [{at: page 5}]"),
        ("drugs/examplomab.yaml", "names: [Exabrand]", "names: Exabrand"),
        ("drugs/examplomab.yaml", "severity: contraindicated", "severity: terrible"),
        ("drugs/examplomab.yaml", "kidney: [exa-kidney]", "kidneys: [exa-kidney]"),
        ("sources.yaml", "    state: retracted", "    state: gone"),
        ("sources.yaml", "  - key: example_trial\n    type: trial", "  - type: trial"),
    ],
)
def test_what_the_loader_refuses_is_invalid(file: str, old: str, new: str, folder: Path) -> None:
    replace_once(folder / file, old, new)
    assert not validator(kind_of(folder / file)).is_valid(as_text(folder / file))


def test_every_key_has_its_place_in_the_schema_of_a_pack() -> None:
    definitions = authored_schema("pack")["$defs"]
    assert set(definitions["Dose"]["properties"]) >= {"drug", "amount", "per", "max", "route", "every", "times"}
    assert definitions["Dose"]["required"] == ["drug", "per", "max"]
    assert {"Pack", "Statement", "Step", "Action", "Fork", "Fact", "Monitor"} <= set(definitions)
