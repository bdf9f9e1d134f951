"""The article as a flat run of lines: what is said in which order is decided here, once, for every output form.

A renderer only sets the lines. Nothing is added to the article and nothing is left out of it, but for one thing: a
crisis reply is the reply alone, without the question as a headline and without further questions to read.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from vademecum.answer.article import (
    Article,
    Block,
    ForkReading,
    List,
    Option,
    Paragraph,
    Reference,
    Sentence,
    StepBlock,
    Table,
)
from vademecum.render import words
from vademecum.render.grouping import DrugGroup, by_drug, group_gaps
from vademecum.render.inline import (
    NBSP,
    Piece,
    Role,
    amount_pieces,
    clean,
    glued,
    graded,
    marks,
    remarks,
    sentence_pieces,
)


class Kind(StrEnum):
    """How a line is set."""

    TITLE = "title"
    META = "meta"  # how the question was read, state of review, dates
    HEADING = "heading"
    SUBHEADING = "subheading"
    STEP = "step"
    OPTION = "option"
    AVOID = "avoid"  # a struck-out option
    ITEM = "item"
    TEXT = "text"
    COMMAND = "command"
    PROOF = "proof"
    FOOT = "foot"


class Box(StrEnum):
    """Lines that are set apart together."""

    NOTICE = "notice"
    FLAGS = "flags"
    BOTTOM_LINE = "bottom_line"


class Line(NamedTuple):
    kind: Kind
    pieces: tuple[Piece, ...]
    label: str | None = None  # run-in, before the pieces
    marker: str = ""
    depth: int = 0
    tone: str = ""  # role of the list or slot: "boxed_warning", "contraindications", ...
    box: Box | None = None
    sentences: tuple[Sentence, ...] = ()  # what stands in the line, for notes in a margin


class Cell(NamedTuple):
    pieces: tuple[Piece, ...]
    sentence: Sentence | None = None


class Grid(NamedTuple):
    """A table; the first column holds the labels of the rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Entry(NamedTuple):
    """One entry of the reference list."""

    reference: Reference
    note: str


_CRISIS = "self_harm"

Part: TypeAlias = Line | Grid | Entry


def outline(article: Article, *, proof: bool = False) -> Iterator[Part]:
    """Every part of the article in the reader's order."""
    return _Setter(article, proof).parts()


def ask_command(question: str, audience: str = "physician") -> str:
    """A command to paste into a shell: whatever the question holds, the shell sees one argument.

    Only inside the quotes are there plain spaces, so that a command which is broken over two lines still runs.
    """
    text = clean(question)
    quoted = f'"{text}"' if not set(text) & set('"$`\\!') else shlex.quote(text)
    start = (
        "vade",
        "ask",
        *(("--for", "patient") if audience == "patient" else ()),
        *(("--",) if text[:1] == "-" else ()),
    )
    return NBSP.join((*start, quoted))


