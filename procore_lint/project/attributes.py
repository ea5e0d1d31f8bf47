"""Reading and writing what objects hold: attributes, keys, elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import decorators, enums, models, promised, strings
from procore_lint.project.libraries import addresses, clients, frames, layers, overrides, own_server, shared
from procore_lint.project.model import ClassInfo, Frame, FunctionInfo
from procore_lint.values import (
    UNKNOWN,
    Age,
    Choice,
    Client,
    Data,
    External,
    Flag,
    Function,
    Instance,
    Key,
    Layer,
    Listing,
    Mapping,
    Nothing,
    Number,
    Package,
    Parameter,
    Partial,
    Place,
    Prepared,
    Response,
    Super,
    Text,
    Type,
    Unknown,
    Value,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

_DICT_METHODS = frozenset("get items values keys copy pop setdefault update popitem clear".split())
PATH_LIMIT = 6


def get(machine: Machine, obj: Value, name: str, frame: Frame | None, span: facts.SpanT | None) -> Value:
    """`obj.name`; properties are run."""
    if type(obj) is Choice:
        useful = [m for m in obj.members if type(m) is not Nothing]
        return join(get(machine, member, name, frame, span) for member in useful)
    value = peek(machine, obj, name)
    if type(value) is not Function:
        if type(value) is Choice and type(obj) is Parameter:  # of the objects that it holds
            return join([_run_property(machine, member) for member in value.members])
        return value
    if type(obj) is Instance and obj.symbolic and (frame is None or frame.receiver is not obj):
        value = promised.of_heirs(machine, obj, name, value)
    found = [_run_property(machine, member) for member in members(value)]
    return join(found) if len(found) > 1 else found[0]


def _run_property(machine: Machine, value: Value) -> Value:
    if isinstance(value, Function) and value.info.is_property and value.receiver is not None:
        return enums.decided(value, machine.invoke(value, [], {}))
    return value


def peek(machine: Machine, obj: Value, name: str) -> Value:
    """`obj.name` without running anything."""
    if type(obj) is Package:
        return machine.module_member(obj.info, name)
    if type(obj) is Instance:
        return _of_instance(machine, obj, name)
    if type(obj) is Type:
        return _of_class(machine, obj.info, name, obj)
    if type(obj) is Super:
        return _of_super(machine, obj, name)
    if type(obj) is External:
        if obj.name.startswith("<directory>"):
            child = machine.table.child(obj.name[len("<directory>") :], name)
            return machine.module_value(child, name)
        if obj.name == "django.conf.settings":
            found = machine.setting(name)
            if found is not None:
                return found
        kept = _kept(machine, obj, name) if obj.name.endswith(".g") else None
        return External(f"{obj.name}.{name}", obj.receiver) if kept is None else kept
    if type(obj) is Client:
        return clients.of_client(obj, name)
    if type(obj) is Prepared:
        return {"headers": obj.headers, "url": obj.url, "method": obj.method}.get(
            name, External(f"<prepared>.{name}", obj)
        )
    if type(obj) is Response:
        return clients.of_response(obj, name)
    if type(obj) is Data:
        if name in _DICT_METHODS:
            return External(f"<dict>.{name}", obj)
        if name in strings.METHODS:
            return External(f"<str>.{name}", obj)
        if name in ("append", "extend"):
            return External(f"<list>.{name}", obj)
        if name in frames.METHODS:
            return External(f"<frame>.{name}", obj)
        if name in ("read", "decode", "text", "json", "strip"):
            return External("<same>", obj)
        return Data(obj.request, (*obj.path, name)[:PATH_LIMIT])
    if type(obj) is Parameter:
        held = machine.injected(obj)
        if held:
            return join(peek(machine, member, name) for member in held)
        kept = _kept(machine, obj, name) if obj.path[-1:] == ("state",) else None
        if kept is not None:
            return kept
        if name in _DICT_METHODS or name in strings.METHODS:
            return External(f"<open>.{name}", obj)
        return Parameter(obj.function, obj.name, (*obj.path, name)[:PATH_LIMIT])
    if type(obj) is Mapping:
        return enums.member(machine, obj, name) or External(f"<dict>.{name}", obj)
    if type(obj) is Listing:
        return enums.member(machine, obj, name) or External(f"<list>.{name}", obj)
    if type(obj) is Text:
        if name in ("value", "_value_"):
            return obj
        known = enums.member(machine, obj, name) or addresses.part(obj, name)
        return External(f"<str>.{name}", obj) if known is None else known
    if type(obj) is Number:
        if name in ("value", "days", "seconds"):
            return obj
        return enums.member(machine, obj, name) or External(f"<number>.{name}", obj)
    if type(obj) is Unknown:
        if name in _DICT_METHODS or name in strings.METHODS:
            return External(f"<open>.{name}", obj)
        kept = _kept(machine, obj, name) if obj.hint.endswith(".state") else None
        if kept is not None:
            return kept
        return Unknown(f"{obj.hint}.{name}"[-160:] if obj.hint else name)
    if isinstance(obj, (Function, Partial)):
        return External(f"<function>.{name}", obj)
    if type(obj) is Choice:
        return join(peek(machine, member, name) for member in obj.members)
    if type(obj) is Age and name in ("seconds", "days"):
        return obj if name == "seconds" else Age(obj.since, obj.unit * 86400)
    return External(f"<moment>.{name}", obj) if not isinstance(obj, (Nothing, Key)) else UNKNOWN


def _kept(machine: Machine, obj: Value, name: str) -> Value | None:
    """What the application keeps under this name for all its parts."""
    key = shared.name_of(obj, name)
    if key is None:
        return None
    if key not in machine.shared:
        machine.waits(key)
    return machine.shared.get(key)


def _of_instance(machine: Machine, obj: Instance, name: str) -> Value:
    if name in obj.fields:
        if obj.symbolic:
            handed = promised.handed(machine, obj.fields[name])
            if handed is not None:
                return handed
        return started(machine, obj.fields[name], obj, f"{obj.info.name}.{name}")
    if obj.client is not None and name in ROUTED and obj.info.find(name) is None:
        routed = _routed(obj, name)
        if routed is not None:
            return routed
    found = _of_class(machine, obj.info, name, obj)
    if not isinstance(found, Unknown):
        return found
    if obj.client is not None and (name in clients.NAMES or name == "headers"):
        return clients.of_client(obj.client, name)
    if obj.backing is not None:
        return peek(machine, obj.backing, name)
    if obj.symbolic and any(base.order for base in obj.info.line()):
        models.reads_field(machine, obj)
    held = models.held(obj, name)
    if held is not None:
        return held
    annotation = obj.info.field_annotation(name)
    if annotation is not None:
        value = machine.annotated(annotation[0], annotation[1].scope)
        if value is not None:
            return value
        if obj.symbolic and obj.info.is_model:
            return models.open_field(obj.info, name)
    getter = obj.info.find("__getattr__")
    if getter is not None:
        return UNKNOWN
    if name == "start" and any(base.endswith(_STARTED) for base in obj.info.ancestors()):
        return _of_class(machine, obj.info, "run", obj)
    handed = own_server.client_of(obj.info, name)
    if handed is not None:
        return handed
    if obj.symbolic and obj.info.external:
        return Unknown(f"{obj.info.name}.{name}")
    return Unknown(f"self.{name}")


#: Classes whose `start` calls the `run` of their heirs.
_STARTED = ("Thread", "Process")


def _routed(obj: Instance, name: str) -> Value | None:
    """What `get` and its likes go through: the class's own `request` (aiohttp: `_request`)."""
    for inner in ("request", "_request"):
        if inner == name:
            continue
        method = obj.info.find(inner)
        target = obj.fields.get(inner) if method is None else bound(method, obj)
        if target is not None:
            return target if name == "request" else with_verb(target, name, obj.place)
    return None


