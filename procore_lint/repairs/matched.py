"""Code that matches urls by a text of its own: what it matches now, it would no longer find after a fix.

The machine sees which literals are tested (`Machine.looks`). What a library tests, or what comes back in an
answer, only the code says: `session.mount("https://host", ...)`, `{"host": limit}`, `"/path/" in r.url`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import walk
from procore_lint.values import UNKNOWN, Piece, Place, Text, members

_TESTS = frozenset({"startswith", "endswith", "find", "index", "count"})
#: What answers and their requests call the url that was asked for in the end.
_ASKED = frozenset({"url", "geturl", "real_url", "path_url", "raw_url"})

_HOST = b".procore"
_WORDS = frozenset({_HOST, *map(facts.name, _ASKED)})


class Matches:
    """The texts by which a project matches urls, with where they are written; gathered when asked for."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def of_host(self, place: Place, host: str) -> Place | None:
        """Where a host that the literal at `place` names is written once more as what picks by it."""
        found = (at for at, text in self._picking if at != place and _names(text, host))
        return min(found, default=None)

    def of_answer(self, text: str, after: str) -> Place | None:
        """A test of an answer's url that would see `after` in place of `text`."""
        found = (
            at
            for at, sought, kind in self._tested
            if _holds(text, sought, kind) != _holds(after, sought, kind)
        )
        return min(found, default=None)

    @cached_property
    def _modules(self) -> tuple[tuple[ModuleInfo, frozenset[bytes]], ...]:
        """The modules about Procore, with which of the words sought each may hold."""
        modules = self._program.modules.values()
        return tuple(
            (module, module.source.held(_WORDS))
            for module in modules
            if {"procore", "vapid"} & {*module.source.marks}
        )

    @cached_property
    def _picking(self) -> tuple[tuple[Place, str], ...]:
        return tuple(
            found
            for module, words in self._modules
            if _HOST in words or _names_host(module)
            for node in walk(module.node.body)
            for key in _keys(node)
            for found in _texts(module, key)
        )

    @cached_property
    def _tested(self) -> tuple[tuple[Place, str, str], ...]:
        return tuple(
            (at, text, kind)
            for module, words in self._modules
            if words - {_HOST}
            for node in walk(module.node.body)
            for sought, kind in _tests(node)
            for at, text in _texts(module, sought)
        )


def _names_host(module: ModuleInfo) -> bool:
    """Whether a name of the module, imported ones among them, holds a text with one of Procore's hosts."""
    values = (member for value in module.scope.names.values() for member in members(value))
    return any(isinstance(member, Text) and ".procore" in member.template for member in values)


def _keys(node: msgspec.Struct) -> Iterator[facts.Expr]:
    """What things are picked by, or what a library will pick by: for hosts, or urls that begin alike."""
    if isinstance(node, facts.Dict):
        yield from (key for key, _ in node.items if key is not None)
    elif isinstance(node, facts.Item):
        yield node.index
    elif isinstance(node, facts.Call):
        if isinstance(node.func, facts.Attr) and node.func.name == "mount" and node.args:
            yield node.args[0].value
        yield from (arg.value for arg in node.args if arg.name == "domain")


def _tests(node: msgspec.Struct) -> Iterator[tuple[facts.Expr, str]]:
    """What is looked for in the url of an answer, and how."""
    if isinstance(node, facts.Compare):
        if _is_of_answer(node.right):
            yield node.left, "in" if node.op in ("in", "not in") else "is"
        if _is_of_answer(node.left):
            yield node.right, "is"
    elif isinstance(node, facts.Call) and isinstance(node.func, facts.Attr):
        is_test = node.func.name in _TESTS and _is_of_answer(node.func.obj)
        yield from ((argument.value, node.func.name) for argument in node.args[:1] if is_test)


def _is_of_answer(node: object) -> bool:
    """Whether an expression reads the url of something else than `self`: `r.url`, `str(r.request.url)`."""
    return any(
        isinstance(part, facts.Attr)
        and part.name in _ASKED
        and not (isinstance(part.obj, facts.Name) and part.obj.id in ("self", "cls"))
        for part in walk(node)
    )


def _texts(module: ModuleInfo, node: facts.Expr) -> Iterator[tuple[Place, str]]:
    """The text of a literal, of each literal in a display, or of a name of the module."""
    for item in node.items if isinstance(node, facts.Seq) else (node,):
        if isinstance(item, facts.Const) and isinstance(item.value, str):
            yield module.place(item.span), item.value
        elif isinstance(item, facts.Name):
            for member in members(module.scope.names.get(item.id, UNKNOWN)):
                if isinstance(member, Text) and member.plain and isinstance(member.parts[0], Piece):
                    yield member.parts[0].place, member.plain


def _names(text: str, host: str) -> bool:
    return text.lower().partition("://")[2 if "://" in text else 0].startswith(host)


def _holds(text: str, sought: str, kind: str) -> bool:
    if kind == "is":
        return sought == text or f"//{sought}/" in text  # the url, or the host that was parsed out of it
    return text.startswith(sought) if kind == "startswith" else sought in text
