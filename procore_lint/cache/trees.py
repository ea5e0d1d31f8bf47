"""What a walk found, kept for as long as no directory on its way has changed.

Looking at a directory's stamp costs a third of listing it. Where a walk could be decided by more than
the entries of directories and the contents of a few files, it is not kept.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Final

from procore_lint.cache.digests import digest
from procore_lint.cache.stamps import Stamp, is_racy, stamp_of
from procore_lint.files import Tree, patterns_above

_DIGEST: Final = 20
#: Between the items of a section and, twice, between sections: no path holds it.
_NUL: Final = "\0"


def question(root: str, top: str) -> list[bytes]:
    """What decides a walk from outside: its place, and the ignore rules above it."""
    parts = [os.fsencode(root), os.fsencode(top)]
    for file, _, lift in patterns_above(root, top):
        try:
            with open(file, "rb") as stream:
                parts += [os.fsencode(file), os.fsencode(lift), stream.read()]
        except OSError:
            continue
    return parts


def packed(tree: Tree, now: int) -> bytes | None:
    """The tree with the stamps of all that decided it; None where it must not be kept."""
    stamps = _stamps([*tree.listed, *tree.consulted])
    if not tree.steady or any(stamp is None or is_racy(stamp, now) for stamp in stamps):
        return None
    counts = [f"{number} {why}" for why, number in tree.passed_over.items()]
    sections = (tree.listed, tree.consulted, tree.files, counts, tree.nested)
    text = (_NUL * 2).join(_NUL.join(section) for section in sections)
    return _signature(stamps) + text.encode("utf-8", "surrogateescape")


def unpacked(root: str, data: bytes | None) -> Tree | None:
    """The tree, if nothing that decided it has changed since."""
    if data is None:
        return None
    try:
        sections = data[_DIGEST:].decode("utf-8", "surrogateescape").split(_NUL * 2)
        listed, consulted, files, counts, nested = (part.split(_NUL) if part else [] for part in sections)
        passed_over: Counter[str] = Counter()
        for count in counts:
            number, _, why = count.partition(" ")
            passed_over[why] = int(number)
    except ValueError:
        return None
    if _signature(_stamps([*listed, *consulted])) != data[:_DIGEST]:
        return None
    return Tree(root, files, passed_over, nested, listed, consulted)


def _stamps(paths: list[str]) -> list[Stamp | None]:
    return [stamp_of(path) for path in paths]


def _signature(stamps: list[Stamp | None]) -> bytes:
    return digest(repr(stamps).encode())
