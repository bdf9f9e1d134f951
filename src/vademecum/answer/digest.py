"""Imported evidence in an article: quotations where no pack answers, or beside a pack what is newer or contrary.

A quotation is shown as printed and is never merged with a pack's statement; a pack's reviewed words keep their place
and a contrary finding stands beside them, named as such.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec.structs import replace

from vademecum.answer.article import Gap, Item, List, Quote, Section, Sentence
from vademecum.answer.compose import Desk
from vademecum.answer.plan import Plan
from vademecum.answer.question import Group, Outcome, Understanding
from vademecum.evidence.model import Certainty, Kind, Source, SourceState, Strength
from vademecum.literature.digest import Digest, Quotation, Stance
from vademecum.packs.library import Library
from vademecum.proof.model import Check, Proof, ProofSpan, Verdict

REPLACED = frozenset({Outcome.ABSTAIN, Outcome.OUT_OF_SCOPE, Outcome.NO_SUCH_ENTITY})
"""Outcomes that become a digest when imported sources bear on the question."""

BESIDE = frozenset({Outcome.ANSWER, Outcome.FALSE_PREMISE, Outcome.PATIENT_SPECIFIC})
"""Outcomes beside which newer or contrary imported evidence is shown."""

MOST_BESIDE = 4
SECTION = "imported"
TITLE = "From your imported sources"

_HEADINGS = {
    Stance.RECOMMENDS: "Recommend",
    Stance.AGAINST: "Recommend against",
    Stance.FINDING: "State a finding",
    Stance.NO_EFFECT: "State no effect, difference or association",
    Stance.OTHER: "Other passages that bear on the question",
}
_ROLES = {
    Stance.RECOMMENDS: "quoted_for",
    Stance.AGAINST: "quoted_against",
    Stance.FINDING: "quoted_finding",
    Stance.NO_EFFECT: "quoted_no_effect",
    Stance.OTHER: "quoted_other",
}
_CONTRARY = frozenset({Stance.AGAINST, Stance.NO_EFFECT})


class Literature(Protocol):
    """What an answer asks of the imported sources."""

    def digest(self, question: str, *, names: Sequence[Sequence[str]] = ()) -> Digest:
        """Quotations that bear on `question`; the words around them hold, of each group of `names`, at least one."""
        ...

    def states(self, sources: Iterable[Source]) -> dict[str, tuple[SourceState, str | None]]:
        """By key, the sources that imported records or registers know to be other than current, and why."""
        ...


def consult(
    planned: Plan, library: Library, literature: Literature, *, quoted: bool = True
) -> tuple[Plan, Digest | None]:
    """The digest for a plan, and the plan as it stands with it; None where imported evidence has no place.

    A reader to whom nothing is `quoted` gets no digest for an answer: the plan stays what it is.
    """
    read = planned.understanding
    if read.outcome in REPLACED:
        found = literature.digest(read.question, names=_names(read, library))
        if quoted and (found.quotations or found.retracted):
            kept = read.reasons if read.outcome is Outcome.ABSTAIN and planned.pack is not None else ()
            read = replace(read, outcome=Outcome.DIGEST, reasons=(*kept, _line(found)))
        return replace(planned, understanding=read), found
    if read.outcome in BESIDE:
        found = literature.digest(read.question, names=_names(read, library))
        return planned, _beside(found, planned, library)
    return planned, None


def _names(read: Understanding, library: Library) -> tuple[tuple[str, ...], ...]:
    """What a source must speak of, however like the question it is otherwise.

    Every unknown name; one of the drugs asked about; and the group of people, since what holds for others is no answer.
    """
    sheets = [library.drugs[drug] for drug in read.drugs if drug in library.drugs]
    drugs = [name for sheet in sheets for name in (sheet.drug.replace("-", " "), sheet.title, *sheet.names)]
    drugs += [name for sheet in sheets for name in sheet.asked_as]
    groups = (*((name,) for name in read.unknown), tuple(dict.fromkeys((*drugs, *read.without_sheet))))
    return tuple(group for group in (*groups, _PEOPLE.get(read.group, ())) if group)


_PEOPLE: dict[Group, tuple[str, ...]] = {
    Group.CHILD: (
        *("child", "children", "childhood", "pediatric", "paediatric", "juvenile", "adolescent", "teenager", "youth"),
        *("infant", "neonate", "newborn", "toddler", "baby", "babies", "boy", "girl"),
    ),
    Group.PREGNANCY: (
        *("pregnancy", "pregnancies", "pregnant", "gestation", "gestational", "antenatal", "fetal", "foetal"),
    ),
}


def section(desk: Desk, found: Digest) -> Section | None:
    """The quotations by what they assert, so that agreement and disagreement are seen."""
    blocks = []
    for stance in Stance:
        of_it = [quotation for quotation in found.quotations if quotation.stance is stance]
        if of_it:
            title = f"{_HEADINGS[stance]} ({_count(of_it)})"
            blocks.append(List(title=title, role=_ROLES[stance], items=tuple(_item(desk, q) for q in of_it)))
    if found.retracted:
        items = tuple(_item(desk, q) for q in found.retracted)
        blocks.append(List(title="Retracted: this is not evidence", role="quoted_retracted", items=items))
    return Section(id=SECTION, title=TITLE, blocks=tuple(blocks)) if blocks else None


def gaps(found: Digest) -> Iterable[Gap]:
    """What the search of the imported sources did not find, or could not do."""
    if found.searched and not found.quotations:
        yield Gap(
            what="imported sources",
            reason=f"none of the {found.searched:,} imported sources bears on the question in what they state",
        )
    if found.searched and not found.semantic:
        yield Gap(
            what="search by meaning",
            reason="the imported sources were searched by words only; the sentence encoder is not in use",
        )


def _line(found: Digest) -> str:
    sources = len({quotation.source.key for quotation in found.quotations})
    return (
        f"Quoted word for word from {sources} of the {found.searched:,} sources in your library. "
        "Nobody has reviewed, weighed or summarised them."
    )


def _beside(found: Digest, planned: Plan, library: Library) -> Digest | None:
    """Of a digest what a pack's answer lacks: work it does not cite that is newer than its search, or contrary."""
    known = {i for source in library.sources.values() for i in (source.pmid, source.doi) if i}
    since = int(planned.pack.searched_to[:4]) if planned.pack is not None else None
    kept = [
        quotation
        for quotation in found.quotations
        if not known & {quotation.source.pmid, quotation.source.doi}
        and (quotation.stance in _CONTRARY or (since is not None and (quotation.source.year or 0) >= since))
    ]
    return replace(found, quotations=tuple(kept[:MOST_BESIDE]), retracted=()) if kept else None


