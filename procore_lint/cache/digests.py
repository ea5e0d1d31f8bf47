"""Digests of contents and of the code itself: what cached knowledge depends on beside the files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

try:
    from _blake2 import blake2b  # `hashlib` brings OpenSSL along: 4 ms of a warm run of 100
except ImportError:  # an interpreter that is built without it
    from hashlib import blake2b

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SIZE = 20


def digest(*parts: bytes) -> bytes:
    """Twenty bytes that stand for the parts, each with its length."""
    made = blake2b(digest_size=_SIZE)
    for part in parts:
        made.update(b"%d:" % len(part))
        made.update(part)
    return made.digest()


def check_of(data: bytes, size: int) -> bytes:
    """A short digest that tells whether bytes came back whole."""
    return blake2b(data, digest_size=size).digest()


def code_by_stamp() -> bytes:
    """What the linter is, told by the sizes and times of its own files: cheap, and for this machine only."""
    rows = []
    for file in _own_files():
        status = os.stat(file)
        rows.append((file, status.st_size, status.st_mtime_ns))
    return digest(sys.version.encode(), repr(rows).encode())


def code_by_content() -> bytes:
    """What the linter is, told by the contents of its own files: the same on every machine."""
    made = [sys.implementation.cache_tag.encode(), repr(sys.version_info[:3]).encode()]
    for file in _own_files():
        with open(file, "rb") as stream:
            made += [os.path.relpath(file, PACKAGE).encode(), stream.read()]
    return digest(*made)


def _own_files() -> Iterator[str]:
    """The code of the package and the rules beside it, in one order on every machine."""
    roots = [PACKAGE]
    if not os.path.isdir(os.path.join(PACKAGE, "_rules")):
        roots.append(os.path.join(os.path.dirname(PACKAGE), "rules"))
    while roots:
        try:
            with os.scandir(roots.pop()) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in found:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    roots.append(entry.path)
            elif entry.name.endswith((".py", ".toml", ".md")):
                yield entry.path
