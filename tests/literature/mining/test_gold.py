"""The hand-labelled gold set is intact, and the rules still reach what was published on the texts kept in it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from vademecum.literature.documents import Document, document
from vademecum.literature.mining import mine
from vademecum.literature.records import Record, RecordKind, Section

GOLD = Path(__file__).parents[2] / "data" / "mining-gold.jsonl"
ENTRIES = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
DOCUMENTS = [entry for entry in ENTRIES if entry["type"] == "document"]
KEPT = [entry for entry in DOCUMENTS if "sections" in entry]


def record_of(entry: dict[str, object]) -> tuple[Record, Document]:
    sections = tuple(
        Section(text=part["text"], path=tuple(part.get("path", ())), code=part.get("code"))
        for part in entry["sections"]  # type: ignore[attr-defined]
    )
    record = Record(kind=RecordKind(entry["kind"]), title=str(entry["title"]), sections=sections)
    return record, document(record)


def test_the_gold_set_has_what_its_description_says() -> None:
    parts = Counter((entry["type"], entry["split"]) for entry in ENTRIES)
    assert parts[("document", "dev")] + parts[("document", "held")] + parts[("document", "fresh")] == 93
    assert parts[("appraisal", "dev")] + parts[("appraisal", "held")] + parts[("appraisal", "fresh")] == 138


def test_no_document_is_in_two_parts() -> None:
    for kind in ("document", "appraisal"):
        names = [entry["id"] for entry in ENTRIES if entry["type"] == kind]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", DOCUMENTS, ids=lambda entry: entry["id"])
def test_labels_lie_inside_their_sentence(entry: dict[str, list[dict[str, object]]]) -> None:
    for sentence in entry["sentences"]:
        assert len(str(sentence["text"])) == int(str(sentence["end"])) - int(str(sentence["start"]))
        for figure in sentence.get("figures", ()):  # type: ignore[attr-defined]
            at = figure["start"] - sentence["start"]
            assert str(sentence["text"])[at : at + len(figure["text"])] == figure["text"]


def test_labels_and_guidelines_are_mined_as_published() -> None:
    right = wrong = missed = 0
    for entry in KEPT:
        record, body = record_of(entry)
        found = {(finding.kind.value, finding.end) for finding in mine(record, body)}
        wanted = {(kind, sentence["end"]) for sentence in entry["sentences"] for kind in sentence.get("kinds", ())}
        allowed = {(kind, sentence["end"]) for sentence in entry["sentences"] for kind in sentence.get("optional", ())}
        right += len(found & wanted)
        wrong += len(found - wanted - allowed)
        missed += len(wanted - found)
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.97
