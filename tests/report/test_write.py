from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import pytest

from procore_lint.catalog import Catalog
from procore_lint.report import FORMATS, Format, write
from procore_lint.result import Report

ReadLine = Callable[[str, int], str]


def written(
    report: Report, format: Format, catalog: Catalog, read_line: ReadLine, encoding: str = "utf-8"
) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    write(report, format, stream, color=False, width=80, verbose=False, catalog=catalog, read_line=read_line)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_written_and_ends_its_last_line(
    report: Report, catalog: Catalog, read_line: ReadLine, format: Format
) -> None:
    shown = written(report, format, catalog, read_line)
    assert "missing-company-header" in shown
    assert shown.endswith("\n")


@pytest.mark.parametrize("format", FORMATS)
def test_a_stream_that_holds_only_ascii_gets_ascii(
    report: Report, catalog: Catalog, read_line: ReadLine, format: Format
) -> None:
    shown = written(report, format, catalog, read_line, "ascii")
    assert "missing-company-header" in shown
    if format == "text":
        assert "... 2 more with --verbose" in shown
        assert "app/gr\\xf6\\xdfe.py:1:27" in shown


@pytest.mark.parametrize(
    ("format", "foreign"),
    [
        ("text", {"json", "importlib.metadata", "urllib.parse", "procore_lint.report.sarif"}),
        ("json", {"procore_lint.report.text", "procore_lint.report.sarif"}),
        ("github", {"json", "procore_lint.report.text", "procore_lint.report.sarif"}),
    ],
)
def test_a_format_that_nobody_asked_for_is_not_imported(format: Format, foreign: set[str]) -> None:
    program = (
        "import datetime, io, sys\n"
        "from procore_lint.report import write\n"
        "from procore_lint.result import Report\n"
        "report = Report((), datetime.date(2026, 1, 1))\n"
        f"write(report, {format!r}, io.StringIO(), color=False, width=0, verbose=False,"
        " catalog=None, read_line=lambda path, line: '')\n"
        "print('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert foreign.isdisjoint(done.stdout.split())
