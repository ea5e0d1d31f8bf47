"""PCL101 where no fix is offered: the user's line as it reads with what the token's answer says."""

from __future__ import annotations

import operator

import msgspec

from procore_lint import facts
from procore_lint.project.events import Arithmetic, Comparison, Event
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.answers import answer_name
from procore_lint.repairs.code import before, expression, walk
from procore_lint.repairs.shown import access, read, shown
from procore_lint.repairs.tested import is_removed
from procore_lint.repairs.texts import LONGEST, assignment, substituted
from procore_lint.repairs.tokens import in_unit, is_clock, is_constant, is_duration, margin, margin_of
from procore_lint.values import UNKNOWN, Deadline, Number, Place, Value, members

_OR = "or renew the token when a call answers 401"
#: Where a store or a timer takes its seconds: the place among the arguments, and the keywords.
_LIVES = {
    "sleep": (0, ("delay",)),
    "wait": (0, ("timeout",)),
    "wait_for": (1, ("timeout",)),
    "setex": (1, ("time",)),
    "psetex": (1, ("time_ms",)),
    "expire": (1, ("time",)),
    "pexpire": (1, ("time",)),
    "set": (2, ("timeout", "ex", "px", "ttl", "expire", "time", "exptime")),
    "Timer": (0, ("interval",)),
    "call_later": (0, ("delay",)),
    "enter": (0, ("delay",)),
}
#: What waits until it is time for another token, which is before the old one runs out.
_RENEWALS = frozenset({"sleep", "wait", "wait_for", "Timer", "call_later", "enter"})
_SUMS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
_MILLISECONDS = frozenset({"psetex", "pexpire", "px"})


def compared(program: Program, event: Event, otherwise: str) -> str:
    """A comparison or sum as it reads with `expires_in` kept at hand."""
    node = expression(event.module, event.place)
    if isinstance(node, facts.Compare) and isinstance(event, Comparison):
        number, value = _number(node, event)
        if number is None:
            return otherwise
        holder = "self." if "self." in (shown(node) or "") else ""
        new = in_unit(event.module, number, value, f"{holder}expires_in{margin(value)}")
        code = shown(substituted(node, number, facts.Name(new, node.span))) if new else None
        if code is None:
            return otherwise
        return f"keep `expires_in` of the token response with the token and write `{code}`, {_OR}"
    if isinstance(node, facts.Bin) and node.op == "+":
        base = shown(node.left)
        if base is not None and isinstance(node.left, facts.Call) and is_clock(node.left):
            value = event.number if isinstance(event, Arithmetic) else UNKNOWN
            name = answer_name(program, event)
            new = in_unit(event.module, node.right, value, f'{name or "token"}["expires_in"]{margin(value)}')
            end = "" if name else " with the token response that is kept here"
            if name and any(is_removed(node, name) for node in walk((*before(event.module, event.place),))):
                end = f", and read that before it is taken out of `{name}`"
            return f"write `{base} + {new}`{end}" if new else otherwise
    return otherwise


def _number(node: facts.Compare, event: Comparison) -> tuple[msgspec.Struct | None, Value]:
    """The constant of a comparison: a whole side, or what is added to a moment in one."""
    for side, value in ((node.left, event.left), (node.right, event.right)):
        for member in members(value):
            if isinstance(member, Number) and is_constant(side):
                return side, member
            if isinstance(member, Deadline) and isinstance(side, facts.Bin) and side.op == "+":
                moments = (facts.Call, facts.Item)
                swapped = is_duration(side.left) or isinstance(side.left, facts.Const)
                number, moment = (side.left, side.right) if swapped else (side.right, side.left)
                if is_constant(number) and (isinstance(moment, moments) or shown(moment)):
                    return number, member.number
    return None, UNKNOWN


def scheduled(module: ModuleInfo, place: Place, otherwise: str) -> str:
    """A wait or a store as it reads with `expires_in`; of a schedule, what it runs."""
    call = expression(module, place)
    if not isinstance(call, facts.Call):
        return otherwise
    name = call.func.name if isinstance(call.func, facts.Attr) else shown(call.func) or ""
    line = _with_expires_in(call, name)
    if line is not None:
        source = "" if _answer(call) else " with `expires_in` out of the token response"
        return f"write `{line}`{source}, {_OR}"
    held = assignment(module, place)
    if held is not None and held[1].value is call:
        return f"keep each token in `{held[0]}` with its `expires_in` and test that on the way out, {_OR}"
    run = next((code for code in map(_callable, call.args) if code), None)
    if run is not None:
        return f"let `expires_in` of its last answer decide when `{run}` runs again, {_OR}"
    return otherwise


def _with_expires_in(call: facts.Call, name: str) -> str | None:
    position, keywords = _LIVES.get(name, (None, ()))
    plain = [argument for argument in call.args if argument.name is None]
    argument = next((a for a in call.args if a.name in keywords), None)
    if argument is None and position is not None and position < len(plain):
        argument = plain[position]
    if argument is None or not is_constant(argument.value):
        return None
    lives = _answer(call) or "expires_in"
    new = f"{lives}{_margin(argument.value)}"
    if new == lives and name in _RENEWALS:
        new = f"{lives} - 60"
    if name in _MILLISECONDS or argument.name in _MILLISECONDS:
        new = f"{lives} * 1000"
    code = shown(substituted(call, argument.value, facts.Name(new, call.span)), exact=False)
    return code if code is not None and len(code) <= LONGEST else None


def _margin(node: object) -> str:
    seconds = _seconds(node)
    return margin_of(seconds) if seconds is not None else ""


def _seconds(node: object) -> float | None:
    """What arithmetic on plain numbers gives; None for anything else."""
    if isinstance(node, facts.Const):
        return float(node.value) if isinstance(node.value, (int, float)) else None
    if isinstance(node, facts.Bin) and node.op in _SUMS:
        left, right = _seconds(node.left), _seconds(node.right)
        return _SUMS[node.op](left, right) if left is not None and right is not None else None
    return None


def _answer(call: facts.Call) -> str | None:
    """The code of `expires_in` in the answer out of which a call is given the access token."""
    for node in walk(call):
        found = access(node, "access_token")
        holder = shown(found[0]) if found is not None else None
        if found is not None and holder:
            return read(holder, "expires_in", found[1])
    return None


def _callable(argument: facts.Arg) -> str | None:
    code = shown(argument.value)
    is_name = isinstance(argument.value, (facts.Name, facts.Attr)) and argument.name in (None, "func")
    return code if is_name and code is not None and not code.isupper() else None
