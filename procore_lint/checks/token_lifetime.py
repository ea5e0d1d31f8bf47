"""PCL101: a constant decides when an access token is renewed or taken as expired."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks import token_names, token_rows, token_schedules
from procore_lint.checks.base import Context, Draft, is_made_up, readable, step, symbol
from procore_lint.checks.token_branches import Branches
from procore_lint.checks.token_moments import is_of_token
from procore_lint.checks.token_refusals import only_limits
from procore_lint.checks.token_stores import stores, takes_token
from procore_lint.checks.token_telling import only_tells
from procore_lint.checks.token_vendors import Vendors
from procore_lint.finding import Fix, Step
from procore_lint.lazy import regex
from procore_lint.project.events import Arithmetic, Comparison, Event
from procore_lint.project.program import Program
from procore_lint.repairs.advice import advice
from procore_lint.values import (
    Age,
    Data,
    Deadline,
    Now,
    Number,
    Parameter,
    Place,
    Unknown,
    Value,
    deadlines,
    members,
)

RULE = "hardcoded-token-lifetime"
_RENEWED = "decides when the access token is renewed"
HELP = (
    "let `expires_in` of the token response decide: keep created_at + expires_in with the token,"
    " or renew it when a call answers 401"
)
_WHY = "each token response says how long it lives"
#: Waits shorter than this are pauses between attempts, not lives of tokens (seconds).
SHORTEST = 60.0
_EXPIRY = regex(
    r"expir|valid_until|valid_till|good_until|refresh_(?:at|after|due)|renew_(?:at|after)|stale_(?:at|after)"
    r"|token_(?:ttl|ends?|until|deadline|exp|timeout)|access_until",
    re.I,
)
_BIRTH = regex(
    r"created_?at|issued|obtained|fetched|acquired|granted|last_?(?:refresh|auth|login|token)|refreshed|minted|received",
    re.I,
)
_TOKEN = regex(r"token|oauth|auth|cred|tok\b", re.I)
_CLOCK = regex(r"(?:\A|\.)(?:time|now|utcnow|monotonic|today|perf_counter|utc_now|now_utc|now_datetime)\Z")
#: Moments of the refresh token: `expires_in` says nothing of it, and Procore keeps it for long.
_REFRESH_TOKEN = regex(
    r"(?:refresh_?token|\brt)_?(?:expir|valid|created|issued|obtained|fetched|received)|refresh_?expir", re.I
)
#: Moments of what was done with a token, or tried.
_OCCASION = regex(r"attempt|retry|request|call|last_?(?:run|sync|poll|export|backup)", re.I)
_ELSE = regex(r"session|cookie|jwt|cache_?entry|lock|attempt|retry|rate|throttl|invite|csrf|state", re.I)


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Sums, comparisons, waits, stores and schedules; each place once."""
    vendors, branches = Vendors(program), Branches(program)
    found: dict[Place, Draft] = {}
    for draft in (*_guards(program, vendors, branches), *_sums(program, vendors, branches)):
        known = found.setdefault(draft.place, draft)
        if known.fix is None and draft.fix is not None:  # the sum itself can be mended, a test of it cannot
            found[draft.place] = replace(known, help=draft.help, fix=draft.fix)
    for draft in token_schedules.drafts(program):
        help_text = repairs.token_help.scheduled(program.modules[draft.place.path], draft.place, draft.help)
        found.setdefault(draft.place, replace(draft, help=help_text))
    yield from (found[place] for place in sorted(found))


def _draft(
    program: Program, event: Event, place: Place, number: Number, what: str, fix: Fix | None = None
) -> Draft:
    trace: tuple[Step, ...] = ()
    if number.place.span.line != place.span.line and number.place != place:
        trace = (step(number.place, f"the constant: {readable(number.value)} s"),)
    message = f"a constant of {readable(number.value)} s {what}"
    help_text = advice(
        fix,
        place,
        repairs.token_help.compared(program, event, HELP),
        "each token response says how long it lives",
    )
    return Draft(RULE, place, message, help_text, trace, symbol(event), fix=fix)


