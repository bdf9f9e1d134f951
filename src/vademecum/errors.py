"""The one error tree.

    VademecumError
    ├── UsageError            the caller's words are off (exit code 2)
    ├── DoseError             a dose or quantity that cannot be meant
    │   └── UnitError         an unknown unit, or two kinds of unit mixed
    ├── PackError             a pack that does not load; carries its problems
    ├── ImportFileError       a file that cannot be taken in; names file, record and field
    ├── RemoteError           a live service cannot be asked or gave no usable reply; names it and the mend
    │   └── NoNetworkError    it cannot be reached at all
    ├── StoreError            the library's database cannot be used; names the mend
    ├── IndexDamagedError     the search index is not as it was written, or not of this library; the mend is named
    ├── IndexWriteError       the search index cannot be written; what was published is still searched
    │   └── IndexBusyError    another process is writing it
    └── MissingExtraError     an optional part is not installed; names the extra

Messages name the thing, the place and the mend. No dependency's exception leaves a public function.
"""

from __future__ import annotations


class VademecumError(Exception):
    """Root of every error this program raises on purpose."""


class UsageError(VademecumError):
    """The request itself is malformed."""


class DoseError(VademecumError):
    """A dose that is incomplete, contradictory or not expressible."""


class UnitError(DoseError):
    """An unknown unit, or a comparison or conversion between two kinds."""


class PackError(VademecumError):
    """A pack does not load. `problems` are ready to print, one per line: `file:line: what; mend`."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ImportFileError(VademecumError):
    """A file or a record in it cannot be taken in. The message names the place and the mend."""


class RemoteError(VademecumError):
    """A live service cannot be asked or gave no usable reply. The message holds no query and no key."""


class NoNetworkError(RemoteError):
    """A live service cannot be reached. Everything also works from files."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no network: {reason}; import from a file instead")
        self.reason = reason


class StoreError(VademecumError):
    """The library's database cannot be opened, read or written."""


class IndexDamagedError(VademecumError):
    """The search index cannot be used as it is. It is derived from the library, so a new one loses nothing."""


class IndexWriteError(VademecumError):
    """The disk is full or fails. Nothing half-written is shown."""


class IndexBusyError(IndexWriteError):
    """Only one process may write the search index at a time."""


class MissingExtraError(VademecumError):
    """A feature needs an optional dependency."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the {extra!r} extra; install it with: pip install 'vademecum[{extra}]'")
        self.extra = extra
