"""What a run leaves out of its report on purpose: accepted findings, and lines that did not change."""

from __future__ import annotations

import os
from pathlib import Path

from procore_lint import baseline
from procore_lint.options import Options
from procore_lint.outcome import Outcome


def baseline_of(outcome: Outcome, options: Options) -> str:
    """The baseline file that holds for a project: the chosen one, else the configured one; "" for none."""
    file = outcome.config.baseline if options.baseline is None else options.baseline
    return os.path.join(options.cwd, file) if file else ""


def without_accepted(outcome: Outcome, file: str) -> None:
    """Move the findings that the baseline `file` holds to `accepted`. Raises BaselineError."""
    checked = frozenset(outcome.asked)

    def judged(entry: baseline.Entry) -> bool:
        ran = not outcome.rules or entry.rule in outcome.rules
        return ran and (entry.path in checked or not os.path.exists(os.path.join(outcome.root, entry.path)))

    split = baseline.filter(outcome.findings, baseline.load(Path(file)), judged)
    new = {finding.fingerprint for finding in split.new}
    outcome.accepted = [finding for finding in outcome.findings if finding.fingerprint not in new]
    outcome.findings = list(split.new)
    outcome.stale = list(split.stale)


def without_unchanged(outcome: Outcome, ref: str | None) -> None:
    """Keep the findings on lines that git calls changed. Raises ChangesError."""
    from procore_lint import changes

    lines = changes.changed_lines(Path(outcome.root), ref)
    outcome.findings = changes.keep(outcome.findings, lines)


def write_baseline(outcomes: list[Outcome], file: str) -> int:
    """Accept every finding of the run, known ones included; how many. Raises BaselineError."""
    found = [finding for outcome in outcomes for finding in (*outcome.findings, *outcome.accepted)]
    baseline.write(Path(file), baseline.Baseline.accepting(found))
    return len(found)


def prune_baselines(outcomes: list[Outcome], options: Options) -> int:
    """Drop the stale entries from every baseline of the run; how many. Raises BaselineError."""
    dropped = 0
    for file in {file for outcome in outcomes if (file := baseline_of(outcome, options))}:
        kept = [outcome.stale for outcome in outcomes if baseline_of(outcome, options) == file]
        # Where projects share a baseline, an entry is stale only if it is so for each of them.
        stale = set(kept[0]).intersection(*kept[1:])
        if stale:
            baseline.write(Path(file), baseline.load(Path(file)).without(sorted(stale)))
            dropped += len(stale)
    return dropped
