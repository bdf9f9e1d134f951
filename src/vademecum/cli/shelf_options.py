"""What the commands on imported literature share: where it lives, filters, and how a source is told in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vademecum.errors import UsageError

if TYPE_CHECKING:
    from vademecum.literature.index import Filters
    from vademecum.literature.shelf import Shelf
    from vademecum.literature.store import SourceRow

_F = TypeVar("_F", bound=Callable[..., Any])

library_option = click.option(
    "--library",
    "address",
    metavar="PLACE",
    help="Where imports live: a file or postgresql://…; by default VADEMECUM_DATABASE or your data folder.",
)
form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the output.",
)


def filter_options(command: _F) -> _F:
    """The filters of search, export and watch."""
    for option in reversed(
        (
            click.option("--type", "kinds", multiple=True, help="Kind of document: citation, full_text, label, …"),
            click.option("--year", "years", metavar="FROM-TO", help="2019, 2015-2020, 2015- or -2020."),
            click.option("--population", "populations", multiple=True, help="adult, paediatric, pregnancy, …"),
            click.option("--design", "designs", multiple=True, help='Study design: "randomised trial", cohort, …'),
            click.option("--language", "languages", multiple=True, help="ISO 639-2 code: eng, fre, …"),
            click.option("--level", "levels", multiple=True, type=click.IntRange(1, 5), help="OCEBM 2011 level."),
            click.option("--state", "states", multiple=True, help="current, retracted, superseded, …"),
        )
    ):
        command = option(command)
    return command


def filters_from(given: dict[str, Any]) -> Filters:
    """The filters named by the options; an unknown value is answered with the values there are."""
    from vademecum.evidence.model import Design, Population, SourceState
    from vademecum.literature.index import Filters
    from vademecum.literature.records import RecordKind

    return Filters(
        kinds=tuple(_member(RecordKind, "--type", value) for value in given.pop("kinds")),
        years=_years(given.pop("years")),
        populations=tuple(_member(Population, "--population", value) for value in given.pop("populations")),
        designs=tuple(_member(Design, "--design", value) for value in given.pop("designs")),
        languages=tuple(value.lower() for value in given.pop("languages")),
        levels=tuple(given.pop("levels")),
        states=tuple(_member(SourceState, "--state", value) for value in given.pop("states")),
    )


_E = TypeVar("_E", bound=StrEnum)


def _member(kind: type[_E], option: str, value: str) -> _E:
    wanted = value.strip().lower().replace("_", " ")
    for member in kind:
        if member.value.replace("_", " ") == wanted:
            return member
    raise UsageError(f"{option} {value!r} is unknown; there are: {', '.join(member.value for member in kind)}")


def _years(text: str | None) -> tuple[int | None, int | None]:
    if not text:
        return None, None
    first, dash, last = text.partition("-")
    try:
        start = int(first) if first else None
        end = (int(last) if last else None) if dash else start
    except ValueError:
        raise UsageError(f"--year {text!r} is no year or range; write 2019, 2015-2020, 2015- or -2020") from None
    if start is not None and end is not None and start > end:
        raise UsageError(f"--year {text!r} runs backwards; write {end}-{start}")
    return start, end


def opened(address: str | None, *, semantic: bool = True) -> Shelf:
    """The library to read from; one that is not there is named, with the way to make one."""
    from vademecum.literature.shelf import Shelf

    return Shelf.open(address, semantic=semantic)


@contextmanager
def shelf_there(address: str | None) -> Iterator[Shelf | None]:
    """The library if there is one; loading nothing heavy if there is none. One that is named must be there."""
    from vademecum.literature.place import place

    if address is None and not place().there:
        yield None
        return
    with opened(address) as shelf:
        yield shelf


def told(row: SourceRow) -> str:
    """What a source is, in one line: "Randomised trial, 2018, N Engl J Med, PMID 29768149, RETRACTED"."""
    from vademecum.evidence.model import SourceState

    record, ids = row.record, row.record.ids
    what = str(row.appraisal.design or record.kind).replace("_", " ")
    parts = [what[:1].upper() + what[1:]]
    parts += [str(record.year)] if record.year else []
    parts += [record.journal_abbreviation or record.journal or ""]
    named = (("PMID", ids.pmid), ("doi", ids.doi), ("", ids.pmcid), ("", ids.nct), ("set id", ids.set_id))
    parts += [f"{name} {value}".strip() for name, value in named if value][:1]
    parts += [row.state.upper()] if row.state is not SourceState.CURRENT else []
    return ", ".join(part for part in parts if part)
