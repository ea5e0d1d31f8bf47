"""PCL201: the header goes to the place that covers most requests, if the company's id is in reach there."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.finding import Fix, Safety
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.program import AUTHORIZATION, Program
from procore_lint.repairs.carriers import HEADER, Carried, Carriers
from procore_lint.repairs.code import (
    assignments,
    chain_to,
    expression,
    function_at,
    is_handed_over,
    is_spread,
    keyword,
)
from procore_lint.repairs.company import Company
from procore_lint.repairs.displays import is_alternative, is_overriding
from procore_lint.repairs.fitting import Fitting
from procore_lint.repairs.in_path import is_in_path
from procore_lint.repairs.roles import companies_in_path, of_company
from procore_lint.repairs.shown import shown
from procore_lint.replacement import (
    Combined,
    InsertItem,
    InsertKeyword,
    InsertStatement,
    ReplaceExpr,
    Replacement,
)
from procore_lint.values import Client, Mapping, Parameter, Place, members

#: Libraries whose calls take `headers=`.
KEYWORDS = frozenset({"requests", "httpx", "aiohttp"})
_PLAIN = (facts.Name, facts.Attr, facts.Call)


class _Spot(msgspec.Struct, frozen=True):
    """A place where the header may be added, what to write there, and which places share it."""

    place: Place
    replacement: Replacement
    company: Company
    carried: Place | None  # of the mapping or client that carries it, None for the call alone


def added(fitting: Fitting, request: Request, blamed: Place) -> Fix | None:
    """The header at the place that covers most of the requests that lack it."""
    carriers = fitting.carriers
    best: tuple[int, int, _Spot, Carried] | None = None
    for rank, spot in enumerate(_spots(fitting, request, blamed)):
        sent = carriers.at_call(spot.place) if spot.carried is None else carriers.of(spot.carried)
        if sent.is_shared or not _fits(fitting, spot, sent):
            continue
        if best is not None and (sent.covered, -rank) <= best[:2]:
            continue
        whole = _on_all_ways(fitting, request, spot, sent)
        if whole is not None:
            best = (sent.covered, -rank, whole, sent)
    if best is None:
        return None
    spot, sent = best[2:]
    expected = carriers.expected.headers or (spot.carried is None and carriers.expected.arguments)
    return Fix.of("unsafe" if expected else _safety(sent, spot.company), spot.replacement)


def _on_all_ways(fitting: Fitting, request: Request, spot: _Spot, sent: Carried) -> _Spot | None:
    """A spot that mends every way to its requests: with the dicts that others send in place of its own."""
    if spot.carried is None:
        return spot
    carriers = fitting.carriers
    is_line = isinstance(spot.replacement, InsertStatement)
    if is_line and fitting.is_passed_by(spot.place, spot.carried, sent):
        return None
    others = fitting.left_out(spot.carried, sent)
    parts = [spot.replacement] if not isinstance(spot.replacement, Combined) else []
    for place, mapping in others.items():
        other = _in_display(carriers, request, mapping, place) if mapping is not None and place else None
        if other is None or isinstance(other.replacement, Combined):
            return None
        theirs = carriers.of(other.place)
        if theirs.is_shared or not _fits(fitting, other, theirs):
            return None
        parts.append(other.replacement)
    return msgspec.structs.replace(spot, replacement=Combined(tuple(parts))) if others else spot


def _fits(fitting: Fitting, spot: _Spot, sent: Carried) -> bool:
    if any(fitting.is_overwritten(request, spot.carried) for request in sent.requests):
        return False
    return fitting.fits(spot.place, spot.carried, spot.company, sent)


def _safety(sent: Carried, company: Company) -> Safety:
    """Safe where every request that gets the header names the same parameter as its company in the path."""
    proven = sent.is_procore and all(is_in_path(request, company) for request in sent.requests)
    return "safe" if sent.requests and proven else "unsafe"


def _spots(fitting: Fitting, request: Request, blamed: Place) -> Iterator[_Spot]:
    carriers = fitting.carriers
    found = headers.mappings(request.headers)
    seen: set[Place] = set()
    for mapping in found:
        for place in (mapping.place, *mapping.places.values()):
            spot = _in_display(carriers, request, mapping, place) or _beside_item(carriers, mapping, place)
            if spot is None or (blamed != request.place and not _is_beside(carriers.program, spot, blamed)):
                continue
            if spot.place not in seen:
                seen.add(spot.place)
                yield spot
    if blamed != request.place:
        return
    if request.client is not None and not any(
        isinstance(m, Parameter) for v in request.headers for m in members(v)
    ):
        session = _after_session(carriers, request.client)
        if session is not None:
            yield session
    call = _at_call(fitting, request)
    if call is not None:
        yield call


def _is_beside(program: Program, spot: _Spot, blamed: Place) -> bool:
    """Whether a dict stands in the function of the call that leaves the header out: others have theirs."""
    module = program.modules[blamed.path]
    return spot.place.path == blamed.path and function_at(module, spot.place) is function_at(module, blamed)


def _in_display(carriers: Carriers, request: Request, mapping: Mapping, place: Place) -> _Spot | None:
    """The dict display at a mapping's place, or around the place of one of its keys."""
    module = carriers.program.modules[place.path]
    chain = chain_to(module, place)
    for node in (chain[-1:] + chain[-2:-1]) if chain else ():
        if not isinstance(node, facts.Dict):
            continue
        if is_alternative(chain[: chain.index(node)]):
            return None
        if node is not chain[-1] and not any(key is chain[-1] for key, _ in node.items):
            return None
        at = module.place(node.span)
        company = carriers.companies.at(at)
        if company is None and place.path == request.place.path and _is_within(at, request.place):
            company = _named(carriers, request)
        if company is None or is_overriding(mapping, node):
            return None
        return _Spot(at, InsertItem(at.path, node.span, HEADER, company.code), company, mapping.place)
    return None


