"""The names that statements bind, and what they give them."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import before, function_at, walk
from procore_lint.values import Place


def given(statement: facts.Assign) -> Iterator[tuple[facts.Expr, facts.Expr | None]]:
    """Each target of an assignment with its value: of `a, b = x, y` each its own, else the whole."""
    for target in statement.targets:
        if not isinstance(target, facts.Seq):
            yield target, statement.value
            continue
        whole = statement.value
        values = whole.items if isinstance(whole, facts.Seq) else (whole,) * len(target.items)
        yield from zip(target.items, values, strict=False)


def bound(module: ModuleInfo, place: Place, name: str) -> bool:
    """Whether a local name or parameter is certainly bound where `place` is reached."""
    function = function_at(module, place)
    if function is None:
        return False
    if any(param.name == name for param in function.inside.params):
        return True
    assigned = (statement for statement in before(module, place) if isinstance(statement, facts.Assign))
    return any(statement.value is not None and name in bound_by(statement) for statement in assigned)


def bound_in(nodes: object) -> Iterator[str]:
    """The names that code may bind anew, or unbind, anywhere in it."""
    for node in walk(nodes):
        yield from bound_by(node)


def bound_by(node: object) -> Iterator[str]:
    """The names that a node itself binds or unbinds: not those of the statements in its blocks."""
    if isinstance(node, (facts.Assign, facts.Delete)):
        for target in node.targets:
            yield from _names(target)
    elif isinstance(node, (facts.AugAssign, facts.Loop)):
        yield from _names(node.target)
    elif isinstance(node, facts.With):
        for _, held in node.items:
            yield from _names(held)
    elif isinstance(node, facts.Walrus):
        yield node.target
    elif isinstance(node, facts.ImportFrom):
        yield node.alias or node.name
    elif isinstance(node, (facts.Import, facts.Function, facts.Class)):
        yield node.name


def _names(target: object) -> Iterator[str]:
    if isinstance(target, facts.Name):
        yield target.id
    elif isinstance(target, facts.Star):
        yield from _names(target.value)
    elif isinstance(target, facts.Seq):
        for item in target.items:
            yield from _names(item)
