"""The files of one project as bytes: read once each, counted, and replaced where standard input stands in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from procore_lint import triage
from procore_lint.files import reason
from procore_lint.imports import imported

if TYPE_CHECKING:
    from procore_lint.store import Store

#: Bytes kept in memory between triage and extraction; what exceeds them is read a second time.
KEPT = 16 * 1024 * 1024


class Sight(NamedTuple):
    """What a glance at a file's bytes says; `imports` is None where nobody asked for them yet."""

    seed: bool
    ignores: bool  # names the linter, perhaps in an ignore
    imports: tuple[str, ...] | None = None


@dataclass(slots=True)
class Reader:
    """Reads the files of the project at `root`; paths are POSIX and relative to it."""

    root: str
    wanted: Sequence[bytes] = triage.NEEDLES
    replaced: Mapping[str, bytes] = field(default_factory=dict)
    store: Store | None = None
    opened: set[str] = field(default_factory=set)
    problems: dict[str, str] = field(default_factory=dict)  # path -> why it could not be read
    room: int = KEPT  # bytes that may be kept
    _sights: dict[str, Sight] = field(default_factory=dict)
    _data: dict[str, bytes] = field(default_factory=dict)
    _kept: int = 0

    def file(self, path: str) -> str:
        """The path to open; the same string each time, as a cache keeps it in several tables."""
        return intern(os.path.join(self.root, path))

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        data = self._data.get(path)
        if data is None:
            data = self.replaced.get(path)
        if data is None:
            with open(self.file(path), "rb", buffering=0) as stream:
                data = stream.readall()
            self.opened.add(path)
            if self._kept + len(data) <= self.room:
                self._kept += len(data)
                self._data[path] = data
        return data

    def size(self, path: str) -> int:
        """The bytes of a file in number, 0 where it cannot be asked for."""
        known = self._data.get(path) or self.replaced.get(path)
        if known is not None:
            return len(known)
        try:
            return os.stat(self.file(path)).st_size
        except OSError:
            return 0

    def bytes_of(self, path: str) -> bytes | None:
        """The bytes of a file; None, with the reason in `problems`, where it cannot be read."""
        try:
            return self.read(path)
        except OSError as problem:
            self.problems[path] = reason(problem)
            return None

    def text_of(self, path: str) -> str | None:
        """The decoded text of a file without its byte order mark; None where it has none."""
        from procore_lint.source import SourceError, decode

        data = self.bytes_of(path)
        try:
            return None if data is None else decode(data).text
        except SourceError:
            return None

    def sight(self, path: str) -> Sight | None:
        """A glance at the file; None, with the reason in `problems`, where it cannot be read."""
        known = self._sights.get(path)
        if known is not None:
            return known
        stored = None if self.store is None or path in self.replaced else self.store.sight(self.file(path))
        if stored is None:
            data = self.bytes_of(path)
            if data is None:
                return None
            seed = triage.is_seed(path, data, self.wanted)
            # Whatever names the linter is a seed.
            stored = Sight(seed, seed and triage.may_hold_ignores(data))
            self._keep(path, data, stored)
        self._sights[path] = stored
        return stored

    def imports(self, path: str) -> tuple[str, ...]:
        """The names that the file imports; () where it cannot be read."""
        sight = self.sight(path)
        if sight is None:
            return ()
        if sight.imports is None:
            data = self.bytes_of(path)
            if data is None:
                return ()
            sight = Sight(sight.seed, sight.ignores, imported(data))
            self._sights[path] = sight
            self._keep(path, data, sight)
        return sight.imports or ()

    def mentions(self, path: str, name: bytes) -> bool:
        """Whether the bytes of a file hold `name`; False where it cannot be read."""
        data = self.bytes_of(path)
        return data is not None and name in data

    def _keep(self, path: str, data: bytes, sight: Sight) -> None:
        if self.store is not None and path not in self.replaced:
            self.store.keep_sight(self.file(path), data, sight)

    def forget(self, path: str) -> None:
        """Free the bytes of a file that is not needed any more."""
        data = self._data.pop(path, None)
        if data is not None:
            self._kept -= len(data)
