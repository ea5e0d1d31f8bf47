"""Which lines a branch or the working tree changed, as `git` tells: `check --changed [REF]`.

A finding counts as changed when a line of its span was added or altered, or when lines were taken out
of the middle of it; a change of other code that the finding rests on does not count.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from procore_lint.errors import UserError
from procore_lint.finding import Finding

_HUNK = re.compile(rb"@@ -\d+(?:,(?P<old>\d+))? \+(?P<line>\d+)(?:,(?P<new>\d+))? @@")
_ESCAPE = re.compile(rb"\\(?:(?P<octal>[0-7]{3})|(?P<letter>.))")
_LETTERS = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}

# Whatever the user's git configuration says, the output is the plain one; nothing of it runs a program.
_DIFF = (
    "diff", "--unified=0", "--inter-hunk-context=0", "--find-renames", "--relative", "--text", "--no-color",
    "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules",
)  # fmt: skip


class ChangesError(UserError):
    """Why git could not say what changed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LineSet:
    """Changed lines of a file as it is now: ranges (first, last), and lines after which some were removed."""

    ranges: tuple[tuple[int, int], ...] = ()
    removed_after: tuple[int, ...] = ()
    whole: bool = False  # a new file

    def touches(self, first: int, last: int) -> bool:
        """Whether code from line `first` to line `last` was changed."""
        return (
            self.whole
            or any(start <= last and first <= end for start, end in self.ranges)
            or any(first <= line < last for line in self.removed_after)
        )


def keep(findings: Iterable[Finding], changed: Mapping[str, LineSet]) -> list[Finding]:
    """The findings on changed lines; their paths are relative to the root that `changed_lines` was given."""
    return [
        finding
        for finding in findings
        if finding.path in changed and changed[finding.path].touches(finding.span.line, finding.span.end_line)
    ]


def changed_lines(root: Path, ref: str | None = None) -> Mapping[str, LineSet]:
    """The changed lines of the files below `root`, by POSIX path relative to it.

    Without `ref`: what the working tree and the index changed against HEAD. With it: that, and what the
    branch committed since it left `ref`. Untracked files that are not ignored count whole.
    Raises ChangesError.
    """
    base = _base(root, ref)
    changed = dict(_hunks(_git(root, *_DIFF, base, "--")))
    for name in _git(root, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0"):
        if name:
            changed[os.fsdecode(name)] = LineSet(whole=True)
    return changed


def _base(root: Path, ref: str | None) -> str:
    """The commit (or empty tree) to compare with."""
    try:
        top = _git(root, "rev-parse", "--is-inside-work-tree")
    except _GitFailed as failure:
        raise ChangesError(
            f"{root}: git does not answer for it ({failure}); leave --changed out there"
        ) from failure
    if top.strip() != b"true":
        raise ChangesError(f"{root} is no working tree of git; leave --changed out there")
    head = _commit(root, "HEAD")
    if ref is None:
        return head or _git(root, "hash-object", "-t", "tree", "--stdin").decode().strip()
    commit = _commit(root, ref)
    if commit is None:
        meant = "write paths before --changed" if ref and os.path.exists(root / ref) else "or fetch it first"
        raise ChangesError(f"git knows no revision {ref!r}; name a branch, tag or commit, {meant}")
    if head is None:
        raise ChangesError("the branch has no commit yet; use --changed without a revision")
    try:
        return _git(root, "merge-base", "HEAD", commit).decode().strip()
    except _GitFailed as failure:
        raise ChangesError(
            f"{ref} and HEAD have no common commit here; in a shallow clone fetch the history"
            " (`git fetch --unshallow`, in CI `fetch-depth: 0`)"
        ) from failure


def _commit(root: Path, ref: str) -> str | None:
    try:
        return (
            _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
            .decode()
            .strip()
        )
    except _GitFailed:
        return None


class _GitFailed(ChangesError):
    """A git command that ended with an error."""


def _git(root: Path, *arguments: str) -> bytes:
    # No optional lock: a run beside the user's own git must not refresh the index under it.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-c", "core.quotePath=true", "-c", "core.fsmonitor=false", *arguments]
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, capture_output=True
        )
    except FileNotFoundError as error:
        raise ChangesError("--changed asks git, which is not installed or not on the PATH") from error
    except OSError as error:
        raise ChangesError(f"git cannot be run: {error}") from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _GitFailed(words[0] if words else f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout


def _hunks(patch: bytes) -> Iterator[tuple[str, LineSet]]:
    """The changed lines of each file of a patch without context that still exists."""
    path: str | None = None
    ranges: list[tuple[int, int]] = []
    removed: list[int] = []
    skip = 0
    for row in patch.split(b"\n"):
        if skip:
            # Lines of a hunk may look like headers; their number alone says where it ends.
            skip -= not row.startswith(b"\\")
        elif row.startswith(b"diff --git "):
            if path is not None:
                yield path, LineSet(tuple(ranges), tuple(removed))
            path, ranges, removed = None, [], []
        elif row.startswith(b"+++ ") and row != b"+++ /dev/null":
            path = _path(row[4:])
        elif hunk := _HUNK.match(row):
            line, new = int(hunk["line"]), int(hunk["new"] or 1)
            skip = int(hunk["old"] or 1) + new
            if new:
                ranges.append((line, line + new - 1))
            else:
                removed.append(line)
    if path is not None:
        yield path, LineSet(tuple(ranges), tuple(removed))


def _path(written: bytes) -> str:
    """The path of a `+++` header: `b/name`, quoted as C does where it holds odd characters."""
    name = written[:-1] if written.endswith(b"\t") else written
    if name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return os.fsdecode(name.removeprefix(b"b/"))


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match["octal"] is not None:
        return bytes([int(match["octal"], 8)])
    letter = match["letter"]
    return _LETTERS.get(letter, letter)