def with_verb(target: Value, name: str, place: Place) -> Value:
    return join(Partial(member, (literal(name.upper(), place),), ()) for member in members(target))


def _of_class(machine: Machine, info: ClassInfo, name: str, receiver: Value) -> Value:
    for base in info.line():
        method = base.methods.get(name)
        if method is not None:
            return bound(method, receiver)
        if name in base.attributes:
            value = started(machine, base.attributes[name], base, f"{info.name}.{name}")
            if isinstance(receiver, Instance) and name in base.annotations and info.is_model:
                if receiver.symbolic:
                    models.reads_field(machine, receiver)
                return models.field_value(info, name, value)
            return value
    if isinstance(receiver, Type) and name in _MAKERS:
        return External(f"<model>.{name}", receiver)
    if isinstance(receiver, Instance) and name in _DUMPS and (info.order or info.external):
        return External(f"<fields>.{name}", receiver)
    return Unknown(f"{info.name}.{name}")


_DUMPS = frozenset({"model_dump", "dict", "_asdict"})
_MAKERS = frozenset("model_validate parse_obj validate from_dict model_construct from_orm load".split())


def started(machine: Machine, value: Value, holder: object, hint: str) -> Value:
    """A value kept where other code can put another one: an empty start says nothing of later."""
    if machine.fresh.get(id(holder)) is holder:
        return value
    return join((value, Unknown(hint))) if all(map(_is_empty, members(value))) else value


def _is_empty(value: Value) -> bool:
    if isinstance(value, (Flag, Number)):
        return not value.value
    return type(value) is Nothing or (type(value) is Text and not value.parts)


def bound(method: FunctionInfo, receiver: Value) -> Value:
    """A method taken from `receiver`, in what the project's decorators wrap it with."""
    holder: Value | None = receiver
    if method.is_static or (isinstance(receiver, Type) and not method.is_class_method):
        holder = None
    elif method.is_class_method and isinstance(receiver, Instance):
        holder = Type(receiver.info)
    wrapper = decorators.wrapped(method, holder)
    return Function(method, method.scope, holder) if wrapper is None else wrapper


def _of_super(machine: Machine, obj: Super, name: str) -> Value:
    line = list(obj.receiver.info.line()) if isinstance(obj.receiver, (Instance, Type)) else []
    after = line[line.index(obj.owner) + 1 :] if obj.owner in line else list(obj.owner.line())[1:]
    for base in after:
        method = base.methods.get(name)
        if method is not None:
            return bound(method, obj.receiver)
        if name in base.attributes:
            return base.attributes[name]
    if isinstance(obj.receiver, Instance) and obj.receiver.client is not None:
        routed = _routed(obj.receiver, name) if name in VERBS else None
        return clients.of_client(obj.receiver.client, name) if routed is None else routed
    receiver = obj.receiver
    if name == "http_headers" and isinstance(receiver, Instance) and overrides.is_singer(receiver.info):
        return machine.made(Mapping(receiver.place))  # singer_sdk's own: the user agent
    return External(f"<super>.{name}", obj.receiver)


VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
ROUTED: frozenset[str] = VERBS | {"request"}


def prepare(machine: Machine, instance: Instance) -> None:
    """Give an instance the part that a base class outside the project plays (an HTTP session)."""
    for name in instance.info.ancestors():
        client = machine.client_of(name, instance.place)
        if client is not None:
            instance.client = client
            headers = instance.info.attribute("headers")
            if headers is not None:
                client.headers.spread(headers)
            if layers.of_object(instance.info):
                client.layers.append(Layer("owner", instance))
            return
