"""Signs keep their meaning on the way from markup to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats.text import IMAGE, text_of

_FLAT = {ord(raised): flat for flat, raised in zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)}
_FLAT |= {ord(lowered): flat for flat, lowered in zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True)}
MATHML = 'xmlns:m="http://www.w3.org/1998/Math/MathML"'


def said(markup: str) -> str:
    return text_of(etree.fromstring(f"<p {MATHML}>{markup}</p>"))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("3 × 10<sup>9</sup>/L", "3 × 10⁹/L"),
        ("10<sup>-6</sup> mol", "10⁻⁶ mol"),
        ("10<sup>−6</sup> mol", "10⁻⁶ mol"),
        ("1.5 mg/m<sup>2</sup>", "1.5 mg/m²"),
        ("T<sub>4</sub> and C<sub>max</sub>", "T₄ and Cmax"),
        ("Ca<sup>2+</sup>", "Ca²⁺"),
        ("kg<sup>0.75</sup>", "kg^(0.75)"),
        ("10<sup>1,2</sup>", "10^(1,2)"),
        ("10<sup>x</sup>", "10ˣ"),
        ("10<sup>GFP</sup>", "10^(GFP)"),
        ("the 5<sup>th</sup> day", "the 5th day"),
        ("39.1<sup>c</sup>", "39.1ᶜ"),
        ("<sup>125</sup>I", "¹²⁵I"),
        ("Lipitor<sup>®</sup>", "Lipitor®"),
        ("Lipitor<sup>TM</sup>", "Lipitor™"),
        ("<sup>10<sup>2</sup></sup>", "^(10²)"),
        ("<sup><i>2</i></sup>", "²"),
        ("<i>in vitro</i> &lt; 5", "in vitro < 5"),
        ("10<br/>20", "10 20"),
        ("age <u>&gt;</u> 65", "age ≥ 65"),
        ("age <content styleCode='underline'> &lt; </content>65", "age ≤65"),
        ("<u>not</u> 5", "not 5"),
        ("10<!-- a remark -->0", "100"),
        ("5 <inline-graphic/> 3", f"5 {IMAGE} 3"),
        ("  two \n\t words ", "two words"),
        ("5\u00a0mg and 5\u2009µg", "5\u00a0mg and 5\u2009µg"),
    ],
)
def test_signs_and_digits_are_kept(markup: str, text: str) -> None:
    assert said(markup) == text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup>", "x²"),
        ("<m:msup><m:mn>10</m:mn><m:mrow><m:mo>-</m:mo><m:mn>3</m:mn></m:mrow></m:msup>", "10⁻³"),
        ("<m:msup><m:mi>e</m:mi><m:mi>kt</m:mi></m:msup>", "eᵏᵗ"),
        ("<m:msup><m:mi>e</m:mi><m:mi>AUC</m:mi></m:msup>", "e^(AUC)"),
        ("<m:msub><m:mi>p</m:mi><m:mi>R</m:mi></m:msub>", "p_(R)"),
        ("<m:msubsup><m:mi>x</m:mi><m:mn>1</m:mn><m:mn>2</m:mn></m:msubsup>", "x₁²"),
        ("<m:mfrac><m:mi>a</m:mi><m:mrow><m:mi>b</m:mi><m:mo>+</m:mo><m:mn>1</m:mn></m:mrow></m:mfrac>", "a/(b+1)"),
        ("<m:msqrt><m:mi>n</m:mi><m:mo>+</m:mo><m:mn>1</m:mn></m:msqrt>", "√(n+1)"),
        ("<m:mroot><m:mi>x</m:mi><m:mn>3</m:mn></m:mroot>", "³√(x)"),
        ("<m:mfenced><m:mi>a</m:mi><m:mi>b</m:mi></m:mfenced>", "(a, b)"),
        ("<m:mn>2</m:mn><m:mo>\u2062</m:mo><m:mn>3</m:mn>", "2·3"),
        (
            "<m:mmultiscripts>\n<m:mi>He</m:mi>\n<m:mprescripts/>\n<m:none/>\n<m:mn>3</m:mn>\n</m:mmultiscripts>",
            "³He",
        ),
        ("<m:mi>x</m:mi><m:annotation>ignored</m:annotation>", "x"),
    ],
)
def test_a_formula_keeps_powers_indices_and_fractions(formula: str, text: str) -> None:
    assert said(f"<m:math>{formula}</m:math>") == text


def test_of_a_formula_and_its_picture_the_formula_is_read() -> None:
    tex = "<tex-math>\\documentclass{minimal}\\begin{document}$$k_2 \\le 5$$\\end{document}</tex-math>"
    assert said(f"<alternatives><inline-graphic/>{tex}</alternatives>") == "k_2 \\le 5"
    math = "<m:math><m:mi>k</m:mi></m:math>"
    assert said(f"<alternatives>{tex}<graphic/>{math}</alternatives>") == "k"


def test_an_undeclared_entity_is_the_character_it_names() -> None:
    parser = etree.XMLParser(resolve_entities=False)
    root = etree.fromstring(b"<!DOCTYPE p SYSTEM 'x.dtd'><p>eGFR &le; 30 or 50 &micro;g<sup>&minus;1</sup></p>", parser)
    assert text_of(root) == "eGFR ≤ 30 or 50 µg⁻¹"


def test_an_unknown_entity_is_refused() -> None:
    root = etree.fromstring(b"<!DOCTYPE p SYSTEM 'x.dtd'><p>&nosuch; 30</p>", etree.XMLParser(resolve_entities=False))
    with pytest.raises(ImportFileError, match=r"^unknown entity &nosuch;"):
        text_of(root)


digits = st.text(alphabet="0123456789.,", min_size=1, max_size=4).filter(lambda value: any(map(str.isdigit, value)))
pieces = st.lists(st.tuples(st.sampled_from(["p", "sup", "sub"]), digits), min_size=1, max_size=6)


def back(text: str) -> list[tuple[str, str]]:
    """The runs of digits on, above and below the line that a reader of `text` sees."""
    runs: list[tuple[str, str]] = []
    place = "p"
    for at, character in enumerate(text):
        if character in "^_" and text[at + 1] == "(":
            place = "sup" if character == "^" else "sub"
        elif character == ")":
            place = "p"
        elif character != "(":
            flat = _FLAT.get(ord(character), character)
            here = place if flat == character else "sup" if character in "⁰¹²³⁴⁵⁶⁷⁸⁹" else "sub"
            runs.append((here, flat))
    return runs


@given(pieces)
def test_digits_on_above_and_below_the_line_can_be_told_apart(made: list[tuple[str, str]]) -> None:
    markup = "".join(value if place == "p" else f"<{place}>{value}</{place}>" for place, value in made)
    assert back(said(markup)) == [(place, digit) for place, value in made for digit in value]
