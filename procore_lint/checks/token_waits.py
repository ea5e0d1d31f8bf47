"""How long a wait in a loop is: of `sleep`, of an event's `wait`, of asyncio's `wait_for` around one."""

from __future__ import annotations

from procore_lint.checks.token_jobs import number
from procore_lint.project.events import Invocation

WAITS = frozenset({"sleep", "wait", "wait_for"})


def seconds(call: Invocation, tail: str) -> float | None:
    """The constant that a wait lasts, unless what it waits for comes first."""
    if tail == "wait_for":  # other things are waited for too: answers, messages
        if not (call.arg_names and call.arg_names[0].endswith(".wait")):
            return None
        return number(call.args[1] if len(call.args) > 1 else call.kwargs.get("timeout"))
    life = number(call.args[0]) if call.args else None
    return number(call.kwargs.get("timeout")) if life is None and tail == "wait" else life
