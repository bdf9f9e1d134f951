"""The index follows its store, shows whole generations, and says when it cannot be trusted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from memory_library import MemoryLibrary
from word_encoder import WordEncoder

from vademecum.errors import IndexBusyError, IndexDamagedError, IndexWriteError
from vademecum.evidence.model import SourceState
from vademecum.literature.index import Filters, Index, Progress, parse_query
from vademecum.literature.index.files import only_writer

ANY = Filters()


def found(index: Index, question: str, filters: Filters = ANY) -> list[int]:
    return sorted(hit.passage for hit in index.lexical(parse_query(question), filters, 50))


def filled(folder: Path, store: MemoryLibrary, encoder: WordEncoder) -> Index:
    for number in range(1, 31):
        store.put(number, f"Trial {number} of aspirin", f"Aspirin arm number{number} did well.")
    index = Index.open(folder, store)
    index.update(store, encoder=encoder)
    return index


def test_an_index_not_built_yet_is_empty(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    index = Index.open(tmp_path / "index", store)
    assert (index.generation, index.passages, index.encoder) == (0, 0, None)
    assert found(index, "aspirin") == []
    assert index.semantic(encoder.encode(["aspirin"])[0], Filters(), 5) == []
    assert index.update(store) == 0


def test_changes_are_followed(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    index = filled(tmp_path, store, encoder)
    assert index.passages == 30
    store.put(7, "Trial 7 of warfarin", "Warfarin arm.")
    store.delete(8)
    new = store.put(31, "Clopidogrel", "One.", "Two.")
    assert index.update(store, encoder=encoder) == 3
    assert len(found(index, "aspirin")) == 28
    assert len(found(index, "warfarin")) == 1
    assert found(index, "clopidogrel") == new
    status = index.status(store)
    assert (status.passages, status.vectors, status.behind, status.vectors_behind) == (31, 31, 0, 0)
    assert index.check(store) == []


def test_nothing_new_publishes_nothing(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    index = filled(tmp_path, store, encoder)
    generation = index.generation
    assert index.update(store, encoder=encoder) == 0
    assert index.generation == generation


def test_a_retraction_is_seen_by_filters_and_encodes_nothing(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder
) -> None:
    index = filled(tmp_path, store, encoder)
    encoded = len(encoder.encoded)
    store.put(3, "Trial 3 of aspirin", "Aspirin arm number3 did well.", state=SourceState.RETRACTED)
    index.update(store, encoder=encoder)
    assert len(encoder.encoded) == encoded
    current = Filters(states=(SourceState.CURRENT,))
    assert len(found(index, "aspirin", current)) == 29
    vector = encoder.encode(["Trial 3 of aspirin"])[0]
    assert 3 not in {hit.source for hit in index.semantic(vector, current, 50)}
    assert 3 in {hit.source for hit in index.semantic(vector, Filters(), 50)}


def test_a_changed_source_is_not_found_by_old_vectors_while_new_ones_wait(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder
) -> None:
    index = filled(tmp_path, store, encoder)
    store.delete(3)
    index.update(store)
    vector = encoder.encode(["Trial 3 of aspirin"])[0]
    assert 3 not in {hit.source for hit in index.semantic(vector, Filters(), 50)}
    assert index.status(store).vectors_behind == 1


def test_a_reader_keeps_its_generation_until_it_looks_again(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder
) -> None:
    filled(tmp_path, store, encoder)
    reader = Index.open(tmp_path, store)
    writer = Index.open(tmp_path, store)
    for number in range(100, 110):
        store.put(number, "More aspirin", "More.")
        writer.update(store, encoder=encoder)
    assert len(found(reader, "aspirin")) == 30
    assert len(reader.semantic(encoder.encode(["aspirin"])[0], Filters(), 100)) == 30
    assert reader.refresh(store)
    assert len(found(reader, "aspirin")) == 40
    assert not reader.refresh(store)


def test_rebuilding_gives_the_same_answers_and_encodes_nothing_again(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder
) -> None:
    index = filled(tmp_path, store, encoder)
    store.delete(4)
    index.update(store, encoder=encoder)
    vector = encoder.encode(["arm number9"])[0]
    query = parse_query("aspirin number9")
    before = (index.lexical(query, Filters(), 50)[0], index.semantic(vector, Filters(), 50))
    encoded = len(encoder.encoded)
    index.rebuild(store, encoder=encoder)
    assert len(encoder.encoded) == encoded
    after = (index.lexical(query, Filters(), 50)[0], index.semantic(vector, Filters(), 50))
    assert (after[0].passage, after[1]) == (before[0].passage, before[1])
    assert len(found(index, "aspirin")) == 29


def test_only_one_process_writes(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    index = filled(tmp_path, store, encoder)
    store.put(50, "New", "New.")
    with only_writer(tmp_path), pytest.raises(IndexBusyError, match="another process is writing"):
        index.update(store)
    assert len(found(index, "aspirin")) == 30
    assert index.update(store) == 1


def test_progress_is_told(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    store.put(1, "One", "Text.")
    told: list[Progress] = []
    Index.open(tmp_path, store).update(store, encoder=encoder, progress=told.append)
    assert told == [Progress("words", 1, 1, 1), Progress("vectors", 1, 1, 1)]


def test_changes_that_come_while_vectors_are_made_are_not_lost(tmp_path: Path, store: MemoryLibrary) -> None:
    class BusyEncoder(WordEncoder):
        """An import goes on while this one works."""

        def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
            if store.head() < 10:
                store.put(1, "Aspirin", f"Version {store.head()}.")
                store.put(store.head() + 100, "Aspirin", "Another.")
            return super().encode(texts)

    encoder = BusyEncoder()
    store.put(1, "Aspirin", "First.")
    index = Index.open(tmp_path, store)
    while index.update(store, encoder=encoder):
        pass
    by_words = set(found(index, "aspirin"))
    near = index.semantic(encoder.encode(["Aspirin"])[0], Filters(), 50)
    assert {hit.passage for hit in near} == by_words
    assert len(near) == len(by_words) > 3


# --- what must be refused


@pytest.mark.parametrize(
    ("store_now", "message"),
    [
        (MemoryLibrary("library-b"), "belongs to another library"),
        (MemoryLibrary("library-a"), "restored from an older copy"),
    ],
)
def test_an_index_of_another_library_is_refused(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder, store_now: MemoryLibrary, message: str
) -> None:
    filled(tmp_path, store, encoder)
    with pytest.raises(IndexDamagedError, match=f"{message}.*run: vade reindex"):
        Index.open(tmp_path, store_now)
    assert Index.open(tmp_path, store_now, rebuild=True).passages == 0


def test_vectors_of_another_encoder_are_refused(tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder) -> None:
    filled(tmp_path, store, encoder)
    other = WordEncoder("encoder-b")
    with pytest.raises(IndexDamagedError, match="vectors of another encoder"):
        Index.open(tmp_path, store, encoder=other)
    index = Index.open(tmp_path, store, encoder=other, rebuild=True)
    assert index.encoder == "encoder-b"
    assert len(other.encoded) == 30


def test_an_index_of_another_version_is_refused(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path, store, encoder)
    monkeypatch.setattr("vademecum.literature.index.manifest.ANALYSER", "next")
    with pytest.raises(IndexDamagedError, match="another version"):
        Index.open(tmp_path, store)


def published_files(folder: Path) -> list[Path]:
    newest = max(folder.glob("generation-*"))
    files = [path for path in newest.iterdir() if not path.name.startswith(".")]
    return sorted([*files, *folder.glob("vectors-*/*"), folder / "manifest.json"])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("hurt", [flip, cut, Path.unlink], ids=["a flipped bit", "a lost byte", "a missing file"])
def test_damage_to_any_file_is_found_on_load_and_mended(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder, hurt: Callable[[Path], None]
) -> None:
    whole = tmp_path / "whole"
    filled(whole, store, encoder)
    files = [path for path in published_files(whole) if path.stat().st_size]
    assert len(files) > 15
    for number, path in enumerate(files):
        copy = tmp_path / str(number)
        shutil.copytree(whole, copy)
        hurt(copy / path.relative_to(whole))
        with pytest.raises(IndexDamagedError, match="run: vade reindex"):
            Index.open(copy, store)
    mended = Index.open(copy, store, encoder=encoder, rebuild=True)
    assert len(found(mended, "aspirin")) == 30
    assert mended.check(store) == []


def test_a_flip_that_left_no_trace_in_times_is_found_by_a_full_check(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder
) -> None:
    index = filled(tmp_path, store, encoder)
    victim = next(path for path in published_files(tmp_path) if path.suffix == ".idx")
    times = victim.stat()
    flip(victim)
    os.utime(victim, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert index.check(store) == [f"{tmp_path}: {victim.name} is not what was written (checksum); run: vade reindex"]


def test_what_a_killed_writer_left_behind_does_not_count(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder
) -> None:
    index = filled(tmp_path, store, encoder)
    for path in tmp_path.glob("vectors-*/*"):
        with path.open("ab") as stream:
            stream.write(b"half a row")
    shutil.copytree(max(tmp_path.glob("generation-*")), tmp_path / "generation-00000099")
    (tmp_path / "work").mkdir(exist_ok=True)
    (tmp_path / "work" / "meta.json").write_text("{")
    (tmp_path / "manifest.json.new").write_text("half a manif")
    assert len(found(Index.open(tmp_path, store), "aspirin")) == 30
    store.put(60, "Late aspirin", "Late.")
    index.update(store, encoder=encoder)
    assert len(found(index, "aspirin")) == 31
    assert index.check(store) == []


def test_a_full_disk_refuses_the_write_and_searching_goes_on(
    tmp_path: Path, store: MemoryLibrary, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = filled(tmp_path, store, encoder)
    store.put(70, "Late aspirin", "Late.")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("vademecum.literature.index.lexical_writer.sync_folder", full)
        with pytest.raises(IndexWriteError, match="No space left on device"):
            index.update(store, encoder=encoder)
    assert len(found(Index.open(tmp_path, store), "aspirin")) == 30
    assert index.update(store, encoder=encoder) == 1
    assert len(found(index, "aspirin")) == 31
