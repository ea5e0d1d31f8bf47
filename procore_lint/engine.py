"""The whole run: paths in, one report out, over every project that the paths lie in."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from procore_lint import config as configuration
from procore_lint.analysis import analyse
from procore_lint.config import Config
from procore_lint.options import DEFAULT_TOOLS, Options, Tools
from procore_lint.outcome import Outcome
from procore_lint.result import Report, RunError, Summary
from procore_lint.severities import SEVERITIES, Severity
from procore_lint.targets import Target, targets_of

if TYPE_CHECKING:
    from procore_lint.finding import Finding


def run(paths: Sequence[str], options: Options, tools: Tools = DEFAULT_TOOLS) -> Report:
    """Check the paths (relative to `options.cwd`) and report.

    Raises ConfigError, CatalogError, BaselineError and ChangesError, each with a message for the user.
    """
    return report_of(outcomes_of(paths, options, tools), options)


def outcomes_of(paths: Iterable[str], options: Options, tools: Tools = DEFAULT_TOOLS) -> list[Outcome]:
    """Check each project that the paths lie in, and those nested in a directory that was asked for."""
    outcomes: list[Outcome] = []
    pending = targets_of(paths, options.cwd)
    met = {target.root for target in pending}
    while pending:
        target = pending.pop(0)
        if outcomes:
            gc.collect()  # a project that was judged is one large circle, and the collector may be off
        outcome = analyse(target, _config(target.root, options), options, tools)
        accept(outcome, options)
        outcomes.append(outcome)
        for root in outcome.nested:
            if root not in met:
                met.add(root)
                pending.append(Target(root, [""], []))
    return outcomes


def accept(outcome: Outcome, options: Options) -> None:
    """Leave out of `outcome` what the baseline accepts and what `--changed` does not ask for."""
    if options.baseline or (outcome.config.baseline and options.baseline is None):
        from procore_lint import acceptance

        acceptance.without_accepted(outcome, acceptance.baseline_of(outcome, options))
    if options.changed and outcome.findings:
        from procore_lint import acceptance

        acceptance.without_unchanged(outcome, options.changed_ref)


def report_of(outcomes: Sequence[Outcome], options: Options, *, fixed: int = 0) -> Report:
    """Join the projects into one report, with paths relative to the working directory."""
    findings: list[Finding] = []
    errors: list[RunError] = []
    passed_over: Counter[str] = Counter()
    failed = False
    for outcome in outcomes:
        shown = [_shown(finding, outcome.root, options.cwd) for finding in outcome.findings]
        findings += shown
        errors += [
            error._replace(path=_path(error.path, outcome.root, options.cwd)) for error in outcome.errors
        ]
        passed_over.update(outcome.passed_over)
        failed = failed or fails(shown, options.fail_on or outcome.config.fail_on)
    findings.sort(key=lambda finding: finding.place)
    checked = sum(outcome.checked for outcome in outcomes)
    by_severity: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    by_severity.update(Counter(finding.severity for finding in findings))
    by_rule = Counter((finding.code, finding.rule) for finding in findings)
    return Report(
        findings=tuple(findings),
        as_of=outcomes[0].as_of if outcomes else options.as_of or options.today,
        errors=tuple(errors),
        summary=Summary(
            files=checked + sum(passed_over.values()),
            checked=checked,
            read=sum(len(outcome.reader.opened) for outcome in outcomes),
            passed_over=dict(passed_over.most_common()),
            by_rule={rule: number for (_, rule), number in sorted(by_rule.items())},
            by_severity=by_severity,
            suppressed=sum(outcome.suppressed for outcome in outcomes),
            baselined=sum(len(outcome.accepted) for outcome in outcomes),
            fixed=fixed,
        ),
        facts_verified=max((outcome.verified for outcome in outcomes), default=""),
        failed=failed,
    )


def fails(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether a finding is at or above the severity `fail_on` ("never": none is)."""
    if fail_on == "never":
        return False
    ranks = SEVERITIES[: [*SEVERITIES].index(_severity(fail_on)) + 1]
    return any(finding.severity in ranks for finding in findings)


def _severity(name: str) -> Severity:
    for severity in SEVERITIES:
        if severity == name:
            return severity
    raise ValueError(f"no severity is called {name!r}")


def _config(root: str, options: Options) -> Config:
    if options.config_file is not None:
        return configuration.read(os.path.join(options.cwd, options.config_file))
    return configuration.load(root)


def _shown(finding: Finding, root: str, cwd: str) -> Finding:
    """The finding with every path relative to the working directory."""
    if root == cwd:
        return finding
    fix = finding.fix
    return finding._replace(
        path=_path(finding.path, root, cwd),
        trace=tuple(step._replace(path=_path(step.path, root, cwd)) for step in finding.trace),
        fix=fix
        and fix._replace(edits=tuple(edit._replace(path=_path(edit.path, root, cwd)) for edit in fix.edits)),
    )


def _path(path: str, root: str, cwd: str) -> str:
    if root == cwd:
        return path
    full = os.path.normpath(os.path.join(root, path))
    try:
        return os.path.relpath(full, cwd).replace(os.sep, "/")
    except ValueError:  # another drive
        return full.replace(os.sep, "/")
