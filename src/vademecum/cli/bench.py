"""`vade bench`: measure this program on data of your own."""

from __future__ import annotations

from pathlib import Path

import click

from vademecum.cli.progress import Bars


@click.group()
def bench() -> None:
    """Measure this program on data of your own."""


@bench.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--words-only", is_flag=True, help="Without the sentence encoder.")
def retrieval(folder: Path, words_only: bool) -> None:
    """How well search finds what is known to be relevant, by a FOLDER in BEIR layout.

    FOLDER holds corpus.jsonl or corpus.jsonl.gz, queries.jsonl and qrels.tsv. The whole corpus is imported into a
    temporary library and searched by words, by meaning, and by default; prints JSON.
    """
    import msgspec

    from vademecum.literature.bench import evaluate, read_collection
    from vademecum.literature.encoder import Encoder

    encoder = None if words_only else Encoder.load()
    with Bars() as bars:
        report = evaluate(read_collection(folder), encoder, lambda step: bars.tell(step, 0, None))
    click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
