"""Search: words and meaning together, the asked side of a topic, one hit a work, retracted works, what to quote."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from shelf import paper

from vademecum.errors import IndexDamagedError, MissingExtraError
from vademecum.evidence.model import SourceState
from vademecum.literature.encoder import Encoder
from vademecum.literature.records import Deletion, Identifiers, LinkKind, Notice, Record, RecordKind, Section
from vademecum.literature.search import Filters, Hit, Library, Mode, search

Shelve = Callable[..., Library]

LYSIS = paper("1", "Alteplase in acute ischaemic stroke", "Thrombolysis within three hours improved function.")
GOUT = paper("2", "Colchicine for gout flares", "Low-dose colchicine eased pain of gout within a day.")
PLANT = paper("3", "Perforation of leaves", "The lace plant forms holes in its leaves by programmed cell death.")


def names(hits: list[Hit]) -> list[str | None]:
    return [hit.source.record.ids.pmid for hit in hits]


def test_default_finds_by_words_and_by_meaning(shelve: Shelve, encoder: Encoder) -> None:
    library = shelve(LYSIS, GOUT, PLANT, encoder=encoder)
    assert names(search(library, "colchicine"))[0] == "2"
    paraphrase = "medicines that dissolve a blood clot in the brain"
    assert search(library, paraphrase, mode=Mode.LEXICAL) == []
    first = search(library, paraphrase)[0]
    assert (first.source.record.ids.pmid, first.lexical) == ("1", None)
    assert first.semantic is not None


def test_the_side_of_a_topic_that_is_asked_for_comes_first(shelve: Shelve) -> None:
    title = "Muenke syndrome"
    library = shelve(
        paper("1", title, "Muenke syndrome is a condition named Muenke syndrome. Muenke syndrome affects the skull."),
        paper("2", title, "Surgery relieves pressure; therapy of hearing loss and management of the airway follow."),
        paper("3", title, "It is caused by mutations in the FGFR3 gene, and results from one altered protein."),
        paper("4", title, "The prognosis is good; most survive, and the course is rarely fatal."),
    )
    assert names(search(library, "What are the treatments for Muenke syndrome?"))[0] == "2"
    assert names(search(library, "What causes Muenke syndrome?"))[0] == "3"
    assert names(search(library, "Muenke syndrome prognosis"))[0] == "4"
    assert names(search(library, "What is Muenke syndrome?"))[0] == "1"


def test_a_side_counts_only_on_the_topic(shelve: Shelve, encoder: Encoder) -> None:
    library = shelve(
        paper("1", "Gout", "Uric acid crystals in a joint. Gout flares pass within two weeks."),
        paper("2", "Scabies", "Treatment: permethrin. Treat contacts. Therapy, medication and drugs are repeated."),
        encoder=encoder,
    )
    assert names(search(library, "treatment of gout")) == ["1", "2"]


def test_a_work_is_one_hit_by_its_best_passage(shelve: Shelve) -> None:
    guideline = Record(
        kind=RecordKind.GUIDELINE,
        title="Asthma",
        ids=Identifiers(doi="10.1/a"),
        sections=(
            Section(text="Diagnose by spirometry.", path=("Diagnosis",)),
            Section(text="Give inhaled budesonide.", path=("Treatment",)),
            Section(text="Asthma is common.", path=("Background",)),
        ),
    )
    hits = search(shelve(guideline, GOUT), "budesonide for asthma")
    assert [hit.passage.path for hit in hits] == [("Treatment",)]


def test_a_long_document_leaves_room_for_other_works(shelve: Shelve) -> None:
    book = Record(
        kind=RecordKind.GUIDELINE,
        title="Gout",
        ids=Identifiers(doi="10.1/book"),
        sections=tuple(Section(text=f"Gout, gout and gout again, part {number}.") for number in range(400)),
    )
    library = shelve(book, GOUT)
    assert len(search(library, "gout", limit=2)) == 2


def test_works_with_the_same_title_and_text_are_named_beside_the_first(shelve: Shelve) -> None:
    twin = paper("9", "Colchicine for gout flares", GOUT.sections[0].text)
    library = shelve(LYSIS, GOUT, twin)
    (hit,) = search(library, "colchicine for gout")
    assert names([hit]) == ["2"]
    assert [row.record.ids.pmid for row in library.store.sources(hit.also).values()] == ["9"]


def test_the_same_sentence_under_another_title_is_another_hit(shelve: Shelve) -> None:
    text = "This condition is inherited in a dominant pattern."
    library = shelve(paper("1", "Muenke syndrome", text), paper("2", "Marfan syndrome", text))
    assert names(search(library, "Is Marfan syndrome inherited?")) == ["2", "1"]


def test_a_retracted_work_is_marked_and_comes_behind_its_like_but_not_behind_everything(shelve: Shelve) -> None:
    text = "Colchicine eased pain in {} adults with gout."
    library = shelve(
        paper("1", "Colchicine for gout", text.format(12)),
        paper("2", "Colchicine for gout", text.format(14)),
        LYSIS,
        Notice(LinkKind.RETRACTED_BY, Identifiers(pmid="1"), Identifiers(doi="10.1/notice"), "2021-05-01"),
    )
    hits = search(library, "colchicine in acute gout of adults")
    assert names(hits) == ["2", "1", "3"][: len(hits)]
    assert [hit.source.state for hit in hits[:2]] == [SourceState.CURRENT, SourceState.RETRACTED]
    current = Filters(states=(SourceState.CURRENT,))
    assert "1" not in names(search(library, "colchicine in acute gout of adults", current))


def test_a_guideline_or_newer_work_wins_a_tie_and_nothing_more(shelve: Shelve) -> None:
    text = "Colchicine eases pain of gout."
    library = shelve(
        paper("1", "Gout", text + " A.", year=1990),
        paper("2", "Gout", text + " B.", year=2020),
        paper("3", "Gout", text + " C.", kind=RecordKind.GUIDELINE, year=1990),
        paper("4", "Gout in brief", "Pain.", kind=RecordKind.GUIDELINE, year=2024),
    )
    assert names(search(library, "Does colchicine ease the pain of gout?")) == ["3", "2", "1", "4"]


def test_filters_and_limit_narrow(shelve: Shelve, encoder: Encoder) -> None:
    library = shelve(
        paper("1", "Gout", "Old gout.", year=1980), paper("2", "Gout", "New gout.", year=2020), encoder=encoder
    )
    for mode in Mode:
        assert names(search(library, "gout", Filters(years=(2000, None)), mode=mode)) == ["2"]
        assert len(search(library, "gout", limit=1, mode=mode)) == 1


def test_quotation_and_highlights_lie_in_the_passage(shelve: Shelve) -> None:
    text = "Forty adults took part. Colchicine (1 mg) eased pain of gout. Nausea was rare. Follow-up took a year."
    (hit,) = search(shelve(paper("1", "A trial", text)), "colchicine and gout pain")
    start, end = hit.quote
    assert hit.passage.text[start:end] == "Colchicine (1 mg) eased pain of gout."
    assert [hit.passage.text[a:b] for a, b in hit.highlights] == ["Colchicine", "pain", "gout"]


def test_without_an_encoder_the_default_is_by_words_and_meaning_alone_is_refused(
    shelve: Shelve, encoder: Encoder
) -> None:
    library = shelve(LYSIS, GOUT)
    assert names(search(library, "gout")) == ["2"]
    assert search(library, "gout")[0].semantic is None
    for without in (library, Library(store=library.store, index=library.index, encoder=encoder)):
        with pytest.raises(MissingExtraError, match="semantic"):
            search(without, "gout", mode=Mode.SEMANTIC)


def test_vectors_of_another_encoder_are_not_compared(
    shelve: Shelve, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shelve(LYSIS, encoder=encoder)
    monkeypatch.setattr(Encoder, "identity", "another")
    with pytest.raises(IndexDamagedError, match="reindex"):
        search(library, "stroke")


def test_a_work_deleted_since_the_index_was_written_is_not_shown(shelve: Shelve) -> None:
    library = shelve(GOUT, LYSIS)
    library.store.writer().put([Deletion("2")])
    assert search(library, "gout colchicine") == []


@pytest.mark.parametrize("question", ["", "   ", "what is it", "?!", "\x00", "a" * 10_000])
def test_a_question_without_content_finds_nothing_or_something_but_does_not_fail(
    shelve: Shelve, encoder: Encoder, question: str
) -> None:
    library = shelve(LYSIS, encoder=encoder)
    assert len(search(library, question)) <= 1
    assert search(library, "", mode=Mode.DEFAULT) == []


def test_an_empty_library_finds_nothing(shelve: Shelve, encoder: Encoder) -> None:
    assert search(shelve(), "gout") == []
