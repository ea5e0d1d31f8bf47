"""The course of a run: which code is run, in which order, and what is run again once more is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import binding, calls, enumerated, handing, headers, symbols
from procore_lint.project.events import Root, Trail
from procore_lint.project.libraries import authenticators, streams
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo, Scope
from procore_lint.values import Function, Instance, Parameter, Type, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: How deep functions inside functions are looked for.
_LAYERS = 4


def run(machine: Machine) -> Trail:
    """Run every module, constructor and function; returns the trail."""
    live = [module for path, module in machine.modules.items() if path not in machine.mocked]
    for module in live:
        machine.load(module)
        _forget(machine, module)
    for module in live:
        for info in module.classes:
            symbols.symbol(machine, info)
    _run_functions(machine, live)
    _run_assumed(machine, live)
    enumerated.run(machine, live)
    handing.by_name(machine)
    _run_answered(machine)
    classes = [info for module in live for info in module.classes]
    streams.run(machine, classes)
    authenticators.run(machine, classes)
    machine.twins.settle(machine.classes.values())
    return machine.trail


def _run_functions(machine: Machine, live: list[ModuleInfo]) -> None:
    """Run every function and method, then what was defined inside them and is called by nobody here.

    Routes in an application's factory, tools given to a server, targets of threads and closures are
    called from outside, with the names of the run that defined them.
    """
    done: dict[str, int] = {}
    begun: set[tuple[str, int]] = set()
    for _ in range(_LAYERS):
        for module in live:
            start = done.get(module.path, 0)
            done[module.path] = len(module.functions)
            for function in module.functions[start : done[module.path]]:
                for receiver in _receivers(function):
                    machine.run_open(function, receiver)
                    _run_wrapped(machine, function, receiver)
            _forget(machine, module)
        inner = [
            (function, scope)
            for identifier, scopes in list(machine.closures.items())
            if not (function := machine.by_id[identifier]).called
            for scope in scopes
            if (identifier, id(scope)) not in begun
        ]
        if not inner and all(done[module.path] == len(module.functions) for module in live):
            return
        for function, scope in inner:
            begun.add((function.id, id(scope)))
            _run_inner(machine, function, scope)


def _forget(machine: Machine, module: ModuleInfo) -> None:
    """Let go of what is made anew where it is asked for, and of the nodes that it holds."""
    module.forget()
    machine.literals.clear()
    machine.tried.clear()


def _run_inner(machine: Machine, function: FunctionInfo, scope: Scope) -> None:
    """Run a function inside a function with open parameters and the names around it."""
    with machine.fresh_run(Root(function.module, function)):
        names = binding.open_parameters(machine, function, None)
        calls.execute(machine, function, names, None, scope)
    _run_wrapped(machine, function, None)


def _run_answered(machine: Machine) -> None:
    """Run again what waited for an object that only later code hands over, or keeps for all."""
    lacking = _lacking(machine)
    late = {
        key: root
        for key, (root, wanted) in machine.unanswered.items()
        if _is_answered(machine, wanted) and (key in lacking or wanted not in machine.standing_in)
    }
    if not late:
        return
    machine.trail.requests = [r for r in machine.trail.requests if r.root.key not in late]
    machine.noted = machine.sent = {key: r for key, r in machine.sent.items() if r.root.key not in late}
    for root in late.values():
        for receiver in _receivers(root.function) if root.function is not None else ():
            if root.function is not None and (receiver.id if receiver else "") == root.receiver:
                _run_as(machine, root.function, receiver, {})


def _is_answered(machine: Machine, wanted: Parameter | str) -> bool:
    if isinstance(wanted, str):
        return wanted in machine.shared
    return bool(machine.injected(wanted))


def _lacking(machine: Machine) -> set[tuple[str, str, str]]:
    """The roots that sent something without the company's header: only there does a default object matter."""
    if not machine.standing_in:
        return set()
    requests = machine.trail.requests
    return {r.root.key for r in requests if headers.presence(r.headers, headers.COMPANY).state == headers.NO}


def _run_assumed(machine: Machine, live: list[ModuleInfo]) -> None:
    """Run functions that nobody calls again, their parameters being what that name always holds.

    Where every call in the project that fills a parameter `client` passes objects of one class,
    a `client` of a function without callers is taken to be one, too.
    """
    holders: dict[str, set[ClassInfo]] = {}
    for function in list(machine.functions.values()):
        for name, values in function.bindings.items():
            for value in values:
                for member in members(value):
                    if isinstance(member, Instance):
                        holders.setdefault(name, set()).add(member.info)
    single = {name: infos.pop() for name, infos in holders.items() if len(infos) == 1}
    for module in live:
        for function in list(module.functions):
            waiting = machine.called_on.get(function.id, ())
            if not function.called and any(name in single for name in waiting):
                for receiver in _receivers(function):
                    _run_as(machine, function, receiver, {n: single[n] for n in waiting if n in single})


def _run_as(
    machine: Machine, function: FunctionInfo, receiver: ClassInfo | None, holds: dict[str, ClassInfo]
) -> None:
    with machine.fresh_run(Root(function.module, function, receiver.id if receiver else "")):
        bound = symbols.symbol(machine, receiver) if receiver else None
        names = binding.open_parameters(machine, function, bound)
        open_ones = [name for name in holds if isinstance(names.get(name), Parameter)]
        if holds and not open_ones:
            return  # their annotations said what they are
        for name in open_ones:
            names[name] = symbols.symbol(machine, holds[name])
        calls.execute(machine, function, names, bound)


def _run_wrapped(machine: Machine, function: FunctionInfo, receiver: ClassInfo | None) -> None:
    """Run what the project's decorators make of a function: that is what its callers get."""
    if function.wrapped is None:
        return
    with machine.fresh_run(Root(function.module, function, receiver.id if receiver else "")):
        holder: Value | None = None
        if receiver is not None:
            holder = Type(receiver) if function.is_class_method else symbols.symbol(machine, receiver)
        for member in members(function.wrapped):
            if isinstance(member, Function):
                names = binding.open_parameters(machine, member.info, holder)
                calls.execute(machine, member.info, names, holder, member.scope)


def _receivers(function: FunctionInfo) -> list[ClassInfo | None]:
    """The classes whose objects may be `self` in `function`: its own and its heirs."""
    owner = function.owner
    if owner is None or function.is_static:
        return [None]
    heirs = [info for info in owner.descendants() if info.find(function.name) is function]
    return [owner, *heirs[:12]]
