"""Attributes that code sets on objects from outside of their methods."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from procore_lint import facts
from procore_lint.project.model import ClassInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import root_name, walk
from procore_lint.repairs.names import given


class SetOutside:
    """The attributes that the code of a program sets on other objects than `self`; read when asked for."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def may_set(self, owner: ClassInfo, name: str) -> bool:
        """Whether code sets an attribute on what may be an object of a class: it is not made of another."""
        classes = {"", *(info.name for info in (*owner.line(), *owner.subclasses))}
        return not classes.isdisjoint(self._set.get(name, ()))

    @cached_property
    def _set(self) -> dict[str, set[str]]:
        """The attributes, with the names of the classes of whose objects they are, "" for any."""
        found: dict[str, set[str]] = {}
        for module in self._program.modules.values():
            made = _classes(module)
            for node in walk(module.node.body):
                for obj, name in _sets(node):
                    is_self = isinstance(obj, facts.Name) and obj.id in ("self", "cls")
                    if not is_self:
                        whose = made.get(root_name(obj), "") if isinstance(obj, facts.Name) else ""
                        found.setdefault(name, set()).add(whose)
        return found


def _sets(node: object) -> Iterator[tuple[facts.Expr, str]]:
    """The objects and attributes that code sets: `c.company_id = 1`, `setattr(c, "company_id", 1)`."""
    targets: list[facts.Expr | None] = []
    if isinstance(node, facts.Assign) and node.value is not None:
        targets = [target for target, _ in given(node)]
    elif isinstance(node, (facts.AugAssign, facts.Loop)):
        targets = [node.target]
    yield from ((target.obj, target.name) for target in targets if isinstance(target, facts.Attr))
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Name) and node.func.id == "setattr":
        name = node.args[1].value if len(node.args) > 2 else None
        if isinstance(name, facts.Const) and isinstance(name.value, str):
            yield node.args[0].value, name.value


def _classes(module: ModuleInfo) -> dict[str, str]:
    """The names in a module that hold objects of one class alone, as what makes or declares them says."""
    found: dict[str, str] = {}
    for node in walk(module.node.body):
        pairs: list[tuple[facts.Expr, facts.Expr | None]] = []
        if isinstance(node, facts.Assign):
            pairs = [(t, v.func if isinstance(v, facts.Call) else None) for t, v in given(node)]
        elif isinstance(node, facts.Param):
            pairs = [(facts.Name(node.name, (0, 0, 0, 0)), node.annotation)]
        elif isinstance(node, (facts.Loop, facts.For)) and node.target is not None:
            pairs = [(node.target, None)]
        for target, maker in pairs:
            if isinstance(target, facts.Name):
                name = getattr(maker, "name", getattr(maker, "id", ""))
                kind = name if name[:1].isupper() else ""
                found[target.id] = kind if found.setdefault(target.id, kind) == kind else ""
    return found
