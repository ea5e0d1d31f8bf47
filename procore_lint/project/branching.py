"""Statements with several ways: branches, loops and what is tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import (
    binding,
    elements,
    enums,
    exits,
    expressions,
    flags,
    loops,
    narrowing,
    operators,
    pauses,
    silence,
)  # fmt: skip
from procore_lint.project.assigning import bind, merge
from procore_lint.project.ends import NEXT, STOP
from procore_lint.project.model import Frame
from procore_lint.values import (
    UNKNOWN,
    Data,
    External,
    Instance,
    Listing,
    Mapping,
    Parameter,
    Text,
    Value,
    literal,
)  # fmt: skip

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def run_if(machine: Machine, frame: Frame, node: facts.If) -> str:
    test = expressions.evaluate(machine, node.test, frame)
    verdict = operators.truth(machine, test)
    if verdict is True:
        return machine.block(frame, node.body, True)
    if verdict is False:
        return machine.block(frame, node.orelse, True)
    guards = machine.guarded(test)
    if guards:
        flags.raised(machine, frame, node, guards)
    elif frame.flags:
        guards = flags.asked(machine, frame, node.test)
    depth = len(machine.guards)
    machine.guards.extend(guards)
    arms = [lambda: machine.block(frame, node.body, True), lambda: machine.block(frame, node.orelse, True)]
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
    ended = node.body if statuses[0] == STOP else node.orelse
    if STOP not in statuses or exits.refuses(ended):
        del machine.guards[depth:]
    elif guards and not exits.gives_something(ended):
        machine.hollow.update(guards)
    # A branch that ends here leaves the rest of the block under the test: the guards stay until
    # `block` drops them.
    return NEXT


def run_loop(machine: Machine, frame: Frame, node: facts.Loop) -> str:
    value: Value = UNKNOWN
    number = machine.loop_number(frame.module.place(node.span))
    until_told = node.target is None and pauses.is_until_told(node.iter)
    if node.target is None:
        if until_told:
            machine.loops.append(number)  # the test itself waits in every turn
        test = expressions.evaluate(machine, node.iter, frame)
        if until_told:
            machine.loops.pop()
        guards = machine.guarded(test)
        endless = operators.truth(machine, test) is True
    else:
        guards, endless = [], False
        value_of_iter = enums.listed(expressions.evaluate(machine, node.iter, frame))
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
    machine.loops.append(number if endless or until_told else -number)

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


def run_try(machine: Machine, frame: Frame, node: facts.Try) -> str:
    start = dict(frame.scope.names)

    def whole() -> str:
        status = machine.block(frame, node.body, True)
        return status if status == STOP else machine.block(frame, node.orelse, True)

    def handler(body: tuple[facts.Stmt, ...], after: dict[str, Value]) -> Callable[[], str]:
        def run() -> str:
            frame.scope.names = merge([dict(start), after])
            return machine.block(frame, body, True)

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
    if node.final and machine.block(frame, node.final, True) == STOP:
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
