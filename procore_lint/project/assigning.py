"""Names and what is bound to them: targets of every form, and the names that branches leave."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import (
    elements,
    expressions,
    operators,
    storing,
)  # fmt: skip
from procore_lint.project.events import Stored
from procore_lint.project.model import Frame
from procore_lint.values import (
    UNKNOWN,
    Value,
    join,
)  # fmt: skip

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def merge(ends: list[dict[str, Value]]) -> dict[str, Value]:
    """The names after alternatives: what each leaves, joined."""
    if len(ends) == 1:
        return ends[0]
    merged = dict(ends[0])
    for other in ends[1:]:
        for name, value in other.items():
            old = merged.get(name)
            if old is None:
                merged[name] = value
            elif old is not value:
                merged[name] = join((old, value))
    return merged


def bind(machine: Machine, frame: Frame, target: facts.Expr, value: Value) -> None:
    """Put `value` where `target` says: a name, an attribute, a key, or several."""
    if type(target) is facts.Name:
        _store_name(machine, frame, target.id, value)
        stored(machine, frame, target.id, value, target.span)
    elif type(target) is facts.Attr:
        obj = expressions.evaluate(machine, target.obj, frame)
        storing.set_attribute(machine, obj, target.name, value)
        stored(machine, frame, target.name, value, target.span)
    elif type(target) is facts.Item:
        obj = expressions.evaluate(machine, target.obj, frame)
        index = expressions.evaluate(machine, target.index, frame)
        place = frame.module.place(target.span)
        storing.set_item(machine, obj, index, value, place)
        if type(target.index) is facts.Const and isinstance(target.index.value, str):
            stored(machine, frame, target.index.value, value, target.span)
    elif type(target) is facts.Seq:
        for position, item in enumerate(target.items):
            if type(item) is facts.Star:
                bind(machine, frame, item.value, UNKNOWN)
            else:
                bind(machine, frame, item, elements.element(machine, value, position))
    elif type(target) is facts.Star:
        bind(machine, frame, target.value, value)


def stored(machine: Machine, frame: Frame, name: str, value: Value, span: facts.SpanT) -> None:
    """Note a moment that a constant decides under the name that it is kept by."""
    if operators.is_timely(value):
        machine.trail.stored.append(Stored(*machine.where(frame.module.place(span)), name, value))


def _store_name(machine: Machine, frame: Frame, name: str, value: Value) -> None:
    scope = frame.scope
    if name in scope.outer:
        outer = scope.parent
        while outer is not None and name not in outer.names and outer.parent is not None:
            outer = outer.parent
        if outer is not None:
            machine.changes += 1
            outer.names[name] = storing.absorb(outer.names.get(name), value)
            return
    if frame.function is None:
        machine.changes += 1  # functions that are called next read it
    scope.names[intern(name)] = value
