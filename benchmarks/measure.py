"""Times whole processes side by side: one round after the other, every command once a round."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

#: A command that takes longer than this is run `slow` times, not as often as the others (seconds).
SLOW = 15.0


class Command(NamedTuple):
    """A row of a table: what to run, and where."""

    name: str
    arguments: Sequence[str]
    cwd: Path
    environment: dict[str, str] = {}  # noqa: RUF012 (never changed)


class Run(NamedTuple):
    """One run as the operating system accounts for it: seconds, and the largest process in bytes."""

    wall: float
    cpu: float
    peak: int
    code: int


class Spread(NamedTuple):
    """A median with what lies around it."""

    median: float
    low: float
    high: float


def once(command: Command) -> Run:
    """Run a command to its end, its output thrown away."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.cwd,
        env={**os.environ, **command.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, process.returncode)


def rounds(commands: Sequence[Command], repeat: int, slow: int) -> dict[str, list[Run]]:
    """The runs of each command, by name; one warm-up each, which tells the slow ones."""
    times: dict[str, int] = {}
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    for command in commands:
        first = once(command)
        print(f"    {first.wall:8.2f} s  exit {first.code}  {command.name}", flush=True)
        times[command.name] = slow if first.wall > SLOW else repeat
        if first.wall > SLOW:  # a warm-up this long is worth counting
            runs[command.name].append(first)
    for _ in range(repeat):
        for command in commands:
            if len(runs[command.name]) < times[command.name]:
                runs[command.name].append(once(command))
    return runs


def spread(values: Sequence[float]) -> Spread:
    """The median, least and greatest of some values."""
    return Spread(statistics.median(values), min(values), max(values))


def ratio(ours: Sequence[Run], theirs: Sequence[Run]) -> Spread:
    """How many times longer theirs takes, round by round; against our median where theirs ran less often."""
    if len(ours) == len(theirs):
        return spread([their.wall / our.wall for our, their in zip(ours, theirs, strict=True)])
    median = statistics.median(run.wall for run in ours)
    return spread([their.wall / median for their in theirs])
