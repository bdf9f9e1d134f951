"""Bytes become text strictly, or the file is refused with its line."""

from io import BytesIO

import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.formats import stream


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_declared_unicode_encoding_is_read_without_its_mark(encoding: str) -> None:
    assert stream.text(BytesIO("50 µg\r\n≤ 5".encode(encoding))) == "50 µg\n≤ 5"


def test_a_latin_1_byte_is_refused_with_its_line() -> None:
    with pytest.raises(ImportFileError, match=r"^line 2: byte 0xb5 is not UTF-8"):
        stream.text(BytesIO("one\n50 µg".encode("latin-1")))


def test_a_cut_multibyte_character_is_refused() -> None:
    with pytest.raises(ImportFileError, match=r"^line 1: byte 0xc2"):
        stream.text(BytesIO("50 µ".encode()[:-1]))


def test_nul_is_refused_with_its_line() -> None:
    with pytest.raises(ImportFileError, match=r"^line 3: holds a NUL"):
        list(stream.lines(BytesIO(b"a\nb\nc\0\n")))


def test_lines_are_numbered_across_pieces_and_limited() -> None:
    many = b"".join(b"%d\n" % n for n in range(100_000))
    assert [line for number, line in stream.lines(BytesIO(many)) if number == 90_000] == ["89999"]
    with pytest.raises(ImportFileError, match=r"^line 2: longer than 10 characters$"):
        list(stream.lines(BytesIO(b"short\n" + b"x" * 11), limit=10))


def test_a_text_over_the_limit_is_refused() -> None:
    with pytest.raises(ImportFileError, match="longer than 10 characters; split the file"):
        stream.text(BytesIO(b"x" * 11), limit=10)
