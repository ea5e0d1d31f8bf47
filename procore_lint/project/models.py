"""Fields of models: dataclasses, named tuples, settings, and what objects of them are known to hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from procore_lint.project.model import ClassInfo
from procore_lint.values import Data, Flag, Instance, Mapping, Parameter, Text, Unknown, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def field_value(info: ClassInfo, name: str, value: Value) -> Value:
    """A field of any object of a model: a flag's default, or a dict's, is one value among others.

    Constructors and the environment set such fields: what tests them has two arms that are alive.
    """
    if any(isinstance(m, Mapping) or (isinstance(m, Flag) and m.value) for m in members(value)):
        return join((value, open_field(info, name)))
    return value


def is_default(obj: Value, name: str) -> bool:
    """Whether `obj.name` is no more than a default: of any object of a model, or of settings."""
    return any(
        isinstance(m, Instance) and name not in m.fields and m.info.declares(name) and m.info.is_model
        for m in members(obj)
    )


def is_settings(info: ClassInfo) -> bool:
    """Whether the environment fills a model's fields."""
    return any(name.endswith("BaseSettings") for name in info.ancestors())


def hold(info: ClassInfo, name: str, value: Value, constant: bool) -> None:
    """Remember the links that an object of a model was made with; of a module's constants, the urls too."""
    kept = [m for m in members(value) if isinstance(m, Data) or (constant and _is_url(m))]
    if kept:
        known = info.held.setdefault(name, {})
        for member in kept[:4]:
            if len(known) < 8:
                known[member] = None


def _is_url(value: Value) -> bool:
    plain = value.plain if isinstance(value, Text) else None
    return plain is not None and plain.startswith(("http://", "https://"))


def held(instance: Instance, name: str) -> Value | None:
    """What a field without a default may be: what the objects made in the project have."""
    if not instance.symbolic:
        return None
    known = [value for info in instance.info.line() for value in info.held.get(name, ())]
    return join(known) if known else None


def open_field(info: ClassInfo, name: str) -> Unknown:
    """A field of any object of a model, by a name under which `made_with` finds what objects have."""
    return Unknown(f"{info.name}.{name}")


def made_with(classes: Iterable[ClassInfo], hint: str) -> list[Value]:
    """What the objects made in the project have in the field that `open_field` named."""
    owner, _, name = hint.rpartition(".")
    return [value for info in classes if info.name == owner for value in info.held.get(name, ())]


def reads_field(machine: Machine, obj: Instance) -> None:
    """Note that a method reads a field which objects are made with: it is run anew on each that is known."""
    frame = machine.stack[-1] if machine.stack else None
    if frame is not None and frame.receiver is obj and frame.function is not None:
        machine.picks(Parameter(frame.function.id, frame.function.first))
