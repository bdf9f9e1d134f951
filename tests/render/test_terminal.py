"""The terminal: nothing lost, nothing wider than the screen, no dose parted from its unit, nothing steered."""

from __future__ import annotations

import re
import shlex

import pytest
from made_articles import BOTTOM_LINE, WHOLE, hostile
from msgspec.structs import replace
from rich.cells import cell_len

from vademecum.answer.article import Article, sentences
from vademecum.answer.pipeline import ask
from vademecum.packs.library import Library
from vademecum.render import words
from vademecum.render.inline import clean
from vademecum.render.outline import ask_command
from vademecum.render.terminal import render_terminal

REFERENCE_QUESTION = "What is the treatment for severe inflammatory muscle spasms?"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def text(article: Article, width: int = 80, *, proof: bool = False) -> str:
    return render_terminal(article, width=width, colour=False, proof=proof)


def flat(output: str) -> str:
    """Without line breaks, box edges and runs of space."""
    return " ".join(output.replace("┃", " ").split())


@pytest.fixture(scope="module", params=["physician", "patient"])
def real(request: pytest.FixtureRequest, library: Library) -> Article:
    return ask(REFERENCE_QUESTION, library, audience=request.param)


def test_every_sentence_of_a_real_answer_appears(real: Article) -> None:
    output = flat(text(real, 40))
    assert [s.text for s in sentences(real) if flat(s.text) not in output] == []


def test_every_part_of_an_article_appears_in_the_readers_order() -> None:
    output = flat(text(WHOLE, 40))
    in_order = (
        "Get help now",
        "Call your local emergency number.",
        WHOLE.title,
        WHOLE.question,
        '"miositis" read as "myositis"',
        "kidney disease",
        "names no age",
        WHOLE.review.line,
        "For health professionals",
        "Generated: 24 Nov 2026",
        "Evidence searched to: 20 Nov 2026",
        "Reviewed by a clinician: never",
        "Next review due: 24 Nov 2027",
        "iim.yaml",
        "Red flags",
        "Weak breathing muscles",
        "not a recognised diagnosis",
        "Myositis in an adult (answered below)",
        "Weakness comes before pain.",
        'vade ask "How is myositis treated?"',
        "Juvenile dermatomyositis (children)",
        "Bottom line: For juvenile dermatomyositis",
        'vade ask "How is juvenile dermatomyositis treated?"',
        BOTTOM_LINE.text,
        "Grade: ●●●○ (strong recommendation, moderate certainty (mapped); BSR 1B)",
        "Applies if: An adult with active muscle inflammation",
        "Initial assessment",
        "Decides: Whether a normal value ends the matter",
        "Step 1 Start a glucocorticoid (first line)",
        "If this fails: step 2, Reconsider the diagnosis",
        "Liver: no dose change is recorded (prednisone, methotrexate)",
        "[1] Oldroyd AGS",
        "[2] Smith J.",
        "EXPRESSION OF CONCERN (Under inquiry)",
        "How will we know that it works?",
        'vade ask "What if treatment of myositis fails?"',
        "Reading level: grade 5.5",
        "2026-11-24: submitted",
        "For health professionals; check every dose.",
        "Library 0123abcd; article abc123",
    )
    at = 0
    for wanted in in_order:
        assert wanted in output[at:], wanted
        at = output.index(wanted, at)
    assert [s.text for s in sentences(WHOLE) if s.text not in output] == []


@pytest.mark.parametrize("width", [40, 60, 80, 90, 119, 120, 130, 200])
@pytest.mark.parametrize("proof", [False, True])
def test_no_line_is_wider_than_the_screen(width: int, proof: bool) -> None:
    for article in (WHOLE, hostile(WHOLE)):
        wide = [line for line in text(article, width, proof=proof).splitlines() if cell_len(line) > width]
        assert [line for line in wide if "http" not in line] == []


def test_wide_characters_count_as_two_columns() -> None:
    article = replace(WHOLE, question="筋肉の痛み" * 30)
    assert all(cell_len(line) <= 60 for line in text(article, 60).splitlines() if "http" not in line)


@pytest.mark.parametrize("width", [40, 60, 80, 130])
def test_no_number_is_parted_from_its_unit(real: Article, width: int) -> None:
    units = "mg|g|mcg|mL|units?|mg/kg|mg/m2|mL/h|percent|hours?|days?|weeks?|months?"
    parted = re.compile(rf"\d\n[┃ ]*(?:{units})\b|\b(?:mg|g|mL|units)/\n")
    assert parted.findall(text(real, width)) == []


def test_plain_text_has_no_escape_codes_and_says_what_the_coloured_says(real: Article) -> None:
    plain = text(real)
    coloured = render_terminal(real, width=80, colour=True)
    assert "\x1b" not in plain
    assert "\u00a0" not in plain
    stripped = ANSI.sub("", coloured)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


def test_amounts_are_bold_in_colour() -> None:
    coloured = render_terminal(WHOLE, width=100, colour=True)
    assert "\x1b[1m15 to 20 mg/m2\x1b[0m" in coloured
    assert "\x1b[1m0.5 to 1 mg/kg\x1b[0m" in coloured


def test_the_same_article_gives_the_same_text(real: Article) -> None:
    assert text(real) == text(real)


@pytest.mark.parametrize("width", [60, 80, 130])
def test_every_number_that_is_cited_is_listed(real: Article, width: int) -> None:
    cited = {number for sentence in sentences(real) for number in sentence.citations}
    body, _, references = text(real, width).rpartition("── References")
    listed = {int(number) for number in re.findall(r"^\[(\d+)\]", references, re.MULTILINE)}
    shown = {int(n) for marks in re.findall(r"\[(\d+(?:,\s+[\d,\s]+)?)\]", body) for n in marks.split(",")}
    assert cited == listed
    assert shown <= cited


