from __future__ import annotations

import dataclasses
import datetime
import re

from snapshots import Snapshot

from procore_lint.finding import Finding, Span
from procore_lint.report import github
from procore_lint.result import Report, RunError

AS_OF = datetime.date(2026, 11, 23)


def test_every_finding_is_one_workflow_command(report: Report, snapshot: Snapshot) -> None:
    shown = github.render(report)
    assert shown.count("\n") == len(report.findings) + len(report.errors)
    snapshot(shown, "report/github.txt")


def test_what_the_runner_would_take_for_syntax_is_escaped() -> None:
    finding = Finding("r", "PCL999", "warning", "50%0A,\r\na: b::c", "", "", "C:/a,b%\n.py", Span(1, 2, 3, 4))
    assert github.render(Report((finding,), AS_OF)) == (
        "::warning file=C%3A/a%2Cb%25%0A.py,line=1,col=2,endLine=3,endColumn=4,title=PCL999 r"
        "::50%250A,%0D%0Aa: b::c\n"
    )


def test_unescaping_as_the_runner_does_gives_the_message_back(report: Report) -> None:
    message = "100%25 %0A\n%"
    finding = report.findings[1]._replace(message=message, help="")
    data = github.render(Report((finding,), AS_OF)).split("::", 2)[2].removesuffix("\n")
    assert data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%") == message


def test_the_worst_come_first_and_errors_of_the_run_before_them(report: Report) -> None:
    backwards = dataclasses.replace(report, findings=report.findings[::-1])
    shown = github.render(backwards)
    assert re.findall(r"^::(\w+)", shown, re.MULTILINE) == ["error"] * 4 + ["warning", "notice"]
    assert shown == github.render(report)


def test_an_error_of_no_file_has_no_properties() -> None:
    assert github.render(Report((), AS_OF, (RunError("", "no cache"),))) == "::error::no cache\n"
