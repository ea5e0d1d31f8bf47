"""What assignments do to objects: attributes, keys, and the settings of clients."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from procore_lint.project import attributes, items, overwritten, replaced, twins
from procore_lint.project.events import Together
from procore_lint.project.libraries import patches, settings, shared
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    Data,
    Deadline,
    External,
    Function,
    Instance,
    Key,
    Layer,
    Listing,
    Mapping,
    Package,
    Parameter,
    Place,
    Prepared,
    Text,
    Type,
    Unknown,
    Value,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def set_item(machine: Machine, obj: Value, index: Value, value: Value, place: Place) -> None:
    """`obj[index] = value`."""
    for target in members(obj):
        machine.changed(target)
        if isinstance(target, Mapping):
            plain = items.key_of(index)
            if plain is not None and plain not in target.entries:
                target.add(plain, machine.now())
            if plain is not None:
                if _is_from_outside(machine, target):
                    machine.twins.put(target, plain, value, place)
                replaced.put(machine, target, plain, place)
            for key in members(index):
                _put(target, key, value, place)
            together(machine, target, (value,), place)
        elif isinstance(target, Listing):
            target.items.append(value)
            target.exact = False
        elif isinstance(target, Instance):
            method = target.info.find("__setitem__")
            if method is not None:
                machine.invoke(Function(method, method.scope, target), [index, value], {})
        elif isinstance(target, Data):
            beside(machine, {"": target, items.key_of(index) or "[]": value}, place)
        elif isinstance(target, (Unknown, External, Parameter)):
            hint = (
                target.name
                if isinstance(target, External)
                else target.hint
                if isinstance(target, Unknown)
                else ""
            )
            settings.configure(machine.configured, hint, items.key_of(index), value)
            machine.hand_out(value)


def beside(machine: Machine, entries: dict[str, Value], place: Place) -> None:
    """Note what is put at once into something that is not known whole, where a moment is among it."""
    container = Mapping(place)
    for name, value in entries.items():
        container.put(name, value, place)
    together(machine, container, entries.values(), place)


def together(
    machine: Machine, container: Mapping | Listing | Instance, put: Iterable[Value], place: Place
) -> None:
    """Note a container where a moment that a constant decides is among what was put into it."""
    if any(isinstance(value, Deadline) for value in put):
        machine.trail.together.append(Together(*machine.where(place), container))


def _is_from_outside(machine: Machine, mapping: Mapping) -> bool:
    """Whether another body made a mapping than the running one, and no running method's object has it."""
    if machine.stack and mapping.home is machine.stack[-1].run:
        return False
    return not any(twins.has(frame.receiver, mapping) for frame in machine.stack)


def build(mapping: Mapping, key: Value, value: Value, place: Place) -> None:
    """Put an entry into a mapping that is being made."""
    for member in members(key):
        plain = items.key_of(member)
        if plain is not None:
            replaced.shown_over(mapping, plain)
        _put(mapping, member, value, place)


def _put(mapping: Mapping, key: Value, value: Value, place: Place) -> None:
    plain = items.key_of(key)
    if plain is not None:
        mapping.put(plain, value, place)
    elif isinstance(key, Key):
        if not any(member is mapping for member in members(key.mapping)):  # its own keys it has
            mapping.spread(key.mapping)
    else:
        mapping.default = value if mapping.default is None else join((mapping.default, value))
        mapping.open = True


def set_attribute(machine: Machine, obj: Value, name: str, value: Value) -> None:
    """`obj.name = value`."""
    for target in members(obj):
        machine.changed(target)
        if isinstance(target, Instance):
            if target.client is not None and name in _SET_ON_CLIENT:
                _set_client(target.client, name, value)
                continue
            setter = target.info.find(f"{name}.setter")
            if setter is not None:
                machine.invoke(Function(setter, setter.scope, target), [value], {})
                continue
            target.fields[name] = absorb(_before(machine, target, name), value)
        elif isinstance(target, Client):
            _set_client(target, name, value)
        elif isinstance(target, Prepared):
            if name == "headers":
                overwritten.note(machine, target, value)
                target.headers.spread(value)
            elif name == "url":
                target.url = value
        elif isinstance(target, Type):
            target.info.attributes[name] = absorb(target.info.attributes.get(name), value)
        elif isinstance(target, (External, Parameter, Unknown)):
            if isinstance(target, External):
                patches.note(machine, target.name, value)
            key = shared.name_of(target, name)
            if key is not None:
                machine.shared[key] = absorb(machine.shared.get(key), value)
            machine.hand_out(value)
        elif isinstance(target, Package):
            names = target.info.scope.names
            names[name] = absorb(names.get(name), value)


def _before(machine: Machine, target: Instance, name: str) -> Value | None:
    """What a field held so far; of the class's own value, where not every object gets another."""
    if name in target.fields:
        return target.fields[name]
    common = target.info.attribute(name)
    kept = [m for m in members(common) if _is_setting(m)] if common is not None else []
    if not kept:
        return None
    making = any(f.function is not None and f.function.name in _MAKERS for f in machine.stack)
    return join(kept) if machine.arms > target.arms or (target.symbolic and not making) else None


def _is_setting(value: Value) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, Text) and bool(value.parts))


_MAKERS = frozenset({"__init__", "__post_init__", "__attrs_post_init__", "model_post_init", "setUp"})


#: Methods whose replacement each request goes through.
_LAYERS = frozenset({"send", "prepare_request", "build_request"})


_REPLACEABLE = attributes.ROUTED | _LAYERS | {"_request"}


_SET_ON_CLIENT = _LAYERS | {"headers", "auth", "base_url", "event_hooks"}


def _set_client(client: Client, name: str, value: Value) -> None:
    if name == "headers":
        client.headers.spread(value)
    elif name == "auth":
        client.auth = value if client.auth is None else join((client.auth, value))
    elif name == "addheaders" and client.library == "opener":
        client.headers.spread(value)
    elif name == "event_hooks":
        client.layers.append(Layer("hook", value))
    elif name in _REPLACEABLE:
        client.attributes[name] = absorb(client.attributes.get(name), value)
        if name in _LAYERS:
            client.layers.append(Layer(name, value))
    elif name == "base_url":
        client.base_url = value if client.base_url == NOTHING else join((client.base_url, value))


def absorb(old: Value | None, new: Value) -> Value:
    """`old` or `new`; of objects made at one place, one stands for all."""
    if old is None or old == UNKNOWN:
        return new
    known = {(type(m), m.place) for m in members(old) if isinstance(m, (Mapping, Listing, Client, Instance))}
    kept = [
        m
        for m in members(new)
        if not (isinstance(m, (Mapping, Listing, Client, Instance)) and (type(m), m.place) in known)
    ]
    return join((old, *kept))


def update_mapping(machine: Machine, target: Value, source: Value) -> None:
    """`target.update(source)`."""
    for mapping in members(target):
        machine.changed(mapping)
        if isinstance(mapping, Mapping) and mapping is not source:
            replaced.updated(machine, mapping, source)
            mapping.add(len(mapping.spreads), machine.now())
            mapping.spread(source)
            if _is_from_outside(machine, mapping):
                machine.twins.spread(mapping, source)
