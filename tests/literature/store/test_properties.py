"""Whatever order records, revisions and notices come in, in whatever batches and how often: the same library."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import citation, full_text, picture, retraction, unappraised, watch

from vademecum.literature.records import Deletion, Item, Link, LinkKind, Record
from vademecum.literature.store import Mark, Store

PMIDS = ("1", "2", "3")
REVISIONS = ("2020-01-01", "2021-01-01", "2022-01-01")
LINKS = (
    LinkKind.RETRACTED_BY,
    LinkKind.CONCERN_BY,
    LinkKind.CORRECTED_BY,
    LinkKind.UPDATES,
    LinkKind.REPUBLISHED_FROM,
)


@st.composite
def citations(draw: st.DrawFn) -> Record:
    """Two with the same PMID and revision are the same record, as in MEDLINE."""
    pmid, revised = draw(st.sampled_from(PMIDS)), draw(st.sampled_from(REVISIONS))
    number = PMIDS.index(pmid) * 3 + REVISIONS.index(revised)
    links = (Link(LINKS[number % 5], pmid=PMIDS[number % 3]),) if number % 2 else ()
    return citation(
        pmid,
        f"Text {number}. " * (1 + 200 * (number % 2)),
        doi=f"10.1/{pmid}" if number != 4 else None,
        pmcid=f"PMC{pmid}" if number > 2 else None,
        revised=revised,
        links=links,
    )


@st.composite
def full_texts(draw: st.DrawFn) -> Record:
    """Joined to its citation by one identifier or by both."""
    pmid, by = draw(st.sampled_from(PMIDS)), draw(st.sampled_from(("doi", "pmcid", "both")))
    return full_text(
        doi=f"10.1/{pmid}" if by != "pmcid" else None,
        pmcid=f"PMC{pmid}" if by != "doi" else None,
        text=f"Full text {by}. " * 200,
        version=str(("doi", "pmcid", "both").index(by)),
    )


NOTICES: tuple[Item, ...] = (
    watch(pmid="1"),
    watch(doi="10.1/2"),
    watch(LinkKind.CONCERN_BY, doi="10.1/3", pmid="3"),
    retraction("8", of="2", doi="10.1/2"),
    retraction("9", of="3"),
)
items = st.one_of(citations(), full_texts(), st.sampled_from(NOTICES))


@cache
def empty() -> tempfile.TemporaryDirectory[str]:
    """A folder with an empty library; copying it is quicker than making the tables each time."""
    folder = tempfile.TemporaryDirectory()
    Store.open(f"{folder.name}/library.db").close()
    return folder


@contextmanager
def library(batches: Sequence[Sequence[Item]]) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        shutil.copy(Path(empty().name) / path.name, path)
        with Store.open(str(path)) as store:
            yield filled(store, batches)


def filled(store: Store, batches: Sequence[Sequence[Item]]) -> Store:
    writer = store.writer(unappraised)
    for batch in batches:
        writer.put(batch)
    return store


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_order_and_batches_do_not_matter(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(items, min_size=1, max_size=10))
    shuffled = data.draw(st.permutations(chosen + chosen[:3]))
    cut = data.draw(st.integers(0, len(shuffled)))
    with library([chosen]) as one, library([shuffled[:cut], *([item] for item in shuffled[cut:])]) as other:
        assert picture(one) == picture(other)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(items, st.sampled_from([Deletion("1"), Deletion("3")])), min_size=1, max_size=10), st.data())
def test_taking_in_again_changes_nothing(chosen: list[Item], data: st.DataObject) -> None:
    with library([]) as store:
        writer = store.writer(unappraised)
        for number, item in enumerate(chosen):
            writer.put([item], Mark(f"u{number}", f"f{number}", 1))
        before, head = picture(store), store.head()
        for number in data.draw(st.permutations(range(len(chosen)))):
            writer.put([chosen[number]], Mark(f"u{number}", f"f{number}", 1))
        assert picture(store) == before
        assert store.head() == head


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(items, st.sampled_from([Deletion("1"), Deletion("2")])), min_size=1, max_size=12))
def test_every_passage_is_its_span_and_the_feed_is_strict(chosen: list[Item]) -> None:
    with library([[item] for item in chosen]) as store:
        feed = store.changed_sources(0, 1_000)
        places = [change.source.changed for change in feed]
        assert places == sorted(set(places))
        seen: set[int] = set()
        for change in feed:
            assert not (change.source.deleted and change.passages)
            for part in change.passages:
                assert part.text == store.document(part.version).text[part.start : part.end]
                assert part.source == change.source.id
                assert part.id not in seen
                seen.add(part.id)


@settings(max_examples=20, deadline=None)
@given(st.lists(items, min_size=1, max_size=10), st.integers(0, 9))
def test_a_follower_of_the_feed_ends_with_the_same_library(chosen: list[Item], start: int) -> None:
    """An index that reads on from its own mark holds what one that starts anew holds."""
    held: dict[int, tuple[int, ...]] = {}
    with library([]) as store:
        writer, mark = store.writer(unappraised), 0
        for number, item in enumerate(chosen):
            writer.put([item])
            if number >= start:
                for change in store.changed_sources(mark, 1_000):
                    held[change.source.id] = tuple(part.id for part in change.passages)
                mark = store.head()
        if mark:
            fresh = store.changed_sources(0, 1_000)
            assert held == {one.source.id: tuple(part.id for part in one.passages) for one in fresh}
