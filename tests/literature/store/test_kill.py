"""An import that is killed loses nothing it acknowledged. `benchmarks/kill_import.py` does this at 200 points."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[3] / "benchmarks"))

import kill_import


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    outcome = kill_import.run(12, seed=7, database=tmp_path / "library.db", longest=2.0)
    assert (outcome.lost, outcome.doubled, outcome.damaged) == (0, 0, 0)
    assert outcome.acknowledged > 0
    assert outcome.slowest_ready_s < kill_import.READY_LIMIT
