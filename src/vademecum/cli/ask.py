"""`vade ask`: answer a question in any output form."""

from __future__ import annotations

import codecs
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vademecum.cli.common import ANSWERED, NOTHING, open_library, packs_option
from vademecum.cli.shelf_options import library_option, shelf_there
from vademecum.errors import UsageError, VademecumError

if TYPE_CHECKING:
    from vademecum.answer.article import Article

_NOTHING_KINDS = {"no_such_entity", "abstain", "out_of_scope", "clarify"}
FORMATS = ("text", "markdown", "html", "json", "pdf")
_BINARY = {"pdf"}


@click.command()
@click.argument("question", nargs=-1)
@click.option(
    "--for",
    "audience",
    type=click.Choice(["physician", "patient"]),
    default="physician",
    show_default=True,
    help="Who reads it: the same claims in other words and order.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=None,
    help="Form of the output; by default the ending of --output, else text.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.option("--proof", is_flag=True, help="Show beside each sentence the checks it passed and what it leans on.")
@click.option("--width", type=click.IntRange(40, 400), help="Columns of the text output; by default the terminal's.")
@packs_option
@library_option
@click.option("--packs-only", is_flag=True, help="Leave imported literature aside.")
def ask(
    question: tuple[str, ...],
    audience: str,
    form: str | None,
    output: Path | None,
    proof: bool,
    width: int | None,
    own: tuple[Path, ...],
    address: str | None,
    packs_only: bool,
) -> None:
    """Answer a clinical QUESTION.

    \b
    vade ask "What is the treatment for severe inflammatory muscle spasms?"
    vade ask --for patient "What helps against muscle cramps?"
    vade ask --format json "How is methotrexate dosed in juvenile dermatomyositis?"
    vade ask -o answer.pdf "How long may cyclobenzaprine be given?"
    """
    from vademecum.answer.pipeline import ask as answer

    text = _question(question)
    library = open_library(own)
    with nullcontext() if packs_only else shelf_there(address) as shelf:
        article = answer(text, library, audience=audience, literature=shelf)
    form = form or _form_of(output)
    _write(_rendered(article, form, proof=proof, width=width, to_file=output is not None), output, form)
    raise SystemExit(NOTHING if article.kind in _NOTHING_KINDS else ANSWERED)


def _question(words: tuple[str, ...]) -> str:
    """The arguments as one question; `-` reads standard input."""
    if words == ("-",):
        raw = sys.stdin.buffer.read(100_000)
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(raw, final=len(raw) < 100_000)
        except UnicodeDecodeError:
            raise UsageError("standard input is not UTF-8 text; type the question in plain words") from None
    return " ".join(words)


def _form_of(output: Path | None) -> str:
    if output is None:
        return "text"
    endings = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".pdf": "pdf", ".txt": "text"}
    form = endings.get(output.suffix.lower())
    if form is None:
        raise UsageError(
            f"cannot tell the form of {output.name}; name it .html, .md, .json, .pdf or .txt, or use --format"
        )
    return form


def _rendered(article: Article, form: str, *, proof: bool, width: int | None, to_file: bool) -> bytes | str:
    if form == "json":
        import msgspec

        from vademecum.answer.contract import encode

        return msgspec.json.format(encode(article), indent=2) + b"\n"
    if form == "markdown":
        from vademecum.render.markdown import render_markdown

        return render_markdown(article, proof=proof)
    if form == "html":
        from vademecum.render.html import render_html

        return render_html(article)
    if form == "pdf":
        from vademecum.render.pdf import render_pdf

        return render_pdf(article)
    from vademecum.render.terminal import render_terminal

    colour = not to_file and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return render_terminal(article, width=width, colour=colour, proof=proof)


def _write(content: bytes | str, output: Path | None, form: str) -> None:
    data = content.encode() if isinstance(content, str) else content
    if output is not None:
        try:
            output.write_bytes(data)
        except OSError as error:
            raise VademecumError(f"cannot write {output}: {error.strerror}") from None
        click.echo(f"wrote {output}", err=True)
        return
    if form in _BINARY and sys.stdout.isatty():
        raise UsageError("PDF does not belong on a terminal; give a file with --output answer.pdf")
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
