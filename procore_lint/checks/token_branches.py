"""Constants that stand on the branch for another vendor: they are lives of that vendor's tokens.

Code that keeps tokens of several vendors tells them apart by a name: `if vendor == "procore"`. What stands
in the other arm, or behind a branch that has ended, is never Procore's.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from procore_lint import facts
from procore_lint.project.events import Event
from procore_lint.project.model import ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.repairs.code import before, chain_to, function_at
from procore_lint.values import Number, Place

_OURS = "procore"
_HOST = "procore.com"


class Branches:
    """Whom the branches of a program are for; the names of its vendors are gathered once."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def is_for_another(self, event: Event, number: Number) -> bool:
        """Whether an event, or each use of its constant there, stands where another vendor is meant."""
        if self._is_there(event.place):
            return True
        places = set(self._uses(event.module, event.place, number))
        return bool(places) and all(map(self._is_there, places))

    def _uses(self, module: ModuleInfo, place: Place, number: Number) -> Iterator[Place]:
        """Where the function around a place names a constant, or where some function writes it."""
        home = self._program.modules.get(number.place.path)
        if home is not None and function_at(home, number.place) is not None:
            yield number.place
        around = function_at(module, place)
        for node, _ in walk(around.inside.body if around is not None else ()):
            if isinstance(node, facts.Name):
                held = module.scope.names.get(node.id)
                if isinstance(held, Number) and held.place == number.place:
                    yield module.place(node.span)

    def _is_there(self, place: Place) -> bool:
        """Whether code at a place runs for another vendor alone."""
        module = self._program.modules.get(place.path)
        if module is None:
            return False
        for node, below in pairwise(chain_to(module, place)):
            if isinstance(node, (facts.If, facts.Cond)):
                arm, ours = _arm(node, below), self._means(node.test)
                if arm is not None and ours is not None and arm is not ours:
                    return True
        return any(
            isinstance(earlier, facts.If) and _ends(earlier.body) and self._means(earlier.test) is True
            for earlier in before(module, place)
        )

    def _means(self, test: facts.Expr) -> bool | None:
        """Whether a test holds for Procore alone (True), or for all but Procore or one of those (False)."""
        if isinstance(test, facts.Not):
            inner = self._means(test.value)
            return None if inner is None else not inner
        if not isinstance(test, facts.Compare):
            return None
        left, right = _text(test.left), _text(test.right)
        if test.op in ("in", "not in"):
            return test.op == "in" if left in (_OURS, _HOST) else None
        if test.op not in ("==", "is", "!=", "is not"):
            return None
        is_same = test.op in ("==", "is")
        if _OURS in (left, right):
            return is_same
        return False if is_same and self._others.intersection((left, right)) else None

    @cached_property
    def _others(self) -> frozenset[str]:
        """The names that stand beside Procore's in the tables of the program."""
        found: set[str] = set()
        for module in self._program.modules.values():
            for node, _ in walk(module.node.body):
                if isinstance(node, facts.Dict):
                    keys = {_text(key) for key, _ in node.items if key is not None}
                    found.update(keys if _OURS in keys else ())
        return frozenset(found - {_OURS, ""})


def _arm(node: facts.If | facts.Cond, below: Struct) -> bool | None:
    """In which arm a part of a branch stands; None for its test."""
    for arm, part in ((True, node.body), (False, node.orelse)):
        if part is below or (isinstance(part, tuple) and any(one is below for one in part)):
            return arm
    return None


def _ends(body: tuple[facts.Stmt, ...]) -> bool:
    return bool(body) and isinstance(body[-1], (facts.Return, facts.Raise, facts.Jump))


def _text(node: facts.Expr) -> str:
    """A text as it is written, or the name of a constant that stands for one."""
    if isinstance(node, facts.Const):
        return node.value.lower() if isinstance(node.value, str) else ""
    last = dotted(node).rpartition(".")[2]
    return last.lower() if last.isupper() else ""
