"""What is found, and what filters leave out: the same by words and by meaning."""

from __future__ import annotations

from pathlib import Path

import pytest
from memory_library import MemoryLibrary
from word_encoder import WordEncoder

from vademecum.evidence.model import Design, Population, SourceState
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.index import Filters, Index, parse_query
from vademecum.literature.records import Heading, Identifiers, RecordKind

ANY = Filters()


def by_words(index: Index, question: str, filters: Filters = ANY) -> list[int]:
    return [hit.source for hit in index.lexical(parse_query(question), filters, 10)]


@pytest.fixture
def index(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> Index:
    store.put(
        1, "Rituximab in refractory myositis", "Anti-Jo-1 antibodies fell. Dose 375 mg/m² weekly.",
        year=2013, language="eng", ids=Identifiers(pmid="22961837", doi="10.1002/ABC.1"),
        appraisal=Appraisal(design=Design.RCT, level=2, populations=(Population.ADULT,)),
    )  # fmt: skip
    store.put(
        2, "Paracetamol label", "Do not exceed 4 g daily. Platelets below 10⁹ per litre.", "Children: 15 mg/kg.",
        kind=RecordKind.LABEL, year=2020, language="fre", path=("Dosage",),
    )  # fmt: skip
    store.put(
        3, "Refractory myositis in children", "Case series of myositis.", year=1999, language="eng",
        appraisal=Appraisal(design=Design.CASE_SERIES, level=4, populations=(Population.PAEDIATRIC,)),
        state=SourceState.RETRACTED, mesh=(Heading("Dermatomyositis"),), keywords=("calcinosis",),
    )  # fmt: skip
    made = Index.open(tmp_path / "index", store)
    made.update(store, encoder=encoder)
    return made


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("Jo-1", [1]),
        ("anti jo 1", [1]),
        ("375 mg/m2", [1, 2]),
        ("acetaminophen", [2, 2]),
        ("10^9", [2]),
        ("109", []),
        ("dermatomyositis", [3]),
        ("calcinosis", [3]),
        ("dosage", [2, 2]),
        ("pmid 22961837", [1]),
        ("10.1002/abc.1", [1]),
        ("nothing-like-this", []),
    ],
)
def test_words_find(index: Index, question: str, sources: list[int]) -> None:
    assert by_words(index, question) == sources


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        (Filters(), {1, 2, 3}),
        (Filters(kinds=(RecordKind.LABEL,)), {2}),
        (Filters(years=(2000, None)), {1, 2}),
        (Filters(years=(None, 2013)), {1, 3}),
        (Filters(years=(2013, 2013)), {1}),
        (Filters(populations=(Population.PAEDIATRIC, Population.PREGNANCY)), {3}),
        (Filters(designs=(Design.RCT, Design.CASE_SERIES)), {1, 3}),
        (Filters(languages=("fre",)), {2}),
        (Filters(levels=(1, 2)), {1}),
        (Filters(states=(SourceState.CURRENT,)), {1, 2}),
        (Filters(states=(SourceState.CURRENT,), years=(2014, None), languages=("eng",)), set()),
    ],
)
def test_filters_hold_for_words_and_for_meaning(
    index: Index, encoder: WordEncoder, filters: Filters, sources: set[int]
) -> None:
    assert set(by_words(index, "myositis paracetamol", filters)) == sources
    vector = encoder.encode(["refractory myositis paracetamol"])[0]
    assert {hit.source for hit in index.semantic(vector, filters, 10)} == sources


@pytest.mark.parametrize(
    "question",
    [
        'title:"x" OR *:*',
        "[* TO *]",
        "/.*/",
        "a~9 b^1000000",
        "myositis AND NOT (",
        "\\",
        "{!join}",
        "' OR 1=1 --",
        "\ud800",
    ],
)
def test_search_syntax_in_a_question_is_only_words(index: Index, question: str) -> None:
    assert by_words(index, question) == by_words(index, question.replace("*", " "))
    assert len(by_words(index, question)) <= 4


def test_a_limit_of_none_finds_none(index: Index, encoder: WordEncoder) -> None:
    assert index.lexical(parse_query("myositis"), Filters(), 0) == []
    assert index.semantic(encoder.encode(["myositis"])[0], Filters(), 0) == []


def test_the_nearest_by_meaning_is_first(index: Index, encoder: WordEncoder) -> None:
    vector = encoder.encode(["rituximab in refractory myositis anti-jo-1 antibodies fell."])[0]
    best = index.semantic(vector, Filters(), 2)
    assert best[0].source == 1
    assert best[0].score > best[1].score
    likeness = index.likeness(vector, [best[1].passage, best[0].passage, 999])
    assert likeness == {hit.passage: pytest.approx(hit.score) for hit in best}


def test_the_ceiling_is_never_passed(index: Index) -> None:
    query = parse_query("refractory myositis children", synonyms=False)
    best = index.lexical(query, Filters(), 1)[0]
    assert 0 < best.score < index.ceiling(query) * 1.25
    assert index.ceiling(parse_query("unheard")) == 0
