"""Small projects on disk, and a judge that finds every call of `bad()`: for tests of what lies around judging."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from procore_lint import facts
from procore_lint.catalog import Catalog
from procore_lint.engine import run
from procore_lint.finding import Finding, Span
from procore_lint.options import Options, Tools
from procore_lint.result import Report

if TYPE_CHECKING:
    from procore_lint.checks.base import Context

TODAY = datetime.date(2026, 11, 23)
RULE = "missing-company-header"


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below `root`, which is returned."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def calls(node: object) -> Iterator[facts.Call]:
    """Every call in a module's facts."""
    if isinstance(node, facts.Call):
        yield node
    if isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from calls(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from calls(item)


def judge(modules: Mapping[str, facts.Facts], catalog: Catalog, context: Context) -> list[Finding]:
    """A finding for each call of `bad`."""
    rule = catalog.rules[RULE]
    return [
        Finding(rule.name, rule.code, rule.severity(context.as_of), "bad is called", "", rule.url, path,
                Span(*call.span))
        for path, module in modules.items()
        for call in calls(module.opened())
        if isinstance(call.func, facts.Name) and call.func.id == "bad"
    ]  # fmt: skip


def check(root: Path, *paths: str, tools: Tools | None = None, **options: object) -> Report:
    """Check paths in `root` (all of it by default) with the simple judge."""
    made = Options(cwd=str(root), today=TODAY, **options)  # type: ignore[arg-type]
    return run(paths or (".",), made, tools or Tools(judge=judge))


def places(report: Report) -> list[str]:
    """The findings as "path:line"."""
    return [f"{finding.path}:{finding.span.line}" for finding in report.findings]
