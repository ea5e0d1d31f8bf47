"""Reading what containers hold: items by key or position, or any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import attributes, enums, looks
from procore_lint.project.libraries import named_tuples, settings
from procore_lint.values import (
    UNKNOWN,
    Choice,
    Data,
    External,
    Function,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Number,
    Parameter,
    Place,
    Response,
    Text,
    Type,
    Unknown,
    Value,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def item(machine: Machine, obj: Value, index: Value, place: Place) -> Value:
    """`obj[index]`, of what may have items: where it is None, or has no such key, the run ends."""
    if isinstance(obj, Choice):
        some = [member for member in obj.members if not isinstance(member, Nothing)]
        key = key_of(index)
        useful = [member for member in some if key is None or not _lacks(member, key)] or some
        return join(_item(machine, member, i, place) for member in useful for i in members(index))
    return join(_item(machine, obj, i, place) for i in members(index))


def _lacks(value: Value, key: str, limit: int = 4) -> bool:
    """Whether a dict of some keys, and of no others, has not this one; copies are looked through."""
    if not isinstance(value, Mapping) or not limit or value.open or value.default is not None:
        return False
    if key in value.entries or not (value.entries or value.spreads):
        return False
    return all(_lacks(member, key, limit - 1) for spread in value.spreads for member in members(spread))


def _item(machine: Machine, obj: Value, index: Value, place: Place) -> Value:
    key = index.plain if type(index) is Text else None
    if type(obj) is Mapping:
        if type(index) is Parameter:
            machine.picks(index)
        return mapping_get(machine, obj, index)
    if type(obj) is External and obj.name in ("os.environ", "environ") and key is not None:
        return Unknown(f"env:{key}")
    if type(obj) is Listing:
        if type(index) is Number:
            return machine.element(obj, int(index.value))
        if type(index) is Unknown and not index.hint:
            return Listing(obj.place, list(obj.items), obj.kind, exact=False)
        return machine.element(obj, None)
    if type(obj) is Data:
        step = key if key is not None else "[]"
        return Data(obj.request, (*obj.path, step)[: attributes.PATH_LIMIT])
    if type(obj) is Response:
        return Data(obj.request, (key or "[]",))
    if type(obj) is Parameter:
        if key is None:
            looks.of_part(machine, obj)
        return Parameter(obj.function, obj.name, (*obj.path, key or "[]")[: attributes.PATH_LIMIT])
    if type(obj) is Instance:
        method = obj.info.find("__getitem__")
        if method is not None:
            return machine.invoke(Function(method, method.scope, obj), [index], {})
        if obj.backing is not None:
            return _item(machine, obj.backing, index, place)
        if key is not None and key in obj.fields:
            return obj.fields[key]
        if type(index) is Number and named_tuples.is_one(obj.info):
            return machine.element(obj, int(index.value))
    if type(obj) is Type:
        if key is None and isinstance(index, (Type, External, Listing)):
            return obj  # `Client[Item]`: the class itself, whatever fills its parameter
        if key is not None:
            return obj.info.attribute(key) or UNKNOWN
        if type(index) is Parameter:
            machine.picks(index)
        return enums.any_of(obj.info) or UNKNOWN
    if key is not None and settings.is_configuration(_hint(obj), key):
        configured = machine.setting(key)
        if configured is not None:
            return configured
    looks.of_key(machine, index)
    if type(obj) is Unknown and obj.hint and key is not None:
        return Unknown(f"{obj.hint}.{key}"[-160:])
    if type(obj) is External and key is not None:
        return Unknown(f"{obj.name}.{key}")
    if type(obj) is Text:
        looks.of_part(machine, obj)
    return UNKNOWN


def _hint(value: Value) -> str:
    return value.hint if isinstance(value, Unknown) else value.name if isinstance(value, External) else ""


def mapping_get(machine: Machine, mapping: Mapping, index: Value) -> Value:
    """What a mapping may hold under `index`; unknown keys give any of its values."""
    looks.of_key(machine, index)
    key = key_of(index)
    return any_item(machine, mapping) if key is None else _under(machine, mapping, key, index, set())


def _under(machine: Machine, mapping: Mapping, key: str, index: Value, seen: set[int]) -> Value:
    seen.add(id(mapping))  # mappings may hold themselves, and one another many times
    found: list[Value] = []
    if key in mapping.entries:
        found.append(attributes.started(machine, mapping.entries[key], mapping, key))
    for spread in mapping.spreads:
        for member in members(spread):
            if isinstance(member, Mapping):
                if id(member) not in seen:
                    value = _under(machine, member, key, index, seen)
                    if value != UNKNOWN:
                        found.append(value)
            elif isinstance(member, (Data, Parameter)):
                found.append(item(machine, member, index, mapping.place))
    if not found and mapping.default is not None:
        found.append(mapping.default)
    return join(found) if found else UNKNOWN


def key_of(index: Value) -> str | None:
    if type(index) is Text:
        return index.plain
    if type(index) is Number:
        return repr(index.value)
    return None


def any_item(machine: Machine, value: Value) -> Value:
    """Any value that a mapping, list or answer holds."""
    found: list[Value] = []
    _collect(machine, value, found, set())
    return join(found) if found else UNKNOWN


def _collect(machine: Machine, value: Value, found: list[Value], seen: set[int]) -> None:
    for member in members(value):
        if isinstance(member, Mapping):
            if id(member) in seen:
                continue
            seen.add(id(member))
            found.extend(member.entries.values())
            for spread in member.spreads:
                _collect(machine, spread, found, seen)
            if member.default is not None:
                found.append(member.default)
        elif isinstance(member, (Data, Parameter, Listing)):
            found.append(machine.element(member, None))
