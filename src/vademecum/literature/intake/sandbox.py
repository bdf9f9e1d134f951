"""Files parsed in a child process with limits.

`Sandbox.items` gives all of a file or nothing of it: its records are held back until the child has read the file to
its end, in memory when they are few and in an unnamed temporary file when they are many. `Sandbox.streamed` holds
nothing back, for a caller that can take back what it stored, as a transaction does. No file is judged beforehand: a
broken one costs as much as a sound one, and only records show whether all records can be read.

One child reads many files. It is ended, and a fresh one started, after a limit was broken or a reader failed in a way
it did not foresee, and after `Limits.units` files. It ends by itself when this process dies: the pipe closes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.formats.registry import FORMATS, Format
from vademecum.literature.intake import protocol
from vademecum.literature.intake.child import Child, Usage
from vademecum.literature.intake.limits import Limits
from vademecum.literature.intake.protocol import Failure, Job, Kind
from vademecum.literature.intake.relay import Relay, decoded
from vademecum.literature.intake.units import Unit
from vademecum.literature.records import Item

Progress = Callable[[Unit, int], None]
"""Told of a unit and how many of its unpacked bytes have been sent to the child."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LONGEST = 600


class Sandbox:
    """One child at a time, started when it is first needed. Not for use by two threads at once."""

    def __init__(self, *, limits: Limits | None = None, formats: Mapping[str, Format] = FORMATS) -> None:
        self._limits = limits or Limits()
        self._modules = {name: entry.module for name, entry in formats.items()}
        self._child: Child | None = None
        self.usage: Usage | None = None  # of the child that ended last

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stop(self) -> None:
        """Breaks off what another thread reads; it ends with ImportFileError."""
        child = self._child
        if child is not None:
            child.kill()

    def close(self) -> None:
        """Ends the child."""
        if self._child is not None:
            self.usage = self._child.end()
            self._child = None

    def items(self, unit: Unit, *, progress: Progress | None = None) -> Iterator[list[Item]]:
        """The records of a unit in batches. Raises ImportFileError before the first for a file broken anywhere."""
        relay = Relay(unit.name, self._limits.held)
        relay.fill(self.bodies(unit, progress=progress))
        return relay.batches(whole=True)

    def streamed(self, unit: Unit, *, progress: Progress | None = None) -> Iterator[list[Item]]:
        """The records as they are read. Raises ImportFileError also after some were given: the caller undoes those."""
        for body in self.bodies(unit, progress=progress):
            yield decoded(unit.name, body)

    def bodies(self, unit: Unit, *, progress: Progress | None = None) -> Iterator[bytes]:
        """The batches of a unit, still encoded. Left half-way, it leaves no child behind."""
        child = self._ready_child()
        records = size = 0
        failure: Failure | None = None
        sound = False

        def sent(count: int) -> None:
            if unit.format.whole and count > self._limits.document:
                raise ImportFileError(f"one document of more than {self._limits.document:,} bytes; split it")
            if progress is not None:
                progress(unit, count)

        try:
            with unit.open() as stream:
                for kind, body in child.read(Job(unit.file, unit.format.name, unit.format.pace), stream, sent):
                    if kind == Kind.FAILED:
                        failure = protocol.FAILURES.decode(body)
                    elif kind == Kind.BATCH:
                        records += _count(body)
                        size += len(body)
                        if size > self._limits.output:
                            raise ImportFileError(f"its records take more than {self._limits.output:,} bytes; split it")
                        yield body
            sound = failure is None or not failure.mine
        except msgspec.MsgspecError:
            raise ImportFileError(f"{unit.name}: {protocol.RUBBISH}") from None
        except ImportFileError as error:
            after = f", after record {records}" if records else ""
            raise ImportFileError(f"{unit.name}{after}: {_plain(str(error))}") from None
        finally:
            if not sound:
                self.close()
        if failure is not None:
            raise ImportFileError(_place(unit, failure))

    def _ready_child(self) -> Child:
        if self._child is not None and self._child.files >= self._limits.units:
            self.close()
        if self._child is None:
            try:
                self._child = Child(self._modules, self._limits)
            except OSError as error:
                raise ImportFileError(f"the reading process cannot be started: {error.strerror}") from None
        return self._child


def _count(body: bytes) -> int:
    return int(protocol.ARRAY.unpack_from(body)[1]) if len(body) >= protocol.ARRAY.size else 0


def _place(unit: Unit, failure: Failure) -> str:
    """Which file, which record, what: the record is the one after the last that was read."""
    where = f"{unit.name}, record {failure.records + 1}"
    if failure.last:
        where += f" (after {_plain(failure.last)[:80]})"
    return f"{where}: {_plain(failure.message)}"


def _plain(message: str) -> str:
    """Words from a file made fit for a terminal: no control or direction characters, not too long."""
    text = _CONTROL.sub(" ", message)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
