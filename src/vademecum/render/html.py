"""The article as one HTML file: no script, no request to anywhere, readable on a phone, in the dark and on paper.

The proof of a sentence is a `<details>` behind its raised reference numbers; the style sheet puts it into the margin
where there is one. All text passes through Jinja's escaping or `_amounts`; links leave only for http and https.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from vademecum.answer.article import (
    Article,
    Block,
    List,
    Paragraph,
    Reference,
    Section,
    Sentence,
    StepBlock,
    Table,
    sentences,
)
from vademecum.evidence.model import Certainty, GradeOrigin, SourceState, SourceType
from vademecum.render import words
from vademecum.render.grouping import DrugGroup, by_drug, group_gaps
from vademecum.render.inline import NBSP, Role, amount_pieces, clean, glued
from vademecum.render.links import Span, doi_address, pmid_address, reference_spans, web_address
from vademecum.render.outline import ask_command
from vademecum.render.pathway_svg import render_pathway_svg, step_anchor
from vademecum.render.sources_svg import render_sources_svg

TEMPLATES = Path(__file__).parent / "templates"

_CRISIS = "self_harm"  # the reply alone: no question as a headline, nothing further to read
_URGENT = frozenset({"emergency", _CRISIS})


def render_html(article: Article) -> str:
    """The whole page. The same article gives the same bytes."""
    return _template().render(_context(article))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["capfirst"] = _capfirst
    style, digest = _style()
    environment.globals.update(
        words=words,
        text=glued,
        amounts=_amounts,
        anchor=_anchor,
        tone=_tone,
        certainty=_certainty,
        graded=_graded,
        numbers=_numbers,
        checked=_checked,
        group_gaps=group_gaps,
        style=Markup(style),
        style_hash=digest,
    )
    return environment.get_template("article.html.j2")


@lru_cache(maxsize=1)
def _style() -> tuple[str, str]:
    """The style sheet without comments and indents, and the hash by which the page allows it."""
    sheets = "".join((TEMPLATES / name).read_text("utf-8") for name in ("tokens.css", "article.css"))
    style = re.sub(r"\s*([{};])\s*", r"\1", re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)).strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return style, f"sha256-{digest}"


def _context(article: Article) -> dict[str, Any]:
    crisis = article.kind == _CRISIS
    references = tuple(_reference(reference) for reference in article.references)
    sections = tuple(_section(section) for section in article.sections)
    treatment = next((view.id for view in sections for block in view.blocks if block.kind == "step"), None)
    return {
        "article": article,
        "title": clean(article.notice.title if crisis and article.notice else article.title),
        "crisis": crisis,
        "urgent": article.kind in _URGENT,
        "kicker": _kicker(article),
        "asked": glued(article.question) if clean(article.question) != clean(article.title) else "",
        "read_as": _read_as(article),
        "stepper": _stepper(article.review.state),
        "caution": _CAUTION.get(article.review.state, _CAUTION[""]),
        "contents": () if crisis else tuple(_contents(article, sections)),
        "sections": sections,
        "steps": {
            block.id: block for part in article.sections for block in part.blocks if isinstance(block, StepBlock)
        },
        "picture_in": treatment,
        "picture": Markup(render_pathway_svg(article.pathway)),
        "small_picture": Markup(render_pathway_svg(article.pathway, narrow=True)),
        "sources_picture": Markup(render_sources_svg(article.references)),
        "references": references,
        "check_names": glued(_check_names(article)),
        "cited": {view.number: view.cited for view in references},
        "other_reader": _other_reader(article),
        "ask": lambda question: _command(question, article.audience),
    }


# --- text ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _amounts(text: str) -> Markup:
    """The text, escaped, with its amounts marked so that they are set apart and never broken."""
    pieces = (
        f'<b class="n">{escape(piece.text)}</b>' if piece.role is Role.AMOUNT else escape(piece.text)
        for piece in amount_pieces(text)
    )
    return Markup("".join(pieces))


def _capfirst(text: str) -> str:
    return text[:1].upper() + text[1:]


def _anchor(name: str, prefix: str = "step") -> str:
    return step_anchor(name) if prefix == "step" else f"{prefix}{step_anchor(name).removeprefix('step')}"


_TONES = {
    "boxed_warning": "care",
    "cautions": "care",
    "contrary": "care",
    "contraindications": "stop",
    "monitoring": "check",
}


def _tone(role: str | None) -> str:
    """Which sign stands before a slot: stop, take care, check; none for what only informs."""
    return _TONES.get(role or "", "")


# --- the proof of a sentence ---------------------------------------------------------------------------


def _numbers(sentence: Sentence) -> str:
    """Reference numbers as one word; a long run of them may break."""
    return (f",{NBSP}" if len(sentence.citations) < _LONG_RUN else ", ").join(map(str, sentence.citations))


_LONG_RUN = 4


def _certainty(sentence: Sentence) -> str:
    if sentence.certainty is Certainty.NOT_GRADED:
        return "not graded"
    return f"{sentence.certainty.replace('_', ' ')} certainty"


_GRADER = {
    GradeOrigin.SOURCE: "graded by the source",
    GradeOrigin.MAPPED: "mapped from the source's own scale",
}


def _graded(sentence: Sentence) -> Markup:
    """The grade in words, who graded, and whom the sentence is about."""
    grade = glued(words.grade_words(sentence)) or "not graded"
    grader = _GRADER.get(sentence.grade_origin) if sentence.grade_origin is not None else None
    about = f"about {words.POPULATION[sentence.population]}" if sentence.population is not None else None
    rest = "; ".join(filter(None, (grader, about)))
    return Markup("<b>{}</b>; {}").format(_capfirst(grade), rest)


def _checked(sentence: Sentence) -> str:
    """Which statements carry the sentence and whether its checks passed; the checks are named once, at the end."""
    proof = sentence.proof
    failed = [f"{check.name} ({check.reason})" for check in proof.checks if not check.passed]
    passed = len(proof.checks) - len(failed)
    said = f"{', '.join(sentence.statement_ids)}: {proof.verdict.replace('_', ' ')}, "
    said += f"passed {passed} of {len(proof.checks)} checks" if failed else f"passed all {passed} checks"
    return glued(f"{said}; failed {', '.join(failed)}" if failed else said)


def _check_names(article: Article) -> str:
    """Every check that a sentence of the article went through."""
    names = (check.name for sentence in sentences(article) for check in sentence.proof.checks)
    return ", ".join(dict.fromkeys(names))


# --- references ----------------------------------------------------------------------------------------


class ReferenceView(NamedTuple):
    number: int
    spans: tuple[Span, ...]
    note: str
    state: str  # empty when current
    cited: Markup  # the reference as it stands in a proof


def _reference(reference: Reference) -> ReferenceView:
    note = glued(words.reference_note(reference))
    state = "" if reference.status is SourceState.CURRENT else reference.status.replace(" ", "-")
    return ReferenceView(reference.number, reference_spans(reference), note, state, _cited(reference))


def _cited(reference: Reference) -> Markup:
    """Number, source with its best address, design, size, how much was read, and a state that is not current."""
    said: Markup = escape(glued(_short(reference)))
    address = doi_address(reference.doi) or pmid_address(reference.pmid) or web_address(reference.url)
    if address is not None:
        said = Markup('<a href="{}">{}</a>').format(address, said)
    notes = [reference.design or reference.type.replace("_", " ")]
    notes += [f"n{NBSP}={NBSP}{reference.participants:,}"] if reference.participants else []
    notes.append(f"read: {reference.read}")
    notes += [] if reference.status is SourceState.CURRENT else [reference.status.upper()]
    return Markup('<li><a href="#ref-{}">{}</a> {}; {}</li>').format(
        reference.number, reference.number, said, glued("; ".join(notes))
    )


def _short(reference: Reference) -> str:
    """The product, the body, the first author or the journal, and the year."""
    product = reference.type in {SourceType.LABEL, SourceType.REFERENCE_PAGE}
    known = None if product else reference.body or _first_author(reference) or reference.journal
    name = known or reference.title.partition(": ")[0]
    return f"{name} {reference.year}" if reference.year else name


def _first_author(reference: Reference) -> str:
    """Who stands before the title in the reference; "et al." for more than one."""
    before, title, _ = reference.text.partition(reference.title)
    first, more, _ = before.strip(" .").partition(", ") if title else ("", "", "")
    return f"{first} et al." if more else first


# --- the top of the page -------------------------------------------------------------------------------


def _kicker(article: Article) -> str:
    """What kind of answer it is and whom it is about."""
    if not article.sections:
        return ""
    intent = words.INTENT.get(article.interpretation.intent, "")
    people = words.asked_about(article)
    everyone = "" if article.kind == "digest" else "adults and children"
    about = words.POPULATION[people] if people is not None else everyone
    return _capfirst(" · ".join(filter(None, (intent, about))))


def _read_as(article: Article) -> tuple[str, ...]:
    if not article.sections:
        return ()
    read = article.interpretation
    said = (*read.corrections, *(f"from the question: {fact}" for fact in read.facts), *read.assumptions)
    return tuple(_capfirst(text if text.endswith(".") else f"{text}.") for text in said)


class State(NamedTuple):
    label: str
    done: bool
    current: bool

    @property
    def css(self) -> str:
        return "current" if self.current else "done" if self.done else "ahead"


_STATES = {"submitted": "Submitted", "under_review": "Under Review", "approved": "Approved"}
_CAUTION = {
    "approved": "",
    "": "For education and decision support. Take care: check each sentence against its sources before acting on it.",
}


def _stepper(state: str) -> tuple[State, ...]:
    """The way to approval, and where the article stands; a state that is off the way stands at its end."""
    names = list(_STATES)
    if state not in _STATES:
        label = _capfirst(clean(state).replace("_", " "))
        return (*(State(_STATES[name], False, False) for name in names), State(label, False, True))
    at = names.index(state)
    return tuple(State(_STATES[name], place < at, place == at) for place, name in enumerate(names))


def _command(question: str, audience: str) -> str:
    """What to type, with the plain spaces that a shell needs."""
    return ask_command(question, audience).replace(NBSP, " ")


class OtherReader(NamedTuple):
    """How to get the same for the other reader."""

    label: str
    command: str


def _other_reader(article: Article) -> OtherReader | None:
    """None for a digest: quotations are not retold in other words."""
    if article.kind == "digest":
        return None
    if article.audience == "patient":
        return OtherReader("The same for health professionals:", _command(article.question, "physician"))
    return OtherReader("The same in plain words:", _command(article.question, "patient"))


# --- contents and sections -----------------------------------------------------------------------------


class Entry(NamedTuple):
    anchor: str
    title: str
    inside: tuple[Entry, ...] = ()


class BlockView(NamedTuple):
    kind: str  # which macro prints it
    block: Block | DrugGroup
    id: str


class SectionView(NamedTuple):
    id: str
    title: str
    blocks: tuple[BlockView, ...]
    jump: tuple[Entry, ...]  # to the drugs, where there are many


_KINDS: dict[type, str] = {
    List: "listing",
    Paragraph: "paragraph",
    Table: "table",
    StepBlock: "step",
    DrugGroup: "drug",
}
_MANY_DRUGS = 3


def _section(section: Section) -> SectionView:
    anchor = _anchor(section.id, "sec")
    blocks = tuple(
        BlockView(_KINDS[type(block)], block, f"{anchor}-{number}")
        for number, block in enumerate(by_drug(section.blocks), start=1)
    )
    drugs = tuple(Entry(view.id, view.block.title) for view in blocks if isinstance(view.block, DrugGroup))
    return SectionView(anchor, section.title, blocks, drugs if len(drugs) > _MANY_DRUGS else ())


def _contents(article: Article, sections: tuple[SectionView, ...]) -> Iterator[Entry]:
    """The outline: every part that is there; under the treatment its steps."""
    parts = words.HEADINGS
    if article.red_flags:
        yield Entry("red-flags", words.heading("red_flags", article))
    if article.premise:
        yield Entry("premise", parts["premise"])
    if article.forks:
        yield Entry("forks", parts["forks"])
    if article.bottom_line:
        yield Entry("bottom-line", "Bottom line")
    for view in sections:
        steps = (view.block for view in view.blocks if isinstance(view.block, StepBlock))
        yield Entry(view.id, view.title, tuple(Entry(_anchor(s.id), f"{s.number}. {s.title}") for s in steps))
    if article.coverage:
        yield Entry("coverage", parts["coverage"])
    if article.references:
        yield Entry("references", parts["references"])
    if article.questions_to_ask:
        yield Entry("questions", parts["questions_to_ask"])
    if article.suggestions:
        yield Entry("next", parts["suggestions"])
