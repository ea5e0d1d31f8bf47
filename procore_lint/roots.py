"""Which project a path belongs to: the directory that is analysed as one whole.

The nearest directory that holds `.git`, `procore-lint.toml` or a pyproject.toml with our table wins;
else the nearest with pyproject.toml, setup.py or setup.cfg; else the directory argument itself, and
for a file the working directory where it lies below that, else the directory of the file. A directory
that nothing marks may hold anything (a home, /tmp): for a file it is a project only as far as modules
that can be imported go (`Target.is_loose`).
"""

from __future__ import annotations

import os

CONFIG_NAME = "procore-lint.toml"
PYPROJECT = "pyproject.toml"
_WEAK = (PYPROJECT, "setup.py", "setup.cfg")


def has_table(pyproject: str) -> bool:
    """Whether the pyproject.toml at this path may hold `[tool.procore-lint]`.

    A search for the bytes, since reading TOML costs a short run a quarter of its time; a file that
    merely mentions the tool is told apart when the table is read (`config.table_of`).
    """
    try:
        with open(pyproject, "rb") as stream:
            data = stream.read()
    except OSError:
        return False
    if b"procore-lint" not in data:
        return False
    from procore_lint.toml_files import has_own_table

    return has_own_table(data)


def is_strong(directory: str) -> bool:
    """Whether `directory` marks a project of its own beyond doubt."""
    return (
        os.path.exists(os.path.join(directory, ".git"))
        or os.path.isfile(os.path.join(directory, CONFIG_NAME))
        or has_table(os.path.join(directory, PYPROJECT))
    )


def is_marked(directory: str) -> bool:
    """Whether anything in `directory` says that a project begins there."""
    return is_strong(directory) or any(os.path.isfile(os.path.join(directory, name)) for name in _WEAK)


def root_of(path: str, cwd: str) -> str:
    """The root of an absolute, normalised `path` (a file or a directory; it need not exist)."""
    is_dir = os.path.isdir(path)
    start = path if is_dir else os.path.dirname(path)
    weak: str | None = None
    for directory in upward(start):
        if is_strong(directory):
            return directory
        if weak is None and any(os.path.isfile(os.path.join(directory, name)) for name in _WEAK):
            weak = directory
    if weak is not None:
        return weak
    if is_dir:
        return path
    return cwd if is_below(start, cwd) else start


def upward(directory: str) -> list[str]:
    """`directory` and its parents, nearest first."""
    found = [directory]
    while (parent := os.path.dirname(directory)) != directory:
        found.append(parent)
        directory = parent
    return found


def is_below(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies in it."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)
