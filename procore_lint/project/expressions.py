"""What an expression is: evaluation of every form of `facts.Expr` to a symbolic value."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.finding import Span
from procore_lint.project import attributes, calls, models, silence, strings, urls
from procore_lint.project.events import Arithmetic, Comparison, Fallback, Written
from procore_lint.project.model import ClassInfo, Frame, ModuleInfo, Scope
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Age,
    Choice,
    Client,
    Data,
    Deadline,
    External,
    Flag,
    Function,
    Instance,
    Key,
    Listing,
    Mapping,
    Nothing,
    Now,
    Number,
    Package,
    Parameter,
    Piece,
    Place,
    Prepared,
    Response,
    Text,
    Type,
    Unknown,
    Value,
    Verdict,
    concat,
    deadlines,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def evaluate(machine: Machine, node: facts.Expr, frame: Frame) -> Value:
    """The value of `node` in `frame`; sends, comparisons and texts on the way become events."""
    machine.work += 1
    return _FORMS[type(node)](machine, node, frame)


def _const(machine: Machine, node: facts.Const, frame: Frame) -> Value:
    value = node.value
    if isinstance(value, str):
        known = machine.literals.get(id(node))
        if known is None:
            known = literal(value, frame.module.place(node.span)), strings.is_notable(value)
            machine.literals[id(node)] = known
        if known[1]:
            written(machine, frame, known[0], node.span)
        return known[0]
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Flag(value)
    return Number(float(value), frame.module.place(node.span))


def _name(machine: Machine, node: facts.Name, frame: Frame) -> Value:
    return lookup(machine, node.id, frame.scope)


def lookup(machine: Machine, name: str, scope: Scope) -> Value:
    """What `name` means in `scope`: local, enclosing, module's, then the language's own."""
    here: Scope | None = scope
    while here is not None:
        if name in here.names and (name not in here.outer or here.parent is None):
            if here.parent is None and here is not scope:
                return attributes.started(machine, here.names[name], here, name)
            return here.names[name]
        here = here.parent
    return External(name) if name in _BUILTINS else Unknown(name)


_BUILTINS = frozenset(
    """str int float dict list tuple set frozenset bool len getattr setattr hasattr isinstance super map
    filter zip enumerate range iter next sorted reversed print open type vars sum min max any all round
    abs repr format object property staticmethod classmethod exit quit input bytes Exception
    """.split()
)


def _attr(machine: Machine, node: facts.Attr, frame: Frame) -> Value:
    obj = evaluate(machine, node.obj, frame)
    return attributes.get(machine, obj, node.name, frame, node.span)


def _item(machine: Machine, node: facts.Item, frame: Frame) -> Value:
    obj = evaluate(machine, node.obj, frame)
    index = evaluate(machine, node.index, frame)
    return attributes.item(machine, obj, index, frame.module.place(node.span))


def _call(machine: Machine, node: facts.Call, frame: Frame) -> Value:
    return calls.call(machine, node, frame)


def _format(machine: Machine, node: facts.Format, frame: Frame) -> Value:
    value = concat(*(_part(machine, part, frame) for part in node.parts))
    written(machine, frame, value, node.span)
    return value


def _part(machine: Machine, node: facts.Expr, frame: Frame) -> Value:
    if isinstance(node, facts.Const) and isinstance(node.value, str):
        return literal(node.value, frame.module.place(node.span))
    return evaluate(machine, node, frame)


def written(machine: Machine, frame: Frame, value: Value, span: facts.SpanT) -> None:
    """Leave an event for each notable text in `value`."""
    for member in urls.settled(value):
        if isinstance(member, Text) and strings.is_notable(member.template):
            machine.trail.written.append(Written(*machine.where(frame.module.place(span)), member))


def _bin(machine: Machine, node: facts.Bin, frame: Frame) -> Value:
    # Long chains (a + b + c + ...) lean left: walk them without recursion.
    spine = [node]
    while isinstance(spine[-1].left, facts.Bin):
        spine.append(spine[-1].left)
    left = _part(machine, spine[-1].left, frame)
    for bin_node in reversed(spine):
        right = _part(machine, bin_node.right, frame)
        left = binary(
            machine, frame, bin_node.op, left, right, frame.module.place(bin_node.span), bin_node.left,
            bin_node.right,
        )  # fmt: skip
    written(machine, frame, left, node.span)
    return left


def binary(
    machine: Machine,
    frame: Frame,
    op: str,
    left: Value,
    right: Value,
    place: Place,
    left_node: facts.Expr,
    right_node: facts.Expr,
) -> Value:
    """The value of `left op right`."""
    if op == "+":
        left, right = _without_fallback(left), _without_fallback(right)
    if isinstance(left, Choice) or isinstance(right, Choice):
        pairs = [(a, b) for a in members(left) for b in members(right)]
        if len(pairs) <= 12:
            return join(binary(machine, frame, op, a, b, place, left_node, right_node) for a, b in pairs)
    if op == "%" and isinstance(left, Text):
        return strings.percent(machine, left, right)
    if op == "|" and isinstance(left, (Mapping, Parameter, Unknown)):
        if isinstance(left, Mapping) or isinstance(right, Mapping):
            return machine.made(Mapping(place, spreads=[left, right]))
        return UNKNOWN
    if op == "/" and isinstance(right, Text) and not isinstance(left, Number):
        return concat(left, literal("/", place), right)
    if isinstance(left, Age) and isinstance(right, Number) and op in ("/", "//", "*") and right.value:
        return Age(left.since, left.unit * right.value if op != "*" else left.unit / right.value)
    if isinstance(left, Number) and isinstance(right, Number):
        return _numbers(op, left, right, place)
    if op == "*" and isinstance(left, Listing):
        return Listing(place, list(left.items), left.kind, exact=False)
    if op == "+":
        if isinstance(left, Text) or isinstance(right, Text):
            return concat(left, right)
        if isinstance(left, Listing) and isinstance(right, Listing):
            return Listing(place, left.items + right.items, left.kind, left.exact and right.exact)
        if isinstance(left, Number):
            left, right, left_node = right, left, right_node
        if isinstance(right, Number):
            return moment(machine, left, right, place, dotted(left_node))
        if isinstance(left, Parameter) or isinstance(right, Parameter):
            return (
                concat(left, right) if not isinstance(left, Now) and not isinstance(right, Now) else UNKNOWN
            )
        return UNKNOWN
    if op == "-":
        if isinstance(left, Now) and isinstance(right, Number):
            return Deadline(left, Number(-right.value, right.place, right.unit), place)
        if isinstance(left, Now):
            return Age(right if not _bare(right) else Unknown(dotted(right_node)))
        if isinstance(right, Number):
            return left
    return UNKNOWN


def _without_fallback(value: Value) -> Value:
    """What an answer says, without the constant that stands in where it is silent."""
    if not isinstance(value, Choice) or not any(_says_life(m) for m in value.members):
        return value
    return join(m for m in value.members if not isinstance(m, Number))


def _says_life(value: Value) -> bool:
    if isinstance(value, (Data, Parameter)):
        return bool(value.path) and "expires" in value.path[-1]
    return isinstance(value, Unknown) and "expires" in value.hint.rpartition(".")[2]


def _bare(value: Value) -> bool:
    return isinstance(value, Unknown) and not value.hint


_ARITHMETIC: dict[str, Callable[[float, float], object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}


def _numbers(op: str, left: Number, right: Number, place: Place) -> Value:
    calculate = _ARITHMETIC.get(op)
    if calculate is None or (op == "**" and abs(right.value) >= 64):
        return UNKNOWN
    try:
        result: object = calculate(left.value, right.value)
    except (ZeroDivisionError, OverflowError):
        return UNKNOWN
    if not isinstance(result, (int, float)):  # a root of a negative number is complex
        return UNKNOWN
    # What another file says stays visible behind the sum.
    written = next((side.place for side in (left, right) if side.place.path != place.path), place)
    return Number(result, written, left.unit or right.unit)


def moment(machine: Machine, base: Value, number: Number, place: Place, name: str = "") -> Value:
    """The moment so many seconds after `base`, which goes by `name`."""
    if not isinstance(base, (Now, Data, Parameter, Unknown, Deadline, Response)):
        return UNKNOWN
    if isinstance(base, Unknown) and not base.hint:
        base = Unknown(name)
    if isinstance(base, Now) or (
        isinstance(base, (Data, Parameter, Unknown)) and number.value >= 60 and strings.is_moment_name(name)
    ):
        missing = silence.here(machine)
        machine.trail.arithmetic.append(
            Arithmetic(
                *machine.where(place), base, number, name,
                guards=tuple(machine.guards), instead=missing is not None,
            )
        )  # fmt: skip
        if missing is not None:
            silence.note(machine, number, place, missing)
        return Deadline(base, number, place)
    return base


def _compare(machine: Machine, node: facts.Compare, frame: Frame) -> Value:
    left = evaluate(machine, node.left, frame)
    right = evaluate(machine, node.right, frame)
    op = node.op
    if op in ("is", "is not", "==", "!="):
        decided = _same(left, right)
        if decided is not None and not _is_default(machine, node.left, frame):
            return Flag(decided if op in ("is", "==") else not decided)
    if _is_telling(left, right) or _is_telling(right, left):
        event = Comparison(
            *machine.where(frame.module.place(node.span)), op, left, right,
            (dotted(node.left), dotted(node.right)),
        )  # fmt: skip
        machine.trail.comparisons.append(event)
        return Verdict((event,))
    return UNKNOWN


def _is_default(machine: Machine, node: facts.Expr, frame: Frame) -> bool:
    """Whether a value that is tested is but the default of a field: any other may stand there."""
    if not isinstance(node, facts.Attr):
        return False
    return models.is_default(machine.silently(lambda: evaluate(machine, node.obj, frame)), node.name)


def _same(left: Value, right: Value) -> bool | None:
    """Whether two values are equal, where that is decided."""
    if isinstance(left, Nothing) and isinstance(right, Nothing):
        return True
    for a, b in ((left, right), (right, left)):
        if isinstance(a, Nothing) and isinstance(
            b, (Text, Number, Flag, Mapping, Listing, Client, Instance, Function, Type, Prepared)
        ):
            return False
    if isinstance(left, Text) and isinstance(right, Text) and None not in (left.plain, right.plain):
        return left.plain == right.plain
    if isinstance(left, Flag) and isinstance(right, Flag):
        return left.value == right.value
    return None


def is_timely(value: Value) -> bool:
    """Whether a moment that a constant decides is in `value`."""
    if isinstance(value, (Choice, Text)):
        return any(True for _ in deadlines(value))
    return isinstance(value, Deadline)


def _is_telling(side: Value, other: Value) -> bool:
    """Whether a check may care for a comparison: moments, hosts of files, parts of links."""
    for member in members(side):
        if isinstance(member, (Now, Age, Deadline)):
            return True
        if isinstance(member, Text) and strings.is_notable(member.template):
            return True
        if (
            isinstance(member, Data)
            and member.path
            and member.path[-1] in ("netloc", "hostname", "url", "host")
        ):
            return any(isinstance(m, Text) for m in members(other))
    return False


def _logic(machine: Machine, node: facts.Logic, frame: Frame) -> Value:
    results: list[Value] = []
    verdicts: list[Comparison] = []
    depth = len(machine.guards)
    for position, part in enumerate(node.values):
        value = evaluate(machine, part, frame)
        verdicts.extend(machine.guarded(value))
        known = truth(machine, value)
        last = position == len(node.values) - 1
        if node.op == "or":
            if results and isinstance(value, Number):
                _fallback(machine, frame, results[-1], value, node)
            if known is True or last:
                results.append(value)
                break
            if known is False:
                continue
            results.append(join(m for m in members(value) if not isinstance(m, (Nothing, Verdict))))
        else:
            if known is False:
                results = [value]
                break
            if last:
                results.append(value)
            elif known is None:
                results.append(UNKNOWN)
    del machine.guards[depth:]
    if verdicts:
        return Verdict(tuple(dict.fromkeys(verdicts)))
    return join(results) if results else UNKNOWN


def _fallback(machine: Machine, frame: Frame, source: Value, number: Value, node: facts.Logic) -> None:
    for member in members(source):
        key = ""
        if isinstance(member, (Data, Parameter)) and member.path:
            key = member.path[-1]
        elif isinstance(member, Unknown):
            key = member.hint.rpartition(".")[2]
        if key:
            machine.trail.fallbacks.append(
                Fallback(*machine.where(frame.module.place(node.span)), member, key, number)
            )


def _not(machine: Machine, node: facts.Not, frame: Frame) -> Value:
    value = evaluate(machine, node.value, frame)
    known = truth(machine, value)
    if known is not None:
        return Flag(not known)
    verdicts = machine.guarded(value)
    return Verdict(tuple(verdicts)) if verdicts else UNKNOWN


def truth(machine: Machine, value: Value) -> bool | None:
    """Whether `value` is true, where that is decided."""
    verdicts = {_truth(machine, member) for member in members(value)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _truth(machine: Machine, value: Value) -> bool | None:
    if isinstance(value, Nothing):
        return False
    if isinstance(value, Flag):
        return value.value
    if isinstance(value, Number):
        return value.value != 0
    if isinstance(value, Text):
        if any(isinstance(part, Piece) for part in value.parts):
            return True
        return None if value.parts else False
    if isinstance(value, Mapping):
        if value.entries:
            return True
        return None if value.spreads or value.open or not machine.is_own(value) else False
    if isinstance(value, Listing):
        if value.items or not value.exact:
            return True if value.exact else None
        return False if machine.is_own(value) else None  # empty only until some code fills it
    if isinstance(value, (Client, Instance, Function, Type, Package, Prepared)):
        return True
    return None


def _cond(machine: Machine, node: facts.Cond, frame: Frame) -> Value:
    test = evaluate(machine, node.test, frame)
    known = truth(machine, test)
    if known is True:
        return evaluate(machine, node.body, frame)
    if known is False:
        return evaluate(machine, node.orelse, frame)
    missing = silence.asked(machine, frame, node.test)
    if missing is not None:
        return _unless_silent(machine, node, frame, missing)
    guards = machine.guarded(test)
    machine.guards.extend(guards)
    value = join([evaluate(machine, node.body, frame), evaluate(machine, node.orelse, frame)])
    if guards:
        del machine.guards[-len(guards) :]
    return value


def _unless_silent(machine: Machine, node: facts.Cond, frame: Frame, missing: silence.Silence) -> Value:
    """`data["expires_in"] if "expires_in" in data else 7200`."""
    spoken, other = (node.body, node.orelse) if missing.speaks else (node.orelse, node.body)
    told = evaluate(machine, spoken, frame)
    machine.silences.append((missing.answer, frame))
    value = evaluate(machine, other, frame)
    machine.silences.pop()
    if isinstance(value, Number) and any(_says_life(member) for member in members(told)):
        silence.note(machine, value, frame.module.place(node.span), missing.answer)
    return join((told, value))


def _dict(machine: Machine, node: facts.Dict, frame: Frame) -> Value:
    mapping = Mapping(frame.module.place(node.span))
    machine.made(mapping)
    for key_node, value_node in node.items:
        value = evaluate(machine, value_node, frame)
        if key_node is None:
            mapping.spreads.append(value)
            continue
        key = evaluate(machine, key_node, frame)
        if isinstance(key_node, facts.Const) and isinstance(key_node.value, str):
            machine.kept(frame, key_node.value, value, _span(key_node, node.span))
        attributes.build(mapping, key, value, frame.module.place(_span(key_node, node.span)))
    return mapping


def _span(node: facts.Expr, default: facts.SpanT) -> facts.SpanT:
    span: facts.SpanT = getattr(node, "span", default)
    return span


def _seq(machine: Machine, node: facts.Seq, frame: Frame) -> Value:
    items: list[Value] = []
    exact = True
    for part in node.items:
        if isinstance(part, facts.Star):
            inner = evaluate(machine, part.value, frame)
            if isinstance(inner, Listing) and inner.exact:
                items.extend(inner.items)
            else:
                exact = False
                items.append(element(machine, inner, None))
        else:
            items.append(evaluate(machine, part, frame))
    return machine.made(Listing(frame.module.place(node.span), items, node.kind, exact))


def _star(machine: Machine, node: facts.Star, frame: Frame) -> Value:
    return evaluate(machine, node.value, frame)


def _comp(machine: Machine, node: facts.Comp, frame: Frame) -> Value:
    saved = frame.scope.names
    frame.scope.names = dict(saved)
    for loop in node.loops:
        source = evaluate(machine, loop.iter, frame)
        machine.assign(frame, loop.target, element(machine, source, None))
        for test in loop.tests:
            evaluate(machine, test, frame)
    place = frame.module.place(node.span)
    result: Value
    if node.kind == "dict" and node.key is not None:
        mapping = Mapping(place)
        key = evaluate(machine, node.key, frame)
        attributes.build(mapping, key, evaluate(machine, node.value, frame), place)
        result = mapping
    else:
        result = Listing(place, [evaluate(machine, node.value, frame)], node.kind, exact=False)
    frame.scope.names = saved
    return result


def _lambda(machine: Machine, node: facts.Lambda, frame: Frame) -> Value:
    body = facts.Return(node.body, node.span)
    function = facts.Function("<lambda>", node.params, (body,), (), None, False, node.span)
    return Function(calls.declare(machine, frame, function, owner=None), frame.scope)


def _walrus(machine: Machine, node: facts.Walrus, frame: Frame) -> Value:
    value = evaluate(machine, node.value, frame)
    frame.scope.names[node.target] = value
    return value


def _await(machine: Machine, node: facts.Await, frame: Frame) -> Value:
    return evaluate(machine, node.value, frame)


def _yield(machine: Machine, node: facts.Yield, frame: Frame) -> Value:
    frame.yields.append(NOTHING if node.value is None else evaluate(machine, node.value, frame))
    return UNKNOWN


def _opaque(machine: Machine, node: facts.Opaque, frame: Frame) -> Value:
    for part in node.parts:
        evaluate(machine, part, frame)
    return UNKNOWN


_NOWHERE = Place("", Span(1, 1, 1, 1))


def element(machine: Machine, value: Value, position: int | None) -> Value:
    """One element of `value`: the one at `position`, or any where that is None."""
    return join(_element(machine, member, position) for member in members(value))


def _element(machine: Machine, value: Value, position: int | None) -> Value:
    if isinstance(value, Listing):
        if position is not None and value.exact:
            return value.items[position] if -len(value.items) <= position < len(value.items) else UNKNOWN
        return join(value.items) if value.items else UNKNOWN
    if isinstance(value, Mapping):
        return Key(value)
    if isinstance(value, External) and value.name in ("<items>", "<values>") and value.receiver is not None:
        inner = attributes.any_item(machine, value.receiver)
        if value.name == "<values>":
            return inner
        key: Value = Key(value.receiver) if position is None or position == 0 else inner
        if position is None:
            place = getattr(value.receiver, "place", _NOWHERE)
            return Listing(place, [key, inner], "tuple")
        return key
    if isinstance(value, (Data, Response)):
        path = value.path if isinstance(value, Data) else ()
        return Data(value.request, (*path, "[]"))
    if isinstance(value, Parameter):
        return Parameter(value.function, value.name, (*value.path, "[]")[:6])
    if isinstance(value, Instance):
        if value.backing is not None:
            return element(machine, value.backing, position)
        method = value.info.find("__iter__")
        if method is not None:
            given = calls.invoke(machine, Function(method, method.scope, value), [], {})
            others = [m for m in members(given) if not isinstance(m, Instance)]
            return element(machine, join(others), None) if others else UNKNOWN
        if value.info.order and position is not None and position < len(value.info.order):
            return value.fields.get(value.info.order[position], UNKNOWN)
    if isinstance(value, Unknown) and value.hint:
        return Unknown(f"{value.hint}.[]"[:200])
    return UNKNOWN


def entered(machine: Machine, value: Value) -> Value:
    """What `with value as name` binds."""
    results: list[Value] = []
    for member in members(value):
        if isinstance(member, Instance):
            method = member.info.find("__enter__") or member.info.find("__aenter__")
            if method is not None:
                results.append(calls.invoke(machine, Function(method, method.scope, member), [], {}))
                continue
        if isinstance(member, Listing) and member.kind == "generator":
            results.append(element(machine, member, None))
            continue
        results.append(member)
    return join(results)


def dotted(node: facts.Expr) -> str:
    """The source name of `node` ("self.token.created_at"; keys in as names), "" for none."""
    if isinstance(node, facts.Name):
        return node.id
    if isinstance(node, facts.Attr):
        inner = dotted(node.obj)
        return f"{inner}.{node.name}" if inner else node.name
    if isinstance(node, facts.Item):
        inner = dotted(node.obj)
        key = node.index.value if isinstance(node.index, facts.Const) else None
        return f"{inner}.{key}" if isinstance(key, str) else inner
    if isinstance(node, facts.Await):
        return dotted(node.value)
    if isinstance(node, facts.Call):
        name = dotted(node.func)
        if node.args and isinstance(node.args[0].value, facts.Const):
            key = node.args[0].value.value
            if isinstance(key, str) and name.endswith(".get"):
                return f"{name[:-4]}.{key}"
        if node.args and name in (
            "float",
            "int",
            "datetime.fromtimestamp",
            "datetime.datetime.fromtimestamp",
        ):
            return dotted(node.args[0].value)
        return name
    return ""


def module_member(machine: Machine, module: ModuleInfo, name: str) -> Value:
    """`module.name`: a name of it, or a submodule."""
    if name in module.scope.names:
        return module.scope.names[name]
    directory = module.path.rpartition("/")[0]
    if module.path.rpartition("/")[2].startswith("__init__."):
        child = machine.table.child(directory, name)
        if isinstance(child, ModuleInfo):
            machine.load(child)
            return Package(child)
    getter = module.scope.names.get("__getattr__")
    if getter is not None:
        return UNKNOWN
    return Unknown(f"{module.path.rpartition('/')[2].rpartition('.')[0]}.{name}")


def symbol(machine: Machine, info: ClassInfo) -> Instance:
    """Any object of `info`: the `self` of its methods, its fields joined over all of them."""
    if info.symbol is None:
        place = info.module.place(info.node.span)
        info.symbol = Instance(info, place, symbolic=True)
        attributes.prepare(machine, info.symbol)
        for name in ("__init__", "__post_init__", "__attrs_post_init__", "model_post_init", "setUp"):
            method = info.find(name)
            if method is not None:
                machine.run_open(method, info)
        for method in info.methods.values():
            is_plain = not method.is_static and not method.is_class_method
            if (
                method.node.name != "__init__"
                and is_plain
                and _stores_in_self(method.node.body, method.node.params)
            ):
                machine.rehearse(method, info)
    return info.symbol


def _stores_in_self(body: tuple[facts.Stmt, ...], params: tuple[facts.Param, ...]) -> bool:
    """Whether a method's body assigns an attribute of its first parameter."""
    if not params:
        return False
    for statement in body:
        if isinstance(statement, facts.Assign):
            for target in statement.targets:
                for item in target.items if isinstance(target, facts.Seq) else (target,):
                    owner = item.obj if isinstance(item, facts.Attr) else None
                    if isinstance(owner, facts.Name) and owner.id == params[0].name:
                        return True
        for name in ("body", "orelse", "final"):
            inner = getattr(statement, name, ())
            if isinstance(statement, facts.Function):
                break
            if isinstance(inner, tuple) and _stores_in_self(inner, params):
                return True
        if isinstance(statement, facts.Try) and any(_stores_in_self(h, params) for h in statement.handlers):
            return True
    return False


