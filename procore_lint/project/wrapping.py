"""Callables bound anew to what wraps them: `handler = layer(handler)`, in loops and on attributes, too.

The name then holds the bare callable only until then: what the wrapper adds, the bare one need not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.libraries import absent, http, sending
from procore_lint.project.model import Args, Frame, Kwargs
from procore_lint.values import (
    UNKNOWN,
    Choice,
    External,
    Function,
    Instance,
    Mapping,
    Parameter,
    Partial,
    Unknown,
    Value,
    join,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Stands beside the callables that one which the project does not decide is wrapped around.
WRAPPER = Unknown("<wrapper>")


def rebinds(node: facts.Assign) -> bool:
    """Whether a statement binds a name or an attribute to a call that is handed what it held."""
    call = node.value
    return (
        type(call) is facts.Call
        and len(node.targets) == 1
        and any(_is_same(argument.value, node.targets[0]) for argument in call.args)
    )


def _is_same(left: facts.Expr, right: facts.Expr) -> bool:
    if type(left) is facts.Attr and type(right) is facts.Attr:
        return left.name == right.name and _is_same(left.obj, right.obj)
    return type(left) is facts.Name and type(right) is facts.Name and left.id == right.id


def marked(machine: Machine, node: facts.Assign, frame: Frame, value: Value) -> Value:
    """`value` with the mark beside it, where it is a callable in a wrapper that is not decided."""
    if not any(isinstance(member, (Unknown, Parameter)) for member in members(value)):
        return value
    assert isinstance(node.value, facts.Call)
    held = machine.quietly(node.targets[0], frame)
    if not any(_is_callable(machine, member) for member in members(held)):
        return value
    return value if _is_of_library(machine, node.value, frame) else join((value, WRAPPER))


def _is_callable(machine: Machine, value: Value) -> bool:
    if isinstance(value, Parameter):
        return bool(machine.loops)  # one layer after the other; what is passed in once is anything
    return isinstance(value, (Function, Partial)) or (isinstance(value, External) and sending.sends(value))


def _is_of_library(machine: Machine, call: facts.Call, frame: Frame) -> bool:
    """Whether a wrapper (or what makes it) comes from a library: retries and limits add no headers."""
    node: facts.Expr = call.func
    while isinstance(node, (facts.Call, facts.Attr, facts.Item)):
        if isinstance(node, facts.Call):
            picks = isinstance(node.func, facts.Name) and node.func.id == "getattr" and node.args
            node = node.args[0].value if picks else node.func
        else:
            node = node.obj
    if not isinstance(node, facts.Name):
        return False
    root = machine.quietly(node, frame)
    return isinstance(root, External) and not absent.is_own(machine, root.name)


def outermost(targets: Sequence[Value]) -> Sequence[Value]:
    """Without the callables that another one of them was handed to wrap."""
    wrappers = [t for t in targets if isinstance(t, Instance) or (isinstance(t, Function) and t.info.nested)]
    if not wrappers or len(targets) == 1:
        return targets
    kept = [t for t in targets if not any(w is not t and _wraps(w, t) for w in wrappers)]
    return kept or targets


def _wraps(wrapper: Value, bare: Value) -> bool:
    if isinstance(wrapper, Instance):
        return any(bare in members(held) for held in wrapper.fields.values())
    scope = wrapper.scope if isinstance(wrapper, Function) else None
    while scope is not None and scope.parent is not None:
        # What is defined beside the wrapper was not handed to it.
        if not (isinstance(bare, Function) and bare.scope is scope) and any(
            bare in members(held) for held in scope.names.values()
        ):
            return True
        scope = scope.parent
    return False


def doubted(args: Args, kwargs: Kwargs, site: http.Site) -> tuple[Args, Kwargs, http.Site]:
    """What a bare callable gets through wrappers that are not decided: headers may be among it."""
    passed = [
        join(
            Mapping(member.place, spreads=(member,), open=True) if isinstance(member, Mapping) else member
            for member in members(value)
        )
        for value in args
    ]
    named = dict(kwargs)
    if "headers" in named:
        named["headers"] = join((named["headers"], UNKNOWN))
    return passed, named, http.Site(site.frame, site.place, UNKNOWN, site.node)


def is_doubtful(func: Choice) -> bool:
    """Whether what is called was wrapped in something that the project does not decide."""
    return WRAPPER in func.members
