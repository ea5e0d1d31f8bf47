"""Names as they are written: dotted source names, and the classes that annotations name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.model import ClassInfo, Scope
from procore_lint.values import (
    UNKNOWN,
    External,
    Type,
    Unknown,
    Value,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def dotted(node: facts.Expr) -> str:
    """The source name of `node` ("self.token.created_at"; keys in as names), "" for none."""
    if type(node) is facts.Name:
        return node.id
    if type(node) is facts.Attr:
        inner = dotted(node.obj)
        return f"{inner}.{node.name}" if inner else node.name
    if type(node) is facts.Item:
        inner = dotted(node.obj)
        key = node.index.value if type(node.index) is facts.Const else None
        return f"{inner}.{key}" if isinstance(key, str) else inner
    if type(node) is facts.Await:
        return dotted(node.value)
    if type(node) is facts.Call:
        name = dotted(node.func)
        if node.args and isinstance(node.args[0].value, facts.Const):
            key = node.args[0].value.value
            if isinstance(key, str) and name.endswith(".get"):
                return f"{name[:-4]}.{key}"
        if node.args and name in (
            "float",
            "int",
            "datetime.fromtimestamp",
            "datetime.datetime.fromtimestamp",
        ):
            return dotted(node.args[0].value)
        return name
    return ""


def annotated(machine: Machine, annotation: facts.Expr, scope: Scope) -> Value | None:
    """Any object of the project's class that an annotation names (through Optional, quotes, `|`)."""
    for member in named_by(machine, annotation, scope):
        if type(member) is Type and not _plain_type(member.info):
            return machine.symbol(member.info)
        if type(member) is External:
            client = machine.client_of(member.name, scope.module.place((1, 1, 1, 1)))
            if client is not None:
                client.open = True
                return client
    return None


def named_by(machine: Machine, annotation: facts.Expr, scope: Scope) -> Iterator[Value]:
    """What the names in an annotation mean."""
    for node in _named(annotation):
        if type(node) is facts.Const:
            if not isinstance(node.value, str):
                continue
            value: Value = UNKNOWN
            for position, part in enumerate(node.value.strip().strip("'\"").split(".")):
                part = part.split("[")[0].split("|")[0].strip()
                value = lookup(machine, part, scope) if position == 0 else machine.peek(value, part)
        elif type(node) is facts.Name:
            value = lookup(machine, node.id, scope)
        elif type(node) is facts.Attr:
            value = machine.peek(_reach(machine, node.obj, scope), node.name)
        else:
            continue
        yield from members(value)


def _plain_type(info: ClassInfo) -> bool:
    return any(name.split(".")[-1] in ("Enum", "IntEnum", "StrEnum", "Protocol") for name in info.ancestors())


def is_enum(info: ClassInfo) -> bool:
    """Whether a class is an enumeration."""
    return any(name.rpartition(".")[2] in ("Enum", "IntEnum", "StrEnum") for name in info.ancestors())


def _reach(machine: Machine, node: facts.Expr, scope: Scope) -> Value:
    if isinstance(node, facts.Name):
        return lookup(machine, node.id, scope)
    if isinstance(node, facts.Attr):
        return machine.peek(_reach(machine, node.obj, scope), node.name)
    return UNKNOWN


def _named(node: facts.Expr) -> list[facts.Expr]:
    if type(node) is facts.Bin and node.op == "|":
        return [*_named(node.left), *_named(node.right)]
    if type(node) is facts.Item:
        head = dotted(node.obj).rpartition(".")[2]
        if head in ("Optional", "Union", "Annotated", "Type", "Final", "ClassVar"):
            if type(node.index) is facts.Seq:
                return [n for item in node.index.items for n in _named(item)]
            return _named(node.index)
        return _named(node.obj)  # `Client[Item]` is a Client
    return [node]


def lookup(machine: Machine, name: str, scope: Scope) -> Value:
    """What `name` means in `scope`: local, enclosing, module's, then the language's own."""
    here: Scope | None = scope
    while here is not None:
        if name in here.names and (name not in here.outer or here.parent is None):
            if here.parent is None and here is not scope:
                return machine.started(here.names[name], here, name)
            return here.names[name]
        here = here.parent
    return External(name) if name in _BUILTINS else Unknown(name)


_BUILTINS = frozenset(
    """str int float dict list tuple set frozenset bool len getattr setattr hasattr isinstance super map
    filter zip enumerate range iter next sorted reversed print open type vars sum min max any all round
    abs repr format object property staticmethod classmethod exit quit input bytes Exception
    """.split()
)
