"""Any object of a class, as its methods see `self`; members of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import attributes
from procore_lint.project.model import ClassInfo, ModuleInfo
from procore_lint.values import (
    UNKNOWN,
    Instance,
    Package,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def module_member(machine: Machine, module: ModuleInfo, name: str) -> Value:
    """`module.name`: a name of it, or a submodule."""
    if name in module.scope.names:
        return module.scope.names[name]
    directory = module.path.rpartition("/")[0]
    if module.path.rpartition("/")[2].startswith("__init__."):
        child = machine.table.child(directory, name)
        if isinstance(child, ModuleInfo):
            machine.load(child)
            return Package(child)
    getter = module.scope.names.get("__getattr__")
    if getter is not None:
        return UNKNOWN
    return Unknown(f"{module.path.rpartition('/')[2].rpartition('.')[0]}.{name}")


def symbol(machine: Machine, info: ClassInfo) -> Instance:
    """Any object of `info`: the `self` of its methods, its fields joined over all of them."""
    if info.symbol is None:
        place = info.module.place(info.span)
        info.symbol = Instance(info, place, symbolic=True)
        attributes.prepare(machine, info.symbol)
        for name in ("__init__", "__post_init__", "__attrs_post_init__", "model_post_init", "setUp"):
            method = info.find(name)
            if method is not None:
                machine.run_open(method, info)
        for method in info.methods.values():
            is_plain = not method.is_static and not method.is_class_method
            if method.name != "__init__" and is_plain and method.stores:
                machine.rehearse(method, info)
    return info.symbol
