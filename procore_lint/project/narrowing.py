"""What a test says of the name that it tests: which of its possible texts each arm is left with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.model import Frame
from procore_lint.values import Choice, Listing, Text, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

_OPS = frozenset({"==", "!=", "in", "not in"})


def constant(value: Value) -> str | tuple[object, ...] | None:
    """A text, or a tuple of such, that is known whole."""
    if type(value) is Text:
        return value.plain
    if type(value) is Listing and value.exact and value.kind == "tuple":
        parts = tuple(map(constant, value.items))
        return None if None in parts else parts
    return None


def holds(part: Value, whole: Value) -> bool | None:
    """Whether a constant is in a text, or in a display of constants."""
    wanted = constant(part)
    if wanted is None:
        return None
    if isinstance(whole, Text):
        return None if whole.plain is None or not isinstance(wanted, str) else wanted in whole.plain
    if isinstance(whole, Listing) and whole.exact:
        known = [constant(item) for item in whole.items]
        return None if None in known else wanted in known
    return None


Arms = list[Callable[[], str]]


def arms(machine: Machine, frame: Frame, test: facts.Expr, bodies: Arms) -> Arms:
    """The two arms of a test, each with what the test leaves of the tested name's texts."""
    if type(test) is facts.Not:
        return arms(machine, frame, test.value, bodies[::-1])[::-1]
    if type(test) is not facts.Compare or test.op not in _OPS or type(test.left) is not facts.Name:
        return bodies
    name = test.left.id
    value = frame.scope.names.get(name)
    if type(value) is not Choice:
        return bodies
    against = machine.silently(lambda: machine.evaluate(test.right, frame))
    met = {member: _meets(member, against, test.op) for member in members(value)}
    first = [member for member, answer in met.items() if answer is not False]
    second = [member for member, answer in met.items() if answer is not True]
    if not first or not second or len(first) == len(second) == len(met):
        return bodies
    return [_with(frame, name, join(first), bodies[0]), _with(frame, name, join(second), bodies[1])]


def _meets(member: Value, against: Value, op: str) -> bool | None:
    if op in ("in", "not in"):
        answer = holds(member, against)
    else:
        one, other = constant(member), constant(against)
        answer = None if one is None or other is None else one == other
    return answer if answer is None or op in ("in", "==") else not answer


def _with(frame: Frame, name: str, value: Value, body: Callable[[], str]) -> Callable[[], str]:
    def run() -> str:
        frame.scope.names[name] = value
        return body()

    return run
