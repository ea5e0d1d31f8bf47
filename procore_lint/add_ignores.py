"""Inline ignores written for findings that a team accepts for now: `check --add-ignores REASON`.

An ignore goes to the end of the line on which the finding begins; where a text or a backslash runs over
that end, to the end of the statement. Findings that share a line share an ignore, and names join an
ignore that already speaks for the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from procore_lint.directives import Directive, parse
from procore_lint.extract.layout import Layout
from procore_lint.finding import Edit, Finding, Span
from procore_lint.suppress import OWN


@dataclass(frozen=True, slots=True)
class Added:
    """Edits that write the ignores, in order and apart from each other; findings that got none."""

    edits: tuple[Edit, ...]
    left: tuple[Finding, ...]


def add_ignores(findings: Sequence[Finding], reason: str, read: Callable[[str], str]) -> Added:
    """The edits that accept `findings` inline, each with `reason`.

    `read` gives the text of a path without its byte order mark. Left out are findings about ignores
    and files, and those in a file whose tokens cannot be read. Raises ValueError for an empty reason.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ValueError("an ignore needs a reason")
    edits: list[Edit] = []
    left: list[Finding] = []
    for path in sorted({finding.path for finding in findings}):
        here = [finding for finding in findings if finding.path == path]
        page = _Page.of(path, read(path))
        placed: dict[int, set[tuple[str, str]]] = {}
        for finding in here:
            line = page.line_for(finding)
            if line is None:
                left.append(finding)
            else:
                placed.setdefault(line, set()).add((finding.code, finding.rule))
        for line, rules in sorted(placed.items()):
            edits.extend(page.ignore(line, sorted(rules), reason))
    return Added(tuple(edits), tuple(left))


@dataclass(frozen=True, slots=True)
class _Page:
    """One file's layout and the ignores that it already holds."""

    path: str
    layout: Layout
    directives: tuple[Directive, ...]

    @classmethod
    def of(cls, path: str, text: str) -> _Page:
        layout = Layout(text)
        comments = [layout.comment(token) for token in layout.comments]
        return cls(path, layout, tuple(d for comment in comments for d in parse(comment) if not d.problem))

    def line_for(self, finding: Finding) -> int | None:
        """The line whose end takes the ignore; None where no comment can accept the finding."""
        logical = self.layout.at(finding.span.line)
        if logical is None or not self.layout.complete or finding.rule in (*OWN, "unreadable-file"):
            return None
        line = finding.span.line
        runs_on = line in self.layout.strings or self.layout.lines[line - 1].endswith("\\")
        return logical.last if runs_on else line

    def ignore(self, line: int, rules: Sequence[tuple[str, str]], reason: str) -> Iterator[Edit]:
        """The edit, if one is needed, that makes the ignores of `line` name all `rules` (code, name)."""
        speaking = [d for d in self._open() if d.span.line == line or d.covers == self.layout.trailing(line)]
        told = {name.text.lower() for directive in speaking for name in directive.names}
        missing = [rule for code, rule in rules if rule not in told and code.lower() not in told]
        if not missing:
            return
        if speaking:
            last = speaking[0].names[-1].span
            place = Span(last.end_line, last.end_column, last.end_line, last.end_column)
            yield Edit(self.path, place, "".join(f", {rule}" for rule in missing))
            return
        text = self.layout.lines[line - 1]
        place = Span(line, len(text.rstrip()) + 1, line, len(text) + 1)
        yield Edit(self.path, place, f"  # procore-lint: ignore[{', '.join(missing)}] -- {reason}")

    def _open(self) -> Iterator[Directive]:
        """Ignores with a reason and no last day: a name that joins one inherits both."""
        return (d for d in self.directives if not d.file and d.until is None and d.reason)
