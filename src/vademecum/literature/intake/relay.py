"""Encoded batches on their way from the thread that parses to the one that stores.

Neither waits for the other to make room: what is not fetched yet is kept in memory when it is little, in an unnamed
temporary file when it is much.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Iterator

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.intake import protocol
from vademecum.literature.records import Item


class Relay:
    """The batches of one unit: one thread fills it, one reads it, once."""

    def __init__(self, name: str, in_memory: int) -> None:
        self._name = name
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 - closed by drop
        self._changed = threading.Condition()
        self._sizes: list[int] = []
        self._written = self._fetched = 0
        self._ended = False
        self._dropped = False
        self._error: BaseException | None = None

    def fill(self, bodies: Iterable[bytes]) -> None:
        """Takes all there is, or breaks off when nobody wants it any more. What goes wrong is raised to the reader."""
        error: BaseException | None = None
        iterator = iter(bodies)
        try:
            for body in iterator:
                if not self._add(body):
                    break
        except BaseException as caught:
            error = caught
            if not isinstance(caught, ImportFileError):
                raise
        finally:
            close = getattr(iterator, "close", None)
            if close is not None:
                close()
            with self._changed:
                self._ended, self._error = True, error
                self._changed.notify_all()

    def batches(self, *, whole: bool) -> Iterator[list[Item]]:
        """The records in file order, once; `whole` waits for the end of the file before it gives the first.

        Raises ImportFileError for what could not be read: before the first batch, or else after those that could.
        """
        try:
            for number in range(1 << 62):
                body = self._next(number, whole=whole)
                if body is None:
                    return
                yield decoded(self._name, body)
        finally:
            self.drop()

    def drop(self) -> None:
        """Nobody wants the rest."""
        with self._changed:
            self._dropped = True
            self._file.close()

    def _add(self, body: bytes) -> bool:
        with self._changed:
            if self._dropped:
                return False
            self._file.seek(self._written)
            self._file.write(body)
            self._written += len(body)
            self._sizes.append(len(body))
            self._changed.notify_all()
            return True

    def _next(self, number: int, *, whole: bool) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._ended or (number < len(self._sizes) and not whole))
            if self._error is not None and (whole or number == len(self._sizes)):
                raise self._error
            if number == len(self._sizes):
                return None
            self._file.seek(self._fetched)
            self._fetched += self._sizes[number]
            return self._file.read(self._sizes[number])

    def __del__(self) -> None:
        self._file.close()


def decoded(name: str, body: bytes) -> list[Item]:
    """The items of a batch. Raises ImportFileError for bytes that are none."""
    try:
        return protocol.ITEMS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ImportFileError(f"{name}: {protocol.RUBBISH}") from None
