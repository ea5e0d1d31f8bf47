"""What a result is for one call: parameters filled in, and objects of its own for what each call makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import is_
from typing import TYPE_CHECKING

import msgspec

from procore_lint.project import attributes
from procore_lint.values import (
    UNKNOWN,
    Age,
    Choice,
    Client,
    Deadline,
    Hole,
    Instance,
    Key,
    Layer,
    Listing,
    Mapping,
    Parameter,
    Partial,
    Prepared,
    Text,
    Value,
    concat,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def own(machine: Machine, value: Value, limit: int = 3, *, apart: bool = False) -> Value:
    """Copies of the objects in a result: what one caller adds to its own is not another's.

    A dict's copy reads through to the original, so that it costs nothing until it is changed; `apart` keeps
    it from what is added to the original afterwards.
    """
    if type(value) is Choice:
        return join(own(machine, member, limit, apart=apart) for member in value.members)
    if limit <= 0:
        return value
    copy: Value = value
    if type(value) is Mapping:
        copy = _copied(value) if apart else Mapping(value.place, spreads=(_behind(value),))
    elif type(value) is Listing:
        copy = Listing(value.place, [], value.kind, value.exact)
        copy.items = [own(machine, item, limit - 1, apart=apart) for item in value.items]
    elif type(value) is Client:
        headers_copy = (
            _copied(value.headers) if apart else Mapping(value.headers.place, spreads=(value.headers,))
        )
        copy = Client(
            value.library, value.place, value.base_url, headers_copy, value.auth, value.open,
            list(value.layers), dict(value.attributes),
        )  # fmt: skip
    elif type(value) is Instance and not value.symbolic:
        client = own(machine, value.client, 1, apart=apart) if value.client is not None else None
        fields = {name: own(machine, item, limit - 1, apart=apart) for name, item in value.fields.items()}
        copy = Instance(
            value.info,
            value.place,
            fields,
            client=client if type(client) is Client else None,
            backing=value.backing,
        )
        _take_over(copy, value)
    return machine.made(copy) if copy is not value else value


def _take_over(copy: Instance, original: Instance) -> None:
    """A client's own object is a layer of it: a copy stands for itself."""
    if copy.client is not None and copy.client is not original.client:
        copy.client.layers = [
            Layer(role, copy if value is original else value) for role, value in copy.client.layers
        ]


def _copied(mapping: Mapping) -> Mapping:
    copy = msgspec.structs.replace(mapping, home=None, added=None)
    if mapping.entries:
        copy.entries, copy.places = dict(mapping.entries), dict(mapping.places)
    copy.lost = dict(mapping.lost) if mapping.lost is not None else None
    copy.hidden = dict(mapping.hidden) if mapping.hidden is not None else None
    return copy


def _is_copy(mapping: Mapping) -> bool:
    """Whether a dict is another one's copy, and nothing was done to it since."""
    if mapping.entries or mapping.open or mapping.default is not None or len(mapping.spreads) != 1:
        return False
    if mapping.lost or mapping.hidden:
        return False
    other = mapping.spreads[0]
    return isinstance(other, Mapping) and other.place == mapping.place


def _behind(mapping: Mapping) -> Mapping:
    """The dict that a copy, perhaps of a copy, was made from: chains of copies stay short."""
    while _is_copy(mapping):
        source = mapping.spreads[0]
        assert isinstance(source, Mapping)
        mapping = source
    return mapping


def open_in(value: Value) -> bool:
    """Whether a caller decides something in `value` (objects are looked into, not far)."""
    return any(True for _ in parameters(value, 4))


def parameters(value: Value, limit: int) -> Iterator[Parameter]:
    """The parameters that `value` rests on, in texts, objects and moments."""
    if limit <= 0:
        return
    for member in members(value):
        if type(member) is Parameter:
            yield member
        elif type(member) is Text:
            for part in member.parts:
                if type(part) is Hole:
                    yield from parameters(part.value, limit - 1)
        elif isinstance(member, (Age, Deadline)):
            yield from parameters(member.since if isinstance(member, Age) else member.base, limit - 1)
        elif type(member) is Key:
            yield from parameters(member.mapping, limit - 1)
        else:
            yield from _in_objects(member, limit)


def _in_objects(value: Value, limit: int) -> Iterator[Parameter]:
    if limit <= 0:
        return
    for member in members(value):
        if type(member) is Mapping:
            for entry in (*member.entries.values(), *member.spreads):
                yield from parameters(entry, limit - 1)
        elif type(member) is Listing:
            for entry in member.items[:12]:
                yield from parameters(entry, limit - 1)
        elif type(member) is Prepared:
            for entry in (member.url, member.method, member.headers):
                yield from parameters(entry, limit - 1)
        elif type(member) is Partial:
            for entry in (*member.args, *(v for _, v in member.kwargs)):
                yield from parameters(entry, limit - 1)
        elif type(member) is Instance and not member.symbolic:
            for entry in member.fields.values():
                yield from parameters(entry, limit - 1)


