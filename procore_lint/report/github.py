"""The `github` format: workflow commands that GitHub Actions turns into annotations."""

from __future__ import annotations

from procore_lint.finding import SEVERITIES, Finding, Severity
from procore_lint.result import Report, RunError

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report) -> str:
    """One command a line. Worst first, since GitHub shows only the first ten of a step."""
    worst_first = sorted(report.findings, key=lambda finding: (_rank(finding), finding.place))
    commands = [_error(error) for error in report.errors] + [_command(finding) for finding in worst_first]
    return "".join(f"{command}\n" for command in commands)


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _command(finding: Finding) -> str:
    span = finding.span
    properties = {
        "file": finding.path,
        "line": str(span.line),
        "col": str(span.column),
        "endLine": str(span.end_line),
        "endColumn": str(span.end_column),
        "title": f"{finding.code} {finding.rule}",
    }
    message = f"{finding.message}\nhelp: {finding.help}" if finding.help else finding.message
    return _workflow_command(_COMMANDS[finding.severity], properties, message)


def _error(error: RunError) -> str:
    return _workflow_command("error", {"file": error.path} if error.path else {}, error.message)


def _workflow_command(name: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name}{' ' if listed else ''}{listed}::{_data(message)}"


def _data(text: str) -> str:
    """`text` escaped as the runner unescapes it; `%` first, or it would escape the escapes."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
