"""PCL201: the header goes to the place that covers most requests, if the company's id is in reach there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from procore_lint import facts
from procore_lint.finding import Fix, Safety
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.program import AUTHORIZATION, Program
from procore_lint.repairs.carriers import HEADER, Carriers, goes_to_procore, is_foreign
from procore_lint.repairs.code import (
    Chain,
    chain_to,
    expression,
    function_at,
    is_spread,
    keyword,
    shown,
)
from procore_lint.repairs.company import Company, company_id, is_in_path, named_by
from procore_lint.repairs.fields import is_fixed, kept_as
from procore_lint.repairs.owners import given_companies
from procore_lint.repairs.roles import of_company
from procore_lint.repairs.texts import assignment
from procore_lint.replacement import InsertItem, InsertKeyword, InsertStatement, Replacement
from procore_lint.values import Client, Mapping, Parameter, Place, members

_KEYWORDS = frozenset({"requests", "httpx", "aiohttp"})


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place where the header may be added, what to write there, and which places share it."""

    kind: str  # "dict", "item", "session", "call"
    place: Place
    replacement: Replacement
    company: Company
    carried: Place | None  # of the mapping or client that carries it, None for the call alone


def added(carriers: Carriers, request: Request, blamed: Place, lacking: Collection[Place]) -> Fix | None:
    """The header at the place that covers most of the requests that lack it (at `lacking`)."""
    program = carriers.program
    best: tuple[int, int, _Spot] | None = None
    for rank, spot in enumerate(_spots(program, request, blamed)):
        sent = carriers.of(spot.carried) if spot.carried is not None else [request]
        if any(is_foreign(program, other) for other in sent) or not _is_one_company(program, spot, sent):
            continue
        covered = len({other.place for other in sent if other.place in lacking})
        if best is None or (covered, -rank) > best[:2]:
            best = (covered, -rank, spot)
    if best is None:
        return None
    spot = best[2]
    sent = carriers.of(spot.carried) if spot.carried is not None else [request]
    return Fix.of(_safety(program, sent, spot.company), spot.replacement)


def _is_one_company(program: Program, spot: _Spot, sent: Sequence[Request]) -> bool:
    """Whether the id is that of every request's company: those that name one name it by this code, and what
    is written down once stays true."""
    last = spot.company.name.rpartition(".")[2]
    for request in sent:
        named = given_companies(request)
        if named and not any(code.rpartition(".")[2] == last for code in named):
            return False
    function = function_at(program.modules[spot.place.path], spot.place)
    owner = function.owner if function is not None else None
    if function is None or owner is None:
        return True
    kept = [last] if "." in spot.company.name else kept_as(function, last)
    if all(is_fixed(owner, name) for name in kept):
        return True
    return all(request.function is function for request in sent)


def _safety(program: Program, sent: Sequence[Request], company: Company) -> Safety:
    """Safe where every request that gets the header names the same parameter as its company in the path."""
    proven = all(goes_to_procore(program, request) and is_in_path(request, company) for request in sent)
    return "safe" if sent and proven else "unsafe"


def _spots(program: Program, request: Request, blamed: Place) -> Iterator[_Spot]:
    found = headers.mappings(request.headers)
    seen: set[Place] = set()
    for mapping in found:
        for place in (mapping.place, *mapping.places.values()):
            spot = _in_display(program, request, mapping, place) or _beside_item(program, mapping, place)
            if spot is None or (blamed != request.place and not _is_beside(program, spot, blamed)):
                continue
            if spot.place not in seen:
                seen.add(spot.place)
                yield spot
    if blamed != request.place:
        return
    if request.client is not None and not any(
        isinstance(m, Parameter) for v in request.headers for m in members(v)
    ):
        session = _after_session(program, request.client)
        if session is not None:
            yield session
    call = _at_call(program, request)
    if call is not None:
        yield call


def _is_beside(program: Program, spot: _Spot, blamed: Place) -> bool:
    """Whether a dict stands in the function of the call that leaves the header out: others have theirs."""
    module = program.modules[blamed.path]
    return spot.place.path == blamed.path and function_at(module, spot.place) is function_at(module, blamed)


def _in_display(program: Program, request: Request, mapping: Mapping, place: Place) -> _Spot | None:
    """The dict display at a mapping's place, or around the place of one of its keys."""
    module = program.modules[place.path]
    chain = chain_to(module, place)
    for node in (chain[-1:] + chain[-2:-1]) if chain else ():
        if not isinstance(node, facts.Dict):
            continue
        if _is_alternative(chain[: chain.index(node)]):
            return None
        if node is not chain[-1] and not any(key is chain[-1] for key, _ in node.items):
            return None
        at = module.place(node.span)
        company = company_id(program, module, at)
        if company is None and place.path == request.place.path and _is_within(at, request.place):
            company = _named(program, request)
        if company is None or _is_overriding(mapping, node):
            return None
        return _Spot("dict", at, InsertItem(at.path, node.span, HEADER, company.code), company, mapping.place)
    return None


def _named(program: Program, request: Request) -> Company | None:
    """The id that the request's own path or parameters name, if they name one."""
    call = expression(program.modules[request.place.path], request.place)
    named = {shown(node) or "": node for node in of_company(call)}
    if len(named) != 1:
        return None
    return named_by(function_at(request.module, request.place), next(iter(named.values())))


def _is_within(inner: Place, outer: Place) -> bool:
    return outer.span[:2] <= inner.span[:2] and inner.span[2:] <= outer.span[2:]


