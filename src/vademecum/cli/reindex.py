"""`vade reindex`: make the search index anew from the library."""

from __future__ import annotations

import click

from vademecum.cli.common import ANSWERED, FAILED
from vademecum.cli.progress import Bars
from vademecum.cli.shelf_options import library_option


@click.command()
@click.option("--words-only", is_flag=True, help="Do not encode for search by meaning.")
@click.option("--check", is_flag=True, help="Only read the index through and say whether it is sound.")
@library_option
def reindex(words_only: bool, check: bool, address: str | None) -> None:
    """Build the search index anew. Search goes on with the old one until the new one is ready.

    The index holds nothing that is not in the library; it can be deleted at any time.
    """
    from vademecum.literature.taking_in import check_index, rebuild

    if check:
        problems = check_index(address)
        for problem in problems:
            click.echo(f"vade: {problem}", err=True)
        if not problems:
            click.echo("the index is sound")
        raise SystemExit(FAILED if problems else ANSWERED)
    with Bars() as bars:
        built = rebuild(address, semantic=not words_only, tell=bars.tell)
    meaning = "words and meaning" if built.by_meaning else "words"
    click.echo(f"{built.passages:,} passages can be found by {meaning}")
