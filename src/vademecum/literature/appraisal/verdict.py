"""A rule's answer: a design and what decided."""

from __future__ import annotations

import re
from typing import NamedTuple

from vademecum.evidence.model import Design


class Verdict(NamedTuple):
    """A design and the words that decided; `design` is None when `because` says why there is none."""

    design: Design | None
    because: str


def first_of(types: frozenset[str], *names: str) -> str | None:
    """The first of `names` that is among `types`."""
    for name in names:
        if name in types:
            return name
    return None


def shown(match: re.Match[str]) -> str:
    """The words of a match that decided: its first group that took part, else all of it."""
    return " ".join(next((group for group in match.groups() if group), match[0]).strip(" :;,.").split())