def annotated(machine: Machine, annotation: facts.Expr, scope: Scope) -> Value | None:
    """Any object of the project's class that an annotation names (through Optional, quotes, `|`)."""
    for node in _named(annotation):
        if isinstance(node, facts.Const):
            if not isinstance(node.value, str):
                continue
            value: Value = UNKNOWN
            for position, part in enumerate(node.value.strip().strip("'\"").split(".")):
                part = part.split("[")[0].split("|")[0].strip()
                if position == 0:
                    value = lookup(machine, part, scope)
                else:
                    value = attributes.peek(machine, value, part)
        elif isinstance(node, facts.Name):
            value = lookup(machine, node.id, scope)
        elif isinstance(node, facts.Attr):
            value = attributes.peek(machine, _reach(machine, node.obj, scope), node.name)
        else:
            continue
        for member in members(value):
            if isinstance(member, Type) and not _plain_type(member.info):
                return symbol(machine, member.info)
            if isinstance(member, External):
                client = machine.client_of(member.name, scope.module.place((1, 1, 1, 1)))
                if client is not None:
                    client.open = True
                    return client
    return None


def _plain_type(info: ClassInfo) -> bool:
    return any(name.split(".")[-1] in ("Enum", "IntEnum", "StrEnum", "Protocol") for name in info.ancestors())


