"""What `vade` says about itself, and its exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from commands import vade, vade_alone

import vademecum
from vademecum.cli.main import COMMANDS


def test_help_lists_every_command_and_every_exit_code() -> None:
    run = vade("--help")
    assert run.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in run.out
    for meaning in ("0 answered", "1 failure", "2 usage", "3 nothing in the library supports an answer"):
        assert meaning in run.out


@pytest.mark.parametrize("command", [*COMMANDS, "pack list", "pack show", "pack lint", "pack new"])
def test_every_command_has_help(command: str) -> None:
    run = vade(*command.split(), "--help")
    assert run.code == 0
    assert run.out.startswith(f"Usage: vade {command} ")
    assert run.err == ""
    assert vade(*command.split(), "-h").out == run.out


def test_no_command_at_all_shows_the_help() -> None:
    run = vade()
    assert "Commands:" in run.out + run.err
    assert run.code == 2


def test_the_version_is_that_of_the_package() -> None:
    assert vade("--version").out == f"vade, version {vademecum.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ask", "--format", "json", "What is the treatment of muscle cramps?"), 0),
        (("ask", "--format", "json", "-o", "/no/such/folder/a.json", "What is the treatment of muscle cramps?"), 1),
        (("ask", "--format", "yaml", "What is the treatment of muscle cramps?"), 2),
        (("ask", "-o", "answer.xyz", "What is the treatment of muscle cramps?"), 2),
        (("ask", ""), 2),
        (("ask", "--format", "json", "What is the treatment of gribbleitis?"), 3),
        (("pack", "show", "no-such-pack"), 2),
        (("references", "What is the treatment of gribbleitis?"), 3),
        (("schema", "everything"), 2),
        (("cure",), 2),
    ],
)
def test_the_exit_code_says_what_happened(arguments: tuple[str, ...], code: int) -> None:
    run = vade(*arguments)
    assert run.code == code
    if code in {1, 2}:
        assert run.out == ""
        assert run.err != ""
        assert "Traceback" not in run.err


def test_the_exit_codes_are_those_of_the_process() -> None:
    assert vade_alone("ask", "--format", "json", "What is the treatment of muscle cramps?").code == 0
    assert vade_alone("ask", "--format", "json", "What is the treatment of gribbleitis?").code == 3
    refused = vade_alone("ask", "")
    assert refused.code == 2
    assert refused.err.count("\n") == 1


def test_a_reader_that_stops_early_is_no_failure() -> None:
    done = subprocess.run(
        f"{sys.executable} -m vademecum.cli.main references | head -n 1", shell=True, capture_output=True, check=True
    )
    assert done.stdout.startswith(b"1. ")
    assert done.stderr == b""
