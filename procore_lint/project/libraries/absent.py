"""Modules of the project's own that are not there: kept out of the repository, made by a build.

Their functions are the project's, not a library's: they may do to what they are given whatever the
project may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project.model import ModuleInfo

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def note(machine: Machine, module: str, importer: str) -> None:
    """Note the absolute import of a module that was not found, if its package is the project's."""
    top, _, rest = module.partition(".")
    if not rest or module in machine.absent:
        return
    package = machine.table.absolute(top, importer)
    if isinstance(package, ModuleInfo) and package.path.endswith(("/__init__.py", "/__init__.pyi")):
        machine.absent.add(module)


def is_own(machine: Machine, name: str) -> bool:
    """Whether a dotted name is of such a module; a relative import says so itself."""
    if name.startswith("."):
        return True
    if not machine.absent:
        return False
    while name := name.rpartition(".")[0]:
        if name in machine.absent:
            return True
    return False
