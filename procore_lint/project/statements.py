"""What a statement does: it binds names, runs branches and loops, imports, declares."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import (
    binding,
    declarations,
    decorators,
    elements,
    expressions,
    loops,
    naming,
    narrowing,
    operators,
    replaced,
    silence,
    storing,
    symbols,
)
from procore_lint.project.events import Stored
from procore_lint.project.model import Frame, ModuleInfo
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Data,
    External,
    Function,
    Instance,
    Listing,
    Mapping,
    Package,
    Parameter,
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

NEXT, STOP = "next", "stop"


def merge(ends: list[dict[str, Value]]) -> dict[str, Value]:
    """The names after alternatives: what each leaves, joined."""
    if len(ends) == 1:
        return ends[0]
    merged = dict(ends[0])
    for other in ends[1:]:
        for name, value in other.items():
            old = merged.get(name)
            if old is None:
                merged[name] = value
            elif old is not value:
                merged[name] = join((old, value))
    return merged


def _assign(machine: Machine, frame: Frame, node: facts.Assign) -> str:
    if node.annotation is not None and len(node.targets) == 1:
        target = node.targets[0]
        if node.value is None:
            if isinstance(target, facts.Name) and target.id not in frame.scope.names:
                kind = naming.annotated(machine, node.annotation, frame.scope)
                if kind is not None:
                    frame.scope.names[target.id] = kind
            return NEXT
    if node.value is None:
        return NEXT
    value = expressions.evaluate(machine, node.value, frame)
    if node.annotation is not None and isinstance(value, (Unknown, Parameter)):
        kind = naming.annotated(machine, node.annotation, frame.scope)
        value = value if kind is None else kind
    for target in node.targets:
        bind(machine, frame, target, value)
        if machine.silences and not isinstance(target, facts.Name):
            silence.assigned(machine, target, value, frame.module.place(node.span))
    return NEXT


def bind(machine: Machine, frame: Frame, target: facts.Expr, value: Value) -> None:
    """Put `value` where `target` says: a name, an attribute, a key, or several."""
    if isinstance(target, facts.Name):
        _store_name(frame, target.id, value)
        stored(machine, frame, target.id, value, target.span)
    elif isinstance(target, facts.Attr):
        obj = expressions.evaluate(machine, target.obj, frame)
        storing.set_attribute(machine, obj, target.name, value)
        stored(machine, frame, target.name, value, target.span)
    elif isinstance(target, facts.Item):
        obj = expressions.evaluate(machine, target.obj, frame)
        index = expressions.evaluate(machine, target.index, frame)
        place = frame.module.place(target.span)
        storing.set_item(machine, obj, index, value, place)
        if isinstance(target.index, facts.Const) and isinstance(target.index.value, str):
            stored(machine, frame, target.index.value, value, target.span)
    elif isinstance(target, facts.Seq):
        for position, item in enumerate(target.items):
            if isinstance(item, facts.Star):
                bind(machine, frame, item.value, UNKNOWN)
            else:
                bind(machine, frame, item, elements.element(machine, value, position))
    elif isinstance(target, facts.Star):
        bind(machine, frame, target.value, value)


def stored(machine: Machine, frame: Frame, name: str, value: Value, span: facts.SpanT) -> None:
    """Note a moment that a constant decides under the name that it is kept by."""
    if operators.is_timely(value):
        machine.trail.stored.append(Stored(*machine.where(frame.module.place(span)), name, value))


def _store_name(frame: Frame, name: str, value: Value) -> None:
    scope = frame.scope
    if name in scope.outer:
        outer = scope.parent
        while outer is not None and name not in outer.names and outer.parent is not None:
            outer = outer.parent
        if outer is not None:
            outer.names[name] = storing.absorb(outer.names.get(name), value)
            return
    scope.names[name] = value


def _aug_assign(machine: Machine, frame: Frame, node: facts.AugAssign) -> str:
    old = expressions.evaluate(machine, node.target, frame)
    new = expressions.evaluate(machine, node.value, frame)
    if node.op == "|" and any(isinstance(m, Mapping) for m in members(old)):
        storing.update_mapping(machine, old, new)
        return NEXT
    place = frame.module.place(node.span)
    if node.op == "+" and any(isinstance(m, Listing) for m in members(old)):
        for member in members(old):
            if isinstance(member, Listing):
                member.exact = False
                member.items.append(elements.element(machine, new, None))
        return NEXT
    value = operators.binary(machine, frame, node.op, old, new, place, node.target, node.value)
    bind(machine, frame, node.target, value)
    return NEXT


def _eval(machine: Machine, frame: Frame, node: facts.Eval) -> str:
    value = expressions.evaluate(machine, node.value, frame)
    return STOP if isinstance(value, External) and value.name == "<exit>" else NEXT


def _return(machine: Machine, frame: Frame, node: facts.Return) -> str:
    value = NOTHING if node.value is None else expressions.evaluate(machine, node.value, frame)
    if isinstance(value, Listing) and value.kind == "tuple":
        for item in value.items:
            if operators.is_timely(item):
                stored(machine, frame, "expires_at", item, node.span)
    if machine.silences:
        silence.returned(machine, frame, value, frame.module.place(node.span))
    frame.returns.append(value)
    return STOP


def _raise(machine: Machine, frame: Frame, node: facts.Raise) -> str:
    if node.value is not None:
        expressions.evaluate(machine, node.value, frame)
    return STOP


def _if(machine: Machine, frame: Frame, node: facts.If) -> str:
    test = expressions.evaluate(machine, node.test, frame)
    verdict = operators.truth(machine, test)
    if verdict is True:
        return machine.block(frame, node.body)
    if verdict is False:
        return machine.block(frame, node.orelse)
    guards = machine.guarded(test)
    depth = len(machine.guards)
    machine.guards.extend(guards)
    arms = [lambda: machine.block(frame, node.body), lambda: machine.block(frame, node.orelse)]
    missing = silence.asked(machine, frame, node.test)
    if missing is None:
        statuses = machine.branches(frame, narrowing.arms(machine, frame, node.test, arms))
    else:
        told = silence.Arms(machine, frame, missing.answer)
        first, second = (told.speaking, told.silently) if missing.speaks else (told.silently, told.speaking)
        statuses = machine.branches(frame, [first(arms[0]), second(arms[1])])
        told.settle()
    if statuses == [STOP, STOP]:
        del machine.guards[depth:]
        return STOP
    if STOP not in statuses:
        del machine.guards[depth:]
    # A branch that ends here leaves the rest of the block under the test: the guards stay until
    # `block` drops them.
    return NEXT


def _loop(machine: Machine, frame: Frame, node: facts.Loop) -> str:
    value: Value = UNKNOWN
    if node.target is None:
        test = expressions.evaluate(machine, node.iter, frame)
        guards = machine.guarded(test)
        endless = operators.truth(machine, test) is True
    else:
        guards, endless = [], False
        value_of_iter = expressions.evaluate(machine, node.iter, frame)
        binding.unfolded(machine, value_of_iter)
        value = elements.element(machine, value_of_iter, None)
    options = _options(value_of_iter, machine) if node.target is not None else None
    sure = None
    if node.target is not None and (options is not None or machine.depth_of_loops < 2):
        sure = loops.sure_turns(value_of_iter, node.body)
    passes = 2 if machine.depth_of_loops == 0 and len(machine.stack) == 1 else 1
    depth = len(machine.guards)
    machine.guards.extend(guards)
    machine.depth_of_loops += 1
    number = machine.loop_number(frame.module.place(node.span))
    machine.loops.append(number if endless else -number)

    def body() -> str:
        for turn in sure or options or [value] * passes:
            before = dict(frame.scope.names)
            if node.target is not None:
                bind(machine, frame, node.target, turn)
            machine.block(frame, node.body)
            if sure is None:
                frame.scope.names = merge([before, frame.scope.names])
        return NEXT

    if sure is None:
        machine.branches(frame, [body, lambda: NEXT])
    else:
        body()
    machine.loops.pop()
    machine.depth_of_loops -= 1
    del machine.guards[depth:]
    if node.orelse:
        machine.branches(frame, [lambda: machine.block(frame, node.orelse), lambda: NEXT])
    if endless and not _leaves(node.body):
        return STOP
    return NEXT


def _options(iterated: Value, machine: Machine) -> list[Value] | None:
    """The elements of a short table that is known whole: its rows are looked at one by one."""
    if machine.depth_of_loops > 1:
        return None
    items: list[Value] = []
    if isinstance(iterated, Listing) and iterated.exact:
        items = list(iterated.items)
    elif (
        isinstance(iterated, External)
        and iterated.name == "<items>"
        and isinstance(iterated.receiver, Mapping)
    ):
        table = iterated.receiver
        if not table.spreads and not table.open:
            items = [
                Listing(table.place, [literal(key, table.places.get(key, table.place)), entry], "tuple")
                for key, entry in table.entries.items()
            ]
    plain = all(isinstance(item, (Text, Listing, Mapping, Instance, Data, Parameter)) for item in items)
    return items if 1 < len(items) <= 8 and plain else None


def _leaves(body: tuple[facts.Stmt, ...]) -> bool:
    for statement in body:
        if isinstance(statement, facts.Jump) and statement.kind == "break":
            return True
        if isinstance(statement, facts.If) and (_leaves(statement.body) or _leaves(statement.orelse)):
            return True
        if isinstance(statement, facts.Try) and (
            _leaves(statement.body)
            or any(_leaves(h) for h in statement.handlers)
            or _leaves(statement.orelse)
        ):
            return True
        if isinstance(statement, facts.With) and _leaves(statement.body):
            return True
        if isinstance(statement, facts.Match) and any(_leaves(c) for c in statement.cases):
            return True
    return False


def _try(machine: Machine, frame: Frame, node: facts.Try) -> str:
    start = dict(frame.scope.names)

    def whole() -> str:
        status = machine.block(frame, node.body)
        return status if status == STOP else machine.block(frame, node.orelse)

    def handler(body: tuple[facts.Stmt, ...], after: dict[str, Value]) -> Callable[[], str]:
        def run() -> str:
            frame.scope.names = merge([dict(start), after])
            return machine.block(frame, body)

        return run

    tried: dict[str, Value] = {}

    def first() -> str:
        status = whole()
        tried.update(frame.scope.names)
        return status

    bodies: list[Callable[[], str]] = [first]
    bodies.extend(handler(body, tried) for body in node.handlers)
    told = _telling(machine, frame, node, bodies, tried)
    statuses = machine.branches(frame, bodies)
    if told is not None:
        told.settle()
    if node.final and machine.block(frame, node.final) == STOP:
        return STOP
    return STOP if all(status == STOP for status in statuses) else NEXT


def _telling(
    machine: Machine, frame: Frame, node: facts.Try, bodies: list[Callable[[], str]], tried: dict[str, Value]
) -> silence.Arms | None:
    """Where the body reads a token's `expires_in`: the handlers that run without it know."""
    holder = silence.tried(machine, node) if node.handlers else None
    if holder is None:
        return None
    told = silence.Arms(machine, frame, UNKNOWN)
    first = bodies[0]

    def speaking() -> str:
        status = first()
        told.answer = machine.silently(lambda: expressions.evaluate(machine, holder, frame))
        return status

    bodies[0] = told.speaking(speaking)
    for position, caught in enumerate(node.caught, start=1):
        if silence.answers_silence(node, caught):
            bodies[position] = told.silently(bodies[position])
    return told


