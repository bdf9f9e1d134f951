"""`vade stats`: what the library holds, in numbers."""

from __future__ import annotations

from collections.abc import Mapping

import click

from vademecum.cli.shelf_options import form_option, library_option, opened


@click.command()
@library_option
@form_option
def stats(address: str | None, form: str) -> None:
    """Count what the library holds: sources by kind, state, design and year, index, registers, disk."""
    import msgspec

    with opened(address, semantic=True) as shelf:
        held, index = shelf.store.stats(), shelf.index.status(shelf.store)
        place, meaning = shelf.where.address, shelf.by_meaning
    if form == "json":
        whole = {"library": place, "by_meaning": meaning, "store": held, "index": index}
        click.echo(msgspec.json.format(msgspec.json.encode(whole), indent=2))
        return
    click.echo(f"Library      {place}")
    click.echo(f"Sources      {held.sources:,} in {held.passages:,} passages; {held.deleted:,} withdrawn or removed")
    if held.bytes is not None:
        click.echo(f"Database     {held.bytes / 1e6:,.1f} MB")
    click.echo(f"Mined        {held.mined:,} of the current texts")
    behind = f"; {index.behind:,} changes behind, vade reindex catches up" if index.behind else ""
    click.echo(
        f"Search       by {'words and meaning' if meaning else 'words only'}, {index.passages:,} passages{behind}"
    )
    click.echo(f"Index        {index.bytes / 1e6:,.1f} MB")
    click.echo(f"Last import  {held.last_import or 'never'}")
    _counts("Kinds", held.kinds)
    _counts("States", held.states)
    _counts("Designs", held.designs)
    years = list(held.years)
    if years:
        click.echo(f"Years        {years[0]} to {years[-1]}")
    for register in held.registers:
        newest = f", newest notice {register.newest}" if register.newest else ""
        click.echo(f"Register     {register.name}: {register.notices:,} notices, imported {register.imported}{newest}")
    if not held.registers:
        click.echo("Register     none; what was retracted is known from records only (vade import retractions:)")
    click.echo(f"Unresolved   {held.unresolved_links:,} links to works that are not here")


def _counts(title: str, counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        click.echo(f"{title:<12} {count:>9,}  {name.replace('_', ' ')}")
        title = ""
