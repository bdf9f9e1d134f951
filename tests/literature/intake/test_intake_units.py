"""What is found in the files, folders and archives a person names, and what is refused before anything is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.intake.limits import Limits
from vademecum.literature.intake.units import Skipped, Unit, walk

XML = b"<?xml version='1.0'?><PubmedArticleSet><!-- %d --></PubmedArticleSet>"
BIG = XML % 1 + b"<!-- " + os.urandom(150_000).hex().encode() + b" -->"
HUGE = XML % 1 + os.urandom(1_000_000).hex().encode() * 3  # too large to be kept in memory


def units(*inputs: Path | str, **options: object) -> list[Unit]:
    found = list(walk(inputs, **options))  # type: ignore[arg-type]
    assert all(isinstance(entry, Unit) for entry in found), found
    return [entry for entry in found if isinstance(entry, Unit)]


def left(*inputs: Path | str, **options: object) -> list[Skipped]:
    found = list(walk(inputs, **options))  # type: ignore[arg-type]
    assert all(isinstance(entry, Skipped) for entry in found), found
    return [entry for entry in found if isinstance(entry, Skipped)]


def text(unit: Unit) -> bytes:
    with unit.open() as stream:
        return stream.read()


def zipped(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def tarred(path: Path, *members: tuple[tarfile.TarInfo | str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in members:
            entry = tarfile.TarInfo(name) if isinstance(name, str) else name
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def test_a_folder_is_walked_in_order_and_what_is_no_evidence_is_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name, data in {
        "c.xml": XML % 3,
        "b/x.xml": XML % 2,
        "a.xml": XML % 1,
        ".DS_Store": b"\0",
        "queries.jsonl": b'{"_id": "1", "text": "why"}',
        "README.md": b"# About",
        "table.tsv": b"a\tb",
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "link.xml").symlink_to("/etc/hostname")
    found = list(walk([tmp_path]))
    taken = [entry.name for entry in found if isinstance(entry, Unit)]
    skipped = {Path(entry.name).name: entry.reason for entry in found if isinstance(entry, Skipped)}
    assert taken == [f"{tmp_path}/a.xml", f"{tmp_path}/b/x.xml", f"{tmp_path}/c.xml"]
    assert list(skipped) == [".DS_Store", "README.md", "link.xml", "queries.jsonl", "table.tsv"]
    assert skipped[".DS_Store"] == "a hidden file"
    assert skipped["link.xml"] == "a link; name the file itself to import it"
    assert "not evidence" in skipped["queries.jsonl"]
    assert not any(entry.refused for entry in found if isinstance(entry, Skipped))


def test_a_file_that_was_named_and_cannot_be_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x80\x81\0")
    assert left(tmp_path / "x.bin")[0].refused
    (missing,) = left(tmp_path / "none.xml")
    assert (missing.reason, missing.refused) == ("cannot be read: No such file or directory", True)
    os.mkfifo(tmp_path / "pipe")
    assert left(tmp_path / "pipe")[0].reason == "neither a file nor a folder"


def test_a_named_format_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"Dose 5 mg")
    assert units(tmp_path / "x", format_name="plain")[0].format.name == "plain"
    with pytest.raises(ImportFileError, match="unknown format 'word'"):
        list(walk([tmp_path], format_name="word"))


@pytest.mark.parametrize(("pack", "suffix"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")])
@pytest.mark.parametrize("data", [XML % 7, BIG])
def test_a_packed_file_gives_its_text(pack: Callable[[bytes], bytes], suffix: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"x.xml.{suffix}"
    path.write_bytes(pack(data[:20]) + pack(data[20:]) + bytes(512 if suffix == "gz" else 0))
    (unit,) = units(path)
    assert text(unit) == data
    assert unit.file == "x.xml"
    assert unit.size == path.stat().st_size


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz"])
@pytest.mark.parametrize("cut", [1, 5, 9])
def test_a_cut_or_damaged_packed_file_says_so(suffix: str, cut: int, tmp_path: Path) -> None:
    whole = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[suffix](BIG)
    path = tmp_path / f"x.xml.{suffix}"
    for data in (
        whole[:-cut],
        whole[: len(whole) // cut - 50],
        whole[: -99 * cut] + bytes([whole[-99 * cut] ^ 1]) + whole[1 - 99 * cut :],
    ):
        path.write_bytes(data)
        if isinstance(found := next(iter(walk([path], format_name="medline"))), Unit):
            with pytest.raises(ImportFileError, match="fetch the file again"):
                text(found)
        else:
            assert "fetch the file again" in found.reason


def test_rubbish_after_packed_data_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.xml.gz"
    path.write_bytes(gzip.compress(BIG) + b"rubbish")
    with pytest.raises(ImportFileError, match="gzip data are broken"):
        text(units(path)[0])


def test_a_gzip_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "x.xml.gz"
    path.write_bytes(gzip.compress(XML % 1 + bytes(20_000_000)))
    with pytest.raises(ImportFileError, match="more than 100 times its size"):
        text(units(path)[0])
    path.write_bytes(gzip.compress(BIG))
    with pytest.raises(ImportFileError, match="more than 200,000 bytes"):
        text(units(path, limits=Limits(unpacked=200_000))[0])


@pytest.mark.parametrize(
    ("mode", "layout"),
    [
        ("w", tarfile.USTAR_FORMAT),
        ("w", tarfile.GNU_FORMAT),
        ("w:gz", tarfile.PAX_FORMAT),
        ("w:bz2", tarfile.GNU_FORMAT),
        ("w:xz", tarfile.PAX_FORMAT),
    ],
)
def test_members_of_a_tar_archive_can_be_read_in_any_order_later(mode: str, layout: int, tmp_path: Path) -> None:
    long = "/".join(["folder" * 6] * 3) + ("/µ.xml" if layout != tarfile.USTAR_FORMAT else "/m.xml")
    huge = HUGE if mode == "w" else BIG
    path = tmp_path / "x.bin"
    with tarfile.open(path, mode, format=layout) as archive:  # type: ignore[call-overload]
        for name, data in (
            ("./d/a.xml", XML % 1),
            ("big.xml", huge),
            (long, XML % 3),
            ("z.xml.gz", gzip.compress(XML % 4)),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    found = units(path)
    assert [unit.name.removeprefix(f"{path}!/") for unit in found] == ["d/a.xml", "big.xml", long, "z.xml.gz"]
    assert [text(unit) for unit in reversed(found)] == [XML % 4, XML % 3, huge, XML % 1]
    assert text(found[1]) == huge


def test_members_of_a_zip_archive_can_be_read_in_any_order_later(tmp_path: Path) -> None:
    members = (("d/", b""), ("d/b.xml", XML % 2), ("a.xml", BIG), (".hidden.xml", XML % 9), ("note.doc", b"\0"))
    path = zipped(tmp_path / "x.zip", *members)
    found = list(walk([path]))
    taken = [entry for entry in found if isinstance(entry, Unit)]
    assert [unit.name for unit in taken] == [f"{path}!/a.xml", f"{path}!/d/b.xml"]
    assert [unit.file for unit in taken] == ["a.xml", "b.xml"]
    assert [text(unit) for unit in reversed(taken)] == [XML % 2, BIG]
    assert [entry.refused for entry in found if isinstance(entry, Skipped)] == [False, False]


UNSAFE = ["../x.xml", "/x.xml", "a/../../x.xml", "a\\x.xml", "C:/x.xml", "a\nb.xml"]


@pytest.mark.parametrize("name", UNSAFE)
def test_a_path_that_leaves_the_archive_refuses_all_of_it(name: str, tmp_path: Path) -> None:
    good = ("a.xml", XML % 1)
    for path in (
        zipped(tmp_path / "x.zip", good, (name, b"")),
        tarred(tmp_path / "x.tgz", good, (name, b""), mode="w:gz"),
    ):
        (refused,) = left(path)
        assert refused.refused
        assert refused.name == str(path)
        assert refused.reason.endswith("refused")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_refuse_a_tar_archive(kind: bytes, tmp_path: Path) -> None:
    entry = tarfile.TarInfo("x.xml")
    entry.type, entry.linkname = kind, "a.xml"
    (refused,) = left(tarred(tmp_path / "x.tar", ("a.xml", XML % 1), (entry, b"")))
    assert "is a link, a device or sparse" in refused.reason


def test_names_that_come_twice_refuse_an_archive(tmp_path: Path) -> None:
    for path in (
        tarred(tmp_path / "x.tar", ("a.xml", XML % 1), ("./a.xml", XML % 2)),
        zipped(tmp_path / "x.zip", ("a.xml", XML % 1), ("a.//a.xml", b""), ("a./a.xml", b"")),
    ):
        assert "two members with the name" in left(path)[0].reason


def test_many_small_entries_are_a_flood_and_many_ordinary_ones_are_not(tmp_path: Path) -> None:
    empty = [(f"{n}.xml", b"") for n in range(3_000)]
    for path in (zipped(tmp_path / "x.zip", *empty), tarred(tmp_path / "x.tgz", *empty, mode="w:gz")):
        assert "entries for its size" in left(path)[0].reason
    found = list(walk([tarred(tmp_path / "y.tar", *((f"{n}.xml", XML % n) for n in range(2_500)))]))
    assert len(found) == 2_500


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", ("a.xml", bytes(30_000_000)), ("b.xml", os.urandom(400_000)))
    assert "unpacks to over 100 times its size" in left(path)[0].reason


def test_a_tar_header_that_claims_a_huge_name_is_not_read(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("././@LongLink")
    entry.type = tarfile.GNUTYPE_LONGNAME
    (refused,) = left(tarred(tmp_path / "x.tar", (entry, b"a" * 200_000)))
    assert "takes 200,000 bytes" in refused.reason


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_cut_archive_gives_nothing(mode: str, tmp_path: Path) -> None:
    whole = tarred(tmp_path / "x.tar", ("a.xml", XML % 1), ("b.xml", BIG), mode=mode).read_bytes()
    for size in (len(whole) // 2, len(whole) - 11_000):
        (tmp_path / "y.tar").write_bytes(whole[:size])
        assert "fetch the file again" in left(tmp_path / "y.tar")[0].reason
    data = zipped(tmp_path / "x.zip", ("a.xml", BIG)).read_bytes()
    (tmp_path / "y.zip").write_bytes(data[: len(data) // 2])
    assert "fetch the file again" in left(tmp_path / "y.zip")[0].reason


def test_an_archive_inside_an_archive_is_left_closed(tmp_path: Path) -> None:
    inner = tarred(tmp_path / "inner.tgz", ("a.xml", XML % 1), mode="w:gz").read_bytes()
    (skipped,) = left(zipped(tmp_path / "x.zip", ("inner.tgz", inner)))
    assert (skipped.name, skipped.refused) == (f"{tmp_path}/x.zip!/inner.tgz", False)
    assert "unpack it first" in skipped.reason
    (tmp_path / "x.gz").write_bytes(gzip.compress((tmp_path / "x.zip").read_bytes()))
    assert "zip inside gzip is not opened" in left(tmp_path / "x.gz")[0].reason


def test_standard_input_may_be_anything_a_file_may_be(tmp_path: Path) -> None:
    data = zipped(tmp_path / "x.zip", ("a.xml", BIG)).read_bytes()
    assert [unit.name for unit in units("-", standard_input=io.BytesIO(data))] == ["-!/a.xml"]
    (unit,) = units("-", standard_input=io.BytesIO(gzip.compress(BIG)))
    assert (unit.name, text(unit)) == ("-", BIG)
    assert text(units("-", standard_input=io.BytesIO(HUGE))[0]) == HUGE
    (refused,) = left("-", standard_input=io.BytesIO(HUGE), limits=Limits(spooled=5_000_000))
    assert refused == Skipped("-", "more than 5,000,000 bytes; split it into files", refused=True)


def test_the_fingerprint_follows_the_bytes_and_not_the_name_or_time(tmp_path: Path) -> None:
    for name, data in (("a.xml", XML % 1), ("b.xml", XML % 1), ("c.xml", XML % 2)):
        (tmp_path / name).write_bytes(data)
    os.utime(tmp_path / "b.xml", (1, 1))
    first, second, third = (unit.fingerprint for unit in units(tmp_path))
    assert first == second != third
    assert first.startswith("sha256:")
    assert units(zipped(tmp_path / "x.zip", ("q.xml", XML % 1)))[0].fingerprint == first


def test_a_name_that_is_not_unicode_can_still_be_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.xml")).write_bytes(XML % 1)
    (unit,) = units(tmp_path)
    assert unit.name.endswith("/�.xml")
    assert text(unit) == XML % 1
