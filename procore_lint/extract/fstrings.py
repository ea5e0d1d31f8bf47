"""True places inside f-strings.

Before 3.12 Python gives the parts of an f-string the place of the whole, and the expressions in it places
that are wrong over several lines. The parts are found again in the text, so that every version agrees.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import Final, TypeVar

from procore_lint.extract.columns import to_code_points
from procore_lint.extract.strings import START, Field, Piece, read
from procore_lint.source import Lines

_Placed = TypeVar("_Placed", bound="ast.expr | ast.keyword | ast.arg")
_PLACES_ARE_WRONG: Final = sys.version_info < (3, 12)
_BETWEEN: Final = re.compile(r"(?:[\s\\]|#[^\r\n]*)*")


def place_parts(node: ast.JoinedStr, lines: Lines) -> None:
    """Give the parts of `node` (itself placed in code points) their true places, in code points."""
    start = lines.offset(node.lineno, node.col_offset + 1)
    end = lines.offset(node.end_lineno or node.lineno, (node.end_col_offset or 0) + 1)
    pieces = _pieces(lines.text, start, end)
    if pieces is None or not _place(node, pieces, lines):
        for part in ast.walk(node) if _PLACES_ARE_WRONG else node.values:
            if isinstance(part, (ast.expr, ast.keyword, ast.arg)):
                ast.copy_location(part, node)


def expressions_of(part: ast.FormattedValue) -> list[ast.expr]:
    """What a field evaluates: its value, then the fields of its format spec."""
    found = [part.value]
    for inner in part.format_spec.values if isinstance(part.format_spec, ast.JoinedStr) else ():
        if isinstance(inner, ast.FormattedValue):
            found.extend(expressions_of(inner))
    return found


def _pieces(text: str, start: int, end: int) -> list[Piece] | None:
    pieces: list[Piece] = []
    at = start
    while at < end:
        found = START.match(text, at)
        piece = read(text, found) if found else None
        if piece is None:
            return None
        pieces.append(piece)
        between = _BETWEEN.match(text, piece.end)
        at = between.end() if between else piece.end
    return pieces


def _place(node: ast.JoinedStr, pieces: list[Piece], lines: Lines) -> bool:
    fields: list[Field] = []
    texts: list[tuple[int, int] | None] = [None]
    for piece in pieces:
        for part in (piece.body,) if piece.parts is None else piece.parts:
            if isinstance(part, Field):
                fields.append(part)
                texts.append(None)
            elif part[0] < part[1]:
                before = texts[-1]
                texts[-1] = part if before is None else (before[0], part[1])
    if len(fields) != sum(isinstance(value, ast.FormattedValue) for value in node.values):
        return False
    at = 0
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            _place_field(value, fields[at], lines)
            at += 1
        else:
            where = texts[at]
            _set(value, *(where or (fields[min(at, len(fields) - 1)].code)), lines)
    return True


def _place_field(value: ast.FormattedValue, field: Field, lines: Lines) -> None:
    if _PLACES_ARE_WRONG:
        value.value = _again(value.value, field, lines)
    spec = value.format_spec
    if isinstance(spec, ast.JoinedStr):
        inner = [part for part in spec.values if isinstance(part, ast.FormattedValue)]
        for part, its in zip(inner, field.inner, strict=False):
            _place_field(part, its, lines)


def _again(value: ast.expr, field: Field, lines: Lines) -> ast.expr:
    """The expression of a field, parsed from its own text and shifted to where it stands."""
    start, end = field.code
    text = lines.text[start:end]
    name = text.strip()
    if isinstance(value, ast.Name) and value.id == name:
        begin = start + text.index(name)
        return _set(value, begin, begin + len(name), lines)
    try:
        again = ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        for part in ast.walk(value):
            if isinstance(part, (ast.expr, ast.keyword, ast.arg)):
                _set(part, start, end, lines)
        return value
    to_code_points(again, Lines(f"({text})"))
    line, column = lines.position(start)
    stack: list[ast.AST] = [again]
    while stack:
        part = stack.pop()
        if isinstance(part, (ast.expr, ast.keyword, ast.arg)):
            if part.lineno == 1:
                part.col_offset += column - 2
            if part.end_lineno == 1:
                part.end_col_offset = (part.end_col_offset or 0) + column - 2
            part.end_lineno = (part.end_lineno or part.lineno) + line - 1
            part.lineno += line - 1
        if not isinstance(part, ast.JoinedStr):
            stack.extend(ast.iter_child_nodes(part))
    return again


def _set(node: _Placed, start: int, end: int, lines: Lines) -> _Placed:
    line, column, node.end_lineno, end_column = lines.span(start, end)
    node.lineno, node.col_offset, node.end_col_offset = line, column - 1, end_column - 1
    return node
