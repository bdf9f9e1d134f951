"""Does a sentence say what its statements say? Small pure checks, each with its reason.

A new rule is one function, one entry in `RULES`, one test. A rule takes the sentence and its evidence and returns what
is wrong, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Protocol

from vademecum.dosing.figures import decimal_digits
from vademecum.dosing.render import render
from vademecum.evidence.model import Population, Statement, Strength
from vademecum.evidence.terms import fold, words
from vademecum.proof.amounts import TIMES, amounts, figures
from vademecum.proof.model import Check, Proof, ProofSpan, Verdict
from vademecum.proof.retelling import alterations


class DrugNames(Protocol):
    """What the checks ask of a library."""

    memo: dict[object, object]

    def drugs_in(self, text: str) -> tuple[str, ...]:
        """Ids of the drugs named in a text."""

    def base_of(self, drug: str) -> str:
        """One id for names that share a sheet."""


class Evidence:
    """What a sentence leans on."""

    def __init__(self, statements: tuple[Statement, ...], library: DrugNames) -> None:
        self.statements = statements
        self.library = library

    @cached_property
    def text(self) -> str:
        """Everything the sentence may repeat: the statements, their doses as rendered, their grades and scopes."""
        parts: list[str] = []
        for statement in self.statements:
            parts.append(statement.text)
            parts.extend(render(dose) for dose in statement.doses)
            parts.extend(filter(None, (statement.grade.as_printed, statement.scope, statement.caveat)))
        return " . ".join(parts)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The sentences of the statements and the doses as rendered."""
        found = [sentence for statement in self.statements for sentence in _sentences(statement.text)]
        return (*found, *(render(dose) for statement in self.statements for dose in statement.doses))

    def drugs_in(self, text: str) -> tuple[str, ...]:
        """The drugs named in a text; names that share a sheet are one drug."""
        return tuple(self.library.base_of(drug) for drug in self.library.drugs_in(text))


_TIMES = TIMES | {"{times}"}

Rule = Callable[[str, Evidence], str | None]
"""Takes a sentence and its evidence; returns what is wrong, or None."""

_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|avoid\w*|against|contraindicat\w*|cannot|can't|don't|doesn't|isn't|"
    r"stop|stops|stopped|withhold|withheld)\b"
)
NEGATED = re.compile(
    _NEGATION.pattern + r"|\b(?:aseptic|incompatib\w+|poorly|less effective|missed|lack\w*|fail\w*|ineffective|"
    r"unlikely|"
    r"unapproved|unlicensed|off-label|absent|absence|only|minimum|strict\w*|delay|toxic|discourag\w+|rarely|free of|"
    r"exclud\w+|rather than|unproven|unclear|caution|un(?:able|safe|suitable|treated|known))\b"
)
"""What a plain wording may turn into "not": a statement says it with one of these."""

_MODALS = (  # from weakest to strongest; a sentence may be weaker than its statement, never stronger
    re.compile(r"\b(?:may|might|could|can|consider|considered|possibly|suggest|suggests|suggested|option|options)\b"),
    re.compile(r"\b(?:should|recommend|recommends|recommended|advise|advises|advised|needs?|start|give|offer|use)\b"),
    re.compile(r"\b(?:must|always|never|required|requires|mandatory|essential|contraindicat\w*|forbidden)\b"),
)
_PERIODS = {
    "daily": re.compile(r"\b(?:daily|a day|per day|each day|every day|times a day|/day|once a day)\b|/day"),
    "weekly": re.compile(r"\b(?:weekly|a week|per week|each week|every week|once a week)\b|/week|/wk"),
    "monthly": re.compile(r"\b(?:monthly|a month|per month|each month|every month)\b"),
}
_CHILD = re.compile(r"\b(?:child|children|paediatric|pediatric|juvenile|infants?|neonat\w+|newborns?)\b")
_ADULT = re.compile(r"\badults?\b")
_RISES = re.compile(
    r"\b(?:rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|higher|(?<!no )(?<!not )more|elevat\w+|ris(?:e|es|ing))\b"
)
_FALLS = re.compile(r"\b(?:lower(?:s|ed|ing)?|decreas\w+|reduc\w+|less|fewer|down|fall(?:s|ing)?|fell|drop\w*)\b")
_CERTAIN = re.compile(r"\b(?:high[- ]certainty|strong evidence|proven|proves|demonstrated conclusively|definitive)\b")


def supported_sources(_text: str, evidence: Evidence) -> str | None:
    if any(statement.unverified for statement in evidence.statements):
        return "leans on a statement marked unverified"
    return None if evidence.statements else "cites no statement"


def numbers_agree(text: str, evidence: Evidence) -> str | None:
    """Every number, with its unit and basis, stands in the evidence."""
    known = amounts(evidence.text)
    for value, unit in sorted(figures(text), key=str):
        if (value, unit) in known:
            continue
        others = sorted({other for v, other in known if v == value and other is not None})
        bare = any(v == value and other is None for v, other in known)
        said = f"{decimal_digits(value)}{f' {unit}' if unit else ''}"
        if (unit is None and others and set(others) <= _TIMES) or (bare and unit in _TIMES):
            continue
        if unit is None and others:
            return f"{said} has lost its unit; the statement has {decimal_digits(value)} {' or '.join(others)}"
        if others:
            return f"{said} is written; the statement has {decimal_digits(value)} {' or '.join(others)}"
        return f"{said} is not in the statement"
    return None


