"""Parameters that are annotated: what the project's calls pass comes before what their classes say.

An annotation names a base class or a library's session; the objects that are passed are those of heirs,
or sessions with headers of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import attributes
from procore_lint.project.model import FunctionInfo
from procore_lint.values import Client, Function, Instance, Parameter, Unknown, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def standing(machine: Machine, info: FunctionInfo, param: facts.Param, kind: Value) -> Value:
    """`kind`, or what stands for a constructor's parameter until it is known what calls pass."""
    if info.name != "__init__":
        return kind
    if type(kind) is Client and kind.open:
        kind.stands = Parameter(info.id, param.name)
    elif type(kind) is Instance and kind.info.subclasses:
        place = info.module.place(info.span)
        return Instance(
            kind.info, place, kind.fields, symbolic=True, client=kind.client,
            stands=Parameter(info.id, param.name),
        )  # fmt: skip
    return kind


def handed(machine: Machine, kept: Value) -> Value | None:
    """What calls pass in place of an object that a constructor keeps; None where they don't say."""
    if not isinstance(kept, (Instance, Client)) or kept.stands is None:
        return None
    if not machine.injected(kept.stands):
        machine.waits(kept.stands)
    found: dict[int, Value] = {}
    seen, pending = {kept.stands}, [kept.stands]
    for parameter in pending:
        for value in machine.injected(parameter):
            stands = value.stands if isinstance(value, (Instance, Client)) else None
            if stands is None or not machine.injected(stands):
                found[id(value)] = value
            elif stands not in seen:
                seen.add(stands)
                pending.append(stands)
    return join(list(found.values())) if found else None


def of_heirs(machine: Machine, obj: Instance, name: str, method: Function) -> Value:
    """A method of any object of a class: where heirs have their own, it may be theirs.

    What a base class only declares is what its one heir does; which of several it is, calls decide.
    """
    if not obj.info.subclasses:
        return method
    heirs = [heir for heir in obj.info.descendants() if name in heir.methods]
    if not heirs:
        return method
    _leave_to_callers(machine, obj)
    if not method.info.is_abstract:
        return method
    if len(heirs) > 1:
        return Unknown(f"{obj.info.name}.{name}")
    return attributes.bound(heirs[0].methods[name], machine.symbol(heirs[0]))


def _leave_to_callers(machine: Machine, obj: Instance) -> None:
    """Note which of the running root's parameters hold an object: calls that pass others are run anew."""
    function = machine.root.function if machine.root else None
    if function is None or not machine.stack or machine.stack[0].function is not function:
        return
    for name, value in machine.stack[0].scope.names.items():
        if obj in members(value):
            machine.picks(Parameter(function.id, name))
