"""Literal texts in code, each with its place, its definition and the role it plays there."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project import strings
from procore_lint.project.model import ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.values import Place


class Sighting(msgspec.Struct, frozen=True):
    """`role`: "member" of a list, tuple or set; "key" of a dict; "compared"; "part" of an f-string;
    "value"."""

    text: str
    place: Place
    symbol: str
    role: str
    group: Place | None = None  # the display that a member belongs to
    whole: str = ""  # the text of the f-string that a part belongs to, holes as NUL


#: The grant of an application that asks for a token in its own name.
GRANT = "client_credentials"
#: Classes that ask for it (oauthlib's) without any text that says so.
_GRANTED_BY = frozenset({"BackendApplicationClient"})


def sightings(module: ModuleInfo) -> list[Sighting]:
    """The notable literals of a module; of an unparsable file, those its tokens gave."""
    if module.source.problem is not None and not module.node.body:
        return [
            Sighting(found.value, module.place(found.span), "", "value")
            for found in module.source.literals
            if strings.is_notable(found.value)
        ]
    if not _SOUGHT.intersection(module.source.marks):
        return []
    return list(_block(module, module.node.body, ""))


#: What checks look for among literals; a file without any of it is not searched.
_SOUGHT = frozenset({GRANT, "vapid", "storage.procore", "amazonaws", *map(str.lower, _GRANTED_BY)})


def _block(module: ModuleInfo, body: tuple[facts.Stmt, ...], symbol: str) -> Iterator[Sighting]:
    for statement in body:
        if isinstance(statement, (facts.Function, facts.Class)):
            inner = f"{symbol}.{statement.name}" if symbol else statement.name
            for part in _children(statement):
                if part is not statement.decorators:  # routes of the project's own server
                    yield from _node(module, part, inner, "value", None)
        else:
            yield from _node(module, statement, symbol, "value", None)


def _children(node: msgspec.Struct) -> Iterator[object]:
    for value in facts.parts(node):
        if isinstance(value, (msgspec.Struct, tuple)) and value:
            yield value


#: Functions that make a url of the parts in a tuple.
_PUTTING_TOGETHER = frozenset({"urlunsplit", "urlunparse"})


def names_grant(node: facts.Call) -> facts.SpanT | None:
    """The span of a class's name, where a call makes what asks for tokens with that grant."""
    func = node.func
    if isinstance(func, (facts.Name, facts.Attr)) and dotted(func).rpartition(".")[2] in _GRANTED_BY:
        return func.span
    return None


def _node(
    module: ModuleInfo, node: object, symbol: str, role: str, group: Place | None, whole: str = ""
) -> Iterator[Sighting]:
    if isinstance(node, facts.Const):
        if isinstance(node.value, str) and strings.is_notable(node.value):
            yield Sighting(node.value, module.place(node.span), symbol, role, group, whole)
        return
    if isinstance(node, (facts.Function, facts.Class)):
        yield from _block(module, (node,), symbol)
        return
    if isinstance(node, facts.Seq):
        place = module.place(node.span)
        for item in node.items:
            yield from _node(module, item, symbol, "member", place)
        return
    if isinstance(node, facts.Compare):
        yield from _node(module, node.left, symbol, "compared", None)
        yield from _node(module, node.right, symbol, "compared", None)
        return
    if isinstance(node, facts.Format):
        text = "".join(
            p.value if isinstance(p, facts.Const) and isinstance(p.value, str) else "\0" for p in node.parts
        )
        for part in node.parts:
            yield from _node(module, part, symbol, "part", None, text)
        return
    if isinstance(node, facts.Dict):
        place = module.place(node.span)
        for key, value in node.items:
            if key is not None:
                yield from _node(module, key, symbol, "key", place)
            yield from _node(module, value, symbol, "value", place)
        return
    if isinstance(node, facts.Call):
        named = names_grant(node)
        if named is not None:
            yield Sighting(GRANT, module.place(named), symbol, "value", group)
        yield from _node(module, node.func, symbol, "value", None)
        for arg in node.args:
            if isinstance(arg.value, facts.Seq) and dotted(node.func).rpartition(".")[2] in _PUTTING_TOGETHER:
                for item in arg.value.items:  # the parts of one url
                    yield from _node(module, item, symbol, "argument", None)
                continue
            yield from _node(module, arg.value, symbol, "argument", None)
        return
    if isinstance(node, msgspec.Struct):
        for child in _children(node):
            yield from _node(module, child, symbol, "value", None)
        return
    if isinstance(node, tuple) and node and isinstance(node[0], (msgspec.Struct, tuple, type(None))):
        for child in node:
            yield from _node(module, child, symbol, "value", None)
