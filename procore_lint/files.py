"""Which files a project has, and which of them were asked for.

The walk uses `os.scandir` and plain strings; ignore rules are asked for directories first, so that
what lies in an ignored directory costs nothing. Paths inside a `Tree` are POSIX, relative to its root.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Container
from typing import NamedTuple

from procore_lint.ignores import Level, Stack, level
from procore_lint.roots import CONFIG_NAME, PYPROJECT, has_table, upward

SUFFIXES = (".py", ".pyi", ".pyw")

#: Directories that hold no source of the project, whatever .gitignore says (ruff's list and more).
SKIPPED = frozenset({
    ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg", ".hypothesis", ".ipynb_checkpoints",
    ".mypy_cache", ".nox", ".pants.d", ".pytest_cache", ".pytype", ".ruff_cache", ".svn", ".tox", ".venv",
    ".vscode",
    "__pycache__", "__pypackages__", "_build", "buck-out", "build", "dist", "node_modules", "site-packages",
})  # fmt: skip

_NOTHING = Stack()

#: Reasons for passing over a file that lie in names and patterns alone.
_RULES = frozenset({"excluded", "ignored by git"})


class Tree(NamedTuple):
    """What a walk found: files in the order of their paths, and what was left out and why."""

    root: str
    files: list[str]
    passed_over: Counter[str]
    nested: list[str]  # absolute roots of projects inside this one
    listed: list[str]  # absolute directories whose entries decided
    consulted: list[str]  # absolute files whose contents decided
    steady: bool = True  # False where more decided than those: links, what could not be listed


class _Walk(NamedTuple):
    tree: Tree
    entered: Container[str] | None
    excluded: Stack
    gitignore: bool
    real_root: str
    linked: set[str]  # targets of links that were taken


_Pending = tuple[str, str, Stack]  # a directory, its path in the tree with "/" at the end, its rules


def walk(
    root: str,
    top: str = "",
    *,
    excluded: Stack = _NOTHING,
    gitignore: bool = True,
    entered: Container[str] | None = None,
) -> Tree:
    """Every Python file of the project at `root` (absolute) at or below `top` ("" or "a/b").

    With `entered` (directories in the tree, with "/" at the end) others are entered only where they are
    packages.

    Links to directories are not followed, so no loop can catch the walk; a link to a file counts where
    the file lies outside the root, once. A directory that cannot be listed is counted in
    `passed_over`. Projects nested in this one are named in `nested` and not entered.
    """
    state = _Walk(
        Tree(root, [], Counter(), [], [], []),
        entered,
        excluded,
        gitignore,
        os.path.realpath(root).rstrip(os.sep) + os.sep,
        set(),
    )
    stack = rules_above(root, top) if gitignore else Stack()
    pending: list[_Pending] = [(os.path.join(root, top) if top else root, f"{top}/" if top else "", stack)]
    while pending:
        _enter(state, pending.pop(), pending)
    state.tree.files.sort()
    return state.tree._replace(steady=not state.linked and _RULES.issuperset(state.tree.passed_over))


def _enter(state: _Walk, place: _Pending, pending: list[_Pending]) -> None:
    directory, prefix, stack = place
    tree = state.tree
    tree.listed.append(directory)
    try:
        with os.scandir(directory) as entries:
            listing = list(entries)
    except OSError as problem:
        tree.passed_over[reason(problem)] += 1
        return
    names = {entry.name for entry in listing}
    if "pyvenv.cfg" in names and directory != tree.root:
        return
    if state.entered is not None and "__init__.py" not in names and prefix not in state.entered:
        return
    if PYPROJECT in names:
        tree.consulted.append(os.path.join(directory, PYPROJECT))
    if directory != tree.root and _is_project(directory, names):
        tree.nested.append(directory)
        return
    if state.gitignore and ".gitignore" in names:
        tree.consulted.append(os.path.join(directory, ".gitignore"))
        stack = stack.with_level(_level_of(os.path.join(directory, ".gitignore"), prefix))
    for entry in listing:
        name = entry.name
        path = prefix + name
        try:
            if entry.is_dir(follow_symlinks=False):
                if name not in SKIPPED and not _left_out(state, stack, path, name, is_dir=True):
                    pending.append((entry.path, path + "/", stack))
            elif name.endswith(SUFFIXES):
                why = _left_out(state, stack, path, name, is_dir=False) or _link_out(state, entry)
                if why:
                    tree.passed_over[why] += 1
                else:
                    tree.files.append(path)
        except OSError as problem:
            tree.passed_over[reason(problem)] += 1


def _is_project(directory: str, names: Collection[str]) -> bool:
    return (
        ".git" in names
        or CONFIG_NAME in names
        or (PYPROJECT in names and has_table(os.path.join(directory, PYPROJECT)))
    )


def _left_out(state: _Walk, stack: Stack, path: str, name: str, *, is_dir: bool) -> str:
    if state.excluded.levels and state.excluded.ignores(path, name, is_dir):
        return "excluded"
    if stack.levels and stack.ignores(path, name, is_dir):
        return "ignored by git"
    return ""


def _link_out(state: _Walk, entry: os.DirEntry[str]) -> str:
    """Why a file is not taken where it stands, "" where it is. Raises OSError for a broken link."""
    if not entry.is_file():
        return "not a file"
    if not entry.is_symlink():
        return ""
    target = os.path.realpath(entry.path)
    if target.startswith(state.real_root) or target in state.linked:
        return "a link to another file"
    state.linked.add(target)
    return ""


def left_out(root: str, path: str, excluded: Stack = _NOTHING) -> str:
    """Why a walk of `root` would not take the file `path` by its place, "" where it would.

    For files that were named: with `--force-exclude` they obey the rules of a walk.
    """
    parts = path.split("/")
    if any(part in SKIPPED for part in parts[:-1]):
        return "excluded"
    stack = rules_above(root, "")
    prefix = ""
    for depth, part in enumerate(parts):
        directory = os.path.join(root, prefix)
        if depth and os.path.exists(os.path.join(directory, "pyvenv.cfg")):
            return "excluded"
        stack = stack.with_level(_level_of(os.path.join(directory, ".gitignore"), prefix))
        is_dir = depth < len(parts) - 1
        if excluded.ignores(prefix + part, part, is_dir):
            return "excluded"
        if stack.ignores(prefix + part, part, is_dir):
            return "ignored by git"
        prefix += part + "/"
    return ""


def is_python(file: str) -> bool:
    """Whether a named file is Python: by its suffix, or by the shebang of a script without one."""
    name = os.path.basename(file)
    if name.endswith(SUFFIXES):
        return True
    if "." in name:
        return False
    try:
        with open(file, "rb") as stream:
            first = stream.readline(200)
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first


def _level_of(path: str, base: str = "", lift: str = "") -> Level | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as stream:
            return level(stream, base, lift)
    except OSError:
        return None


def rules_above(root: str, top: str) -> Stack:
    """The ignore rules that hold in the directory `top` of `root`, those of `top` itself left out."""
    stack = Stack()
    for file, base, lift in patterns_above(root, top):
        stack = stack.with_level(_level_of(file, base, lift))
    return stack


def patterns_above(root: str, top: str) -> list[tuple[str, str, str]]:
    """Where those rules stand, outermost first: a file that may exist, and its `base` and `lift` (see Level).

    Where `root` lies inside a larger repository, the .gitignore files between the two count as well.
    """
    found: list[tuple[str, str, str]] = []
    upwards = upward(root)
    above = next((i for i, d in enumerate(upwards) if os.path.exists(os.path.join(d, ".git"))), None)
    if above is not None:
        exclude = os.path.join(upwards[above], ".git", "info", "exclude")
        found.append((exclude, "", _way_down(upwards[above], root)))
        found += [
            (os.path.join(directory, ".gitignore"), "", _way_down(directory, root))
            for directory in reversed(upwards[1 : above + 1])
        ]
    prefix = ""
    for part in top.split("/") if top else ():
        found.append((os.path.join(root, prefix, ".gitignore"), prefix, ""))
        prefix += part + "/"
    return found


def _way_down(directory: str, root: str) -> str:
    return "" if directory == root else os.path.relpath(root, directory).replace(os.sep, "/") + "/"


def reason(problem: OSError) -> str:
    """Why a file or directory was passed over, in words for the summary."""
    return "vanished" if isinstance(problem, FileNotFoundError) else "unreadable"
