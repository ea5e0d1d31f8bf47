"""Whose id a name holds: that of Procore's company, or of another system's, or of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeGuard

import msgspec

from procore_lint import facts
from procore_lint.project.events import Request
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import before, expression, shown, walk
from procore_lint.repairs.roles import bare, is_something_else, of_company

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: What a key may say beside the company; any other word may name another system, or another thing.
_OWN = frozenset(
    "procore pc company companies id ids default my api app prod production sandbox test dev demo main "
    "current selected active client tenant account cid".split()
)


def names_company(node: msgspec.Struct) -> bool:
    """Whether the keys by which an expression reads an id may be those of Procore's company.

    `os.environ["QUICKBOOKS_COMPANY_ID"]` and `user["vendor"]["id"]` name something else.
    """
    keys = list(_keys(bare(node)))
    if any("vendor" in key.lower() for key in keys):
        return False
    return not keys or all(word.lower() in _OWN for word in _WORDS.findall(keys[0]))


def _keys(node: object) -> Iterator[str]:
    """The keys that an expression reads, the last one first."""
    while True:
        if isinstance(node, facts.Logic):
            node = node.values[0]
        elif isinstance(node, facts.Item):
            if isinstance(node.index, facts.Const) and isinstance(node.index.value, str):
                yield node.index.value
            node = node.obj
        elif isinstance(node, facts.Attr):
            yield node.name
            node = node.obj
        elif isinstance(node, facts.Call):
            first = node.args[0].value if node.args else None
            if (
                (shown(node.func) or "").rpartition(".")[2] in ("get", "getenv", "pop", "config", "env")
                and isinstance(first, facts.Const)
                and isinstance(first.value, str)
            ):
                yield first.value
            node = node.func.obj if isinstance(node.func, facts.Attr) else None
        else:
            return


def belongs_to_another(program: Program, function: FunctionInfo | None, name: str) -> bool:
    """Whether code sends what is called `name` to another vendor's host and never to Procore, or uses it as
    the id of something else.

    A local name is looked for in its function, an attribute of `self` in its class, any other everywhere.
    """
    sent = [r for r in program.trail.requests if _is_within(r.function, function, name)]
    ours = [r for r in sent if {"rest", "exempt"} & set(program.kinds(r))]
    theirs = [r for r in sent if set(program.kinds(r)) == {"other"}]
    if any(_holds(request, name) for request in theirs):
        return not any(_holds(request, name) for request in ours)
    near = [function] if function is not None else []
    if function is not None and function.owner is not None and "." in name:
        near = list(function.owner.methods.values())
    return any(is_something_else(name, info.inside.body) for info in near)


def given_companies(request: Request) -> tuple[str, ...]:
    """The code of what a request names as its company, in its path, its parameters or its body: "" for code
    that is not plain. What the functions on the way to it name counts as well."""
    nodes = (node for code in _code(request) for node in of_company(code))
    return tuple(dict.fromkeys(shown(node) or "" for node in nodes if not isinstance(node, facts.Const)))


def _code(request: Request) -> Iterator[tuple[msgspec.Struct, ...]]:
    """The calls on the way to a request, each with what the local names in it were given."""
    for caller in request.chain:
        place = caller.call or request.place
        call = expression(caller.module, place)
        if call is None:
            continue
        names = {node.id for node in walk(call) if isinstance(node, facts.Name)}
        yield (
            call,
            *(
                statement.value
                for statement in before(caller.module, place)
                if isinstance(statement, facts.Assign) and _is_made(statement.value)
                if any(isinstance(target, facts.Name) and target.id in names for target in statement.targets)
            ),
        )


def _is_made(node: facts.Expr | None) -> TypeGuard[facts.Expr]:
    """Whether a value is put together here, and not what another call, perhaps a request, gives."""
    if isinstance(node, facts.Call):
        name = node.func.name if isinstance(node.func, facts.Attr) else shown(node.func)
        return name in ("dict", "format", "urljoin", "join")
    return node is not None


def _is_within(sender: FunctionInfo | None, function: FunctionInfo | None, name: str) -> bool:
    if "." in name:
        return function is None or (sender is not None and sender.owner is function.owner)
    if function is not None and _is_local(function, name):
        return sender is function
    return sender is None or not _is_local(sender, name)


def _is_local(function: FunctionInfo, name: str) -> bool:
    if any(param.name == name for param in function.inside.params):
        return True
    return any(
        isinstance(node, facts.Assign) and any(shown(target) == name for target in node.targets)
        for node in walk(function.inside.body)
    )


def _holds(request: Request, name: str) -> bool:
    """Whether the code that makes a request holds a name."""
    return any(
        isinstance(node, (facts.Name, facts.Attr)) and shown(node) == name
        for code in _code(request)
        for node in walk(code)
    )
