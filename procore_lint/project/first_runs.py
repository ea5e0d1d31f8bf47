"""The first run of each function, by itself and with its parameters open, and what it tells its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import binding, calls, summaries, symbols
from procore_lint.project.events import Root
from procore_lint.project.model import ClassInfo, FunctionInfo
from procore_lint.project.summaries import Mark, Outline
from procore_lint.values import UNKNOWN, Instance, Type, Value

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Functions that may be waiting for one another's first run.
NESTING = 60


def run_open(machine: Machine, function: FunctionInfo, receiver: ClassInfo | None) -> Outline | None:
    """Run `function` with open parameters, `self` being any object of `receiver`; once."""
    root = Root(function.module, function, receiver.id if receiver else "")
    key = root.id
    if key in machine.outlines:
        return machine.outlines[key]
    if machine.nesting > NESTING:
        return None
    machine.outlines[key] = None  # running: a call that comes back to it is left undecided
    mark = Mark.of(machine.book, machine.effects)
    result: Value | None = None
    with machine.fresh_run(root):
        result = _execute_open(machine, function, receiver)
    if result is None:
        return None  # its run failed; `failures` says how
    waiting = machine.row_of(machine.called_on, function)
    tested = machine.row_of(machine.tested, function)
    made = summaries.outline(key, root, machine.book, mark, machine.effects, result, waiting, tested)
    made.closed = made.closed and key not in machine.repeats.open
    machine.effects = mark.effects
    machine.outlines[key] = made
    if len(machine.book.requests) == mark.requests:
        machine.results.keep(made)
    return made


def _execute_open(machine: Machine, function: FunctionInfo, receiver: ClassInfo | None) -> Value:
    bound: Value | None = None
    if receiver is not None:
        bound = Type(receiver) if function.is_class_method else symbols.symbol(machine, receiver)
    return calls.execute(machine, function, binding.open_parameters(machine, function, bound), bound)


def result_of(machine: Machine, outline: Outline, function: FunctionInfo, receiver: Value | None) -> Value:
    """What running `function` by itself gave; where that was let go, what it gives again."""
    if outline.result is not None:
        return outline.result
    if machine.nesting > NESTING:
        return UNKNOWN
    info = receiver.info if isinstance(receiver, (Instance, Type)) else None
    effects = machine.effects
    machine.outlines[outline.key] = None  # as in its first run
    with machine.fresh_run(Root(function.module, function, info.id if info else "")):
        outline.result = machine.mutely(lambda: _execute_open(machine, function, info))
    machine.effects, machine.outlines[outline.key] = effects, outline
    machine.results.keep(outline)
    return UNKNOWN if outline.result is None else outline.result


def outline(machine: Machine, function: FunctionInfo, receiver: Value | None) -> Outline | None:
    """What running `function` by itself told; None while it runs, and for inner functions."""
    if function.nested or function.name == "<lambda>":
        return None
    info = receiver.info if isinstance(receiver, (Instance, Type)) else None
    if info is not None and function.name == "__init__" and info.find("__init__") is not function:
        return None  # a base's constructor, which the heir's own calls: that says what it is given
    root = Root(function.module, function, info.id if info else "")
    key = root.id
    if key in machine.outlines:
        return machine.outlines[key]
    if machine.muted:
        return None
    return run_open(machine, function, info)


def rehearse(machine: Machine, function: FunctionInfo, receiver: ClassInfo) -> None:
    """Run a method for what it stores in `self` alone, so that other methods find it there."""
    if machine.nesting > NESTING:
        return
    with machine.fresh_run(Root(function.module, function, receiver.id)):
        bound = symbols.symbol(machine, receiver)
        names = binding.open_parameters(machine, function, bound)
        machine.mutely(lambda: calls.execute(machine, function, names, bound))
