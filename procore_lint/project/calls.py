"""Calls: declaring functions and classes, binding arguments, running bodies, making objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import attributes, decorators, models, summaries
from procore_lint.project.libraries import builtin, http, injection, routes
from procore_lint.project.model import ClassInfo, Frame, FunctionInfo, Scope
from procore_lint.project.summaries import Mark
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Choice,
    Client,
    Data,
    External,
    Flag,
    Function,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Parameter,
    Partial,
    Place,
    Prepared,
    Super,
    Type,
    Unknown,
    Value,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Frames that one chain of calls may hold.
DEPTH = 9
#: Runs of the enclosing function whose names an inner function is run with.
_SCOPES = 4
#: Expressions that one root may cost; beyond it, calls are left undecided.
WORK = 40_000

Args = list[Value]
Kwargs = dict[str, Value]


def call(machine: Machine, node: facts.Call, frame: Frame) -> Value:
    """The value of a call expression."""
    place = frame.module.place(node.span)
    if isinstance(node.func, facts.Attr) and node.func.name in _LOGGING and _is_logger(node.func.obj):
        return NOTHING
    if isinstance(node.func, facts.Name) and node.func.id == "super" and frame.function is not None:
        return _super(frame)
    func = machine.evaluate(node.func, frame)
    if routes.declares(machine.dotted(node.func), func) or _is_own_server(func):
        return machine.silently(lambda: _declared(machine, node, frame, func))
    args, kwargs, rest = _arguments(machine, node, frame)
    saved = frame.call
    frame.call = place
    site = http.Site(frame, place, rest, node)
    if isinstance(func, Choice):
        decided = [m for m in func.members if isinstance(m, (Function, Type, Partial, Instance))]
        value = join(apply(machine, target, args, kwargs, site) for target in decided or func.members)
    else:
        value = apply(machine, func, args, kwargs, site)
    if (isinstance(node.func, facts.Attr) and node.func.name in _MAKING) or (
        isinstance(node.func, facts.Name) and node.func.id == "urljoin"
    ):
        machine.wrote(frame, value, node.span)
    frame.call = saved
    return value


def _declared(machine: Machine, node: facts.Call, frame: Frame, func: Value) -> Value:
    """A route of the project's own server: its arguments are run, its path is nobody's request."""
    args, kwargs, _ = _arguments(machine, node, frame)
    routes.note(machine, [*args, *kwargs.values()])
    return Unknown(f"{func.name}()") if isinstance(func, External) and func.receiver is None else UNKNOWN


#: Methods and functions whose result is a text made of others.
_MAKING = frozenset({"format", "join", "format_map", "urljoin", "replace"})


def _is_own_server(func: Value) -> bool:
    """Whether a call goes to the project's own application through a framework's test client."""
    if isinstance(func, External) and func.receiver is not None:
        func = func.receiver
    return isinstance(func, Unknown) and bool(
        re.search(r"testclient|test_client|apiclient\(\)", func.hint, re.I)
    )


_LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


def _is_logger(node: facts.Expr) -> bool:
    name = node.id if isinstance(node, facts.Name) else node.name if isinstance(node, facts.Attr) else ""
    return name.lower().strip("_") in ("log", "logger", "logging")


def _super(frame: Frame) -> Value:
    owner = frame.function.owner if frame.function else None
    if owner is None or frame.receiver is None:
        return UNKNOWN
    return Super(frame.receiver, owner)


def _arguments(machine: Machine, node: facts.Call, frame: Frame) -> tuple[Args, Kwargs, Value | None]:
    """Positional and named values, and the value of an undecided `*` or `**` spread."""
    args: Args = []
    kwargs: Kwargs = {}
    rest: Value | None = None
    for arg in node.args:
        value = machine.evaluate(arg.value, frame)
        if arg.name is None:
            args.append(value)
        elif arg.name == "*":
            if isinstance(value, Listing) and value.exact:
                args.extend(value.items)
            else:
                rest = value
        elif arg.name == "**":
            for member in members(value):
                rest = _spread(member, kwargs, rest)
        else:
            kwargs[arg.name] = value
            if arg.name not in ("expires", "expire"):  # cookies and caches of every kind say it so
                machine.kept(frame, arg.name, value, node.span)
    return args, kwargs, rest


def _spread(value: Value, kwargs: Kwargs, rest: Value | None, depth: int = 0) -> Value | None:
    if isinstance(value, Mapping):
        for key, entry in value.entries.items():
            kwargs[key] = join((kwargs[key], entry)) if key in kwargs else entry
        for spread in value.spreads:
            for member in members(spread):
                if depth < 3:
                    rest = _spread(member, kwargs, rest, depth + 1)
        return UNKNOWN if value.open else rest
    if isinstance(value, Nothing):
        return rest
    return value


def apply(machine: Machine, target: Value, args: Args, kwargs: Kwargs, site: http.Site) -> Value:
    """What calling `target` gives."""
    if isinstance(target, Function):
        return invoke(machine, target, args, kwargs, site.rest)
    if isinstance(target, Type):
        return create(machine, target.info, args, kwargs, site)
    if isinstance(target, Partial):
        return apply(machine, target.function, [*target.args, *args], {**dict(target.kwargs), **kwargs}, site)
    if isinstance(target, Instance):
        method = target.info.find("__call__")
        if method is not None:
            return invoke(machine, Function(method, method.scope, target), args, kwargs, site.rest)
        return UNKNOWN
    if isinstance(target, External):
        value = http.call(machine, target, args, kwargs, site)
        if value is None:
            value = builtin.call(machine, target, args, kwargs, site)
        return value
    if isinstance(target, Choice):
        return join(apply(machine, member, args, kwargs, site) for member in target.members)
    if isinstance(target, Data) and target.path[-1:] == ("result",):
        return Data(target.request, target.path[:-1])  # of a future
    if isinstance(target, (Unknown, Parameter)):
        if isinstance(target, Parameter):
            machine.asked(target)
        return builtin.unknown_call(machine, target, args, kwargs, site)
    return UNKNOWN


def invoke(
    machine: Machine, target: Function, args: Args, kwargs: Kwargs, rest: Value | None = None
) -> Value:
    """What a project function gives for these arguments.

    Its body is run once by itself; where that left nothing for callers to decide, its result holds
    here too. Otherwise it is run again with these arguments, within bounds of depth and work.
    """
    info = target.info
    info.called = True
    if target.receiver is None and args and _is_self(info, args[0]):
        target, args = Function(info, target.scope, args[0]), args[1:]
    if target.receiver is not None and not info.is_static:
        args = [target.receiver, *args]
    names = bind_arguments(machine, info, args, kwargs, rest)
    # One wrapper is run for each function that it wraps: these are closures of their own.
    if any(f.function is info and f.scope.parent is target.scope for f in machine.stack):
        return Unknown(f"{info.node.name}()")
    outline = machine.outline(info, target.receiver)
    if outline is not None and outline.holds_for(names) and not (outline.effects and _changeable(names)):
        machine.passed(outline)
        machine.hands_on(outline.waiting, names)
        if not outline.again:
            result = summaries.substitute(machine, outline.result, info.id, names)
            return summaries.own(machine, result) if outline.objects else result
        if len(machine.stack) < DEPTH and machine.work <= WORK:
            return machine.mutely(lambda: execute(machine, info, names, target.receiver, target.scope))
        return outline.result
    if len(machine.stack) >= DEPTH or machine.work > WORK:
        return Unknown(f"{info.node.name}()") if outline is None else outline.result
    signature = machine.repeats.signature(machine, info, names)
    known = machine.repeats.recall(machine, signature)
    if known is not None:
        return known
    mark = Mark.of(machine.trail, machine.effects)
    given = names if signature is None else dict(names)
    result = execute(machine, info, names, target.receiver, target.scope)
    machine.repeats.keep(machine, info, given, signature, mark, result)
    return result


def _is_self(info: FunctionInfo, value: Value) -> bool:
    """Whether a method taken from its class, or by a wrapper, is handed the object it is run on."""
    return (
        info.owner is not None
        and not info.is_static
        and not info.is_class_method
        and isinstance(value, Instance)
        and any(base is info.owner for base in value.info.line())
    )


def _changeable(names: dict[str, Value]) -> bool:
    """Whether an argument is an object of its own that the body could change."""
    return any(
        isinstance(m, (Mapping, Listing, Client, Prepared)) or (isinstance(m, Instance) and not m.symbolic)
        for value in names.values()
        for m in members(value)
    )


def bind_arguments(
    machine: Machine, info: FunctionInfo, args: Args, kwargs: Kwargs, rest: Value | None
) -> dict[str, Value]:
    """The names that a call gives the parameters; defaults fill in, spreads leave them undecided."""
    names: dict[str, Value] = {}
    left = dict(kwargs)
    queue = list(args)
    place = info.module.place(info.node.span)
    for param in info.node.params:
        if param.kind == "*":
            given = Listing(place, queue, "tuple", exact=rest is None)
            names[param.name] = machine.fresh[id(given)] = given
            queue = []
            continue
        if param.kind == "**":
            spread = Mapping(place)
            for key, value in left.items():
                spread.put(key, value, place)
            if rest is not None:
                spread.spreads.append(rest)
            names[param.name] = machine.fresh[id(spread)] = spread
            continue
        if param.kind == "pos" and queue:
            value = queue.pop(0)
        elif param.name in left:
            value = left.pop(param.name)
        else:
            value = _default(machine, info, param)
            if rest is not None:
                value = join((value, rest if isinstance(rest, (Parameter, Data)) else UNKNOWN))
        names[param.name] = value
        bound = info.bindings.setdefault(param.name, {})
        if len(bound) < 24:
            bound[value] = None
    return names


def _default(machine: Machine, info: FunctionInfo, param: facts.Param) -> Value:
    if param.default is None:
        return UNKNOWN
    frame = Frame(info.module, info, info.scope)
    return machine.quietly(param.default, frame)


def open_parameters(machine: Machine, info: FunctionInfo, receiver: Value | None) -> dict[str, Value]:
    """Names for a run that starts at `info`: callers decide all but what a default or type says."""
    names: dict[str, Value] = {}
    for position, param in enumerate(info.node.params):
        if position == 0 and receiver is not None and param.kind == "pos":
            names[param.name] = receiver
            continue
        order = injection.supplied(machine, info, param)
        if order is not None:
            names[param.name] = order
            continue
        value: Value = Parameter(info.id, param.name)
        if param.annotation is not None:
            kind = machine.annotated(param.annotation, info.scope)
            if kind is not None:
                value = kind
                if isinstance(kind, Client):
                    # A session that callers must bring may carry anything; an optional one is plain.
                    kind.open = param.default is None
        if param.default is not None:
            default = _default(machine, info, param)
            if not isinstance(default, (Nothing, Mapping, Flag)):
                value = join((value, default))
        names[param.name] = value
    return names


def execute(
    machine: Machine,
    info: FunctionInfo,
    names: dict[str, Value],
    receiver: Value | None,
    scope: Scope | None = None,
) -> Value:
    """Run a body; the value is the join of its returns (or its yields)."""
    frame = Frame(info.module, info, Scope(info.module, names, scope or info.scope), receiver)
    machine.stack.append(frame)
    depth = len(machine.guards)
    status = machine.block(frame, info.node.body)
    del machine.guards[depth:]
    machine.stack.pop()
    if frame.yields:
        return Listing(info.module.place(info.node.span), frame.yields, "generator", exact=False)
    if status != "stop" or not frame.returns:
        frame.returns.append(NOTHING)
    return join(frame.returns)


def create(machine: Machine, info: ClassInfo, args: Args, kwargs: Kwargs, site: http.Site) -> Value:
    """A new object of a project class."""
    info.created += 1
    instance = Instance(info, site.place)
    machine.made(instance)
    if any(name.rpartition(".")[2].endswith(("Error", "Exception")) for name in info.ancestors()):
        return instance
    attributes.prepare(machine, instance)
    new = info.find("__new__")
    init = info.find("__init__")
    if init is not None:
        invoke(machine, Function(init, init.scope, instance), args, kwargs, site.rest)
    elif info.order or info.is_model:
        _fill(machine, instance, args, kwargs, site)
        post = info.find("__post_init__") or info.find("model_post_init")
        if post is not None:
            invoke(machine, Function(post, post.scope, instance), [], {})
    elif instance.client is not None:
        http.configure(machine, instance.client, args, kwargs, site)
    elif new is not None and not info.external:
        return expressions_symbol(machine, info)
    return instance


def expressions_symbol(machine: Machine, info: ClassInfo) -> Value:
    """Any object of `info` (singletons made in `__new__`)."""
    return machine.symbol(info)


def _fill(machine: Machine, instance: Instance, args: Args, kwargs: Kwargs, site: http.Site) -> None:
    """Fields of a dataclass, named tuple or model from its arguments."""
    order = [name for base in reversed(list(instance.info.line())) for name in base.order]
    order = list(dict.fromkeys(order))
    for name, value in (*zip(order, args, strict=False), *kwargs.items()):
        instance.fields[name] = value
        models.hold(instance.info, name, value)
    if site.rest is not None and isinstance(site.rest, (Data, Parameter, Unknown)):
        instance.backing = site.rest
        return
    if models.is_settings(instance.info):
        return  # the environment may set what no argument does
    for name in order:
        if name not in instance.fields:
            default = instance.info.attribute(name)
            if default is not None:
                value = attributes.started(machine, default, None, f"{instance.info.node.name}.{name}")
                instance.fields[name] = value


def declare(machine: Machine, frame: Frame, node: facts.Function, owner: ClassInfo | None) -> FunctionInfo:
    """The info of a function, made once per definition."""
    outer = owner.qualname if owner else (frame.function.qualname if frame.function else "")
    line = f"@{node.span[0]}" if node.name == "<lambda>" else ""
    key = f"{frame.module.path}:{node.span[0]}:{node.span[1]}:{node.name}"
    info = machine.functions.get(key)
    if info is None:
        if any(machine.dotted(d).endswith(".setter") for d in node.decorators):
            line = ".setter"
        qualname = f"{outer}.{node.name}{line}" if outer else f"{node.name}{line}"
        info = FunctionInfo(
            frame.module, node, qualname, frame.scope, owner,
            nested=frame.function is not None and owner is None,
            decorators=frozenset(machine.dotted(d) for d in node.decorators),
        )  # fmt: skip
        machine.functions[key] = info
        machine.by_id[info.id] = info
        if not info.nested and node.name != "<lambda>":
            frame.module.functions.append(info)
    else:
        info.scope = frame.scope if owner is None else info.scope
    if info.nested and node.name != "<lambda>" and not machine.decorating:
        scopes = machine.closures.setdefault(info.id, [])
        if len(scopes) < _SCOPES and not any(scope is frame.scope for scope in scopes):
            scopes.append(frame.scope)
    return info


def declare_class(machine: Machine, frame: Frame, node: facts.Class) -> ClassInfo:
    """The info of a class: bases, attributes, methods; made once per definition."""
    key = f"{frame.module.path}:{node.span[0]}:class"
    known = machine.classes.get(key)
    if known is not None:
        return known
    outer = frame.function.qualname if frame.function else frame.klass
    qualname = f"{outer}.{node.name}" if outer else node.name
    info = ClassInfo(frame.module, node, qualname, frame.scope)
    info.decorators = frozenset(machine.dotted(d) for d in node.decorators)
    machine.classes[key] = info
    for base in node.bases:
        # `Base[T]` descends from `Base`, whatever fills its parameter.
        value = machine.evaluate(base.obj if isinstance(base, facts.Item) else base, frame)
        for member in members(value):
            if isinstance(member, Type):
                info.bases.append(member.info)
                member.info.subclasses.append(info)
            elif isinstance(member, External):
                info.external.append(member.name)
            else:
                info.external.append(machine.dotted(base))
    scope = Scope(frame.module, {}, frame.scope)
    body = Frame(frame.module, frame.function, scope, call=frame.call, klass=qualname)
    plain: list[facts.Stmt] = []
    machine.stack.append(body)
    for statement in node.body:
        if isinstance(statement, facts.Function):
            method = declare(machine, body, statement, owner=info)
            method.scope = frame.scope
            name = statement.name
            if any(d.endswith(".setter") for d in method.decorators):
                name = f"{name}.setter"
            info.methods[name] = method
            plain_value = Function(method, frame.scope)
            decorators.decorated(machine, body, statement, method, plain_value)
            scope.names[statement.name] = plain_value
        else:
            if (
                isinstance(statement, facts.Assign)
                and statement.annotation is not None
                and isinstance(statement.targets[0], facts.Name)
            ):
                info.annotations[statement.targets[0].id] = statement.annotation
                info.order.append(statement.targets[0].id)
            plain.append(statement)
            machine.block(body, (statement,))
    machine.stack.pop()
    info.attributes = {
        name: _field_default(value) for name, value in scope.names.items() if name not in info.methods
    }
    frame.module.classes.append(info)
    return info


def _field_default(value: Value) -> Value:
    return value


def client_of(machine: Machine, name: str, place: Place) -> Client | None:
    """A client object where `name` is a library's session or client class."""
    return http.new_client(name, place)
