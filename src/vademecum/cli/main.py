"""The `vade` command.

Exit codes: 0 answered; 1 failure; 2 usage; 3 nothing in the library supports an answer.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from vademecum import __version__
from vademecum.cli.common import ANSWERED, FAILED, USAGE
from vademecum.errors import PackError, UsageError, VademecumError

COMMANDS = (
    "ask",
    "import",
    "search",
    "sources",
    "export",
    "stats",
    "watch",
    "reindex",
    "pack",
    "references",
    "bench",
    "schema",
)
"""Each is a module of this package that defines a command of the same name; imported when it is called.

`import` is a word of Python's, so its module and function are called `import_`.
"""


class _Lazy(click.Group):
    """Imports a command when it is called, and turns our errors into one clear line and the right exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        name = "import_" if cmd_name == "import" else cmd_name
        command = getattr(importlib.import_module(f"vademecum.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            _fail(str(error), USAGE)
        except PackError as error:
            for problem in error.problems:
                click.echo(problem, err=True)
            _fail(f"{len(error.problems)} problem(s) in the library; mend them or leave the folder out", FAILED)
        except VademecumError as error:
            _fail(str(error), FAILED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(ANSWERED) from None


def _fail(message: str, code: int) -> None:
    click.echo(f"vade: {message}", err=True)
    raise SystemExit(code)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="vade")
def main() -> None:
    """A clinical question in, a structured, dosed, graded and proven article out.

    Works without a network, a key or a model, from guideline packs that ship with the program.

    \b
    Exit codes: 0 answered; 1 failure; 2 usage;
    3 nothing in the library supports an answer (the output still says what was searched).
    """


if __name__ == "__main__":
    main()
