"""What was asked: the result of understanding, before anything is looked up or composed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from vademecum.evidence.model import Population


class Intent(StrEnum):
    """What the asker wants to know."""

    TREATMENT = "treatment"
    DOSE = "dose"
    WORKUP = "workup"
    MONITORING = "monitoring"
    SAFETY = "safety"
    ALTERNATIVES = "alternatives"
    REFRACTORY = "refractory"
    COMPARISON = "comparison"
    RED_FLAGS = "red_flags"
    EVIDENCE = "evidence"
    FACT = "fact"  # anything else that one or a few statements answer


class Outcome(StrEnum):
    """The kind of answer that is right for a question."""

    ANSWER = "answer"
    EMERGENCY = "emergency"  # get help now comes first; evidence may follow
    SELF_HARM = "self_harm"  # crisis reply; no evidence text
    DECLINE = "decline"
    OUT_OF_SCOPE = "out_of_scope"
    NO_SUCH_ENTITY = "no_such_entity"
    CLARIFY = "clarify"
    DIGEST = "digest"  # no pack answers; imported sources are quoted
    ABSTAIN = "abstain"  # in scope, but the library has nothing that answers
    FALSE_PREMISE = "false_premise"  # answered, with the premise corrected first
    PATIENT_SPECIFIC = "patient_specific"  # answered in general terms, with the missing facts named


class Group(StrEnum):
    """Whom the question is about."""

    UNSTATED = "unstated"
    ADULT = "adult"
    CHILD = "child"
    OLDER_ADULT = "older_adult"
    PREGNANCY = "pregnancy"


class Understanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a question is read. Everything here came from the words of the question and the names in the library."""

    question: str
    outcome: Outcome = Outcome.ANSWER
    intent: Intent = Intent.TREATMENT
    group: Group = Group.UNSTATED
    packs: tuple[str, ...] = ()  # best-fitting reading first
    drugs: tuple[str, ...] = ()  # drug sheet ids, in order of mention
    ruled_out: tuple[str, ...] = ()  # drugs the question takes off the table
    fork: str | None = None  # id of the fork that the wording opens
    premise: tuple[str, ...] = ()  # statements that correct a doubtful premise
    terms: tuple[str, ...] = ()  # content stems, for ranking statements
    facts: tuple[str, ...] = ()  # patient facts in words: "age 72", "kidney disease"
    without_sheet: tuple[str, ...] = ()  # medicines named that exist and have no sheet here
    corrections: tuple[str, ...] = ()  # spelling corrections made, in words
    unknown: tuple[str, ...] = ()  # names that look like a drug or disease and are not in the library
    near: tuple[str, ...] = ()  # nearest names the library knows
    reasons: tuple[str, ...] = ()  # why the outcome is not an answer, in words for the reader
    assumptions: tuple[str, ...] = ()


def fits(population: Population, group: Group) -> bool:
    """May a statement about `population` be shown as a rule to someone asking about `group`?

    A child's rule is never an adult's and the reverse; older adults and pregnant women are adults with rules of
    their own on top.
    """
    if group is Group.CHILD:
        return population in {Population.PAEDIATRIC, Population.ADULT_AND_PAEDIATRIC}
    if population is Population.PAEDIATRIC:
        return False
    if population is Population.PREGNANCY:
        return group in {Group.PREGNANCY, Group.UNSTATED, Group.ADULT}
    return True