def _with(machine: Machine, frame: Frame, node: facts.With) -> str:
    for manager, target in node.items:
        value = elements.entered(machine, expressions.evaluate(machine, manager, frame))
        if target is not None:
            bind(machine, frame, target, value)
    return machine.block(frame, node.body)


def _match(machine: Machine, frame: Frame, node: facts.Match) -> str:
    expressions.evaluate(machine, node.subject, frame)
    bodies: list[Callable[[], str]] = [partial(machine.block, frame, case) for case in node.cases]
    machine.branches(frame, [*bodies, lambda: NEXT])
    return NEXT


def _jump(machine: Machine, frame: Frame, node: facts.Jump) -> str:
    return STOP


def _scope(machine: Machine, frame: Frame, node: facts.Scope) -> str:
    frame.scope.outer.update(node.names)
    return NEXT


def _delete(machine: Machine, frame: Frame, node: facts.Delete) -> str:
    for target in node.targets:
        if isinstance(target, facts.Item) and isinstance(target.index, facts.Const):
            holder = expressions.evaluate(machine, target.obj, frame)
            replaced.taken_out(machine, holder, str(target.index.value))
    return NEXT


def _import(machine: Machine, frame: Frame, node: facts.Import) -> str:
    frame.scope.names[node.name] = imported(
        machine, node.module if node.whole else node.module.partition(".")[0], frame.module.path
    )
    if not node.whole:
        found = machine.table.absolute(node.module, frame.module.path)
        if isinstance(found, ModuleInfo):
            machine.load(found)
    return NEXT


