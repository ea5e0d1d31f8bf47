"""Glances at the files of one project and the facts of their contents: the engine's `Store`, on disk.

The glances of a project are one entry, since a run needs all of them or none. Facts are an entry for
each content, whatever the file is called and wherever it lies.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from procore_lint.cache.digests import code_by_content, code_by_stamp, digest
from procore_lint.cache.stamps import Stamp, is_racy, stamp_of
from procore_lint.reading import Sight

if TYPE_CHECKING:
    from procore_lint.cache.database import Database
    from procore_lint.facts import Facts

#: Bytes of facts that wait in memory before they are written together.
_BATCH: Final = 1_000_000
_FETCHED: Final = 250  # facts that are fetched together


@dataclass(slots=True)
class _Glance:
    stamp: Stamp
    sight: Sight
    content: str = ""  # hexadecimal digest of the bytes; "" where nobody needed it


class Glances:
    """What is known of the files below `root`; `now` is the time, in nanoseconds, when the run began.

    Stamps are taken before a file is read, so that a change between the two is never missed.
    """

    def __init__(self, database: Database, root: str, wanted: Sequence[bytes], now: int) -> None:
        self._database = database
        self._prefix = root.rstrip(os.sep) + os.sep
        self._now = now
        self._key = digest(b"glances", code_by_stamp(), root.encode("utf-8", "surrogateescape"), *wanted)
        self._salt = b""
        self._known: dict[str, _Glance] | None = None
        self._stamps: dict[str, Stamp | None] = {}
        self._new: dict[str, _Glance] = {}
        self._contents: dict[str, bytes] = {}
        self._expected: list[bytes] = []
        self._fetched: frozenset[bytes] = frozenset()
        self._facts: Mapping[bytes, bytes] = {}
        self._waiting: list[tuple[bytes, bytes]] = []
        self._size = 0

    def take_stamps(self, stamps: Mapping[str, Stamp]) -> None:
        """Use stamps that were taken already, by absolute path."""
        self._stamps.update(stamps)

    def sight(self, file: str) -> Sight | None:
        """The glance at an unchanged file."""
        known = self._glance(file)
        return None if known is None else known.sight

    def keep_sight(self, file: str, size: int, sight: Sight) -> None:
        """Remember the glance at a file that held `size` bytes."""
        stamp = self._stamp(file)
        if stamp is None or stamp[0] != size or is_racy(stamp, self._now):
            return
        before = self._glance(file)
        self._new[file] = _Glance(stamp, sight, before.content if before is not None else "")

    def content(self, file: str, read: Callable[[], bytes]) -> bytes:
        """The digest of a file's bytes. Raises what `read` raises."""
        found = self._contents.get(file)
        if found is not None:
            return found
        known = self._glance(file)
        if known is not None and known.content:
            found = bytes.fromhex(known.content)
        else:
            found = digest(read())
            if known is not None:
                self._new[file] = _Glance(known.stamp, known.sight, found.hex())
        self._contents[file] = found
        return found

    def expect(self, contents: Sequence[bytes]) -> None:
        """Say which facts will be asked for, in which order: they are fetched some at a time."""
        self._expected = [*map(self._facts_key, contents)]

    def module(self, file: str, read: Callable[[], bytes]) -> Facts | None:
        """The facts of a file; `read` is called where only its content can tell."""
        try:
            key = self._facts_key(self.content(file, read))
        except OSError:
            return None
        while key not in self._fetched and self._expected:
            # What was passed over is dropped, so that the facts of a large project are never here whole.
            self._fetched = frozenset(self._expected[:_FETCHED])
            self._facts = self._database.get_all(self._fetched)
            del self._expected[:_FETCHED]
        packed = self._facts.get(key)
        if packed is None:
            return None
        import msgspec

        from procore_lint.extraction import decode

        try:
            module = decode(packed)
            module.opened()  # read once to the end, since what is stored is not trusted
            return module
        except (msgspec.DecodeError, RecursionError):
            return None

    def keep_module(self, file: str, data: bytes, encoded: bytes) -> None:
        """Remember facts, given as msgpack, of a file that held `data`."""
        self._waiting.append((self._facts_key(digest(data)), encoded))
        self._size += len(encoded)
        if self._size >= _BATCH:
            self._flush()

    def save(self) -> None:
        """Write what was learned so far."""
        self._flush()
        if not self._new:
            return
        known = {**(self._known or {}), **self._new}
        # What is gone from the project is forgotten; what this run had no need of is kept.
        rows = (
            (file[len(self._prefix) :], glance)
            for file, glance in known.items()
            if file in self._new or self._stamp(file) == glance.stamp
        )
        self._database.put([(self._key, _packed(rows))])
        self._known, self._new = None, {}  # read again in the rare case that one is asked for

    def _flush(self) -> None:
        if self._waiting:
            self._database.put(self._waiting)
            self._waiting.clear()
            self._size = 0

    def _facts_key(self, content: bytes) -> bytes:
        if not self._salt:
            self._salt = code_by_content()
        return digest(b"facts", self._salt, content)

    def _stamp(self, file: str) -> Stamp | None:
        if file not in self._stamps:
            self._stamps[file] = stamp_of(file)
        return self._stamps[file]

    def _glance(self, file: str) -> _Glance | None:
        if file in self._new:
            return self._new[file]
        if self._known is None:
            self._known = _unpacked(self._database.get(self._key), self._prefix)
        known = self._known.get(file)
        return known if known is not None and known.stamp == self._stamp(file) else None


def _packed(rows: Iterable[tuple[str, _Glance]]) -> bytes:
    """Glances as one JSON object, compressed row by row: there may be thousands."""
    import json
    import zlib

    stream = zlib.compressobj(1)
    made = [stream.compress(b"{")]
    before = ""
    for path, glance in rows:
        sight = glance.sight
        imports = None if sight.imports is None else " ".join(sight.imports)
        row = [*glance.stamp, sight.seed, sight.ignores, imports, glance.content]
        text = f"{before}{json.dumps(path)}:{json.dumps(row, separators=(',', ':'))}"
        made.append(stream.compress(text.encode()))
        before = ","
    made += [stream.compress(b"}"), stream.flush()]
    return b"".join(made)


def _unpacked(packed: bytes | None, prefix: str) -> dict[str, _Glance]:
    """The glances of an earlier run; {} where they cannot be understood."""
    import json
    import zlib

    if packed is None:
        return {}
    try:
        return {
            prefix + path: _Glance(
                (size, mtime, ctime, inode),
                Sight(seed, ignores, None if imports is None else tuple(imports.split())),
                content,
            )
            for path, (size, mtime, ctime, inode, seed, ignores, imports, content) in json.loads(
                zlib.decompress(packed)
            ).items()
        }
    except (zlib.error, ValueError, TypeError, AttributeError):
        return {}
