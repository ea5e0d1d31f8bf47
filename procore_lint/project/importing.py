"""What imports bind: modules of the project, their names, and what is outside."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import (
    symbols,
)  # fmt: skip
from procore_lint.project.ends import NEXT
from procore_lint.project.libraries import absent
from procore_lint.project.model import Frame, ModuleInfo
from procore_lint.values import (
    External,
    Package,
    Value,
)  # fmt: skip

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def run_import(machine: Machine, frame: Frame, node: facts.Import) -> str:
    frame.scope.names[intern(node.name)] = imported(
        machine, node.module if node.whole else node.module.partition(".")[0], frame.module.path
    )
    if not node.whole:
        found = machine.table.absolute(node.module, frame.module.path)
        if isinstance(found, ModuleInfo):
            machine.load(found)
    return NEXT


def imported(machine: Machine, name: str, importer: str) -> Value:
    """The value that `import name` binds."""
    found = machine.table.absolute(name, importer)
    if found is None:
        absent.note(machine, name, importer)
    return module_value(machine, found, name)


def module_value(machine: Machine, found: ModuleInfo | str | None, name: str) -> Value:
    """What an import binds: a module of the project (run first), a directory, or a library's name."""
    if isinstance(found, ModuleInfo):
        if machine.stack:
            machine.edges.add((machine.stack[-1].module.path, found.path))
        machine.load(found)
        return Package(found)
    if isinstance(found, str):
        return External(f"<directory>{found}")
    return machine.external(name)


def run_import_from(machine: Machine, frame: Frame, node: facts.ImportFrom) -> str:
    path = frame.module.path
    if node.level:
        found = machine.table.relative(node.level, node.module, path)
        name = "." * node.level + node.module
    else:
        found = machine.table.absolute(node.module, path)
        name = node.module
    if isinstance(found, ModuleInfo):
        machine.edges.add((path, found.path))
        machine.load(found)
        if node.name == "*":
            frame.scope.names.update({k: v for k, v in found.scope.names.items() if not k.startswith("_")})
            return NEXT
        frame.scope.names[intern(node.alias)] = symbols.module_member(machine, found, node.name)
    elif isinstance(found, str):
        child = machine.table.child(found, node.name)
        frame.scope.names[intern(node.alias)] = module_value(machine, child, f"{name}.{node.name}")
    elif node.name != "*":
        if not node.level:
            absent.note(machine, node.module, path)
        frame.scope.names[intern(node.alias)] = machine.external(f"{name}.{node.name}")
    return NEXT
