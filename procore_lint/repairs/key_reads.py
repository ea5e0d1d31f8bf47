"""Where a project reads a key of a dict by its name: what a rename of the key would take away."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project.program import Program
from procore_lint.repairs.code import walk

#: Methods that read, or take out, the key that they are given.
_READING = frozenset({"get", "pop", "setdefault", "__getitem__", "getlist", "get_list", "getall"})
#: What frameworks call a request that comes in: its headers are those of a caller outside.
_INCOMING = frozenset({"request", "req", "environ", "event"})


def readers(program: Program, key: str) -> list[tuple[str, msgspec.Struct]]:
    """The objects out of which code of a program reads a key, in whatever case: to headers all are one."""
    spelt = {key, key.lower(), key.upper(), key.title()}
    words = frozenset(map(facts.text, spelt))
    found: list[tuple[str, msgspec.Struct]] = []
    for module in program.modules.values():
        if module.source.held(words):
            nodes = list(walk(module.node.body))
            stored = {
                id(target) for n in nodes if isinstance(n, facts.Assign) and n.value for target in n.targets
            }
            found += [(module.path, h) for n in nodes if id(n) not in stored for h in _read(n, spelt)]
    return found


def is_of_headers(holder: msgspec.Struct, is_elsewhere: bool) -> bool:
    """Whether a read object is some headers by its name: of a session, of a request that was sent, or, in
    another file than they are made in, a dict."""
    if isinstance(holder, facts.Attr):
        incoming = isinstance(holder.obj, facts.Name) and holder.obj.id in _INCOMING
        return "header" in holder.name.lower() and not incoming
    if isinstance(holder, facts.Call):
        return is_of_headers(holder.func, is_elsewhere)
    return is_elsewhere and isinstance(holder, facts.Name) and "header" in holder.id.lower()


def _read(node: object, spelt: set[str]) -> Iterator[msgspec.Struct]:
    if isinstance(node, facts.Compare) and node.op in ("in", "not in"):
        if isinstance(node.left, facts.Const) and node.left.value in spelt:
            yield node.right
    elif isinstance(node, facts.Call) and isinstance(node.func, facts.Attr):
        first = node.args[0].value if node.args else None
        if node.func.name in _READING and isinstance(first, facts.Const) and first.value in spelt:
            yield node.func.obj
    elif isinstance(node, facts.Item) and isinstance(node.index, facts.Const) and node.index.value in spelt:
        yield node.obj
