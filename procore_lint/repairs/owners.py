"""Whose id a name holds: that of Procore's company, or of another system's, or of something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeGuard

import msgspec

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.events import Request
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import before, expression, walk
from procore_lint.repairs.roles import bare, is_composed, is_something_else, of_company
from procore_lint.repairs.shown import shown

_WORDS = regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: What a key may say beside the company; any other word may name another system, or another thing.
_OWN = frozenset(
    "procore pc company companies id ids default my api app prod production sandbox test dev demo main "
    "current selected active client tenant account cid".split()
)


def names_company(node: msgspec.Struct) -> bool:
    """Whether the keys by which an expression reads an id may be those of Procore's company.

    `os.environ["QUICKBOOKS_COMPANY_ID"]` and `user["vendor"]["id"]` name something else, and a text that is
    put together of several is a path, or a key, rather than an id.
    """
    if is_composed(node):
        return False
    found = list(keys(bare(node)))
    if any("vendor" in key.lower() for key in found):
        return False
    return not found or says_company(found[0])


def says_company(name: str) -> bool:
    """Whether all words of a name are such as Procore's company may have."""
    return all(word.lower() in _OWN for word in _WORDS.findall(name))


def keys(node: object) -> Iterator[str]:
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


def given(request: Request) -> Iterator[tuple[int, msgspec.Struct]]:
    """What a request names as its company, each with the number of the call on its way that does."""
    for number, code in _code(request):
        for node in of_company(code):
            if not isinstance(node, facts.Const):
                yield number, node


class Owners:
    """What the requests of a program send names to; each request's code is read once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._given: dict[int, tuple[str, ...]] = {}
        self._held: dict[int, frozenset[str]] = {}
        self._local: dict[str, frozenset[str]] = {}
        self._used: dict[tuple[str, str], bool] = {}

    def given_companies(self, request: Request) -> tuple[str, ...]:
        """The code of what a request names as its company, in its path, its parameters or its body: "" for
        code that is not plain. What the functions on the way to it name counts as well."""
        if id(request) not in self._given:
            named = (shown(node) or "" for _, node in given(request))
            self._given[id(request)] = tuple(dict.fromkeys(named))
        return self._given[id(request)]

    def belongs_to_another(self, function: FunctionInfo | None, name: str) -> bool:
        """Whether code sends what is called `name` to another vendor's host and never to Procore, or uses it
        as the id of something else.

        A local name is looked for in its function, an attribute of `self` in its class, any other everywhere.
        """
        if any(self._sends(request, function, name) for request in self._foreign):
            return not any(self._sends(request, function, name) for request in self._ours)
        if function is None:
            return False
        owner = function.owner if "." in name else None
        key = (owner.id if owner is not None else function.id, name)
        if key not in self._used:
            near = [function] if owner is None else owner.methods.values()
            self._used[key] = any(is_something_else(name, info.inside.body) for info in near)
        return self._used[key]

    @cached_property
    def _foreign(self) -> tuple[Request, ...]:
        requests = self._program.trail.requests
        return tuple(r for r in requests if set(self._program.kinds(r)) == {"other"})

    @cached_property
    def _ours(self) -> tuple[Request, ...]:
        requests = self._program.trail.requests
        return tuple(r for r in requests if {"rest", "exempt"} & set(self._program.kinds(r)))

    def _sends(self, request: Request, function: FunctionInfo | None, name: str) -> bool:
        """Whether the code that makes a request holds a name, the one that a function means by it."""
        return self._is_within(request.function, function, name) and name in self._names(request)

    def _is_within(self, sender: FunctionInfo | None, function: FunctionInfo | None, name: str) -> bool:
        if "." in name:
            return function is None or (sender is not None and sender.owner is function.owner)
        if function is not None and name in self._locals(function):
            return sender is function
        return sender is None or name not in self._locals(sender)

    def _names(self, request: Request) -> frozenset[str]:
        """The names and attributes in the code that makes a request."""
        if id(request) not in self._held:
            nodes = (node for _, code in _code(request) for node in walk(code))
            held = (shown(node) or "" for node in nodes if isinstance(node, (facts.Name, facts.Attr)))
            self._held[id(request)] = frozenset(held)
        return self._held[id(request)]

    def _locals(self, function: FunctionInfo) -> frozenset[str]:
        if function.id not in self._local:
            inside = function.inside
            assigned = (node.targets for node in walk(inside.body) if isinstance(node, facts.Assign))
            bound = {shown(target) or "" for targets in assigned for target in targets}
            self._local[function.id] = frozenset(bound.union(param.name for param in inside.params))
        return self._local[function.id]


def _code(request: Request) -> Iterator[tuple[int, tuple[msgspec.Struct, ...]]]:
    """The calls on the way to a request, each with what the local names in it were given, in their order."""
    for number, caller in enumerate(request.chain):
        place = caller.call or request.place
        call = expression(caller.module, place)
        if call is None:
            continue
        names = {node.id for node in walk(call) if isinstance(node, facts.Name)}
        made = (
            statement.value
            for statement in before(caller.module, place)
            if isinstance(statement, facts.Assign) and _is_made(statement.value)
            if any(isinstance(target, facts.Name) and target.id in names for target in statement.targets)
        )
        yield number, (call, *made)


def _is_made(node: facts.Expr | None) -> TypeGuard[facts.Expr]:
    """Whether a value is put together here, and not what another call, perhaps a request, gives."""
    if isinstance(node, facts.Call):
        name = node.func.name if isinstance(node.func, facts.Attr) else shown(node.func)
        return name in ("dict", "format", "urljoin", "join")
    return node is not None
