"""What the commands share: opening the library, the packs option, exit codes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vademecum.packs.library import Library

ANSWERED, FAILED, USAGE, NOTHING = 0, 1, 2, 3

packs_option = click.option(
    "--packs",
    "own",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A library folder of your own; its packs take precedence, visibly. Repeatable. Also VADEMECUM_PACKS.",
)


def open_library(own: tuple[Path, ...]) -> Library:
    """The bundled library with the reader's own folders on top."""
    from vademecum.packs.library import load

    named = tuple(Path(p) for p in os.environ.get("VADEMECUM_PACKS", "").split(os.pathsep) if p)
    return load((*named, *own))