def substitute(
    machine: Machine, value: Value, function: str, names: dict[str, Value], limit: int = 6
) -> Value:
    """`value` with the parameters of `function` replaced by what a call passes.

    What holds none of them comes back itself, not as a copy.
    """
    if limit <= 0:
        return value  # lists may hold themselves
    if type(value) is Parameter:
        if value.function != function:
            return value
        result = names.get(value.name, UNKNOWN)
        for step in value.path:
            result = _step(machine, result, step)
        return result

    def inner(part: Value) -> Value:
        return substitute(machine, part, function, names, limit - 1)

    if type(value) is Choice:
        options = [inner(member) for member in value.members]
        return value if _same(options, value.members) else join(options)
    if type(value) is Text:
        return _in_text(value, inner)
    if type(value) is Listing:
        items = [inner(item) for item in value.items]
        return value if _same(items, value.items) else Listing(value.place, items, value.kind, value.exact)
    if type(value) is Mapping:
        return _in_mapping(machine, value, inner)
    if type(value) is Client:
        return _in_client(machine, value, inner)
    if type(value) is Instance and not value.symbolic:
        return _in_instance(machine, value, inner)
    if type(value) is Deadline:
        base = inner(value.base)
        return value if base is value.base else Deadline(base, value.number, value.place)
    if type(value) is Age:
        since = inner(value.since)
        return value if since is value.since else Age(since, value.unit)
    if type(value) is Key:
        mapping = inner(value.mapping)
        return value if mapping is value.mapping else Key(mapping)
    return value


def _same(after: Sequence[Value], before: Sequence[Value]) -> bool:
    return all(map(is_, after, before))


def _in_text(text: Text, inner: Callable[[Value], Value]) -> Value:
    parts: list[Value] = []
    changed = False
    for part in text.parts:
        if isinstance(part, Hole):
            new = inner(part.value)
            changed = changed or new is not part.value
            parts.append(new)
        else:
            parts.append(Text((part,)))
    return concat(*parts) if changed else text


def _in_mapping(machine: Machine, mapping: Mapping, inner: Callable[[Value], Value]) -> Value:
    entries = {key: inner(item) for key, item in mapping.entries.items()}
    spreads = tuple([inner(item) for item in mapping.spreads])
    if _same(list(entries.values()), list(mapping.entries.values())) and _same(spreads, mapping.spreads):
        return mapping
    if _is_copy(mapping):
        return spreads[0]
    filled = Mapping(mapping.place, spreads=spreads, open=mapping.open, default=mapping.default)
    if entries:
        filled.entries, filled.places = entries, dict(mapping.places)
    filled.lost = dict(mapping.lost) if mapping.lost is not None else None
    filled.hidden = dict(mapping.hidden) if mapping.hidden is not None else None
    return machine.made(filled)


def _in_client(machine: Machine, client: Client, inner: Callable[[Value], Value]) -> Value:
    headers, base = inner(client.headers), inner(client.base_url)
    auth = None if client.auth is None else inner(client.auth)
    layers = [
        # A client's own object is in the midst of being filled in; it takes the new client over.
        layer if layer.role == "owner" else Layer(layer.role, inner(layer.value))
        for layer in client.layers
    ]
    same = headers is client.headers and base is client.base_url and auth is client.auth
    if not isinstance(headers, Mapping) or (same and layers == client.layers):
        return client
    return machine.made(
        Client(
            client.library, client.place, base, headers, auth, client.open, layers, dict(client.attributes)
        )
    )  # fmt: skip


def _in_instance(machine: Machine, instance: Instance, inner: Callable[[Value], Value]) -> Value:
    fields = {name: inner(item) for name, item in instance.fields.items()}
    client = inner(instance.client) if instance.client is not None else None
    if client is instance.client and _same(list(fields.values()), list(instance.fields.values())):
        return instance
    filled = Instance(
        instance.info,
        instance.place,
        fields,
        client=client if isinstance(client, Client) else None,
        backing=instance.backing,
    )
    _take_over(filled, instance)
    return machine.made(filled)


def _step(machine: Machine, value: Value, step: str) -> Value:
    if step == "[]":
        return machine.element(value, None)
    if step == "()":
        return UNKNOWN
    results: list[Value] = []
    for member in members(value):
        if isinstance(member, Mapping):
            results.append(member.entries.get(step, UNKNOWN))
        else:
            results.append(attributes.peek(machine, member, step))
    return join(results)
