"""Measures procore-lint beside its peers and writes docs/benchmarks.md and its plot.

    python benchmarks/run.py --work DIR [--sdk DIR] [--repeat 5] [--slow 1] [--only T2,T3,T1,hook,growth]

Needs an environment in which procore-lint's dependencies are installed, PyPI for the first run, and an
hour: the slow peers take minutes for a tree. Everything else on the machine should be quiet.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from pathlib import Path

import bars
import corpora
import peers
from measure import Command, Run, once, ratio, rounds, spread
from plots import lines

DOCS = peers.CHECKOUT / "docs"
NOTES = peers.HERE / "notes.md"
PARTS = ("T2", "T1", "T3", "hook", "growth")


def main() -> None:
    """Parse the arguments, measure what was asked for, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True, help="where trees and peers are kept")
    parser.add_argument("--sdk", type=Path, help="a checkout of weigandconstruction/procore_python_sdk (T1)")
    parser.add_argument("--repeat", type=int, default=5, help="counted runs of each command")
    parser.add_argument("--slow", type=int, default=1, help="counted runs of commands above 15 s")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    parser.add_argument("--peers", default="", help="these peers alone, separated by commas; - for none")
    parser.add_argument("--lines", type=int, default=max(corpora.LINES), help="the largest synthetic tree")
    parser.add_argument("--output", type=Path, default=DOCS, help="the folder to write into")
    given = parser.parse_args()
    work = given.work.resolve()
    trees = corpora.build(work)
    if given.sdk:
        trees["T1"] = given.sdk.resolve()
    scripts = peers.install(work) if given.peers != "-" else None
    parts = given.only.split(",")
    page = [_HEAD.format(machine=_machine(), repeat=given.repeat, slow=given.slow)]
    if scripts is not None:
        page.append(f"Peers: {peers.versions(scripts)}.\n")
    measured: dict[str, dict[str, list[Run]]] = {}
    tables: list[str] = []
    for name in ("T2", "T1", "T3"):
        if name in parts and name in trees:
            measured[name], table = _tree(name, trees[name], work, scripts, given)
            tables.append(table)
    if "hook" in parts:
        measured["hook"], table = _hook(trees["T2"], work, given)
        tables.append(table)
    page += [f"## Bars\n\n{bars.table(measured)}", *tables]
    if "growth" in parts:
        page.append(_growth(work, given))
    page.append(NOTES.read_text(encoding="utf-8"))
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "benchmarks.md").write_text("\n".join(page), encoding="utf-8")
    print(f"written: {given.output / 'benchmarks.md'}")


_HEAD = """\
# Benchmarks

Made by one command, `python benchmarks/run.py --work DIR --sdk DIR`, on {machine}.
Whole processes, one after the other in {repeat} rounds after a warm-up, the page cache warm; commands
above 15 s ran {slow} time(s). Times are medians with the least and the greatest run; a ratio says how many
times longer a command takes than procore-lint without its cache, round by round. "Peak" is the largest
single process. Peers run with like rules (`benchmarks/rules/`), the linters without such rules with
their defaults. T1 is a generated SDK (`weigandconstruction/procore_python_sdk`).
"""


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}"


def _tree(
    name: str, root: Path, work: Path, scripts: Path | None, given: argparse.Namespace
) -> tuple[dict[str, list[Run]], str]:
    size = corpora.size_of(root)
    print(
        f"{name}: {size.files:,} files, {size.lines:,} lines, {size.mentions:,} mention Procore", flush=True
    )
    ours = peers.ours(root, _fresh_cache(work, name))
    _prime(ours[1])
    others = peers.peers(root, scripts) if scripts is not None else []
    if given.peers:
        others = [peer for peer in others if peer.name.split()[0] in given.peers.split(",")]
    runs = rounds([*ours, *others, *peers.floors(root)], given.repeat, given.slow)
    title = f"## {name}: {size.files:,} files, {size.lines:,} lines, {size.mentions:,} mention Procore\n"
    return runs, f"{title}\n{_table(runs, peers.OURS)}"


def _hook(root: Path, work: Path, given: argparse.Namespace) -> tuple[dict[str, list[Run]], str]:
    print("hook: 10 files", flush=True)
    target = work / "hook"
    names = corpora.silent_files(root, 10, target)
    [cold, warm] = peers.ours(target, _fresh_cache(work, "hook"), *names)
    _prime(warm)
    click = peers.floors(target)[-1]
    runs = rounds([cold, warm, click], given.repeat, given.slow)
    table = _table(runs, click.name)
    title = "## A commit hook over 10 files that never mention Procore"
    return runs, f"{title}\n\nRatios against `import click`.\n\n{table}"


def _growth(work: Path, given: argparse.Namespace) -> str:
    rows = ["| lines | Procore files | procore-lint | read, lower, in | peak |", "|---|---|---|---|---|"]
    plot: dict[str, list[tuple[float, float]]] = {}
    for share in corpora.SHARES:
        for number in (number for number in corpora.LINES if number <= given.lines):
            root = corpora.synthetic(work, number, share)
            print(f"growth: {number:,} lines, {share:g} %", flush=True)
            ours = peers.ours(root, work / "unused")[0]
            floor = next(command for command in peers.floors(root) if command.name == peers.LOWER)
            runs = rounds([ours, floor], given.repeat, given.slow)
            mine = spread([run.wall for run in runs[ours.name]])
            theirs = spread([run.wall for run in runs[floor.name]])
            peak = max(run.peak for run in runs[ours.name])
            times = f"{mine.median:.2f} s | {theirs.median:.2f} s"
            rows.append(f"| {number:,} | {share:g} % | {times} | {_megabytes(peak)} |")
            plot.setdefault(f"{share:g} % Procore", []).append((number, mine.median))
            if share == min(corpora.SHARES):
                plot.setdefault("read, lower, in", []).append((number, theirs.median))
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "benchmarks-growth.svg").write_text(
        lines("procore-lint without cache", "lines of Python", "seconds", plot), encoding="utf-8"
    )
    table = "\n".join(rows)
    return f"## Growth\n\n![Seconds by lines](benchmarks-growth.svg)\n\n{table}\n"


def _table(runs: dict[str, list[Run]], base: str) -> str:
    rows = ["| command | seconds | ratio | peak |", "|---|---|---|---|"]
    for name, theirs in runs.items():
        wall = spread([run.wall for run in theirs])
        against = ratio(runs[base], theirs)
        peak = max(run.peak for run in theirs)
        rows.append(
            f"| {name} | {wall.median:.3f} ({wall.low:.3f} to {wall.high:.3f}) "
            f"| {against.median:.2f} ({against.low:.2f} to {against.high:.2f}) | {_megabytes(peak)} |"
        )
    return "\n".join([*rows, ""])


def _fresh_cache(work: Path, name: str) -> Path:
    directory = work / "caches" / name
    shutil.rmtree(directory, ignore_errors=True)
    return directory


def _prime(command: Command) -> None:
    """Fill the cache, long enough after the files were made that their times can be trusted."""
    time.sleep(2.1)
    run = once(command)
    if run.code not in (0, 1):
        sys.exit(f"{command.name} ended with {run.code}: {' '.join(command.arguments)}")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


if __name__ == "__main__":
    main()
