"""How little of a file LibCST has to read for one edit: the innermost statements that hold a place.

LibCST reads some ten thousand lines a second and takes longer still to place what it read: one fix beside,
or in, a table of 20,000 rows must not cost the whole table.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procore_lint.source import Lines

_BLANKS = " \t\f"
#: Statements of no more lines are read whole.
LONG = 60
_END_OF_ELEMENT = re.compile(r"[ \t\f]*,?[ \t\f]*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Whole lines of a file that hold whole statements of one block, or one element, and nothing else.

    `head` and `tail` stand for what surrounds them.
    """

    first: int
    last: int
    nodes: tuple[ast.AST, ...]
    head: str = ""
    tail: str = ""
    leads: bool = True  # nothing stands before them in their block


def excerpt(module: ast.Module, rows: Sequence[str], first: int, last: int) -> Excerpt | None:
    """The smallest excerpt that holds two lines and what is between; None where only the file does."""
    found: Excerpt | None = None
    blocks: list[list[ast.stmt]] = [module.body]
    while True:
        inner = next(filter(None, (_in_block(block, rows, first, last, found) for block in blocks)), None)
        if inner is None:
            return found
        found = inner
        if len(inner.nodes) > 1:
            return found
        blocks = [*_blocks(inner.nodes[0])]


def element(around: Excerpt, lines: Lines, first: int, last: int) -> Excerpt | None:
    """The smallest element of a display or call that holds two lines.

    None in a short excerpt, where reading all of it says more for as little.
    """
    found: Excerpt | None = None
    pending = [*around.nodes] if around.last - around.first > LONG else []
    while pending:
        node = pending.pop()
        for inner in _elements(node):
            if inner.first <= first and last <= inner.last and _is_whole(inner, lines):
                found = inner
        # The hole of an f-string is no place of its own.
        pending += [
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.JoinedStr) and _holds(child, first, last)
        ]
    return found


def _holds(node: ast.AST, first: int, last: int) -> bool:
    if isinstance(node, (ast.expr, ast.keyword)):
        return node.lineno <= first and last <= (node.end_lineno or 0)
    return not isinstance(node, ast.stmt)


def _elements(node: ast.AST) -> Iterator[Excerpt]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                yield Excerpt(key.lineno, value.end_lineno or 0, (key, value), "{\n", "\n}")
    elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for one in node.elts:
            yield Excerpt(one.lineno, one.end_lineno or 0, (one,), "[\n", "\n]")
    elif isinstance(node, ast.Call):
        arguments: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for argument in arguments:
            yield Excerpt(argument.lineno, argument.end_lineno or 0, (argument,), "f(\n", "\n)")


def _is_whole(part: Excerpt, lines: Lines) -> bool:
    """Whether an element has its lines for itself."""
    begin, end = part.nodes[0], part.nodes[-1]
    if not isinstance(begin, (ast.expr, ast.keyword)) or not isinstance(end, (ast.expr, ast.keyword)):
        return False
    before = lines.line(part.first)[: begin.col_offset]
    after = lines.line(part.last)[lines.column(part.last, end.end_col_offset or 0) - 1 :]
    return not before.strip(_BLANKS) and _END_OF_ELEMENT.fullmatch(after) is not None


def _in_block(
    block: list[ast.stmt], rows: Sequence[str], first: int, last: int, around: Excerpt | None
) -> Excerpt | None:
    end = bisect_right(block, first, key=_first_line)
    start = end - 1
    if start < 0:
        return None
    # Statements that share a line are read together.
    while start > 0 and (block[start - 1].end_lineno or 0) >= _first_line(block[start]):
        start -= 1
    while end < len(block) and _first_line(block[end]) <= (block[end - 1].end_lineno or 0):
        end += 1
    statements = tuple(block[start:end])
    head = "" if around is None else "if 1:\n"
    end_line = statements[-1].end_lineno or 0
    found = Excerpt(_first_line(statements[0]), end_line, statements, head, leads=start == 0)
    return found if last <= end_line and _stands_alone(found, statements[0], rows) else None


def _stands_alone(found: Excerpt, statement: ast.stmt, rows: Sequence[str]) -> bool:
    """Whether the lines begin and end with the statements, so that they can be read without the others."""
    row = rows[found.first - 1]
    before = rows[found.first - 2] if found.first > 1 else ""
    if before.endswith("\\") or rows[found.last - 1].endswith("\\"):
        return False
    if found.first < statement.lineno:
        return row.lstrip(_BLANKS).startswith("@")
    # A syntax tree has `elif` as a statement in the other branch.
    return not row[: statement.col_offset].strip(_BLANKS) and not row.lstrip(_BLANKS).startswith("elif")


def _first_line(statement: ast.stmt) -> int:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return min((statement.lineno, *(one.lineno for one in statement.decorator_list)))
    return statement.lineno


def _blocks(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    for part in (statement, *getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(part, name, None)
            if isinstance(block, list) and block:
                yield block
                if name == "orelse" and isinstance(block[0], ast.If):
                    yield from _blocks(block[0])  # of an `elif`
