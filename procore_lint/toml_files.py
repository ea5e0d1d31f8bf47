"""Reading TOML: one door for Python's two parsers."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: What TOML yields, before any shape is proven.
Table = dict[str, object]

TOMLDecodeError = tomllib.TOMLDecodeError


def parse(data: bytes) -> Table:
    """The document in `data`. Raises TOMLDecodeError or UnicodeDecodeError."""
    document: Table = tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
    return document


def own_table(document: Table) -> object | None:
    """`[tool.procore-lint]` of a pyproject.toml's document, None where it has none."""
    tool = document.get("tool")
    return tool.get("procore-lint") if isinstance(tool, dict) else None


def has_own_table(data: bytes) -> bool:
    """Whether a pyproject.toml holds our table; a broken file counts, so that its error is shown."""
    try:
        return own_table(parse(data)) is not None
    except (TOMLDecodeError, UnicodeDecodeError):
        return True
