"""What operators give: arithmetic, moments, comparisons, and what is decided true or false."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import binding, enums, looks, models, naming, narrowing, silence, strings
from procore_lint.project.events import Arithmetic, Comparison, Fallback
from procore_lint.project.model import Frame
from procore_lint.values import (
    UNKNOWN,
    Age,
    Choice,
    Client,
    Data,
    Deadline,
    Flag,
    Function,
    Hole,
    Instance,
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
            return machine.made(Mapping(place, spreads=(left, right)))
        return UNKNOWN
    if op == "/" and (type(left) is Text or (isinstance(right, Text) and not isinstance(left, Number))):
        return concat(left, literal("/", place), right)
    if isinstance(left, Age) and isinstance(right, Number) and op in ("/", "//", "*") and right.value:
        return Age(left.since, left.unit * right.value if op != "*" else left.unit / right.value)
    if isinstance(left, Deadline) and isinstance(right, Number) and op == "*":
        return left  # in milliseconds
    if isinstance(left, Number) and isinstance(right, Number):
        return _numbers(op, left, right, place)
    if op == "*" and isinstance(left, Listing):
        return Listing(place, list(left.items), left.kind, exact=False)
    if op == "+":
        if isinstance(left, Text) or isinstance(right, Text):
            return concat(left, right)
        if isinstance(left, Listing) and isinstance(right, Listing):
            return Listing(place, left.items + right.items, left.kind, left.exact and right.exact)
        if isinstance(left, Listing) and isinstance(right, (Parameter, Unknown, Data)):
            binding.unfolded(machine, right)
            return Listing(place, [*left.items, machine.element(right, None)], left.kind, exact=False)
        if isinstance(right, Listing) and isinstance(left, (Parameter, Unknown, Data)):
            binding.unfolded(machine, left)
            return Listing(place, [machine.element(left, None), *right.items], right.kind, exact=False)
        if isinstance(left, Number):
            left, right, left_node = right, left, right_node
        if isinstance(right, Number):
            return moment(machine, left, right, place, naming.dotted(left_node))
        if isinstance(left, Parameter) or isinstance(right, Parameter):
            return (
                concat(left, right) if not isinstance(left, Now) and not isinstance(right, Now) else UNKNOWN
            )
        return UNKNOWN
    if op == "-":
        if isinstance(left, Now) and isinstance(right, Number):
            return Deadline(left, Number(-right.value, right.place, right.unit), place)
        if isinstance(left, Now):
            return Age(right if not _bare(right) else Unknown(naming.dotted(right_node)))
        if isinstance(right, Number):
            return left
    return UNKNOWN


def _without_fallback(value: Value) -> Value:
    """What an answer says, without the constant that stands in where it is silent."""
    if not isinstance(value, Choice) or not any(says_life(m) for m in value.members):
        return value
    return join(m for m in value.members if not isinstance(m, Number))


def says_life(value: Value) -> bool:
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


def compare(machine: Machine, node: facts.Compare, frame: Frame) -> Value:
    left = machine.evaluate(node.left, frame)
    right = machine.evaluate(node.right, frame)
    op = node.op
    if op in ("==", "!=", "in", "not in"):
        _picked(machine, left, right)
        looks.of_comparison(machine, left, right)
    if op in ("in", "not in"):
        held = narrowing.holds(left, right)
        if held is not None:
            return Flag(held if op == "in" else not held)
    if op in ("is", "is not", "==", "!="):
        if isinstance(right, Nothing):
            machine.tests(left)
        decided = _same(left, right)
        if decided is None and machine.enums:
            decided = enums.same(machine, left, right)
        if decided is not None and not _is_default(machine, node.left, frame):
            return Flag(decided if op in ("is", "==") else not decided)
    if _is_telling(left, right) or _is_telling(right, left):
        event = Comparison(
            *machine.where(frame.module.place(node.span)), op, left, right,
            (naming.dotted(node.left), naming.dotted(node.right)),
        )  # fmt: skip
        machine.trail.comparisons.append(event)
        return Verdict((event,))
    return UNKNOWN


def _picked(machine: Machine, left: Value, right: Value) -> None:
    """Note parameters that are compared with texts: calls that say which decide the test."""
    for side, other in ((left, right), (right, left)):
        if isinstance(side, Parameter) and isinstance(other, (Text, Listing, Mapping)):
            machine.picks(side)


def _is_default(machine: Machine, node: facts.Expr, frame: Frame) -> bool:
    """Whether a value that is tested is but the default of a field: any other may stand there."""
    if not isinstance(node, facts.Attr):
        return False
    return models.is_default(machine.silently(lambda: machine.evaluate(node.obj, frame)), node.name)


def _same(left: Value, right: Value) -> bool | None:
    """Whether two values are equal, where that is decided."""
    if type(left) is Nothing and type(right) is Nothing:
        return True
    for a, b in ((left, right), (right, left)):
        if type(a) is Nothing and isinstance(
            b, (Text, Number, Flag, Mapping, Listing, Client, Instance, Function, Type, Prepared)
        ):
            return False
    if type(left) is Text and type(right) is Text and None not in (left.plain, right.plain):
        return left.plain == right.plain
    if type(left) is Flag and type(right) is Flag:
        return left.value == right.value
    return None


def is_timely(value: Value) -> bool:
    """Whether a moment that a constant decides is in `value`."""
    for member in members(value):
        if type(member) is Deadline:
            return True
        if type(member) is Text and len(member.parts) == 1 and type(member.parts[0]) is Hole:
            return any(True for _ in deadlines(value))
    return False


def _is_telling(side: Value, other: Value) -> bool:
    """Whether a check may care for a comparison: moments, hosts of files, parts of links."""
    for member in members(side):
        if isinstance(member, (Now, Age, Deadline)):
            return True
        if type(member) is Text and strings.is_notable(member.template):
            return True
        if type(member) is Data and member.path and member.path[-1] in ("netloc", "hostname", "url", "host"):
            return any(type(m) is Text for m in members(other))
    return False


def logic(machine: Machine, node: facts.Logic, frame: Frame) -> Value:
    results: list[Value] = []
    verdicts: list[Comparison] = []
    depth = len(machine.guards)
    for position, part in enumerate(node.values):
        value = machine.evaluate(part, frame)
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


def negated(machine: Machine, node: facts.Not, frame: Frame) -> Value:
    value = machine.evaluate(node.value, frame)
    known = truth(machine, value)
    if known is not None:
        return Flag(not known)
    verdicts = machine.guarded(value)
    return Verdict(tuple(verdicts)) if verdicts else UNKNOWN


def truth(machine: Machine, value: Value) -> bool | None:
    """Whether `value` is true, where that is decided."""
    machine.tests(value)
    verdicts = {_truth(machine, member) for member in members(value)}
    return verdicts.pop() if len(verdicts) == 1 else None


def _truth(machine: Machine, value: Value) -> bool | None:
    if type(value) is Nothing:
        return False
    if type(value) is Flag:
        return value.value
    if type(value) is Number:
        return value.value != 0
    if type(value) is Text:
        if any(type(part) is Piece for part in value.parts):
            return True
        return None if value.parts else False
    if type(value) is Mapping:
        if value.entries:
            return True
        return None if value.spreads or value.open or not machine.is_own(value) else False
    if type(value) is Listing:
        if value.items or not value.exact:
            return True if value.exact else None
        return False if machine.is_own(value) else None  # empty only until some code fills it
    if isinstance(value, (Client, Instance, Function, Type, Package, Prepared)):
        return True
    return None
