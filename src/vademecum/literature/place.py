"""Where the imported literature lives: one database, and beside it what is derived from it or waits for it.

Nothing here opens anything, so asking whether there is a library costs a look at the disk.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from vademecum.errors import VademecumError


class Place(msgspec.Struct, frozen=True):
    """`address` is a path or a database URL; `folder` holds the index and downloads."""

    address: str
    file: Path | None  # None for a database server
    folder: Path

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def downloads(self) -> Path:
        return self.folder / "downloads"

    @property
    def there(self) -> bool:
        """Whether something was imported here; for a server, whether it is configured."""
        return self.file is None or self.file.is_file()


def place(address: str | None = None) -> Place:
    """The place named, or `$VADEMECUM_DATABASE`, or `library.db` in the user's data folder."""
    address = address or os.environ.get("VADEMECUM_DATABASE") or str(_home() / "library.db")
    if "://" not in address:
        file = Path(address).expanduser().absolute()
        return Place(address=str(file), file=file, folder=file.with_name(f"{file.name}.d"))
    name = hashlib.blake2b(address.rpartition("@")[2].encode(), digest_size=8).hexdigest()
    return Place(address=address, file=None, folder=_home() / f"server-{name}.d")


def held(address: str | None = None) -> Place:
    """The same, where something was imported. Raises VademecumError with the way to do so."""
    where = place(address)
    if not where.there:
        raise VademecumError(f"no library at {where.address}; import something first: vade import FILE")
    return where


def _home() -> Path:
    from platformdirs import user_data_path

    return user_data_path("vademecum", appauthor=False)
