"""Flows of `httpx.Auth`: what such a generator yields is sent, and comes back to it as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project.libraries import http, prepared
from procore_lint.project.model import Frame
from procore_lint.values import UNKNOWN, Prepared, Value, join, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def answer(machine: Machine, value: Value, frame: Frame) -> Value:
    """What `yield value` gives: in a flow, the answer to a request that it made itself.

    Such a request goes out as it is, without the headers of the client whose calls the flow serves. The call
    itself (`yield request`) is noted where the project makes it.
    """
    made = [m for m in members(value) if isinstance(m, Prepared) and m.library == "httpx"]
    if not made or not _is_flow(frame):
        return UNKNOWN
    if machine.root is not None and machine.root.function is frame.function:
        return _sent(machine, made, frame)
    # Each request through the client comes by here; the flow's own run tells what it sends.
    return machine.mutely(lambda: _sent(machine, made, frame))


def _sent(machine: Machine, made: list[Prepared], frame: Frame) -> Value:
    return join(prepared.sent(machine, m, None, http.Site(frame, m.place)) for m in made)


def _is_flow(frame: Frame) -> bool:
    owner = frame.function.owner if frame.function is not None else None
    return owner is not None and "httpx.Auth" in owner.ancestors()
