"""Calls that do what an earlier call did: known by their arguments, they are not run again.

Generated clients have thousands of methods, several for each operation, that hand the same url and
headers to one transport. Where every request of such a call carries the company's header, nobody who
makes the same call again can be at fault, and running it again would only repeat what is known.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple

from procore_lint.project import headers, substitution, summaries
from procore_lint.project.events import Trail
from procore_lint.project.model import FunctionInfo
from procore_lint.project.summaries import Mark
from procore_lint.values import Choice, Hole, Listing, Mapping, Parameter, Text, Value

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

_DEPTH = 16
#: Calls that are remembered: those that hand on the same stand near one another.
_KEPT = 400

Signature = tuple[Hashable, ...]


class _Known(NamedTuple):
    result: Value
    root: str  # key of the root that made the call first
    closed: bool  # nothing in it waits for that root's callers


class Repeats:
    """What calls gave, by function and arguments, and the root that made each call first."""

    def __init__(self) -> None:
        self.open: set[str] = set()  # keys of roots that made, again, a call which waits for their callers
        self._known: dict[Signature, _Known] = {}
        self._senders: set[str] = set()  # functions that were seen to send something

    def signature(self, machine: Machine, info: FunctionInfo, names: dict[str, Value]) -> Signature | None:
        """What tells this call from others; None where it is not worth asking, or not decided."""
        if info.nested or info.id not in self._senders or machine.guards or machine.loops or machine.muted:
            return None
        if len(machine.stack) != 1:
            return None  # a part of a longer way: that is compared whole
        root = machine.root.function.id if machine.root and machine.root.function else ""
        parts: list[Hashable] = [info.id]
        for name, value in names.items():
            part = _signature(value, root, _DEPTH)
            if part is None:
                return None
            parts.append((name, part))
        return tuple(parts)

    def recall(self, machine: Machine, signature: Signature | None) -> Value | None:
        """The result of the same call made before; its events hold for the running root as well."""
        known = self._known.get(signature) if signature is not None else None
        if known is None or machine.root is None:
            return None
        key = machine.root.id
        if key != known.root:
            machine.notes_call(key, known.root)
        if not known.closed:
            self.open.add(key)
        return substitution.own(machine, known.result)

    def keep(
        self,
        machine: Machine,
        info: FunctionInfo,
        names: dict[str, Value],
        signature: Signature | None,
        mark: Mark,
        result: Value,
    ) -> None:
        """Remember a call that began at `mark`, if others may be spared."""
        trail, root = machine.trail, machine.root
        if root is None or len(trail.requests) == mark.requests:
            return
        self._senders.add(info.id)
        if signature is None or machine.effects != mark.effects or substitution.open_in(result):
            return
        if signature != self.signature(machine, info, names) or not _is_right(trail, mark):
            return
        closed = summaries.is_closed(root, trail, mark)
        if len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        self._known[signature] = _Known(result, root.id, closed)


def _is_right(trail: Trail, mark: Mark) -> bool:
    """Whether all that was noted since `mark` are requests with the company's header."""
    quiet = (
        len(trail.comparisons) == mark.comparisons
        and len(trail.arithmetic) == mark.arithmetic
        and len(trail.fallbacks) == mark.fallbacks
    )
    return quiet and all(
        headers.presence(request.headers, headers.COMPANY).state == headers.YES
        for request in trail.requests[mark.requests :]
    )


def _signature(value: Value, root: str, limit: int) -> Hashable | None:
    """`value` as something to compare: parameters of the running root by name, dicts by content."""
    if limit <= 0:
        return None
    if type(value) is Parameter:
        return ("parameter", "" if value.function == root else value.function, value.name, value.path)
    if type(value) is Text:
        if not any(type(part) is Hole for part in value.parts):
            return value
        return _all(
            "text",
            [_signature(p.value, root, limit - 1) if type(p) is Hole else p for p in value.parts],
        )
    if type(value) is Choice:
        return _all("choice", [_signature(member, root, limit - 1) for member in value.members])
    if type(value) is Listing:
        return _all(
            (value.place, value.kind, value.exact),
            [_signature(item, root, limit - 1) for item in value.items],
        )
    if type(value) is Mapping:
        default = [value.default] if value.default is not None else []
        return _all(
            (value.place, value.open, len(value.spreads), *value.entries),
            [
                _signature(item, root, limit - 1)
                for item in (*value.spreads, *value.entries.values(), *default)
            ],
        )
    return value


def _all(head: Hashable, parts: list[Hashable | None]) -> Hashable | None:
    return None if None in parts else (head, *parts)
