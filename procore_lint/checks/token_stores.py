"""Which classes keep a Procore access token: by what is put into their objects' fields."""

from __future__ import annotations

from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program
from procore_lint.values import Data, Instance, Listing, Mapping, Parameter, Value, members

_KEYS = frozenset({"access_token", "token", "bearer_token"})


def stores(program: Program) -> frozenset[str]:
    """Identifiers of the classes whose objects hold an access token that Procore's answer gave."""
    if program.token_stores is None:
        program.token_stores = frozenset(
            info.id
            for module in program.modules.values()
            for info in module.classes
            if info.symbol is not None
            and any(_holds(program, value, 4) for value in info.symbol.fields.values())
        )
    return program.token_stores


def _holds(program: Program, value: Value, limit: int) -> bool:
    if limit <= 0:
        return False
    for member in members(value):
        if isinstance(member, Data):
            if (not member.path or member.path[-1] in _KEYS) and program.is_token_request(member.request):
                return True
        elif isinstance(member, Parameter):
            if (not member.path or member.path[-1] in _KEYS) and _passed(program, member, limit):
                return True
        elif isinstance(member, Listing):
            if any(_holds(program, item, limit - 1) for item in member.items[:8]):
                return True
        elif isinstance(member, Mapping):
            if any(_holds(program, item, limit - 1) for item in (*member.entries.values(), *member.spreads)):
                return True
        elif (
            isinstance(member, Instance)
            and not member.symbolic
            and any(_holds(program, item, limit - 1) for item in member.fields.values())
        ):
            return True
    return False


def holds_token(program: Program, value: Value) -> bool:
    """Whether a value is a token that Procore's answer gave, or holds one."""
    return _holds(program, value, 4)


def takes_token(program: Program, function: FunctionInfo) -> bool:
    """Whether callers hand a function Procore's token answer (or the token out of it)."""
    return any(
        _holds(program, value, 3)
        for name, values in function.bindings.items()
        if name not in ("self", "cls")
        for value in values
    )


def _passed(program: Program, parameter: Parameter, limit: int) -> bool:
    """Whether callers pass a token's answer (or the token out of it) for a parameter."""
    info = program.bindings.function(parameter.function)
    values = info.bindings.get(parameter.name, ()) if info else ()
    return any(_holds(program, value, limit - 1) for value in values)
