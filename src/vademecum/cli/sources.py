"""`vade sources`: what the library holds, one line a source, and all about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vademecum.cli.common import ANSWERED, NOTHING
from vademecum.cli.shelf_options import filters_from, form_option, library_option, opened, told
from vademecum.errors import UsageError

if TYPE_CHECKING:
    from vademecum.literature.shelf import Shelf
    from vademecum.literature.store import SourceRow


@click.command()
@click.argument("words", nargs=-1)
@click.option("--type", "kinds", multiple=True, help="Kind of document: citation, full_text, label, …")
@click.option("--state", "states", multiple=True, help="current, retracted, superseded, …")
@click.option("--year", "years", metavar="FROM-TO", help="2019, 2015-2020, 2015- or -2020.")
@click.option("--id", "identifier", help="A PMID, DOI, PMCID, NCT number or set id: everything about that source.")
@click.option("--removed", is_flag=True, help="Show what was withdrawn or removed instead.")
@click.option("-n", "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--page", type=click.IntRange(1), default=1, show_default=True)
@click.option("--remove", type=int, metavar="NUMBER", help="Take the source with this number out of the library.")
@library_option
@form_option
def sources(
    words: tuple[str, ...],
    identifier: str | None,
    removed: bool,
    limit: int,
    page: int,
    remove: int | None,
    address: str | None,
    form: str,
    **given: Any,
) -> None:
    """List imported sources whose title holds WORDS, or show one of them.

    \b
    vade sources dermatomyositis --year 2018-
    vade sources --state retracted
    vade sources --id 29768149
    vade sources --remove 12
    """
    from vademecum.literature.store import SourceFilter

    if remove is not None:
        _remove(remove, address)
        return
    filters = filters_from({**given, "populations": (), "designs": (), "languages": (), "levels": ()})
    chosen = SourceFilter(
        text=" ".join(words) or None,
        kinds=filters.kinds,
        states=filters.states,
        years=filters.years,
        identifier=identifier,
        deleted=removed,
    )
    with opened(address, semantic=False) as shelf:
        rows = shelf.store.select(chosen, limit=limit, offset=(page - 1) * limit)
        total = shelf.store.count(chosen)
        if form == "json":
            _json(shelf, rows, total, whole=identifier is not None)
        elif identifier is not None:
            for row in rows:
                _whole(shelf, row)
        else:
            _lines(rows, total, page, limit)
    raise SystemExit(ANSWERED if rows else NOTHING)


def _remove(number: int, address: str | None) -> None:
    from vademecum.literature.place import place
    from vademecum.literature.store import Store

    with Store.open(place(address).address) as store:
        if number not in store.sources((number,)):
            raise UsageError(f"there is no source number {number}; vade sources lists them")
        store.writer().remove((number,))
    click.echo(f"removed {number}; vade reindex takes it out of the index now, the next import does so anyway")


def _lines(rows: list[SourceRow], total: int, page: int, limit: int) -> None:
    from vademecum.literature.citing import title_of
    from vademecum.render.inline import clean

    for row in rows:
        click.echo(f"{row.id:>8}  {clean(title_of(row.record))}")
        click.echo(f"          {clean(told(row))}")
    shown = (page - 1) * limit + len(rows)
    more = f"; more with --page {page + 1}" if shown < total else ""
    click.echo(f"{total:,} sources{more}" if total != 1 else "1 source")


def _whole(shelf: Shelf, row: SourceRow) -> None:
    from vademecum.evidence.references import render_references
    from vademecum.literature.citing import source_of
    from vademecum.render.inline import clean

    appraisal = row.appraisal
    level = f", OCEBM 2011 level {appraisal.level}" if appraisal.level else ""
    facts = [
        ("Number", str(row.id)),
        ("Reference", render_references((source_of(row),))[0]),
        ("Design", f"{appraisal.design or 'not stated'}{level}"),
        ("Why", appraisal.reason),
        ("People", f"{appraisal.participants:,}" if appraisal.participants else ""),
        ("Funding", "; ".join(appraisal.funding)),
        ("State", row.state + (f": {row.state_note}" if row.state_note else "")),
        ("Imported", row.imported),
        ("Passages", str(len(shelf.store.passages_of(row.id)))),
    ]
    facts += [("Note", f"{flag.code}: {flag.message}") for flag in row.record.flags]
    facts += [("Link", link) for link in _links(shelf, row)]
    for name, value in facts:
        if value:
            click.echo(f"{name:<10} {clean(value)}")
    for finding in shelf.findings(row):
        click.echo(f"{'Finding':<10} {finding.kind}: “{clean(finding.text)}”")


def _links(shelf: Shelf, row: SourceRow) -> list[str]:
    found = []
    for link in shelf.store.links(row.id):
        named = link.by.pmid or link.by.doi or link.citation or "unnamed"
        about = "this" if link.about_source == row.id else (link.about.pmid or link.about.doi or "another work")
        found.append(f"{about}: {link.kind.replace('_', ' ')} {named}")
    return found


def _json(shelf: Shelf, rows: list[SourceRow], total: int, *, whole: bool) -> None:
    import msgspec

    from vademecum.cli.source_json import source_json

    found = []
    for row in rows:
        value = source_json(row)
        if whole:
            value["findings"] = msgspec.to_builtins(shelf.findings(row))
            value["links"] = msgspec.to_builtins(shelf.store.links(row.id))
            value["text"] = shelf.store.document(row.version).text
        found.append(value)
    click.echo(msgspec.json.format(msgspec.json.encode({"total": total, "sources": found}), indent=2))
