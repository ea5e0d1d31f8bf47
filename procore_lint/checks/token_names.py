"""Objects that a function keeps a token and its end in, and that are called Procore's.

A row is often handed to the code that keeps its token, and its class lies outside the project: then nothing
flows from Procore's answer into it. The name of the very object, or of its class, says whose token it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.checks.token_rows import is_life, reads_life
from procore_lint.lazy import regex
from procore_lint.project.events import Arithmetic
from procore_lint.project.model import FunctionInfo
from procore_lint.project.walk import walk
from procore_lint.repairs.code import chain_to
from procore_lint.values import Nothing, Number, Text, Unknown, Value, members

_OURS = "procore"
_TOKENS = frozenset({"access_token", "bearer_token", "_access_token"})
_OTHER = regex(r"invit|state|csrf|cache|lock|webhook|event|request|jwt|session", re.I)
#: Tokens that the project makes itself: how long they live is its own to say.
_MADE = regex(r"secrets|uuid|jwt|generate|encode|\bsign|random|make|creat|hex|urlsafe|hash|issue|mint", re.I)
#: What an access token's end is called, and nothing else's.
_END = regex(
    r"\A_?(?:(?:access_?)?token_?)?(?:expir(?:es?|y|ation)(?:_?(?:at|on|date|time|datetime))?|valid_(?:un)?till?)\Z",
    re.I,
)


def keeps_procores(item: Arithmetic, name: str) -> bool:
    """Whether a sum is put as `name` beside an access token into one object that is called Procore's."""
    function = item.function
    if function is None or reads_life(function) or not _END.match(name):
        return False
    if not any(isinstance(m, Number) and is_life(m) for m in members(item.number)):
        return False
    holder = next((h for node in chain_to(item.module, item.place) if (h := _holder(node)) is not None), None)
    return holder is not None and _is_called_so(function, holder) and _gets_token(function, holder)


def _holder(node: object) -> facts.Expr | None:
    """The object into which a statement puts what it assigns."""
    target = node.targets[0] if isinstance(node, facts.Assign) and len(node.targets) == 1 else None
    return target.obj if isinstance(target, (facts.Attr, facts.Item)) else None


def _is_called_so(function: FunctionInfo, holder: facts.Expr) -> bool:
    name = (
        holder.id if isinstance(holder, facts.Name) else holder.name if isinstance(holder, facts.Attr) else ""
    )
    names = [name]
    for param in function.inside.params:
        if isinstance(holder, facts.Name) and param.name == name and param.annotation is not None:
            names.extend(_names(param.annotation))
    return any(_OURS in given.lower() and not _OTHER.search(given) for given in names)


def _names(annotation: facts.Expr) -> Iterator[str]:
    """The classes that an annotation names; a module's name says nothing of its classes."""
    for node, _ in walk(annotation):
        if isinstance(node, facts.Attr):
            yield node.name
        elif isinstance(node, facts.Name):
            yield node.id
        elif isinstance(node, facts.Const) and isinstance(node.value, str):
            yield node.value.rpartition(".")[2]


def _gets_token(function: FunctionInfo, holder: facts.Expr) -> bool:
    """Whether all that the function puts into the same object as an access token was given to it."""
    assigned: dict[str, list[facts.Expr]] = {}
    tokens: list[facts.Expr] = []
    puts = (node for node, _ in walk(function.inside.body) if isinstance(node, facts.Assign))
    for node in puts:
        for target in node.targets:
            if node.value is None:
                continue
            if isinstance(target, facts.Name):
                assigned.setdefault(target.id, []).append(node.value)
            elif (
                isinstance(target, (facts.Attr, facts.Item))
                and _field(target) in _TOKENS
                and _path(target.obj) == _path(holder)
            ):
                tokens.append(node.value)
    return bool(tokens) and all(_is_given(function, value, assigned) for value in tokens)


def _is_given(function: FunctionInfo, value: facts.Expr, assigned: dict[str, list[facts.Expr]]) -> bool:
    """Whether a token is a parameter, or the field of that name of something that came from elsewhere."""
    if isinstance(value, facts.Name):
        if value.id in assigned:
            return all(
                not isinstance(v, facts.Name) and _is_given(function, v, assigned) for v in assigned[value.id]
            )
        takes = any(param.name == value.id for param in function.inside.params)
        passed = [m for given in function.bindings.get(value.id, ()) for m in members(given)]
        return takes and not any(map(_is_made, passed))
    if isinstance(value, facts.Call) and isinstance(value.func, facts.Attr) and value.func.name == "get":
        key = value.args[0].value if value.args else None
        return isinstance(key, facts.Const) and key.value in _TOKENS
    return _field(value) in _TOKENS


def _is_made(value: Value) -> bool:
    """Whether a token that callers pass is a constant, or comes from what makes tokens."""
    return isinstance(value, (Text, Nothing)) or (
        isinstance(value, Unknown) and _MADE.search(value.hint) is not None
    )


def _field(target: facts.Expr) -> str:
    if isinstance(target, facts.Attr):
        return target.name
    index = target.index if isinstance(target, facts.Item) else None
    return index.value if isinstance(index, facts.Const) and isinstance(index.value, str) else ""


def _path(node: facts.Expr) -> tuple[str, ...] | None:
    """A name, or an attribute of one, as it is written; None for anything else."""
    if isinstance(node, facts.Name):
        return (node.id,)
    inner = _path(node.obj) if isinstance(node, facts.Attr) else None
    return (*inner, node.name) if inner is not None and isinstance(node, facts.Attr) else None
