"""PDF: what is seen on the page is read, and nothing else."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from format_samples import hostile, sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import pdf
from vademecum.literature.records import Record

SEEN = "BT /F1 12 Tf 72 700 Td (Drug A 10 mg daily.) Tj ET\n"


def document(
    *contents: str, catalog: str = "", page: str = "", resources: str = "", more: tuple[str, ...] = ()
) -> bytes:
    """A PDF with one page for each content stream. Objects 1 to 3 are catalog, page tree and font; `more` follow."""
    first = 4 + len(more)
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(contents)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *more,
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {first + 2 * number + 1} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>{resources}>>{page}>>"
        )
        objects.append(f"<</Length {len(content.encode('latin-1'))}>>stream\n{content}\nendstream")
    body, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
    return body + f"{head}trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF".encode()


def read(data: bytes) -> Record:
    (record,) = pdf.read(BytesIO(data), "name")
    return record


def words_of(record: Record) -> str:
    return "\n".join(section.text for section in record.sections)


def codes(record: Record) -> set[str]:
    return {flag.code for flag in record.flags}


def test_a_plain_page_is_read_and_never_trusted_for_a_dose() -> None:
    record = read(document(SEEN))
    assert [(section.path, section.text) for section in record.sections] == [(("page 1",), "Drug A 10 mg daily.")]
    assert (record.title, codes(record)) == ("name", {"pdf-text"})


@pytest.mark.parametrize(
    ("hidden", "reason"),
    [
        ("1 1 1 rg BT /F1 12 Tf 72 600 Td (CANARY) Tj ET", "colour of the page"),
        ("1 g BT /F1 12 Tf 72 600 Td (CANARY) Tj ET", "colour of the page"),
        ("0 0 0 0 k BT /F1 12 Tf 72 600 Td (CANARY) Tj ET", "colour of the page"),
        ("/DeviceGray cs 1 sc BT /F1 12 Tf 72 600 Td (CANARY) Tj ET", "colour of the page"),
        ("q 0 0 10 10 re W n BT /F1 12 Tf 72 600 Td (CANARY) Tj ET Q", "clipped away"),
        ("0 g 60 590 200 30 re f BT /F1 12 Tf 72 600 Td (CANARY) Tj ET", "colour of the page"),
        ("BT /F1 0.1 Tf 72 600 Td (CANARY) Tj ET", "tiny"),
        ("BT /F1 12 Tf 0.05 0 0 0.05 72 600 Tm (CANARY) Tj ET", "tiny"),
        ("BT /F1 12 Tf -5000 -5000 Td (CANARY) Tj ET", "beside the page"),
        ("q 1 0 0 1 3000 0 cm BT /F1 12 Tf 72 600 Td (CANARY) Tj ET Q", "beside the page"),
        ("BT 3 Tr /F1 12 Tf 72 600 Td (CANARY) Tj ET", "drawn invisibly"),
        ("BT /F1 12 Tf 72 600 Td (CANARY) Tj ET 0.9 g 60 590 200 30 re f", "covered"),
        ("/G1 gs BT /F1 12 Tf 72 600 Td (CANARY) Tj ET", "drawn invisibly"),
        ("/OC /L1 BDC BT /F1 12 Tf 72 600 Td (CANARY) Tj ET EMC", "layer that is off"),
        ("/X1 Do", "colour of the page"),
    ],
)
def test_words_that_are_not_seen_are_taken_out_and_flagged(hidden: str, reason: str) -> None:
    form = "BT /F1 12 Tf 72 600 Td 1 g (CANARY) Tj ET"
    more = (
        "<</Type/OCG/Name(layer)>>",
        f"<</Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Length {len(form)}>>stream\n"
        f"{form}\nendstream",
    )
    record = read(
        document(
            SEEN + hidden,
            catalog="/OCProperties<</OCGs[4 0 R]/D<</OFF[4 0 R]>>>>",
            resources="/ExtGState<</G1<</ca 0>>>>/Properties<</L1 4 0 R>>/XObject<</X1 5 0 R>>",
            more=more,
        )
    )
    assert words_of(record) == "Drug A 10 mg daily."
    assert reason in next(flag.message for flag in record.flags if flag.code == "hidden-text")


def test_hidden_words_go_from_the_middle_of_a_seen_line() -> None:
    record = read(document("BT /F1 12 Tf 72 700 Td (Give 10 mg ) Tj 1 g (CANARY ) Tj 0 g (daily.) Tj ET"))
    assert words_of(record) == "Give 10 mg daily."


@pytest.mark.parametrize(
    "seen",
    [
        "0 0 0.5 rg 60 690 300 30 re f 1 g BT /F1 12 Tf 72 700 Td (White on blue) Tj ET",
        "q 60 690 300 30 re W n BT /F1 12 Tf 72 700 Td (White on blue) Tj ET Q",
        "0.4 g BT /F1 5 Tf 72 700 Td (White on blue) Tj ET",
        "0.9 g 60 690 300 30 re f 0 g BT /F1 12 Tf 72 700 Td (White on blue) Tj ET 60 690 300 0.5 re f",
    ],
)
def test_words_that_are_seen_stay(seen: str) -> None:
    record = read(document(seen))
    assert (words_of(record), codes(record)) == ("White on blue", {"pdf-text"})


@pytest.mark.parametrize(
    "power",
    [
        "BT /F1 12 Tf 72 700 Td (10) Tj /F1 7 Tf 13.4 5 Td (9) Tj /F1 12 Tf 4 -5 Td (/L) Tj ET",
        "BT /F1 1 Tf 12 0 0 12 72 700 Tm (10) Tj 7 0 0 7 85.4 705 Tm (9) Tj 12 0 0 12 89.4 700 Tm (/L) Tj ET",
        "BT /F1 12 Tf 72 700 Td (10) Tj 5 Ts (9) Tj 0 Ts (/L) Tj ET",
    ],
)
def test_a_raised_figure_stays_raised(power: str) -> None:
    assert words_of(read(document(power))) == "10⁹/L"


def lines(*rows: str, first: int = 700, size: int = 12) -> str:
    return "".join(f"BT /F1 {size} Tf 72 {first - 14 * n} Td ({row}) Tj ET\n" for n, row in enumerate(rows))


def test_lines_are_joined_and_a_hyphen_goes_only_if_the_word_is_known_whole() -> None:
    record = read(document(lines("The recom-", "mendation is low-", "dose use. A recommendation.")))
    assert words_of(record) == "The recommendation is low-dose use. A recommendation."


def test_larger_letters_are_headings_and_the_title() -> None:
    record = read(document(lines("Asthma", first=740, size=20) + lines(*["Some words of the body, then more."] * 8)))
    assert record.title == "Asthma"
    assert {section.path for section in record.sections} == {("Asthma", "page 1")}


def test_a_bold_sentence_is_no_heading_but_a_bold_line_is() -> None:
    def bold(text: str, y: int) -> str:
        return f"BT /F2 12 Tf 72 {y} Td ({text}) Tj ET\n"

    page = (
        bold("Dosing", 740)
        + lines(*["Some words of the body, then more."] * 12)
        + bold("Clinicians should not give this to those with", 500)
        + bold("renal failure.", 486)
    )
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>"
    record = read(document(page).replace(b"/F1 3 0 R", f"/F1 3 0 R/F2{font}".encode()))
    assert {section.path for section in record.sections} == {("Dosing", "page 1")}
    assert "Clinicians should not give this to those with renal failure." in words_of(record)


def test_line_numbers_and_running_heads_are_left_out() -> None:
    pages = [
        "".join(f"BT /F1 10 Tf 30 {700 - 14 * n} Td ({20 * number + n + 1}) Tj ET\n" for n in range(20))
        + lines(*[f"Words of page {chr(97 + number)} and line {n}." for n in range(20)])
        + f"BT /F1 8 Tf 72 770 Td (Draft guideline, page {number + 1}) Tj ET\n"
        for number in range(4)
    ]
    record = read(document(*pages))
    assert "Draft guideline" not in words_of(record)
    assert words_of(record).startswith("Words of page a and line 0. Words of page a and line 1.")
    assert [section.path for section in record.sections] == [(f"page {number}",) for number in range(1, 5)]


def test_the_numbers_of_a_list_stay() -> None:
    rows = "".join(f"BT /F1 12 Tf 60 {700 - 14 * n} Td ({n + 1}) Tj (.) Tj 20 0 Td (Item) Tj ET\n" for n in range(5))
    assert words_of(read(document(rows))).split("\n")[1].replace(" ", "") == "2.Item"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"catalog": "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"}, "JavaScript (1)"),
        ({"catalog": "/OpenAction<</S/Launch/F(calc.exe)>>"}, "Launch (1)"),
        ({"catalog": "/Names<</EmbeddedFiles<</Names[]>>>>"}, "embedded file (1)"),
        ({"page": "/Annots[<</Subtype/Link/A<</S/GoTo/Next<</S/JavaScript/JS(x)>>>>>>]"}, "JavaScript (1)"),
    ],
)
def test_active_content_is_flagged(change: dict[str, str], kind: str) -> None:
    record = read(document(SEEN, **change))  # type: ignore[arg-type]
    assert kind in next(flag.message for flag in record.flags if flag.code == "active-content")


def test_a_jump_to_a_page_is_not_active_content() -> None:
    assert codes(read(document(SEEN, catalog="/OpenAction[6 0 R/Fit]"))) == {"pdf-text"}


def test_a_text_layer_over_a_scanned_page_is_kept_and_flagged() -> None:
    picture = (
        "<</Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream"
    )
    content = "q 612 0 0 792 0 0 cm /I1 Do Q BT 3 Tr /F1 12 Tf 72 700 Td (Recognised words) Tj ET"
    record = read(document(content, resources="/XObject<</I1 4 0 R>>", more=(picture,)))
    assert words_of(record) == "Recognised words"
    assert codes(record) == {"pdf-text", "ocr-text"}


def test_pages_that_are_pictures_only_are_refused() -> None:
    with pytest.raises(ImportFileError, match="no visible text: its pages may be pictures"):
        read(document("0.5 g 0 0 612 792 re f"))


def test_an_encrypted_file_is_refused() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(document(SEEN))))
    writer.encrypt("", "owner", algorithm="RC4-40")
    out = BytesIO()
    writer.write(out)
    with pytest.raises(ImportFileError, match="encrypted; save a copy without"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"MZ", "not a PDF"),
        (document(SEEN)[:-200], "cut short"),
        (b"%PDF-1.7\nnothing\n%%EOF", "damaged or not readable"),
    ],
)
def test_what_is_no_whole_pdf_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(data)


def test_a_stream_that_unpacks_without_end_is_refused() -> None:
    bomb = zlib.compress(zlib.compress(b"\0" * 100_000_000, 9), 9)
    packed = document(bomb.decode("latin-1")).replace(b"<</Length", b"<</Filter[/FlateDecode/FlateDecode]/Length")
    with pytest.raises(ImportFileError, match=r"^page 1: "):
        read(packed)


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("ok", None),
        ("js", "active-content"),
        ("launch", "active-content"),
        *((name, "hidden-text") for name in ("white_text", "tiny_text", "offpage_text", "render_mode3")),
        ("prev_loop", None),
    ],
)
def test_hostile_files_give_only_their_visible_text(name: str, flag: str | None) -> None:
    with hostile(f"pdf_{name}.pdf").open("rb") as stream:
        (record,) = pdf.read(stream)
    assert words_of(record) == "Fictional fixture: drug A 10 mg once daily."
    assert codes(record) - {"pdf-text"} == ({flag} if flag else set())


@pytest.mark.parametrize("name", ["page_tree_loop", "flate_bomb", "truncated", "not_pdf"])
def test_hostile_files_that_are_refused(name: str) -> None:
    with hostile(f"pdf_{name}.pdf").open("rb") as stream, pytest.raises(ImportFileError):
        list(pdf.read(stream))


@pytest.mark.slow
def test_a_real_guideline_summary() -> None:
    with sample("guideline_pdf/cdc_opioid_guideline_2022_summary.pdf").open("rb") as stream:
        (record,) = pdf.read(stream)
    assert record.title == "CDC Opioid Prescribing Guidelines 2022 Updates"
    assert codes(record) == {"pdf-text"}
    assert any("1. Taking opioids in larger amounts" in section.text for section in record.sections)


@pytest.mark.slow
def test_a_real_guideline_of_211_pages() -> None:
    with sample("guideline_pdf/cdc_opioid_guideline_2022_draft.pdf").open("rb") as stream:
        (record,) = pdf.read(stream)
    text = words_of(record)
    assert codes(record) == {"pdf-text"}
    assert record.title.startswith("CDC Clinical Practice Guideline for Prescribing Opioids")
    assert "outpatients aged ≥18 years old with:" in text
    assert "chronic pain (duration of >3 months)" in text
    assert "For this CDC update to the 2016 CDC Guideline, CDC funded AHRQ in 2018 and 2019 to conduct five" in text
    assert (record.title, "Scope and audience", "page 15") in {section.path for section in record.sections}
    assert all(section.path[0] == record.title for section in record.sections)
