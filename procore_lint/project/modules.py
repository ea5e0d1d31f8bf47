"""Which file an import means: absolute, relative, src layouts, several packages, scripts beside one."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from procore_lint.project.model import ModuleInfo

_STANDARD = frozenset(sys.stdlib_module_names)


class Table:
    """The modules of a project by path, and the meaning of imports between them."""

    def __init__(self, modules: Mapping[str, ModuleInfo]) -> None:
        self._modules = modules
        self._directories: set[str] = {""}
        self._tops: dict[str, list[str]] = defaultdict(list)
        for path in modules:
            parts = path.split("/")
            for depth in range(1, len(parts)):
                self._directories.add("/".join(parts[:depth]))
        for directory in self._directories:
            if directory:
                parent, _, name = directory.rpartition("/")
                self._tops[name].append(parent)
        for path in modules:
            parent, _, name = path.rpartition("/")
            stem = name.rpartition(".")[0]
            if stem != "__init__":
                self._tops[stem].append(parent)

    def absolute(self, name: str, importer: str) -> ModuleInfo | str | None:
        """The module (or, for a package without `__init__`, its directory) that `import name` means."""
        first = name.partition(".")[0]
        if first in _STANDARD:
            return None
        relative = name.replace(".", "/")
        here = importer.rpartition("/")[0]
        for base in _ancestors(here):
            if base and self._is_package(base):
                continue
            found = self._at(base, relative)
            if found is not None:
                return found
        candidates = [(self._at(base, relative), base) for base in sorted(set(self._tops.get(first, ())))]
        usable = [
            (found, base) for found, base in candidates if found is not None and not self._is_package(base)
        ]
        if not usable:
            return None
        usable.sort(key=lambda pair: (-_common(pair[1], here), len(pair[1]), pair[1]))
        return usable[0][0]

    def relative(self, level: int, name: str, importer: str) -> ModuleInfo | str | None:
        """The module that `from ..name import` means, `level` counting the dots."""
        base = importer.rpartition("/")[0]
        for _ in range(level - 1):
            base = base.rpartition("/")[0]
        return self._at(base, name.replace(".", "/")) if name else self._directory(base)

    def child(self, directory: str, name: str) -> ModuleInfo | str | None:
        """The submodule `name` of a package's directory."""
        return self._at(directory, name)

    def _at(self, base: str, relative: str) -> ModuleInfo | str | None:
        stem = f"{base}/{relative}" if base else relative
        for path in (f"{stem}/__init__.py", f"{stem}.py", f"{stem}/__init__.pyi", f"{stem}.pyi"):
            if path in self._modules:
                return self._modules[path]
        return stem if stem in self._directories else None

    def _directory(self, base: str) -> ModuleInfo | str | None:
        for path in (f"{base}/__init__.py", f"{base}/__init__.pyi") if base else ("__init__.py",):
            if path in self._modules:
                return self._modules[path]
        return base if base in self._directories else None

    def _is_package(self, directory: str) -> bool:
        stem = f"{directory}/" if directory else ""
        return f"{stem}__init__.py" in self._modules


def _ancestors(directory: str) -> Iterable[str]:
    while directory:
        yield directory
        directory = directory.rpartition("/")[0]
    yield ""


def _common(left: str, right: str) -> int:
    count = 0
    for a, b in zip(left.split("/"), right.split("/"), strict=False):
        if a != b:
            break
        count += 1
    return count
