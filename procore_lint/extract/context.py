"""What the lowering of one file carries along."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Final

from procore_lint import facts
from procore_lint.source import Lines

#: Facts never nest deeper: whoever reads them may recurse. Long chains of operators or calls become flat.
DEEPEST: Final = 100

#: Operators as written.
OPERATORS: Final[dict[type[ast.AST], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
    ast.And: "and", ast.Or: "or", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">",
    ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip

_SMALLEST_INT: Final = -(2**63)
_LARGEST_INT: Final = 2**63 - 1
_INFINITE: Final = (float("inf"), float("-inf"))


class Context:
    """The lines of the file, how deep the lowering stands, and the first place that it cut off."""

    __slots__ = ("cut", "depth", "lines")

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.depth = 0
        self.cut: facts.SpanT | None = None

    def cut_off(self, node: ast.expr) -> facts.Expr:
        """An expression too deep to be read; the place is remembered."""
        span = span_of(node)
        if self.cut is None:
            self.cut = span
        return facts.Opaque((), span)


def span_of(node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> facts.SpanT:
    """The span of a node already placed in code points."""
    return (node.lineno, node.col_offset + 1, node.end_lineno or node.lineno, (node.end_col_offset or 0) + 1)


def clean(text: str) -> str:
    """The text without lone surrogates, which no serialiser takes; pairs become their character."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def constant(value: object, span: facts.SpanT) -> facts.Expr:
    """A literal; numbers that no serialiser takes, complex ones and `...` are opaque."""
    if value.__class__ is str:
        return facts.Const(clean(str(value)), span)
    if isinstance(value, bytes):
        return facts.Const(value.decode("latin-1"), span, True)
    if value is None or isinstance(value, bool):
        return facts.Const(value, span)
    if isinstance(value, int) and _SMALLEST_INT <= value <= _LARGEST_INT:
        return facts.Const(value, span)
    if isinstance(value, float) and value not in _INFINITE:
        return facts.Const(value, span)
    return facts.Opaque((), span)


def place(fact: facts.Expr) -> facts.SpanT:
    """The span of an expression; of what it holds where it has none of its own."""
    while isinstance(fact, (facts.Star, facts.Await)):
        fact = fact.value
    if isinstance(fact, facts.Yield):
        return place(fact.value) if fact.value is not None else (1, 1, 1, 1)
    return fact.span


def signed(op: ast.unaryop, fact: facts.Expr, span: facts.SpanT) -> facts.Expr:
    """`-fact`, `+fact` or `~fact`: a number under a sign, else opaque."""
    value = fact.value if isinstance(fact, facts.Const) else None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not isinstance(op, ast.Invert):
        return constant(-value if isinstance(op, ast.USub) else value, span)
    return facts.Opaque((fact,), span)


def counting_depth(handler: Callable[..., facts.Expr]) -> Callable[..., facts.Expr]:
    """The handler with its depth counted."""

    def counted(node: ast.expr, ctx: Context) -> facts.Expr:
        if ctx.depth >= DEEPEST:
            return ctx.cut_off(node)
        ctx.depth += 1
        fact = handler(node, ctx)
        ctx.depth -= 1
        return fact

    return counted
