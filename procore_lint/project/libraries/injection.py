"""Parameters that a framework fills: `Depends(function)` and its likes say what is passed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.libraries.http import Site
from procore_lint.project.model import Frame, FunctionInfo, ModuleInfo
from procore_lint.values import Function, Listing, Type, Unknown, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: What marks a default or an annotation as an order to the framework: FastAPI, FastDepends, Litestar.
_MARKS = frozenset({"Depends", "Security", "Provide"})


def supplied(machine: Machine, info: FunctionInfo, param: facts.Param) -> Value | None:
    """What the framework passes for a parameter; None where it is no order, or not decided."""
    annotation, frame = param.annotation, Frame(info.module, info, info.scope)
    named = _named(machine, annotation, frame) if machine.orders else None
    if named is not None:
        annotation, module = named
        frame = Frame(module, None, module.scope)
    order = _order(machine, param.default, annotation)
    if order is None:
        return None
    source = order.args[0].value if order.args else _annotated_type(annotation)
    if source is None:
        return None
    place = frame.module.place(order.span)
    target = machine.quietly(source, frame)
    site = Site(frame, place)
    made = [
        machine.mutely(partial(machine.apply, member, [], {}, site))
        for member in members(target)
        if isinstance(member, (Function, Type))
    ]
    return join(_yielded(machine, value) for value in made) if made else None


def noted(machine: Machine, node: facts.Assign, frame: Frame) -> Value | None:
    """What stands for `Name = Annotated[Type, Depends(function)]` where it is imported; None for others."""
    if frame.function is not None or _order(machine, None, node.value) is None or node.value is None:
        return None
    place = frame.module.place(node.span)
    name = Unknown(f"<order>{place.path}:{place.line}:{place.column}")
    machine.orders[name] = node.value, frame.module
    return name


def _named(
    machine: Machine, annotation: facts.Expr | None, frame: Frame
) -> tuple[facts.Expr, ModuleInfo] | None:
    """The annotation that a name for it stands for, and the module whose names are in it."""
    if not isinstance(annotation, (facts.Name, facts.Attr)):
        return None
    value = machine.quietly(annotation, frame)
    return machine.orders.get(value) if isinstance(value, Unknown) else None


def _order(machine: Machine, default: facts.Expr | None, annotation: facts.Expr | None) -> facts.Call | None:
    candidates: list[facts.Expr | None] = [default]
    if type(annotation) is facts.Item and type(annotation.index) is facts.Seq:
        candidates.extend(annotation.index.items[1:])
    for node in candidates:
        if type(node) is facts.Call and machine.dotted(node.func).rpartition(".")[2] in _MARKS:
            return node
    return None


def _annotated_type(annotation: facts.Expr | None) -> facts.Expr | None:
    """The class of `client: Client = Depends()`."""
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