def _named(carriers: Carriers, request: Request) -> Company | None:
    """The id that the request's own path or parameters name, if they name one."""
    call = expression(carriers.program.modules[request.place.path], request.place)
    named = {shown(node) or "": node for node in of_company(call)}
    if len(named) != 1:
        return None
    (code, node), *_ = named.items()
    is_sure = code in companies_in_path(call)
    return carriers.companies.named(request.module, request.place, node, is_sure=is_sure)


def _is_within(inner: Place, outer: Place) -> bool:
    return outer.span[:2] <= inner.span[:2] and inner.span[2:] <= outer.span[2:]


def _beside_item(carriers: Carriers, mapping: Mapping, place: Place) -> _Spot | None:
    """After `headers["Authorization"] = ...`."""
    module = carriers.program.modules[place.path]
    for statement in assignments(module, module.node.body, place):
        target = statement.targets[0] if len(statement.targets) == 1 else None
        if not isinstance(target, facts.Item) or not isinstance(target.index, facts.Const):
            continue
        if tuple(place.span) not in (target.span, target.index.span, statement.span):
            continue
        if str(target.index.value).lower() not in AUTHORIZATION:
            continue
        holder, company = shown(target.obj), carriers.companies.at(module.place(target.span))
        if holder is None or company is None:
            return None
        code = f'{holder}["{HEADER}"] = {company.code}'
        return _Spot(place, InsertStatement(place.path, statement.span, code), company, mapping.place)
    return None


def _after_session(carriers: Carriers, client: Client) -> _Spot | None:
    """After `session = requests.Session()`."""
    module = carriers.program.modules[client.place.path]
    for statement in assignments(module, module.node.body, client.place):
        if not isinstance(statement.value, facts.Call) or module.place(statement.value.span) != client.place:
            continue
        target = statement.targets[0] if len(statement.targets) == 1 else None
        company = carriers.companies.at(client.place)
        holder = shown(target) if isinstance(target, (facts.Name, facts.Attr)) else None
        if holder is None or company is None or client.library not in ("requests", "httpx"):
            return None
        code = f'{holder}.headers["{HEADER}"] = {company.code}'
        statement_at = InsertStatement(client.place.path, statement.span, code)
        return _Spot(client.place, statement_at, company, client.headers.place)
    return None


def _at_call(fitting: Fitting, request: Request) -> _Spot | None:
    """In a call that passes no headers of its own, or beside those that it passes."""
    carriers = fitting.carriers
    module = carriers.program.modules[request.place.path]
    node = expression(module, request.place)
    if not isinstance(node, facts.Call) or is_spread(node) or request.library not in KEYWORDS:
        return None
    if is_handed_over(node):
        return None
    company = of_call(fitting, request)
    if company is None:
        return None
    given, place = keyword(node, "headers"), request.place
    if given is None and "headers" in request.arguments:
        return None  # a partial's, which a keyword of the call would take the place of
    if given is None:
        value = f'{{"{HEADER}": {company.code}}}'
        return _Spot(place, InsertKeyword(place.path, node.span, "headers", value), company, None)
    code = shown(given)
    if code is None or not isinstance(given, _PLAIN) or not _is_dict(request):
        return None
    if carriers.companies.may_be_none(request.module, place, given):
        return None  # `headers=None` sends none, while `**None` raises
    if not carriers.companies.owners.given_companies(request):
        return None  # others that the dict is made for may be of other companies, as far as we know
    value = f'{{**{code}, "{HEADER}": {company.code}}}'
    return _Spot(place, ReplaceExpr(place.path, given.span, code, value), company, None)


def of_call(fitting: Fitting, request: Request) -> Company | None:
    """The id that a request's call can say itself: that in reach, but rather the one that it names."""
    near, own = fitting.carriers.companies.at(request.place), _named(fitting.carriers, request)
    if near is not None and fitting.is_meant(request, near, request.place):
        return near
    return own


def _is_dict(request: Request) -> bool:
    """Whether what a call passes for headers is a dict, whoever comes to it."""
    found = [member for value in request.headers for member in members(value)]
    return all(isinstance(member, Mapping) for member in found if not isinstance(member, Client))
