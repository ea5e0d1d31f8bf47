"""What loops and `with` bind: elements of containers, answers and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import calls, items
from procore_lint.project.libraries import named_tuples
from procore_lint.values import (
    UNKNOWN,
    Data,
    External,
    Function,
    Instance,
    Key,
    Listing,
    Mapping,
    Parameter,
    Place,
    Response,
    Unknown,
    Value,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


_NOWHERE = Place("", 1, 1, 1, 1)


def element(machine: Machine, value: Value, position: int | None) -> Value:
    """One element of `value`: the one at `position`, or any where that is None."""
    return join(_element(machine, member, position) for member in members(value))


def _element(machine: Machine, value: Value, position: int | None) -> Value:
    if type(value) is Listing:
        if position is not None and value.exact:
            return value.items[position] if -len(value.items) <= position < len(value.items) else UNKNOWN
        return join(value.items) if value.items else UNKNOWN
    if type(value) is Mapping:
        return Key(value)
    if type(value) is External and value.name in ("<items>", "<values>") and value.receiver is not None:
        inner = items.any_item(machine, value.receiver)
        if value.name == "<values>":
            return inner
        key: Value = Key(value.receiver) if position is None or position == 0 else inner
        if position is None:
            place = getattr(value.receiver, "place", _NOWHERE)
            return Listing(place, [key, inner], "tuple")
        return key
    if isinstance(value, (Data, Response)):
        path = value.path if type(value) is Data else ()
        return Data(value.request, (*path, "[]"))
    if type(value) is Parameter:
        return Parameter(value.function, value.name, (*value.path, "[]")[:6])
    if type(value) is Instance:
        if value.backing is not None:
            return element(machine, value.backing, position)
        method = value.info.find("__iter__")
        if method is not None:
            given = calls.invoke(machine, Function(method, method.scope, value), [], {})
            others = [m for m in members(given) if type(m) is not Instance]
            return element(machine, join(others), None) if others else UNKNOWN
        if named_tuples.is_one(value.info):
            order = named_tuples.order(value.info)
            if position is None:
                return join([value.fields.get(name, UNKNOWN) for name in order]) if order else UNKNOWN
            known = -len(order) <= position < len(order)
            return value.fields.get(order[position], UNKNOWN) if known else UNKNOWN
    if type(value) is Unknown and value.hint:
        return Unknown(f"{value.hint}.[]"[:200])
    return UNKNOWN


def entered(machine: Machine, value: Value) -> Value:
    """What `with value as name` binds."""
    results: list[Value] = []
    for member in members(value):
        if isinstance(member, Instance):
            method = member.info.find("__enter__") or member.info.find("__aenter__")
            if method is not None:
                results.append(calls.invoke(machine, Function(method, method.scope, member), [], {}))
                continue
        if isinstance(member, Listing) and member.kind == "generator":
            results.append(element(machine, member, None))
            continue
        if isinstance(member, Unknown) and member.hint.endswith("()"):
            member = Unknown(f"{member.hint}.__enter__()"[-160:])
        results.append(member)
    return join(results)
