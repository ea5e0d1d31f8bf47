"""`check`: options in, one run, its report out."""

from __future__ import annotations

import datetime
import os
import sys
from typing import TYPE_CHECKING, TypedDict

import click

from procore_lint.commands.caching import cache_options
from procore_lint.commands.output import Output
from procore_lint.commands.problems import Problem, here
from procore_lint.commands.terminal import color_option
from procore_lint.commands.values import comma_lists, day
from procore_lint.report import FORMATS, Format

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from procore_lint.options import Options

STDIN = "-"

#: Formats that show the edits of a fix. Making them needs LibCST, which the others do without.
WITH_EDITS = ("json", "sarif")


class Given(TypedDict):
    """The options as click hands them over."""

    select: tuple[str, ...] | None
    ignore: tuple[str, ...] | None
    form: Format
    output: str
    as_of: datetime.date | None
    fail_on: str | None
    exit_zero: bool
    exclude: tuple[str, ...] | None
    force_exclude: bool
    stdin_filename: str | None
    config_file: str | None
    quiet: bool
    verbose: bool
    fix: bool
    unsafe_fixes: bool
    diff: bool
    fix_only: bool
    add_ignores: str | None
    baseline: str | None
    write_baseline: str | None
    prune_baseline: bool
    changed: str | None
    jobs: int | None
    no_cache: bool
    cache_dir: str | None
    color: str


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--select",
    multiple=True,
    metavar="RULES",
    callback=comma_lists,
    help="Run only these rules: names, codes or prefixes, separated by commas.",
)
@click.option("--ignore", multiple=True, metavar="RULES", callback=comma_lists, help="Leave these rules out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to show the report.",
)
@click.option("--output", default="", metavar="FILE", help="Write the report to FILE.")
@click.option("--as-of", metavar="DATE", callback=day, help="Judge by this day instead of today.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    help="The least severity that makes the exit code 1.  [default: warning]",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even where there are findings.")
@click.option(
    "--exclude",
    multiple=True,
    metavar="PATTERNS",
    callback=comma_lists,
    help="Leave out files that match gitignore patterns, separated by commas.",
)
@click.option("--force-exclude", is_flag=True, help="Leave out excluded files even if they are named.")
@click.option("--stdin-filename", metavar="FILE", help="The file that standard input (-) stands for.")
@click.option("--config", "config_file", metavar="FILE", help="Take this configuration for every path.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely.")
@click.option("--unsafe-fixes", is_flag=True, help="Fix also where the meaning may change.")
@click.option("--diff", is_flag=True, help="Print the fixes as a patch and write nothing.")
@click.option("--fix-only", is_flag=True, help="Fix, and report nothing of what is left.")
@click.option("--add-ignores", metavar="REASON", help="Accept every finding by a comment with this reason.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that FILE accepts.")
@click.option("--write-baseline", metavar="FILE", help="Accept every finding and write them to FILE.")
@click.option("--prune-baseline", is_flag=True, help="Drop from the baseline what is no longer found.")
@click.option(
    "--changed",
    is_flag=False,
    flag_value="",
    metavar="[REF]",
    help="Report only on lines changed since HEAD or, with --changed=REF, since the branch left REF.",
)
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes; by default one a core."
)
@click.option("--no-cache", is_flag=True, help="Neither use nor write the cache.")
@click.option("--cache-dir", metavar="DIR", help="Where to keep the cache.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing where nothing is found.")
@click.option("--verbose", "-v", is_flag=True, help="Show whole traces and more.")
@color_option
def check(paths: tuple[str, ...], **given: Unpack[Given]) -> None:
    """Check files and directories (by default the working directory).

    "-" reads one file from standard input.
    """
    # The run may fail in many ways, each with its own exception; which ones is known only once the
    # modules are imported, so the errors are gathered where they are raised, by `run_check`.
    from procore_lint.commands.run_check import run_check

    cwd = here()
    paths, replaced = _with_stdin(paths or (".",), given["stdin_filename"], cwd)
    _refuse_missing(paths, cwd, replaced)
    output = Output(given["form"], given["output"], given["color"], given["quiet"], given["verbose"])
    code = run_check(paths, _options(given, cwd, replaced), given, output)
    # What could not be read or written is no finding.
    if code and not (code == 1 and given["exit_zero"]):
        click.get_current_context().exit(code)


def _with_stdin(
    paths: tuple[str, ...], name: str | None, cwd: str
) -> tuple[tuple[str, ...], dict[str, bytes]]:
    if STDIN not in paths:
        if name is not None:
            raise click.UsageError("--stdin-filename names standard input; give the path '-' for it.")
        return paths, {}
    if len(paths) > 1:
        raise click.UsageError("'-' (standard input) cannot be combined with other paths.")
    if sys.stdin is None:
        raise click.UsageError("'-' reads standard input, which is closed.")
    path = name or STDIN
    return (path,), {os.path.normpath(os.path.join(cwd, path)): sys.stdin.buffer.read()}


def _refuse_missing(paths: tuple[str, ...], cwd: str, replaced: dict[str, bytes]) -> None:
    for path in paths:
        full = os.path.normpath(os.path.join(cwd, path))
        if full not in replaced and not os.path.lexists(full):
            from procore_lint.hints import did_you_mean

            beside = os.path.dirname(full)
            names = os.listdir(beside) if os.path.isdir(beside) else []
            raise Problem(f"{path}: no such file or directory.{did_you_mean(os.path.basename(full), names)}")


def _options(given: Given, cwd: str, replaced: dict[str, bytes]) -> Options:
    from procore_lint.options import Options

    mends = given["fix"] or given["fix_only"] or given["diff"] or given["add_ignores"] is not None

    return Options(
        cwd=cwd,
        today=datetime.date.today(),
        select=given["select"],
        ignore=given["ignore"],
        as_of=given["as_of"],
        fail_on=given["fail_on"],
        exclude=given["exclude"] or (),
        force_exclude=given["force_exclude"],
        config_file=given["config_file"],
        jobs=given["jobs"],
        replaced=replaced,
        # What is written anew must not hide what the old file accepts.
        baseline="" if given["write_baseline"] else given["baseline"],
        changed=given["changed"] is not None,
        changed_ref=given["changed"] or None,
        edits=given["form"] in WITH_EDITS and not mends,
        cache=None if given["no_cache"] else cache_options(given["cache_dir"], cwd, reuse=not mends),
    )
