"""BibTeX, and the LaTeX inside it."""

from io import BytesIO

import pytest
from format_samples import sample

from vademecum.errors import ImportFileError
from vademecum.literature.formats import bibtex
from vademecum.literature.formats.latex import plain
from vademecum.literature.records import Record


def read(text: str) -> list[Record]:
    return list(bibtex.read(BytesIO(text.encode())))


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"M{\"u}ller \v{S} \L{}ukasz {\O}", "Müller Š Łukasz Ø"),
        (r"$\geq$ 5 and $\leq 3$", "≥ 5 and ≤3"),
        (r"\textgreater 5, \textless{}3", "> 5, <3"),
        (r"50 $\mu$g, 50 {\textmu}g", "50 μg, 50 µg"),
        (r"10\textsuperscript{9}/L $\times 10^{9}$", "10⁹/L ×10⁹"),
        (r"$10^{-6}$ and CO$_2$", "10⁻⁶ and CO₂"),
        (r"$10^-6$", "10^-6"),
        (r"x$^{0.75}$", "x^(0.75)"),
        ("18% of {\\%} 5\\%", "18% of % 5%"),
        (r"37$^\circ$C", "37°C"),
        (r"5 $\pm$ 2", "5 ± 2"),
        (r"TNF-$\alpha$ \emph{in vivo}", "TNF-α in vivo"),
        ("cost $5", "cost $5"),
        (r"{{BMC}} ``quoted''", "BMC “quoted”"),
        (r"$\frac{1}{2}$", "1/2"),
    ],
)
def test_signs_and_exponents_survive(latex: str, text: str) -> None:
    assert plain(latex) == (text, ())


@pytest.mark.parametrize("latex", [r"\SI{5}{\micro\gram}", r"\foo{bar}", r"$\not\le$ 5", "{unbalanced"])
def test_what_is_not_known_stays_as_printed_and_is_named(latex: str) -> None:
    text, left = plain(latex)
    assert left
    assert text.replace("$", "") == latex.replace("$", "").strip()


def test_fields_become_a_record() -> None:
    (record,) = read(
        r"""@string{jf = "Journal of Fixtures"}
        @article{a, title = {{Drug A}: 50 $\mu$g \unknown}, author = {M{\"u}ller, Jo and {Group and Co}},
          journal = jf, year = 2020, pages = {1--9}, doi = {10.1000/A_B--C}, url = {https://example.org/~a},
          pmid = {123}, abstract = {METHODS: $\geq$ 5. RESULTS: 18{\%}.}, keywords = {asthma, child},}"""
    )
    assert record.title == "Drug A: 50 μg \\unknown"
    assert record.authors == ("Müller, Jo", "Group and Co")
    assert (record.journal, record.year, record.pages) == ("Journal of Fixtures", 2020, "1–9")
    assert (record.ids.doi, record.ids.pmid, record.url) == ("10.1000/a_b--c", "123", "https://example.org/~a")
    assert [section.text for section in record.sections] == ["≥ 5.", "18%."]
    assert record.keywords == ("asthma", "child")
    assert [flag.message for flag in record.flags] == ["LaTeX left as printed, not read: \\unknown"]


def test_a_key_used_twice_gives_two_records_that_are_not_one_work() -> None:
    first, second = read("@article{a, title={One}}\n@article{a, title={Two}}")
    assert (first.ids.other, second.ids.other) == ("a", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no entry found"),
        ("@article{a, title={x", "^line 1: not readable as BibTeX"),
        ("@article{a, title={x}, title={y}}", "^line 1: .*Duplicate field"),
        ("\n@article{a, year=2020}", "^line 2: entry 'a' has no title"),
    ],
)
def test_what_is_not_bibtex_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        read(text)


def test_a_real_file() -> None:
    with sample("bibtex/references.bib").open("rb") as stream:
        records = list(bibtex.read(stream))
    assert [record.year for record in records] == [2019, 2019, 2023, 2021, 2024]
    assert records[0].authors == ("Asma Ben Abacha", "Dina Demner-Fushman")
    assert "up to 18% over" in records[4].sections[0].text