def _reach(machine: Machine, node: facts.Expr, scope: Scope) -> Value:
    if isinstance(node, facts.Name):
        return lookup(machine, node.id, scope)
    if isinstance(node, facts.Attr):
        return attributes.peek(machine, _reach(machine, node.obj, scope), node.name)
    return UNKNOWN


def _named(node: facts.Expr) -> list[facts.Expr]:
    if isinstance(node, facts.Bin) and node.op == "|":
        return [*_named(node.left), *_named(node.right)]
    if isinstance(node, facts.Item):
        head = dotted(node.obj).rpartition(".")[2]
        if head in ("Optional", "Union", "Annotated", "Type", "Final", "ClassVar"):
            if isinstance(node.index, facts.Seq):
                return [n for item in node.index.items for n in _named(item)]
            return _named(node.index)
        return _named(node.obj)  # `Client[Item]` is a Client
    return [node]


_FORMS: dict[type, Callable[..., Value]] = {
    facts.Const: _const,
    facts.Name: _name,
    facts.Attr: _attr,
    facts.Item: _item,
    facts.Call: _call,
    facts.Format: _format,
    facts.Bin: _bin,
    facts.Compare: _compare,
    facts.Logic: _logic,
    facts.Not: _not,
    facts.Cond: _cond,
    facts.Dict: _dict,
    facts.Seq: _seq,
    facts.Star: _star,
    facts.Comp: _comp,
    facts.Lambda: _lambda,
    facts.Walrus: _walrus,
    facts.Await: _await,
    facts.Yield: _yield,
    facts.Opaque: _opaque,
}
