"""Keeps the words of an index close behind the store while an import runs, in a process of its own.

    python -m vademecum.literature.following ADDRESS

Run by `literature.taking_in`; it ends when its standard input does, so it never outlives the import. Whatever goes
wrong here is met again, and told, when the import itself brings the index up to date at its end.
"""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from typing import Self

from vademecum.errors import VademecumError
from vademecum.literature.index import Index
from vademecum.literature.place import Place, place
from vademecum.literature.store import Store

EVERY = 3.0  # seconds between looks at the store
_LONGEST_WAIT = 120.0  # seconds for the last update to end


class Follower:
    """The process, for as long as the `with` lasts."""

    def __init__(self, where: Place) -> None:
        self._where = where
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vademecum.literature.following", self._where.address],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C ends the import, which ends this in order
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_LONGEST_WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def main(address: str) -> int:
    """Updates the index until standard input ends; 1 when it cannot."""
    where = place(address)
    _stand_back()
    try:
        with Store.open(where.address, read_only=True) as store:
            index = Index.open(where.index, store)
            while not select.select([sys.stdin], [], [], EVERY)[0]:
                index.update(store)
    except VademecumError:
        return 1
    return 0


def _stand_back() -> None:
    """Run when nothing else wants to: what is imported is acknowledged first, the index may come a little later."""
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