def _is_alternative(around: Chain) -> bool:
    """Whether a display stands for headers that are not given: whoever gives some never gets to it."""
    default = False
    for node in reversed(around):
        if isinstance(node, (facts.Logic, facts.Cond)):
            return True
        if isinstance(node, facts.Call):
            name = node.func.name if isinstance(node.func, facts.Attr) else ""
            return default and name in ("get", "pop", "setdefault")
        if isinstance(node, facts.Arg):
            default = node.name is None
        if not isinstance(node, (facts.Dict, facts.Arg)):
            return False
    return False


def _is_overriding(mapping: Mapping, display: facts.Dict) -> bool:
    """Whether callers may bring the header through a `**spread`, which a key behind it would override."""
    if not any(key is None for key, _ in display.items):
        return False
    return mapping.open or any(
        not isinstance(member, Mapping) or member.open or member.spreads
        for spread in mapping.spreads
        for member in members(spread)
    )


def _beside_item(program: Program, mapping: Mapping, place: Place) -> _Spot | None:
    """After `headers["Authorization"] = ...`."""
    module = program.modules[place.path]
    for statement in _assignments(module.node.body):
        target = statement.targets[0] if len(statement.targets) == 1 else None
        if not isinstance(target, facts.Item) or not isinstance(target.index, facts.Const):
            continue
        if tuple(place.span) not in (target.span, target.index.span, statement.span):
            continue
        if str(target.index.value).lower() not in AUTHORIZATION:
            continue
        holder, company = shown(target.obj), company_id(program, module, module.place(target.span))
        if holder is None or company is None:
            return None
        code = f'{holder}["{HEADER}"] = {company.code}'
        return _Spot("item", place, InsertStatement(place.path, statement.span, code), company, mapping.place)
    return None


def _after_session(program: Program, client: Client) -> _Spot | None:
    """After `session = requests.Session()`."""
    module = program.modules[client.place.path]
    for statement in _assignments(module.node.body):
        if not isinstance(statement.value, facts.Call) or module.place(statement.value.span) != client.place:
            continue
        target = statement.targets[0] if len(statement.targets) == 1 else None
        company = company_id(program, module, client.place)
        holder = shown(target) if isinstance(target, (facts.Name, facts.Attr)) else None
        if holder is None or company is None or client.library not in ("requests", "httpx"):
            return None
        code = f'{holder}.headers["{HEADER}"] = {company.code}'
        statement_at = InsertStatement(client.place.path, statement.span, code)
        return _Spot("session", client.place, statement_at, company, client.headers.place)
    return None


def _at_call(program: Program, request: Request) -> _Spot | None:
    """In a call that passes no headers of its own."""
    module = program.modules[request.place.path]
    node = expression(module, request.place)
    if not isinstance(node, facts.Call) or keyword(node, "headers") is not None or is_spread(node):
        return None
    company = company_id(program, module, request.place) or _named(program, request)
    if request.library not in _KEYWORDS or company is None:
        return None
    value = f'{{"{HEADER}": {company.code}}}'
    return _Spot(
        "call", request.place, InsertKeyword(request.place.path, node.span, "headers", value), company, None
    )


def _assignments(node: object) -> Iterator[facts.Assign]:
    if isinstance(node, facts.Assign):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from _assignments(part)
    else:
        for name in ("body", "orelse", "handlers", "final", "cases"):
            inner = getattr(node, name, None)
            if isinstance(inner, tuple):
                yield from _assignments(inner)


def by_hand(carriers: Carriers, request: Request, blamed: Place) -> str:
    """The help where no fix is offered: the line to write where these headers are made, and what it needs."""
    program = carriers.program
    item, bring = _item(program, blamed, "here")
    if blamed != request.place:
        return f"give this call a header `{item}`{bring}"
    for mapping in headers.mappings(request.headers):
        place = mapping.place
        node = expression(program.modules[place.path], place)
        foreign = any(is_foreign(program, other) for other in carriers.of(place))
        if isinstance(node, facts.Dict) and not mapping.open and not foreign:
            if place.span.line == blamed.span.line:
                return f"add `{item}` to this dict{bring}"
            item, bring = _item(program, place, "there")
            return f"add `{item}` to the dict at {place.path}:{place.span.line}{bring}"
    client = request.client
    if client is not None and client.library in ("requests", "httpx"):
        held = assignment(program.modules[client.place.path], client.place)
        if held is not None:
            (code, bring), at = _company(program, client.place, "there"), client.place
            line = f'{held[0]}.headers["{HEADER}"] = {code}'
            return f"add `{line}` after {at.path}:{at.span.line}{bring}"
    call = expression(program.modules[request.place.path], request.place)
    if isinstance(call, facts.Call) and request.library in _KEYWORDS:
        given = keyword(call, "headers")
        nothing = isinstance(given, facts.Const) and given.value is None
        if nothing or (given is None and not is_spread(call)):
            return f"pass `headers={{{item}}}` in this call{bring}"
        if shown(given) is not None:
            return f"pass `headers={{**{shown(given)}, {item}}}` in this call{bring}"
    return f"add `{item}` to the headers of this request{bring}"


def _item(program: Program, place: Place, where: str) -> tuple[str, str]:
    code, bring = _company(program, place, where)
    return f'"{HEADER}": {code}', bring


def _company(program: Program, place: Place, where: str) -> tuple[str, str]:
    """The code of the company's id at a place, and what to do first where it is not in reach."""
    company = company_id(program, program.modules[place.path], place)
    if company is not None:
        return company.code, ""
    return "str(company_id)", f", and bring the id of the company {where}"
