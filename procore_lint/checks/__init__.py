"""The rules: one file each, or a close pair. Linked facts in, findings out."""

from __future__ import annotations

from collections.abc import Mapping

from procore_lint import facts
from procore_lint.catalog import Catalog
from procore_lint.checks import (
    company_header,
    endpoints,
    file_downloads,
    file_links,
    hosts,
    revoke,
    service_accounts,
    token_fallback,
    token_lifetime,
    token_pairs,
    vapid,
    webhooks,
)
from procore_lint.checks.base import Check, Context, Draft
from procore_lint.finding import Finding
from procore_lint.project.program import Program
from procore_lint.values import Place

UNREADABLE = "unreadable-file"
CHECKS: tuple[Check, ...] = (
    token_lifetime.check,
    token_pairs.check,
    token_fallback.check,
    revoke.check,
    hosts.check,
    company_header.check,
    vapid.check,
    file_links.check,
    file_downloads.check,
    endpoints.check,
    service_accounts.check,
    webhooks.check,
)


def judge(modules: Mapping[str, facts.Facts], catalog: Catalog, context: Context) -> list[Finding]:
    """The findings of a whole project, in order of place; paths are the keys of `modules`."""
    if not any(module.marks or "procore" in path.lower() for path, module in modules.items()):
        return []
    program = Program(modules, _resources(catalog))
    found: dict[tuple[str, object], Finding] = {}
    for check in CHECKS:
        for draft in check(program, catalog, context):
            if draft.rule not in context.rules:
                continue
            if context.report is not None and draft.place.path not in context.report:
                continue
            finding = _finding(draft, catalog, context)
            found.setdefault((finding.rule, finding.place), finding)
    for path, reason in program.machine.failures.items():
        if UNREADABLE in context.rules and (context.report is None or path in context.report):
            finding = _finding(_failure(path, reason), catalog, context)
            found.setdefault((finding.rule, finding.place), finding)
    return sorted(found.values(), key=lambda finding: finding.place)


def _failure(path: str, reason: str) -> Draft:
    return Draft(
        UNREADABLE,
        Place(path, 1, 1, 1, 1),
        f"a part of this file could not be followed ({reason})",
        "please report it at the project's issue tracker, with the file if you can",
    )


def _resources(catalog: Catalog) -> frozenset[str]:
    """First path segments of Procore's resources, for paths whose base is not decided."""
    names = {
        "projects",
        "companies",
        "me",
        "users",
        "webhooks",
        "offices",
        "programs",
        "vendors",
        "rfis",
        "submittals",
    }
    for endpoint in catalog.endpoints:
        parts = [part for part in endpoint.path.split("/") if part]
        if len(parts) > 2 and parts[0] == "rest":
            names.add(parts[2])
    return frozenset(names)


def _finding(draft: Draft, catalog: Catalog, context: Context) -> Finding:
    rule = catalog.rules[draft.rule]
    return Finding(
        rule=rule.name,
        code=rule.code,
        severity=draft.severity or rule.severity(context.as_of),
        message=draft.message,
        help=draft.help,
        url=draft.url or rule.url,
        path=draft.place.path,
        span=draft.place.span,
        symbol=draft.symbol,
        trace=draft.trace,
        fix=draft.fix,
    )
