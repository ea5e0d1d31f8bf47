from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable

import pytest
from snapshots import Snapshot

from procore_lint.finding import Finding, Span
from procore_lint.report import text
from procore_lint.report.cells import width_of
from procore_lint.result import Report, RunError, Summary

ReadLine = Callable[[str, int], str]
AS_OF = datetime.date(2026, 11, 23)


@pytest.mark.parametrize("width", [60, 100, 200])
def test_the_text_format_reads_well_at_every_width(
    report: Report, read_line: ReadLine, snapshot: Snapshot, width: int
) -> None:
    shown = text.render(report, color=False, width=width, verbose=False, read_line=read_line)
    snapshot(shown, f"report/text-{width}.txt")


def test_verbose_shows_every_step_with_its_source_and_where_to_read_more(
    report: Report, read_line: ReadLine, snapshot: Snapshot
) -> None:
    shown = text.render(report, color=False, width=100, verbose=True, read_line=read_line)
    snapshot(shown, "report/text-verbose.txt")


def test_colour_is_only_added_to_what_is_shown_without_it(
    report: Report, read_line: ReadLine, snapshot: Snapshot
) -> None:
    plain = text.render(report, color=False, width=60, verbose=True, read_line=read_line)
    painted = text.render(report, color=True, width=60, verbose=True, read_line=read_line)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == plain
    snapshot(painted.replace("\x1b", "␛"), "report/text-color.txt")


def test_no_line_of_prose_or_source_is_wider_than_the_terminal(report: Report, read_line: ReadLine) -> None:
    shown = text.render(report, color=False, width=60, verbose=False, read_line=read_line)
    wide = [line for line in shown.splitlines() if width_of(line) > 60]
    assert wide == ['              return {..., "Procore-Company-Id": str(self.company_id)}']  # code to copy


def test_without_a_terminal_a_finding_and_its_message_share_one_line(
    report: Report, read_line: ReadLine
) -> None:
    shown = text.render(report, color=False, width=0, verbose=False, read_line=read_line)
    head = "app/client.py:3:16 error[PCL201 missing-company-header] GET /rest/v1.0/projects is sent without"
    assert f"{head} the header Procore-Company-Id\n" in shown


def test_a_trace_that_stays_on_the_line_of_the_finding_is_not_repeated(
    report: Report, read_line: ReadLine
) -> None:
    only_here = dataclasses.replace(report, findings=report.findings[1:2])
    shown = text.render(only_here, color=False, width=100, verbose=True, read_line=read_line)
    assert report.findings[1].trace
    assert "trace:" not in shown


def test_nothing_in_a_file_or_message_reaches_the_terminal_as_a_command() -> None:
    evil = "x = '\x1b]0;owned\x07\x9b31m' # \u202egnp"
    finding = Finding("r", "PCL999", "error", "a\x1b[2J\nb", "do\x1b", "", "e\nvil\x1b.py", Span(1, 1, 1, 2))
    shown = text.render(
        Report((finding,), AS_OF), color=False, width=100, verbose=False, read_line=lambda path, line: evil
    )
    assert not [char for char in shown if char != "\n" and (char < " " or char in "\x7f\x9b\u202e")]
    assert "␛[2J b" in shown


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(
            Report((), AS_OF, (), Summary(files=3, checked=2, read=3, passed_over={"unreadable": 1})),
            "No findings as of 2026-11-23.\n3 files: 2 checked, 1 passed over (unreadable: 1). 3 files read in all.\n",
            id="nothing found",
        ),
        pytest.param(Report((), AS_OF), "No files to check.\n", id="no files"),
        pytest.param(
            Report((), AS_OF, (RunError("a.py", "vanished"),), Summary(files=1, checked=1, read=1)),
            "error: a.py: vanished\n\nNo findings as of 2026-11-23, but the run is incomplete: 1 error.\n"
            "1 file: 1 checked. 1 file read in all.\n",
            id="an error is never reported as all clear",
        ),
    ],
)
def test_a_run_without_findings_says_what_that_means(outcome: Report, expected: str) -> None:
    shown = text.render(outcome, color=False, width=120, verbose=False, read_line=lambda path, line: "")
    assert shown == expected