def test_a_struck_out_option_says_avoid_and_why_without_colour() -> None:
    assert "✗ Avoid: Low-dose warfarin\n    A small trial was unfavourable. [1]" in text(WHOLE)


def test_a_dose_is_led_by_its_population_and_keeps_its_unit() -> None:
    output = flat(text(WHOLE, 60))
    assert "Dose, children: For juvenile dermatomyositis give methotrexate 15 to 20 mg/m2 once weekly" in output
    assert "Dose, adults: Start prednisolone 0.5 to 1 mg/kg once daily" in output


def test_others_than_the_asked_population_and_borrowed_rules_are_labelled() -> None:
    output = flat(text(WHOLE))
    assert "Contraindicated in pregnancy. [1] ○ (pregnancy)" in output
    assert "Contraindicated in alcoholism. [2] ○ (from rheumatoid arthritis)" in output
    assert "Creatine kinase can be normal. [2] ○ (From an abstract)" in output
    assert "(adults)" not in output


def test_cautions_have_one_heading_a_drug_and_run_in_slots() -> None:
    output = text(WHOLE, 100)
    assert output.count("\nMethotrexate\n  Boxed warning: Fatal toxicity has occurred. [1] ○\n  Do not use: ") == 1
    assert "\nPrednisone\n  Take care: Prednisone raises blood glucose. [1] ○\n" in output


def test_monitoring_is_a_table_from_90_columns_and_stacked_below() -> None:
    head = re.compile(r"^What +When +Target +If abnormal$", re.MULTILINE)
    assert head.search(text(WHOLE, 90))
    stacked = text(WHOLE, 89)
    assert not head.search(stacked)
    assert "Blood count and liver tests\n  When: Every 2 weeks" in stacked


def test_from_120_columns_the_evidence_stands_beside_the_text() -> None:
    beside = re.compile(r"^┃? *Start prednisolone .* {3,}\[1, 2\] ●●●○ strong recommendation", re.MULTILINE)
    assert beside.search(text(WHOLE, 120))
    assert not beside.search(text(WHOLE, 119))
    assert re.search(r" {3,}\[2\] Smith 2014, EXPRESSION OF CONCERN", text(WHOLE, 130))


def test_a_proof_follows_its_sentence() -> None:
    shown = flat(text(WHOLE, proof=True))
    assert shown.count("Proof: jdm-002; supported; passed: sources, numbers and units") == 3
    assert "Contraindicated in pregnancy. [1] ○ (pregnancy) Proof: st-1; supported" in shown
    proofs = sum(1 for _ in sentences(replace(WHOLE, forks=WHOLE.forks[1:]))) + len(WHOLE.forks[0].why)
    assert shown.count("Proof:") == proofs
    assert "Proof:" not in text(WHOLE)


@pytest.mark.parametrize("colour", [False, True])
def test_hostile_words_cannot_steer_the_terminal(colour: bool) -> None:
    output = ANSI.sub("", render_terminal(hostile(WHOLE), width=80, colour=colour))
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output) == []


def test_a_command_reaches_the_shell_as_one_word() -> None:
    for question in ("How long?", '$(id) `id` "x" it\'s!\n', "; rm -rf ~", "\\"):
        command = ask_command(question, "patient").replace("\u00a0", " ")
        assert shlex.split(command) == ["vade", "ask", "--for", "patient", question.strip()]
    assert ask_command("How long?").replace("\u00a0", " ") == 'vade ask "How long?"'
    assert ask_command("--output=x").replace("\u00a0", " ") == 'vade ask -- "--output=x"'


def test_a_command_that_is_broken_over_lines_still_runs() -> None:
    question = "What should be monitored in idiopathic inflammatory myopathy in adults?"
    output = text(replace(WHOLE, suggestions=(question,), audience="patient"), 40)
    (command,) = re.findall(r"^vade ask .*?\?\"$", output.partition("Ask next")[2], re.MULTILINE | re.DOTALL)
    assert "\n" in command
    assert [part.split() for part in shlex.split(command)[-1:]] == [question.split()]
    assert shlex.split(command)[:-1] == ["vade", "ask", "--for", "patient"]


def test_a_crisis_reply_is_the_reply_alone(library: Library) -> None:
    article = ask("I want to kill myself", library, audience="patient")
    output = text(article)
    assert article.kind == "self_harm"
    assert article.notice is not None
    assert all(flat(line) in flat(output) for line in article.notice.lines)
    assert "kill" not in output
    assert "vade ask" not in output


def test_without_a_terminal_the_width_is_80(capsys: pytest.CaptureFixture[str]) -> None:
    """`capsys` stands for a pipe, also where the tests themselves run in a terminal."""
    assert render_terminal(WHOLE, width=None, colour=False) == text(WHOLE, 80)


def test_a_word_that_does_not_fit_is_broken_and_an_address_is_not() -> None:
    address = "https://example.org/" + "a" * 80
    article = replace(WHOLE, question="x" * 200, premise=(replace(WHOLE.premise[0], text=f"See {address} now."),))
    lines = text(article, 40).splitlines()
    assert max(len(line) for line in lines if "http" not in line) <= 40
    assert any(address in line for line in lines)


def test_the_words_of_populations_cover_the_asked_ones() -> None:
    assert words.population_label(BOTTOM_LINE.population, words.asked_about(WHOLE)) is None
    assert clean("a\u202eb\x1b[0m\tc\u00a0d") == "ab [0m c d"
