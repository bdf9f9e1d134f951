"""Pages in HTML and XHTML."""

from io import BytesIO

import pytest
from format_samples import hostile, sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import html
from vademecum.literature.records import Record

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Asthma | Site</title>
<meta name="citation_doi" content="10.1000/ABC"><meta name="citation_author" content="Doe J">
<meta property="article:published_time" content="2021-02-03T00:00"><link rel="canonical" href="https://example.org/a">
</head><body><nav><a href="/">Home</a></nav><h1>Asthma</h1><p>Give 50&nbsp;&micro;g if FEV<sub>1</sub> &le; 60&percnt;
and WBC &gt;10<sup>9</sup>/L.</p><h2>Dose</h2><p>One.<br>Two.</p><ul><li>First</li><li>Second<ol><li>Inner</li></ol>
</li></ul>
<h2>Table</h2><table><caption>Doses</caption><tr><th rowspan="2">Age</th><th colspan="2">Drug A</th></tr>
<tr><th>mg</th><th>times</th></tr><tr><td>&lt;5</td><td>1</td><td>2</td></tr></table><p>After.</p></body></html>"""


def read(text: str) -> Record:
    (record,) = html.read(BytesIO(text.encode()))
    return record


def words_of(record: Record) -> str:
    return "\n".join(section.text for section in record.sections)


def test_headings_are_paths_and_signs_are_kept() -> None:
    record = read(PAGE)
    assert [(section.path, section.text) for section in record.sections] == [
        (("Asthma",), "Give 50\u00a0µg if FEV₁ ≤ 60% and WBC >10⁹/L."),
        (("Asthma", "Dose"), "One.\nTwo.\n• First\n• Second\n1. Inner"),
        (("Asthma", "Table", "Doses"), "Age: <5 — Drug A › mg: 1; Drug A › times: 2"),
        (("Asthma", "Table"), "After."),
    ]
    assert record.tables == 1


def test_what_the_page_says_of_itself() -> None:
    record = read(PAGE)
    assert (record.title, record.year, record.language) == ("Asthma", 2021, "eng")
    assert (record.ids.doi, record.authors, record.url) == ("10.1000/abc", ("Doe J",), "https://example.org/a")
    assert record.flags == ()


def test_a_less_sign_that_starts_no_tag_is_kept() -> None:
    assert words_of(read("<p>CD4<350, x<y and p < 0.05, <foo>.</p>")) == "CD4<350, x<y and p < 0.05, <foo>."


@pytest.mark.parametrize(
    "part",
    [
        "<p hidden>CANARY</p>",
        "<p style='display:none'>CANARY</p>",
        "<p style='DISPLAY : NONE !important'>CANARY</p>",
        "<p style='visibility:hidden'>CANARY</p>",
        "<p style='font-size:0'>CANARY</p>",
        "<p style='font-size:1px'>CANARY</p>",
        "<div style='font-size:10%'><p style='font-size:0.5em'>CANARY</p></div>",
        "<p style='color:#fff'>CANARY</p>",
        "<p style='color:rgb(254, 254, 254)'>CANARY</p>",
        "<div style='background:#000'><p style='color:black'>CANARY</p></div>",
        "<font color='white'>CANARY</font>",
        "<p style='color:transparent'>CANARY</p>",
        "<p style='opacity:0'>CANARY</p>",
        "<p style='position:absolute;left:-9999px'>CANARY</p>",
        "<p style='text-indent:-5000px'>CANARY</p>",
        "<p style='clip:rect(0,0,0,0)'>CANARY</p>",
        "<p style='height:0;overflow:hidden'>CANARY</p>",
        "<span aria-hidden='true'>CANARY</span>",
        "<span class='sr-only'>CANARY</span>",
        "<style>.x, p.y {display:none}</style><p class='y'>CANARY</p>",
        "<style>@media screen {#z {color:white}}</style><p id='z'>CANARY</p>",
        "<!-- CANARY with some more words after it -->",
    ],
)
def test_hidden_words_are_taken_out_and_flagged(part: str) -> None:
    record = read(f"<p>Drug A 10 mg.</p>{part}<p>Daily.</p>")
    assert words_of(record) == "Drug A 10 mg.\nDaily."
    assert [flag.code for flag in record.flags] == ["hidden-text"]
    assert "CANARY" in record.flags[0].message


@pytest.mark.parametrize(
    "part",
    [
        "<div style='background-color:#036'><p style='color:white'>Seen</p></div>",
        "<p style='font-size:9px;color:#333'>Seen</p>",
        "<style>@media print {.x {display:none}}</style><p class='x'>Seen</p>",
        "<p style='left:-5px;opacity:0.9'>Seen</p>",
    ],
)
def test_visible_words_stay(part: str) -> None:
    record = read(part)
    assert (words_of(record), record.flags) == ("Seen", ())


def test_the_words_after_a_hidden_part_stay_and_stay_apart() -> None:
    assert words_of(read("<p>1<span hidden>x</span>0 mg</p>")) == "1 0 mg"


def test_a_control_character_is_not_lost_in_silence() -> None:
    record = read("<p>5&#1;10 mg<span hidden>x</span>\x02daily</p>")
    assert words_of(record) == "5\ufffd10 mg \ufffddaily"
    assert {flag.code for flag in record.flags} == {"hidden-text", "control-character"}


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("<script>fetch('https://evil.example')</script>", "script (1)"),
        ("<iframe src='https://evil.example'></iframe>", "iframe (1)"),
        ("<p onclick='x()'>y</p>", "event handler (1)"),
        ("<a href=' java\nscript:x()'>y</a>", "script in a link (1)"),
        ("<meta http-equiv='refresh' content='0;url=https://evil.example'>", "meta refresh (1)"),
        ("<form action='https://evil.example'><input></form>", "form (1)"),
    ],
)
def test_active_content_is_left_out_and_flagged(part: str, kind: str) -> None:
    record = read(f"<p>Drug A 10 mg.</p>{part}")
    assert [flag.code for flag in record.flags] == ["active-content"]
    assert kind in record.flags[0].message
    assert "evil.example" not in words_of(record)


def test_a_table_without_marked_headings_is_flagged() -> None:
    record = read("<table><tr><td>a</td><td>b</td><td>c</td></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>")
    assert [flag.code for flag in record.flags] == ["table-without-headings"]


def test_a_declared_old_encoding_is_read_and_a_false_one_refused() -> None:
    page = "<html><head><meta charset='iso-8859-1'></head><body><p>50 µg – 5%</p></body></html>"
    (record,) = html.read(BytesIO(page.encode("cp1252")))
    assert words_of(record) == "50 µg – 5%"
    with pytest.raises(ImportFileError, match="declares 'iso-8859-1' but is in UTF-8"):
        list(html.read(BytesIO(page.encode())))
    with pytest.raises(ImportFileError, match="declares the encoding 'koi8-r'"):
        list(html.read(BytesIO(page.replace("iso-8859-1", "koi8-r").encode("cp1252"))))
    with pytest.raises(ImportFileError, match=r"^line 1: byte 0xb5 is not UTF-8"):
        list(html.read(BytesIO("<p>50 µg</p>".encode("latin-1"))))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not readable as HTML|no visible words"),
        ("<p hidden>x</p>", "no visible words"),
        ("<div>" * 300 + "deep", "Excessive depth"),
        ("<p>" + "x" * 11_000_000, "not readable as HTML"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(text)


def test_a_hostile_page_gives_only_its_visible_text() -> None:
    with hostile("html_active.html").open("rb") as stream:
        (record,) = html.read(stream)
    assert words_of(record) == "Drug A 10 mg."
    assert {flag.code for flag in record.flags} == {"active-content", "hidden-text"}


@pytest.mark.parametrize("number", ["04-05", "10", "11"])
def test_real_fragments_of_a_guide(number: str) -> None:
    with sample(f"guideline_html/recommendation-{number}.xhtml").open("rb") as stream:
        (record,) = html.read(stream, name=f"recommendation-{number}")
    assert record.title == f"recommendation-{number}"
    assert "opioid" in words_of(record)
    assert [flag.code for flag in record.flags] == ["template"]
