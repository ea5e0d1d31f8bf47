"""From the paths of the command line to projects: what each root was asked to check."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Container, Iterable
from typing import NamedTuple

from procore_lint.files import Tree, is_python, left_out
from procore_lint.ignores import Stack
from procore_lint.roots import is_below, is_marked, root_of, upward


class Target(NamedTuple):
    """What was asked for in one project: directories and files, POSIX, relative to its root."""

    root: str
    tops: list[str]
    named: list[str]

    @property
    def is_loose(self) -> bool:
        """Whether files were named in a directory that nothing marks as a project."""
        return not self.tops and not is_marked(self.root)

    def on_the_way(self) -> frozenset[str]:
        """The directories that the named files lie in, and those above: "" is the root, others end in /."""
        return frozenset(
            f"{directory}/" if directory else ""
            for path in self.named
            for directory in upward(os.path.dirname(path))
        )


class Files(NamedTuple):
    """The files of one project: all of them, those that were asked for, and those left out."""

    project: list[str]
    asked: list[str]
    passed_over: Counter[str]
    nested: list[str]


def targets_of(paths: Iterable[str], cwd: str) -> list[Target]:
    """Group the paths by project, in the order in which projects are first named."""
    found: dict[str, Target] = {}
    for path in paths:
        full = os.path.normpath(os.path.join(cwd, path))
        root = root_of(full, cwd)
        target = found.setdefault(root, Target(root, [], []))
        relative = relative_to(full, root)
        if os.path.isdir(full):
            target.tops.append(relative)
        else:
            target.named.append(relative)
    return list(found.values())


def relative_to(path: str, root: str) -> str:
    """`path` below `root` in POSIX form; "" for the root itself."""
    if path == root:
        return ""
    if is_below(path, root):
        return path[len(root.rstrip(os.sep)) + 1 :].replace(os.sep, "/")
    return os.path.relpath(path, root).replace(os.sep, "/")


def way_down(base: str, root: str) -> str:
    """The way from the directory `base`, where patterns stand, down to `root`; "" where it is not above."""
    return f"{relative_to(root, base)}/" if base and base != root and is_below(root, base) else ""


def named_files(
    target: Target, excluded: Stack, *, force_exclude: bool, replaced: Container[str]
) -> tuple[list[str], Counter[str]]:
    """The named files to check, each once, and why the others are passed over.

    Those in `replaced` come from standard input: they need not exist and are taken for Python.
    """
    taken: dict[str, None] = {}
    passed_over: Counter[str] = Counter()
    for path in dict.fromkeys(target.named):
        why = left_out(target.root, path, excluded) if force_exclude else ""
        if not why and path not in replaced and not is_python(os.path.join(target.root, path)):
            why = "not Python"
        if why:
            passed_over[why] += 1
        else:
            taken[path] = None
    return list(taken), passed_over


def discover(target: Target, named: Iterable[str], walked: Callable[[str], Tree]) -> Files:
    """The files of the project, and what was asked for beyond it (a directory that git ignores).

    `walked` gives the tree at and below a directory of the project ("" for all of it).
    """
    tree = walked("")
    project = dict.fromkeys(tree.files)
    asked = dict.fromkeys(named)
    passed_over: Counter[str] = Counter()
    nested: list[str] = []
    for top in dict.fromkeys(target.tops):
        inside = f"{top}/" if top else ""
        if top:
            # A walk of its own: it counts what is left out here, and enters what git ignores.
            part = walked(top)
            project.update(dict.fromkeys(part.files))
        else:
            part = tree
        asked.update(dict.fromkeys(path for path in part.files if path.startswith(inside)))
        passed_over.update(part.passed_over)
        nested += part.nested
    project.update(asked)
    return Files(sorted(project), sorted(asked), passed_over, nested)
