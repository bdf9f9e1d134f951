"""Both error rates of the proof, apart, over every statement of the bundled library.

Right rejected: every statement, plain wording and bottom line as written. Wrong accepted: the same statements with one
slip in them. The rates are measured on the library the rules were written with; they say nothing about other texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import perturbations as slips
import pytest
from perturbations import Slip

from vademecum.evidence.model import Statement
from vademecum.packs.library import Library
from vademecum.proof.checks import Evidence, prove
from vademecum.proof.model import Verdict

SLIPS: dict[str, tuple[Slip, ...]] = {
    "number": (slips.ten_times, slips.a_tenth, slips.slightly_more),
    "swapped numbers": (slips.swapped_numbers,),
    "unit": (
        slips.per_area, slips.per_weight, slips.not_per_area, slips.not_per_weight,
        slips.micro_to_milli, slips.milli_to_whole, slips.whole_to_milli,
    ),
    "period": (slips.period,),
    "frequency": (slips.more_often, slips.less_often),
    "duration": (slips.duration,),
    "lost negation": (slips.lost_negation,),
    "gained negation": (slips.gained_negation,),
    "direction": (slips.opposite,),
    "population": (slips.population,),
    "strength": (slips.stronger,),
}  # fmt: skip
"""Kinds of slip; a drug in place of another needs the library and is measured on its own."""

LEAST = 0.97
"""Share of wrong texts of each kind that must be rejected."""


def shown(library: Library) -> list[Statement]:
    return [statement for statement in library.statements.values() if not statement.unverified]


def accepted(text: str, statements: tuple[Statement, ...], library: Library) -> bool:
    return prove(text, Evidence(statements, library)).verdict is Verdict.SUPPORTED


def rejection(wrong: Iterator[tuple[str, Statement]], library: Library) -> tuple[float, str]:
    """The share of wrong texts that are rejected, and in words with the first few that are not."""
    total, passed = 0, []
    for text, statement in wrong:
        total += 1
        if accepted(text, (statement,), library):
            passed.append(f"{statement.id}: {text}")
    assert total >= 10, "too few places for this slip to measure anything"
    rate = 1 - len(passed) / total
    return rate, f"{total - len(passed)} of {total} rejected ({rate:.1%}); accepted: " + "\n".join(passed[:5])


# --- right rejected --------------------------------------------------------------------------------------


def test_every_statement_supports_itself(library: Library) -> None:
    wrongly = [s.id for s in shown(library) if not accepted(s.text, (s,), library)]
    assert wrongly == [], f"{len(wrongly)} of {len(shown(library))} rejected"


def test_every_plain_wording_is_supported_by_its_statement(library: Library) -> None:
    pairs = [
        (library.statements[key], text)
        for wordings in library.plain.values()
        for key, text in wordings.items()
        if key in library.statements
    ]
    wrongly = [s.id for s, text in pairs if not accepted(text, (s,), library)]
    assert wrongly == [], f"{len(wrongly)} of {len(pairs)} rejected"


# --- wrong accepted --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SLIPS)
def test_a_slip_is_rejected(kind: str, library: Library) -> None:
    rate, said = rejection(
        ((text, s) for s in shown(library) for slip in SLIPS[kind] for text in slip(s.text) if text != s.text), library
    )
    assert rate >= LEAST, f"{kind}: {said}"


def test_a_drug_in_place_of_another_is_rejected(library: Library) -> None:
    def wrong() -> Iterator[tuple[str, Statement]]:
        for statement in shown(library):
            evidence = Evidence((statement,), library)
            known = {library.base_of(drug) for drug in (*library.drugs_in(evidence.text), *statement.drugs)}
            others = [
                d for d in ("warfarin", "baclofen", "methotrexate", "rituximab") if library.base_of(d) not in known
            ]
            for drug in library.drugs_in(statement.text):
                for text in slips.other_drug(drug.replace("-", " "), others[0])(statement.text):
                    yield text, statement

    rate, said = rejection(wrong(), library)
    assert rate >= LEAST, f"drug: {said}"


def test_two_drugs_of_a_statement_that_change_places_are_rejected(library: Library) -> None:
    def wrong() -> Iterator[tuple[str, Statement]]:
        for statement in shown(library):
            named = library.drugs_in(statement.text)
            for one, other in pairwise(named):
                if library.base_of(one) != library.base_of(other) and one not in other and other not in one:
                    for text in slips.swapped(one.replace("-", " "), other.replace("-", " "))(statement.text):
                        yield text, statement

    rate, said = rejection(wrong(), library)
    assert rate >= LEAST, f"swapped drugs: {said}"
