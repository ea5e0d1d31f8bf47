"""Files written so that nothing is lost: each is whole at every moment, the old one or the new one.

The new content goes to a file of its own in the same directory, onto the disk, and takes the old one's
place in one step. Killed in between, the old file stands untouched (beside it, a `.tmp` may be left).
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from procore_lint.fixes import Change


@dataclass(frozen=True, slots=True)
class Failure:
    """A file left as it was, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Written:
    """The paths written, and those left."""

    paths: tuple[str, ...]
    failed: tuple[Failure, ...]


class _Refused(Exception):
    """Why a file must not be replaced."""


def confined(root: str, checked: Iterable[str]) -> Callable[[str], str]:
    """The reason why a path, relative to `root`, must not be written; "" where it may be.

    It may where it lies, links followed, in one of the `checked` files and directories (absolute).
    """
    allowed = [os.path.realpath(path) for path in checked]

    def reason(path: str) -> str:
        target = os.path.realpath(os.path.join(root, path))
        inside = any(target == top or target.startswith(top.rstrip(os.sep) + os.sep) for top in allowed)
        return "" if inside else "it lies outside of the checked paths"

    return reason


def write(changes: Sequence[Change], root: str, forbidden: Callable[[str], str] = lambda _: "") -> Written:
    """Write the changes, one group after the other, each group whole or not at all.

    A file that no longer holds the bytes that the change was made from is left. Never raises OSError.
    """
    written: list[str] = []
    failed: list[Failure] = []
    for _, group in groupby(sorted(changes, key=lambda change: (change.group, change.path)), _group):
        _write_group([*group], root, forbidden, written, failed)
    return Written(tuple(sorted(written)), tuple(sorted(failed, key=lambda failure: failure.path)))


def _group(change: Change) -> int:
    return change.group


def _write_group(
    group: Sequence[Change],
    root: str,
    forbidden: Callable[[str], str],
    written: list[str],
    failed: list[Failure],
) -> None:
    staged: list[tuple[Change, str, str]] = []
    done = 0
    try:
        for change in group:
            why = forbidden(change.path)
            if why:
                raise _Refused(why)
            target = os.path.realpath(os.path.join(root, change.path))
            staged.append((change, target, _stage(target, change)))
        for change, target, _ in staged:
            if _read(target) != change.before:
                raise _Refused("it was changed meanwhile")
        for change, target, temporary in staged:
            os.replace(temporary, target)
            done += 1
            written.append(change.path)
            _sync_directory(os.path.dirname(target))
    except (OSError, _Refused) as problem:
        reason = str(problem) if isinstance(problem, _Refused) else problem.strerror or str(problem)
        failed += [Failure(change.path, reason) for change in group[done:]]
    finally:
        for _, _, temporary in staged[done:]:
            with suppress(OSError):
                os.unlink(temporary)


def _stage(target: str, change: Change) -> str:
    """Write the new content beside `target`, with its permissions; the path of the new file."""
    status = os.stat(target)
    if not stat.S_ISREG(status.st_mode):
        raise _Refused("it is no regular file")
    if not os.access(target, os.W_OK):
        raise _Refused("it is read-only")
    if _read(target) != change.before:
        raise _Refused("it was changed meanwhile")
    directory, name = os.path.split(target)
    descriptor, temporary = tempfile.mkstemp(".tmp", f".{name[:40]}.", directory)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(change.after)
            stream.flush()
            _take_over(temporary, target, status)
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return temporary


def _take_over(temporary: str, target: str, status: os.stat_result) -> None:
    """Owner, attributes and mode of the old file; the mode last, since a new owner clears bits of it."""
    if hasattr(os, "chown"):
        made = os.stat(temporary)
        if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
            with suppress(OSError):  # not ours to give away: the file stays the user's own
                os.chown(temporary, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(target):
                with suppress(OSError):
                    os.setxattr(temporary, name, os.getxattr(target, name))
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def _read(target: str) -> bytes:
    with open(target, "rb") as stream:
        return stream.read()


def _sync_directory(directory: str) -> None:
    """Make the renaming itself last; where directories cannot be opened, the system does so in time."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
