"""What running a function once by itself tells its callers, so that it need not be run again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from procore_lint.project import attributes, headers, strings, urls
from procore_lint.project.events import Invocation, Request, Root, Trail
from procore_lint.project.libraries import patterns, sending
from procore_lint.values import (
    UNKNOWN,
    Age,
    Choice,
    Client,
    Data,
    Deadline,
    External,
    Flag,
    Function,
    Hole,
    Instance,
    Key,
    Layer,
    Listing,
    Mapping,
    Nothing,
    Now,
    Parameter,
    Partial,
    Prepared,
    Response,
    Text,
    Type,
    Value,
    concat,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


class Outline(msgspec.Struct, eq=False):
    """`closed`: nothing in the body waits for a caller. `again`: the result is a closure, made anew each
    time.

    `waiting`: parameters on whose objects the body calls methods, or which pick out of dicts. `tested`:
    parameters that the body asks for: objects made without them may lack what they bring.
    """

    key: str
    result: Value | None  # None where it was let go (see `results`)
    closed: bool
    again: bool
    objects: bool  # the result holds objects that each call gets as its own
    several: bool  # the result is one of several
    built: bool  # the result is a text, or out of an answer: built of what was passed
    effects: bool
    waiting: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()

    def holds_for(self, names: dict[str, Value]) -> bool:
        """Whether the outline says all for these arguments."""
        if (self.objects or self.several) and any(
            isinstance(names.get(name), (Nothing, Flag)) for name in self.tested
        ):
            return False
        # What is built out of `*args`, or asked for with them, is built anew from the parts of one call.
        return self.closed and not any(
            isinstance(m, (Client, Prepared, Function, Type, Partial, Response, Text))
            or (isinstance(m, External) and sending.sends(m))
            or (self.built and isinstance(m, Listing) and m.exact)
            or (isinstance(m, Instance) and not (name == "self" and m.symbolic))
            for name in self.waiting
            for m in members(names.get(name, UNKNOWN))
        )


class Mark(NamedTuple):
    """How far the trail and the effects had come."""

    requests: int
    comparisons: int
    arithmetic: int
    fallbacks: int
    invocations: int
    effects: int

    @classmethod
    def of(cls, trail: Trail, effects: int) -> Mark:
        return cls(
            len(trail.requests), len(trail.comparisons), len(trail.arithmetic), len(trail.fallbacks),
            len(trail.invocations), effects,
        )  # fmt: skip


def outline(
    key: str,
    root: Root,
    trail: Trail,
    mark: Mark,
    effects: int,
    result: Value,
    waiting: tuple[str, ...],
    tested: tuple[str, ...],
) -> Outline:
    """The outline of a run that began at `mark`."""
    return Outline(
        key,
        result,
        is_closed(root, trail, mark),
        _holds_closures(result),
        _holds_objects(result, 3),
        isinstance(result, Choice),
        any(isinstance(member, (Text, Response, Data)) for member in members(result)),
        effects > mark.effects,
        waiting,
        tested,
    )


def is_closed(root: Root, trail: Trail, mark: Mark) -> bool:
    """Whether no event of this run (functions run by themselves on the way have theirs) is open."""
    return not (
        any(r.root is root and _is_open_request(r) for r in trail.requests[mark.requests :])
        or any(
            c.root is root and (_is_open_pair(c.left, c.right) or _is_open_pair(c.right, c.left))
            for c in trail.comparisons[mark.comparisons :]
        )
        or any(
            a.root is root and (open_in(a.base) or open_in(a.number))
            for a in trail.arithmetic[mark.arithmetic :]
        )
        or any(f.root is root and open_in(f.source) for f in trail.fallbacks[mark.fallbacks :])
        or any(c.root is root and _is_open_call(c) for c in trail.invocations[mark.invocations :])
    )


_HEADERS = (frozenset({"procore-company-id"}), frozenset({"authorization"}))


def _is_open_request(request: Request) -> bool:
    """Whether callers decide where a request goes or which headers it carries."""
    if open_in(request.method) or any(_is_open_url(member) for member in members(request.url)):
        return True
    if any(headers.presence(request.headers, names).state == headers.OPEN for names in _HEADERS):
        return True
    return any(isinstance(m, Text) and _reads_body(m.template) for m in members(request.url)) and any(
        open_in(value) for value in request.body
    )


def _reads_body(url: str) -> bool:
    """Whether a check looks into the body of requests to `url`."""
    return "oauth" in url or "webhooks" in url


def _is_open_url(value: Value) -> bool:
    """Whether a caller decides more of a url than ids in its path."""
    if isinstance(value, Parameter):
        return True
    if not isinstance(value, Text):
        return False
    # Which host a REST path is sent to is read from what calls pass, not by running them again.
    rest = urls.is_rest_path(urls.address(value).path)
    for position, part in enumerate(value.parts):
        if isinstance(part, Hole) and not (rest and position == 0):
            for parameter in parameters(part.value, 2):
                if position == 0 or not _ID.search((parameter.path or (parameter.name,))[-1]):
                    return True
    return False


_ID = re.compile(r"(?:\A|_)(?:ids?|number|num|page|key|uuid|guid)\Z|[a-z]Id\Z|\Aid", re.ASCII)
_TIMED = frozenset("sleep setex psetex expire Timer call_later add_job add_periodic_task do enter".split())


def _is_open_pair(side: Value, other: Value) -> bool:
    if not open_in(side):
        return False
    return any(
        isinstance(m, (Now, Age, Deadline)) or (isinstance(m, Text) and strings.is_notable(m.template))
        for m in members(other)
    ) or any(isinstance(m, (Age, Deadline)) for m in members(side))


def _is_open_call(call: Invocation) -> bool:
    given = (*call.args, *call.kwargs.values())
    if call.name.rpartition(".")[2] in _TIMED:
        return any(open_in(value) for value in given)
    tried = patterns.tried(call.name, call.receiver, call.args)
    if tried:
        return any(open_in(value) for value in tried)
    if not any(isinstance(m, Text) and strings.is_notable(m.template) for v in given for m in members(v)):
        return False
    return call.receiver is not None and open_in(call.receiver)


def _holds_objects(value: Value, limit: int) -> bool:
    """Whether a result has objects that belong to one call: what one caller adds is not another's."""
    for member in members(value):
        if isinstance(member, (Mapping, Client, Prepared)):
            return True
        if isinstance(member, Instance) and not member.symbolic:
            return True
        if (
            isinstance(member, Listing)
            and limit
            and any(_holds_objects(i, limit - 1) for i in member.items[:12])
        ):
            return True
    return False


