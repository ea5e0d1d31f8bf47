"""Loops that run until they are told to stop: `while not stop.wait(60)`, `while not stop.is_set()`."""

from __future__ import annotations

from procore_lint import facts

_TOLD = frozenset({"wait", "is_set", "isSet"})


def is_until_told(test: facts.Expr) -> bool:
    """Whether a loop's test asks nothing but whether an event has been set, and so whether to go on."""
    if not isinstance(test, facts.Not):
        return False
    call = test.value.value if isinstance(test.value, facts.Await) else test.value
    return isinstance(call, facts.Call) and isinstance(call.func, facts.Attr) and call.func.name in _TOLD
