"""Whether a token's answer surely has `expires_in` where code reads it with a default.

The default lets an answer that tells of an error pass: code may read it before it asks whether the answer
is a token at all. Without the default that line would raise in the place of the code's own test.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.repairs.certain import ends
from procore_lint.repairs.code import before, chain_to, walk
from procore_lint.repairs.shown import access, shown
from procore_lint.values import Place

_ERRORS = ("error", "error_description", "errors")
_TOLD = frozenset({"access_token", "expires_in", *_ERRORS})
_STATES = frozenset({"ok", "status_code", "is_error", "is_success"})
_OPENERS = (facts.If, facts.Cond)


def is_removed(node: object, holder: str) -> bool:
    """Whether an expression or a statement takes `expires_in` out of a dict."""
    if isinstance(node, facts.Delete):
        read = (access(target, "expires_in") for target in node.targets)
        return any(found is not None and shown(found[0]) == holder for found in read)
    if not isinstance(node, facts.Call) or not isinstance(node.func, facts.Attr):
        return False
    first = node.args[0].value if node.args else None
    key = first.value if isinstance(first, facts.Const) else None
    taken = (node.func.name, key) in (("pop", "expires_in"), ("clear", None))
    return taken and shown(node.func.obj) == holder


def is_certain(module: ModuleInfo, function: FunctionInfo | None, place: Place, holder: str) -> bool:
    """Whether the answer that `holder` names is known to be a token at `place`, or nobody ever asks."""
    nodes = list(walk(function.inside.body if function is not None else module.node.body))
    if any(is_removed(node, holder) or _is_bare(node, holder) for node in nodes):
        return False
    chain = chain_to(module, place)
    own = [node for node in chain if isinstance(node, (facts.Assign, facts.Return))]
    if any(_reads_token(statement, holder) for statement in (*own, *before(module, place))):
        return True
    responses = {holder.removesuffix(".json()"), *_responses(nodes, holder)}
    settled = {
        id(part)
        for node in nodes
        if isinstance(node, _OPENERS) and (any(node is above for above in chain) or _settles(node, place))
        for part in walk(node.test)
    }
    return not any(
        _is_doubt(node, holder) or _is_state(node, responses)
        for node in _asking(nodes, place)
        if id(node) not in settled
    )


def _settles(node: facts.If | facts.Cond, place: Place) -> bool:
    """Whether a test came before, and one of its ways ended the function."""
    if not isinstance(node, facts.If) or node.span[:2] >= tuple(place.span)[:2]:
        return False
    return ends(node.body, leaves=True) or ends(node.orelse, leaves=True)


def _asking(nodes: list[msgspec.Struct], place: Place) -> Iterator[object]:
    """The expressions that ask what an answer is: tests, later `raise_for_status`, and errors passed on."""
    for node in nodes:
        if isinstance(node, (*_OPENERS, facts.Loop)):
            test = node.iter if isinstance(node, facts.Loop) else node.test
            yield from walk(test)
        elif isinstance(node, facts.Attr) and node.name == "raise_for_status":
            if node.span[:2] > tuple(place.span)[:2]:
                yield node
        elif any(access(node, name) is not None for name in _ERRORS):
            yield node


def _is_doubt(node: object, holder: str) -> bool:
    if isinstance(node, facts.Compare) and node.op in ("in", "not in") and shown(node.right) == holder:
        return isinstance(node.left, facts.Const) and node.left.value in _TOLD
    keys = ("access_token", *_ERRORS)
    read = (access(node, key) for key in keys)
    return any(found is not None and shown(found[0]) == holder for found in read)


def _is_state(node: object, responses: set[str]) -> bool:
    named = isinstance(node, facts.Attr) and (node.name in _STATES or node.name == "raise_for_status")
    return named and isinstance(node, facts.Attr) and shown(node.obj) in responses


def _responses(nodes: list[msgspec.Struct], holder: str) -> Iterator[str]:
    """The names of the responses whose `.json()` a name was given."""
    for node in nodes:
        if isinstance(node, facts.Assign) and any(shown(target) == holder for target in node.targets):
            value = node.value.value if isinstance(node.value, facts.Await) else node.value
            code = shown(value) or ""
            if code.endswith(".json()"):
                yield code.removesuffix(".json()")


def _is_bare(node: object, holder: str) -> bool:
    """Whether the project gives the name a dict of its own without the key."""
    if not isinstance(node, facts.Assign) or not isinstance(node.value, facts.Dict):
        return False
    keys = [key.value if isinstance(key, facts.Const) else None for key, _ in node.value.items]
    given = any(shown(target) == holder for target in node.targets)
    return given and None not in keys and "expires_in" not in keys


def _reads_token(statement: object, holder: str) -> bool:
    """Whether a statement reads `holder["access_token"]`, which raises where the answer is no token."""
    if isinstance(statement, (facts.Function, facts.Class, facts.If, facts.Loop, facts.Try)):
        return False
    return any(
        isinstance(node, facts.Item)
        and isinstance(node.index, facts.Const)
        and node.index.value == "access_token"
        and shown(node.obj) == holder
        for node in walk(statement)
    )
