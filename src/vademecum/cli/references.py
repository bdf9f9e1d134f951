"""`vade references`: the reference list of an answer, for a reference manager."""

from __future__ import annotations

from pathlib import Path

import click

from vademecum.cli.common import NOTHING, open_library, packs_option


@click.command()
@click.argument("question", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(["csl-json", "ris", "bibtex", "text"]), default="text", show_default=True
)
@packs_option
def references(question: tuple[str, ...], form: str, own: tuple[Path, ...]) -> None:
    """Print the references of the answer to QUESTION, or of the whole library without one."""
    from vademecum.evidence import references as lists

    library = open_library(own)
    keys = tuple(library.sources)
    if question:
        from vademecum.answer.pipeline import ask

        keys = tuple(reference.key for reference in ask(" ".join(question), library).references)
        if not keys:
            click.echo("vade: nothing in the library supports an answer, so there is no reference", err=True)
            raise SystemExit(NOTHING)
    sources = tuple(library.sources[key] for key in keys)
    if form == "text":
        for number, key in enumerate(keys, start=1):
            click.echo(f"{number}. {library.references[key]}")
    else:
        export = {"csl-json": lists.to_csl_json, "ris": lists.to_ris, "bibtex": lists.to_bibtex}[form]
        click.echo(export(sources))
