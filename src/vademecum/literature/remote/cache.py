"""Replies kept on disk, so that asking again is quick and kind.

An entry is one file named by the hash of the request: a line of JSON (validators, time, hash of the body), then the
body. One that does not match its own hash is thrown away. Queries can hold patient details, so the request itself is
not written down. The folder can be deleted at any time.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import msgspec

from vademecum.literature import durable

_SUFFIX = ".reply"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reply in the cache."""

    stored: float  # seconds since the epoch, when it was last known to be current
    sha256: str
    etag: str | None = None
    modified: str | None = None
    body: bytes = b""


class Cache:
    """Replies under `folder`, at most `capacity` bytes of them; the least recently written go first."""

    def __init__(self, folder: Path, capacity: int = 2 << 30) -> None:
        self._folder = folder
        self._capacity = capacity

    def find(self, request: str) -> Kept | None:
        """The whole and unharmed reply to `request`, however old."""
        path = self._path(request)
        try:
            line, _, body = path.read_bytes().partition(b"\n")
            kept = msgspec.json.decode(line, type=Kept)
        except (OSError, msgspec.DecodeError):
            return None
        if hashlib.sha256(body).hexdigest() != kept.sha256:
            path.unlink(missing_ok=True)
            return None
        return msgspec.structs.replace(kept, body=body)

    def keep(self, request: str, body: bytes, *, stored: float, etag: str | None, modified: str | None) -> None:
        """Remember a reply. A disk that refuses costs the memory, not the reply."""
        kept = Kept(stored=stored, sha256=hashlib.sha256(body).hexdigest(), etag=etag, modified=modified)
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            durable.write(self._path(request), msgspec.json.encode(kept) + b"\n" + body)
            self._prune()

    def _path(self, request: str) -> Path:
        return self._folder / (hashlib.sha256(request.encode()).hexdigest() + _SUFFIX)

    def _prune(self) -> None:
        found = [(entry, entry.stat()) for entry in self._folder.glob(f"*{_SUFFIX}")]
        entries = [(status.st_mtime_ns, status.st_size, entry) for entry, status in found]
        excess = sum(size for _, size, _ in entries) - self._capacity
        for _, size, entry in sorted(entries):
            if excess <= 0:
                return
            entry.unlink(missing_ok=True)
            excess -= size
