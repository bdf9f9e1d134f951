"""From a question to an article, in one line: understand, plan, compose, prove."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable

from msgspec.structs import replace

from vademecum.answer import contract, digest, notices, sections
from vademecum.answer.article import (
    Article,
    Dates,
    ForkReading,
    Interpretation,
    Review,
    Section,
    Sentence,
    StepBlock,
    sentences,
)
from vademecum.answer.compose import Desk, capital
from vademecum.answer.digest import Literature
from vademecum.answer.plan import Plan, plan
from vademecum.answer.question import Group, Intent, Outcome, Understanding
from vademecum.answer.understand import understand
from vademecum.literature.digest import Digest
from vademecum.packs.library import BUNDLED, Library
from vademecum.packs.model import MAX_BOTTOM_LINE, Pack

AUDIENCES = ("physician", "patient")


def ask(
    question: str,
    library: Library,
    *,
    audience: str = "physician",
    today: dt.date | None = None,
    literature: Literature | None = None,
) -> Article:
    """Answer `question` from `library`, and from imported sources where no pack answers or they add to one.

    Same question, library, imported sources, audience and day give the same bytes.
    """
    if literature is not None:
        library = library.with_states(literature.states(library.sources.values()))
    planned, found = plan(understand(question, library), library), None
    if literature is not None:
        planned, found = digest.consult(planned, library, literature, quoted=audience != "patient")
    return compose(planned, library, audience=audience, today=today or dt.date.today(), found=found)


def compose(planned: Plan, library: Library, *, audience: str, today: dt.date, found: Digest | None = None) -> Article:
    """Write the article that `planned` describes, in the reader's words."""
    read = planned.understanding
    desk = Desk(library, read.group, "patient.en" if audience == "patient" else None)
    pack = planned.pack
    silent = read.outcome in {Outcome.SELF_HARM, Outcome.DECLINE}
    premise = () if silent else desk.say_all(planned.premise)
    red_flags = () if silent or pack is None else desk.say_all(planned.red_flags)
    bottom_line = None if silent else _bottom_line(desk, planned)
    applies_if = None
    if pack is not None and bottom_line is not None and planned.own_bottom_line:
        applies_if = desk.phrase(capital(pack.bottom_line.applies_if), pack.bottom_line.because)
    forks = () if silent else _forks(desk, planned)
    body = () if silent else tuple(_sections(desk, planned))
    if found is not None:
        body = _with_imported(desk, body, found)
    steps = [block for part in body for block in part.blocks if isinstance(block, StepBlock)]
    for gap, reason in planned.gaps:
        desk.gap(gap, reason)
    if pack is not None:
        _empty_sections(desk, planned, {part.id for part in body})
    article = Article(
        article_id="",
        kind=read.outcome,
        question=read.question,
        title=planned.title,
        audience=audience,
        interpretation=_interpretation(planned),
        forks=forks,
        red_flags=red_flags,
        sections=body,
        references=desk.references(),
        review=_review(pack, today),
        dates=_dates(planned, library, today, found),
        disclaimer=notices.DISCLAIMER[audience],
        library_version=library.version,
        coverage=tuple(desk.gaps),
        bottom_line=bottom_line,
        applies_if=applies_if,
        notice=notices.notice(read),
        premise=premise,
        pathway=sections.pathway(pack, steps) if pack is not None and steps else (),
        suggestions=planned.suggestions,
        questions_to_ask=pack.questions_to_ask if pack is not None and audience == "patient" else (),
        own_content=_own_content(planned, library),
    )
    return _signed(_with_reading(article))


# --- parts ---------------------------------------------------------------------------------------------


