"""Whatever happens to the library, the index ends up holding exactly what the library holds."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from memory_library import MemoryLibrary
from word_encoder import WordEncoder

from vademecum.literature.index import Filters, Index, parse_query

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(1, 4), st.integers(0, 2)),
        st.tuples(st.just("delete"), st.integers(1, 4), st.just(0)),
        st.tuples(st.sampled_from(["words", "both", "rebuild", "reopen"]), st.just(0), st.just(0)),
    ),
    min_size=3,
    max_size=12,
)


@settings(max_examples=12)
@given(steps=STEPS)
def test_any_history(steps: list[tuple[str, int, int]]) -> None:
    store, encoder = MemoryLibrary(), WordEncoder()
    held: dict[int, set[int]] = {}
    with tempfile.TemporaryDirectory() as name:
        index = Index.open(Path(name), store)
        for what, source, texts in steps:
            if what == "put":
                held[source] = set(store.put(source, "aspirin", *(f"aspirin {number}" for number in range(texts))))
            elif what == "delete" and source in held:
                store.delete(source)
                held[source] = set()
            elif what == "words":
                index.update(store)
            elif what == "both":
                index.update(store, encoder=encoder)
            elif what == "rebuild":
                index.rebuild(store, encoder=encoder)
            elif what == "reopen":
                index = Index.open(Path(name), store)
        index.update(store, encoder=encoder)
        wanted = sorted(passage for passages in held.values() for passage in passages)
        assert sorted(hit.passage for hit in index.lexical(parse_query("aspirin"), Filters(), 50)) == wanted
        near = index.semantic(encoder.encode(["aspirin"])[0], Filters(), 50)
        assert sorted(hit.passage for hit in near) == wanted
        assert index.check(store) == []
