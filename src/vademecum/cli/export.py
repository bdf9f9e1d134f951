"""`vade export`: the library's records in forms that other programs, and this one, read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from vademecum.cli.shelf_options import library_option, opened
from vademecum.errors import VademecumError

if TYPE_CHECKING:
    from vademecum.literature.shelf import Shelf
    from vademecum.literature.store import SourceRow


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "ris", "bibtex", "csl-json"]),
    default="jsonl",
    show_default=True,
    help="jsonl holds everything and can be imported again; the others hold references.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@library_option
def export(form: str, output: Path | None, address: str | None) -> None:
    """Write every source of the library to standard output or a file."""
    with opened(address, semantic=False) as shelf:
        if output is None:
            _write(shelf, form, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        try:
            with output.open("wb") as stream:
                _write(shelf, form, stream)
        except OSError as error:
            raise VademecumError(f"cannot write {output}: {error.strerror}") from None
    click.echo(f"wrote {output}", err=True)


def _write(shelf: Shelf, form: str, stream: BinaryIO) -> None:
    if form == "jsonl":
        import msgspec

        encoder = msgspec.json.Encoder()
        for item in shelf.store.notices():
            stream.write(encoder.encode(item) + b"\n")
        for record in shelf.store.export():
            stream.write(encoder.encode(record) + b"\n")
        return
    from vademecum.evidence.references import EXPORTS
    from vademecum.literature.citing import source_of

    sources = tuple(source_of(row) for page in _pages(shelf) for row in page)
    stream.write(EXPORTS[form](sources).encode())


def _pages(shelf: Shelf, size: int = 500) -> Iterator[list[SourceRow]]:
    offset = 0
    while page := shelf.store.select(limit=size, offset=offset):
        yield page
        offset += size
