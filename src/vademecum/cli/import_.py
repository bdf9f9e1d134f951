"""`vade import`: take evidence in from files, folders, archives, standard input and live services."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from vademecum.cli.common import ANSWERED, FAILED
from vademecum.cli.progress import Bars
from vademecum.cli.shelf_options import form_option, library_option

if TYPE_CHECKING:
    from vademecum.literature.taking_in import Taken

MOST_NAMED = 12  # files left out that are named one by one


@click.command(name="import")
@click.argument("inputs", nargs=-1, required=True)
@click.option("--as", "format_name", metavar="FORMAT", help="The files' format, where it is not recognised.")
@click.option("--collection", default="", help="What the files' own ids belong to; by default each file its own.")
@click.option("--again", is_flag=True, help="Read files once more that an earlier import finished.")
@click.option("--fresh", is_flag=True, help="Ask the services anew instead of going on with an earlier download.")
@click.option("--words-only", is_flag=True, help="Do not encode for search by meaning; `vade reindex` does it later.")
@library_option
@form_option
def import_(
    inputs: tuple[str, ...],
    format_name: str | None,
    collection: str,
    again: bool,
    fresh: bool,
    words_only: bool,
    address: str | None,
    form: str,
) -> None:
    """Import evidence from INPUTS: files, folders, archives, - for standard input, or live services.

    \b
    vade import pubmed26n0001.xml.gz labels/ guideline.pdf
    vade import "pubmed:dermatomyositis AND randomized controlled trial[pt]"
    vade import pmid:29768149 pmc:PMC3459916 dailymed:methotrexate ctgov:NCT04044690
    vade import retractions:                    what was retracted, corrected or put in doubt
    cat export.ris | vade import -

    Known formats: PubMed XML and tagged text, PMC full text, drug labels (SPL, openFDA), ClinicalTrials.gov, RIS,
    BibTeX, Europe PMC, HTML, PDF, text, Markdown, BEIR JSON lines, Retraction Watch and Crossref notices.

    Interrupted or killed, it goes on where it was when it is run again. What was imported before is not doubled.
    """
    from vademecum.literature.taking_in import take_in

    with Bars() as bars:
        taken = take_in(
            inputs,
            address=address,
            format_name=format_name,
            collection=collection,
            again=again,
            fresh=fresh,
            semantic=not words_only,
            tell=bars.tell,
            standard_input=sys.stdin.buffer,
        )
    if form == "json":
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(taken), indent=2))
    else:
        _report(taken)
    raise SystemExit(FAILED if taken.failed else ANSWERED)


def _report(taken: Taken) -> None:
    for one in taken.skipped[:MOST_NAMED]:
        click.echo(f"left out {one.name}: {one.reason}", err=True)
    if len(taken.skipped) > MOST_NAMED:
        click.echo(f"left out {len(taken.skipped) - MOST_NAMED:,} more; --format json names them all", err=True)
    for failed in taken.failed:
        kept = f" ({failed.kept:,} records of it were stored before)" if failed.kept else ""
        click.echo(f"vade: {failed.error}{kept}", err=True)
    put = taken.put
    counts = (
        (put.added, "new"),
        (put.updated, "updated"),
        (put.unchanged, "unchanged"),
        (put.deleted, "withdrawn by their publisher"),
        (put.merged, "found to be works already held"),
        (put.notices, "notices of a register"),
    )
    said = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing new"
    known = f"; {taken.known:,} known before" if taken.known else ""
    click.echo(f"{taken.stored:,} {'file' if taken.stored == 1 else 'files'} read{known}: {said}")
    click.echo(f"The library at {taken.library} now holds {taken.sources:,} sources in {taken.passages:,} passages.")
    if taken.unmined:
        click.echo(
            f"{taken.unmined:,} texts are not mined yet; vade reindex does it, and an answer mines what it quotes."
        )
    if not taken.semantic:
        click.echo("Search is by words only: the sentence encoder was not used (vade reindex encodes).")
