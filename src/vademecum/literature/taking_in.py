"""An import from end to end: inputs to units, units to the store, and the store to the index while more comes in.

Only the store is waited for: a record is acknowledged when the store has it. The index follows behind in a process of
its own, published every few seconds, so that search sees what has come in so far; findings and vectors are made last.
Each step goes on where it was when it is run again.
"""

from __future__ import annotations

import gc
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError, RemoteError
from vademecum.literature import mining, remote
from vademecum.literature.encoder import Encoder
from vademecum.literature.following import Follower
from vademecum.literature.importing import Fate, Progress, UnitReport, import_units, is_done, mine_pending
from vademecum.literature.index import Index
from vademecum.literature.index import Progress as IndexProgress
from vademecum.literature.intake.pool import Pool
from vademecum.literature.intake.units import Skipped, Unit, walk
from vademecum.literature.place import Place, held, place
from vademecum.literature.store import PutReport, Store

Tell = Callable[[str, int, int | None, str], None]
"""Progress: which step, how many done, of how many if known, and what is at hand."""


MINED_AT_ONCE = 20_000  # texts; a whole baseline would keep an import busy for as long again


class LeftOut(msgspec.Struct, frozen=True):
    """A file that holds no evidence, or a service that did not answer."""

    name: str
    reason: str


class Failed(msgspec.Struct, frozen=True):
    """A file that could not be taken in. `error` names file, record and mend."""

    name: str
    error: str
    kept: int = 0


class Taken(msgspec.Struct, frozen=True):
    """What an import did."""

    library: str
    put: PutReport
    stored: int  # files read
    known: int  # files that an earlier import had finished
    failed: tuple[Failed, ...]
    skipped: tuple[LeftOut, ...]
    sources: int
    passages: int
    mined: int
    unmined: int  # texts left to `rebuild`; a digest mines what it quotes
    semantic: bool


class Built(msgspec.Struct, frozen=True):
    """What a rebuilt index holds."""

    passages: int
    by_meaning: bool


def take_in(
    inputs: Sequence[str],
    *,
    address: str | None = None,
    format_name: str | None = None,
    collection: str = "",
    again: bool = False,
    fresh: bool = False,
    semantic: bool = True,
    tell: Tell | None = None,
    standard_input: BinaryIO | None = None,
) -> Taken:
    """Imports everything named and brings the index up to date.

    Files that cannot be taken in are reported and the others go on. Raises StoreError when the library cannot be
    written, and UsageError for a request that cannot be meant.
    """
    where = place(address)
    say = tell or (lambda *_: None)
    encoder = Encoder.load() if semantic else None
    skipped: list[LeftOut] = []
    failed: list[Failed] = []
    with Store.open(where.address) as store, Pool() as pool:
        where.index.mkdir(parents=True, exist_ok=True)
        index = Index.open(where.index, store, encoder=encoder, rebuild=True)
        units = _Inputs(
            where,
            format_name=format_name,
            fresh=fresh,
            standard_input=standard_input,
            skipped=skipped,
            failed=failed,
            say=say,
        )

        def wanted(unit: Unit) -> bool:
            return again or not is_done(store, unit)

        def told(progress: Progress) -> None:
            say("records", progress.total.items, None, progress.unit)

        with Follower(where), _fewer_collections():
            ahead = pool.ahead(units.of(inputs), wanted=wanted)
            done = import_units(store, ahead, pool.read, collection=collection, again=again, progress=told)
        failed += [Failed(unit.name, unit.error or "", unit.kept) for unit in done.failed]
        index.update(store, progress=_watcher(say))
        say("index: words", store.head(), store.head(), "")
        unmined = store.count_pending(str(mining.RULES_VERSION))
        mined = _mine(store, say) if unmined <= MINED_AT_ONCE else 0
        if encoder is not None:
            index.update(store, encoder=encoder, progress=_watcher(say))
        return Taken(
            library=where.address,
            put=done.put,
            stored=_count(done.units, Fate.STORED),
            known=_count(done.units, Fate.KNOWN),
            failed=tuple(failed),
            skipped=tuple(skipped),
            sources=store.count(),
            passages=index.passages,
            mined=mined,
            unmined=unmined - mined,
            semantic=encoder is not None,
        )


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Records hold no cycles, but their number makes Python look for some all the time: a tenth of an import."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def rebuild(address: str | None, *, semantic: bool = True, tell: Tell | None = None) -> Built:
    """The index made anew from the store, and findings that newer rules have not made yet."""
    where = held(address)
    say = tell or (lambda *_: None)
    encoder = Encoder.load() if semantic else None
    with Store.open(where.address) as store:
        _mine(store, say)
        index = Index.open(where.index, store, encoder=encoder, rebuild=True)
        index.rebuild(store, encoder=encoder, progress=_watcher(say))
        return Built(passages=index.passages, by_meaning=encoder is not None and index.encoder == encoder.identity)


def check_index(address: str | None) -> list[str]:
    """What is wrong with the index, in words; nothing when it is sound."""
    where = held(address)
    with Store.open(where.address, read_only=True) as store:
        return Index(where.index, None).check(store)


def _mine(store: Store, say: Tell) -> int:
    rules = str(mining.RULES_VERSION)
    return mine_pending(store, mining.mine, rules, progress=lambda at, of: say("findings", at, of, ""))


def _watcher(say: Tell) -> Callable[[IndexProgress], None]:
    return lambda progress: say(f"index: {progress.step}", progress.done, progress.total, "")


def _count(units: Sequence[UnitReport], fate: Fate) -> int:
    return sum(unit.fate is fate for unit in units)


class _Inputs:
    """What the user named, as units: files as they are, live services through a folder of downloads."""

    def __init__(
        self,
        where: Place,
        *,
        format_name: str | None,
        fresh: bool,
        standard_input: BinaryIO | None,
        skipped: list[LeftOut],
        failed: list[Failed],
        say: Tell,
    ) -> None:
        self._where, self._format, self._fresh = where, format_name, fresh
        self._standard_input = standard_input
        self._skipped, self._failed, self._say = skipped, failed, say

    def of(self, inputs: Sequence[str]) -> Iterator[Unit]:
        for given in inputs:
            request = None if Path(given).exists() else remote.parse(given)
            yield from self._fetched(request) if request else self._walked((given,), self._format)

    def _walked(self, inputs: Sequence[str | Path], format_name: str | None) -> Iterator[Unit]:
        for found in walk(inputs, format_name=format_name, standard_input=self._standard_input):
            if not isinstance(found, Skipped):
                yield found
            elif found.refused:
                self._failed.append(Failed(found.name, f"{found.name}: {found.reason}"))
            else:
                self._skipped.append(LeftOut(found.name, found.reason.partition("; formats:")[0]))

    def _fetched(self, request: remote.Request) -> Iterator[Unit]:
        """The files of a request, as they come in. A service that fails leaves those that came before."""
        folder = self._where.downloads / hashlib.blake2b(request.text.encode(), digest_size=10).hexdigest()
        if self._fresh:
            shutil.rmtree(folder, ignore_errors=True)
        try:
            for download in remote.fetch(request, folder, progress=lambda at, of: self._say("download", at, of, "")):
                yield from self._walked((download.path,), download.format)
        except RemoteError as error:
            self._failed.append(Failed(request.text, f"{request.text}: {error}"))
        except ImportFileError as error:
            self._failed.append(Failed(request.text, str(error)))
