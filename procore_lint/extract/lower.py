"""Lowers statements: one small function a node type, each appending its facts to the block it is in."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from procore_lint import facts
from procore_lint.extract.context import OPERATORS, Context, span_of
from procore_lint.extract.expressions import (
    arguments,
    lower,
    lower_all,
    optional,
    parameters,
)
from procore_lint.extract.stores import stores_in_self
from procore_lint.facts import Expr, Stmt

#: `elif` branches nest; behind so many of them the rest stands side by side.
_LONGEST_ELIF: Final = 50


def lower_module(tree: ast.Module, ctx: Context) -> facts.Module:
    """The facts of a parsed file whose places are code points."""
    return facts.Module(_block(tree.body, ctx))


def _block(body: Sequence[ast.stmt], ctx: Context) -> tuple[Stmt, ...]:
    out: list[Stmt] = []
    for node in body:
        _HANDLERS[node.__class__](node, out, ctx)
    return tuple(out)


def _expression(node: ast.Expr, out: list[Stmt], ctx: Context) -> None:
    if node.value.__class__ is not ast.Constant:
        out.append(facts.Eval(lower(node.value, ctx)))


def _assign(node: ast.Assign, out: list[Stmt], ctx: Context) -> None:
    out.append(facts.Assign(lower_all(node.targets, ctx), lower(node.value, ctx), None, span_of(node)))


def _annotated(node: ast.AnnAssign, out: list[Stmt], ctx: Context) -> None:
    target, annotation = lower(node.target, ctx), lower(node.annotation, ctx)
    out.append(facts.Assign((target,), optional(node.value, ctx), annotation, span_of(node)))


def _augmented(node: ast.AugAssign, out: list[Stmt], ctx: Context) -> None:
    op = OPERATORS[node.op.__class__]
    out.append(facts.AugAssign(lower(node.target, ctx), op, lower(node.value, ctx), span_of(node)))


def _return(node: ast.Return, out: list[Stmt], ctx: Context) -> None:
    out.append(facts.Return(optional(node.value, ctx), span_of(node)))


def _raise(node: ast.Raise, out: list[Stmt], ctx: Context) -> None:
    if node.cause is not None and not isinstance(node.cause, (ast.Name, ast.Constant)):
        out.append(facts.Eval(lower(node.cause, ctx)))
    out.append(facts.Raise(optional(node.exc, ctx)))


def _assert(node: ast.Assert, out: list[Stmt], ctx: Context) -> None:
    out.append(facts.Eval(lower(node.test, ctx)))


def _if(node: ast.If, out: list[Stmt], ctx: Context) -> None:
    branches = [node]
    while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node = node.orelse[0]
        branches.append(node)
    orelse = _block(node.orelse, ctx)
    spread: list[Stmt] = []
    for branch in branches[_LONGEST_ELIF:]:
        rest = orelse if branch is node else ()
        spread.append(_branch(branch, rest, ctx))
    if spread:
        orelse = tuple(spread)
    for branch in reversed(branches[:_LONGEST_ELIF]):
        orelse = (_branch(branch, orelse, ctx),)
    out.extend(orelse)


def _branch(node: ast.If, orelse: tuple[Stmt, ...], ctx: Context) -> facts.If:
    return facts.If(lower(node.test, ctx), _block(node.body, ctx), orelse, span_of(node))


def _for(node: ast.For | ast.AsyncFor, out: list[Stmt], ctx: Context) -> None:
    target, over = lower(node.target, ctx), lower(node.iter, ctx)
    out.append(facts.Loop(target, over, _block(node.body, ctx), _block(node.orelse, ctx), span_of(node)))


def _while(node: ast.While, out: list[Stmt], ctx: Context) -> None:
    test, body = lower(node.test, ctx), _block(node.body, ctx)
    out.append(facts.Loop(None, test, body, _block(node.orelse, ctx), span_of(node)))


def _try(node: ast.Try, out: list[Stmt], ctx: Context) -> None:
    handlers = tuple([_handler(handler, ctx) for handler in node.handlers])
    body, orelse = _block(node.body, ctx), _block(node.orelse, ctx)
    caught = tuple(_caught(handler.type) for handler in node.handlers)
    out.append(facts.Try(body, handlers, orelse, _block(node.finalbody, ctx), caught))


def _caught(node: ast.expr | None) -> tuple[str, ...]:
    """The names of the exceptions that a handler catches."""
    if isinstance(node, ast.Tuple):
        return tuple(name for item in node.elts for name in _caught(item))
    if isinstance(node, (ast.Name, ast.Attribute)):
        return (node.id if isinstance(node, ast.Name) else node.attr,)
    return ("",) if node is None else ()


def _handler(node: ast.ExceptHandler, ctx: Context) -> tuple[Stmt, ...]:
    body = _block(node.body, ctx)
    if node.name is None or node.type is None:
        return body
    span = span_of(node.type)
    caught = facts.Opaque((lower(node.type, ctx),), span)
    return (facts.Assign((facts.Name(node.name, span),), caught, None, span), *body)


def _with(node: ast.With | ast.AsyncWith, out: list[Stmt], ctx: Context) -> None:
    items = [(lower(item.context_expr, ctx), optional(item.optional_vars, ctx)) for item in node.items]
    out.append(facts.With(tuple(items), _block(node.body, ctx)))


def _match(node: ast.Match, out: list[Stmt], ctx: Context) -> None:
    out.append(
        facts.Match(lower(node.subject, ctx), tuple([_case(case, node.subject, ctx) for case in node.cases]))
    )


def _case(case: ast.match_case, subject: ast.expr, ctx: Context) -> tuple[Stmt, ...]:
    """The body of a case: under its guard and, for plain values, under the comparison that it stands for."""
    body = _block(case.body, ctx)
    if case.guard is not None:
        body = (facts.If(lower(case.guard, ctx), body, (), span_of(case.guard)),)
    captured: list[Stmt] = [
        facts.Assign((facts.Name(name, span),), facts.Opaque((), span), None, span)
        for name, span in _captures(case.pattern)
    ]
    patterns = case.pattern.patterns if isinstance(case.pattern, ast.MatchOr) else [case.pattern]
    values = [pattern.value for pattern in patterns if isinstance(pattern, ast.MatchValue)]
    if values and len(values) == len(patterns) and isinstance(subject, (ast.Name, ast.Attribute)):
        what = lower(subject, ctx)
        tests = tuple([facts.Compare("==", what, lower(value, ctx), span_of(value)) for value in values])
        where = (*tests[0].span[:2], *tests[-1].span[2:])
        test: Expr = tests[0] if len(tests) == 1 else facts.Logic("or", tests, where)
        body = (facts.If(test, body, (), where),)
    return (*captured, *body)


def _captures(pattern: ast.pattern) -> Iterator[tuple[str, facts.SpanT]]:
    for part in ast.walk(pattern):
        name: str | None = None
        if isinstance(part, (ast.MatchAs, ast.MatchStar)):
            name = part.name
        elif isinstance(part, ast.MatchMapping):
            name = part.rest
        if name is not None and isinstance(part, ast.pattern):
            yield name, (part.lineno, part.col_offset + 1, part.end_lineno, part.end_col_offset + 1)


def _jump(node: ast.Break | ast.Continue, out: list[Stmt], ctx: Context) -> None:
    out.append(facts.Jump("break" if isinstance(node, ast.Break) else "continue"))


def _scope(node: ast.Global | ast.Nonlocal, out: list[Stmt], ctx: Context) -> None:
    out.append(facts.Scope(tuple(node.names)))


def _delete(node: ast.Delete, out: list[Stmt], ctx: Context) -> None:
    out.append(facts.Delete(lower_all(node.targets, ctx)))


def _pass(node: ast.stmt, out: list[Stmt], ctx: Context) -> None:
    return


def _import(node: ast.Import, out: list[Stmt], ctx: Context) -> None:
    for alias in node.names:
        name = alias.asname or alias.name.partition(".")[0]
        out.append(facts.Import(alias.name, name, alias.asname is not None or "." not in alias.name))


def _import_from(node: ast.ImportFrom, out: list[Stmt], ctx: Context) -> None:
    for alias in node.names:
        bound = alias.asname or alias.name
        out.append(facts.ImportFrom(node.module or "", node.level or 0, alias.name, bound))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, out: list[Stmt], ctx: Context) -> None:
    is_async = node.__class__ is ast.AsyncFunctionDef
    params, block = parameters(node.args, ctx), _block(node.body, ctx)
    decorators, returns = lower_all(node.decorator_list, ctx), optional(node.returns, ctx)
    span = _header(node, len("async def " if is_async else "def "), ctx)
    inside = facts.Inside(params, block, returns)
    out.append(
        facts.Function.of(node.name, decorators, is_async, span, inside, stores_in_self(block, params))
    )


def _class(node: ast.ClassDef, out: list[Stmt], ctx: Context) -> None:
    out.append(
        facts.Class(
            node.name,
            lower_all(node.bases, ctx),
            arguments((), node.keywords, ctx),
            _block(node.body, ctx),
            lower_all(node.decorator_list, ctx),
            _header(node, len("class "), ctx),
        )
    )


def _header(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, keyword: int, ctx: Context
) -> facts.SpanT:
    """From the keyword to the colon where the header is a line of its own, else to the end of the name."""
    line, column = node.lineno, node.col_offset
    row = ctx.lines.line(line).rstrip()
    end = len(row)
    if not row.endswith(":") or node.body[0].lineno == line:
        name = row.find(node.name, column + keyword - 1)
        end = (name if name >= 0 else column + keyword) + len(node.name)
    return (line, column + 1, line, end + 1)


def _alias(node: ast.stmt, out: list[Stmt], ctx: Context) -> None:
    """`type X = value`, whose node class only newer Pythons have."""
    parts = [lower(child, ctx) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    if len(parts) == 2:
        out.append(facts.Assign((parts[0],), parts[1], None, span_of(node)))


def _unknown(node: ast.stmt, out: list[Stmt], ctx: Context) -> None:
    parts = [lower(child, ctx) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    out.append(facts.Eval(facts.Opaque(tuple(parts), span_of(node))))


_NAMED: Final[dict[str, Callable[..., None]]] = {"TypeAlias": _alias, "TryStar": _try}

_HANDLERS: Final[dict[type[ast.stmt], Callable[..., None]]] = {
    **{kind: _NAMED.get(kind.__name__, _unknown) for kind in ast.stmt.__subclasses__()},
    ast.Expr: _expression, ast.Assign: _assign, ast.AnnAssign: _annotated, ast.AugAssign: _augmented,
    ast.Return: _return, ast.Raise: _raise, ast.Assert: _assert, ast.If: _if, ast.For: _for,
    ast.AsyncFor: _for, ast.While: _while, ast.Try: _try, ast.With: _with, ast.AsyncWith: _with,
    ast.Match: _match, ast.Break: _jump, ast.Continue: _jump, ast.Pass: _pass, ast.Global: _scope,
    ast.Nonlocal: _scope, ast.Delete: _delete, ast.Import: _import, ast.ImportFrom: _import_from,
    ast.FunctionDef: _function, ast.AsyncFunctionDef: _function, ast.ClassDef: _class,
}  # fmt: skip
