"""Objects that constructors are handed from outside: what a parameter's name says where no call does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import symbols
from procore_lint.project.model import ClassInfo
from procore_lint.project.walk import walk
from procore_lint.values import Parameter, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def by_name(machine: Machine) -> None:
    """Hand constructors that nobody calls here the object that a parameter is named after.

    A `client` that `self` keeps and asks is taken to be of the project's only class `Client`, where that
    has everything that is asked of it.
    """
    named: dict[str, list[ClassInfo]] = {}
    for info in machine.classes.values():
        named.setdefault(info.name.lower(), []).append(info)
    for _, wanted in list(machine.unanswered.values()):
        function = machine.by_id.get(wanted.function) if isinstance(wanted, Parameter) else None
        if function is None or not isinstance(wanted, Parameter) or wanted.name in function.bindings:
            continue
        found = named.get(wanted.name.replace("_", "").lower(), ())
        owner = function.owner
        untold = any(p.name == wanted.name and p.annotation is None for p in function.inside.params)
        if len(found) != 1 or not untold or owner is None or owner.created or function.called:
            continue
        if found[0] is not owner and _answers(found[0], _asked(owner, wanted)):
            function.pass_(wanted.name, symbols.symbol(machine, found[0]))


def _asked(owner: ClassInfo, wanted: Parameter) -> set[str]:
    """What a class and its heirs read of the object that `self` keeps."""
    fields = owner.symbol.fields if owner.symbol is not None else {}
    kept = {name for name, value in fields.items() if wanted in members(value)}
    return {
        node.name
        for info in (owner, *owner.descendants())
        for method in info.methods.values()
        for node, _ in walk(method.inside.body)
        if isinstance(node, facts.Attr)
        if (isinstance(node.obj, facts.Attr) and node.obj.name in kept)
        or (isinstance(node.obj, facts.Name) and node.obj.id == wanted.name)
    }


def _answers(info: ClassInfo, asked: set[str]) -> bool:
    """Whether objects of a class have every one of the attributes."""
    fields = info.symbol.fields if info.symbol is not None else {}
    return bool(asked) and all(
        name in fields or info.find(name) is not None or info.attribute(name) is not None for name in asked
    )
