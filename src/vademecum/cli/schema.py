"""`vade schema`: the published JSON Schemas."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("what", type=click.Choice(["article", "pack", "drug", "sources"]))
def schema(what: str) -> None:
    """Print the JSON Schema of an article, or of a pack, drug sheet or sources file as authored."""
    if what == "article":
        from vademecum.answer.contract import article_schema

        found = article_schema()
    else:
        from vademecum.packs.schema import authored_schema

        found = authored_schema(what)
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
