"""The files of one project as bytes: read once each, counted, and replaced where standard input stands in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from procore_lint import triage
from procore_lint.files import reason
from procore_lint.halves import in_halves
from procore_lint.imports import imported, is_named

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
    jobs: int = 1  # processes that may look at many files
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
        return self._known(path) or self._learn(path, self._look(path))

    def seeds(self, paths: Sequence[str]) -> list[str]:
        """Those of many files that mention Procore."""
        fresh = [path for path in paths if self._known(path) is None]
        for path, said in zip(fresh, in_halves(self._look, fresh, self.jobs), strict=True):
            self._learn(path, said)
        return [path for path in paths if (sight := self._sights.get(path)) is not None and sight.seed]

    def imports(self, paths: Sequence[str]) -> list[tuple[str, ...]]:
        """The names that each file imports; () where it cannot be read."""
        fresh = [path for path in paths if (sight := self.sight(path)) is not None and sight.imports is None]
        for path, said in zip(fresh, in_halves(self._look_for_imports, fresh, self.jobs), strict=True):
            sight = self._sights[path]
            size, *names = said.split()
            self._keep(path, int(size), Sight(sight.seed, sight.ignores, tuple(names)))
        return [(self._sights[path].imports or ()) if path in self._sights else () for path in paths]

    def naming(self, paths: Sequence[str], names: Sequence[bytes]) -> list[str]:
        """Those of many files whose bytes hold one of `names` as a whole word."""

        def look(path: str) -> str:
            data = self.bytes_of(path)
            return "named" if data is not None and any(is_named(name, data) for name in names) else ""

        return [path for path, said in zip(paths, in_halves(look, paths, self.jobs), strict=True) if said]

    def _look(self, path: str) -> str:
        """The size of a file, whether it is a seed, and whether it names the linter: it is a seed then."""
        data = self.bytes_of(path)
        if data is None:
            return ""
        seed = triage.is_seed(path, data, self.wanted)
        return f"{len(data)} {seed} {seed and triage.may_hold_ignores(data)}"

    def _look_for_imports(self, path: str) -> str:
        data = self.bytes_of(path)
        return "0" if data is None else " ".join((str(len(data)), *imported(data)))

    def _learn(self, path: str, said: str) -> Sight | None:
        """Take in what `_look` said, perhaps in another process."""
        if not said:
            self.bytes_of(path)  # here, for the reason
            return None
        if path not in self.replaced:
            self.opened.add(path)
        size, seed, ignores = said.split()
        return self._keep(path, int(size), Sight(seed == "True", ignores == "True"))

    def _known(self, path: str) -> Sight | None:
        known = self._sights.get(path)
        if known is None and self.store is not None and path not in self.replaced:
            known = self.store.sight(self.file(path))
            if known is not None:
                self._sights[path] = known
        return known

    def _keep(self, path: str, size: int, sight: Sight) -> Sight:
        self._sights[path] = sight
        if self.store is not None and path not in self.replaced:
            self.store.keep_sight(self.file(path), size, sight)
        return sight

    def forget(self, path: str) -> None:
        """Free the bytes of a file that is not needed any more."""
        data = self._data.pop(path, None)
        if data is not None:
            self._kept -= len(data)
