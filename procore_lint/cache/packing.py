"""Findings and what surrounds them as JSON and back, for runs that are remembered whole.

Replacements go by the name of their class, and only classes of that closed union come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from procore_lint.cache.verdict import Verdict
from procore_lint.finding import SEVERITIES, Edit, Finding, Fix, Safety, Severity, Span, Step

if TYPE_CHECKING:
    from procore_lint.replacement import Replacement, Single

_SEVERITIES: Mapping[str, Severity] = {name: name for name in SEVERITIES}
_SAFETIES: Mapping[str, Safety] = {"safe": "safe", "unsafe": "unsafe"}


class Unusable(Exception):
    """The bytes are not what `pack` makes."""


def pack(verdict: Verdict) -> bytes:
    """The verdict as JSON."""
    import json

    return json.dumps(
        [
            [_row(finding) for finding in verdict.findings],
            verdict.suppressed,
            sorted(verdict.rules),
            verdict.verified,
        ],
        separators=(",", ":"),
    ).encode()


def unpack(data: bytes) -> Verdict:
    """The verdict that `pack` packed. Raises Unusable."""
    import json

    try:
        rows, suppressed, rules, verified = json.loads(data)
        return Verdict([_finding(*row) for row in rows], int(suppressed), frozenset(rules), str(verified))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Unusable from problem


def _row(finding: Finding) -> list[object]:
    fix = finding.fix
    return [
        finding.rule, finding.code, finding.severity, finding.message, finding.help, finding.url,
        finding.path, finding.span, finding.symbol, finding.fingerprint,
        [[step.path, step.span, step.message] for step in finding.trace],
        fix and [
            fix.safety, fix.title, [[edit.path, edit.span, edit.content] for edit in fix.edits],
            None if fix.replacement is None else _replacement_row(fix.replacement),
        ],
    ]  # fmt: skip


def _replacement_row(replacement: Replacement) -> list[object]:
    from procore_lint.replacement import Combined

    if isinstance(replacement, Combined):
        return ["Combined", [_replacement_row(part) for part in replacement.parts]]
    values = [*replacement]
    return [type(replacement).__name__, *values]


def _finding(
    rule: str, code: str, severity: str, message: str, help: str, url: str, path: str, span: Sequence[int],
    symbol: str, fingerprint: str, trace: Sequence[tuple[str, Sequence[int], str]],
    fix: tuple[str, str, Sequence[tuple[str, Sequence[int], str]], Sequence[object] | None] | None,
) -> Finding:  # fmt: skip
    return Finding(
        rule, code, _SEVERITIES[severity], message, help, url, path, Span(*span), symbol, fingerprint,
        tuple(Step(where, Span(*place), words) for where, place, words in trace),
        None if fix is None else _fix(*fix),
    )  # fmt: skip


def _fix(
    safety: str,
    title: str,
    edits: Sequence[tuple[str, Sequence[int], str]],
    replacement: Sequence[object] | None,
) -> Fix:
    made = tuple(Edit(path, Span(*span), content) for path, span, content in edits)
    return Fix(_SAFETIES[safety], title, made, None if replacement is None else _replacement(replacement))


def _replacement(row: Sequence[object]) -> Replacement:
    from procore_lint.replacement import Combined

    name, *values = row
    if name != "Combined":
        return _single(row)
    [parts] = values
    if not isinstance(parts, list):
        raise TypeError(parts)
    return Combined(tuple(map(_single, parts)))


def _single(row: Sequence[object]) -> Single:
    from procore_lint import replacement

    makers: Mapping[str, Callable[..., Single]] = {
        made.__name__: made
        for made in (
            replacement.ReplaceText, replacement.RenameKey, replacement.InsertItem, replacement.InsertKeyword,
            replacement.RemoveKeyword, replacement.InsertStatement, replacement.ReplaceExpr,
            replacement.RemoveComment,
        )
    }  # fmt: skip
    name, path, span, *values = row
    if not isinstance(span, list):
        raise TypeError(span)
    return makers[str(name)](path, tuple(span), *values)
