"""From statements to proven sentences: the only place where sentences are made.

A `Desk` holds what one article needs while it is written: reference numbers in order of first use, gaps found on the
way, and the rule that a sentence which does not pass its proof is not written but reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vademecum.answer.article import Gap, Reference, Sentence
from vademecum.answer.question import Group, fits
from vademecum.dosing.model import Dose
from vademecum.dosing.record import dose_json
from vademecum.dosing.render import render
from vademecum.evidence.model import Certainty, Grade, Kind, Source, SourceState, Statement, Strength
from vademecum.evidence.references import render_references
from vademecum.packs.dosed_text import fill_doses
from vademecum.packs.library import Library
from vademecum.proof.checks import Evidence, prove
from vademecum.proof.model import Verdict

SAFETY_KINDS = frozenset({Kind.CAUTION, Kind.CONTRAINDICATION, Kind.INTERACTION, Kind.MONITORING, Kind.RED_FLAG})


class Desk:
    """Writes the sentences of one article for one group of people and one reader."""

    def __init__(self, library: Library, group: Group, reader: str | None = None) -> None:
        self.library = library
        self.group = group
        self.reader = reader
        self.plain = library.plain.get(reader, {}) if reader else None
        self.gaps: list[Gap] = []
        self._numbers: dict[str, int] = {}
        self._imported: dict[str, Source] = {}
        self._told: set[tuple[str, str]] = set()

    def beside(self, group: Group) -> Desk:
        """A desk for another group of people that shares this article's reference numbers and gaps."""
        other = Desk(self.library, group, self.reader)
        other.gaps, other._numbers, other._told = self.gaps, self._numbers, self._told
        return other

    # --- what may be shown -----------------------------------------------------------------------------

    def allowed(self, statement: Statement) -> bool:
        """Safety statements cross from adults to children, labelled; rules and doses never do."""
        if statement.unverified:
            return False
        if fits(statement.population, self.group):
            return True
        return self.group is Group.CHILD and statement.kind in SAFETY_KINDS and not statement.doses

    def citable(self, statement: Statement) -> tuple[str, ...]:
        """Keys of the sources that may carry this statement: seen, and not retracted."""
        sources = self.library.sources
        return tuple(
            cite.source
            for cite in statement.cites
            if sources[cite.source].verified and sources[cite.source].state is not SourceState.RETRACTED
        )

    # --- sentences -------------------------------------------------------------------------------------

    def say(self, statement_id: str) -> Sentence | None:
        """The statement in this reader's words, or None with the reason among the gaps."""
        statement = self.library.statements[statement_id]
        if statement.unverified:
            self.gap("statement", "it is unverified, or its pack was replaced by one of your own", statement_id)
        if not self.allowed(statement):
            return None
        if self.plain is None:
            return self.sentence(statement.text, (statement_id,), doses=statement.doses)
        wording = self.plain.get(statement_id)
        if wording is None:
            self.gap("plain wording", "no plain wording has been written for this statement", statement_id)
            return None
        return self.sentence(wording, (statement_id,), doses=statement.doses)

    def say_all(self, ids: Iterable[str]) -> tuple[Sentence, ...]:
        """Each statement once, in the given order."""
        found = (self.say(statement_id) for statement_id in dict.fromkeys(ids))
        return tuple(sentence for sentence in found if sentence is not None)

    def say_dose(self, dose: Dose, statement_id: str) -> Sentence | None:
        """One dose of a statement that names several: "Azathioprine 2 to 3 mg/kg per day"."""
        return self.sentence(f"{capital(render(dose))}.", (statement_id,), doses=(dose,))

    def phrase(self, text: str | None, ids: Sequence[str]) -> Sentence | None:
        """A short authored text (entry condition, interval, target) as a cited sentence of its statements."""
        shown = [i for i in ids if self.allowed(self.library.statements[i])]
        return self.sentence(text, tuple(shown)) if text and shown else None

    def template(self, text: str, ids: Sequence[str]) -> Sentence | None:
        """A text in which `{dose ID [DRUG]}` stands for a typed dose."""
        filled, doses = fill_doses(text, self.library.statements)
        return self.sentence(capital(filled), tuple(ids), doses=doses)

    def sentence(self, text: str, ids: tuple[str, ...], *, doses: tuple[Dose, ...] = ()) -> Sentence | None:
        """Prove, number and write one sentence; a failed proof is reported and nothing is shown."""
        statements = tuple(self.library.statements[i] for i in ids)
        keys = dict.fromkeys(key for statement in statements for key in self.citable(statement))
        if not keys:
            self.gap("sentence", "every source of this statement is retracted or was not seen", ids[0])
            return None
        proof = prove(text, Evidence(statements, self.library))
        if proof.verdict is not Verdict.SUPPORTED:
            failed = "; ".join(check.reason for check in proof.checks if not check.passed)
            self.gap("sentence", f"withheld because its proof failed: {failed}", ids[0])
            return None
        first = statements[0]
        grade = _common_grade(statements)
        written = tuple(dose_json(dose) for dose in doses)
        return Sentence(
            text=text,
            citations=tuple(self.number(key) for key in keys),
            statement_ids=ids,
            population=first.population,
            strength=grade.strength,
            certainty=grade.certainty,
            proof=proof,
            kind=first.kind,
            dose=written[0] if len(written) == 1 else None,
            doses=written if len(written) > 1 else (),
            direction=grade.direction,
            grade_origin=grade.origin,
            grade_as_printed=grade.as_printed,
            scope=first.scope,
            caveat=first.caveat,
            contrary=any(statement.contrary for statement in statements),
        )

    # --- references and gaps ---------------------------------------------------------------------------

    def number(self, key: str) -> int:
        """The reference number of a source, given on first use."""
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def number_imported(self, source: Source) -> int:
        """The reference number of a source that no pack holds."""
        self._imported[source.key] = source
        return self.number(source.key)

    def references(self) -> tuple[Reference, ...]:
        """The reference list, in order of number."""
        texts = dict(zip(self._imported, render_references(tuple(self._imported.values())), strict=True))
        return tuple(self._reference(number, key, texts.get(key)) for key, number in self._numbers.items())

    def _reference(self, number: int, key: str, text: str | None) -> Reference:
        source = self._imported[key] if text is not None else self.library.sources[key]
        return Reference(
            number=number,
            key=key,
            type=source.type,
            title=source.title,
            text=text if text is not None else self.library.references[key],
            status=source.state,
            read=source.read,
            journal=source.container,
            year=source.year,
            doi=source.doi,
            pmid=source.pmid,
            url=source.url,
            body=source.body,
            jurisdiction=source.jurisdiction,
            design=source.design,
            participants=source.participants,
            status_note=source.state_note,
            superseded_by=source.superseded_by,
        )

    def gap(self, what: str, reason: str, where: str | None = None) -> None:
        """Note once that something was looked for and is not shown."""
        if (what, where or reason) not in self._told:
            self._told.add((what, where or reason))
            self.gaps.append(Gap(what=what, reason=reason, where=where))


def capital(text: str) -> str:
    """First letter upper case, unless the first word is a name or unit with its own case."""
    return text[:1].upper() + text[1:] if text[:1].islower() and not re.match(r"[a-z]+[A-Z]", text) else text


_CERTAINTY = tuple(Certainty)[:4]  # from high to very low
_STRENGTH = (Strength.STRONG, Strength.CONDITIONAL, Strength.NONE)


def _common_grade(statements: Sequence[Statement]) -> Grade:
    """The grade of a sentence that leans on several statements: the weakest of those that are graded.

    A sentence whose first statement is not graded stays ungraded, whatever the others say.
    """
    first = statements[0].grade
    graded = [s.grade for s in statements if s.grade.certainty in _CERTAINTY]
    if first.certainty not in _CERTAINTY or not graded:
        return first
    return max(graded, key=lambda grade: (_CERTAINTY.index(grade.certainty), _STRENGTH.index(grade.strength)))
