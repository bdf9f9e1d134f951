"""Which statements a pack or a drug sheet names, and where."""

from __future__ import annotations

from collections.abc import Iterator

from vademecum.packs.model import SLOTS, DrugSheet, Pack


def references(holder: Pack | DrugSheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each place of a pack or a drug sheet that names statements, with their ids."""
    return pack_references(holder) if isinstance(holder, Pack) else sheet_references(holder)


def pack_references(pack: Pack) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each place of a pack that names statements, with their ids."""
    yield "about", (pack.about,)
    yield "bottom_line", pack.bottom_line.because
    yield "red_flags", pack.red_flags
    yield "assessment", tuple(check.because for check in pack.assessment)
    for step in pack.steps:
        yield f"steps.{step.id}", (*step.because, *step.before, *step.effect, *step.stop)
    for name, action in pack.actions.items():
        yield f"actions.{name}", (*action.because, *action.monitor, *(i for n in action.not_if for i in n.because))
    yield "adjuncts", pack.adjuncts
    for monitor in pack.monitoring:
        yield f"monitoring.{monitor.what}", monitor.because
    yield "evidence", (*pack.evidence.key, *pack.evidence.contrary)
    for disagreement in pack.evidence.disagreements:
        yield f"evidence.{disagreement.about}", tuple(view.because for view in disagreement.views)
    yield "cautions", pack.cautions
    for premise in pack.premises:
        yield "premises", premise.because
    for fork in pack.forks:
        yield f"forks.{fork.id}", (*fork.premise, *(i for reading in fork.readings for i in reading.why))


def sheet_references(sheet: DrugSheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each slot of a sheet with its statement ids."""
    for slot in (*SLOTS, "cautions", "monitoring", "dosing"):
        yield slot, slot_ids(sheet, slot)
    yield "premises", tuple(i for premise in sheet.premises for i in premise.because)
    yield "limits", tuple(limit.because for limit in sheet.limits)


def slot_ids(sheet: DrugSheet, slot: str) -> tuple[str, ...]:
    """Statement ids in a slot of a sheet, in order, each once."""
    entries = getattr(sheet, slot)
    return tuple(dict.fromkeys(entry if isinstance(entry, str) else entry.because for entry in entries))
