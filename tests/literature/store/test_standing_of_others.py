"""What the library has heard of works it need not hold, and questions saved in it."""

from __future__ import annotations

from store_samples import citation, watch

from vademecum.evidence.model import SourceState
from vademecum.literature.records import Identifiers, Link, LinkKind
from vademecum.literature.store import Seen, Store, Watch, Writer


def test_a_work_that_is_not_here_is_known_to_be_retracted_from_a_register(store: Store, writer: Writer) -> None:
    writer.put([watch(doi="10.1/a")])
    found = store.states({"mine": Identifiers(doi="10.1/a"), "other": Identifiers(doi="10.1/b")})
    assert list(found) == ["mine"]
    state, note = found["mine"]
    assert state is SourceState.RETRACTED
    assert note is not None
    assert "Retraction Watch" in note


def test_or_from_the_record_of_another_work(store: Store, writer: Writer) -> None:
    writer.put([citation("2", links=(Link(LinkKind.CONCERN_ABOUT, pmid="1"),))])
    assert store.states({"a": Identifiers(pmid="1")})["a"][0] is SourceState.CONCERN


def test_or_from_its_own_record(store: Store, writer: Writer) -> None:
    writer.put([citation("1", publication_types=("Retracted Publication",)), citation("2")])
    assert {*store.states({"a": Identifiers(pmid="1"), "b": Identifiers(pmid="2")})} == {"a"}


def test_who_retracts_is_not_retracted(store: Store, writer: Writer) -> None:
    writer.put([citation("2", links=(Link(LinkKind.RETRACTION_OF, pmid="1"),))])
    assert store.states({"notice": Identifiers(pmid="2")}) == {}


def test_nothing_named_is_nothing_found(store: Store) -> None:
    assert store.states({}) == {}
    assert store.states({"a": Identifiers()}) == {}


def test_a_saved_question_is_kept_with_what_it_saw(store: Store, writer: Writer) -> None:
    first = Watch(name="jdm", question="IVIG in JDM?", filters="{}", created="2026-01-01T00:00:00+00:00")
    writer.put_watch(first)
    writer.put_watch(Watch(name="a", question="b", filters="{}", created="2026-01-01T00:00:00+00:00"))
    assert [one.name for one in store.watches()] == ["a", "jdm"]
    seen = (Seen(source=1, version=2, state=SourceState.CURRENT),)
    later = Watch(
        name="jdm",
        question="IVIG in JDM?",
        filters="{}",
        created=first.created,
        ran="2026-02-01T00:00:00+00:00",
        seen=seen,
    )
    writer.put_watch(later)
    assert store.watches()[1] == later
    assert writer.remove_watch("jdm")
    assert not writer.remove_watch("jdm")
    assert [one.name for one in store.watches()] == ["a"]
