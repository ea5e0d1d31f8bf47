"""What a check reports: a finding, the way that proves it, and the edit that mends it.

Plain frozen data. Lines and columns are 1-based, columns count
code points, ends are exclusive; paths are POSIX and relative to the analysed root until `engine`
rewrites them relative to the working directory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from procore_lint.severities import SEVERITIES, Severity

if TYPE_CHECKING:
    from procore_lint.replacement import Replacement

__all__ = ["SEVERITIES", "Edit", "Finding", "Fix", "Safety", "Severity", "Span", "Step"]

Safety = Literal["safe", "unsafe"]


class Span(NamedTuple):
    """A stretch of source: 1-based lines and code point columns, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Step(NamedTuple):
    """One place on the way that proves a finding: "header built here", "sent here"."""

    path: str
    span: Span
    message: str


class Edit(NamedTuple):
    """Replace the text of `span` in `path` with `content` (an empty span inserts)."""

    path: str
    span: Span
    content: str


class Fix(NamedTuple):
    """Edits that mend a finding. `safe`: proven the same, or only the broken part changes.

    A check names the `replacement` and leaves `edits` empty; `fixes.resolve` fills them in.
    """

    safety: Safety
    title: str
    edits: tuple[Edit, ...]
    replacement: Replacement | None = None

    @classmethod
    def of(cls, safety: Safety, replacement: Replacement) -> Fix:
        """A fix that is still to be resolved."""
        return cls(safety, replacement.title, (), replacement)


class Finding(NamedTuple):
    """A proven defect at one place, with everything that a report needs to show it."""

    rule: str
    code: str
    severity: Severity
    message: str
    help: str
    url: str
    path: str
    span: Span
    symbol: str = ""  # qualified name of the enclosing def or class, "" at module level
    fingerprint: str = ""
    trace: tuple[Step, ...] = ()
    fix: Fix | None = None

    @property
    def place(self) -> tuple[str, int, int, str]:
        """The order of reports: by path, line, column, code."""
        return (self.path, self.span.line, self.span.column, self.code)
