"""Whole runs over one project: where nothing changed nothing is read, and nothing is judged twice.

A run is remembered in two steps. The *slot* of a question (this root, these paths, this configuration)
holds the stamps of every file at the time and points to a *verdict*; the verdict's key is what decided
it: contents of the files that matter, rules, facts, day. So a fresh checkout, where no stamp agrees,
still finds the verdict once the files are read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from sys import intern
from typing import TYPE_CHECKING, Final, NamedTuple

from procore_lint.cache import trees
from procore_lint.cache.digests import code_by_content, code_by_stamp, digest
from procore_lint.cache.glances import Glances
from procore_lint.cache.stamps import Stamp, is_racy, stamp_of
from procore_lint.cache.verdict import Verdict

if TYPE_CHECKING:
    from procore_lint.cache.database import Database
    from procore_lint.files import Tree
    from procore_lint.reading import Reader
    from procore_lint.targets import Files, Target
    from procore_lint.triage import Near

_DIGEST: Final = 20
_NOT_JUDGED: Final = b"\0" * _DIGEST


class Recalled(NamedTuple):
    """A run that need not be made: its verdict, and how many of the asked files were checked."""

    verdict: Verdict
    checked: int


class Memory:
    """What the cache knows of runs over `target`.

    `settings` is all that decides findings beside files, `excludes` all that decides which files those are.

    `now` is when the run began, in nanoseconds. Without `reuse` runs are neither recalled nor kept, only
    what is known of single files.
    """

    def __init__(
        self,
        database: Database,
        target: Target,
        settings: str,
        excludes: str,
        wanted: Sequence[bytes],
        now: int,
        *,
        reuse: bool = True,
    ) -> None:
        self.glances = Glances(database, target.root, wanted, now)
        self._database = database
        self._root = target.root
        self._settings = settings.encode("utf-8", "surrogateescape")
        self._excludes = excludes.encode("utf-8", "surrogateescape")
        self._now = now
        self._reuse = reuse
        asked = repr((target.root, target.tops, target.named)).encode("utf-8", "surrogateescape")
        self._code = code_by_stamp()
        self._slot = digest(b"run", self._code, asked, self._settings)
        self._manifest: bytes | None = None  # None where this run is not to be kept
        self._verdict_key = _NOT_JUDGED

    def tree(self, top: str, walk: Callable[[str], Tree]) -> Tree:
        """What a walk at and below `top` finds, taken from an earlier one where no directory has changed."""
        key = digest(b"tree", self._code, self._excludes, *trees.question(self._root, top))
        known = trees.unpacked(self._root, self._database.get(key))
        if known is not None:
            return known
        tree = walk(top)
        packed = trees.packed(tree, self._now)
        if packed is not None:
            self._database.put([(key, packed)])
        return tree

    def recall(self, files: Files) -> Recalled | None:
        """The earlier run over exactly these files, if none of them has changed since."""
        prefix = self._root.rstrip(os.sep) + os.sep
        stamps: dict[str, Stamp] = {}
        rows: list[tuple[str, Stamp]] = []
        for path in files.project:
            file = intern(prefix + path)
            stamp = stamp_of(file)
            if stamp is None:
                return None
            stamps[file] = stamp
            rows.append((path, stamp))
        self.glances.take_stamps(stamps)
        if not self._reuse:
            return None
        asked = files.asked if files.asked != files.project else ()
        manifest = digest(repr((rows, asked)).encode("utf-8", "surrogateescape"))
        if not any(is_racy(stamp, self._now) for stamp in stamps.values()):
            self._manifest = manifest
        found = self._database.get(self._slot)
        if found is None or found[:_DIGEST] != manifest:
            return None
        key = found[_DIGEST : 2 * _DIGEST]
        verdict = self._verdict(key)
        if verdict is None:
            return None
        try:
            return Recalled(verdict, int(found[2 * _DIGEST :]))
        except ValueError:
            return None

    def recall_verdict(
        self, relevant: Sequence[str], asked: Collection[str], reader: Reader
    ) -> Verdict | None:
        """The verdict on files with these contents, wherever and whenever they were judged."""
        contents: list[tuple[str, bytes]] = []
        for path in relevant:
            try:
                content = self.glances.content(reader.file(path), partial(reader.read, path))
            except OSError:
                self.forget()
                return None
            contents.append((path, content))
        reported = sorted(set(asked).intersection(relevant))
        rows = repr((contents, reported)).encode("utf-8", "surrogateescape")
        self._verdict_key = digest(b"verdict", code_by_content(), self._settings, rows)
        verdict = self._verdict(self._verdict_key) if self._reuse else None
        if verdict is None:
            self.glances.expect([content for _, content in contents])
        return verdict

    def keep(
        self, verdict: Verdict | None, near: Near | None, relevant: Collection[str], checked: int
    ) -> None:
        """Remember this run; `verdict` is None where nothing had to be judged or it was recalled."""
        if not self._reuse:
            return
        if verdict is not None:
            outside = near is not None and not near.met.issubset(relevant)
            if outside:  # something decided that the verdict's key does not name
                return
            absent = sorted(near.absent) if near is not None else []
            import json

            from procore_lint.cache.packing import pack

            packed = b"%s\n%s" % (json.dumps(absent).encode(), pack(verdict))
            self._database.put([(self._verdict_key, packed)])
        if self._manifest is not None:
            value = self._manifest + self._verdict_key + b"%d" % checked
            self._database.put([(self._slot, value)])

    def forget(self) -> None:
        """Keep nothing of this run as a whole: part of it failed."""
        self._reuse = False

    def save(self) -> str:
        """Write what was learned; what was wrong with the cache, "" where nothing was."""
        self.glances.save()
        self._database.close()
        return self._database.problem

    def _verdict(self, key: bytes) -> Verdict | None:
        if key == _NOT_JUDGED:
            return Verdict([], 0, frozenset(), "")
        import json

        from procore_lint.cache.packing import Unusable, unpack

        head, _, packed = (self._database.get(key) or b"").partition(b"\n")
        try:
            absent = json.loads(head)
            if any(os.path.lexists(os.path.join(self._root, path)) for path in absent):
                return None
            return unpack(packed)
        except (Unusable, ValueError, TypeError):
            return None


def contents_of(files: Iterable[str]) -> list[bytes]:
    """Digests of users' fact files; b"" for one that cannot be read."""
    made = []
    for file in files:
        try:
            with open(file, "rb") as stream:
                made.append(digest(stream.read()))
        except OSError:
            made.append(b"")
    return made
