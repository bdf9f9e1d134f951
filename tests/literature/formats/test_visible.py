"""Invisible characters go, and the record says so."""

import unicodedata
from io import BytesIO

import pytest

from vademecum.literature.formats import medline
from vademecum.literature.formats.visible import tidy, visible
from vademecum.literature.records import Record, RecordKind, Section


@pytest.mark.parametrize(
    ("text", "seen", "codes"),
    [
        ("10 mg", "10 mg", set()),
        ("1\u200b0 mg", "10 mg", {"invisible-characters"}),
        ("dose \u202e01\u202c mg", "dose 01 mg", {"direction-override"}),
        ("safe" + "".join(chr(0xE0000 + ord(c)) for c in "obey"), "safe", {"invisible-characters"}),
        ("hyphen\u00adation", "hyphenation", set()),
        ("5\x9610 mg", "5\ufffd10 mg", {"control-character"}),
        ("lost \ufffd sign", "lost \ufffd sign", {"control-character"}),
        ("می\u200cخواهم", "می\u200cخواهم", set()),
        ("10⁹/L ≤ 5 µg\u2009·\u00a0kg", "10⁹/L ≤ 5 µg\u2009·\u00a0kg", set()),
    ],
)
def test_what_a_person_sees_is_what_is_kept(text: str, seen: str, codes: set[str]) -> None:
    cleaned, counts = visible(text)
    assert (cleaned, set(counts)) == (seen, codes)


def test_a_record_is_cleaned_in_every_place_words_stand() -> None:
    record = tidy(
        Record(
            kind=RecordKind.DOCUMENT,
            title="A\u200b",
            sections=(Section(text="B\u200b", path=("C\u200b",)),),
            keywords=("D\u200b",),
            url="javascript:alert(1)",
        )
    )
    assert (record.title, record.sections, record.keywords) == ("A", (Section(text="B", path=("C",)),), ("D",))
    assert [flag.code for flag in record.flags] == ["invisible-characters"]
    assert record.flags[0].message.startswith("4 invisible characters")
    assert record.url is None


def test_only_characters_without_a_picture_of_their_own_are_ever_changed() -> None:
    for code in (*range(0x20000), *range(0xE0000, 0xE1000)):
        letter = f"a{chr(code)}é"
        cleaned, counts = visible(letter)
        assert (cleaned == letter and not counts) or not is_ordinary(chr(code)), hex(code)
        assert visible(cleaned)[0] == cleaned


def is_ordinary(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Mn", "Lo", "So", "Cn"} or character in "\t\n\r\f\v"


def test_the_xml_readers_take_invisible_characters_out_too() -> None:
    citation = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>Dose</ArticleTitle>"
        "<Abstract><AbstractText>Give 1\u200b0 mg.</AbstractText></Abstract></Article></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>"
    )
    (record,) = medline.read(BytesIO(citation.encode()))
    assert isinstance(record, Record)
    assert record.sections[0].text == "Give 10 mg."
    assert [flag.code for flag in record.flags] == ["invisible-characters"]
