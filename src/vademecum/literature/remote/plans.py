"""Identifiers still to be fetched, kept beside a job: a cursor then needs only a file's name and a place in it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature import durable


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in a plan."""

    plan: str
    at: int = 0
    total: int | None = None  # of the whole request


def write(folder: Path, name: str, identifiers: tuple[str, ...]) -> str:
    """Keep `identifiers` under `name`, which is returned."""
    durable.write(folder / name, msgspec.json.encode(identifiers))
    return name


def read(folder: Path, name: str) -> tuple[str, ...]:
    """The identifiers kept under `name`. Raises RemoteError when they are gone or damaged."""
    try:
        return msgspec.json.decode((folder / name).read_bytes(), type=tuple[str, ...])
    except (OSError, msgspec.DecodeError):
        raise RemoteError(f"{folder / name} is gone or damaged; delete its folder to start again") from None
