"""Which records are one source, and which of its texts is current."""

from __future__ import annotations

from store_samples import citation, document_file, full_text, label, retraction

from vademecum.evidence.model import SourceState
from vademecum.literature.records import Deletion, Identifiers, RecordKind
from vademecum.literature.store import Mark, PutReport, SourceRow, Store, Writer


def by_pmid(store: Store, pmid: str) -> SourceRow:
    found = store.find(Identifiers(pmid=pmid))
    assert found is not None
    return found


def text_of(store: Store, row: SourceRow) -> str:
    return store.document(row.version).text


def test_a_record_comes_back_as_it_went_in(store: Store, writer: Writer) -> None:
    record = citation(doi="10.1/a", text="CK fell to ≤ 5 × 10⁹ µg/L.")
    assert writer.put([record]) == PutReport(items=1, added=1)
    assert list(store.export()) == [record]


def test_the_same_file_again_changes_nothing(store: Store, writer: Writer) -> None:
    items = [citation("1"), citation("2", doi="10.1/b"), retraction("3", of="1"), Deletion("2")]
    writer.put(items, Mark("file", "f1", 4))
    head = store.head()
    again = writer.put(items, Mark("file", "f1", 4))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    assert store.head() == head


def test_a_shared_identifier_makes_two_records_one_source(store: Store, writer: Writer) -> None:
    writer.put([citation("1", doi="10.1/a"), full_text(doi="10.1/a")])
    assert store.count() == 1
    assert by_pmid(store, "1").kind is RecordKind.FULL_TEXT


def test_a_record_that_joins_two_sources_merges_them(store: Store, writer: Writer) -> None:
    writer.put([full_text(pmcid="PMC1")])
    writer.put([citation("1")])
    report = writer.put([citation("1", pmcid="PMC1", revised="2021-01-01", text="Pain rose.")])
    assert report.merged == 1
    assert store.count() == 1
    row = by_pmid(store, "1")
    assert row.id == 1
    assert [part.text for part in store.passages_of(1)] == ["Methods.", "Pain rose."]
    gone = [change for change in store.changed_sources(0, 10) if change.source.id == 2]
    assert [(change.source.deleted, change.passages) for change in gone] == [(True, ())]


def test_an_article_and_the_notice_under_its_doi_stay_two(store: Store, writer: Writer) -> None:
    writer.put([retraction("2", of="1", doi="10.1/a"), citation("1", doi="10.1/a")])
    assert store.count() == 2
    found = store.find(Identifiers(doi="10.1/a"))
    assert found is not None
    assert found.record.ids.pmid == "1"


def test_a_full_text_known_by_doi_goes_to_the_article_not_to_its_notice(store: Store, writer: Writer) -> None:
    writer.put([retraction("2", of="1", doi="10.1/a")])
    writer.put([full_text(doi="10.1/a")])
    writer.put([citation("1", doi="10.1/a")])
    assert list(store.kinds(by_pmid(store, "1").id)) == [RecordKind.FULL_TEXT, RecordKind.CITATION]
    assert by_pmid(store, "1").state is SourceState.RETRACTED
    assert list(store.kinds(by_pmid(store, "2").id)) == [RecordKind.CITATION]


def test_own_ids_of_two_collections_are_two_sources(store: Store, writer: Writer) -> None:
    writer.put([document_file("7", "One.")], Mark("a.jsonl", "f", 1))
    writer.put([document_file("7", "Two.")], Mark("b.jsonl", "f", 1))
    assert store.count() == 2
    assert store.find(Identifiers(other="7"), collection="b.jsonl") is not None


def test_a_newer_revision_replaces_and_an_older_never_does(store: Store, writer: Writer) -> None:
    old, new = citation(text="Old.", revised="2019-01-01"), citation(text="New.", revised="2022-01-01")
    writer.put([new])
    head = store.head()
    assert writer.put([old]).unchanged == 1
    assert store.head() == head
    assert text_of(store, by_pmid(store, "1")) == "New."
    writer.put([citation(text="Version two.", revised="2018-01-01", version="2")])
    assert text_of(store, by_pmid(store, "1")) == "Version two."


def test_the_text_of_an_earlier_version_stays_readable(store: Store, writer: Writer) -> None:
    writer.put([citation(text="Old.", revised="2019-01-01")])
    before = by_pmid(store, "1").version
    writer.put([citation(text="New.", revised="2022-01-01")])
    assert store.document(before).text == "Old."


def test_a_record_without_text_does_not_displace_an_abstract(store: Store, writer: Writer) -> None:
    writer.put([citation(text="Pain fell.")])
    writer.put([citation(text="")])
    assert text_of(store, by_pmid(store, "1")) == "Pain fell."


def test_a_newer_label_replaces_the_older_whichever_comes_first(store: Store, writer: Writer) -> None:
    writer.put([label("s", "10", "Ten."), label("s", "9", "Nine.")])
    row = store.find(Identifiers(set_id="s"))
    assert row is not None
    assert text_of(store, row) == "Ten."


def test_an_undated_file_is_what_it_says_now(store: Store, writer: Writer) -> None:
    """A local protocol whose change was taken back shows the old text again."""
    for text in ("Give 5 mg.", "Give 50 mg.", "Give 5 mg."):
        writer.put([document_file("p", text)], Mark("protocol.md", text, 1, done=True))
    assert [part.text for part in store.passages_of(1)] == ["Give 5 mg."]


def test_a_deletion_withdraws_the_citation(store: Store, writer: Writer) -> None:
    writer.put([citation("1"), citation("2")])
    assert writer.put([Deletion("1")]).deleted == 1
    assert by_pmid(store, "1").deleted
    assert store.count() == 1
    assert store.passages_of(1) == ()


def test_a_deletion_may_come_before_its_citation(store: Store, writer: Writer) -> None:
    writer.put([Deletion("1")])
    writer.put([citation("1")])
    assert by_pmid(store, "1").deleted


def test_a_later_revision_revives_a_deleted_citation(store: Store, writer: Writer) -> None:
    old, new = citation("1"), citation("1", revised="2023-01-01")
    writer.put([old, Deletion("1"), new])
    assert not by_pmid(store, "1").deleted
    writer.put([old])
    assert by_pmid(store, "1").record.revised == "2023-01-01"


def test_a_deletion_leaves_the_full_text(store: Store, writer: Writer) -> None:
    writer.put([citation("1", pmcid="PMC1"), full_text(pmcid="PMC1"), Deletion("1")])
    row = by_pmid(store, "1")
    assert not row.deleted
    assert [part.text for part in store.passages_of(row.id)] == ["Methods."]


def test_what_the_user_removed_stays_removed_until_restored(store: Store, writer: Writer) -> None:
    writer.put([citation("1")])
    assert writer.remove([1]) == 1
    writer.put([citation("1"), citation("1", revised="2024-01-01", text="Newer.")])
    assert store.count() == 0
    assert by_pmid(store, "1").deleted
    writer.restore([1])
    assert [part.text for part in store.passages_of(1)] == ["Newer."]


def test_records_without_any_identifier_are_told_apart_by_what_they_say(store: Store, writer: Writer) -> None:
    writer.put([citation(None, title="A"), citation(None, title="B"), citation(None, title="A")])
    assert store.count() == 2
