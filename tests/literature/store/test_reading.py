"""Passages, the change feed, lists, counts, findings and export."""

from __future__ import annotations

import hashlib

import pytest
from store_samples import citation, document_file, full_text, label, picture, retraction, unappraised, watch

from vademecum.errors import StoreError
from vademecum.evidence.model import Design, SourceState
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document
from vademecum.literature.findings import Finding, FindingKind
from vademecum.literature.importing import mine_pending
from vademecum.literature.records import Identifiers, Record, RecordKind, Section
from vademecum.literature.store import SourceFilter, Store, Writer

LONG = " ".join(f"Sentence {number} says that the dose is {number} mg." for number in range(200))


def test_a_passage_is_its_place_in_the_document(store: Store, writer: Writer) -> None:
    writer.put([full_text(pmcid="PMC1", text=LONG)])
    parts = store.passages_of(1)
    assert len(parts) > 3
    text = store.document(parts[0].version).text
    for part in parts:
        assert part.text == text[part.start : part.end]
        assert part.hash == hashlib.sha256(part.text.encode()).hexdigest()
        assert (part.path, part.code) == (("RESULTS",), "RESULTS")
    assert store.passages([parts[1].id, 999]) == {parts[1].id: parts[1]}


def test_unchanged_text_keeps_its_passage_id(store: Store, writer: Writer) -> None:
    writer.put([full_text(pmcid="PMC1", text=LONG)])
    before = {part.text: part.id for part in store.passages_of(1)}
    writer.put([full_text(pmcid="PMC1", text=LONG.replace("199 mg", "199 µg"))])
    after = {part.text: part.id for part in store.passages_of(1)}
    assert {after[text] == before[text] for text in after.keys() & before.keys()} == {True}
    assert len(after.keys() & before.keys()) == len(before) - 1
    assert not set(before.values()) >= {after[text] for text in after.keys() - before.keys()}


def test_abstract_and_full_text_are_both_found_the_full_text_first(store: Store, writer: Writer) -> None:
    writer.put([citation("1", pmcid="PMC1", text="Abstract."), full_text(pmcid="PMC1", text="Full.")])
    (change,) = store.changed_sources(0, 10)
    assert change.source.kind is RecordKind.FULL_TEXT
    assert [part.text for part in change.passages] == ["Full.", "Abstract."]
    assert list(store.kinds(1)) == [RecordKind.FULL_TEXT, RecordKind.CITATION]


def test_the_feed_gives_each_source_once_at_its_last_change(store: Store, writer: Writer) -> None:
    writer.put([citation("1"), citation("2")])
    writer.put([citation("1", revised="2022-01-01", text="New.")])
    feed = store.changed_sources(0, 10)
    assert [change.source.id for change in feed] == [2, 1]
    assert feed[-1].source.changed == store.head()
    assert store.changed_sources(store.head(), 10) == []
    assert [change.source.id for change in store.changed_sources(0, 1)] == [2]


def test_sources_are_listed_by_words_kind_state_year_and_id(store: Store, writer: Writer) -> None:
    writer.put(
        [
            citation("1", title="Colchicine 50% in gout", year=2001, doi="10.1/a"),
            citation("2", title="Gout: COLCHICINE again", year=2010),
            label("s", "1", "Text."),
            retraction("3", of="2", year=2011),
        ]
    )

    def pmids(chosen: SourceFilter) -> list[str | None]:
        return [row.record.ids.pmid for row in store.select(chosen)]

    assert pmids(SourceFilter(text="colchicine gout")) == ["2", "1"]
    assert pmids(SourceFilter(text="50%")) == ["1"]
    assert pmids(SourceFilter(text="5_%")) == []
    assert pmids(SourceFilter(states=(SourceState.RETRACTED,))) == ["2"]
    assert pmids(SourceFilter(kinds=(RecordKind.CITATION,), years=(2002, 2010))) == ["2"]
    assert pmids(SourceFilter(identifier="10.1/A")) == ["1"]
    assert store.count() == 4
    assert len(store.select(limit=2, offset=3)) == 1


def test_counts(store: Store) -> None:
    writer = store.writer(lambda *_: Appraisal(design=Design.RCT))
    writer.put([citation("1", pmcid="PMC1"), full_text(pmcid="PMC1"), citation("2"), watch(pmid="2")])
    stats = store.stats()
    assert (stats.sources, stats.versions, stats.passages) == (2, 3, 3)
    assert stats.kinds == {"citation": 1, "full_text": 1}
    assert stats.states == {"current": 1, "retracted": 1}
    assert stats.designs == {"randomised trial": 2}
    assert stats.years == {2019: 1}
    assert stats.bytes
    assert stats.bytes > 0


def test_findings_belong_to_a_version_and_a_rule_set(store: Store, writer: Writer) -> None:
    def mine(record: Record, document: Document) -> tuple[Finding, ...]:
        assert record.sections[0].text == document.text
        return (Finding(FindingKind.CONCLUSION, 0, 4, document.text[:4], "first words"),)

    writer.put([citation("1"), citation("2")])
    assert store.findings(1) is None
    told: list[tuple[int, int]] = []
    assert mine_pending(store, mine, "rules-1", progress=lambda *seen: told.append(seen)) == 2
    assert told == [(2, 2)]
    assert [finding.text for finding in store.findings(1) or ()] == ["Pain"]
    assert mine_pending(store, mine, "rules-1") == 0
    writer.put([citation("1", text="None here.", revised="2024-01-01")])
    assert store.findings(1) is None
    assert mine_pending(store, mine, "rules-1") == 1
    assert mine_pending(store, lambda *_: (), "rules-2") == 2
    assert store.findings(2) == ()
    assert store.stats().mined == 2


def test_an_export_taken_in_elsewhere_is_the_same_library(store: Store, writer: Writer, tmp_path: object) -> None:
    writer.put(
        [
            citation("1", pmcid="PMC1", doi="10.1/a"),
            full_text(pmcid="PMC1", text=LONG),
            document_file("7", "Local."),
            retraction("2", of="1"),
            watch(pmid="2"),
        ]
    )
    with Store.open(f"{tmp_path}/copy.db") as copy:
        copy.writer(unappraised).put([*store.notices(), *store.export()])
        assert picture(copy) == picture(store)


def test_sections_without_text_do_not_make_another_version(store: Store, writer: Writer) -> None:
    record = Record(RecordKind.CITATION, "A", Identifiers(pmid="1"), (Section(""), Section("Text.")))
    writer.put([record])
    assert writer.put(list(store.export())).unchanged == 1
    assert store.stats().versions == 1


def test_reading_does_not_write(url: str) -> None:
    with Store.open(url) as store:
        store.writer(unappraised).put([citation("1")])
    with Store.open(url, read_only=True) as store:
        assert store.count() == 1
        with pytest.raises(StoreError, match="for reading only"):
            store.writer()


def test_the_identity_of_a_library_stays_and_differs_from_others(url: str, tmp_path: object) -> None:
    with Store.open(url) as store:
        first = store.identity
    with Store.open(url) as store, Store.open(f"{tmp_path}/other.db") as other:
        assert store.identity == first != other.identity


def test_an_unknown_version_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="no version 7"):
        store.document(7)
    assert store.sources([7]) == {}
    assert store.find(Identifiers(pmid="7")) is None