def _item(desk: Desk, quotation: Quotation) -> Item:
    return Item(label=_label(quotation), sentence=_sentence(desk, quotation))


def _label(quotation: Quotation) -> str:
    """Design, year, size and level, as far as the record states them: "Randomised trial, 2014, n = 213"."""
    source = quotation.source
    said = str(source.design or source.type).replace("_", " ")
    parts = [said[:1].upper() + said[1:]]
    parts += [str(source.year)] if source.year else []
    parts += [f"n = {source.participants:,}"] if source.participants else []
    parts += [f"OCEBM level {quotation.level}"] if quotation.level else []
    return ", ".join(parts)


def _sentence(desk: Desk, quotation: Quotation) -> Sentence:
    key = quotation.source.key
    place = f"{key}@{quotation.version}:{quotation.start}-{quotation.end}"
    retracted = quotation.source.state is SourceState.RETRACTED
    return Sentence(
        text=quotation.text,
        citations=(desk.number_imported(quotation.source),),
        statement_ids=(place,),
        population=quotation.population,
        strength=Strength.NONE,
        certainty=Certainty.NOT_GRADED,
        proof=Proof(
            verdict=Verdict.NOT_FOUND if retracted else Verdict.SUPPORTED,
            checks=(
                Check(name="quotation", passed=True),
                Check(name="source state", passed=not retracted, reason="the source is retracted" if retracted else ""),
            ),
            spans=(ProofSpan(statement_id=place, start=quotation.start, end=quotation.end),),
        ),
        kind=Kind.EVIDENCE,
        grade_as_printed=quotation.grade,
        contrary=quotation.stance in _CONTRARY,
        quote=Quote(
            version=quotation.version,
            start=quotation.start,
            end=quotation.end,
            sha256=hashlib.sha256(quotation.text.encode()).hexdigest(),
            path=quotation.path,
        ),
    )


def _count(quotations: Sequence[Quotation]) -> str:
    sources = len({quotation.source.key for quotation in quotations})
    return f"{sources} source" if sources == 1 else f"{sources} sources"
