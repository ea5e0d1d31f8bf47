"""What the figures should reach, and whether a run of the benchmarks reached it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from measure import Run, ratio
from peers import CLICK, LOWER, OURS, WARM

#: The most memory that one process may hold (bytes).
PEAK = 200_000_000


class Bar(NamedTuple):
    """`other` takes at least so many times as long as `ours`, or at most (then `most` is set)."""

    tree: str
    ours: str
    other: str
    times: float
    most: bool = False  # the bound is on how many times longer ours takes


BARS = (
    Bar("T2", OURS, "ruff check", 1.7),
    Bar("T2", OURS, "semgrep", 100),
    Bar("T2", OURS, "Fixit", 300),
    Bar("T2", OURS, LOWER, 5, most=True),
    Bar("T2", WARM, "ruff check", 12),
    Bar("T3", OURS, "Fixit", 5),
    Bar("T3", OURS, "semgrep", 5),
    Bar("T3", OURS, "flake8 -j2", 1),
    Bar("T3", OURS, "bandit", 1),
    Bar("T3", WARM, CLICK, 2, most=True),
    Bar("T1", OURS, "semgrep", 4),
    Bar("T1", OURS, "Fixit", 20),
    Bar("T1", WARM, "ruff check", 7),
    Bar("hook", OURS, CLICK, 1.6, most=True),
)

Runs = Mapping[str, Sequence[Run]]


def table(measured: Mapping[str, Runs]) -> str:
    """The bars of the trees that were measured, each with its figure."""
    head = ["| tree | figure | bar | measured | reached |", "|---|---|---|---|---|"]
    return "\n".join([*head, *_times(measured), *_peaks(measured), ""])


def _times(measured: Mapping[str, Runs]) -> Iterator[str]:
    for bar in BARS:
        runs = measured.get(bar.tree, {})
        if not runs.get(bar.ours) or not runs.get(bar.other):
            continue
        if bar.most:
            figure = ratio(runs[bar.other], runs[bar.ours])
            what, bound = f"{bar.ours} / {bar.other}", f"at most {bar.times:g}"
            reached = figure.median <= bar.times
        else:
            figure = ratio(runs[bar.ours], runs[bar.other])
            what, bound = f"{bar.other} / {bar.ours}", f"at least {bar.times:g}"
            reached = figure.median >= bar.times
        spread = f"{figure.median:.2f} ({figure.low:.2f} to {figure.high:.2f})"
        yield f"| {bar.tree} | {what} | {bound} | {spread} | {'yes' if reached else '**no**'} |"


def _peaks(measured: Mapping[str, Runs]) -> Iterator[str]:
    for tree, runs in measured.items():
        for name in (OURS, WARM):
            if runs.get(name):
                peak = statistics.median(run.peak for run in runs[name])
                reached = "yes" if peak < PEAK else "**no**"
                yield f"| {tree} | peak, {name} | below 200 MB | {peak / 1e6:.0f} MB | {reached} |"
