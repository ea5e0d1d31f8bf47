"""Objects that stand in where callers bring none: `client or Client()`, `client=Client()`.

What is called on one is called on what callers bring as well: its requests may then carry what they
bring, unless all calls of the project leave the parameter out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.values import Choice, Parameter, Value

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Ends the path of a parameter in whose place an object stands in.
INSTEAD = "@instead"


def brought(machine: Machine, func: Choice) -> tuple[Parameter, ...]:
    """The parameters whose own may be called where `func` is, each marked; they are asked for."""
    found: dict[Parameter, None] = {}
    for member in func.members:
        if type(member) is Parameter:
            machine.asked(member)
            if _is_one(machine, member):
                found[Parameter(member.function, member.name, (INSTEAD,))] = None
    return tuple(found)


def _is_one(machine: Machine, parameter: Parameter) -> bool:
    """Whether a parameter holds one object: of `**options` no call says what is in them."""
    info = machine.by_id.get(parameter.function)
    params = info.inside.params if info is not None else ()
    return any(p.name == parameter.name and p.kind not in ("*", "**") for p in params)


def is_stand_in(value: Value) -> bool:
    """Whether a value marks that an object stands in for what callers bring."""
    return type(value) is Parameter and value.path == (INSTEAD,)
