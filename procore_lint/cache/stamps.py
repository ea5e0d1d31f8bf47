"""What tells that a file has not changed since it was last read, without reading it."""

from __future__ import annotations

import os

#: Size, modification and change time in nanoseconds, inode.
Stamp = tuple[int, int, int, int]

#: A file changed this short a time before a run may change again without its times telling (as in git).
RACY = 2_000_000_000


def stamp_of(file: str) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def is_racy(stamp: Stamp, now: int) -> bool:
    """Whether the stamp may fail to tell a change, seen from a run that began at `now` (nanoseconds)."""
    return max(stamp[1], stamp[2]) > now - RACY
