"""What a run leaves out of its report on purpose: accepted findings, and lines that did not change."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from procore_lint import baseline
from procore_lint.finding import Finding
from procore_lint.options import Options
from procore_lint.outcome import Outcome
from procore_lint.roots import is_below
from procore_lint.targets import relative_to


def baseline_of(outcome: Outcome, options: Options) -> str:
    """The baseline file that holds for a project: the chosen one, else the configured one; "" for none."""
    file = outcome.config.baseline if options.baseline is None else options.baseline
    return os.path.normpath(os.path.join(options.cwd, file)) if file else ""


def without_accepted(outcome: Outcome, file: str) -> None:
    """Move the findings that the baseline `file` holds to `accepted`. Raises BaselineError."""
    judged = partial(_judged, outcome, frozenset(outcome.asked), file)
    split = baseline.filter(outcome.findings, baseline.load(Path(file)), judged)
    new = {finding.fingerprint for finding in split.new}
    outcome.accepted = [finding for finding in outcome.findings if finding.fingerprint not in new]
    outcome.findings = list(split.new)
    outcome.stale = list(split.stale)


def _judged(outcome: Outcome, checked: frozenset[str], file: str, entry: baseline.Entry) -> bool:
    """Whether the run could have found what an entry of the baseline `file` stands for."""
    if outcome.rules and entry.rule not in outcome.rules:
        return False
    for base in (os.path.dirname(file), outcome.root):
        path = os.path.normpath(os.path.join(base, entry.path))
        if os.path.exists(path):
            return is_below(path, outcome.root) and relative_to(path, outcome.root) in checked
    return True


def _written(outcome: Outcome, file: str, finding: Finding) -> Finding:
    """The finding as its entry names it: where projects may share the baseline, by the path from there."""
    base = os.path.dirname(file)
    if not is_below(outcome.root, base):
        return finding
    return finding._replace(path=relative_to(os.path.join(outcome.root, finding.path), base))


def without_unchanged(outcome: Outcome, ref: str | None) -> None:
    """Keep the findings on lines that git calls changed. Raises ChangesError."""
    from procore_lint import changes

    lines = {**changes.changed_lines(Path(outcome.root), ref)}
    root = os.path.realpath(outcome.root)
    for path in {finding.path for finding in outcome.findings}.difference(lines):
        # git knows a file by one name, whatever links lead there.
        target = relative_to(os.path.realpath(os.path.join(outcome.root, path)), root)
        if target in lines:
            lines[path] = lines[target]
    outcome.findings = changes.keep(outcome.findings, lines)


def write_baseline(outcomes: Sequence[Outcome], file: str) -> tuple[int, int]:
    """Accept every finding of the run, known ones included. Raises BaselineError.

    Gives how many these are, and how many entries of the old baseline stay since the run could not find
    them: their file was not checked, or their rule did not run.
    """
    file = os.path.normpath(file)
    found = baseline.Baseline.accepting(
        _written(outcome, file, finding)
        for outcome in outcomes
        for finding in (*outcome.findings, *outcome.accepted)
    )
    judges = [partial(_judged, outcome, frozenset(outcome.asked), file) for outcome in outcomes]
    new = {entry.fingerprint for entry in found.entries}
    kept = [
        entry
        for entry in _old(file)
        if entry.fingerprint not in new and not any(judged(entry) for judged in judges)
    ]
    baseline.write(Path(file), baseline.Baseline.of((*kept, *found.entries)))
    return len(found.entries), len(kept)


def _old(file: str) -> tuple[baseline.Entry, ...]:
    try:
        return baseline.load(Path(file)).entries
    except baseline.BaselineError:
        return ()  # what cannot be read is written anew


def stale_entries(outcomes: Sequence[Outcome], options: Options) -> dict[str, list[baseline.Entry]]:
    """For every baseline of the run the entries that no project matches any more."""
    found: dict[str, list[baseline.Entry]] = {}
    for file in sorted({file for outcome in outcomes if (file := baseline_of(outcome, options))}):
        sharing = [outcome for outcome in outcomes if baseline_of(outcome, options) == file]
        known = {finding.fingerprint for outcome in sharing for finding in outcome.accepted}
        stale = {entry for outcome in sharing for entry in outcome.stale}
        found[file] = sorted(entry for entry in stale if entry.fingerprint not in known)
    return found


def prune_baselines(stale: dict[str, list[baseline.Entry]]) -> int:
    """Drop the stale entries from their baselines; how many. Raises BaselineError."""
    for file, entries in stale.items():
        if entries:
            baseline.write(Path(file), baseline.load(Path(file)).without(entries))
    return sum(map(len, stale.values()))
