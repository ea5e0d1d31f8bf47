"""Functions that are there to give a token: what they return is one, or carries one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project.model import FunctionInfo
from procore_lint.values import Client, Data, Hole, Instance, Listing, Mapping, Text, Value, members

if TYPE_CHECKING:
    from procore_lint.project.program import Program

_KEYS = frozenset({"access_token", "token", "bearer_token"})


def gives_token(program: Program, function: FunctionInfo) -> bool:
    """Whether some way through a function, run by itself, gives a token out of Procore's answer."""
    outline = program.machine.outlines.get(function.id)
    return outline is not None and outline.result is not None and _carries(program, outline.result, 4)


def _carries(program: Program, value: Value, depth: int) -> bool:
    for member in members(value) if depth > 0 else ():
        parts: list[Value] = []
        if isinstance(member, Data):
            if (not member.path or member.path[-1] in _KEYS) and program.is_token_request(member.request):
                return True
        elif isinstance(member, Text):
            parts.extend(part.value for part in member.parts if isinstance(part, Hole))
        elif isinstance(member, Mapping):
            parts.extend((*member.entries.values(), *member.spreads))
        elif isinstance(member, Listing):
            parts.extend(member.items[:8])
        elif isinstance(member, Client):
            parts.append(member.headers)
        elif isinstance(member, Instance) and not member.symbolic:
            parts.extend(member.fields.values())
        if any(_carries(program, part, depth - 1) for part in parts):
            return True
    return False
