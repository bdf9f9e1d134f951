"""Running `vade` as its reader does, in this process for speed or in one of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from click.testing import CliRunner

from vademecum.cli.main import main


@dataclass(frozen=True)
class Run:
    """What came of a command."""

    code: int
    out: str
    err: str


def vade(*arguments: str, stdin: str | bytes | None = None) -> Run:
    """Run in this process. Anything but a clean exit is raised."""
    result = CliRunner().invoke(main, arguments, input=stdin, prog_name="vade", catch_exceptions=False)
    return Run(result.exit_code, result.stdout, result.stderr)


def vade_alone(*arguments: str | bytes, stdin: bytes = b"") -> Run:
    """Run in a process of its own, with whatever bytes the shell would hand over."""
    command = [sys.executable, "-m", "vademecum.cli.main", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False)
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())