def spaced(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """`pieces` with a plain space between them."""
    for index, piece in enumerate(pieces):
        if index:
            yield Piece(" ")
        yield piece


def plain(text: str) -> tuple[Piece, ...]:
    return (Piece(glued(text)),)


class _Setter:
    """Walks one article. `asked` is whom it is for: sentences about others are labelled."""

    def __init__(self, article: Article, proof: bool) -> None:
        self.article = article
        self.asked = words.asked_about(article)
        self.proof = proof
        self.steps = {
            block.id: block for section in article.sections for block in section.blocks if isinstance(block, StepBlock)
        }

    def parts(self) -> Iterator[Part]:
        yield from self._notice()
        if self.article.kind == _CRISIS:
            yield from self._foot()
            return
        yield from self._front()
        yield from self._flags()
        yield from self._forks()
        yield from self._bottom_line()
        for section in self.article.sections:
            yield Line(Kind.HEADING, plain(section.title), tone=section.id)
            for block in by_drug(section.blocks):
                yield from self._block(block)
        yield from self._coverage()
        yield from self._references()
        yield from self._end()

    # --- before the answer -----------------------------------------------------------------------------

    def _notice(self) -> Iterator[Line]:
        if (notice := self.article.notice) is not None:
            yield Line(Kind.HEADING, plain(notice.title), box=Box.NOTICE)
            for line in notice.lines:
                yield Line(Kind.TEXT, plain(line), box=Box.NOTICE)

    def _front(self) -> Iterator[Line]:
        article = self.article
        read = article.interpretation
        yield Line(Kind.TITLE, plain(article.title))
        if clean(article.question) != clean(article.title):
            yield self._meta("Asked", article.question)
        said = (*read.corrections, *(f"From the question: {fact}" for fact in read.facts), *read.assumptions)
        if said and article.sections:
            yield self._meta("Read as", " ".join(text if text.endswith(".") else f"{text}." for text in said))
        yield self._meta("Review", article.review.line)
        yield self._meta("Reader", words.AUDIENCE.get(article.audience, article.audience))
        dates = "; ".join(f"{what}: {when}".replace(" ", NBSP) for what, when in words.date_lines(article))
        yield Line(Kind.META, (Piece(dates),), label="Dates")
        for own in article.own_content:
            yield self._meta("Your own content", own)

    def _meta(self, label: str, text: str) -> Line:
        return Line(Kind.META, plain(text), label=label)

    def _flags(self) -> Iterator[Line]:
        for part, found in (("red_flags", self.article.red_flags), ("premise", self.article.premise)):
            box = Box.FLAGS if part == "red_flags" else None
            if found:
                yield Line(Kind.HEADING, plain(words.heading(part, self.article)), tone=part, box=box)
            for sentence in found:
                yield from self._said(sentence, kind=Kind.ITEM, marker="!" if box else "•", tone=part, box=box)

    def _forks(self) -> Iterator[Line]:
        if self.article.forks:
            yield Line(Kind.HEADING, plain(words.HEADINGS["forks"]), tone="forks")
        for number, fork in enumerate(self.article.forks, start=1):
            people = words.population_label(fork.population, self.asked)
            aside = "; ".join(filter(None, (people, "answered below" if fork.best else None)))
            label = f"{clean(fork.label)} ({aside})" if aside else fork.label
            yield Line(Kind.OPTION, plain(label), marker=f"{number}.")
            yield from self._fork(fork)

    def _fork(self, fork: ForkReading) -> Iterator[Line]:
        yield from self._run_in("What tells it apart", fork.why, depth=1)
        told = self.article.bottom_line is not None and fork.bottom_line == self.article.bottom_line
        if fork.bottom_line is not None and not told:
            yield from self._run_in("Bottom line", (fork.bottom_line,), depth=1)
        yield Line(Kind.COMMAND, (Piece(ask_command(fork.question, self.article.audience), Role.COMMAND),), depth=1)

    def _bottom_line(self) -> Iterator[Line]:
        found = self.article.bottom_line
        if found is None:
            return
        box = Box.BOTTOM_LINE
        yield Line(Kind.HEADING, plain("Bottom line"), box=box)
        pieces = (*amount_pieces(found.text), *marks(found))
        yield Line(Kind.TEXT, pieces, box=box, sentences=(found,))
        notes = tuple(piece._replace(text=piece.text.strip()) for piece in remarks(found, self.asked))
        notes = tuple(spaced(notes))
        if len(notes) > 1 or graded(found):
            yield Line(Kind.TEXT, notes, label="Grade" if graded(found) else "Note", box=box)
        applies = self.article.applies_if
        if applies is not None:
            yield Line(Kind.TEXT, sentence_pieces(applies, self.asked, told=True), label="Applies if", box=box)
        for sentence in filter(None, (found, applies) if self.proof else ()):
            yield self._proof(sentence)._replace(box=box)

    # --- blocks ----------------------------------------------------------------------------------------

    def _block(self, block: Block | DrugGroup) -> Iterator[Part]:
        if isinstance(block, DrugGroup):
            yield from self._drug(block)
        elif isinstance(block, List):
            yield from self._list(block)
        elif isinstance(block, Paragraph):
            yield from self._run_in(block.title, block.sentences)
        elif isinstance(block, Table):
            yield from self._table(block)
        else:
            yield from self._step(block)

    def _drug(self, group: DrugGroup) -> Iterator[Line]:
        """One heading for a drug with named slots; a run-in name where there is nothing but one list."""
        if len(group.slots) == 1 and group.slots[0].title is None:
            yield from self._run_in(group.title, group.slots[0].sentences)
            return
        yield Line(Kind.SUBHEADING, plain(group.title))
        for slot in group.slots:
            yield from self._run_in(slot.title, slot.sentences, tone=slot.role or "")

    def _list(self, block: List) -> Iterator[Line]:
        if block.title:
            yield Line(Kind.SUBHEADING, plain(block.title), tone=block.role or "")
        doses = block.role == "dosing"
        for item in block.items:
            label = item.label
            yield from self._said(
                item.sentence, kind=Kind.ITEM, marker="•", label=label, dose=doses, tone=block.role or ""
            )
            if item.decides is not None:
                yield from self._said(
                    item.decides,
                    label="Decides",
                    depth=1,
                    told=True,
                    bare=item.decides.citations == item.sentence.citations,
                )

    def _table(self, table: Table) -> Iterator[Part]:
        if table.title:
            yield Line(Kind.SUBHEADING, plain(table.title), tone=table.role or "")
        rows = tuple((Cell(plain(row.label)), *self._cells(row.cells)) for row in table.rows)
        yield Grid(tuple(clean(column) for column in table.columns), rows)
        for row in table.rows if self.proof else ():
            for sentence in filter(None, row.cells):
                yield self._proof(sentence)

    def _cells(self, cells: tuple[Sentence | None, ...]) -> Iterator[Cell]:
        """Each cell with its reference numbers; what holds for the whole row is said once, in its first cell."""
        told: set[tuple[str, ...]] = set()
        for sentence in cells:
            if sentence is None:
                yield Cell((Piece(words.NOT_STATED, Role.SCOPE),))
                continue
            known = sentence.statement_ids in told
            told.add(sentence.statement_ids)
            yield Cell(sentence_pieces(sentence, self.asked, told=known), sentence)

    # --- steps -----------------------------------------------------------------------------------------

    def _step(self, step: StepBlock) -> Iterator[Line]:
        names = words.STEP_PARTS
        line = words.LINE.get(step.line, step.line)
        yield Line(Kind.STEP, plain(f"{clean(step.title)} ({line})"), marker=f"Step {step.number}")
        yield from self._said(step.applies_if, label=names["applies_if"], told=True)
        yield from self._checks(names["because"], step.because)
        yield from self._checks(names["before"], step.before)
        if step.options:
            alone = len(step.options) == 1 and not step.options[0].avoid
            said = "Option:" if alone else words.CHOOSE.get(step.choose, words.CHOOSE["any"])
            if not all(option.avoid for option in step.options):
                yield Line(Kind.TEXT, plain(said), tone="choose")
        for option in step.options:
            yield from self._option(option, ranked=len(step.options) > 1)
        yield from self._checks(names["effect"], step.effect)
        yield from self._checks(names["stop"], step.stop)
        if step.if_fails in self.steps:
            following = self.steps[step.if_fails]
            target = plain(f"step {following.number}, {clean(following.title)}")
            yield Line(Kind.TEXT, target, label=names["if_fails"], tone="if_fails")

    def _checks(self, label: str, found: tuple[Sentence, ...]) -> Iterator[Line]:
        """One sentence behind its label, several as a list under it."""
        if len(found) == 1:
            yield from self._run_in(label, found)
        elif found:
            yield Line(Kind.TEXT, (), label)
            for sentence in found:
                yield from self._said(sentence, kind=Kind.ITEM, marker="•")

    def _option(self, option: Option, *, ranked: bool) -> Iterator[Line]:
        if option.avoid:
            yield Line(Kind.AVOID, plain(option.label), label=words.AVOID, marker="✗")
        else:
            yield Line(Kind.OPTION, plain(option.label), marker=f"{option.rank}." if option.rank and ranked else "•")
        if option.why is not None:
            yield from self._said(option.why, label=words.STEP_PARTS["why"], depth=1, told=True)
        for sentence in option.sentences:
            yield from self._said(sentence, depth=1, dose=True)

    # --- sentences -------------------------------------------------------------------------------------

    def _said(
        self,
        sentence: Sentence,
        *,
        kind: Kind = Kind.TEXT,
        label: str | None = None,
        marker: str = "",
        depth: int = 0,
        tone: str = "",
        box: Box | None = None,
        told: bool = False,
        bare: bool = False,
        dose: bool = False,
    ) -> Iterator[Line]:
        """One sentence as one line. With `dose` a dose carries its population before it, as a label."""
        if dose and sentence.population is not None and (sentence.dose or sentence.doses):
            label = f"Dose, {words.POPULATION[sentence.population]}"
            pieces: tuple[Piece, ...] = (
                *amount_pieces(sentence.text),
                *marks(sentence),
                *remarks(sentence, self.asked, population=False),
            )
        else:
            pieces = plain(sentence.text) if bare else sentence_pieces(sentence, self.asked, told=told)
        shown = () if told else (sentence,)
        yield Line(kind, pieces, label, marker, depth, tone, box, shown)
        if self.proof:
            yield self._proof(sentence, depth + (kind is Kind.ITEM))._replace(box=box)

    def _run_in(
        self, label: str | None, found: tuple[Sentence, ...], *, depth: int = 0, tone: str = ""
    ) -> Iterator[Line]:
        """Sentences as one paragraph behind a label; each on a line of its own when proofs are shown."""
        if self.proof:
            for number, sentence in enumerate(found):
                yield from self._said(sentence, label=label if number == 0 else None, depth=depth, tone=tone)
        elif found:
            pieces: list[Piece] = []
            for sentence in found:
                pieces.extend((Piece(" "),) if pieces else ())
                pieces.extend(sentence_pieces(sentence, self.asked))
            yield Line(Kind.TEXT, tuple(pieces), label, depth=depth, tone=tone, sentences=found)

    def _proof(self, sentence: Sentence, depth: int = 0) -> Line:
        proof = sentence.proof
        passed = [check.name for check in proof.checks if check.passed]
        failed = [f"{check.name} ({check.reason})" for check in proof.checks if not check.passed]
        said = f"{', '.join(sentence.statement_ids)}; {proof.verdict}; passed: {', '.join(passed) or 'none'}"
        if failed:
            said += f"; failed: {', '.join(failed)}"
        return Line(Kind.PROOF, plain(said), "Proof", depth=depth)

    # --- after the answer ------------------------------------------------------------------------------

    def _coverage(self) -> Iterator[Line]:
        if self.article.coverage:
            yield Line(Kind.HEADING, plain(words.HEADINGS["coverage"]), tone="coverage")
        for gap in group_gaps(self.article.coverage):
            where = f" ({', '.join(map(clean, gap.where))})" if gap.where else ""
            what = clean(gap.what)
            yield Line(Kind.ITEM, plain(f"{clean(gap.reason)}{where}"), what[:1].upper() + what[1:], "•", tone="gap")

    def _references(self) -> Iterator[Part]:
        if self.article.references:
            yield Line(Kind.HEADING, plain(words.HEADINGS["references"]), tone="references")
        for reference in self.article.references:
            yield Entry(reference, clean(words.reference_note(reference)))

    def _end(self) -> Iterator[Line]:
        article = self.article
        yield from self._listed("questions_to_ask", (plain(text) for text in article.questions_to_ask), Kind.ITEM)
        commands = ((Piece(ask_command(question, article.audience), Role.COMMAND),) for question in article.suggestions)
        yield from self._listed("suggestions", commands, Kind.COMMAND)
        yield from self._foot()

    def _foot(self) -> Iterator[Line]:
        article = self.article
        if (reading := words.reading_line(article)) is not None:
            yield Line(Kind.FOOT, plain(reading))
        for event in article.review.history:
            yield Line(Kind.FOOT, plain(event), label="Review history")
        yield Line(Kind.FOOT, plain(article.disclaimer))
        yield Line(Kind.FOOT, plain(f"Library {article.library_version}; article {article.article_id}"))

    def _listed(self, part: str, lines: Iterable[tuple[Piece, ...]], kind: Kind) -> Iterator[Line]:
        found = list(lines)
        if found:
            yield Line(Kind.HEADING, plain(words.HEADINGS[part]), tone=part)
        for pieces in found:
            yield Line(kind, pieces, marker="•" if kind is Kind.ITEM else "")
