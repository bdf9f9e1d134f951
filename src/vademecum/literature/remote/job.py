"""A download job: pages saved as files in a folder, with a state file that says which are done.

A page counts as done when its file and then the state are on disk, each written whole; so a job that was killed at any
instant goes on with the page it was at. A page file that no longer matches its hash is fetched again, with all after
it. The state holds the request, since the job cannot be continued without it; delete the folder when it is imported.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from vademecum.errors import RemoteError
from vademecum.literature import durable
from vademecum.literature.remote.client import Client
from vademecum.literature.remote.request import Request

STATE = "job.json"
_LOCK = "job.lock"
_VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


class Page(msgspec.Struct, frozen=True):
    """One reply of a source: content, or a file beside the job, or nothing but news of what is missing."""

    name: str
    format: str  # name of the format that reads it
    body: bytes | Path
    records: int
    after: str | None  # where to go on; None after the last page
    total: int | None = None  # records of the whole request, as far as the service says
    missing: tuple[str, ...] = ()  # asked for by identifier and not sent


class Download(msgspec.Struct, frozen=True):
    """A finished file of a job. `position` counts the job's files from 0 and never changes for a file."""

    name: str
    format: str
    path: Path
    bytes: int
    position: int
    records: int


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finished page in the state file."""

    name: str
    format: str
    records: int
    bytes: int = 0
    sha256: str | None = None  # None: the page brought nothing but news
    after: str | None = None
    missing: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a job is."""

    request: str
    version: int = _VERSION
    total: int | None = None
    entries: tuple[Entry, ...] = ()
    complete: bool = False

    @property
    def cursor(self) -> str | None:
        return self.entries[-1].after if self.entries else None

    @property
    def records(self) -> int:
        return sum(entry.records for entry in self.entries)

    @property
    def missing(self) -> tuple[str, ...]:
        """Identifiers that were asked for and that the service does not have."""
        return tuple(name for entry in self.entries for name in entry.missing)


Pages = Callable[[Client, Request, Path, str | None], Iterator[Page]]
"""The pages of a request from a cursor on; large ones may be put into the folder."""

Progress = Callable[[int, int | None], None]
"""Told the records done and, when known, the records there are."""


def run(client: Client, request: Request, folder: Path, pages: Pages, progress: Progress) -> Iterator[Download]:
    """Every file of the job in order: those of earlier runs, then new ones as they arrive."""
    with _disk(folder), _alone(folder):
        state = _sound(load(folder) or State(request.text), folder)
        if state.request != request.text:
            raise RemoteError(f"{folder} holds another download; choose another folder or delete it")
        for position, entry in enumerate(state.entries):
            progress(sum(done.records for done in state.entries[: position + 1]), state.total)
            yield from _download(entry, folder, position)
        if state.complete:
            return
        for page in pages(client, request, folder, state.cursor):
            state = _with(state, page, folder)
            progress(state.records, state.total)
            yield from _download(state.entries[-1], folder, len(state.entries) - 1)
        if not state.complete:
            _save(msgspec.structs.replace(state, complete=True), folder)


def load(folder: Path) -> State | None:
    """The state of the job in `folder`; None when there is none. Raises RemoteError for one that cannot be read."""
    try:
        state = msgspec.json.decode((folder / STATE).read_bytes(), type=State)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError):
        raise RemoteError(f"{folder / STATE} cannot be read; delete the folder to start again") from None
    if state.version != _VERSION:
        raise RemoteError(f"{folder} was written by another version; delete it to start again")
    return state


def _with(state: State, page: Page, folder: Path) -> State:
    """Save a page and then the state that counts it."""
    name = f"{len(state.entries):05d}-{page.name}"
    if not _NAME.fullmatch(page.name):
        raise RemoteError("the service named a file in a way that cannot be kept")
    size, digest = 0, None
    if page.body:
        target = folder / name
        if isinstance(page.body, Path):
            durable.move(page.body, target)
        else:
            durable.write(target, page.body)
        size, digest = target.stat().st_size, durable.digest(target)
    entry = Entry(
        name=name,
        format=page.format,
        records=page.records,
        bytes=size,
        sha256=digest,
        after=page.after,
        missing=page.missing,
    )
    total = state.total if page.total is None else page.total
    grown = msgspec.structs.replace(state, entries=(*state.entries, entry), total=total, complete=page.after is None)
    _save(grown, folder)
    return grown


def _save(state: State, folder: Path) -> None:
    durable.write(folder / STATE, msgspec.json.encode(state))


def _sound(state: State, folder: Path) -> State:
    """The state up to the first page whose file is gone or changed."""
    for position, entry in enumerate(state.entries):
        path = folder / entry.name
        if entry.sha256 is not None and not (path.is_file() and durable.digest(path) == entry.sha256):
            return msgspec.structs.replace(state, entries=state.entries[:position], complete=False)
    return state


def _download(entry: Entry, folder: Path, position: int) -> Iterator[Download]:
    if entry.sha256 is not None:
        yield Download(
            name=entry.name,
            format=entry.format,
            path=folder / entry.name,
            bytes=entry.bytes,
            position=position,
            records=entry.records,
        )


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """The folder, made when needed; what the disk refuses inside is a RemoteError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise RemoteError(f"cannot work in {folder}: {reason}; free some space or choose another folder") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against a second run; the lock ends with the process, however it ends."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RemoteError(f"another run is at work in {folder}; wait for it to end") from None
        yield
    finally:
        os.close(handle)
