"""The compiled form of a library, and the files it is made from. Imports no YAML: start-up reads only this."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

import vademecum
from vademecum.errors import PackError
from vademecum.evidence.model import Source, Statement
from vademecum.packs.model import DrugSheet, Pack

_FORMAT = 4  # raise when the compiled form changes


class Replaced(msgspec.Struct, frozen=True):
    """A pack, sheet or source of an earlier folder that a later one stands in for."""

    kind: str
    id: str
    by: str  # the file that won
    was: str  # the file that lost


class Compiled(msgspec.Struct, frozen=True):
    """What the cache file holds."""

    digest: str
    packs: tuple[Pack, ...]
    drugs: tuple[DrugSheet, ...]
    sources: tuple[Source, ...]
    references: dict[str, str]  # source key: reference in the standard style, without its number
    origins: dict[str, str]  # "pack:ID", "drug:ID": file
    replaced: tuple[Replaced, ...]
    retired: tuple[Statement, ...]  # statements of replaced packs: kept so that references resolve, never shown
    terms: dict[str, tuple[str, ...]]  # statement id: content stems of its text
    plain_terms: dict[str, tuple[str, ...]]  # statement id: content stems of its plain wordings
    vocabulary: tuple[str, ...]  # every stem the library uses, plain wordings included


def library_files(folder: Path) -> tuple[Path, ...]:
    """Every file of a library folder that counts, in reading order."""
    sources = folder / "sources.yaml"
    return (
        *((sources,) if sources.is_file() else ()),
        *yaml_files(folder / "drugs"),
        *yaml_files(folder / "packs"),
    )


def digest_of(folders: tuple[Path, ...]) -> str:
    digest = hashlib.blake2b(f"{_FORMAT}\0{vademecum.__version__}\0".encode(), digest_size=32)
    for folder in folders:
        for file in library_files(folder):
            try:
                content = file.read_bytes()
            except OSError as error:
                raise PackError((f"{file}:1: cannot be read: {error.strerror}",)) from None
            digest.update(f"{file.relative_to(folder)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def enc_hook(value: Any) -> Any:
    """msgspec hook: exact fractions travel as text."""
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def dec_hook(kind: type, value: Any) -> Any:
    """msgspec hook: the inverse of `enc_hook`."""
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind.__name__)


def yaml_files(folder: Path) -> Iterable[Path]:
    """The YAML files of a folder in name order; links are not followed."""
    if not folder.is_dir():
        return ()
    return sorted(p for p in folder.iterdir() if p.suffix in {".yaml", ".yml"} and p.is_file() and not p.is_symlink())
