"""Writes a report where it was asked for: to the terminal, a pipe or a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO

from procore_lint.commands.problems import Problem
from procore_lint.commands.terminal import wants_color, width_of

if TYPE_CHECKING:
    from procore_lint.outcome import Outcome
    from procore_lint.report import Format
    from procore_lint.result import Report


class Output(NamedTuple):
    """How to show a report; `file` is "" for standard output."""

    form: Format
    file: str
    color: str
    quiet: bool
    verbose: bool

    def write(
        self, report: Report, outcomes: Sequence[Outcome], cwd: str, replaced: Mapping[str, bytes]
    ) -> None:
        """Show the report. Raises Problem where the file cannot be written."""
        if not self.file:
            self._write(report, outcomes, sys.stdout, _Lines(cwd, replaced))
            sys.stdout.flush()
            return
        try:
            with open(os.path.join(cwd, self.file), "w", encoding="utf-8", newline="\n") as stream:
                self._write(report, outcomes, stream, _Lines(cwd, replaced))
        except OSError as problem:
            raise Problem(f"{self.file}: cannot be written: {problem.strerror}") from problem

    def write_bytes(self, data: bytes, cwd: str) -> None:
        """Write a patch to the file. Raises Problem where it cannot be written."""
        try:
            with open(os.path.join(cwd, self.file), "wb") as stream:
                stream.write(data)
        except OSError as problem:
            raise Problem(f"{self.file}: cannot be written: {problem.strerror}") from problem

    def _write(self, report: Report, outcomes: Sequence[Outcome], stream: TextIO, lines: _Lines) -> None:
        if self.quiet and self.form == "text" and not report.findings and not report.errors:
            return
        from procore_lint import report as reports

        catalog = next((outcome.catalog for outcome in outcomes if outcome.catalog is not None), None)
        if catalog is None and self.form == "sarif":
            from procore_lint.catalog import load

            catalog = load()
        reports.write(
            report,
            self.form,
            stream,
            color=wants_color(self.color, stream),
            width=width_of(stream),
            verbose=self.verbose,
            catalog=catalog,
            read_line=lines,
        )


class _Lines:
    """Lines of source for excerpts; each file is read once, and only when a finding stands in it."""

    def __init__(self, cwd: str, replaced: Mapping[str, bytes]) -> None:
        self._cwd = cwd
        self._replaced = replaced
        self._pages: dict[str, list[str]] = {}

    def __call__(self, path: str, line: int) -> str:
        page = self._pages.get(path)
        if page is None:
            page = self._pages[path] = self._read(path)
        return page[line - 1] if 0 < line <= len(page) else ""

    def _read(self, path: str) -> list[str]:
        from procore_lint.source import SourceError, decode

        file = os.path.normpath(os.path.join(self._cwd, path))
        try:
            data = self._replaced.get(file)
            if data is None:
                with open(file, "rb") as stream:
                    data = stream.read()
            text = decode(data).text
        except (OSError, SourceError):
            return []
        return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
