"""Whether a moment that an object keeps is that of its token: set where the token is.

A client keeps other moments too: of cached data, of windows for rate limits, of waits.
"""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.checks.token_stores import holds_token, stores
from procore_lint.project.events import Comparison
from procore_lint.project.model import ClassInfo, FunctionInfo
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.repairs.certain import is_none
from procore_lint.repairs.code import expression
from procore_lint.repairs.names import given


def is_of_token(program: Program, comparison: Comparison) -> bool:
    """Whether a method of a class that keeps a Procore token compares a moment set beside the token."""
    function = comparison.function
    owner = function.owner if function is not None else None
    if function is None or owner is None or owner.id not in stores(program):
        return False
    read = set(_read(function, expression(comparison.module, comparison.place)))
    kept = {
        name
        for info in owner.line()
        if info.symbol is not None
        for name, value in info.symbol.fields.items()
        if holds_token(program, value)
    }
    if read & kept or owner.is_model:
        return bool(read)
    return any(_sets_both(method, read, kept) for method in _methods(owner))


def _methods(owner: ClassInfo) -> Iterator[FunctionInfo]:
    for info in (*owner.line(), *owner.descendants()):
        yield from info.methods.values()


def _read(function: FunctionInfo, node: object) -> Iterator[str]:
    """The attributes of `self` that an expression reads, itself or through local names."""
    names = set()
    for part, _ in walk(node):
        if isinstance(part, facts.Attr) and _is_name(part.obj, function.first):
            yield part.name
        elif isinstance(part, facts.Name):
            names.add(part.id)
    for statement, _ in walk(function.inside.body):
        if isinstance(statement, facts.Assign) and any(
            isinstance(target, facts.Name) and target.id in names for target, _ in walk(statement.targets)
        ):
            for part, _ in walk(statement.value):
                if isinstance(part, facts.Attr) and _is_name(part.obj, function.first):
                    yield part.name


def _is_name(node: object, name: str) -> bool:
    return isinstance(node, facts.Name) and node.id == name


def _sets_both(method: FunctionInfo, moments: set[str], tokens: set[str]) -> bool:
    """Whether a method sets one of the moments and one of the tokens, both to something."""
    filled = {name for name, value in _given(method) if not is_none(value)}
    return bool(filled & moments and filled & tokens)


def _given(method: FunctionInfo) -> Iterator[tuple[str, facts.Expr | None]]:
    """The attributes of `self` that a method sets, or sets items of, and what to."""
    for statement, _ in walk(method.inside.body):
        for target, value in given(statement) if isinstance(statement, facts.Assign) else ():
            base = target.obj if isinstance(target, facts.Item) else target
            if isinstance(base, facts.Attr) and _is_name(base.obj, method.first):
                yield base.name, value
