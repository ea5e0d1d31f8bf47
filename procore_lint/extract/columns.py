"""Python's byte columns, made code point columns in place. Only files beyond ASCII pay for it."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left
from typing import Final

from procore_lint.source import Lines

#: Before 3.12 the places inside an f-string are wrong anyway and found anew by `fstrings`.
_SKIPS_F_STRINGS: Final = sys.version_info < (3, 12)
_PLACED: Final = (
    ast.expr, ast.stmt, ast.arg, ast.keyword, ast.alias, ast.excepthandler, ast.pattern,
)  # fmt: skip


def to_code_points(tree: ast.AST, lines: Lines) -> None:
    """Change `col_offset` and `end_col_offset` below `tree` from UTF-8 bytes to code points (0-based)."""
    wide = lines.wide
    if not wide:
        return
    wide_lines = frozenset(wide)
    column = lines.column
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, _PLACED):
            line, end = node.lineno, node.end_lineno or node.lineno
            if not _touched(wide, _first_line(node, line), end):
                continue
            if line in wide_lines:
                node.col_offset = column(line, node.col_offset) - 1
            if end in wide_lines:
                node.end_col_offset = column(end, node.end_col_offset or 0) - 1
            if _SKIPS_F_STRINGS and node.__class__ is ast.JoinedStr:
                continue
        for name in node._fields:
            child = getattr(node, name, None)
            if isinstance(child, ast.AST):
                stack.append(child)
            elif child.__class__ is list:
                stack.extend([item for item in child if isinstance(item, ast.AST)])


def _first_line(node: ast.AST, line: int) -> int:
    """The first line of a node with its decorators, which stand before its own place."""
    decorators = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else line


def _touched(wide: list[int], first: int, last: int) -> bool:
    at = bisect_left(wide, first)
    return at < len(wide) and wide[at] <= last
