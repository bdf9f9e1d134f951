"""Walkers that gather what belongs together, so that every output form groups alike and none repeats a heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from vademecum.answer.article import Block, Gap, List, Sentence


class Slot(NamedTuple):
    """One safety slot of a drug: "Do not use", its role, its sentences."""

    title: str | None
    role: str | None
    sentences: tuple[Sentence, ...]


class DrugGroup(NamedTuple):
    """What a section says about one drug."""

    drug: str
    title: str
    slots: tuple[Slot, ...]


class GapGroup(NamedTuple):
    """Gaps of one kind with one reason; `where` are the drugs, sections or statements concerned."""

    what: str
    reason: str
    where: tuple[str, ...]


def by_drug(blocks: Iterable[Block]) -> Iterator[Block | DrugGroup]:
    """The blocks in order, with neighbouring lists on one drug as one group. Dose lists stay lists."""
    for drug, run in groupby(blocks, key=_drug_of):
        if drug is None:
            yield from run
        else:
            yield _group(drug, [block for block in run if isinstance(block, List)])


def _drug_of(block: Block) -> str | None:
    if not isinstance(block, List) or block.role == "dosing" or any(i.decides or i.label for i in block.items):
        return None
    return block.drug


def _group(drug: str, lists: list[List]) -> DrugGroup:
    """Slots have a role and are titled "Methotrexate: do not use"; a list without a role is titled by the drug."""
    titles = [block.title or drug for block in lists]
    name = titles[0].rpartition(": ")[0] if lists[0].role else ""
    name = name or titles[0]
    slots = (
        Slot(_slot_title(title, name), block.role, tuple(item.sentence for item in block.items))
        for title, block in zip(titles, lists, strict=True)
    )
    return DrugGroup(drug, name, tuple(slots))


def _slot_title(title: str, drug_title: str) -> str | None:
    """ "Methotrexate: do not use" under the heading "Methotrexate" is "Do not use"."""
    rest = title.removeprefix(drug_title).removeprefix(": ")
    return rest[:1].upper() + rest[1:] if rest else None


def group_gaps(gaps: Iterable[Gap]) -> tuple[GapGroup, ...]:
    """Gaps that differ only in where they are, as one, in order of first mention."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for gap in gaps:
        places = found.setdefault((gap.what, gap.reason), {})
        if gap.where:
            places[gap.where] = None
    return tuple(GapGroup(what, reason, tuple(places)) for (what, reason), places in found.items())
