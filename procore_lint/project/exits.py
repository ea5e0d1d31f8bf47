"""How an arm of a test leaves its function: with something that may be the token, or without."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project import naming

#: What is called to read, or to make, something that holds a token.
_GIVING = regex(
    r"token|cred|bearer|header|client|session|read|load|get\Z|decrypt|decode|strip|from_", re.IGNORECASE
)


def gives_something(body: tuple[facts.Stmt, ...]) -> bool:
    """Whether a block that ends the run of a function may give what the rest of it would make.

    Locks, cooldowns and refusals leave with an error, with a constant, or through another call.
    """
    return any(_is_given(value) for value in _given(body))


def refuses(body: tuple[facts.Stmt, ...]) -> bool:
    """Whether a block ends the run of a function with an error: what follows is then not a matter of age."""
    return bool(body) and isinstance(body[-1], facts.Raise)


def _given(body: tuple[facts.Stmt, ...]) -> Iterator[facts.Expr]:
    """The values that a block, or a block at its end, returns."""
    last = body[-1] if body else None
    if isinstance(last, facts.Return):
        if last.value is not None:
            yield last.value
    elif isinstance(last, facts.If):
        yield from _given(last.body)
        yield from _given(last.orelse)
    elif isinstance(last, facts.With):
        yield from _given(last.body)
    elif isinstance(last, facts.Try):
        yield from _given(last.body)
        yield from _given(last.orelse)


def _is_given(value: facts.Expr) -> bool:
    if isinstance(value, facts.Await):
        return _is_given(value.value)
    if isinstance(value, facts.Call):
        called = naming.dotted(value.func).rpartition(".")[2]
        return _GIVING.search(called) is not None or any(_is_named(arg.value) for arg in value.args)
    return not isinstance(value, facts.Const)


def _is_named(value: facts.Expr) -> bool:
    return "token" in naming.dotted(value).lower()
