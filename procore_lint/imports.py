"""Imports by their text alone: which files a file may use, without parsing any.

A superset on purpose: what `project` resolves exactly must be among what is found here, so a name in
a docstring that looks like an import costs time and nothing else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence

STANDARD = frozenset(sys.stdlib_module_names)
_MODULE = re.compile(r"\.*[^\W\d][\w.]*|\.+")
_COMMENT = re.compile(rb"#[^\r\n]*")
#: Bytes of names, those of characters beyond ASCII among them.
_OF_NAMES = frozenset(byte for byte in range(256) if byte > 127 or chr(byte) == "_" or chr(byte).isalnum())

ImportsOf = Callable[[Sequence[str]], Sequence[Sequence[str]]]
Naming = Callable[[Sequence[str], Sequence[bytes]], Iterable[str]]

#: Packages whose names are searched for; with more of them every file is asked for its imports.
_SEARCHED = 12


def imported(data: bytes) -> tuple[str, ...]:
    """Dotted names that the source may import: `from ..a import b` gives "..a" and "..a.b"."""
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    found: dict[str, None] = {}
    place = data.find(b"import")
    while place >= 0:
        end = place + 6
        if data[end : end + 1] in (b" ", b"\t", b"(", b"*", b"\\"):
            head = data[data.rfind(b"\n", 0, place) + 1 : place].strip()
            if head and not head.startswith((b"from ", b"from\t")):
                head = re.split(rb"[;:]", head)[-1].strip()
            if not head:
                _add_whole(found, _statement(data, end))
            elif head.startswith((b"from ", b"from\t")):
                _add_from(found, head[5:].strip(), _statement(data, end))
        place = data.find(b"import", end)
    return tuple(found)


def _statement(data: bytes, start: int) -> str:
    """The text of the names behind `import`, over parentheses and continued lines."""
    end = data.find(b"\n", start)
    end = len(data) if end < 0 else end
    if b"(" in data[start:end]:
        close = data.find(b")", start)
        end = len(data) if close < 0 else close
    else:
        while data[start:end].rstrip().endswith(b"\\") and end < len(data):
            following = data.find(b"\n", end + 1)
            end = len(data) if following < 0 else following
    text = _COMMENT.sub(b"", data[start:end]).decode("utf-8", "replace")
    return text.partition(";")[0].replace("(", " ").replace("\\", " ")


def _add_whole(found: dict[str, None], names: str) -> None:
    for part in names.split(","):
        words = part.split(None, 1)
        if words and _MODULE.fullmatch(words[0]):
            found[words[0]] = None


def _add_from(found: dict[str, None], module: bytes, names: str) -> None:
    base = module.decode("utf-8", "replace").replace(" ", "")
    if not _MODULE.fullmatch(base):
        return
    found[base] = None
    dot = "" if base.endswith(".") else "."
    for part in names.split(","):
        words = part.split(None, 1)
        if words and words[0].isidentifier():
            found[f"{base}{dot}{words[0]}"] = None


#: What Django's settings are imported by, whichever of the project's files define them.
_DJANGO = b"django.conf"
_SETTINGS = ("django.conf", "django.conf.settings")


class Index:
    """The files of one project, to be found by the names that imports use."""

    def __init__(self, files: Iterable[str]) -> None:
        self._by_key: dict[str, list[str]] = {}
        self._by_last: dict[str, list[str]] = {}
        self._packages: dict[str, str] = {}  # directory -> its __init__
        self.settings: list[str] = []  # the files that may define Django's settings
        for path in files:
            key = path.rpartition(".")[0]
            if "settings" in key and "settings" in key.split("/")[-2:]:
                self.settings.append(path)
            if key == "__init__" or key.endswith("/__init__"):
                key = key[:-9]
                self._packages.setdefault(key, path)
            if key in self._by_key:
                self._by_key[key].append(path)
            else:
                self._by_key[key] = [path]
                self._by_last.setdefault(key.rpartition("/")[2], []).append(key)

    def resolve(self, dotted: str, importer: str) -> list[str]:
        """The files that `dotted`, imported by the file `importer`, may mean."""
        name = dotted.lstrip(".")
        here = importer.rpartition("/")[0]
        tail = name.replace(".", "/")
        if name != dotted:
            for _ in range(len(dotted) - len(name) - 1):
                here = here.rpartition("/")[0]
            return self._by_key.get(f"{here}/{tail}".strip("/"), [])
        if name.partition(".")[0] in STANDARD:
            return []
        if name in _SETTINGS and self.settings:
            return self.settings
        found: list[str] = []
        for key in self._by_last.get(tail.rpartition("/")[2], ()):
            if key == tail:
                found += self._by_key[key]
            elif key.endswith("/" + tail):
                base = key[: -len(tail) - 1]
                if base not in self._packages or f"{here}/".startswith(f"{base}/"):
                    found += self._by_key[key]
        return found

    def outermost(self, path: str) -> tuple[str, str]:
        """Where the outermost package or module that holds `path` lies, and its name.

        Every import of `path` from elsewhere spells that name.
        """
        place = path.rpartition(".")[0]
        directory = path.rpartition("/")[0]
        while directory in self._packages:
            place = directory
            if not directory:
                break
            directory = directory.rpartition("/")[0]
        name = place.rpartition("/")[2]
        return (f"{place}/" if place in self._packages and place else place), name

    def packages_of(self, path: str) -> Iterable[str]:
        """The `__init__` files of the packages that hold `path`, the innermost first."""
        directory = path.rpartition("/")[0]
        while True:
            if directory in self._packages:
                yield self._packages[directory]
            if not directory:
                return
            directory = directory.rpartition("/")[0]


def is_named(name: bytes, data: bytes) -> bool:
    """Whether the source holds `name` as a whole word, or as a row of words."""
    place = data.find(name)
    while place >= 0:
        end = place + len(name)
        if not (place and data[place - 1] in _OF_NAMES) and not (end < len(data) and data[end] in _OF_NAMES):
            return True
        place = data.find(name, place + 1)
    return False


def reach(
    files: Sequence[str], seeds: Iterable[str], imports_of: ImportsOf, naming: Naming | None = None
) -> set[str]:
    """The seeds, the files that import them over any number of steps, and all that those rely on.

    `naming` tells which of some files hold one of some names as a word. With it, imports are asked for only
    where a file may import what is reached already: it lies in the same package, or holds its name.
    """
    graph = _Graph(files, imports_of)
    if naming is None:
        graph.add(files)
        users = _closure(seeds, graph.importers_of)
    else:
        users = _users(files, set(seeds), graph, naming)
    return _closure(users, graph.needs_of)


def _users(files: Sequence[str], seeds: set[str], graph: _Graph, naming: Naming) -> set[str]:
    users = seeds
    met: set[tuple[str, str]] = set()
    while fresh := {graph.index.outermost(path) for path in users} - met:
        met |= fresh
        chosen = [path for path in files if path not in graph.targets]
        if len(met) <= _SEARCHED:
            names = [name.encode("utf-8", "surrogateescape") for _, name in fresh]
            if not users.isdisjoint(graph.index.settings):
                names.append(_DJANGO)
            places = tuple([place for place, _ in fresh])
            inside = [path for path in chosen if path.startswith(places)]
            outside = [path for path in chosen if not path.startswith(places)]
            chosen = [*inside, *naming(outside, names)]
        graph.add(chosen)
        users = _closure(users, graph.importers_of)
    return users


class _Graph:
    """Which file imports which, for the files that were added."""

    def __init__(self, files: Sequence[str], imports_of: ImportsOf) -> None:
        self.index = Index(files)
        self.targets: dict[str, set[str]] = {}
        self._imports_of = imports_of
        self._importers: dict[str, list[str]] = {}

    def add(self, paths: Sequence[str]) -> None:
        """Resolve the imports of files."""
        for path, names in zip(paths, self._imports_of(paths), strict=True):
            found = {
                target for dotted in names for target in self.index.resolve(dotted, path) if target != path
            }
            self.targets[path] = found
            for target in found:
                self._importers.setdefault(target, []).append(path)

    def importers_of(self, path: str) -> Iterable[str]:
        """The added files that import `path`."""
        return self._importers.get(path, ())

    def needs_of(self, path: str) -> Iterable[str]:
        """The files that `path` imports, and the `__init__` files of its packages."""
        if path not in self.targets:
            self.add([path])
        return (*self.targets[path], *self.index.packages_of(path))


def _closure(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    reached = set(start)
    pending = list(reached)
    while pending:
        for path in step(pending.pop()):
            if path not in reached:
                reached.add(path)
                pending.append(path)
    return reached
