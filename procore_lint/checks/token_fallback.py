"""PCL102: a constant lifetime where the token's answer does not say `expires_in`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts, repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, readable, symbol
from procore_lint.checks.token_rows import is_named, is_token
from procore_lint.checks.token_vendors import Vendors
from procore_lint.project.events import Fallback
from procore_lint.project.model import ClassInfo
from procore_lint.project.program import Program
from procore_lint.repairs.advice import advice
from procore_lint.repairs.shown import shown
from procore_lint.values import Data, Number, Parameter, Unknown, members

RULE = "token-lifetime-fallback"
_WHY = "every token response has expires_in; where it is absent, ask for a new token"
_INFO = "`/oauth/token/info` names it so"
_HELP = "read expires_in without a default, and ask for a new token where it is absent"


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """`.get("expires_in", N)`, `x or N`, and defaults of models' `expires_in` fields."""
    vendors = Vendors(program)
    for fallback in program.trail.fallbacks:
        if program.is_mocked(fallback.module) or not _counts(fallback):
            continue
        ours = _is_ours(program, fallback)
        if not ours and not _is_of_record(program, fallback):
            continue
        if vendors.is_of_another(fallback):
            continue
        life = next(m.value for m in members(fallback.number) if isinstance(m, Number))
        # What fills a record may not be at hand: then its field may be empty.
        fix = repairs.tokens.fallback(program, fallback) if ours else None
        why = _INFO if repairs.lives.tells_of_another(program, fallback.source) else _WHY
        yield Draft(
            RULE,
            fallback.place,
            f"where the answer has no `{fallback.key}`, the token is taken to live {readable(life)} s",
            advice(fix, fallback.place, _HELP, why),
            symbol=symbol(fallback),
            fix=fix,
        )
    for module in program.modules.values():
        if not program.is_procore(module) or program.is_mocked(module):
            continue
        for info in module.classes:
            if "expires_in" in info.attributes:
                yield from _of_class(info)


def _counts(fallback: Fallback) -> bool:
    numbers = [m for m in members(fallback.number) if isinstance(m, Number)]
    return bool(re.search(r"expires_in\Z", fallback.key)) and bool(numbers) and numbers[0].value > 0


def _is_ours(program: Program, fallback: Fallback) -> bool:
    """Whether the answer is that of Procore's token endpoint."""
    for member in members(fallback.source):
        if isinstance(member, Data):
            return program.is_oauth(member.request)
        if isinstance(member, Parameter) and not member.path:
            return _about_tokens(program, fallback) or is_token(program, member, fallback.module)
        if isinstance(member, (Parameter, Unknown)):
            return _about_tokens(program, fallback)
    return _about_tokens(program, fallback)


def _about_tokens(program: Program, fallback: Fallback) -> bool:
    if not program.is_procore(fallback.module):
        return False
    return any(
        program.is_token_request(r) for r in program.trail.requests if r.module is fallback.module
    ) or ("procore" in fallback.module.path.lower())


def _is_of_record(program: Program, fallback: Fallback) -> bool:
    """Whether a class that is named after Procore and keeps its tokens reads a life that nothing tells of."""
    owner = fallback.function.owner if fallback.function is not None else None
    if owner is None or not is_named(owner) or not program.is_procore(fallback.module):
        return False
    return not any(isinstance(member, Data) for member in members(fallback.source))


def _of_class(info: ClassInfo) -> Iterator[Draft]:
    for statement in info.node.body:
        if not isinstance(statement, facts.Assign) or not isinstance(statement.targets[0], facts.Name):
            continue
        name = statement.targets[0].id
        if name != "expires_in" or statement.value is None:
            continue
        default = info.attributes.get(name)
        hint = shown(statement.annotation)
        line = f"{name}: {hint}" if hint else ""
        if isinstance(default, Number) and default.value > 0:
            yield Draft(
                RULE,
                info.module.place(statement.span),
                f"where the answer has no `{name}`, the token is taken to live {readable(default.value)} s",
                f"write `{line}`, without a default: {_WHY}" if line else _HELP,
                symbol=info.qualname,
            )
