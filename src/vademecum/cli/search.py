"""`vade search`: find evidence in what was imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vademecum.cli.common import ANSWERED, NOTHING
from vademecum.cli.shelf_options import filter_options, filters_from, form_option, library_option, opened, told

if TYPE_CHECKING:
    from vademecum.literature.search import Hit
    from vademecum.literature.shelf import Shelf


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("-n", "--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="Most sources shown.")
@click.option(
    "--mode",
    type=click.Choice(["default", "lexical", "semantic"]),
    default="default",
    show_default=True,
    help="By words and meaning, by words only, or by meaning only.",
)
@filter_options
@library_option
@form_option
def search(words: tuple[str, ...], limit: int, mode: str, address: str | None, form: str, **given: Any) -> None:
    """Search imported evidence for WORDS: a question, names, doses, a PMID or DOI.

    \b
    vade search "methotrexate in juvenile dermatomyositis" --design "randomised trial"
    vade search anti-Jo-1 --year 2015- --type citation
    vade search 10.1056/NEJMoa1715274 --format json
    """
    from vademecum.literature.search import Mode

    filters = filters_from(given)
    with opened(address, semantic=mode != "lexical") as shelf:
        hits = shelf.search(" ".join(words), filters, limit=limit, mode=Mode(mode))
        if form == "json":
            click.echo(_json(shelf, " ".join(words), hits))
        else:
            _text(shelf, hits)
    raise SystemExit(ANSWERED if hits else NOTHING)


def _text(shelf: Shelf, hits: list[Hit]) -> None:
    from vademecum.literature.citing import title_of
    from vademecum.render.inline import clean

    if not hits:
        click.echo("nothing found")
    for number, hit in enumerate(hits, start=1):
        click.echo(f"{number:>3}. {click.style(clean(title_of(hit.source.record)), bold=True)}")
        click.echo(f"     {clean(told(hit.source))}")
        if hit.source.state_note:
            click.echo(f"     {clean(hit.source.state_note)}")
        click.echo(f"     “{_quoted(hit)}”")
        if hit.passage.path:
            click.echo(f"     under {clean(' › '.join(hit.passage.path))}")
    if not shelf.by_meaning:
        click.echo("Searched by words only.", err=True)


def _quoted(hit: Hit) -> str:
    """The quotation with its matching words in bold, where the terminal shows that."""
    from vademecum.render.inline import clean

    start, end = hit.quote
    pieces, at = [], start
    for first, last in hit.highlights:
        if first >= at and last <= end:
            pieces += [hit.passage.text[at:first], click.style(hit.passage.text[first:last], bold=True)]
            at = last
    pieces.append(hit.passage.text[at:end])
    return "".join(piece if piece.startswith("\x1b") else _inner(piece) for piece in pieces).strip() or clean(
        hit.passage.text[start:end]
    )


def _inner(text: str) -> str:
    """A piece of a quotation, clean, with the spaces at its ends kept."""
    from vademecum.render.inline import clean

    body = clean(text)
    return f"{' ' if text[:1].isspace() else ''}{body}{' ' if body and text[-1:].isspace() else ''}"


def _json(shelf: Shelf, question: str, hits: list[Hit]) -> str:
    import msgspec

    from vademecum.cli.source_json import source_json

    found = [
        {
            "rank": rank,
            "source": source_json(hit.source),
            "passage": {
                "id": hit.passage.id,
                "version": hit.passage.version,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "path": hit.passage.path,
                "sha256": hit.passage.hash,
                "text": hit.passage.text,
            },
            "quote": {"start": hit.quote[0], "end": hit.quote[1], "text": hit.passage.text[slice(*hit.quote)]},
            "highlights": hit.highlights,
            "score": hit.score,
            "lexical": hit.lexical,
            "semantic": hit.semantic,
            "also": hit.also,
        }
        for rank, hit in enumerate(hits, start=1)
    ]
    whole = {"query": question, "by_meaning": shelf.by_meaning, "results": found}
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()
