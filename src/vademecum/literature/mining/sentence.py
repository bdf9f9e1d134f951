"""One sentence as the rules see it: its text, where it stands, and in what kind of document."""

from __future__ import annotations

import re
from typing import NamedTuple

from vademecum.literature.records import RecordKind
from vademecum.literature.regions import Role

_REFERENCE = re.compile(r"\[ ?(?:see|refer to)\b[^\]]*\]|\((?:see|refer to) [^()]*(?:\([^()]*\)[^()]*)*\)", re.I)


_PLAIN = str.maketrans("\n\u2009\u00a0\u202f\u2019", "    '")


class Sentence(NamedTuple):
    """`text == document.text[start:end]`; `low` is its lower case with references to other parts blanked out."""

    start: int
    end: int
    text: str
    low: str
    role: Role
    kind: RecordKind
    code: str | None
    label: str  # headings above it, lower case

    @property
    def question(self) -> bool:
        """Whether it asks."""
        return self.text.endswith("?")


def flattened(text: str) -> str:
    """Lower case of the same length, line breaks as blanks, "[see Contraindications (4)]" blanked."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    low = low.translate(_PLAIN)
    if "see " in low or "refer to" in low:
        low = _REFERENCE.sub(lambda match: " " * len(match[0]), low)
    return low
