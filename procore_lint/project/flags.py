"""Names that say in one test what an earlier one found: `if old: token = None`, then `if token is None`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import expressions, naming
from procore_lint.project.events import Comparison
from procore_lint.project.model import Frame
from procore_lint.values import Flag, Nothing, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def raised(machine: Machine, frame: Frame, node: facts.If, guards: list[Comparison]) -> None:
    """Note the names to which an arm of a test gives None, True or False.

    What a function's flag leads to may be more than a token; a script says all in one place.
    """
    met = (*guards,) if frame.function is None else (*map(machine.behind, guards),)
    for statement in (*node.body, *node.orelse):
        if type(statement) is facts.Assign and _is_constant(statement.value):
            for target in statement.targets:
                name = _named(target)
                if name:
                    frame.flags = {**(frame.flags or {}), name: met}


def asked(machine: Machine, frame: Frame, test: facts.Expr) -> list[Comparison]:
    """The comparisons that decided what a test of such a name finds; each speaks for one test only."""
    found: list[Comparison] = []
    for node in _tested(test):
        name = _named(node)
        if frame.flags and name in frame.flags:
            value = machine.silently(partial(expressions.evaluate, machine, node, frame))
            if any(isinstance(m, (Nothing, Flag)) for m in members(value)):
                found.extend(frame.flags[name])
            frame.flags = {key: held for key, held in frame.flags.items() if key != name}
    return found


def _tested(test: facts.Expr) -> Iterator[facts.Expr]:
    if type(test) is facts.Not:
        yield from _tested(test.value)
    elif type(test) is facts.Logic:
        for part in test.values:
            yield from _tested(part)
    elif type(test) is facts.Compare:
        if test.op in ("is", "is not", "==", "!=") and _is_constant(test.right):
            yield test.left
    else:
        yield test


def _is_constant(node: facts.Expr | None) -> bool:
    return type(node) is facts.Const and (node.value is None or isinstance(node.value, bool))


def _named(node: facts.Expr) -> str:
    """A name, or an attribute of one, as it is written."""
    if type(node) is facts.Name:
        return node.id
    return naming.dotted(node) if type(node) is facts.Attr and type(node.obj) is facts.Name else ""
