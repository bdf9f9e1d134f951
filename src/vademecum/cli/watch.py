"""`vade watch`: saved questions, asked again after each import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vademecum.cli.common import ANSWERED, NOTHING, open_library, packs_option
from vademecum.cli.shelf_options import filter_options, filters_from, form_option, library_option, opened, told
from vademecum.errors import UsageError, VademecumError

if TYPE_CHECKING:
    from vademecum.literature.store import SourceRow
    from vademecum.literature.watching import News
    from vademecum.packs.library import Library


@click.group()
def watch() -> None:
    """Follow questions: what is new, changed or retracted since they were last asked."""


@watch.command()
@click.argument("name")
@click.argument("question", nargs=-1, required=True)
@filter_options
@library_option
def add(name: str, question: tuple[str, ...], address: str | None, **given: Any) -> None:
    """Save QUESTION under NAME, in place of one of that name."""
    from vademecum.literature import watching
    from vademecum.literature.place import place
    from vademecum.literature.store import Store

    filters = filters_from(given)
    with Store.open(place(address).address) as store:
        watching.save(store.writer(), name, " ".join(question), filters)
    click.echo(f'saved; run it with: vade watch run "{name}"')


@watch.command(name="list")
@library_option
def list_(address: str | None) -> None:
    """List the saved questions."""
    with opened(address, semantic=False) as shelf:
        found = shelf.store.watches()
    for one in found:
        click.echo(f"{one.name}: {one.question} (last run: {one.ran or 'never'})")
    if not found:
        click.echo("no saved questions; save one with: vade watch add NAME QUESTION")


@watch.command()
@click.argument("name")
@library_option
def remove(name: str, address: str | None) -> None:
    """Forget the question saved under NAME."""
    from vademecum.literature.place import place
    from vademecum.literature.store import Store

    with Store.open(place(address).address) as store:
        if not store.writer().remove_watch(name):
            raise UsageError(f"no question is saved under {name!r}; vade watch list shows those that are")
    click.echo(f"removed {name}")


@watch.command()
@click.argument("names", nargs=-1)
@click.option("--keep", is_flag=True, help="Show the news again the next time.")
@library_option
@form_option
@packs_option
def run(names: tuple[str, ...], keep: bool, address: str | None, form: str, own: tuple[Path, ...]) -> None:
    """Ask the saved questions called NAMES again, or all of them.

    Says what is new, changed or retracted since, and which statements of packs are touched: those that cite a work
    which was retracted, doubted, corrected or superseded, and those in the present answer to the question.

    Exit code 0 when there is news, 3 when there is none.
    """
    import msgspec

    from vademecum.literature import watching

    packs = open_library(own)
    with opened(address) as shelf:
        saved = {one.name: one for one in shelf.store.watches()}
        unknown = [name for name in names if name not in saved]
        if unknown:
            raise UsageError(f"no question is saved under {unknown[0]!r}; vade watch list shows those that are")
        if not saved:
            raise VademecumError("no saved questions; save one with: vade watch add NAME QUESTION")
        with shelf.writing() as writer:
            news = [watching.run(shelf, saved[name], None if keep else writer) for name in (names or sorted(saved))]
    found = [(one, _touched(one, packs)) for one in news]
    if form == "json":
        whole = [_json(one, touched) for one, touched in found]
        click.echo(msgspec.json.format(msgspec.json.encode(whole), indent=2))
    else:
        for one, touched in found:
            _text(one, touched)
    raise SystemExit(ANSWERED if any(one.any for one in news) else NOTHING)


def _touched(news: News, packs: Library) -> dict[str, tuple[str, ...]]:
    """Statements of packs that the news bears on, by why."""
    from vademecum.answer.article import sentences
    from vademecum.answer.pipeline import ask

    found: dict[str, tuple[str, ...]] = {}
    moved = {i for row in (*news.fallen, *news.changed) for i in (row.record.ids.pmid, row.record.ids.doi) if i}
    keys = {source.key for source in packs.sources.values() if moved & {source.pmid, source.doi}}
    cited = [s.id for s in packs.statements.values() if keys & {cite.source for cite in s.cites}]
    if cited:
        found["cite a work that changed"] = tuple(cited)
    if news.since is not None and news.new:
        article = ask(news.question, packs)
        used = dict.fromkeys(id_ for sentence in sentences(article) for id_ in sentence.statement_ids)
        if used and article.kind == "answer":
            found["stand in the present answer"] = tuple(used)
    return found


def _text(news: News, touched: dict[str, tuple[str, ...]]) -> None:
    from vademecum.render.inline import clean

    click.echo(click.style(f"{clean(news.name)}: {clean(news.question)}", bold=True))
    if news.since is None:
        click.echo("  first run; from now on only news is shown")
    parts = (
        ("new", news.new),
        ("changed", news.changed),
        ("no longer current", news.fallen),
        ("withdrawn", news.withdrawn),
    )
    for what, rows in parts:
        for row in rows:
            click.echo(f"  {what}: {_line(row)}")
    for why, ids in touched.items():
        click.echo(f"  statements that {why}: {', '.join(ids)}")
    if not news.any:
        click.echo("  nothing new")


def _line(row: SourceRow) -> str:
    from vademecum.literature.citing import title_of
    from vademecum.render.inline import clean

    note = f" ({clean(row.state_note)})" if row.state_note else ""
    return f"{clean(title_of(row.record))} | {clean(told(row))}{note}"


def _json(news: News, touched: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    from vademecum.cli.source_json import source_json

    rows = {
        name: [source_json(row) for row in getattr(news, name)] for name in ("new", "changed", "fallen", "withdrawn")
    }
    return {"name": news.name, "question": news.question, "since": news.since, **rows, "touched": touched}
