"""Which files are worth parsing: those that mention Procore, and what is tied to them by imports.

A *seed* mentions Procore in its bytes or its path. Without a seed a project is done. A file that is
no seed can hold a finding only where it deals in requests or tokens, or imports a seed; `Near` decides
that from the file and its imports alone, so that a file checked alone and in a whole run has one answer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence

from procore_lint.imports import STANDARD, imported

_REST = b"rest/v"
#: Events that Procore sends: what handles them need not name it.
_EVENTS = (b"project users", b"project vendors")
NEEDLES = (b"procore", _REST, b"vapid", *_EVENTS)

#: Procore's versions have two numbers: `rest/v3/` is another vendor's (Jira's), and costs no analysis.
_VERSIONED = re.compile(rb"rest/v(?:\d+\.|\D|\d*\Z)")

#: Without one of these (lower case) no request is sent, no token kept and no link followed.
EFFECTS = (b"request", b"http", b"urllib", b"session", b"client", b"token", b"expires", b"resource")

#: The linter's name as people write it in comments (`directives`), in lower case.
_OWN_NAMES = (b"procore-lint", b"procore_lint", b"procore lint", b"procorelint")

_SOURCE_ROOTS = ("", "src/", "lib/", "python/")

Read = Callable[[str], "bytes | None"]


def needles(extra: Iterable[str] = ()) -> tuple[bytes, ...]:
    """The byte needles of seeds, in lower case, with the configuration's own names."""
    return (*NEEDLES, *(name.lower().encode() for name in extra if name))


def is_seed(path: str, data: bytes, wanted: Sequence[bytes] = NEEDLES) -> bool:
    """Whether a file mentions Procore: in its bytes, whatever the case, or in its path."""
    lowered = data.lower()
    for needle in wanted:
        if needle in lowered and (needle != _REST or _VERSIONED.search(lowered)):
            return True
    return "procore" in path.lower()


def may_hold_ignores(data: bytes) -> bool:
    """Whether a file's bytes name the linter, so that its comments are worth reading."""
    lowered = data.lower()
    return any(name in lowered for name in _OWN_NAMES)


def has_effects(data: bytes) -> bool:
    """Whether a file's bytes name anything that a finding can stand on."""
    lowered = data.lower()
    return any(needle in lowered for needle in EFFECTS)


class Near:
    """Decides for the files of one project whether they can hold a finding; remembers what it looked up.

    `read` gives the bytes of a file relative to `root`, None where it cannot be read.
    """

    def __init__(self, root: str, read: Read, wanted: Sequence[bytes] = NEEDLES) -> None:
        self._root = root
        self._read = read
        self._wanted = wanted
        self._bases: dict[tuple[str, str], list[str]] = {}
        self._files: dict[str, list[str]] = {}
        self.met: set[str] = set()  # files that were looked at
        self.absent: set[str] = set()  # paths that would have been looked at, had they been there

    def may_hold(self, path: str) -> bool:
        """Whether the file can hold a finding at all.

        Beside the file itself only those are read that its imports may mean, through the `__init__` of
        packages.
        """
        self.met.add(path)
        data = self._read(path)
        if data is None:
            return False
        if is_seed(path, data, self._wanted) or has_effects(data):
            return True
        met = {path}
        pending = [*self._imported(path, data)]
        while pending:
            target = pending.pop()
            if target in met:
                continue
            met.add(target)
            self.met.add(target)
            found = self._read(target)
            if found is None:
                continue
            if is_seed(target, found, self._wanted):
                return True
            if target.endswith(("/__init__.py", "/__init__.pyi")):
                pending.extend(self._imported(target, found))
        return False

    def _imported(self, path: str, data: bytes) -> Iterable[str]:
        """Files on disk that the imports of `path` may mean: beside it, above it, in source roots."""
        here = path.rpartition("/")[0]
        for dotted in imported(data):
            name = dotted.lstrip(".")
            first = name.partition(".")[0]
            if name == dotted:
                if first not in STANDARD:
                    for base in self._bases_of(here, first):
                        yield from self._at(base, name)
            else:
                base = here
                for _ in range(len(dotted) - len(name) - 1):
                    base = base.rpartition("/")[0]
                yield from self._at(f"{base}/" if base else "", name)

    def _bases_of(self, directory: str, first: str) -> list[str]:
        """The directories ("" or "a/b/") from which a module or package `first` can be imported."""
        key = (directory, first)
        if key not in self._bases:
            found = self._bases_of(directory.rpartition("/")[0], first) if directory else []
            prefix = f"{directory}/" if directory else ""
            own = [base for source in _SOURCE_ROOTS if self._exists(base := prefix + source, first)]
            self._bases[key] = own + found
        return self._bases[key]

    def _exists(self, base: str, first: str) -> bool:
        place = os.path.join(self._root, base + first)
        if os.path.isfile(place + ".py") or os.path.isdir(place) or os.path.isfile(place + ".pyi"):
            return True
        self.absent.update((base + first, f"{base}{first}.py", f"{base}{first}.pyi"))
        return False

    def _at(self, base: str, name: str) -> list[str]:
        stem = base + name.replace(".", "/")
        if stem not in self._files:
            inside = f"{stem.rstrip('/')}/__init__" if stem else "__init__"
            candidates = [f"{inside}.py", f"{inside}.pyi"]
            if name:
                candidates += [f"{stem}.py", f"{stem}.pyi"]
            found = [path for path in candidates if os.path.isfile(os.path.join(self._root, path))]
            self.absent.update(path for path in candidates if path not in found)
            self._files[stem] = found
        return self._files[stem]
