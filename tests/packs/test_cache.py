"""The compiled library is a cache: it can go, break or be stale at any time and only costs a moment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pack_folder import EXAMPLE, Edit

from vademecum.packs.library import BUNDLED, Library, default_cache, load

PACK = "packs/exampleitis.yaml"


def load_with(folder: Path, cache: Path) -> Library:
    return load(bundled=folder, cache=cache)


def only_file(cache: Path) -> Path:
    (file,) = cache.iterdir()
    return file


def same(one: Library, other: Library) -> bool:
    return (one.packs, one.drugs, one.sources, one.references, one.digest, one.origins, one.replaced) == (
        other.packs, other.drugs, other.sources, other.references, other.digest, other.origins, other.replaced,
    )  # fmt: skip


def test_reading_again_gives_the_same_library_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    first = load_with(folder, tmp_path / "cache")
    written = only_file(tmp_path / "cache")
    before = written.stat().st_mtime_ns, written.read_bytes()
    second = load_with(folder, tmp_path / "cache")
    assert same(first, second)
    assert (written.stat().st_mtime_ns, written.read_bytes()) == before


def test_the_bundled_library_survives_the_cache_unchanged(library: Library, tmp_path: Path) -> None:
    load(cache=tmp_path)
    assert same(load(cache=tmp_path), library)
    assert load(cache=tmp_path).statements == library.statements
    assert library.origins["pack:iim-adult"] == str(BUNDLED / "packs" / "iim-adult.yaml")


def test_a_deleted_cache_is_made_again(folder: Path, tmp_path: Path) -> None:
    first = load_with(folder, tmp_path / "cache")
    only_file(tmp_path / "cache").unlink()
    assert same(load_with(folder, tmp_path / "cache"), first)
    assert only_file(tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"not a cache",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-1],
        lambda raw: bytes(len(raw)),
        lambda raw: b"\x93" + raw[1:],
        lambda raw: raw.replace(b"exampleitis", b"examplEitis", 1)[:-40],
    ],
    ids=["empty", "text", "half", "one byte short", "zeros", "another type", "cut and changed"],
)
def test_a_corrupted_cache_is_ignored_and_replaced(damage, folder: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first = load_with(folder, tmp_path / "cache")
    file = only_file(tmp_path / "cache")
    sound = file.read_bytes()
    file.write_bytes(damage(sound))
    assert same(load_with(folder, tmp_path / "cache"), first)
    assert only_file(tmp_path / "cache").read_bytes() == sound


def test_the_cache_of_another_library_under_this_name_is_ignored(folder: Path, edit: Edit, tmp_path: Path) -> None:
    load_with(folder, tmp_path / "old")
    edit(PACK, "title: Exampleitis in adults", "title: Exampleitis, changed")
    changed = load_with(folder, tmp_path / "new")
    only_file(tmp_path / "new").write_bytes(only_file(tmp_path / "old").read_bytes())
    assert same(load_with(folder, tmp_path / "new"), changed)


def test_a_changed_pack_is_noticed(folder: Path, edit: Edit, tmp_path: Path) -> None:
    before = load_with(folder, tmp_path / "cache")
    edit(PACK, "title: Exampleitis in adults", "title: Exampleitis, changed")
    after = load_with(folder, tmp_path / "cache")
    assert before.packs["exampleitis"].title == "Exampleitis in adults"
    assert after.packs["exampleitis"].title == "Exampleitis, changed"
    assert before.version != after.version


def test_a_change_that_keeps_size_and_time_is_noticed(folder: Path, edit: Edit, tmp_path: Path) -> None:
    load_with(folder, tmp_path / "cache")
    stat = (folder / PACK).stat()
    edit(PACK, "exampleitis, give examplomab 20 mg", "exampleitis, give examplomab 21 mg")
    os.utime(folder / PACK, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert "21 mg" in load_with(folder, tmp_path / "cache").statements["exi-dose"].text


def test_a_new_and_a_removed_file_are_noticed(folder: Path, tmp_path: Path) -> None:
    load_with(folder, tmp_path / "cache")
    (folder / PACK).rename(tmp_path / "kept.yaml")
    (folder / "packs" / "juvenile-exampleitis.yaml").unlink()
    assert list(load_with(folder, tmp_path / "cache").packs) == []
    (tmp_path / "kept.yaml").rename(folder / PACK)


def test_the_same_folder_in_another_place_names_its_own_files(folder: Path, tmp_path: Path) -> None:
    load_with(EXAMPLE, tmp_path / "cache")
    assert load_with(folder, tmp_path / "cache").origins["pack:exampleitis"] == str(folder / PACK)


def test_a_cache_that_cannot_be_written_only_costs_time(folder: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    assert list(load_with(folder, in_the_way).packs) == ["exampleitis", "juvenile-exampleitis"]
    assert in_the_way.read_text(encoding="utf-8") == "not a folder"


def test_no_half_written_file_is_left_behind(folder: Path, tmp_path: Path) -> None:
    load_with(folder, tmp_path / "cache")
    assert [file.suffix for file in (tmp_path / "cache").iterdir()] == [".bin"]


def test_the_cache_lies_where_the_reader_says(own_cache: Path) -> None:
    assert default_cache() == own_cache


def test_without_a_word_the_cache_lies_where_the_platform_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VADEMECUM_CACHE")
    assert "vademecum" in default_cache().parts
    assert default_cache().is_absolute()
