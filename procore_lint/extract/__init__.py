"""Bytes in, facts out: reads one Python file, whatever it holds. A pure function of the bytes."""

from __future__ import annotations

import ast
import warnings
from contextlib import suppress
from typing import Final

import msgspec

from procore_lint import facts
from procore_lint.extract.columns import to_code_points
from procore_lint.extract.context import Context
from procore_lint.extract.lower import lower_module
from procore_lint.extract.tokens import literals
from procore_lint.source import Lines, SourceError, decode

_NESTING: Final = ("too many nested", "too many levels of indentation", "nested too deeply", "too complex")
_TOO_DEEP: Final = "the code is nested too deeply"


def extract(data: bytes) -> facts.Module:
    """The facts of a file. Never raises: what stands in the way is `problem`, and then `literals` is read."""
    module = _read(data)
    low = data.lower()
    marks = tuple(mark for mark in facts.MARKS if mark.encode() in low)
    return msgspec.structs.replace(module, marks=marks) if marks else module


def _read(data: bytes) -> facts.Module:
    try:
        text = decode(data).text
    except SourceError as error:
        problem = facts.Problem(error.kind, error.message, error.line, error.column)
        return facts.Module((), problem, literals(Lines(_anyhow(data))))
    lines = Lines(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parsed(text)
        to_code_points(tree, lines)
        context = Context(lines)
        module = lower_module(tree, context)
    except SyntaxError as error:
        problem = _syntax(error, lines)
    except (RecursionError, MemoryError):
        problem = facts.Problem("nesting", _TOO_DEEP, 1, 1)
    except ValueError as error:  # characters that UTF-8 cannot hold, from an exotic codec
        problem = facts.Problem("syntax", str(error), 1, 1)
    else:
        if context.cut is None:
            return module
        message = f"{_TOO_DEEP}: the inner part of this expression was not read"
        line, column, _, _ = context.cut
        return facts.Module(module.body, facts.Problem("nesting", message, line, column))
    return facts.Module((), problem, literals(lines))


def _parsed(text: str) -> ast.Module:
    """The syntax tree; of a file in newer syntax, that of the same in older. Raises what `ast.parse` does."""
    try:
        return ast.parse(text)
    except SyntaxError:
        from procore_lint.extract.newer import as_older

        older = as_older(text)
        if older is not None:
            with suppress(SyntaxError):
                return ast.parse(older)
        raise  # in the words of the file as it is


def _syntax(error: SyntaxError, lines: Lines) -> facts.Problem:
    message = error.msg or "invalid syntax"
    kind = "nesting" if any(sign in message for sign in _NESTING) else "syntax"
    line = min(max(error.lineno or 1, 1), len(lines.rows))
    column = min(max(error.offset or 1, 1), len(lines.line(line)) + 1)
    return facts.Problem(kind, message, line, column)


def _anyhow(data: bytes) -> str:
    """The text of undecodable bytes for the search of literals: ASCII is right, the rest approximate."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("latin-1")