def imported(machine: Machine, name: str, importer: str) -> Value:
    """The value that `import name` binds."""
    return module_value(machine, machine.table.absolute(name, importer), name)


def module_value(machine: Machine, found: ModuleInfo | str | None, name: str) -> Value:
    """What an import binds: a module of the project (run first), a directory, or a library's name."""
    if isinstance(found, ModuleInfo):
        if machine.stack:
            machine.edges.add((machine.stack[-1].module.path, found.path))
        machine.load(found)
        return Package(found)
    if isinstance(found, str):
        return External(f"<directory>{found}")
    return machine.external(name)


def _import_from(machine: Machine, frame: Frame, node: facts.ImportFrom) -> str:
    path = frame.module.path
    if node.level:
        found = machine.table.relative(node.level, node.module, path)
        name = "." * node.level + node.module
    else:
        found = machine.table.absolute(node.module, path)
        name = node.module
    if isinstance(found, ModuleInfo):
        machine.edges.add((path, found.path))
        machine.load(found)
        if node.name == "*":
            frame.scope.names.update({k: v for k, v in found.scope.names.items() if not k.startswith("_")})
            return NEXT
        frame.scope.names[node.alias] = symbols.module_member(machine, found, node.name)
    elif isinstance(found, str):
        child = machine.table.child(found, node.name)
        frame.scope.names[node.alias] = module_value(machine, child, f"{name}.{node.name}")
    elif node.name != "*":
        frame.scope.names[node.alias] = machine.external(f"{name}.{node.name}")
    return NEXT


def _function(machine: Machine, frame: Frame, node: facts.Function) -> str:
    info = declarations.declare(machine, frame, node, owner=None)
    value: Value = Function(info, frame.scope)
    frame.scope.names[node.name] = decorators.decorated(machine, frame, node, info, value)
    return NEXT


def _class(machine: Machine, frame: Frame, node: facts.Class) -> str:
    frame.scope.names[node.name] = Type(declarations.declare_class(machine, frame, node))
    return NEXT


STATEMENTS: dict[type, Callable[..., str]] = {
    facts.Assign: _assign,
    facts.AugAssign: _aug_assign,
    facts.Eval: _eval,
    facts.Return: _return,
    facts.Raise: _raise,
    facts.If: _if,
    facts.Loop: _loop,
    facts.Try: _try,
    facts.With: _with,
    facts.Match: _match,
    facts.Jump: _jump,
    facts.Scope: _scope,
    facts.Delete: _delete,
    facts.Import: _import,
    facts.ImportFrom: _import_from,
    facts.Function: _function,
    facts.Class: _class,
}
