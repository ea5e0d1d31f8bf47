"""What a call, or a run without a caller, gives the parameters of a function."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import promised, symbols
from procore_lint.project.libraries import injection
from procore_lint.project.model import Args, ClassInfo, Frame, FunctionInfo, Kwargs
from procore_lint.values import (
    UNKNOWN,
    Client,
    Data,
    Flag,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Parameter,
    Type,
    Unknown,
    Value,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def is_self(info: FunctionInfo, value: Value) -> bool:
    """Whether a method taken from its class, or by a wrapper, is handed the object it is run on."""
    return (
        info.owner is not None
        and not info.is_static
        and not info.is_class_method
        and isinstance(value, Instance)
        and any(base is info.owner for base in value.info.line())
    )


def missing_self(
    machine: Machine, info: FunctionInfo, owner: ClassInfo, args: Args, rest: Value | None
) -> Value | None:
    """A method's object, where a wrapper hands it on among arguments that are not decided; None elsewhere."""
    first = members(args[0]) if args else (rest,)
    if info.is_static or info.nested or not all(isinstance(m, (Parameter, Unknown)) for m in first):
        return None
    return Type(owner) if info.is_class_method else symbols.symbol(machine, owner)


def bind_arguments(
    machine: Machine, info: FunctionInfo, args: Args, kwargs: Kwargs, rest: Value | None
) -> dict[str, Value]:
    """The names that a call gives the parameters; defaults fill in, spreads leave them undecided."""
    names: dict[str, Value] = {}
    left = dict(kwargs)
    queue = list(args)
    place = info.module.place(info.span)
    for param in info.inside.params:
        name = intern(param.name)
        if param.kind == "*":
            given = Listing(place, queue, "tuple", exact=rest is None)
            names[name] = machine.fresh[id(given)] = given
            queue = []
            continue
        if param.kind == "**":
            spread = Mapping(place)
            for key, value in left.items():
                spread.put(key, value, place)
            if rest is not None:
                spread.spread(rest)
            names[name] = machine.fresh[id(spread)] = spread
            continue
        if param.kind == "pos" and queue:
            value = queue.pop(0)
        elif name in left:
            value = left.pop(name)
        else:
            value = _default(machine, info, param)
            if rest is not None:
                value = join((value, rest if isinstance(rest, (Parameter, Data)) else UNKNOWN))
        names[name] = value
        info.pass_(name, value)
    return names


def _default(machine: Machine, info: FunctionInfo, param: facts.Param) -> Value:
    if param.default is None:
        return UNKNOWN
    frame = Frame(info.module, info, info.scope)
    return machine.quietly(param.default, frame)


def open_parameters(machine: Machine, info: FunctionInfo, receiver: Value | None) -> dict[str, Value]:
    """Names for a run that starts at `info`: callers decide all but what a default or type says."""
    names: dict[str, Value] = {}
    for position, param in enumerate(info.inside.params):
        name = intern(param.name)
        if position == 0 and receiver is not None and param.kind == "pos":
            names[name] = receiver
            continue
        order = injection.supplied(machine, info, param)
        if order is not None:
            names[name] = order
            continue
        value: Value = Parameter(info.id, name)
        if param.annotation is not None:
            kind = machine.annotated(param.annotation, info.scope)
            if kind is not None:
                value = kind
                if isinstance(kind, Instance) and kind.info.is_model:
                    machine.picks(Parameter(info.id, name))  # calls that hand a record over fill its fields
                if isinstance(kind, Client):
                    # A session that callers must bring may carry anything; an optional one is plain.
                    kind.open = param.default is None
                value = promised.standing(machine, info, param, kind)
        if param.default is not None:
            default = _default(machine, info, param)
            if not isinstance(default, (Nothing, Mapping, Flag)):
                value = join((value, default))
        names[name] = value
    return names


def unfolded(machine: Machine, value: Value) -> None:
    """Note that a body goes through its `*args` one by one: calls that say how many get that alone."""
    for member in members(value):
        if not isinstance(member, Parameter) or member.path or member.function not in machine.by_id:
            continue
        params = machine.by_id[member.function].inside.params
        if any(param.kind == "*" and param.name == member.name for param in params):
            machine.picks(member)
