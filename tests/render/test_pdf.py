"""The PDF: nothing lost, the same bytes every time, accessible, and no word of an article is evaluated."""

from __future__ import annotations

import builtins
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made_articles import BOTTOM_LINE, HOSTILE, WHOLE, hostile
from msgspec.structs import replace

from vademecum.answer.article import Article, sentences
from vademecum.answer.pipeline import ask
from vademecum.errors import MissingExtraError
from vademecum.packs.library import Library
from vademecum.render.inline import clean
from vademecum.render.pdf import render_pdf

pytest.importorskip("typst", reason="the pdf extra is not installed")

REFERENCE_QUESTION = "What is the treatment for severe inflammatory muscle spasms?"


def squeezed(text: str) -> str:
    """Without white space: lines of a page break anywhere."""
    return "".join(text.split())


def body_of(pdf: bytes, tmp_path: Path) -> str:
    """The words between header and footer, in reading order."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext (poppler-utils), which can leave headers and footers out")
    path = tmp_path / "article.pdf"
    path.write_bytes(pdf)
    crop = ["-x", "0", "-y", "68", "-W", "600", "-H", "698"]
    done = subprocess.run(["pdftotext", "-raw", *crop, str(path), "-"], capture_output=True, check=True)
    return squeezed(done.stdout.decode())


@pytest.fixture(scope="module", params=["physician", "patient"])
def real(request: pytest.FixtureRequest, library: Library) -> Article:
    return ask(REFERENCE_QUESTION, library, audience=request.param)


def test_every_sentence_of_a_real_answer_appears(real: Article, tmp_path: Path) -> None:
    body = body_of(render_pdf(real), tmp_path)
    assert [s.text for s in sentences(real) if squeezed(s.text) not in body] == []


def test_every_part_of_an_article_appears(tmp_path: Path) -> None:
    body = body_of(render_pdf(WHOLE), tmp_path)
    for wanted in (
        WHOLE.title,
        WHOLE.question,
        WHOLE.review.line,
        "Get help now",
        "Reviewed by a clinician: never",
        "Avoid: Low-dose warfarin",
        "If this fails: step 2",
        "Dose, children: For juvenile dermatomyositis give methotrexate 15 to 20 mg/m2 once weekly",
        "Liver: no dose change is recorded (prednisone, methotrexate)",
        "Grade: ●●●○ (strong recommendation, moderate certainty (mapped); BSR 1B)",
        "EXPRESSION OF CONCERN",
        "How will we know that it works?",
        WHOLE.disclaimer,
        "Library 0123abcd; article abc123",
    ):
        assert squeezed(wanted) in body, wanted
    assert [s.text for s in sentences(WHOLE) if squeezed(s.text) not in body] == []


def test_the_same_article_gives_the_same_bytes() -> None:
    assert render_pdf(WHOLE) == render_pdf(WHOLE)


def test_the_date_of_the_document_is_the_date_of_the_article() -> None:
    other = replace(WHOLE, dates=replace(WHOLE.dates, generated="2027-01-02"))
    assert b"D:20261124000000" in render_pdf(WHOLE)
    assert b"D:20270102000000" in render_pdf(other)
    assert render_pdf(other) != render_pdf(WHOLE)


def test_it_is_a_tagged_document_with_title_language_links_and_page_numbers() -> None:
    pypdf = pytest.importorskip("pypdf", reason="pypdf is a development tool and not installed")
    pdf = render_pdf(WHOLE)
    assert pdf.startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert reader.metadata.title == WHOLE.title
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert len(reader.outline) > 5
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert squeezed(BOTTOM_LINE.text) in text
    assert f"1/{len(reader.pages)}" in text
    addresses = {
        str(note["/A"]["/URI"])
        for page in reader.pages
        for note in (ref.get_object() for ref in page.get("/Annots", ()))
        if "/URI" in note.get("/A", {})
    }
    assert addresses == {
        "https://doi.org/10.1093/rheumatology/keac115",
        "https://pubmed.ncbi.nlm.nih.gov/29865091/",
        "https://example.org/a_%28b%29?c=1",
    }


def test_hostile_words_are_set_as_words(tmp_path: Path) -> None:
    pdf = render_pdf(hostile(WHOLE))
    body = body_of(pdf, tmp_path)
    assert squeezed('{{ 7*7 }} #set page(width: 1pt) #read("/etc/passwd")') in body
    assert squeezed(clean(HOSTILE)) in body
    assert "root:x:0" not in body
    assert re.findall(rb"/URI \(([^)]*evil[^)]*)\)|/S ?/JavaScript", pdf) == []


def test_a_character_without_a_glyph_does_not_stop_the_document() -> None:
    pdf = render_pdf(replace(WHOLE, question="筋肉の痛み \U0001f9ec"))
    assert pdf.startswith(b"%PDF-")
    assert b"pdfuaid" not in pdf


def test_a_crisis_reply_and_an_empty_article_are_documents_too(library: Library) -> None:
    for question in ("I want to kill myself", "what is the dose of foozumab"):
        assert render_pdf(ask(question, library)).startswith(b"%PDF-")


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain_import = builtins.__import__

    def no_typst(name: str, *rest: Any, **more: Any) -> Any:
        if name == "typst":
            raise ImportError(name)
        return plain_import(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "typst", raising=False)
    monkeypatch.setattr(builtins, "__import__", no_typst)
    with pytest.raises(MissingExtraError, match=r"PDF output needs the 'pdf' extra"):
        render_pdf(WHOLE)
