"""Verdicts and the certificate that a sentence carries."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    SUPPORTED = "supported"
    PARTIAL = "partial"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check of a sentence against its evidence. `reason` says what is wrong; empty when it passed."""

    name: str
    passed: bool
    reason: str = ""


class ProofSpan(msgspec.Struct, frozen=True):
    """Characters of a statement's text that a sentence leans on: `statement.text[start:end]`."""

    statement_id: str
    start: int
    end: int


class Proof(msgspec.Struct, frozen=True):
    verdict: Verdict
    checks: tuple[Check, ...]
    spans: tuple[ProofSpan, ...]
