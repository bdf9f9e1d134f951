"""Authored texts in which `{dose ID}` or `{dose ID DRUG}` stands for a typed dose of a statement."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vademecum.dosing.model import Dose
from vademecum.dosing.render import render
from vademecum.evidence.model import Statement

_PLACEHOLDER = re.compile(r"\{dose ([\w.-]+)(?: ([\w-]+))?\}")


def fill_doses(text: str, statements: Mapping[str, Statement]) -> tuple[str, tuple[Dose, ...]]:
    """The text with its doses rendered, and those doses in order. What stands for no dose stays as written."""
    doses: list[Dose] = []

    def fill(match: re.Match[str]) -> str:
        statement = statements.get(match[1])
        for dose in statement.doses if statement is not None else ():
            if match[2] in (None, dose.drug):
                doses.append(dose)
                return render(dose)
        return match[0]

    return _PLACEHOLDER.sub(fill, text), tuple(doses)
