"""Danger, and questions that are not ours: recognised from the words alone, before anything else."""

from __future__ import annotations

import msgspec

from vademecum.answer.question import Outcome


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome other than a plain answer, with the reasons in words for the reader."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()


def triage(_text: str) -> Triage | None:
    """None when nothing in the words speaks against a plain answer."""
    return None
