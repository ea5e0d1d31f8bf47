"""The end of the text format: what was found by rule and severity, what was read, what was not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from procore_lint.report.cells import Word, visible, words, wrap
from procore_lint.report.style import Style
from procore_lint.severities import SEVERITIES

if TYPE_CHECKING:
    from procore_lint.finding import Finding
    from procore_lint.result import Report


def summary(report: Report, *, style: Style, width: int, verbose: bool) -> str:
    """The closing lines of `report`: errors first, since they say that the rest is not the whole."""
    lines: list[str] = []
    for error in report.errors:
        place = f"{visible(error.path)}: " if error.path else ""
        pieces = [Word("error:", style("error:", "bold", "red")), *words(place + visible(error.message))]
        lines += wrap(pieces, width, indent=4)
    if lines:
        lines.append("")
    lines += wrap(_verdict(report, style), width)
    if report.findings:
        lines += ["", *_by_rule(report.findings, style), ""]
    for sentence in _reading(report, verbose):
        lines += wrap(words(sentence), width, indent=2)
    return "\n".join(lines)


def plural(number: int, noun: str) -> str:
    """`number` and `noun`, the noun with an s unless there is exactly one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _verdict(report: Report, style: Style) -> list[Word]:
    day = f"as of {report.as_of.isoformat()}"
    if not report.findings:
        if report.errors:
            return words(
                f"No findings {day}, but the run is incomplete: {plural(len(report.errors), 'error')}."
            )
        if not report.summary.files:
            return words("No files to check.")
        clear = "No findings"
        return [Word(clear, style(clear, "bold", "green")), *words(f"{day}.")]
    found = plural(len(report.findings), "finding")
    places = plural(len({finding.path for finding in report.findings}), "file")
    counts = Counter(finding.severity for finding in report.findings)
    pieces = [Word(found, style(found, "bold")), *words(f"in {places} {day}:")]
    present = [severity for severity in SEVERITIES if counts[severity]]
    for severity in present:
        number = counts[severity]
        text = f"{number:,} info" if severity == "info" else plural(number, severity)
        end = "." if severity == present[-1] else ","
        pieces.append(Word(text + end, style.severity(text, severity) + end))
    return pieces


def _by_rule(findings: tuple[Finding, ...], style: Style) -> list[str]:
    counts = Counter((SEVERITIES.index(finding.severity), finding.code, finding.rule) for finding in findings)
    digits = max(len(f"{number:,}") for number in counts.values())
    size = max(len(SEVERITIES[rank]) for rank, _, _ in counts)
    lines: list[str] = []
    for (rank, code, rule), number in sorted(counts.items()):
        severity = SEVERITIES[rank]
        painted = style.severity(severity, severity) + " " * (size - len(severity))
        lines.append(f"  {number:>{digits},} {painted}  {code} {rule}")
    return lines


def _reading(report: Report, verbose: bool) -> list[str]:
    tally = report.summary
    sentences: list[str] = []
    if tally.files:
        head = f"{plural(tally.files, 'file')}: {tally.checked:,} checked"
        if tally.passed_over:
            reasons = "; ".join(f"{reason}: {number:,}" for reason, number in tally.passed_over.items())
            head += f", {sum(tally.passed_over.values()):,} passed over ({reasons})"
        sentences.append(f"{head}. {plural(tally.read, 'file')} read in all.")
    parts = [
        (tally.suppressed, "suppressed by inline ignores"),
        (tally.baselined, "accepted by the baseline"),
        (tally.fixed, "fixed"),
    ]
    counted = [f"{number:,} {what}" for number, what in parts if number]
    if counted:
        sentences.append(f"{', '.join(counted)}.")
    sentences += _fixable(report.findings)
    if verbose and report.facts_verified:
        sentences.append(f"Facts about Procore verified up to {report.facts_verified}.")
    return sentences


def _fixable(findings: tuple[Finding, ...]) -> list[str]:
    counts = Counter(finding.fix.safety for finding in findings if finding.fix)
    safe, unsafe = counts["safe"], counts["unsafe"]
    if not safe and not unsafe:
        return []
    if not safe:
        return [f"{unsafe:,} can be fixed with --fix --unsafe-fixes (read the change before keeping it)."]
    more = f", {unsafe:,} more with --unsafe-fixes" if unsafe else ""
    return [f"{safe:,} can be fixed with --fix{more}."]
