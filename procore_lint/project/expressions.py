"""What an expression is: evaluation of every form of `facts.Expr` to a symbolic value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import (
    attributes,
    binding,
    calls,
    declarations,
    elements,
    enums,
    items,
    looks,
    loops,
    naming,
    operators,
    replaced,
    silence,
    storing,
    strings,
    urls,
)
from procore_lint.project.events import Written
from procore_lint.project.libraries import flows
from procore_lint.project.model import Frame
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Flag,
    Function,
    Listing,
    Mapping,
    Number,
    Text,
    Value,
    concat,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


#: Longer lists are no token with its end.
_PAIRED = 6


def evaluate(machine: Machine, node: facts.Expr, frame: Frame) -> Value:
    """The value of `node` in `frame`; sends, comparisons and texts on the way become events."""
    machine.work += 1
    return _FORMS[type(node)](machine, node, frame)


def _const(machine: Machine, node: facts.Const, frame: Frame) -> Value:
    value = node.value
    if isinstance(value, str):
        known = machine.literals.get(id(node))
        if known is None:
            known = node, literal(value, frame.module.place(node.span)), strings.is_notable(value)
            machine.literals[id(node)] = known
        if known[2]:
            written(machine, frame, known[1], node.span)
        return known[1]
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Flag(value)
    return Number(float(value), frame.module.place(node.span))


def _name(machine: Machine, node: facts.Name, frame: Frame) -> Value:
    return naming.lookup(machine, node.id, frame.scope)


def _attr(machine: Machine, node: facts.Attr, frame: Frame) -> Value:
    obj = evaluate(machine, node.obj, frame)
    return attributes.get(machine, obj, node.name, frame, node.span)


def _item(machine: Machine, node: facts.Item, frame: Frame) -> Value:
    obj = evaluate(machine, node.obj, frame)
    index = evaluate(machine, node.index, frame)
    return items.item(machine, obj, index, frame.module.place(node.span))


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
        if not isinstance(member, Text):
            continue
        if strings.is_notable(member.template):
            machine.trail.written.append(Written(*machine.where(frame.module.place(span)), member))
        else:
            looks.weave(machine, member)


def _bin(machine: Machine, node: facts.Bin, frame: Frame) -> Value:
    # Long chains (a + b + c + ...) lean left: walk them without recursion.
    spine = [node]
    while isinstance(spine[-1].left, facts.Bin):
        spine.append(spine[-1].left)
    left = _part(machine, spine[-1].left, frame)
    for bin_node in reversed(spine):
        right = _part(machine, bin_node.right, frame)
        left = operators.binary(
            machine, frame, bin_node.op, left, right, frame.module.place(bin_node.span), bin_node.left,
            bin_node.right,
        )  # fmt: skip
    written(machine, frame, left, node.span)
    return left


def _cond(machine: Machine, node: facts.Cond, frame: Frame) -> Value:
    test = evaluate(machine, node.test, frame)
    known = operators.truth(machine, test)
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
    if isinstance(value, Number) and any(operators.says_life(member) for member in members(told)):
        silence.note(machine, value, frame.module.place(node.span), missing.answer)
    return join((told, value))


def _dict(machine: Machine, node: facts.Dict, frame: Frame) -> Value:
    mapping = Mapping(frame.module.place(node.span))
    machine.made(mapping)
    put: list[Value] = []
    for key_node, value_node in node.items:
        value = evaluate(machine, value_node, frame)
        if key_node is None:
            mapping.spread(value)
            continue
        key = evaluate(machine, key_node, frame)
        if isinstance(key_node, facts.Const) and isinstance(key_node.value, str):
            machine.kept(frame, key_node.value, value, _span(key_node, node.span))
        storing.build(mapping, key, value, frame.module.place(_span(key_node, node.span)))
        put.append(value)
    storing.together(machine, mapping, put, mapping.place)
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
                binding.unfolded(machine, inner)
                exact = False
                items.append(elements.element(machine, inner, None))
        else:
            items.append(evaluate(machine, part, frame))
    made = Listing(frame.module.place(node.span), items, node.kind, exact)
    machine.made(made)
    if len(items) < _PAIRED:
        storing.together(machine, made, items, made.place)
    return made


def _star(machine: Machine, node: facts.Star, frame: Frame) -> Value:
    return evaluate(machine, node.value, frame)


def _comp(machine: Machine, node: facts.Comp, frame: Frame) -> Value:
    saved = frame.scope.names
    frame.scope.names = dict(saved)
    for loop in node.loops:
        source = enums.listed(evaluate(machine, loop.iter, frame))
        rows = loops.built_from(source) if len(node.loops) == 1 and not loop.tests else None
        if rows is not None and node.key is None:
            built: list[Value] = []
            for row in rows:
                machine.assign(frame, loop.target, row)
                built.append(evaluate(machine, node.value, frame))
            frame.scope.names = saved
            return Listing(frame.module.place(node.span), built, node.kind)
        binding.unfolded(machine, source)
        machine.assign(frame, loop.target, elements.element(machine, source, None))
        for test in loop.tests:
            evaluate(machine, test, frame)
    place = frame.module.place(node.span)
    result: Value
    if node.kind == "dict" and node.key is not None:
        mapping = Mapping(place)
        replaced.left_out(mapping, node)
        key = evaluate(machine, node.key, frame)
        storing.build(mapping, key, evaluate(machine, node.value, frame), place)
        result = mapping
    else:
        result = Listing(place, [evaluate(machine, node.value, frame)], node.kind, exact=False)
    frame.scope.names = saved
    return result


def _lambda(machine: Machine, node: facts.Lambda, frame: Frame) -> Value:
    body = facts.Return(node.body, node.span)
    inside = facts.Inside(node.params, (body,), None)
    function = facts.Function.of("<lambda>", (), False, node.span, inside)
    return Function(declarations.declare(machine, frame, function, owner=None), frame.scope)


def _walrus(machine: Machine, node: facts.Walrus, frame: Frame) -> Value:
    value = evaluate(machine, node.value, frame)
    frame.scope.names[node.target] = value
    return value


def _await(machine: Machine, node: facts.Await, frame: Frame) -> Value:
    return evaluate(machine, node.value, frame)


def _yield(machine: Machine, node: facts.Yield, frame: Frame) -> Value:
    value = NOTHING if node.value is None else evaluate(machine, node.value, frame)
    frame.yields.append(value)
    return flows.answer(machine, value, frame)


def _opaque(machine: Machine, node: facts.Opaque, frame: Frame) -> Value:
    for part in node.parts:
        evaluate(machine, part, frame)
    return UNKNOWN


_FORMS: dict[type, Callable[..., Value]] = {
    facts.Const: _const,
    facts.Name: _name,
    facts.Attr: _attr,
    facts.Item: _item,
    facts.Call: _call,
    facts.Format: _format,
    facts.Bin: _bin,
    facts.Compare: operators.compare,
    facts.Logic: operators.logic,
    facts.Not: operators.negated,
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
