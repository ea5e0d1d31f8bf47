"""Which column each value of a statement with placeholders goes to."""

from __future__ import annotations

import re

from procore_lint.lazy import regex

_INSERT = regex(r"\binto\s+[\w.\"`\[\]]+\s*\(([^()]*)\)\s*values\s*\((.*?)\)(?:\s|;|\Z)", re.I | re.S)
_PAIR = regex(r"[\"`\[]?(\w+)[\"`\]]?\s*=\s*(?:\?|%s|\$\d+)")
_MARK = regex(r"\?|%s|\$\d+")


def columns(statement: str) -> list[str]:
    """The columns that take the values, in the order of the placeholders; "" for one that is not known."""
    insert = _INSERT.search(statement)
    if insert is None:
        return [match.group(1) for match in _PAIR.finditer(statement)]
    names = [name.strip(' \t\r\n"`[]') for name in insert.group(1).split(",")]
    values = insert.group(2).split(",")
    if len(names) != len(values):
        return []
    found = [name for name, value in zip(names, values, strict=True) if _MARK.search(value)]
    return [*found, *(match.group(1) for match in _PAIR.finditer(statement, insert.end()))]
