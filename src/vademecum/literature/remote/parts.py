"""A large download as a part file that survives a kill or a power cut: only what was synced is ever continued."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

import msgspec

from vademecum.literature import durable
from vademecum.literature.remote.exchange import Sink

_STEP = 4 << 20


class _Mark(msgspec.Struct, frozen=True):
    """How much of the part file is safely on disk, and what the server needs to continue it."""

    validator: str
    size: int


class PartFile(Sink):
    """The part file of `target`. Use as a context manager, then `finish` to move it into place."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f"{target.name}.part")
        self._mark = target.with_name(f"{target.name}.mark")
        self._handle = self.path.open("r+b" if self.path.exists() else "w+b")
        super().__init__(self._handle)
        self._synced = 0
        self._continue()

    def __enter__(self) -> PartFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.close()

    def begin(self, validator: str | None) -> None:
        self._mark.unlink(missing_ok=True)
        super().begin(validator)
        self._synced = 0

    def write(self, block: bytes) -> None:
        super().write(block)
        if self.validator is not None and self.size - self._synced >= _STEP:
            self._sync()
            durable.write(self._mark, msgspec.json.encode(_Mark(self.validator, self.size)))

    def edges(self, length: int) -> tuple[bytes, bytes]:
        """The first and the last bytes."""
        self._handle.seek(0)
        head = self._handle.read(length)
        self._handle.seek(max(0, self.size - length))
        return head, self._handle.read(length)

    def finish(self) -> None:
        """The body is whole: it becomes the target."""
        self._sync()
        durable.move(self.path, self._target)
        self._mark.unlink(missing_ok=True)

    def _continue(self) -> None:
        try:
            mark = msgspec.json.decode(self._mark.read_bytes(), type=_Mark)
        except (OSError, msgspec.DecodeError):
            self.begin(None)
            return
        if self._handle.seek(0, os.SEEK_END) < mark.size:
            self.begin(None)
            return
        self._handle.truncate(mark.size)
        self._handle.seek(mark.size)
        self.size = self._synced = mark.size
        self.validator = mark.validator

    def _sync(self) -> None:
        self._handle.flush()
        os.fsync(self._handle.fileno())
        self._synced = self.size