def _holds_closures(value: Value) -> bool:
    return any(
        isinstance(m, Partial) or (isinstance(m, Function) and (m.info.nested or m.info.name == "<lambda>"))
        for m in members(value)
    )


def own(machine: Machine, value: Value, limit: int = 3) -> Value:
    """Copies of the objects in a result: what one caller adds to its own is not another's.

    A copy reads through to the original, so that it costs nothing until it is changed.
    """
    if isinstance(value, Choice):
        return join(own(machine, member, limit) for member in value.members)
    if limit <= 0:
        return value
    copy: Value = value
    if isinstance(value, Mapping):
        copy = Mapping(value.place, spreads=[_behind(value)])
    elif isinstance(value, Listing):
        copy = Listing(
            value.place, [own(machine, i, limit - 1) for i in value.items], value.kind, value.exact
        )
    elif isinstance(value, Client):
        headers_copy = Mapping(value.headers.place, spreads=[value.headers])
        copy = Client(
            value.library, value.place, value.base_url, headers_copy, value.auth, value.open,
            list(value.layers), dict(value.attributes),
        )  # fmt: skip
    elif isinstance(value, Instance) and not value.symbolic:
        client = own(machine, value.client, 1) if value.client is not None else None
        fields = {name: own(machine, item, limit - 1) for name, item in value.fields.items()}
        copy = Instance(
            value.info,
            value.place,
            fields,
            client=client if isinstance(client, Client) else None,
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
        if isinstance(member, Parameter):
            yield member
        elif isinstance(member, Text):
            for part in member.parts:
                if isinstance(part, Hole):
                    yield from parameters(part.value, limit - 1)
        elif isinstance(member, (Age, Deadline)):
            yield from parameters(member.since if isinstance(member, Age) else member.base, limit - 1)
        elif isinstance(member, Key):
            yield from parameters(member.mapping, limit - 1)
        else:
            yield from _in_objects(member, limit)


def _in_objects(value: Value, limit: int) -> Iterator[Parameter]:
    if limit <= 0:
        return
    for member in members(value):
        if isinstance(member, Mapping):
            for entry in (*member.entries.values(), *member.spreads):
                yield from parameters(entry, limit - 1)
        elif isinstance(member, Listing):
            for entry in member.items[:12]:
                yield from parameters(entry, limit - 1)
        elif isinstance(member, Prepared):
            for entry in (member.url, member.method, member.headers):
                yield from parameters(entry, limit - 1)
        elif isinstance(member, Partial):
            for entry in (*member.args, *(v for _, v in member.kwargs)):
                yield from parameters(entry, limit - 1)
        elif isinstance(member, Instance) and not member.symbolic:
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
    if isinstance(value, Parameter):
        if value.function != function:
            return value
        result = names.get(value.name, UNKNOWN)
        for step in value.path:
            result = _step(machine, result, step)
        return result

    def inner(part: Value) -> Value:
        return substitute(machine, part, function, names, limit - 1)

    if isinstance(value, Choice):
        options = [inner(member) for member in value.members]
        return value if _same(options, value.members) else join(options)
    if isinstance(value, Text):
        return _in_text(value, inner)
    if isinstance(value, Listing):
        items = [inner(item) for item in value.items]
        return value if _same(items, value.items) else Listing(value.place, items, value.kind, value.exact)
    if isinstance(value, Mapping):
        return _in_mapping(machine, value, inner)
    if isinstance(value, Client):
        return _in_client(machine, value, inner)
    if isinstance(value, Instance) and not value.symbolic:
        return _in_instance(machine, value, inner)
    if isinstance(value, Deadline):
        base = inner(value.base)
        return value if base is value.base else Deadline(base, value.number, value.place)
    if isinstance(value, Age):
        since = inner(value.since)
        return value if since is value.since else Age(since, value.unit)
    return value


def _same(after: Sequence[Value], before: Sequence[Value]) -> bool:
    return all(new is old for new, old in zip(after, before, strict=True))


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
    spreads = [inner(item) for item in mapping.spreads]
    if _same(list(entries.values()), list(mapping.entries.values())) and _same(spreads, mapping.spreads):
        return mapping
    if _is_copy(mapping):
        return spreads[0]
    filled = Mapping(mapping.place, entries, dict(mapping.places), spreads, mapping.open, mapping.default)
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
