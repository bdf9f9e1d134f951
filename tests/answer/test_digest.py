"""Imported evidence in an answer: quoted word for word where no pack answers, beside a pack when it adds something."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

import pytest

from vademecum.answer.article import Article, List, Section, sentences
from vademecum.answer.pipeline import ask
from vademecum.evidence.model import Design, Source, SourceState, SourceType
from vademecum.literature.digest import Digest, Quotation, Stance
from vademecum.packs.library import Library
from vademecum.render.html import render_html
from vademecum.render.markdown import render_markdown
from vademecum.render.terminal import render_terminal

TODAY = dt.date(2026, 11, 24)
UNCOVERED = "Does zinc shorten the common cold?"
COVERED = "What is the treatment of acute low back spasm?"


class Imported:
    """What an answer sees of the imported literature, holding the given quotations."""

    def __init__(
        self,
        *quotations: Quotation,
        retracted: Sequence[Quotation] = (),
        states: dict[str, tuple[SourceState, str | None]] | None = None,
    ) -> None:
        self._quotations, self._retracted, self._states = quotations, tuple(retracted), states or {}
        self.asked: list[Sequence[Sequence[str]]] = []

    def digest(self, question: str, *, names: Sequence[Sequence[str]] = ()) -> Digest:  # noqa: ARG002
        self.asked.append(names)
        return Digest(
            quotations=self._quotations, retracted=self._retracted, searched=1_200, semantic=True, imported="2026-11-20"
        )

    def states(self, sources: Iterable[Source]) -> dict[str, tuple[SourceState, str | None]]:
        keys = {source.key for source in sources}
        return {key: state for key, state in self._states.items() if key in keys}


def quoted(
    number: int, text: str, stance: Stance, *, year: int = 2020, state: SourceState = SourceState.CURRENT
) -> Quotation:
    source = Source(
        key=f"imported:{number}",
        type=SourceType.TRIAL,
        title=f"Trial number {number}",
        authors=("Able A",),
        year=year,
        design=Design.RCT,
        participants=100 + number,
        state=state,
    )
    return Quotation(source=source, text=text, version=number, start=40, end=40 + len(text), stance=stance, level=2)


SHORTER = quoted(1, "Zinc lozenges shortened colds by 2 days (95% CI 1 to 3).", Stance.FINDING)
NOT_SHORTER = quoted(2, "Zinc did not shorten colds (p = 0.61).", Stance.NO_EFFECT)


def imported_section(article: Article) -> Section | None:
    return next((part for part in article.sections if part.id == "imported"), None)


def test_without_a_pack_the_imported_words_are_the_answer(library: Library) -> None:
    article = ask(UNCOVERED, library, today=TODAY, literature=Imported(SHORTER, NOT_SHORTER))
    assert article.kind == "digest"
    assert article.bottom_line is None
    assert [sentence.text for sentence in sentences(article.sections)] == [SHORTER.text, NOT_SHORTER.text]
    assert article.dates.evidence_searched_to == "2026-11-20"
    assert article.notice is not None
    assert "2 of the 1,200 sources" in article.notice.lines[-1]


def test_a_quotation_says_where_it_stands_and_proves_that_it_is_there(library: Library) -> None:
    article = ask(UNCOVERED, library, today=TODAY, literature=Imported(SHORTER))
    (sentence,) = sentences(article.sections)
    assert sentence.quote is not None
    assert (sentence.quote.version, sentence.quote.start, sentence.quote.end) == (1, 40, 40 + len(SHORTER.text))
    assert sentence.quote.sha256 == hashlib.sha256(SHORTER.text.encode()).hexdigest()
    assert sentence.citations == (1,)
    assert article.references[0].key == "imported:1"
    assert article.references[0].participants == 101
    assert "Trial number 1" in article.references[0].text


def test_agreement_and_disagreement_stand_apart(library: Library) -> None:
    article = ask(UNCOVERED, library, today=TODAY, literature=Imported(SHORTER, NOT_SHORTER))
    section = imported_section(article)
    assert section is not None
    lists = [block for block in section.blocks if isinstance(block, List)]
    assert [block.role for block in lists] == ["quoted_finding", "quoted_no_effect"]
    assert all(block.title is not None and "1 source" in block.title for block in lists)
    assert lists[1].items[0].sentence.contrary


def test_retracted_work_is_shown_as_retracted_and_supports_nothing(library: Library) -> None:
    gone = quoted(3, "Zinc cured every cold.", Stance.FINDING, state=SourceState.RETRACTED)
    article = ask(UNCOVERED, library, today=TODAY, literature=Imported(SHORTER, retracted=[gone]))
    section = imported_section(article)
    assert section is not None
    last = section.blocks[-1]
    assert isinstance(last, List)
    assert last.title == "Retracted: this is not evidence"
    assert last.items[0].sentence.proof.verdict == "not_found"
    assert article.references[1].status is SourceState.RETRACTED


def test_nothing_found_is_said(library: Library) -> None:
    article = ask(UNCOVERED, library, today=TODAY, literature=Imported())
    assert article.kind in {"abstain", "out_of_scope"}
    assert not article.sections
    assert any(gap.what == "imported sources" and "1,200" in gap.reason for gap in article.coverage)


def test_an_unknown_name_must_be_in_what_is_quoted(library: Library) -> None:
    literature = Imported()
    ask("What is the dose of zantolimab in dermatomyositis?", library, today=TODAY, literature=literature)
    (names,) = literature.asked
    assert ("zantolimab",) in names


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What is the dose of atorvastatin in adults?", "atorvastatin"),
        ("What is the dose of methotrexate in psoriasis?", "methotrexate"),
    ],
)
def test_a_drug_that_is_asked_about_must_be_named(question: str, name: str, library: Library) -> None:
    literature = Imported()
    ask(question, library, today=TODAY, literature=literature)
    ((drugs,),) = literature.asked
    assert name in {drug.lower() for drug in drugs}


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("What is the dose of atorvastatin in children?", "pediatric"),
        ("Is zinc safe against colds in pregnancy?", "pregnant"),
    ],
)
def test_the_people_asked_about_must_be_spoken_of(question: str, word: str, library: Library) -> None:
    literature = Imported()
    ask(question, library, today=TODAY, literature=literature)
    (names,) = literature.asked
    assert word in names[-1]


def test_beside_a_pack_stands_what_is_newer_or_contrary(library: Library) -> None:
    newer = quoted(4, "Heat wraps eased acute spasm in a day.", Stance.FINDING, year=2026)
    older = quoted(5, "Heat wraps eased spasm.", Stance.FINDING, year=1999)
    contrary = quoted(6, "Cyclobenzaprine did not differ from placebo.", Stance.NO_EFFECT, year=1999)
    article = ask(COVERED, library, today=TODAY, literature=Imported(newer, older, contrary))
    plain = ask(COVERED, library, today=TODAY)
    assert article.kind == plain.kind == "answer"
    assert article.bottom_line == plain.bottom_line
    section = imported_section(article)
    assert section is not None
    assert {sentence.text for sentence in sentences(section)} == {newer.text, contrary.text}
    assert [part.id for part in article.sections if part.id != "imported"] == [part.id for part in plain.sections]


def test_what_the_pack_cites_already_is_not_quoted_again(library: Library) -> None:
    known = next(source for source in library.sources.values() if source.pmid)
    again = quoted(7, "Something newer was found.", Stance.NO_EFFECT, year=2026)
    again = Quotation(
        source=Source(key="imported:7", type=SourceType.TRIAL, title="Again", pmid=known.pmid, year=2026),
        text=again.text,
        version=7,
        start=0,
        end=len(again.text),
        stance=again.stance,
    )
    article = ask(COVERED, library, today=TODAY, literature=Imported(again))
    assert imported_section(article) is None


def test_a_work_that_was_retracted_since_supports_no_statement_of_a_pack(library: Library) -> None:
    plain = ask(COVERED, library, today=TODAY)
    assert plain.bottom_line is not None
    keys = {reference.number: reference.key for reference in plain.references}
    cited = [keys[number] for number in plain.bottom_line.citations]
    states = dict.fromkeys(cited, (SourceState.RETRACTED, "retracted by PMID 1"))
    article = ask(COVERED, library, today=TODAY, literature=Imported(states=states))
    for sentence in sentences(article):
        supporting = {article.references[number - 1].key for number in sentence.citations}
        assert not supporting & set(cited)
    assert any("retracted" in gap.reason for gap in article.coverage)
    assert ask(COVERED, library, today=TODAY) == plain  # the library itself is as it was


@pytest.mark.parametrize("question", ["I want to kill myself", "My father collapsed and does not breathe"])
def test_in_a_crisis_nothing_is_searched(question: str, library: Library) -> None:
    literature = Imported(SHORTER)
    assert imported_section(ask(question, library, today=TODAY, literature=literature)) is None
    assert literature.asked == []


def test_a_patient_gets_no_raw_quotation_and_is_told_so(library: Library) -> None:
    article = ask(UNCOVERED, library, audience="patient", today=TODAY, literature=Imported(SHORTER))
    assert article.kind in {"abstain", "out_of_scope"}
    assert imported_section(article) is None
    assert any(gap.what == "imported sources" for gap in article.coverage)


def test_every_form_shows_a_quotation_as_one(library: Library) -> None:
    article = ask(UNCOVERED, library, today=TODAY, literature=Imported(SHORTER))
    shown = " ".join(render_terminal(article, width=100, colour=False).replace("\u00a0", " ").split())
    assert f"“{SHORTER.text}” [1]" in shown
    assert "“Zinc lozenges" in render_markdown(article)
    assert "<q>Zinc lozenges" in render_html(article)
