"""From the facts of a project to its findings: judged, without the ignored ones, with fingerprints."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from procore_lint import triage
from procore_lint.catalog import Catalog, load
from procore_lint.finding import Finding, Span
from procore_lint.options import Options, Tools
from procore_lint.outcome import Outcome
from procore_lint.selection import FileIgnores, running
from procore_lint.targets import way_down

if TYPE_CHECKING:
    from procore_lint.facts import Facts
    from procore_lint.options import Judge

UNREADABLE = "unreadable-file"
_MEND = "mend the file, or leave it out with `exclude`; until then only its literals are judged"
_VERSION = f"Python {sys.version_info.major}.{sys.version_info.minor}"
_UNREADABLE_HELP = {
    "crash": "report this at the project's issue tracker, with the file if you can",
    "syntax": f"this is read by {_VERSION}: for newer syntax run procore-lint with a newer one; else {_MEND}",
}


def judge_project(outcome: Outcome, options: Options, tools: Tools) -> None:
    """Judge the modules of `outcome` and fill in its findings. Raises ConfigError and CatalogError."""
    config, modules = outcome.config, outcome.modules
    catalog = _catalog(outcome)
    select = config.select if options.select is None else options.select
    ignore = config.ignore if options.ignore is None else options.ignore
    outcome.verified = catalog.verified
    outcome.rules = running(select, ignore, catalog, config.file or "options")
    findings = _judged(outcome, modules, catalog, tools)
    findings += _unreadable(outcome, modules, catalog)
    findings = _without_ignored(outcome, modules, catalog, findings)
    shows = FileIgnores(
        config.per_file_ignores, catalog, config.file, way_down(config.base, outcome.root)
    ).shows
    findings = sorted(filter(shows, findings), key=lambda finding: finding.place)
    findings = _named(outcome, findings) if findings else []
    if options.edits:
        from procore_lint.fixes import resolve

        findings = resolve(findings, outcome.reader.bytes_of)
    outcome.findings = outcome.judged = findings


def prepare(outcome: Outcome, tools: Tools) -> None:
    """Load what judging will take, while something else is waited for. Raises CatalogError."""
    _judge(tools)
    catalog = _catalog(outcome)
    catalog.preload()


def _catalog(outcome: Outcome) -> Catalog:
    if outcome.catalog is None:
        outcome.catalog = load([Path(file) for file in outcome.config.facts])
    return outcome.catalog


def _judged(outcome: Outcome, modules: Mapping[str, Facts], catalog: Catalog, tools: Tools) -> list[Finding]:
    from procore_lint.checks.base import Context

    asked = frozenset(outcome.asked)
    headers = frozenset(name.lower() for name in outcome.config.company_header_names)
    context = Context(as_of=outcome.as_of, rules=outcome.rules, company_headers=headers, report=asked)
    near = outcome.near = triage.Near(outcome.root, outcome.reader.bytes_of, outcome.reader.wanted)
    holds: dict[str, bool] = {}
    kept: list[Finding] = []
    for finding in _judge(tools)(modules, catalog, context):
        path = finding.path
        if path not in asked or finding.rule not in outcome.rules:
            continue
        if path not in holds:
            holds[path] = near.may_hold(path)
        if holds[path]:
            kept.append(finding)
    return kept


def _judge(tools: Tools) -> Judge:
    if tools.judge is not None:
        return tools.judge
    from procore_lint.checks import judge

    return judge


def _unreadable(outcome: Outcome, modules: Mapping[str, Facts], catalog: Catalog) -> list[Finding]:
    """A finding for each file that was asked for and whose facts are not whole."""
    rule = catalog.rules.get(UNREADABLE)
    if rule is None or rule.name not in outcome.rules:
        return []
    findings = []
    for path in outcome.asked:
        module = modules.get(path)
        if module is None or module.problem is None:
            continue
        problem = module.problem
        place = Span(problem.line, problem.column, problem.line, problem.column)
        message = f"cannot be read: {problem.message}"
        help_text = _UNREADABLE_HELP.get(problem.kind, _MEND)
        severity = rule.severity(outcome.as_of)
        findings.append(Finding(rule.name, rule.code, severity, message, help_text, rule.url, path, place))
    return findings


def _without_ignored(
    outcome: Outcome, modules: Mapping[str, Facts], catalog: Catalog, findings: list[Finding]
) -> list[Finding]:
    marked = [
        path
        for path in outcome.asked
        if path in modules and (sight := outcome.reader.sight(path)) is not None and sight.ignores
    ]
    if not marked:
        return findings
    from procore_lint import suppress
    from procore_lint.extract.comments import comments

    found = {path: comments(data) for path in marked if (data := outcome.reader.bytes_of(path)) is not None}
    left = suppress.apply(findings, found, modules, outcome.rules, catalog, outcome.as_of)
    outcome.suppressed = left.suppressed
    return list(left.findings)


def _named(outcome: Outcome, findings: list[Finding]) -> list[Finding]:
    from procore_lint.fingerprints import fingerprint

    return fingerprint(findings, outcome.reader.text_of)
