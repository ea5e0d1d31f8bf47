"""Parameters that a framework fills: `Depends(function)` and its likes say what is passed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.libraries.http import Site
from procore_lint.project.model import Frame, FunctionInfo
from procore_lint.values import Function, Listing, Type, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: What marks a default or an annotation as an order to the framework: FastAPI, FastDepends, Litestar.
_MARKS = frozenset({"Depends", "Security", "Provide"})


def supplied(machine: Machine, info: FunctionInfo, param: facts.Param) -> Value | None:
    """What the framework passes for a parameter; None where it is no order, or not decided."""
    order = _order(machine, param)
    if order is None:
        return None
    frame = Frame(info.module, info, info.scope)
    source = order.args[0].value if order.args else _annotated_type(machine, param)
    if source is None:
        return None
    place = info.module.place(order.span)
    target = machine.quietly(source, frame)
    site = Site(frame, place)
    made = [
        machine.mutely(partial(machine.apply, member, [], {}, site))
        for member in members(target)
        if isinstance(member, (Function, Type))
    ]
    return join(_yielded(machine, value) for value in made) if made else None


def _order(machine: Machine, param: facts.Param) -> facts.Call | None:
    candidates: list[facts.Expr | None] = [param.default]
    annotation = param.annotation
    if isinstance(annotation, facts.Item) and isinstance(annotation.index, facts.Seq):
        candidates.extend(annotation.index.items[1:])
    for node in candidates:
        if isinstance(node, facts.Call) and machine.dotted(node.func).rpartition(".")[2] in _MARKS:
            return node
    return None


def _annotated_type(machine: Machine, param: facts.Param) -> facts.Expr | None:
    """The class of `client: Client = Depends()`."""
    annotation = param.annotation
    if isinstance(annotation, facts.Item) and isinstance(annotation.index, facts.Seq):
        return annotation.index.items[0]
    return annotation


def _yielded(machine: Machine, value: Value) -> Value:
    """What a dependency hands over: the value that it yields, if it yields one."""
    return join(
        machine.element(member, None)
        if isinstance(member, Listing) and member.kind == "generator"
        else member
        for member in members(value)
    )