def _bottom_line(desk: Desk, planned: Plan) -> Sentence | None:
    pack = planned.pack
    if planned.own_bottom_line and pack is not None:
        return _pack_bottom_line(desk, pack)
    for statement_id in planned.lead:
        sentence = desk.say(statement_id)
        if sentence is None:
            continue
        if desk.plain is not None or len(sentence.text.split()) <= MAX_BOTTOM_LINE:
            return sentence
        statement = desk.library.statements[statement_id]
        part = _telling_part(sentence.text, planned.understanding)
        if part is not None:
            shorter = desk.sentence(part, (statement_id,), doses=statement.doses)
        else:
            own = sections.doses_for(desk, statement.doses, next(iter(planned.understanding.drugs), None))
            shorter = desk.say_dose(own[0], statement_id) if own else None
        if shorter is not None:
            return shorter
    return None


def _telling_part(text: str, read: Understanding) -> str | None:
    """Of a long statement its first sentence, or for "how long" the one with the length; None if it does not fit."""
    parts = [part.rstrip(".") + "." for part in text.split(". ")]
    if _HOW_LONG.search(read.question):
        parts.sort(key=lambda part: not _LENGTH.search(part))
    first = parts[0]
    fits_line = len(first.split()) <= MAX_BOTTOM_LINE and not first.startswith(("It ", "This ", "They "))
    return first if fits_line else None


_HOW_LONG = re.compile(r"how long|duration|(?:how many|max\w*) (?:days|weeks|months|duration)", re.IGNORECASE)
_LENGTH = re.compile(r"\b(?:longer than|for at most|for up to|within) [\w ]*\b(?:days?|weeks?|months?)\b")


def _pack_bottom_line(desk: Desk, pack: Pack) -> Sentence | None:
    line = pack.bottom_line
    if desk.plain is None:
        return desk.template(line.text, line.because)
    wording = pack.plain.get(desk.reader or "", {}).get("bottom_line")
    if wording is None:
        desk.gap("plain wording", "the bottom line has no plain wording", pack.pack)
        return None
    return desk.template(wording, line.because)


def _forks(desk: Desk, planned: Plan) -> tuple[ForkReading, ...]:
    readings = []
    for reading in planned.readings:
        pack = desk.library.packs[reading.pack]
        other = desk.beside(reading.group)
        readings.append(
            ForkReading(
                label=reading.label,
                question=reading.question,
                why=other.say_all(reading.why),
                pack=pack.pack,
                population=pack.population,
                command=f'vade ask "{reading.question}"',
                bottom_line=_pack_bottom_line(other, pack),
                best=reading.best,
            )
        )
    return tuple(readings)


def _sections(desk: Desk, planned: Plan) -> Iterable[Section]:
    """The planned sections that have content, in order."""
    pack = planned.pack
    read = planned.understanding
    if desk.plain is not None and pack is not None:
        yield from filter(None, (sections.section(desk, "about", [sections.listing(desk, (pack.about,))]),))
    for section_id in planned.sections:
        built: Section | None
        if section_id == "answer":
            built = sections.answer(desk, planned.lead)
        elif section_id == "dosing":
            built = sections.dosing(desk, pack, planned.drugs)
        elif section_id == "comparison":
            built = sections.comparison(desk, pack, read.drugs)
        elif section_id == "monitoring":
            built = sections.monitoring(desk, pack, planned.drugs)
        elif section_id == "cautions":
            asked = planned.red_flags if read.intent is Intent.RED_FLAGS else ()
            built = sections.cautions(desk, pack, planned.drugs, asked)
        elif pack is None:
            continue
        elif section_id == "assessment":
            built = sections.assessment(desk, pack)
        elif section_id == "treatment":
            built = sections.treatment(desk, pack, planned.steps, read.ruled_out)
        elif section_id == "adjuncts":
            built = sections.adjuncts(desk, pack)
        else:
            built = sections.evidence(desk, pack)
        if built is not None:
            yield built


