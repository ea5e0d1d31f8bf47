"""Decorators: what a function or method is once its decorators have had it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.libraries import routes
from procore_lint.project.model import Frame, FunctionInfo
from procore_lint.values import Function, Instance, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

_KEEPING = frozenset(
    {"staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "override"}
)


def decorated(
    machine: Machine, frame: Frame, node: facts.Function, info: FunctionInfo, value: Value
) -> Value:
    """The function as its decorators leave it: project decorators are run, others keep it.

    What the project's own decorators make of it is kept as `info.wrapped`, so that a method's callers
    find the wrapper, and a run that begins at the function begins at the wrapper.
    """
    plain = value
    for decorator in reversed(node.decorators):
        name = machine.dotted(decorator).rpartition(".")[2]
        if name in _KEEPING or name in ("setter", "deleter"):
            continue
        wrapper = machine.quietly(decorator, frame)
        routes.note_decorator(machine, frame, decorator, wrapper)
        inner = [m for m in members(_applied(machine, wrapper, value)) if isinstance(m, Function)]
        if inner:
            value = join(inner)
    if value != plain and not info.is_property:
        info.wrapped = value
    return value


def _applied(machine: Machine, wrapper: Value, value: Value) -> Value:
    if isinstance(wrapper, Instance):
        method = wrapper.info.find("__call__")
        if method is None:
            return value
        wrapper = Function(method, method.scope, wrapper)
    if not isinstance(wrapper, Function):
        return value
    machine.decorating += 1  # what a decorator defines is a wrapper, no function of its own
    made = machine.invoke(wrapper, [value], {})
    machine.decorating -= 1
    return made


def wrapped(method: FunctionInfo, receiver: Value | None) -> Value | None:
    """A method's wrappers bound to `receiver`; None where no decorator of the project's wraps it."""
    if method.wrapped is None:
        return None
    return join(
        Function(member.info, member.scope, receiver)
        for member in members(method.wrapped)
        if isinstance(member, Function)
    )
