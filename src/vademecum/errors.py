"""The one error tree.

    VademecumError
    ├── UsageError            the caller's words are off (exit code 2)
    ├── DoseError             a dose or quantity that cannot be meant
    │   └── UnitError         an unknown unit, or two kinds of unit mixed
    ├── PackError             a pack that does not load; carries its problems
    └── MissingExtraError          an optional part is not installed; names the extra

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


class MissingExtraError(VademecumError):
    """A feature needs an optional dependency."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the {extra!r} extra; install it with: pip install 'vademecum[{extra}]'")
        self.extra = extra
