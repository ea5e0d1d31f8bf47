"""Lowers expressions: one small function a node type, found through a dict.

The common forms are written out: this is the inner loop of every check. Chains that lean to the left
(`a.b().c()`, `a + b + c`) are walked in loops.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

from procore_lint import facts
from procore_lint.extract.context import (
    DEEPEST,
    OPERATORS,
    Context,
    constant,
    counting_depth,
    place,
    signed,
    span_of,
)
from procore_lint.extract.fstrings import expressions_of, place_parts
from procore_lint.facts import Arg, Attr, Call, Const, Expr, Item, Name

_KINDS: Final[dict[type[ast.AST], str]] = {
    ast.List: "list", ast.Tuple: "tuple", ast.Set: "set",
    ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "gen",
}  # fmt: skip


def lower(node: ast.expr, ctx: Context) -> Expr:
    """The fact of one expression."""
    return _HANDLERS[node.__class__](node, ctx)


def optional(node: ast.expr | None, ctx: Context) -> Expr | None:
    """The fact of an expression that may be missing."""
    return None if node is None else _HANDLERS[node.__class__](node, ctx)


def lower_all(nodes: Sequence[ast.expr], ctx: Context) -> tuple[Expr, ...]:
    """The facts of several expressions, in order."""
    return tuple([_HANDLERS[node.__class__](node, ctx) for node in nodes]) if nodes else ()


def _name(node: ast.Name, ctx: Context) -> Expr:
    span = (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
    return Name(node.id, span)


def _constant(node: ast.Constant, ctx: Context) -> Expr:
    value = node.value
    span = (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1)
    if value.__class__ is str and value.isascii():
        return Const(value, span)
    return constant(value, span)


def _attribute(node: ast.Attribute, ctx: Context) -> Expr:
    obj = node.value
    if obj.__class__ is not ast.Name:
        return _chain(node, ctx)
    return Attr(
        _name(obj, ctx),
        node.attr,
        (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1),
    )


def _call(node: ast.Call, ctx: Context) -> Expr:
    func = node.func
    receiver = func.value if isinstance(func, ast.Attribute) else func
    if receiver.__class__ is not ast.Name or ctx.depth >= DEEPEST:
        return _chain(node, ctx)
    ctx.depth += 1
    fact = Call(
        _HANDLERS[func.__class__](func, ctx),
        arguments(node.args, node.keywords, ctx),
        (node.lineno, node.col_offset + 1, node.end_lineno or 0, (node.end_col_offset or 0) + 1),
    )
    ctx.depth -= 1
    return fact


def _item(node: ast.Subscript, ctx: Context) -> Expr:
    obj = node.value
    if obj.__class__ is not ast.Name or ctx.depth >= DEEPEST:
        return _chain(node, ctx)
    index = node.slice
    ctx.depth += 1
    fact = Item(_name(obj, ctx), _HANDLERS[index.__class__](index, ctx), span_of(node))
    ctx.depth -= 1
    return fact


def arguments(args: Sequence[ast.expr], keywords: Sequence[ast.keyword], ctx: Context) -> tuple[Arg, ...]:
    """The arguments of a call or a class statement, positional ones first."""
    found = []
    for arg in args:
        if arg.__class__ is ast.Starred:
            found.append(Arg("*", lower(arg.value, ctx)))
        else:
            found.append(Arg(None, _HANDLERS[arg.__class__](arg, ctx)))
    for keyword in keywords:
        value = keyword.value
        found.append(Arg(keyword.arg or "**", _HANDLERS[value.__class__](value, ctx)))
    return tuple(found)


def _chain(node: ast.expr, ctx: Context) -> Expr:
    links: list[ast.Attribute | ast.Call | ast.Subscript] = []
    base = node
    while True:
        if isinstance(base, (ast.Attribute, ast.Subscript)):
            links.append(base)
            base = base.value
        elif isinstance(base, ast.Call):
            links.append(base)
            base = base.func
        else:
            break
    links.reverse()
    if ctx.depth + len(links) > DEEPEST:
        return _flat_chain(node, base, links, ctx)
    ctx.depth += len(links)
    fact = lower(base, ctx)
    for link in links:
        span = span_of(link)
        if isinstance(link, ast.Attribute):
            fact = Attr(fact, link.attr, span)
        elif isinstance(link, ast.Call):
            fact = Call(fact, arguments(link.args, link.keywords, ctx), span)
        else:
            fact = Item(fact, lower(link.slice, ctx), span)
    ctx.depth -= len(links)
    return fact


def _flat_chain(
    node: ast.expr, base: ast.expr, links: Sequence[ast.Attribute | ast.Call | ast.Subscript], ctx: Context
) -> Expr:
    if ctx.depth >= DEEPEST:
        return ctx.cut_off(node)
    ctx.depth += 1
    parts = [lower(base, ctx)]
    for link in links:
        if isinstance(link, ast.Call):
            parts.extend([argument.value for argument in arguments(link.args, link.keywords, ctx)])
        elif isinstance(link, ast.Subscript):
            parts.append(lower(link.slice, ctx))
    ctx.depth -= 1
    return facts.Opaque(tuple(parts), span_of(node))


def _binary(node: ast.BinOp, ctx: Context) -> Expr:
    links = [node]
    base = node.left
    while isinstance(base, ast.BinOp):
        links.append(base)
        base = base.left
    links.reverse()
    if ctx.depth >= DEEPEST:
        return ctx.cut_off(node)
    flat = ctx.depth + len(links) > DEEPEST
    deeper = 1 if flat else len(links)
    ctx.depth += deeper
    fact = lower(base, ctx)
    parts = [fact]
    for link in links:
        right = lower(link.right, ctx)
        if flat:
            parts.append(right)
        else:
            fact = facts.Bin(OPERATORS[link.op.__class__], fact, right, span_of(link))
    ctx.depth -= deeper
    return facts.Opaque(tuple(parts), span_of(node)) if flat else fact


def _unary(node: ast.UnaryOp, ctx: Context) -> Expr:
    fact = lower(node.operand, ctx)
    if isinstance(node.op, ast.Not):
        return facts.Not(fact, span_of(node))
    return signed(node.op, fact, span_of(node))


def _compare(node: ast.Compare, ctx: Context) -> Expr:
    left = lower(node.left, ctx)
    if len(node.ops) == 1:
        right = lower(node.comparators[0], ctx)
        return facts.Compare(OPERATORS[node.ops[0].__class__], left, right, span_of(node))
    found: list[Expr] = []
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = lower(comparator, ctx)
        span = (*place(left)[:2], *place(right)[2:])
        found.append(facts.Compare(OPERATORS[op.__class__], left, right, span))
        left = right
    return facts.Logic("and", tuple(found), span_of(node))


def _logic(node: ast.BoolOp, ctx: Context) -> Expr:
    return facts.Logic(OPERATORS[node.op.__class__], lower_all(node.values, ctx), span_of(node))


def _conditional(node: ast.IfExp, ctx: Context) -> Expr:
    test, body, orelse = lower(node.test, ctx), lower(node.body, ctx), lower(node.orelse, ctx)
    return facts.Cond(test, body, orelse, span_of(node))


def _dict(node: ast.Dict, ctx: Context) -> Expr:
    pairs = zip(node.keys, node.values, strict=True)
    items = tuple([(optional(key, ctx), lower(value, ctx)) for key, value in pairs])
    return facts.Dict(items, span_of(node))


def _display(node: ast.List | ast.Tuple | ast.Set, ctx: Context) -> Expr:
    return facts.Seq(_KINDS[node.__class__], lower_all(node.elts, ctx), span_of(node))


def _loops(generators: Sequence[ast.comprehension], ctx: Context) -> tuple[facts.For, ...]:
    found = [facts.For(lower(g.target, ctx), lower(g.iter, ctx), lower_all(g.ifs, ctx)) for g in generators]
    return tuple(found)


def _comp(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, ctx: Context) -> Expr:
    kind, loops = _KINDS[node.__class__], _loops(node.generators, ctx)
    return facts.Comp(kind, None, lower(node.elt, ctx), loops, span_of(node))


def _dict_comp(node: ast.DictComp, ctx: Context) -> Expr:
    key, value, loops = lower(node.key, ctx), lower(node.value, ctx), _loops(node.generators, ctx)
    return facts.Comp("dict", key, value, loops, span_of(node))


def _lambda(node: ast.Lambda, ctx: Context) -> Expr:
    return facts.Lambda(parameters(node.args, ctx), lower(node.body, ctx), span_of(node))


def parameters(args: ast.arguments, ctx: Context) -> tuple[facts.Param, ...]:
    """The parameters of a function or lambda, in the order of the text."""
    found: list[facts.Param] = []
    positional = [*args.posonlyargs, *args.args]
    missing = len(positional) - len(args.defaults)
    for index, arg in enumerate(positional):
        default = lower(args.defaults[index - missing], ctx) if index >= missing else None
        found.append(facts.Param(arg.arg, "pos", default, optional(arg.annotation, ctx)))
    if args.vararg is not None:
        found.append(facts.Param(args.vararg.arg, "*", None, optional(args.vararg.annotation, ctx)))
    for arg, given in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        found.append(facts.Param(arg.arg, "kw", optional(given, ctx), optional(arg.annotation, ctx)))
    if args.kwarg is not None:
        found.append(facts.Param(args.kwarg.arg, "**", None, optional(args.kwarg.annotation, ctx)))
    return tuple(found)


def _walrus(node: ast.NamedExpr, ctx: Context) -> Expr:
    return facts.Walrus(node.target.id, lower(node.value, ctx), span_of(node))


def _prefixed(node: ast.Starred | ast.Await, ctx: Context) -> Expr:
    value = lower(node.value, ctx)
    return facts.Await(value) if isinstance(node, ast.Await) else facts.Star(value)


def _yield(node: ast.Yield | ast.YieldFrom, ctx: Context) -> Expr:
    return facts.Yield(optional(node.value, ctx))


def _format(node: ast.JoinedStr, ctx: Context) -> Expr:
    place_parts(node, ctx.lines)
    return facts.Format(tuple([_format_part(part, ctx) for part in node.values]), span_of(node))


def _format_part(part: ast.expr, ctx: Context) -> Expr:
    if not isinstance(part, ast.FormattedValue):
        return lower(part, ctx)
    values = lower_all(expressions_of(part), ctx)
    return values[0] if len(values) == 1 else facts.Opaque(values, place(values[0]))


def _unknown(node: ast.expr, ctx: Context) -> Expr:
    inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return facts.Opaque(lower_all(inner, ctx), span_of(node))


_NESTING: Final[dict[type[ast.AST], Callable[..., Expr]]] = {
    ast.UnaryOp: _unary, ast.Compare: _compare, ast.BoolOp: _logic, ast.IfExp: _conditional,
    ast.Dict: _dict, ast.List: _display, ast.Tuple: _display, ast.Set: _display, ast.Starred: _prefixed,
    ast.ListComp: _comp, ast.SetComp: _comp, ast.GeneratorExp: _comp, ast.DictComp: _dict_comp,
    ast.Lambda: _lambda, ast.NamedExpr: _walrus, ast.Await: _prefixed, ast.Yield: _yield,
    ast.YieldFrom: _yield, ast.JoinedStr: _format,
}  # fmt: skip

_HANDLERS: Final[dict[type[ast.AST], Callable[..., Expr]]] = {
    **{kind: counting_depth(_unknown) for kind in ast.expr.__subclasses__()},
    ast.Name: _name, ast.Constant: _constant, ast.Attribute: _attribute, ast.Call: _call,
    ast.Subscript: _item, ast.BinOp: _binary,
    **{kind: counting_depth(handler) for kind, handler in _NESTING.items()},
}  # fmt: skip
