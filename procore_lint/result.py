"""What one run of the linter says: its findings, what could not be judged, and how much was read.

Plain frozen data between `engine`, which fills it, and `report`, which shows it. Every path is POSIX
and relative to the working directory (absolute where no relative path exists).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from procore_lint.severities import SEVERITIES, Severity

if TYPE_CHECKING:
    from procore_lint.finding import Finding


class RunError(NamedTuple):
    """Something that went wrong beside the findings; `path` is "" where no file is to blame."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Summary:
    """How much was read, and what was left out and why.

    `files` counts the files that were asked for, `checked` those of them whose findings were decided by
    analysis, so that `files - checked - sum(passed_over.values())` is 0. `read` counts every file that
    was opened, the rest of the project included. `passed_over` maps a reason in words ("does not
    mention Procore", "unreadable", "vanished", ...) to a number of files, most frequent first.
    `by_rule` counts the findings by rule name, in code order; `by_severity` has every severity, worst
    first. `suppressed` counts findings accepted by inline ignores, `baselined` those in the baseline,
    `fixed` findings mended by this run.
    """

    files: int = 0
    checked: int = 0
    read: int = 0
    passed_over: Mapping[str, int] = field(default_factory=dict)
    by_rule: Mapping[str, int] = field(default_factory=dict)
    by_severity: Mapping[Severity, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    suppressed: int = 0
    baselined: int = 0
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run: findings in the order of `Finding.place`, errors, the day judged by."""

    findings: tuple[Finding, ...]
    as_of: datetime.date
    errors: tuple[RunError, ...] = ()
    summary: Summary = field(default_factory=Summary)
    facts_verified: str = ""  # ISO day of the youngest fact; "" where no fact was needed
    failed: bool = False  # a finding is at or above the severity that fails the run
