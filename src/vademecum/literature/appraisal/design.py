"""Which design a record states, and which words or field decided.

The order is: what kind of record it is; publication types given by an indexer; the title; the part headed "design";
what the methods say of the study itself; check tags. A rule that is not sure gives no design: an unnamed design is a
gap a reader can see, a wrong one is a trap.
"""

from __future__ import annotations

from collections.abc import Callable

from vademecum.evidence.model import Design
from vademecum.literature.appraisal.animals import by_animals
from vademecum.literature.appraisal.observation import by_case, by_observation, by_work_on_cells
from vademecum.literature.appraisal.reviews import by_narrative_review, by_review_of_studies
from vademecum.literature.appraisal.standing import by_indexed_standing, by_title_standing
from vademecum.literature.appraisal.trials import by_randomisation, by_trial_without_randomisation
from vademecum.literature.appraisal.verdict import Verdict
from vademecum.literature.appraisal.view import View
from vademecum.literature.records import RecordKind

Rule = Callable[[View], Verdict | None]

RULES: tuple[Rule, ...] = (
    by_indexed_standing,
    by_title_standing,
    by_review_of_studies,
    by_animals,
    by_randomisation,
    by_trial_without_randomisation,
    by_case,
    by_narrative_review,
    by_observation,
    by_work_on_cells,
)

_KINDS = {
    RecordKind.LABEL: Verdict(Design.LABELLING, "a drug label"),
    RecordKind.TRIAL_REGISTRATION: Verdict(Design.PROTOCOL, "a trial registration"),
    RecordKind.GUIDELINE: Verdict(Design.GUIDELINE, "a guideline document"),
    RecordKind.DOCUMENT: Verdict(None, "a document of unknown standing"),
}


def design_of(kind: RecordKind, seen: View) -> Verdict:
    """The design the record states."""
    if kind in _KINDS:
        return _KINDS[kind]
    for rule in RULES:
        verdict = rule(seen)
        if verdict is not None:
            return verdict
    return Verdict(None, "no words or field state a design")
