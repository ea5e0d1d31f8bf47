"""Functions that nobody calls here, run with each member of the enumerations that their annotations name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import binding, calls, enums, naming, symbols
from procore_lint.project.events import Root
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.values import Instance, Parameter, Type, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Classes whose constructors are looked at: each costs another run of its methods.
_LIMIT = 200


def run(machine: Machine, live: list[ModuleInfo]) -> None:
    """Run what takes a member of an enumeration, and is called by nobody here, for any member."""
    names = {info.name for info in machine.classes.values() if naming.is_enum(info) and enums.any_of(info)}
    if not names:
        return
    words = frozenset(name.encode() for name in names)
    for module in live:
        if not module.source.held(words):
            continue
        for function in module.functions:
            owner = function.owner
            if function.called or function.nested or (owner is not None and _is_made(owner, function)):
                continue
            given = dict(_given(machine, function, names))
            if given and owner is not None and function.name == "__init__":
                _run_methods(machine, function, owner, given)
            elif given:
                receiver = None if owner is None or function.is_static else owner
                _run(machine, function, receiver, given)


def _is_made(owner: ClassInfo, function: FunctionInfo) -> bool:
    made = [owner, *owner.descendants()]
    return function.name == "__init__" and (len(made) > _LIMIT or any(info.created for info in made))


def _given(machine: Machine, function: FunctionInfo, names: set[str]) -> Iterator[tuple[str, Value]]:
    for param in function.inside.params:
        if param.annotation is not None and param.default is None and _names(param.annotation, names):
            value = enums.annotated(machine, param.annotation, function.scope)
            if value is not None:
                yield param.name, value


def _names(annotation: facts.Expr, names: set[str]) -> bool:
    last = naming.dotted(annotation).rpartition(".")[2]
    text = annotation.value if isinstance(annotation, facts.Const) else None
    return last in names or isinstance(text, str)


def _run_methods(machine: Machine, init: FunctionInfo, owner: ClassInfo, given: dict[str, Value]) -> None:
    """Run the methods of a class whose constructor takes the members: `self` keeps them."""
    for name, value in given.items():
        machine.enumerated[init.id, name] = members(value)
    for info in (owner, *owner.descendants()):
        if info.find("__init__") is init:
            for method in {id(m): m for base in info.line() for m in base.methods.values()}.values():
                if method is not init and info.find(method.name) is method and not method.is_static:
                    _run(machine, method, info, {})


def _run(
    machine: Machine, function: FunctionInfo, receiver: ClassInfo | None, given: dict[str, Value]
) -> None:
    with machine.fresh_run(Root(function.module, function, receiver.id if receiver else "")):
        bound: Instance | Type | None = None
        if receiver is not None:
            bound = Type(receiver) if function.is_class_method else symbols.symbol(machine, receiver)
        names = binding.open_parameters(machine, function, bound)
        for name, value in given.items():
            if isinstance(names.get(name), Parameter):
                names[name] = value
        calls.execute(machine, function, names, bound)
