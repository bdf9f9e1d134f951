"""Retraction, concern, correction and replacement, whoever says it and whatever comes first."""

from __future__ import annotations

from itertools import permutations

import pytest
from store_samples import citation, full_text, retraction, unappraised, watch

from vademecum.evidence.model import SourceState
from vademecum.literature.records import Deletion, Identifiers, Item, Link, LinkKind
from vademecum.literature.store import Store, Writer


def state(store: Store, pmid: str = "1") -> SourceState:
    found = store.find(Identifiers(pmid=pmid))
    assert found is not None
    return found.state


OWN = {
    LinkKind.RETRACTED_BY: SourceState.RETRACTED,
    LinkKind.REPUBLISHED_AS: SourceState.RETRACTED,
    LinkKind.CONCERN_BY: SourceState.CONCERN,
    LinkKind.UPDATED_BY: SourceState.SUPERSEDED,
    LinkKind.CORRECTED_BY: SourceState.CORRECTED,
}
OTHERS = {
    LinkKind.RETRACTION_OF: SourceState.RETRACTED,
    LinkKind.REPUBLISHED_FROM: SourceState.RETRACTED,
    LinkKind.CONCERN_ABOUT: SourceState.CONCERN,
    LinkKind.UPDATES: SourceState.SUPERSEDED,
    LinkKind.CORRECTION_TO: SourceState.CORRECTED,
}


@pytest.mark.parametrize("kind", OWN)
def test_a_record_says_it_of_itself(store: Store, writer: Writer, kind: LinkKind) -> None:
    writer.put([citation("1", links=(Link(kind, pmid="2"),)), citation("2")])
    assert (state(store), state(store, "2")) == (OWN[kind], SourceState.CURRENT)


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("first", ["work", "notice"])
def test_another_record_says_it_before_or_after(store: Store, writer: Writer, kind: LinkKind, first: str) -> None:
    work, notice = citation("1"), citation("2", links=(Link(kind, pmid="1"),))
    for item in (work, notice) if first == "work" else (notice, work):
        writer.put([item])
    assert (state(store), state(store, "2")) == (OTHERS[kind], SourceState.CURRENT)


@pytest.mark.parametrize("first", ["work", "notice"])
def test_a_register_says_it_before_or_after(store: Store, writer: Writer, first: str) -> None:
    items: list[Item] = [citation("1", doi="10.1/a"), watch(doi="10.1/a")]
    for item in items if first == "work" else items[::-1]:
        writer.put([item])
    row = store.find(Identifiers(pmid="1"))
    assert row is not None
    assert row.state is SourceState.RETRACTED
    assert row.state_note == "retracted by DOI 10.1/notice on 2021-05-01 (Retraction Watch): Error in Data"


def test_the_publication_type_alone_retracts(store: Store, writer: Writer) -> None:
    writer.put([citation("1", publication_types=("Journal Article", "Retracted Publication"))])
    assert state(store) is SourceState.RETRACTED


def test_the_graver_statement_counts(store: Store, writer: Writer) -> None:
    links = tuple(Link(kind, pmid="9") for kind in (LinkKind.CORRECTED_BY, LinkKind.UPDATED_BY, LinkKind.CONCERN_BY))
    writer.put([citation("1", links=links)])
    assert state(store) is SourceState.CONCERN
    writer.put([watch(pmid="1")])
    assert state(store) is SourceState.RETRACTED


def test_a_change_of_state_moves_the_source_in_the_feed(store: Store, writer: Writer) -> None:
    writer.put([citation("1"), citation("2")])
    head = store.head()
    writer.put([retraction("3", of="1")])
    assert {change.source.id for change in store.changed_sources(head, 10)} == {1, 3}


def test_a_notice_under_the_doi_of_its_article_is_not_retracted(store: Store, writer: Writer) -> None:
    items: list[Item] = [citation("1", doi="10.1/a"), retraction("2", of="1", doi="10.1/a"), watch(doi="10.1/a")]
    for order in permutations(items):
        writer.put(list(order))
    assert (state(store), state(store, "2")) == (SourceState.RETRACTED, SourceState.CURRENT)


def test_an_identifier_learnt_later_brings_the_retraction_with_it(store: Store, writer: Writer) -> None:
    writer.put([full_text(pmcid="PMC1"), watch(doi="10.1/a")])
    assert store.sources([1])[1].state is SourceState.CURRENT
    writer.put([citation("1", pmcid="PMC1", doi="10.1/a")])
    assert state(store) is SourceState.RETRACTED


def test_a_statement_goes_with_the_revision_that_drops_it(store: Store, writer: Writer) -> None:
    writer.put([citation("1", links=(Link(LinkKind.CORRECTED_BY, pmid="2"),))])
    writer.put([citation("1", revised="2022-01-01")])
    assert state(store) is SourceState.CURRENT


def test_a_statement_goes_with_the_notice_its_publisher_withdraws(store: Store, writer: Writer) -> None:
    writer.put([citation("1"), retraction("2", of="1")])
    writer.put([Deletion("2")])
    assert state(store) is SourceState.CURRENT


def test_removing_a_notice_does_not_clear_what_it_retracts(store: Store, writer: Writer) -> None:
    writer.put([citation("1"), retraction("2", of="1")])
    writer.remove([2])
    assert state(store) is SourceState.RETRACTED
    writer.put([retraction("2", of="1", revised="2024-01-01")])
    writer.restore([2])
    assert len(store.links(1)) == 1
    assert state(store) is SourceState.RETRACTED


def test_links_name_both_sides_and_who_said_so(store: Store, writer: Writer) -> None:
    writer.put([citation("1"), retraction("2", of="1"), retraction("3", of="99")])
    (link,) = store.links(1)
    assert (link.kind, link.about_source, link.by_source, link.stated_by) == (LinkKind.RETRACTED_BY, 1, 2, 2)
    (open_link,) = store.unresolved_links()
    assert (open_link.about, open_link.about_source, open_link.by_source) == (Identifiers(pmid="99"), None, 3)
    assert store.stats().unresolved_links == 1


def test_a_record_that_retracts_itself_is_not_heard(store: Store, writer: Writer) -> None:
    writer.put([retraction("1", of="1")])
    assert state(store) is SourceState.CURRENT


def test_a_register_is_read_twice_without_effect(store: Store) -> None:
    writer = store.writer(unappraised)
    assert writer.put([watch(pmid="1")]).notices == 1
    assert writer.put([watch(pmid="1")]).notices == 0
    (register,) = store.stats().registers
    assert (register.name, register.newest, register.notices) == ("Retraction Watch", "2021-05-01", 1)
    assert list(store.notices()) == [watch(pmid="1")]