def _with_imported(desk: Desk, body: tuple[Section, ...], found: Digest) -> tuple[Section, ...]:
    """The sections with what imported sources add, before the cautions; a patient's article has no raw quotations."""
    for gap in digest.gaps(found):
        desk.gap(gap.what, gap.reason)
    if desk.reader is not None:
        if found.quotations:
            reason = "imported sources bear on this, in professionals' words; ask without --for patient to read them"
            desk.gap("imported sources", reason)
        return body
    added = digest.section(desk, found)
    if added is None:
        return body
    at = next((index for index, part in enumerate(body) if part.id == "cautions"), len(body))
    return (*body[:at], added, *body[at:])


def _empty_sections(desk: Desk, planned: Plan, filled: set[str]) -> None:
    assert planned.pack is not None
    for section_id in planned.sections:
        if section_id not in filled and section_id not in {"answer", "dosing", "comparison"}:
            reason = planned.pack.unknown.get(section_id, "no statement of the library fills this section")
            desk.gap(f"section {section_id}", reason, planned.pack.pack)


def _interpretation(planned: Plan) -> Interpretation:
    read = planned.understanding
    pack = planned.pack
    population = read.group.value
    assumptions = list(read.assumptions)
    if read.ruled_out:
        said = ", ".join(drug.replace("-", " ") for drug in read.ruled_out)
        assumptions.append(f"The question rules out: {said}. Options with them are left out.")
    if read.group is Group.UNSTATED and read.outcome is not Outcome.DIGEST:
        population = pack.population.value if pack is not None else "adult"
        if population != "paediatric":
            assumptions.append("The question names no age: it is answered for adults.")
    return Interpretation(
        intent=read.intent,
        population=population,
        assumptions=tuple(assumptions),
        packs=read.packs,
        drugs=read.drugs,
        title=pack.title if pack is not None else None,
        corrections=read.corrections,
        facts=read.facts,
    )


def _review(pack: Pack | None, today: dt.date) -> Review:
    """Computed from what happened: bundled content was submitted and nobody has reviewed it."""
    if pack is None:
        return Review(state="submitted", line=notices.REVIEW_LINE, history=())
    history = [f"{pack.published}: {pack.title}, version {pack.version}, submitted"]
    if dt.date.fromisoformat(pack.review_by) < today:
        history.append(f"{pack.review_by}: the review date has passed")
    return Review(state="submitted", line=notices.REVIEW_LINE, history=tuple(history))


def _dates(planned: Plan, library: Library, today: dt.date, found: Digest | None) -> Dates:
    pack = planned.pack
    if planned.understanding.outcome is Outcome.DIGEST and found is not None:
        searched_to = found.imported
    elif pack is not None:
        searched_to = pack.searched_to
    else:
        searched_to = min((p.searched_to for p in library.packs.values()), default=None)
    return Dates(
        generated=today.isoformat(),
        evidence_searched_to=searched_to,
        human_reviewed=None,
        next_review_due=pack.review_by if pack else None,
    )


def _own_content(planned: Plan, library: Library) -> tuple[str, ...]:
    """Packs and sheets of the reader's own folders that this article leans on, and what they stand in for."""
    used = {f"pack:{planned.pack.pack}"} if planned.pack else set()
    used |= {f"drug:{library.base_of(drug)}" for drug in planned.drugs}
    stands_for = {(r.kind, r.by): r for r in library.replaced}
    found = []
    for key in sorted(used):
        origin = library.origins.get(key)
        if origin is None or origin.startswith(str(BUNDLED)):
            continue
        kind, _, name = key.partition(":")
        instead = stands_for.get((kind, origin))
        found.append(f"{kind} {name} from {origin}" + (f", in place of {instead.was}" if instead else ""))
    return tuple(found)


def _with_reading(article: Article) -> Article:
    """The reading grade of what a patient sees."""
    if article.audience != "patient" or not article.sections:
        return article
    from vademecum.answer.readability import measure

    return replace(article, reading=measure([sentence.text for sentence in sentences(article)]))


def _signed(article: Article) -> Article:
    """The article's id: a hash of what was asked and of everything that is shown."""
    content = contract.encode(article)
    return replace(article, article_id=hashlib.blake2b(content, digest_size=10).hexdigest())
