"""The text format: for people, in a terminal of any width, with or without colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint.report.cells import Word, visible, words, wrap
from procore_lint.report.excerpt import UNBOUNDED, excerpt
from procore_lint.report.style import Style
from procore_lint.report.summary import summary

if TYPE_CHECKING:
    from procore_lint.finding import Finding, Fix, Step
    from procore_lint.result import Report

#: Steps of a trace that are shown without --verbose.
STEPS = 3

ReadLine = Callable[[str, int], str]


def render(report: Report, *, color: bool, width: int, verbose: bool, read_line: ReadLine) -> str:
    """The whole report: every finding with its excerpt, then the errors, then what was counted."""
    style = Style(color)
    blocks = [
        show(finding, style=style, width=width, verbose=verbose, read_line=read_line)
        for finding in report.findings
    ]
    blocks.append(summary(report, style=style, width=width, verbose=verbose))
    return "\n\n".join(blocks) + "\n"


def show(finding: Finding, *, style: Style, width: int, verbose: bool, read_line: ReadLine) -> str:
    """One finding: place, message, excerpt, the trace that proves it, help and fix."""
    lines = _head(finding, style, width)
    margin = len(str(finding.span.end_line))
    room = (width or UNBOUNDED) - margin - 3
    rows = excerpt(finding.span, lambda line: read_line(finding.path, line), room)
    bar = style("|", "blue")
    if rows:
        lines.append(f"{' ' * margin} {bar}")
    for label, source, marks in rows:
        lines.append(f"{style(label.rjust(margin), 'blue')} {bar} {source}".rstrip())
        if marks:
            indent, carets = marks[: marks.index("^")], marks.lstrip()
            lines.append(f"{' ' * margin} {bar} {indent}{style.severity(carets, finding.severity)}")
    notes = _Notes(style, width, margin + 1)
    _trace(finding, notes, verbose=verbose, read_line=read_line)
    if finding.help:
        notes.add("help", finding.help)
    if finding.fix:
        notes.add("fix", _fix(finding.fix))
    if verbose and finding.url:
        notes.add("see", finding.url)
    return "\n".join(lines + notes.lines)


def _head(finding: Finding, style: Style, width: int) -> list[str]:
    place = f"{visible(finding.path)}:{finding.span.line}:{finding.span.column}"
    rule = f"{finding.severity}[{finding.code} {finding.rule}]"
    pieces = [
        Word(place, style(place, "bold")),
        Word(rule, style.severity(rule, finding.severity)),
        *words(visible(finding.message)),
    ]
    return wrap(pieces, width, indent=4)


def _fix(fix: Fix) -> str:
    option = "--fix" if fix.safety == "safe" else "--unsafe-fixes"
    return f"{fix.title} ({fix.safety}, {option})"


def _trace(finding: Finding, notes: _Notes, *, verbose: bool, read_line: ReadLine) -> None:
    lines = range(finding.span.line, finding.span.end_line + 1)
    if all(step.path == finding.path and step.span.line in lines for step in finding.trace):
        return
    shown = finding.trace if verbose else finding.trace[:STEPS]
    for step in shown:
        notes.add_step(step, read_line(step.path, step.span.line) if verbose else "")
    if len(shown) < len(finding.trace):
        notes.add("trace", f"… {len(finding.trace) - len(shown)} more with --verbose")


class _Notes:
    """Labelled paragraphs below an excerpt, each `= label: text`, the text aligned when it wraps."""

    def __init__(self, style: Style, width: int, margin: int) -> None:
        self.lines: list[str] = []
        self._style = style
        self._width = width
        self._margin = margin
        self._last = ""

    def add(self, label: str, text: str) -> None:
        """Add `text`; its line breaks stay, and lines that are indented (code) are never wrapped."""
        for number, line in enumerate(text.rstrip().split("\n")):
            indentation = len(line) - len(line.lstrip(" "))
            shown = visible(line)
            pieces = [Word(shown, shown)] if indentation else words(shown)
            self._paragraph("" if number else label, pieces, len(label))

    def add_step(self, step: Step, source: str) -> None:
        """Add one step of a trace, followed by its line of `source` where that is given."""
        place = f"{visible(step.path)}:{step.span.line}:{step.span.column}"
        pieces = [Word(place, self._style(place, "bold")), *words(visible(step.message))]
        self._paragraph("trace", pieces, len("trace"))
        if source.strip():
            room = (self._width or UNBOUNDED) - self._margin - len("= trace: ") - 2
            span = step.span._replace(end_line=step.span.line, end_column=step.span.column)
            for row in excerpt(span, lambda _: source, room):
                code = "  " + row.text.strip()
                self._paragraph("", [Word(code, self._style(code, "dim"))], len("trace"))

    def _paragraph(self, label: str, pieces: list[Word], size: int) -> None:
        indent = self._margin + size + 4
        if label and label != self._last:
            lead = f"{' ' * self._margin}{self._style('=', 'blue')} {self._style(label, 'bold')}: "
            self._last = label
        else:
            lead = " " * indent
        first, *rest = wrap(pieces, self._width, first=indent, indent=indent)
        self.lines.append((lead + first).rstrip())
        self.lines.extend(rest)
