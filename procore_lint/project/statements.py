"""What a statement does: it binds names, runs branches and loops, imports, declares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from sys import intern
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import (
    branching,
    declarations,
    decorators,
    elements,
    expressions,
    importing,
    naming,
    operators,
    replaced,
    silence,
    storing,
    wrapping,
)
from procore_lint.project.assigning import bind, stored
from procore_lint.project.ends import NEXT, STOP
from procore_lint.project.libraries import injection
from procore_lint.project.model import Frame
from procore_lint.values import (
    NOTHING,
    External,
    Function,
    Listing,
    Mapping,
    Parameter,
    Type,
    Unknown,
    Value,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def _assign(machine: Machine, frame: Frame, node: facts.Assign) -> str:
    if node.annotation is not None and len(node.targets) == 1:
        target = node.targets[0]
        if node.value is None:
            if type(target) is facts.Name and target.id not in frame.scope.names:
                kind = naming.annotated(machine, node.annotation, frame.scope)
                if kind is not None:
                    frame.scope.names[target.id] = kind
            return NEXT
    if node.value is None:
        return NEXT
    value = expressions.evaluate(machine, node.value, frame)
    if node.annotation is not None and isinstance(value, (Unknown, Parameter)):
        kind = naming.annotated(machine, node.annotation, frame.scope)
        value = value if kind is None else kind
    if wrapping.rebinds(node):
        value = wrapping.marked(machine, node, frame, value)
    elif type(node.value) is facts.Item:
        value = injection.noted(machine, node, frame) or value
    for target in node.targets:
        bind(machine, frame, target, value)
        if machine.silences and type(target) is not facts.Name:
            silence.assigned(machine, target, value, frame.module.place(node.span))
    return NEXT


def _aug_assign(machine: Machine, frame: Frame, node: facts.AugAssign) -> str:
    old = expressions.evaluate(machine, node.target, frame)
    new = expressions.evaluate(machine, node.value, frame)
    if node.op == "|" and any(isinstance(m, Mapping) for m in members(old)):
        storing.update_mapping(machine, old, new)
        return NEXT
    place = frame.module.place(node.span)
    if node.op == "+" and any(isinstance(m, Listing) and m.kind != "tuple" for m in members(old)):
        for member in members(old):
            if isinstance(member, Listing):
                machine.changed(member)
                member.exact = False
                member.items.append(elements.element(machine, new, None))
        return NEXT
    value = operators.binary(machine, frame, node.op, old, new, place, node.target, node.value)
    bind(machine, frame, node.target, value)
    return NEXT


def _eval(machine: Machine, frame: Frame, node: facts.Eval) -> str:
    value = expressions.evaluate(machine, node.value, frame)
    return STOP if isinstance(value, External) and value.name == "<exit>" else NEXT


def _return(machine: Machine, frame: Frame, node: facts.Return) -> str:
    value = NOTHING if node.value is None else expressions.evaluate(machine, node.value, frame)
    if isinstance(value, Listing) and value.kind == "tuple":
        for item in value.items:
            if operators.is_timely(item):
                stored(machine, frame, "expires_at", item, node.span)
    if machine.silences:
        silence.returned(machine, frame, value, frame.module.place(node.span))
    frame.returns.append(value)
    return STOP


def _raise(machine: Machine, frame: Frame, node: facts.Raise) -> str:
    if node.value is not None:
        expressions.evaluate(machine, node.value, frame)
    return STOP


def _with(machine: Machine, frame: Frame, node: facts.With) -> str:
    for manager, target in node.items:
        value = elements.entered(machine, expressions.evaluate(machine, manager, frame))
        if target is not None:
            bind(machine, frame, target, value)
    return machine.block(frame, node.body, True)


def _match(machine: Machine, frame: Frame, node: facts.Match) -> str:
    expressions.evaluate(machine, node.subject, frame)
    bodies: list[Callable[[], str]] = [partial(machine.block, frame, case, True) for case in node.cases]
    machine.branches(frame, [*bodies, lambda: NEXT])
    return NEXT


def _jump(machine: Machine, frame: Frame, node: facts.Jump) -> str:
    return STOP


def _scope(machine: Machine, frame: Frame, node: facts.Scope) -> str:
    frame.scope.outer |= frozenset(node.names)
    return NEXT


def _delete(machine: Machine, frame: Frame, node: facts.Delete) -> str:
    for target in node.targets:
        if isinstance(target, facts.Item) and isinstance(target.index, facts.Const):
            holder = expressions.evaluate(machine, target.obj, frame)
            machine.changes += 1
            replaced.taken_out(machine, holder, str(target.index.value))
    return NEXT


def _function(machine: Machine, frame: Frame, node: facts.Function) -> str:
    info = declarations.declare(machine, frame, node, owner=None)
    value: Value = Function(info, frame.scope)
    frame.scope.names[intern(node.name)] = decorators.decorated(machine, frame, node, info, value)
    return NEXT


def _class(machine: Machine, frame: Frame, node: facts.Class) -> str:
    frame.scope.names[intern(node.name)] = Type(declarations.declare_class(machine, frame, node))
    return NEXT


STATEMENTS: dict[type, Callable[..., str]] = {
    facts.Assign: _assign,
    facts.AugAssign: _aug_assign,
    facts.Eval: _eval,
    facts.Return: _return,
    facts.Raise: _raise,
    facts.If: branching.run_if,
    facts.Loop: branching.run_loop,
    facts.Try: branching.run_try,
    facts.With: _with,
    facts.Match: _match,
    facts.Jump: _jump,
    facts.Scope: _scope,
    facts.Delete: _delete,
    facts.Import: importing.run_import,
    facts.ImportFrom: importing.run_import_from,
    facts.Function: _function,
    facts.Class: _class,
}