def periods_agree(text: str, evidence: Evidence) -> str | None:
    """Daily stays daily and weekly stays weekly."""
    said, known = fold(text), fold(evidence.text)
    for name, pattern in _PERIODS.items():
        if pattern.search(said) and not pattern.search(known):
            return f"says {name}; the statement does not"
    return None


def drugs_agree(text: str, evidence: Evidence) -> str | None:
    """Every drug named is one the statements name."""
    library = evidence.library
    known = set(evidence.drugs_in(evidence.text)) | {library.base_of(d) for s in evidence.statements for d in s.drugs}
    known |= {library.base_of(dose.drug) for s in evidence.statements for dose in s.doses}
    for drug in library.drugs_in(text):
        if library.base_of(drug) not in known:
            return f"names {drug}, which the statement does not"
    return None


def population_agrees(text: str, evidence: Evidence) -> str | None:
    """A sentence about children leans on statements about children, and the same for adults."""
    said, known = fold(text), fold(evidence.text)
    populations = {statement.population for statement in evidence.statements}
    child = {Population.PAEDIATRIC, Population.ADULT_AND_PAEDIATRIC}
    if _CHILD.search(said) and not (populations & child or _CHILD.search(known)):
        return "speaks of children; the statement does not"
    if _ADULT.search(said) and populations == {Population.PAEDIATRIC} and not _ADULT.search(known):
        return "speaks of adults; the statement is about children"
    return None


def negation_agrees(text: str, evidence: Evidence) -> str | None:
    """A negated sentence has a negated statement."""
    if _NEGATION.search(fold(text)) and not NEGATED.search(fold(evidence.text)):
        return "is negated; the statement is not"
    return None


def direction_agrees(text: str, evidence: Evidence) -> str | None:
    """More is not less."""
    said, known = fold(text), fold(evidence.text)
    rises, falls = bool(_RISES.search(said)), bool(_FALLS.search(said))
    if rises and not falls and _FALLS.search(known) and not _RISES.search(known):
        return "says more where the statement says less"
    if falls and not rises and _RISES.search(known) and not _FALLS.search(known):
        return "says less where the statement says more"
    return None


def strength_agrees(text: str, evidence: Evidence) -> str | None:
    """Not stronger than the statement: "may" does not become "must", nor low certainty proof."""
    said, known = fold(text), fold(evidence.text)
    if _CERTAIN.search(said) and not _CERTAIN.search(known):
        return "claims more certainty than the statement"
    strong = any(statement.grade.strength is Strength.STRONG for statement in evidence.statements)
    if _level(said) == 2 and _level(known) < 1 and not strong and not _NEGATION.search(known):
        return "is worded more strongly than the statement"
    return None


def _level(text: str) -> int:
    return max((n for n, pattern in enumerate(_MODALS) if pattern.search(text)), default=0)


def retelling_is_exact(text: str, evidence: Evidence) -> str | None:
    """A near copy of a statement keeps every word of it that carries meaning."""
    for sentence in _sentences(text):
        if sentence in evidence.told:
            continue
        copies = [
            found for told in evidence.told if (found := alterations(sentence, told, evidence.drugs_in)) is not None
        ]
        if copies and all(copies):
            return copies[0][0]
    return None


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.;]) ", text)


RULES: tuple[tuple[str, Rule], ...] = (
    ("sources", supported_sources),
    ("numbers and units", numbers_agree),
    ("period", periods_agree),
    ("drug", drugs_agree),
    ("population", population_agrees),
    ("negation", negation_agrees),
    ("direction", direction_agrees),
    ("strength", strength_agrees),
    ("retelling", retelling_is_exact),
)


def prove(text: str, evidence: Evidence) -> Proof:
    """Run every rule. The verdict is SUPPORTED only when none objects.

    A number or unit that contradicts the statement is CONTRADICTED; anything else that fails is PARTIAL; a sentence
    with no statement is NOT_FOUND.
    """
    key = (text, tuple(s.id for s in evidence.statements))
    cached = evidence.library.memo.get(key)
    if cached is not None:
        assert isinstance(cached, Proof)
        return cached
    checks = tuple(_run(name, rule, text, evidence) for name, rule in RULES)
    failed = {check.name for check in checks if not check.passed}
    if not evidence.statements:
        verdict = Verdict.NOT_FOUND
    elif failed & {"numbers and units", "negation", "direction", "population", "retelling"}:
        verdict = Verdict.CONTRADICTED
    else:
        verdict = Verdict.PARTIAL if failed else Verdict.SUPPORTED
    proof = Proof(verdict=verdict, checks=checks, spans=_spans(text, evidence))
    evidence.library.memo[key] = proof
    return proof


def _run(name: str, rule: Rule, text: str, evidence: Evidence) -> Check:
    wrong = rule(text, evidence)
    return Check(name=name, passed=wrong is None, reason=wrong or "")


def _spans(text: str, evidence: Evidence) -> tuple[ProofSpan, ...]:
    """The sentence of each statement that shares most words with `text`; the whole statement when they are equal."""
    found = []
    asked = set(words(text))
    for statement in evidence.statements:
        if statement.text == text:
            found.append(ProofSpan(statement_id=statement.id, start=0, end=len(text)))
            continue
        best = max(
            re.finditer(r"[^.;]+(?:\.(?=\d)[^.;]*)*[.;]?", statement.text),
            key=lambda match: len(asked & set(words(match[0]))),
        )
        found.append(ProofSpan(statement_id=statement.id, start=best.start(), end=best.end()))
    return tuple(found)