# ---------------------------------------------------------------- comparisons


def _guards(program: Program, vendors: Vendors, branches: Branches) -> Iterator[Draft]:
    """Comparisons that decide whether Procore is asked for a token."""
    instead = {item.place for item in program.trail.arithmetic if item.instead}
    present = {item.place for item in program.trail.arithmetic if _CLOCK.search(item.base_name)}
    for comparison in program.trail.comparisons:
        if program.is_mocked(comparison.module):
            continue
        proven = id(comparison) in program.renewal.guards or is_of_token(program, comparison)
        if (
            not proven
            and not token_rows.judges_itself(comparison)
            and not token_rows.helps(program, comparison)
            and not token_rows.tells_by_name(program, comparison)
        ):
            continue
        if only_tells(comparison) or only_limits(comparison) or vendors.is_of_another(comparison):
            continue
        left, right = comparison.left, comparison.right
        for side, name, other in ((left, comparison.names[0], right), (right, comparison.names[1], left)):
            for place, number, fix in _guard(program, comparison, side, name, other, present, instead):
                if (proven or token_rows.is_life(number)) and not branches.is_for_another(comparison, number):
                    yield _draft(program, comparison, place, number, _RENEWED, fix)
    for event, place, number in token_rows.cutoffs(program):
        is_ours = not vendors.is_of_another(event) and not branches.is_for_another(event, number)
        if number.value >= SHORTEST and is_ours and not is_made_up(number.place, place):
            yield _draft(program, event, place, number, _RENEWED)


def _guard(
    program: Program,
    comparison: Comparison,
    side: Value,
    name: str,
    other: Value,
    present: set[Place],
    instead: set[Place],
) -> Iterator[tuple[Place, Number, Fix | None]]:
    """Where a constant decides on one side of a comparison, and which."""
    for member in members(side):
        if isinstance(member, Age):
            since = f"{name} {_name_of(member.since)}"
            if _EXPIRY.search(since) or _OCCASION.search(since):
                continue
            if _is_from_answer(member.since) or _REFRESH_TOKEN.search(since):
                continue
            for number in members(other):
                if not isinstance(number, Number) or is_made_up(number.place, comparison.place):
                    continue
                number = replace(number, value=number.value * member.unit)
                if number.value >= SHORTEST:
                    yield comparison.place, number, repairs.tokens.age(program, comparison)
                    return
        elif isinstance(member, Deadline) and any(isinstance(m, Now) for m in members(other)):
            base = f"{_name_of(member.base)}"
            if _EXPIRY.search(base) or _is_expiry(member.base) or _REFRESH_TOKEN.search(base):
                continue
            if is_made_up(member.number.place, member.place) or member.place in instead:
                continue
            if member.place in present and _within(member.place, comparison.place):
                continue  # `now + margin` against a stored moment
            if member.number.value >= SHORTEST:
                yield member.place, member.number, None


def _is_from_answer(value: Value) -> bool:
    return any(isinstance(m, Data) and any("expires" in key for key in m.path) for m in members(value))


def _is_expiry(value: Value) -> bool:
    return any(isinstance(m, Data) and any("expir" in key.lower() for key in m.path) for m in members(value))


def _name_of(value: Value) -> str:
    names = []
    for member in members(value):
        if isinstance(member, Unknown):
            names.append(member.hint)
        elif isinstance(member, Parameter):
            names.append(".".join((member.name, *member.path)))
        elif isinstance(member, Data):
            names.append(".".join(member.path))
    return " ".join(names)


def _within(inner: Place, outer: Place) -> bool:
    if inner.path != outer.path:
        return False
    a, b = inner.span, outer.span
    return (b.line, b.column) <= (a.line, a.column) and (a.end_line, a.end_column) <= (
        b.end_line,
        b.end_column,
    )


