"""Inputs for the tests of inline ignores: findings at a line, rule pages, edits applied to a text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from procore_lint.catalog import Catalog
from procore_lint.extract.comments import comments
from procore_lint.facts import Module
from procore_lint.finding import Edit, Finding, Span
from procore_lint.source import Lines
from procore_lint.suppress import Suppressed, apply

CODES = {
    "unreadable-file": "PCL001",
    "unused-ignore": "PCL002",
    "unknown-ignore": "PCL003",
    "expired-ignore": "PCL004",
    "missing-company-header": "PCL201",
    "legacy-api-host": "PCL202",
    "vapid-endpoint": "PCL203",
}
DAY = datetime.date(2026, 11, 23)


@cache
def catalog() -> Catalog:
    """A catalogue of the rules above, read from pages of its own."""
    with TemporaryDirectory() as directory:
        for name, code in CODES.items():
            page = (
                f'# {name} ({code})\n\n```toml\nsummary = "{name}"\nurl = "https://example.org/{code}"\n'
                'severities = [["2022-01-01", "warning"]]\nchanges = []\nfix = "none"\n```\n'
            )
            (Path(directory) / f"{code}-{name}.md").write_text(page, encoding="utf-8")
        read = Catalog(Path(directory))
        assert list(read.rules) == list(CODES)
        return read


def at(
    line: int, rule: str = "missing-company-header", end: int | None = None, path: str = "app.py"
) -> Finding:
    """A finding of `rule` from `line` to `end`."""
    return Finding(rule, CODES[rule], "error", "m", "h", "u", path, Span(line, 1, end or line, 9))


def run(
    source: str,
    findings: Sequence[Finding] = (),
    *,
    ran: Iterable[str] = CODES,
    as_of: datetime.date = DAY,
    module: Module | None = None,
) -> Suppressed:
    """Ignores of one file, app.py, applied to its findings."""
    modules = {} if module is None else {"app.py": module}
    return apply(findings, {"app.py": comments(source.encode())}, modules, frozenset(ran), catalog(), as_of)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits applied, the last one first."""
    lines = Lines(text)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start, end = lines.offset(*edit.span[:2]), lines.offset(*edit.span[2:])
        text = text[:start] + edit.content + text[end:]
    return text
