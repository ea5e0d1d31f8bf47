"""Calls that one body makes twice alike: on both arms of a test, at once or in a thread, in a second attempt.

What a body sends alike is one request (`libraries/sending.py`), so a callee is run once for calls that hand
it the same, as long as nothing was changed between them. Methods of generated clients that come in several
variants, each with arms for threads, would otherwise run the way to the transport a dozen times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from procore_lint.project import substitution
from procore_lint.project.events import Comparison
from procore_lint.project.model import FunctionInfo
from procore_lint.values import Listing, Mapping, Value

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


#: Calls of one function that a body remembers: those that are alike stand near one another.
_KEPT = 16


class Call(NamedTuple):
    """What a call handed over: the objects themselves, and what was in dicts and lists before it ran."""

    names: dict[str, Value]
    content: dict[str, tuple[object, ...]]
    trail: object
    conditions: tuple[Comparison | int, ...]  # the tests and loops that it stands in

    @classmethod
    def of(cls, machine: Machine, names: dict[str, Value]) -> Call:
        """What the running body is about to hand over."""
        content = {
            name: _content(value) for name, value in names.items() if type(value) in (Mapping, Listing)
        }
        return cls(dict(names), content, machine.trail, (*machine.guards, *machine.loops))

    def is_like(self, other: Call) -> bool:
        """Whether two calls of one function do the same."""
        if self.trail is not other.trail or self.conditions != other.conditions:
            return False
        if self.names.keys() != other.names.keys():
            return False
        changed = [name for name, value in self.names.items() if value != other.names[name]]
        return all(name in self.content and self.content[name] == other.content.get(name) for name in changed)


def _content(value: Value) -> tuple[object, ...]:
    if isinstance(value, Mapping):
        return value.place, value.open, value.default, dict(value.entries), value.spreads
    assert isinstance(value, Listing)
    return value.place, value.kind, value.exact, tuple(value.items)


class Given(NamedTuple):
    """What a call gave, and how many changes there had been by then."""

    call: Call
    result: Value
    changes: int


def recall(machine: Machine, info: FunctionInfo, call: Call) -> Value | None:
    """What a like call of the running body gave, where nothing was changed since it ended."""
    for before in machine.stack[-1].given.get(info.id, ()) if machine.stack else ():
        if before.changes == machine.changes and call.is_like(before.call):
            return substitution.own(machine, before.result, apart=True)
    return None


def keep(machine: Machine, info: FunctionInfo, call: Call, result: Value) -> None:
    """Remember a call that has just ended.

    A function inside a function reads names around it, which are others for each closure and may be bound
    anew without any change to an object.
    """
    if machine.stack and not machine.is_spent() and not (info.nested or info.name == "<lambda>"):
        known = machine.stack[-1].given
        # Nothing can be like a call that was followed by a change.
        before = [given for given in known.get(info.id, ()) if given.changes == machine.changes]
        known[info.id] = [*before[1 - _KEPT :], Given(call, result, machine.changes)]
