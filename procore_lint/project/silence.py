"""Code that runs where a token's answer does not say `expires_in`, and the constants that stand in there.

`ttl = 7200` after `except KeyError`, after `if "expires_in" not in data` or `if ttl is None`, or before a
test that lets the answer speak: each leaves a `Fallback`, and so does a sum in such an arm.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from procore_lint import facts
from procore_lint.project import naming
from procore_lint.project.events import Fallback
from procore_lint.project.model import Frame
from procore_lint.project.walk import walk
from procore_lint.values import Data, Number, Parameter, Place, Unknown, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

KEY = "expires_in"
#: What a missing key raises; wider nets count where nothing else in the `try` is likely to fail.
_MISSING = frozenset({"KeyError", "LookupError", "AttributeError", "TypeError", "ValueError"})
_WIDE = frozenset({"Exception", "BaseException", ""})
_HARMLESS = frozenset(
    """int float str round Decimal timedelta time now utcnow monotonic fromtimestamp get json
    total_seconds""".split()
)
_LIFE = ("expires_in", "lifetime", "ttl")


class Silence(NamedTuple):
    """An answer, and whether the first arm of a test runs where it speaks."""

    answer: Value
    speaks: bool


def says_life(value: Value) -> bool:
    """Whether a value is what some answer says under `expires_in`."""
    if isinstance(value, (Data, Parameter)):
        return bool(value.path) and value.path[-1].endswith(KEY)
    return isinstance(value, Unknown) and value.hint.endswith(KEY)


def asked(machine: Machine, frame: Frame, test: facts.Expr) -> Silence | None:
    """The answer whose `expires_in` a test asks for; None for any other test."""
    if type(test) is facts.Not:
        inner = asked(machine, frame, test.value)
        return None if inner is None else Silence(inner.answer, not inner.speaks)
    if type(test) is facts.Logic:
        return asked(machine, frame, test.values[0])
    speaks = True
    node: facts.Expr = test
    if type(test) is facts.Compare:
        if type(test.left) is facts.Const:
            if test.op not in ("in", "not in") or test.left.value != KEY:
                return None
            answer = machine.silently(lambda: machine.evaluate(test.right, frame))
            return Silence(answer, test.op == "in")
        if type(test.right) is not facts.Const or test.right.value is not None:
            return None
        speaks = test.op in ("is not", "!=")
        node = test.left
    if type(node) is facts.Name:
        value = frame.scope.names.get(node.id)
        return Silence(value, speaks) if value is not None and _may_say(value) else None
    if not _reads(node):
        return None
    return Silence(machine.silently(lambda: machine.evaluate(node, frame)), speaks)


def _may_say(value: Value) -> bool:
    return any(says_life(member) for member in members(value))


def _reads(node: object) -> bool:
    """Whether an expression reads `expires_in` from something."""
    if type(node) is facts.Item:
        return type(node.index) is facts.Const and node.index.value == KEY
    if type(node) is facts.Attr:
        return node.name == KEY
    if type(node) is facts.Call and type(node.func) is facts.Attr and node.func.name == "get":
        return bool(node.args) and isinstance(key := node.args[0].value, facts.Const) and key.value == KEY
    return False


class Arms:
    """The arms of one statement: what names hold at the end of those that speak and those that do not."""

    def __init__(self, machine: Machine, frame: Frame, answer: Value) -> None:
        self.machine, self.frame, self.answer = machine, frame, answer
        self.spoken: list[dict[str, Value]] = []
        self.silent: list[dict[str, Value]] = []

    def speaking(self, run: Callable[[], str]) -> Callable[[], str]:
        return lambda: self._kept(self.spoken, run())

    def silently(self, run: Callable[[], str]) -> Callable[[], str]:
        """An arm in which the answer is silent; sums and returns in it know."""

        def arm() -> str:
            self.machine.silences.append((self.answer, self.frame))
            try:
                return self._kept(self.silent, run())
            finally:
                self.machine.silences.pop()

        return arm

    def _kept(self, ends: list[dict[str, Value]], status: str) -> str:
        if status != "stop":
            ends.append(self.frame.scope.names)
        return status

    def settle(self) -> None:
        """Leave a fallback for each name that is a constant in one arm and the answer's word in another."""
        lives = {name for end in self.spoken for name, value in end.items() if _may_say(value)}
        for end in self.silent:
            for name in sorted(lives):
                value = end.get(name)
                if isinstance(value, Number):
                    note(self.machine, value, _assigned(self.frame, name, value), self.answer)


def here(machine: Machine) -> Value | None:
    """The answer that is silent where the run is; what an arm calls is judged by itself."""
    if machine.silences and machine.silences[-1][1] is machine.stack[-1]:
        return machine.silences[-1][0]
    return None


def note(machine: Machine, number: Number, place: Place, source: Value) -> None:
    """A constant that stands in for what the answer does not say."""
    machine.trail.fallbacks.append(Fallback(*machine.where(place), source, KEY, number))


def assigned(machine: Machine, target: facts.Expr, value: Value, place: Place) -> None:
    """`self.ttl = 7200` or `data["expires_in"] = 7200` in a silent arm."""
    answer = here(machine)
    name = target.name if isinstance(target, facts.Attr) else ""
    if isinstance(target, facts.Item) and isinstance(target.index, facts.Const):
        name = str(target.index.value)
    if answer is not None and isinstance(value, Number) and any(word in name.lower() for word in _LIFE):
        note(machine, value, place, answer)


def returned(machine: Machine, frame: Frame, value: Value, place: Place) -> None:
    """`return 7200` in a silent arm of a function that else returns what the answer says."""
    answer = here(machine)
    if answer is not None and isinstance(value, Number) and any(_may_say(given) for given in frame.returns):
        note(machine, value, place, answer)


def _assigned(frame: Frame, name: str, number: Number) -> Place:
    """Where a name is given the constant."""
    body = frame.function.inside.body if frame.function else frame.module.node.body
    for node, _ in walk(body):
        if isinstance(node, facts.Assign) and node.value is not None:
            targets = [target.id for target in node.targets if isinstance(target, facts.Name)]
            if name in targets and not any(_reads(part) for part, _ in walk(node.value)):
                return frame.module.place(node.span)
    return number.place


def tried(machine: Machine, node: facts.Try) -> facts.Expr | None:
    """What the body of a `try` reads `expires_in` from."""
    known = machine.tried.get(id(node))
    if known is None:
        parts = (part for part, _ in walk(node.body))
        reads = (part.obj for part in parts if isinstance(part, (facts.Item, facts.Attr)) and _reads(part))
        known = machine.tried[id(node)] = (node, next(reads, None))
    return known[1]


def answers_silence(node: facts.Try, caught: tuple[str, ...]) -> bool:
    """Whether a handler runs where the key is missing, and hardly for another reason."""
    if _MISSING.intersection(caught):
        return True
    if not _WIDE.intersection(caught):
        return False
    calls = [part for part, _ in walk(node.body) if isinstance(part, facts.Call)]
    return all(naming.dotted(call.func).rpartition(".")[2] in _HARMLESS for call in calls)
