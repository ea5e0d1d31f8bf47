"""The files that a run changes: fixes, and ignores written for accepted findings."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from procore_lint.analysis import rejudged
from procore_lint.edits import EditError, Page
from procore_lint.finding import Edit, Finding
from procore_lint.fixes import Applied, Change, apply
from procore_lint.options import DEFAULT_TOOLS, Options, Tools
from procore_lint.outcome import Outcome
from procore_lint.patch import patch
from procore_lint.targets import relative_to
from procore_lint.writing import confined, write


@dataclass(slots=True)
class Mended:
    """What was written: findings mended, and for people what was not, as "path:line: why"."""

    fixed: int = 0
    unwritten: int = 0  # files that could not be written
    left: list[str] = field(default_factory=list)


def fix(
    outcomes: Sequence[Outcome], options: Options, *, unsafe: bool, tools: Tools = DEFAULT_TOOLS
) -> Mended:
    """Apply the fixes of every project and write the files. Never raises OSError."""
    mended = Mended()
    for outcome in outcomes:
        applied = _applied(outcome, options, unsafe, tools)
        written = write(applied.changes, outcome.root, _forbidden(outcome))
        failed = {failure.path for failure in written.failed}
        mended.fixed += sum(1 for finding in applied.fixed if failed.isdisjoint(_paths(finding)))
        mended.unwritten += len(failed)
        mended.left += [_told(outcome, options, left.finding, left.reason) for left in applied.left]
        mended.left += [f"{failure.path}: not written: {failure.reason}" for failure in written.failed]
    return mended


def diff(
    outcomes: Sequence[Outcome], options: Options, *, unsafe: bool, tools: Tools = DEFAULT_TOOLS
) -> tuple[bytes, Mended]:
    """The fixes as one patch, relative to the working directory, and nothing written."""
    mended = Mended()
    text = b""
    for outcome in outcomes:
        applied = _applied(outcome, options, unsafe, tools)
        text += patch(applied.changes, partial(_shown, outcome.root, cwd=options.cwd))
        mended.fixed += len(applied.fixed)
        mended.left += [_told(outcome, options, left.finding, left.reason) for left in applied.left]
    return text, mended


def add_ignores(outcomes: Sequence[Outcome], options: Options, reason: str) -> Mended:
    """Accept every reported finding by an inline ignore with `reason`. Raises ValueError without one."""
    from procore_lint import add_ignores as ignores

    mended = Mended()
    for outcome in outcomes:
        if not outcome.findings:
            continue
        read = partial(_text, outcome)
        added = ignores.add_ignores(outcome.findings, reason, read)
        changes, refused = _changes(outcome, added.edits)
        written = write(changes, outcome.root, _forbidden(outcome))
        refused.update({failure.path: failure.reason for failure in written.failed})
        silent = {(finding.path, finding.place) for finding in added.left}
        for finding in outcome.findings:
            if (finding.path, finding.place) in silent:
                mended.left.append(_told(outcome, options, finding, "no comment can accept it"))
            elif finding.path in refused:
                mended.left.append(_told(outcome, options, finding, refused[finding.path]))
            else:
                mended.fixed += 1
    return mended


def _applied(outcome: Outcome, options: Options, unsafe: bool, tools: Tools) -> Applied:
    def recheck(changed: Mapping[str, bytes], /) -> Sequence[Finding]:
        return rejudged(outcome, changed, options, tools)

    return apply(
        outcome.findings,
        outcome.reader.bytes_of,
        recheck,
        unsafe=unsafe,
        known=outcome.judged,
        forbidden=_forbidden(outcome),
    )


def _changes(outcome: Outcome, edits: Sequence[Edit]) -> tuple[list[Change], dict[str, str]]:
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    changes: list[Change] = []
    refused: dict[str, str] = {}
    for number, (path, theirs) in enumerate(sorted(by_path.items())):
        data = outcome.reader.bytes_of(path)
        try:
            if data is None:
                raise EditError("it cannot be read")
            changes.append(Change(path, data, Page.of(data).rewrite(theirs).data, number))
        except EditError as problem:
            refused[path] = str(problem)
    return changes, refused


def _forbidden(outcome: Outcome) -> Callable[[str], str]:
    """Says why a path of the project must not be written, "" where it may be."""
    target = outcome.target
    tops = [os.path.normpath(os.path.join(target.root, name)) for name in (*target.tops, *target.named)]
    return confined(target.root, tops)


def _text(outcome: Outcome, path: str) -> str:
    return outcome.reader.text_of(path) or ""


def _paths(finding: Finding) -> set[str]:
    return {edit.path for edit in finding.fix.edits} if finding.fix is not None else set()


def _shown(root: str, path: str, cwd: str) -> str:
    return relative_to(os.path.normpath(os.path.join(root, path)), cwd)


def _told(outcome: Outcome, options: Options, finding: Finding, reason: str) -> str:
    path = _shown(outcome.root, finding.path, options.cwd)
    return f"{path}:{finding.span.line}: {finding.code} {finding.rule}: {reason}"
