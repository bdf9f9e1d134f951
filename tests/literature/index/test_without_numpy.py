"""Without the "semantic" extra the index works by words, and keeps vectors made elsewhere for later."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from memory_library import MemoryLibrary
from word_encoder import WordEncoder

from vademecum.literature.index import Filters, Index, parse_query

QUESTION = parse_query("aspirin")


def changed() -> MemoryLibrary:
    """The same library in both processes."""
    store = MemoryLibrary()
    store.put(1, "Aspirin", "One.")
    store.put(2, "Aspirin", "Two.")
    store.put(3, "Aspirin", "Three.")
    store.delete(1)
    return store


def update_by_words_only(folder: Path) -> None:
    """What the process without numpy does."""
    store = changed()
    index = Index.open(folder, store)
    index.update(store)
    print(index.encoder, sorted(hit.source for hit in index.lexical(QUESTION, Filters(), 10)))


def test_words_are_searched_and_vectors_are_kept(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    store.put(1, "Aspirin", "One.")
    store.put(2, "Aspirin", "Two.")
    Index.open(tmp_path, store).update(store, encoder=encoder)
    script = (
        "import sys; sys.modules['numpy'] = None; sys.modules['word_encoder'] = type(sys)('word_encoder');"
        "sys.modules['word_encoder'].WordEncoder = None; from pathlib import Path; import test_without_numpy;"
        f"test_without_numpy.update_by_words_only(Path({str(tmp_path)!r}))"
    )
    paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    child = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert (child.stderr, child.stdout) == ("", "None [2, 3]\n")
    now = changed()
    index = Index.open(tmp_path, now)
    assert index.status(now).vectors_behind == 2
    index.update(now, encoder=encoder)
    near = index.semantic(encoder.encode(["Aspirin"])[0], Filters(), 10)
    assert {hit.source for hit in near} == {2, 3}
