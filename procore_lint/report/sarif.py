"""The `sarif` format: SARIF 2.1.0, for code scanning services and editors."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from procore_lint.finding import Edit, Finding, Fix, Severity, Span, Step
from procore_lint.report.page import plain, section
from procore_lint.result import Report, RunError

if TYPE_CHECKING:
    import datetime

    from procore_lint.catalog import Catalog, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

#: A JSON object whose shape the SARIF standard states.
Object = dict[str, object]

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
_ROOT = "%SRCROOT%"


def render(report: Report, catalog: Catalog) -> str:
    """`report` as one SARIF log with one run; every rule of `catalog` is described in it."""
    rules = list(catalog.rules.values())
    index = {rule.name: position for position, rule in enumerate(rules)}
    run: Object = {
        "tool": {"driver": _driver(rules, report.as_of)},
        "invocations": [
            {
                "executionSuccessful": not report.errors,
                "toolExecutionNotifications": [_notification(error) for error in report.errors],
            }
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The directory that procore-lint ran in."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index) for finding in report.findings],
        "properties": {"asOf": report.as_of.isoformat()},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def uri(path: str) -> str:
    """The percent-encoded URI of a POSIX path: relative as it is, absolute with the `file` scheme."""
    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    if path.startswith("/"):
        return f"file://{encoded}"
    if path[1:3] == ":/":
        return f"file:///{path[0]}:{encoded[len('c%3A') :]}"
    return encoded


def _driver(rules: Iterable[Rule], as_of: datetime.date) -> Object:
    driver: Object = {"name": "procore-lint", "rules": [_rule(rule, as_of) for rule in rules]}
    try:
        driver["version"] = version("procore-lint")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return driver
    return driver


def _rule(rule: Rule, as_of: datetime.date) -> Object:
    described: Object = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": section(rule.page, "What it finds") or rule.summary},
        "help": {"text": plain(rule.page), "markdown": rule.page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity(as_of)]},
        "properties": {"tags": ["procore"], "fix": rule.fix, "changes": list(rule.changes)},
    }
    if rule.url:
        described["helpUri"] = rule.url
    return described


def _result(finding: Finding, index: dict[str, int]) -> Object:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    result: Object = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding.path, finding.span)],
    }
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    if finding.fingerprint:
        result["partialFingerprints"] = {"procoreLint/v1": finding.fingerprint}
    if finding.trace:
        result["codeFlows"] = [_code_flow(finding)]
    if finding.fix and _applicable(finding.fix):
        result["fixes"] = [_fix(finding.fix)]
    return result


def _notification(error: RunError) -> Object:
    notification: Object = {"level": "error", "message": {"text": error.message}}
    if error.path:
        notification["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(error.path)}}]
    return notification


def _artifact(path: str) -> Object:
    address = uri(path)
    if address.startswith("file://"):
        return {"uri": address}
    return {"uri": address, "uriBaseId": _ROOT}


def _region(span: Span) -> Object:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _location(path: str, span: Span) -> Object:
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": _region(span)}}


def _code_flow(finding: Finding) -> Object:
    steps = list(finding.trace)
    if (steps[-1].path, steps[-1].span) != (finding.path, finding.span):
        steps.append(Step(finding.path, finding.span, finding.message))
    flow = [
        {"location": {**_location(step.path, step.span), "message": {"text": step.message}}} for step in steps
    ]
    return {"threadFlows": [{"locations": flow}]}


def _applicable(fix: Fix) -> bool:
    """Viewers apply a fix at one click and have no word for "unsafe": only safe ones are offered."""
    edits = sorted(fix.edits, key=_place)
    apart = all(
        a.path != b.path or (a.span.end_line, a.span.end_column) <= (b.span.line, b.span.column)
        for a, b in pairwise(edits)
    )
    return fix.safety == "safe" and bool(edits) and apart


def _fix(fix: Fix) -> Object:
    changes: dict[str, list[Object]] = {}
    for edit in sorted(fix.edits, key=_place):
        changes.setdefault(edit.path, []).append(
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.content}}
        )
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _place(edit: Edit) -> tuple[str, Span]:
    return (edit.path, edit.span)
