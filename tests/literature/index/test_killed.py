"""A writer killed at any point leaves a whole index, and the next one goes on from it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from memory_library import MemoryLibrary
from word_encoder import WordEncoder

from vademecum.literature.index import Filters, Index, build, parse_query

SOURCES = 3_000
KILLS = 12


def filled() -> MemoryLibrary:
    """The same library in every process."""
    store = MemoryLibrary()
    for number in range(1, SOURCES + 1):
        store.put(number, f"Trial {number} of aspirin", f"Aspirin arm number{number} did well.")
    return store


def write(folder: Path) -> None:
    """What the killed process does: publish often, then build anew, for ever."""
    build.PUBLISH_PASSAGES = 500
    store, encoder = filled(), WordEncoder()
    index = Index.open(folder, store, encoder=encoder)
    while True:
        print("update", flush=True)
        index.update(store, encoder=encoder)
        print("rebuild", flush=True)
        index.rebuild(store, encoder=encoder)


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_that_was_published(tmp_path: Path) -> None:
    store, encoder = filled(), WordEncoder()
    choose = random.Random(7)
    reached = 0
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    for kill in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, __file__, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "update\n"
        time.sleep(choose.uniform(0, 0.25) * (1 + kill))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        start = time.monotonic()
        reader = Index.open(tmp_path, store, encoder=encoder)
        assert time.monotonic() - start < 10
        assert reader.passages >= reached
        reached = reader.passages
        assert reader.check(store) == []
        hits = reader.lexical(parse_query("aspirin"), Filters(), SOURCES + 1)
        assert len({hit.passage for hit in hits}) == len(hits) == reached
    index = Index.open(tmp_path, store, encoder=encoder)
    index.update(store, encoder=encoder)
    status = index.status(store)
    assert (status.passages, status.vectors, status.behind, status.vectors_behind) == (SOURCES, SOURCES, 0, 0)
    near = index.semantic(encoder.encode(["aspirin"])[0], Filters(), 500)
    assert len({hit.passage for hit in near}) == len(near) == 500


if __name__ == "__main__":
    write(Path(sys.argv[1]))
