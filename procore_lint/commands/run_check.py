"""One run of `check` after its options are read: analyse, change what is to be changed, report."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from procore_lint.commands.output import Output
from procore_lint.commands.problems import Problem
from procore_lint.engine import outcomes_of, report_of
from procore_lint.errors import UserError
from procore_lint.options import Options, Tools

if TYPE_CHECKING:
    from procore_lint.commands.check import Given
    from procore_lint.mending import Mended
    from procore_lint.outcome import Outcome


#: Options of which one would be passed over in silence.
_APART = (
    ("diff", "add_ignores", "--diff writes nothing; leave out --add-ignores."),
    ("diff", "write_baseline", "--diff writes nothing; leave out --write-baseline."),
    ("diff", "prune_baseline", "--diff writes nothing; leave out --prune-baseline."),
    ("fix_only", "add_ignores", "--fix-only ends after the fixes; take --fix with --add-ignores."),
    ("fix_only", "write_baseline", "--fix-only ends after the fixes; take --fix with --write-baseline."),
    ("fix_only", "prune_baseline", "--fix-only ends after the fixes; take --fix with --prune-baseline."),
    ("changed", "write_baseline", "--write-baseline accepts every finding; leave out --changed."),
)


def run_check(paths: Sequence[str], options: Options, given: Given, output: Output) -> int:
    """Run, report, and give the exit code. Raises Problem for what the user can put right."""
    chosen = {name for name, value in given.items() if value is not None and value is not False}
    for one, other, message in _APART:
        if {one, other} <= chosen:
            raise click.UsageError(message)
    if options.replaced and given["add_ignores"] is not None:
        raise click.UsageError("Standard input cannot be written back; leave out --add-ignores.")
    if options.replaced and (given["fix"] or given["fix_only"]):
        raise click.UsageError("Standard input cannot be written back; take --diff.")
    try:
        return _run(paths, options, given, output)
    except UserError as problem:
        raise Problem(str(problem)) from problem


def _run(paths: Sequence[str], options: Options, given: Given, output: Output) -> int:
    _refuse_unknown_rules(options)
    tools = Tools()
    outcomes = outcomes_of(paths, options, tools)
    if given["diff"]:
        return _show_diff(outcomes, options, given, output)
    fixed = 0
    if given["fix"] or given["fix_only"]:
        from procore_lint import mending

        mended = mending.fix(outcomes, options, unsafe=given["unsafe_fixes"], tools=tools)
        _tell("not fixed", mended)
        fixed = mended.fixed
        if given["fix_only"]:
            _say(f"{fixed} findings fixed", given)
            return 2 if mended.unwritten else 0
        # What is reported is what a new run would say.
        outcomes = outcomes_of(paths, options, tools) if fixed else outcomes
    if given["add_ignores"] is not None:
        outcomes = _accept_inline(outcomes, paths, options, given, tools)
    if given["write_baseline"]:
        from procore_lint.acceptance import write_baseline

        file = os.path.join(options.cwd, given["write_baseline"])
        accepted, kept = write_baseline(outcomes, file)
        unchecked = f"; {kept} entries of what was not checked stay" if kept else ""
        _say(f"{accepted} findings accepted in {given['write_baseline']}{unchecked}", given)
        return 0
    _tell_stale(outcomes, options, given)
    _warn(outcomes, given)
    report = report_of(outcomes, options, fixed=fixed)
    output.write(report, outcomes, options.cwd, options.replaced)
    return 2 if report.errors else int(report.failed)


def _refuse_unknown_rules(options: Options) -> None:
    """A mistyped option must show even where no file needs a rule."""
    if options.select or options.ignore:
        from procore_lint.catalog import load
        from procore_lint.selection import running

        running(options.select or (), options.ignore or (), load(), "options")


def _show_diff(outcomes: list[Outcome], options: Options, given: Given, output: Output) -> int:
    from procore_lint import mending

    patch, mended = mending.diff(outcomes, options, unsafe=given["unsafe_fixes"])
    _tell("not fixed", mended)
    if output.file:
        output.write_bytes(patch, options.cwd)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(patch)
        sys.stdout.buffer.flush()
    return int(bool(patch))


def _accept_inline(
    outcomes: list[Outcome], paths: Sequence[str], options: Options, given: Given, tools: Tools
) -> list[Outcome]:
    from procore_lint import mending

    reason = given["add_ignores"] or ""
    if not reason.strip():
        raise click.UsageError("--add-ignores needs a reason for people to read.")
    mended = mending.add_ignores(outcomes, options, reason)
    _say(f"{mended.fixed} findings accepted by comments", given)
    _tell("not accepted", mended)
    return outcomes_of(paths, options, tools) if mended.fixed else outcomes


def _warn(outcomes: list[Outcome], given: Given) -> None:
    if given["verbose"]:
        for problem in dict.fromkeys(outcome.cache_problem for outcome in outcomes):
            if problem:
                _say(f"warning: the cache is not used: {problem}", given)


def _tell_stale(outcomes: list[Outcome], options: Options, given: Given) -> None:
    if not given["prune_baseline"] and not any(outcome.stale for outcome in outcomes):
        return
    from procore_lint.acceptance import prune_baselines, stale_entries

    stale = stale_entries(outcomes, options)
    if given["prune_baseline"]:
        if outcomes and not stale:
            raise click.UsageError("--prune-baseline needs a baseline; name one with --baseline FILE.")
        _say(f"{prune_baselines(stale)} entries dropped from the baseline", given)
    elif any(stale.values()):
        number = sum(map(len, stale.values()))
        _say(f"{number} baseline entries match nothing any more; --prune-baseline drops them", given)


def _tell(what: str, mended: Mended) -> None:
    """Say what could not be done, in a quiet run too."""
    for line in mended.left:
        click.echo(f"procore-lint: {what}: {line}", err=True)


def _say(text: str, given: Given) -> None:
    if not given["quiet"]:
        click.echo(f"procore-lint: {text}", err=True)
