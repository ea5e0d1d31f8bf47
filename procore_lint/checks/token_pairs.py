"""PCL101, of a token and a moment that are kept as a pair: whatever its name, it is the end of the token."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, is_made_up, readable, symbol
from procore_lint.checks.token_lifetime import HELP, RULE, names_end
from procore_lint.checks.token_rows import is_life
from procore_lint.checks.token_takers import Takers, is_passed
from procore_lint.project.events import Together
from procore_lint.project.program import Program
from procore_lint.repairs.advice import advice
from procore_lint.values import Data, Deadline, Instance, Listing, Mapping, Now, Text, Value

_TOKENS = frozenset({"access_token", "refresh_token"})
_WHY = "each token response says how long it lives"


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Dicts and tuples of a token out of Procore's answer, a constant end, and nothing of other things."""
    takers = Takers(program)
    sums = {item.place: item for item in program.trail.arithmetic}
    for event in program.trail.together:
        if program.is_mocked(event.module):
            continue
        told = _end_of_token(program, event)
        end = told or _end_of_passed(program, takers, event)
        item = sums.get(end.place) if end is not None else None
        if end is None or item is None or item.instead or is_made_up(end.number.place, end.place):
            continue
        # What callers pass need not be the answer itself.
        fix = repairs.tokens.expiry_sum(program, item) if told is not None else None
        yield Draft(
            RULE,
            end.place,
            f"a constant of {readable(end.number.value)} s is kept as the end of the access token beside it",
            advice(fix, end.place, repairs.token_help.compared(program, event, HELP), _WHY),
            symbol=symbol(event),
            fix=fix,
        )


def _end_of_token(program: Program, event: Together) -> Deadline | None:
    """The one moment in a container that holds nothing but Procore's tokens and what labels them."""
    ends: list[Deadline] = []
    tokens = 0
    for name, value in _entries(event.container):
        if isinstance(value, Deadline):
            if not isinstance(value.base, Now) or not is_life(value.number) or "refresh" in name.lower():
                return None
            ends.append(value)
        elif isinstance(value, Data) and program.is_token_request(value.request):
            if value.path and value.path[-1] not in _TOKENS:
                return None
            tokens += not value.path or value.path[-1] == "access_token"
        elif not isinstance(value, Text) or value.plain is None:
            return None
    return ends[0] if len(ends) == 1 and tokens else None


def _end_of_passed(program: Program, takers: Takers, event: Together) -> Deadline | None:
    """The moment that a dict calls the end of a token which callers pass."""
    entries = list(_entries(event.container)) if not isinstance(event.container, Listing) else []
    ends = [(name, value) for name, value in entries if isinstance(value, Deadline)]
    if len(ends) != 1 or not any(is_passed(program, value) for _, value in entries):
        return None
    name, end = ends[0]
    if not names_end(name) or not isinstance(end.base, Now) or not is_life(end.number):
        return None
    return end if takers.keeps_procores(event) else None


def _entries(container: Mapping | Listing | Instance) -> Iterator[tuple[str, Value]]:
    if isinstance(container, Listing):
        if container.exact:
            yield from (("", item) for item in container.items)
    elif isinstance(container, Instance):
        yield from container.fields.items()
    elif not container.spreads:
        yield from container.entries.items()
