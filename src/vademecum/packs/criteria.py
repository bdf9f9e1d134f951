"""The small criterion language of packs: one declared fact against one literal, joined by and, or, not.

    count < 30 '10*9/L' and not pregnant

A subset of CQL's syntax without arithmetic, functions or data access, so that more knowledge can only resolve an
unknown, never flip an answer. This module parses and checks; evaluation for a patient belongs to the pathway engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

import msgspec

from vademecum.dosing import units
from vademecum.errors import PackError, UnitError
from vademecum.packs.model import Fact

_GRAMMAR = r"""
?start: or_
?or_: and_ ("or" and_)*
?and_: not_ ("and" not_)*
?not_: "not" not_ -> negation
     | "(" or_ ")"
     | NAME OPERATOR quantity -> comparison
     | NAME -> truth
quantity: NUMBER [UNIT]
OPERATOR: "<=" | ">=" | "<" | ">" | "="
UNIT: "'" /[^'\n]+/ "'"
NAME: /(?!(?:and|or|not)\b)[a-z][a-z0-9_]*/
NUMBER: /-?\d+(?:\.\d+)?/
%import common.WS
%ignore WS
"""


class Truth(msgspec.Struct, frozen=True, tag="truth"):
    """A yes/no fact."""

    fact: str


class Comparison(msgspec.Struct, frozen=True, tag="comparison"):
    """A quantity fact against a literal."""

    fact: str
    operator: str
    value: Fraction
    unit: str


class Not(msgspec.Struct, frozen=True, tag="not"):
    part: Criterion


class All(msgspec.Struct, frozen=True, tag="and"):
    parts: tuple[Criterion, ...]


class Any(msgspec.Struct, frozen=True, tag="or"):
    parts: tuple[Criterion, ...]


Criterion = Truth | Comparison | Not | All | Any


@cache
def _parser():  # type: ignore[no-untyped-def]
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr")


def parse_criterion(text: str) -> Criterion:
    """Parse one criterion. Raises PackError with the column and what was expected."""
    from lark import Token, Tree
    from lark.exceptions import UnexpectedInput

    def build(node: Tree[Token] | Token) -> Criterion:
        if isinstance(node, Token):
            raise PackError((f"unexpected {node!r} in criterion",))
        kids = node.children
        if node.data == "truth":
            return Truth(str(kids[0]))
        if node.data == "negation":
            return Not(build(kids[0]))
        if node.data == "comparison":
            quantity = kids[2]
            assert isinstance(quantity, Tree)
            number, unit = quantity.children
            return Comparison(str(kids[0]), str(kids[1]), Fraction(str(number)), str(unit or "")[1:-1])
        parts = tuple(build(kid) for kid in kids)
        return All(parts) if node.data == "and_" else Any(parts)

    try:
        return build(_parser().parse(text))
    except UnexpectedInput as error:
        ended = error.line < 1
        near = text[-20:] if ended else text.split("\n")[error.line - 1][error.column - 1 :][:20]
        raise PackError(
            (
                f"criterion {text!r}: cannot read it at {near!r}; write `fact`, `not fact` or `fact < 30 'unit'`, "
                "joined by and / or",
            )
        ) from None


def facts_of(criterion: Criterion) -> Iterator[str]:
    """Names of the facts a criterion uses."""
    if isinstance(criterion, (Truth, Comparison)):
        yield criterion.fact
    elif isinstance(criterion, Not):
        yield from facts_of(criterion.part)
    else:
        for part in criterion.parts:
            yield from facts_of(part)


def problems(text: str, facts: Mapping[str, Fact]) -> list[str]:
    """What is wrong with a criterion: syntax, undeclared facts, kinds of unit."""
    try:
        criterion = parse_criterion(text)
    except PackError as error:
        return list(error.problems)
    return list(_check(criterion, facts))


def _check(criterion: Criterion, facts: Mapping[str, Fact]) -> Iterator[str]:
    if isinstance(criterion, Not):
        yield from _check(criterion.part, facts)
        return
    if isinstance(criterion, (All, Any)):
        for part in criterion.parts:
            yield from _check(part, facts)
        return
    fact = facts.get(criterion.fact)
    if fact is None:
        yield f"fact {criterion.fact!r} is not declared; add it under facts:"
    elif isinstance(criterion, Truth):
        if fact.unit is not None:
            yield f"fact {criterion.fact!r} is a quantity in {fact.unit}; compare it with a number and a unit"
    elif fact.unit is None:
        yield f"fact {criterion.fact!r} is true or false; write it without a comparison"
    else:
        yield from _kinds(criterion, fact.unit)


def _kinds(comparison: Comparison, declared: str) -> Iterator[str]:
    if not comparison.unit:
        yield f"comparison of {comparison.fact!r} has no unit; write {comparison.value} '{declared}'"
        return
    try:
        if units.unit(comparison.unit).kind is not units.unit(declared).kind:
            yield f"{comparison.fact!r} is declared in {declared!r} and compared in {comparison.unit!r}: another kind"
    except UnitError as error:
        yield str(error)
