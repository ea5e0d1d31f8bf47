"""Headers that an auth object, a hook or a transport puts in place of those that a request was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.values import Client, Mapping, Place, Prepared, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def note(machine: Machine, request: Prepared, value: Value) -> None:
    """Note `request.headers = value` in what is run on each request, unless `value` holds the old ones."""
    if request.library != "layer" or _holds(value, request.headers, set()):
        return
    instead = machine.overwritten.setdefault(request.place, set())
    _gather(value, instead)


def _holds(value: Value, headers: Mapping, seen: set[int]) -> bool:
    """Whether a value is some headers, or a copy with more in it."""
    for member in members(value):
        mapping = member.headers if isinstance(member, (Client, Prepared)) else member
        if mapping is headers:
            return True
        if isinstance(mapping, Mapping) and id(mapping) not in seen:
            seen.add(id(mapping))
            if any(_holds(spread, headers, seen) for spread in mapping.spreads):
                return True
    return False


def _gather(value: Value, found: set[Place]) -> None:
    """The places of the dicts that a value is, or is a copy of."""
    for member in members(value):
        if isinstance(member, Mapping) and member.place not in found:
            found.add(member.place)
            for spread in member.spreads:
                _gather(spread, found)
