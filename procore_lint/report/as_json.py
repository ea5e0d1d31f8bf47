"""The JSON format, version 1: a contract with everything that reads it; order and names stay."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from procore_lint.finding import Edit, Finding, Fix
from procore_lint.result import Report, Summary

if TYPE_CHECKING:
    from procore_lint.catalog import Rule

VERSION = 1

#: A JSON object whose shape the function that returns it states.
Object = dict[str, object]


def render(report: Report) -> str:
    """`report` as one JSON document in ASCII, ending with a newline."""
    return _dump(
        {
            "version": VERSION,
            "as_of": report.as_of.isoformat(),
            "findings": [_finding(finding) for finding in report.findings],
            "errors": [{"path": error.path, "message": error.message} for error in report.errors],
            "summary": _summary(report.summary),
        }
    )


def render_rules(rules: Iterable[Rule], as_of: datetime.date) -> str:
    """The rules as one JSON document: version, as_of, and for each rule what the table shows and more."""
    return _dump(
        {
            "version": VERSION,
            "as_of": as_of.isoformat(),
            "rules": [
                {
                    "code": rule.code,
                    "name": rule.name,
                    "severity": rule.severity(as_of),
                    "fix": rule.fix,
                    "summary": rule.summary,
                    "url": rule.url,
                    "severities": [{"from": day, "severity": severity} for day, severity in rule.severities],
                    "changes": list(rule.changes),
                }
                for rule in rules
            ],
        }
    )


def _dump(document: Object) -> str:
    return json.dumps(document, indent=2) + "\n"


def _finding(finding: Finding) -> Object:
    span = finding.span
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "help": finding.help,
        "url": finding.url,
        "path": finding.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "fingerprint": finding.fingerprint,
        "trace": [
            {"path": step.path, "line": step.span.line, "message": step.message} for step in finding.trace
        ],
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _fix(fix: Fix) -> Object:
    return {"safety": fix.safety, "title": fix.title, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> Object:
    span = edit.span
    return {
        "path": edit.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "content": edit.content,
    }


def _summary(summary: Summary) -> Object:
    return {
        "files": summary.files,
        "checked": summary.checked,
        "read": summary.read,
        "passed_over": dict(summary.passed_over),
        "by_rule": dict(summary.by_rule),
        "by_severity": dict(summary.by_severity),
        "suppressed": summary.suppressed,
        "baselined": summary.baselined,
        "fixed": summary.fixed,
    }
