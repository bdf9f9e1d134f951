"""The one file that says what the index is: replaced in one step, so readers see whole generations only."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import msgspec

from vademecum.errors import IndexDamagedError
from vademecum.literature import durable
from vademecum.literature.index.files import Stamp
from vademecum.literature.index.tokens import ANALYSER

NAME = "manifest.json"
DEAD = "dead"  # file of a generation: which vector rows no longer count
_FORMAT = "1"
MEND = "run: vade reindex"


class VectorPart(msgspec.Struct, frozen=True):
    """The vectors that belong to a generation."""

    encoder: str  # its identity
    folder: str
    rows: int
    mark: int  # change of the store the vectors have come to
    columns: dict[str, Stamp]  # of the first `rows` rows
    dead: Stamp  # of the list of rows that no longer count; it lies in the generation's folder
    layout: str


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """One generation of the index."""

    program: str  # versions that decide what the files mean
    database: str  # identity of the store
    generation: int
    mark: int  # change of the store the words have come to
    passages: int
    files: dict[str, Stamp]  # of the lexical part, in the generation's folder
    vectors: VectorPart | None = None

    @property
    def folder(self) -> str:
        return f"generation-{self.generation:08d}"


def program() -> str:
    """What must be equal for an index to be read: our format and analyser, and the engine's."""
    engine = ".".join(version("tantivy").split(".")[:2])
    return f"format {_FORMAT}, analyser {ANALYSER}, tantivy {engine}"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Publish a generation."""
    body = msgspec.json.encode(manifest)
    durable.write(folder / NAME, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def read_manifest(folder: Path) -> Manifest | None:
    """The published generation; None where nothing was published yet. Raises IndexDamagedError."""
    path = folder / NAME
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexDamagedError(f"{path}: cannot be read ({error.strerror}); {MEND}") from error
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise IndexDamagedError(f"{path}: not what was written (checksum); {MEND}")
    try:
        return msgspec.json.decode(body, type=Manifest)
    except msgspec.MsgspecError as error:
        raise IndexDamagedError(f"{path}: written by another version of the program; {MEND}") from error
