"""Methods of dicts, lists, texts and of what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import items, operators, replaced, storing, strings
from procore_lint.project.events import Fallback
from procore_lint.project.libraries import (
    authenticators,
    builtin,
    callbacks,
    clock,
    frames,
    functions,
    overrides,
    settings,
)
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    External,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Number,
    Parameter,
    Text,
    Type,
    Unknown,
    Value,
    concat,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine


def method(machine: Machine, target: External, args: Args, kwargs: Kwargs, site: Site) -> Value:
    receiver = target.receiver
    assert receiver is not None
    kind, _, name = target.name.partition(".")
    if kind == "<frame>" or (kind == "<dict>" and name in frames.METHODS):
        return frames.method(machine, receiver, name, args, kwargs, site)
    if kind == "<dict>":
        return _dict_method(machine, receiver, name, args, kwargs, site)
    if kind == "<list>":
        return _list_method(machine, receiver, name, args)
    if kind == "<str>":
        return strings.method(machine, receiver, name, args, kwargs)
    if kind == "<open>":
        return _open_method(machine, receiver, name, args, kwargs, site)
    if kind == "<same>":
        return receiver
    if kind == "<moment>":
        later = clock.shifted(name, receiver, args, kwargs, site.place)
        return receiver if later is None else operators.moment(machine, receiver, later, site.place, "now")
    if kind == "<number>":
        return receiver
    if kind == "<fields>":
        return functions.fields(machine, [receiver], kwargs, site)
    if kind == "<settings>":
        return settings.read(receiver, name, args, kwargs, site.place)
    if kind == "<model>":
        if isinstance(receiver, Type):
            backing = args[0] if args else (site.rest or UNKNOWN)
            return Instance(receiver.info, site.place, backing=backing)
        return UNKNOWN
    if kind == "<function>" and name in (
        "delay",
        "apply_async",
        "s",
        "si",
        "submit",
        "send",
        "map",
        "remote",
    ):
        return callbacks.task(machine, receiver, name, args, kwargs, site)
    if kind == "<super>" and isinstance(receiver, Instance):
        if authenticators.DEFAULT in kwargs and name == "__init__":
            authenticators.given(machine, receiver.info, args, kwargs, site)
        if name == "request_headers" and overrides.is_plain(receiver.info):
            return machine.made(Mapping(site.place))
        return Unknown(f"super.{name}()")
    return UNKNOWN


def _dict_method(
    machine: Machine, receiver: Value, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value:
    if name in ("get", "pop", "setdefault") and args:
        default = args[1] if len(args) > 1 else kwargs.get("default", NOTHING)
        found = items.item(machine, receiver, args[0], site.place)
        _fallback(machine, receiver, args[0], default, site)
        if name == "pop" and isinstance(args[0], Text) and args[0].plain is not None:
            replaced.taken_out(machine, receiver, args[0].plain)
        if name == "setdefault":
            storing.set_item(machine, receiver, args[0], default, site.place)
            return join((found, default))
        if isinstance(receiver, Mapping) and isinstance(found, Unknown) and not receiver.open:
            if not receiver.entries and not receiver.spreads and not machine.is_own(receiver):
                return join((found, default))  # empty only until some code fills it
            return default if not receiver.spreads else join((found, default))
        if isinstance(default, Nothing):
            return found
        return join((found, default))
    if name == "clear":
        replaced.taken_out(machine, receiver, replaced.ANY)
    if name in ("items", "values"):
        return External(f"<{name}>", receiver)
    if name == "keys":
        return Listing(site.place, [machine.element(receiver, None)], "list", exact=False)
    if name == "copy":
        return (
            machine.made(Mapping(site.place, spreads=(receiver,)))
            if isinstance(receiver, Mapping)
            else receiver
        )
    if name in ("add", "add_header") and len(args) > 1:  # containers of headers
        storing.set_item(machine, receiver, args[0], args[1], site.place)
        return NOTHING
    if name == "update" or (name == "extend" and isinstance(receiver, Mapping)):
        for source in args:
            storing.update_mapping(machine, receiver, as_mapping(machine, source, site))
        for key, value in kwargs.items():
            if isinstance(receiver, Mapping):
                replaced.put(machine, receiver, key, site.place)
                receiver.put(key, value, site.place)
        if site.rest is not None:
            storing.update_mapping(machine, receiver, site.rest)
        return NOTHING
    return UNKNOWN


def as_mapping(machine: Machine, value: Value, site: Site) -> Value:
    if isinstance(value, Listing):
        mapping = Mapping(site.place)
        for pair in value.items:
            if isinstance(pair, Listing) and len(pair.items) == 2:
                storing.set_item(machine, mapping, pair.items[0], pair.items[1], site.place)
            else:
                mapping.open = True
        return mapping
    return value


def _fallback(machine: Machine, receiver: Value, key: Value, default: Value, site: Site) -> None:
    name = key.plain if isinstance(key, Text) else None
    if name is None or "expires" not in name:
        return
    if isinstance(default, Text) and (default.plain or "").isdecimal():
        default = Number(float(default.template), site.place)  # `int(data.get("expires_in", "7200"))`
    if isinstance(default, Number):
        machine.trail.fallbacks.append(Fallback(*machine.where(site.place), receiver, name, default))


def _list_method(machine: Machine, receiver: Value, name: str, args: Args) -> Value:
    if isinstance(receiver, Listing):
        machine.changed(receiver)
        if name in ("append", "add", "insert", "put") and args:
            receiver.items.append(args[-1])
            receiver.exact = False
        elif name == "extend" and args:
            receiver.items.extend(args[0].items if isinstance(args[0], Listing) else [args[0]])
            receiver.exact = False
        elif name in ("pop", "popleft", "get"):
            return join(receiver.items) if receiver.items else UNKNOWN
        elif name in ("copy",):
            return receiver
    return NOTHING if name in ("append", "extend", "insert", "add") else UNKNOWN


def _is_path(args: Args) -> bool:
    return any(
        isinstance(m, Text) and m.template.startswith(("/", "http", "\0/"))
        for a in args[:1]
        for m in members(a)
    )


def _open_method(
    machine: Machine, receiver: Value, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value:
    if isinstance(receiver, Parameter):
        if name not in strings.METHODS or _is_path(args):
            machine.asked(receiver)
        elif name in ("startswith", "endswith"):
            machine.picks(receiver)
    if name == "get" and args:
        if "headers" in kwargs or "params" in kwargs or "timeout" in kwargs or len(args) == 1:
            answer = builtin.looks_sent(machine, "get", args, kwargs, site)
            if answer is not None:
                return answer
        default = args[1] if len(args) > 1 else kwargs.get("default", NOTHING)
        _fallback(machine, receiver, args[0], default, site)
        if isinstance(receiver, Unknown) and receiver.hint.endswith("config") and isinstance(args[0], Text):
            found = machine.setting(args[0].plain or "")
            if found is not None:
                return found
        found = items.item(machine, receiver, args[0], site.place)
        return found if isinstance(default, Nothing) else join((found, default))
    if name in ("items", "values"):
        return External(f"<{name}>", receiver)
    if name == "update":
        storing.beside(machine, kwargs, site.place)
        return NOTHING
    if name == "pop" and args and isinstance(args[0], Text):
        found = items.item(machine, receiver, args[0], site.place)
        if len(args) == 1 or isinstance(args[1], Nothing):
            return found
        _fallback(machine, receiver, args[0], args[1], site)
        return join((found, args[1]))
    if name in ("copy", "strip", "encode", "decode", "lower", "upper", "split", "rstrip", "lstrip", "keys"):
        return receiver
    if name == "setdefault":
        if len(args) > 1:
            _fallback(machine, receiver, args[0], args[1], site)
            machine.hand_out(args[1])
        return args[1] if len(args) > 1 else UNKNOWN
    if name == "format":
        return concat(receiver)
    if isinstance(receiver, Parameter):
        return Parameter(receiver.function, receiver.name, (*receiver.path, name)[:6])
    return UNKNOWN
