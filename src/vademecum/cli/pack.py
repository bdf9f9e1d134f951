"""`vade pack`: list, show, lint and start packs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vademecum.cli.common import open_library, packs_option
from vademecum.errors import UsageError

if TYPE_CHECKING:
    from vademecum.packs.lint import Finding


@click.group()
def pack() -> None:
    """Guideline packs: what the library knows."""


@pack.command("list")
@packs_option
def list_packs(own: tuple[Path, ...]) -> None:
    """List packs and drug sheets, with where they come from."""
    library = open_library(own)
    width = max(map(len, library.packs))
    for item in library.packs.values():
        click.echo(
            f"{item.pack:<{width}}  {item.version:<8} {item.status:<7} {len(item.statements):>3} statements  "
            f"{item.title}"
        )
    click.echo(f"\n{len(library.drugs)} drug sheets: {', '.join(library.drugs)}")
    for replaced in library.replaced:
        click.echo(f"\n{replaced.kind} {replaced.id}: {replaced.by} takes the place of {replaced.was}")


@pack.command()
@click.argument("name")
@packs_option
def show(name: str, own: tuple[Path, ...]) -> None:
    """Show one pack or drug sheet: its statements with grade and sources, and what was left out."""
    library = open_library(own)
    holder = library.packs.get(name) or library.drugs.get(name)
    if holder is None:
        raise UsageError(f"no pack or drug sheet {name!r}; see `vade pack list`")
    click.echo(f"{holder.title}\n")
    for statement in holder.statements:
        click.echo(f"{statement.id}  [{statement.population}, {statement.kind}]")
        click.echo(f"  {statement.text}")
        grade = statement.grade
        if grade.strength != "none" or grade.certainty != "not_graded" or grade.as_printed:
            said = f"strength {grade.strength}, certainty {grade.certainty.replace('_', ' ')}"
            printed = f", printed as {grade.as_printed}" if grade.as_printed else ""
            click.echo(f"  {said}{f' (by: {grade.origin})' if grade.origin else ''}{printed}")
        if statement.caveat:
            click.echo(f"  caveat: {statement.caveat}")
        for cite in statement.cites:
            click.echo(f"  - {library.references[cite.source]}" + (f" [{cite.at}]" if cite.at else ""))
    for slot, reason in holder.unknown.items():
        click.echo(f"\nnot known: {slot}: {reason}")
    for entry in holder.left_out:
        click.echo(f"\nleft out: {entry.id}: {entry.reason}")


@pack.command("lint")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@packs_option
def lint_packs(folder: Path | None, own: tuple[Path, ...]) -> None:
    """Check packs: those of FOLDER, or the whole library.

    Exit code 1 when anything is wrong.
    """
    from vademecum.packs.lint import lint
    from vademecum.packs.model import Pack

    library = open_library((*own, *((folder,) if folder else ())))
    checked = [h for h in library.holders if folder is None or library.origin_of(h).is_relative_to(folder)]
    findings = [(library.origin_of(holder), f) for holder in checked for f in lint(library, (holder,))]
    for file, finding in findings:
        click.echo(f"{_place(file, finding)}: {finding.message}")
    packs = sum(isinstance(holder, Pack) for holder in checked)
    click.echo(f"{packs} packs, {len(checked) - packs} drug sheets: {len(findings)} finding(s)")
    raise SystemExit(1 if findings else 0)


def _place(file: Path, finding: Finding) -> str:
    """`file:line: key`, by finding each part of the key, or the id it names, after the part before it."""
    text = file.read_text(encoding="utf-8")
    found = 0
    for part in finding.where.split("."):
        match = re.compile(rf"^\s*(?:- )?(?:\{{)?(?:id: )?{re.escape(part)}\b", re.MULTILINE).search(text, found)
        found = match.end() if match is not None else found
    line = text.count("\n", 0, found) + 1
    return f"{file}:{line}: {finding.where}"


@pack.command("new")
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def new_pack(name: str, folder: Path) -> None:
    """Start a pack NAME in a library FOLDER: a small complete example to write over."""
    from vademecum.packs.template import TEMPLATE_PACK, TEMPLATE_SOURCES

    if not re.fullmatch(r"[a-z][a-z0-9-]{1,60}", name):
        raise UsageError(f"{name!r} is not a pack name; use lower-case letters, digits and hyphens, such as gout-acute")
    file = folder / "packs" / f"{name}.yaml"
    if file.exists():
        raise UsageError(f"{file} exists; choose another name")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TEMPLATE_PACK.replace("NAME", name), encoding="utf-8")
    sources = folder / "sources.yaml"
    if not sources.exists():
        sources.write_text(TEMPLATE_SOURCES, encoding="utf-8")
    click.echo(f"wrote {file}; check it with: vade pack lint {folder}")