# ---------------------------------------------------------------- sums


def _sums(program: Program, vendors: Vendors, branches: Branches) -> Iterator[Draft]:
    """`created_at + N` of a token's answer, and moments stored as a token's expiry."""
    stored = _stored_names(program)
    for item in program.trail.arithmetic:
        number = next((m for m in members(item.number) if isinstance(m, Number)), None)
        if number is None or number.value < SHORTEST or program.is_mocked(item.module):
            continue
        if item.instead or not program.is_procore(item.module) or is_made_up(number.place, item.place):
            continue
        what = ""
        if _is_birth_of_token(program, item):
            what = "is taken as the life of the access token"
        elif isinstance(item.base, Now):
            given = stored.get(item.place) or _declared(item)
            names = (name for name in given if _is_token_expiry(program, item, name))
            what = next((f"is stored as the token's `{name}`" for name in names), "")
        if what and not vendors.is_of_another(item) and not branches.is_for_another(item, number):
            fix = None if vendors.serves_another(item) else repairs.tokens.expiry_sum(program, item)
            yield _draft(program, item, item.place, number, what, fix)


def _stored_names(program: Program) -> dict[Place, list[str]]:
    names: dict[Place, list[str]] = {}
    for event in program.trail.stored:
        for moment in deadlines(event.value):
            names.setdefault(moment.place, []).append(event.name)
    return names


def _declared(item: Arithmetic) -> list[str]:
    """The column whose default a lambda computes."""
    is_lambda = item.function is not None and item.function.name == "<lambda>"
    return [token_rows.declared(item)[0]] if is_lambda else []


def _is_birth_of_token(program: Program, item: Arithmetic) -> bool:
    base = item.base
    if isinstance(base, Data):
        key = base.path[-1] if base.path else ""
        return bool(_BIRTH.search(key)) and program.is_oauth(base.request)
    if isinstance(base, (Parameter, Unknown)):
        name = item.base_name or _name_of(base)
        if not _BIRTH.search(name) or _EXPIRY.search(name):
            return False
        if _TOKEN.search(name) and _near_token(program, item):
            return True
        owner = item.function.owner if item.function else None
        return name.startswith("self.") and owner is not None and token_rows.is_named(owner) and _lives(item)
    return False


def _lives(item: Arithmetic) -> bool:
    if item.function is not None and token_rows.reads_life(item.function):
        return False
    return any(isinstance(m, Number) and token_rows.is_life(m) for m in members(item.number))


def names_end(name: str) -> bool:
    """Whether a name is that of the moment at which an access token runs out."""
    return bool(_EXPIRY.search(name)) and not _ELSE.search(name) and not _REFRESH_TOKEN.search(name)


def _is_token_expiry(program: Program, item: Arithmetic, name: str) -> bool:
    if not names_end(name):
        return False
    if "__" in name:  # a query for rows that run out before that moment
        return False
    if _ELSE.search(item.function.name if item.function else ""):
        return False
    return _near_token(program, item) or token_names.keeps_procores(item, name)


def _near_token(program: Program, item: Event) -> bool:
    """Whether the event's function, or its class, asks Procore for a token."""
    function = item.function
    owner = function.owner if function is not None else None
    if function is not None and function.name == "<lambda>":
        owner = token_rows.declared(item)[1]
    if owner is not None and owner.id in stores(program):
        return True
    if owner is not None and isinstance(item, Arithmetic) and token_rows.is_named(owner) and _lives(item):
        return True
    if function is None:
        return any(
            r.module is item.module and r.function is None and program.is_token_request(r)
            for r in program.trail.requests
        )
    if program.renewal.asks_for_token(function) or takes_token(program, function):
        return True
    if function.owner is not None:
        return any(program.renewal.asks_for_token(method) for method in function.owner.methods.values())
    return any(
        caller.function is not None and program.renewal.asks_for_token(caller.function)
        for caller in item.chain
    )
