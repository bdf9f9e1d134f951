"""Statements taken out of a document by rules, each an exact quotation with its place.

Every finding is one sentence of the document; nothing is joined, shortened or reworded. Precision comes first: a
sentence the rules are not sure of is left in the document, where search still finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vademecum.literature.appraisal.species import animal_words
from vademecum.literature.documents import Document
from vademecum.literature.findings import Finding, FindingKind
from vademecum.literature.mining.advice import advice_in
from vademecum.literature.mining.assertions import conclusion_in, contraindication_in
from vademecum.literature.mining.doses import is_dose
from vademecum.literature.mining.figures import figures_in
from vademecum.literature.mining.grades import grade_in
from vademecum.literature.mining.results import denies, is_result
from vademecum.literature.mining.sentence import Sentence, flattened
from vademecum.literature.mining.sentences import sentences
from vademecum.literature.records import Record, RecordKind
from vademecum.literature.regions import Role, regions

RULES_VERSION = 1
"""Raised whenever a rule changes what it finds in some document; findings of an older version are mined again."""

SHORTEST, LONGEST = 12, 1_500
"""Characters of a sentence worth reading: below is debris, above is a table or a list that lost its line breaks."""

_DIGIT = re.compile(r"[0-9]")
_SILENT = (Role.FUNDING, Role.REGISTRATION)


def mine(record: Record, document: Document) -> tuple[Finding, ...]:
    """The findings of a document in order of place; a sentence that does two things gives two findings."""
    found = tuple(finding for sentence in _sentences(record, document) for finding in _findings(sentence))
    if any(finding.kind is FindingKind.DOSE for finding in found) and _is_on_animals(record, document):
        return tuple(finding for finding in found if finding.kind is not FindingKind.DOSE)
    return found


def _is_on_animals(record: Record, document: Document) -> bool:
    """A dose for rats is never listed among doses."""
    whole = flattened(document.text)
    return animal_words(flattened(record.title), whole, whole, {heading.name for heading in record.mesh}) is not None


def _sentences(record: Record, document: Document) -> Iterator[Sentence]:
    lines = record.kind is RecordKind.LABEL
    for region in regions(document):
        if region.role in _SILENT:
            continue
        begin = region.start + len(region.opening)
        label = region.label.lower()
        for start, end in sentences(document.text, begin, region.end, lines=lines):
            if SHORTEST <= end - start <= LONGEST:
                text = document.text[start:end]
                yield Sentence(start, end, text, flattened(text), region.role, record.kind, region.code, label)


def _findings(sentence: Sentence) -> Iterator[Finding]:
    barred = contraindication_in(sentence)
    if barred is not None:
        yield _finding(sentence, FindingKind.CONTRAINDICATION, barred.rule, None, barred.negated)
    advice = advice_in(sentence) if barred is None else None
    if advice is not None:
        yield _finding(sentence, FindingKind.RECOMMENDATION, advice.rule, advice.strength, advice.negated)
    else:
        conclusion = conclusion_in(sentence)
        if conclusion is not None:
            kind = FindingKind.CONCLUSION
            yield _finding(sentence, kind, conclusion.rule, conclusion.strength, conclusion.negated)
    if not _DIGIT.search(sentence.text):
        return
    if is_dose(sentence):
        yield _finding(sentence, FindingKind.DOSE, "amount and schedule", None, False)
    if is_result(sentence):
        yield Finding(
            kind=FindingKind.RESULT,
            start=sentence.start,
            end=sentence.end,
            text=sentence.text,
            rule="numeric result",
            negated=denies(sentence.low),
            figures=figures_in(sentence.text, sentence.start),
        )


def _finding(sentence: Sentence, kind: FindingKind, rule: str, strength: str | None, negated: bool) -> Finding:
    return Finding(
        kind=kind,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        rule=rule,
        strength=strength,
        negated=negated,
        grade=grade_in(sentence.text, sentence.low) if kind is not FindingKind.CONCLUSION else None,
    )
