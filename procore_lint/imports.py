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

ImportsOf = Callable[[str], Sequence[str]]


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


class Index:
    """The files of one project, to be found by the names that imports use."""

    def __init__(self, files: Iterable[str]) -> None:
        self._by_key: dict[str, list[str]] = {}
        self._by_last: dict[str, list[str]] = {}
        self._packages: dict[str, str] = {}  # directory -> its __init__
        for path in files:
            key = path.rpartition(".")[0]
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
        found: list[str] = []
        for key in self._by_last.get(tail.rpartition("/")[2], ()):
            if key == tail:
                found += self._by_key[key]
            elif key.endswith("/" + tail):
                base = key[: -len(tail) - 1]
                if base not in self._packages or f"{here}/".startswith(f"{base}/"):
                    found += self._by_key[key]
        return found

    def packages_of(self, path: str) -> Iterable[str]:
        """The `__init__` files of the packages that hold `path`, the innermost first."""
        directory = path.rpartition("/")[0]
        while True:
            if directory in self._packages:
                yield self._packages[directory]
            if not directory:
                return
            directory = directory.rpartition("/")[0]


def reach(files: Sequence[str], seeds: Iterable[str], imports_of: ImportsOf) -> set[str]:
    """The seeds, the files that import them over any number of steps, and all that those rely on."""
    index = Index(files)
    importers: dict[str, list[str]] = {}
    targets: dict[str, set[str]] = {}
    for path in files:
        targets[path] = {
            target for dotted in imports_of(path) for target in index.resolve(dotted, path) if target != path
        }
        for target in targets[path]:
            importers.setdefault(target, []).append(path)
    users = _closure(seeds, lambda path: importers.get(path, ()))
    return _closure(users, lambda path: (*targets.get(path, ()), *index.packages_of(path)))


def _closure(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    reached = set(start)
    pending = list(reached)
    while pending:
        for path in step(pending.pop()):
            if path not in reached:
                reached.add(path)
                pending.append(path)
    return reached
