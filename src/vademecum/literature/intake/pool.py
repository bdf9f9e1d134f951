"""Files parsed ahead of the caller, who stores them one after the other.

    with Pool() as pool:
        for unit in pool.ahead(units):
            for batch in pool.read(unit): ...

With one worker, one file is parsed while the one before, or the start of the same one, is stored: that fills two cores.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from vademecum.literature.formats.registry import FORMATS, Format
from vademecum.literature.intake.limits import Limits
from vademecum.literature.intake.relay import Relay
from vademecum.literature.intake.sandbox import Progress, Sandbox
from vademecum.literature.intake.units import Skipped, Unit
from vademecum.literature.records import Item


class Pool:
    """Some sandboxes with a thread each."""

    def __init__(
        self, workers: int = 1, *, limits: Limits | None = None, formats: Mapping[str, Format] = FORMATS
    ) -> None:
        self._limits = limits or Limits()
        self._sandboxes = [Sandbox(limits=self._limits, formats=formats) for _ in range(workers)]
        self._idle: SimpleQueue[Sandbox] = SimpleQueue()
        for sandbox in self._sandboxes:
            self._idle.put(sandbox)
        self._threads = ThreadPoolExecutor(workers, "intake")
        self._begun: dict[int, Relay] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Breaks off what is being parsed and ends the children."""
        for relay in self._begun.values():
            relay.drop()
        self._threads.shutdown(wait=False, cancel_futures=True)
        for sandbox in self._sandboxes:
            sandbox.stop()
        self._threads.shutdown()
        for sandbox in self._sandboxes:
            sandbox.close()

    def ahead(
        self,
        found: Iterable[Unit | Skipped],
        *,
        wanted: Callable[[Unit], bool] = lambda _: True,
        skipped: Callable[[Skipped], None] = lambda _: None,
        progress: Progress | None = None,
    ) -> Iterator[Unit]:
        """The units as given, while as many of the next as there are workers are parsed already.

        Only units that are `wanted` are; that is asked in the caller's thread, `progress` is told in another.
        `skipped` is told of the entries that are no units.
        """
        waiting: deque[Unit] = deque()
        for entry in found:
            if isinstance(entry, Skipped):
                skipped(entry)
                continue
            if wanted(entry):
                self._begun[id(entry)] = self._begin(entry, progress)
            waiting.append(entry)
            if len(waiting) > len(self._sandboxes):
                yield from self._hand_on(waiting.popleft())
        while waiting:
            yield from self._hand_on(waiting.popleft())

    def read(self, unit: Unit, *, whole: bool = False) -> Iterator[list[Item]]:
        """The records of a unit, once, in batches.

        Raises ImportFileError for what cannot be read: with `whole` before the first batch, otherwise also after some,
        which the caller then takes back.
        """
        relay = self._begun.pop(id(unit), None) or self._begin(unit, None)
        return relay.batches(whole=whole)

    def _hand_on(self, unit: Unit) -> Iterator[Unit]:
        yield unit
        relay = self._begun.pop(id(unit), None)
        if relay is not None:
            relay.drop()

    def _begin(self, unit: Unit, progress: Progress | None) -> Relay:
        relay = Relay(unit.name, self._limits.held)
        self._threads.submit(self._parse, unit, relay, progress)
        return relay

    def _parse(self, unit: Unit, relay: Relay, progress: Progress | None) -> None:
        sandbox = self._idle.get()
        try:
            relay.fill(sandbox.bodies(unit, progress=progress))
        finally:
            self._idle.put(sandbox)
