"""Calls: declaring functions and classes, binding arguments, running bodies, making objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import binding, declarations, enums, retries, substitution, wrapping
from procore_lint.project.libraries import builtin, http, own_server, routes
from procore_lint.project.model import Args, Frame, FunctionInfo, Kwargs, Scope
from procore_lint.project.summaries import Mark
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Choice,
    Client,
    Data,
    External,
    Function,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Parameter,
    Partial,
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
#: Expressions that one root may cost; beyond it, calls are left undecided.
WORK = 40_000


def call(machine: Machine, node: facts.Call, frame: Frame) -> Value:
    """The value of a call expression."""
    place = frame.module.place(node.span)
    if type(node.func) is facts.Attr and node.func.name in _LOGGING and _is_logger(node.func.obj):
        return NOTHING
    if type(node.func) is facts.Name and node.func.id == "super" and frame.function is not None:
        return _super(frame)
    func = machine.evaluate(node.func, frame)
    if routes.declares(machine.dotted(node.func), func) or own_server.answers(machine, func):
        return machine.silently(lambda: _declared(machine, node, frame, func))
    args, kwargs, rest = _arguments(machine, node, frame)
    saved = frame.call
    frame.call = place
    site = http.Site(frame, place, rest, node)
    if type(func) is Choice:
        decided = [m for m in func.members if isinstance(m, (Function, Type, Partial, Instance))]
        if wrapping.is_doubtful(func):
            args, kwargs, site = wrapping.doubted(args, kwargs, site)
        if decided:
            _leave_to_callers(machine, func)
        targets = wrapping.outermost(decided) if decided else func.members
        value = join(apply(machine, target, args, kwargs, site) for target in targets)
    else:
        value = apply(machine, func, args, kwargs, site)
    if (type(node.func) is facts.Attr and node.func.name in _MAKING) or (
        type(node.func) is facts.Name and node.func.id in _JOINING
    ):
        machine.wrote(frame, value, node.span)
    frame.call = saved
    return value


def _leave_to_callers(machine: Machine, func: Choice) -> None:
    """Note that what is decided here stands in where callers bring nothing: `client or Client()`.

    What they hand to constructors is called as well once it is known; their calls are not run again.
    """
    for member in func.members:
        holder = Parameter(member.function, member.name) if type(member) is Parameter else None
        if holder is not None and not machine.injected(holder):
            machine.standing_in.add(holder)
            machine.waits(holder)


def _declared(machine: Machine, node: facts.Call, frame: Frame, func: Value) -> Value:
    """A route of the project's own server: its arguments are run, its path is nobody's request."""
    args, kwargs, _ = _arguments(machine, node, frame)
    routes.note(machine, [*args, *kwargs.values()])
    client = own_server.made(func)
    if client is not None:
        return client
    return Unknown(f"{func.name}()") if isinstance(func, External) and func.receiver is None else UNKNOWN


#: Methods and functions whose result is a text made of others.
_MAKING = frozenset(
    """format join format_map urljoin replace urlunsplit urlunparse substitute safe_substitute build with_path
    joinpath add set copy_with""".split()
)
_JOINING = frozenset({"urljoin", "urlunsplit", "urlunparse"})


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
    if type(target) is Function:
        given = invoke(machine, target, args, kwargs, site.rest)
        return enums.decided(target, given) if type(given) is Choice else given
    if type(target) is Type:
        return declarations.create(machine, target.info, args, kwargs, site)
    if type(target) is Partial:
        return apply(machine, target.function, [*target.args, *args], {**dict(target.kwargs), **kwargs}, site)
    if type(target) is Instance:
        method = target.info.find("__call__")
        if method is not None:
            return invoke(machine, Function(method, method.scope, target), args, kwargs, site.rest)
        return UNKNOWN
    if type(target) is External:
        value = http.call(machine, target, args, kwargs, site)
        if value is None:
            value = builtin.call(machine, target, args, kwargs, site)
        return value
    if type(target) is Choice:
        return join(apply(machine, member, args, kwargs, site) for member in target.members)
    if type(target) is Data and target.path[-1:] == ("result",):
        return Data(target.request, target.path[:-1])  # of a future
    if isinstance(target, (Unknown, Parameter)):
        if type(target) is Parameter:
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
    if target.receiver is None and args and binding.is_self(info, args[0]):
        target, args = Function(info, target.scope, args[0]), args[1:]
    elif target.receiver is None and info.owner is not None:
        missing = binding.missing_self(machine, info, info.owner, args, rest)
        if missing is not None:
            target, args = Function(info, target.scope, missing), args[1:]
    if target.receiver is not None and not info.is_static:
        args = [target.receiver, *args]
    names = binding.bind_arguments(machine, info, args, kwargs, rest)
    # One wrapper is run for each function that it wraps: these are closures of their own.
    if any(f.function is info and f.scope.parent is target.scope for f in machine.stack):
        return Unknown(f"{info.name}()")
    # An enumeration's members are few, and each says by itself what its methods give.
    outline = None if type(target.receiver) in enums.MEMBERS else machine.outline(info, target.receiver)
    if outline is not None and outline.holds_for(names) and not (outline.effects and _changeable(names)):
        machine.passed(outline)
        machine.hands_on(outline.waiting, names)
        if outline.effects and _is_handed_on(names):
            machine.effects += 1  # what it changes is the caller's caller's: those run with it are run anew
        if not outline.again:
            result = machine.result_of(outline, info, target.receiver)
            result = substitution.substitute(machine, result, info.id, names)
            return substitution.own(machine, result) if outline.objects else result
        if len(machine.stack) < DEPTH and machine.work <= WORK:
            return machine.mutely(lambda: execute(machine, info, names, target.receiver, target.scope))
        return machine.result_of(outline, info, target.receiver)
    if len(machine.stack) >= DEPTH or machine.work > WORK:
        if outline is None:
            return Unknown(f"{info.name}()")
        return machine.result_of(outline, info, target.receiver)
    signature = machine.repeats.signature(machine, info, names)
    known = machine.repeats.recall(machine, signature)
    if known is not None:
        return known
    retry = retries.Call.of(machine, names)
    known = retries.recall(machine, info, retry)
    if known is not None:
        return known
    mark = Mark.of(machine.trail, machine.effects)
    given = names if signature is None else dict(names)
    result = execute(machine, info, names, target.receiver, target.scope)
    machine.repeats.keep(machine, info, given, signature, mark, result)
    retries.keep(machine, info, retry, result)
    return result


def _changeable(names: dict[str, Value]) -> bool:
    """Whether an argument is an object of its own that the body could change."""
    return any(
        isinstance(m, (Mapping, Listing, Client, Prepared)) or (type(m) is Instance and not m.symbolic)
        for value in names.values()
        for m in members(value)
    )


def _is_handed_on(names: dict[str, Value]) -> bool:
    """Whether a call hands on what its own caller gave, that may be an object which the callee changes."""
    return any(isinstance(m, Parameter) for value in names.values() for m in members(value))


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
    status = machine.block(frame, info.inside.body)
    del machine.guards[depth:]
    machine.stack.pop()
    if frame.yields:
        return Listing(info.module.place(info.span), frame.yields, "generator", exact=False)
    if status != "stop" or not frame.returns:
        frame.returns.append(NOTHING)
    return join(frame.returns)
