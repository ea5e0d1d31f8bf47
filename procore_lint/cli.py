"""The command line: joins the commands, and turns every way to end into an exit code.

0: nothing at or above `fail-on`; 1: findings; 2: usage, configuration or internal error.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import click

from procore_lint.commands.check import check

#: Commands beside `check`, each of the same name in its module.
_MODULES = {
    "cache": "procore_lint.commands.cache",
    "rule": "procore_lint.commands.rules",
    "rules": "procore_lint.commands.rules",
}


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    from procore_lint.catalog import load

    try:
        number = version("procore-lint")
    except PackageNotFoundError:  # run from a checkout that is not installed
        number = "0 (not installed)"
    click.echo(f"procore-lint {number} (facts of {load().verified})")
    context.exit()


class _Commands(click.Group):
    """A group that says which command was meant, and imports those that are not `check` when asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *_MODULES))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _MODULES.get(cmd_name)
        if module is None:
            return super().get_command(ctx, cmd_name)
        from importlib import import_module

        command = getattr(import_module(module), cmd_name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            from procore_lint.hints import did_you_mean

            hint = did_you_mean(args[0], self.list_commands(ctx))
            if not hint and os.path.exists(args[0]):
                hint = f" To check a path, say: procore-lint check {args[0]}"
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version and the day of the facts, and exit.",
)  # fmt: skip
def cli() -> None:
    """Find what Procore's announced API changes break in a Python codebase."""


cli.add_command(check)


def main() -> NoReturn:
    """Run the command line and exit; what nobody foresaw exits with 2 and says how to report it.

    A run makes values that live to its end, so nothing is collected on the way, and the process ends
    without taking them apart.
    """
    gc.disable()
    _open_missing()
    try:
        code = cli.main(standalone_mode=False, prog_name="procore-lint")
    except click.ClickException as problem:
        code = _say(problem.show)
    except (click.Abort, KeyboardInterrupt):
        _say(lambda: click.echo("interrupted", err=True))
        code = 130
    except BrokenPipeError:
        # The reader went away; the interpreter must not complain again while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as problem:
        code = _refused(problem)
    except Exception:  # the outermost boundary: exit code 1 would read as "findings"
        import traceback

        traceback.print_exc()
        click.echo("procore-lint: internal error: please report it with the lines above", err=True)
        code = 2
    _end(code if isinstance(code, int) else 0)


def _open_missing() -> None:
    """Give the run somewhere to write to where it was started with closed output."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (open to the end)


def _say(show: Callable[[], object]) -> int:
    """Say why nothing came of a run; the exit code holds even where nobody can be told."""
    with suppress(OSError):
        show()
    return 2


def _refused(problem: OSError) -> int:
    """What the system refuses (a full disk, a directory that is gone) is no defect of the linter."""
    where = f"{problem.filename}: " if isinstance(problem.filename, str) else ""
    text = f"procore-lint: error: {where}{problem.strerror or problem}"
    return _say(lambda: click.echo(text, err=True))


def _end(code: int) -> NoReturn:
    """End the process at once, its output written."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        pass  # the reader had enough
    except OSError as problem:
        code = _refused(problem)
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)
