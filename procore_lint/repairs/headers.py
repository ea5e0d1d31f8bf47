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
    in_header,
    is_spread,
    keyword,
)
from procore_lint.repairs.company import Company, is_in_path
from procore_lint.repairs.displays import is_alternative, is_overriding
from procore_lint.repairs.fields import kept_as
from procore_lint.repairs.roles import of_company
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import assignment
from procore_lint.repairs.ways import is_passed_by, left_out
from procore_lint.replacement import (
    Combined,
    InsertItem,
    InsertKeyword,
    InsertStatement,
    ReplaceExpr,
    Replacement,
)
from procore_lint.values import Client, Mapping, Parameter, Place, members

_KEYWORDS = frozenset({"requests", "httpx", "aiohttp"})
_PLAIN = (facts.Name, facts.Attr, facts.Call)


class _Spot(msgspec.Struct, frozen=True):
    """A place where the header may be added, what to write there, and which places share it."""

    place: Place
    replacement: Replacement
    company: Company
    carried: Place | None  # of the mapping or client that carries it, None for the call alone


def added(carriers: Carriers, request: Request, blamed: Place) -> Fix | None:
    """The header at the place that covers most of the requests that lack it."""
    best: tuple[int, int, _Spot, Carried] | None = None
    for rank, spot in enumerate(_spots(carriers, request, blamed)):
        sent = carriers.at_call(spot.place) if spot.carried is None else carriers.of(spot.carried)
        if sent.is_shared or not _is_one_company(carriers, spot, sent):
            continue
        if best is not None and (sent.covered, -rank) <= best[:2]:
            continue
        whole = _on_all_ways(carriers, request, spot, sent)
        if whole is not None:
            best = (sent.covered, -rank, whole, sent)
    if best is None:
        return None
    spot, sent = best[2:]
    return Fix.of(_safety(sent, spot.company), spot.replacement)


def _on_all_ways(carriers: Carriers, request: Request, spot: _Spot, sent: Carried) -> _Spot | None:
    """A spot that mends every way to its requests: with the dicts that others send in place of its own."""
    if spot.carried is None:
        return spot
    module = carriers.program.modules[spot.place.path]
    if isinstance(spot.replacement, InsertStatement) and is_passed_by(
        module, spot.place, spot.carried, sent.requests
    ):
        return None
    others = {
        instead.place if instead is not None else None: instead
        for one in sent.requests
        for instead in left_out(one, spot.carried)
    }
    parts = [spot.replacement] if not isinstance(spot.replacement, Combined) else []
    for place, mapping in others.items():
        other = _in_display(carriers, request, mapping, place) if mapping is not None and place else None
        if other is None or isinstance(other.replacement, Combined):
            return None
        theirs = carriers.of(other.place)
        if theirs.is_shared or not _is_one_company(carriers, other, theirs):
            return None
        parts.append(other.replacement)
    return msgspec.structs.replace(spot, replacement=Combined(tuple(parts))) if others else spot


def _is_one_company(carriers: Carriers, spot: _Spot, sent: Carried) -> bool:
    """Whether the id is that of every request's company: those that name one name it by this code, and what
    is written down once stays true."""
    last = spot.company.name.rpartition(".")[2]
    if not all(any(code.rpartition(".")[2] == last for code in named) for named in sent.named):
        return False
    if not all(carriers.is_meant(request, spot.company, spot.place) for request in sent.requests):
        return False
    if spot.carried is not None and _is_stale(carriers, spot.place, spot.company):
        return False
    return _stays(carriers, spot.place, spot.company, sent)


def _stays(carriers: Carriers, place: Place, company: Company, sent: Carried) -> bool:
    """Whether an id that an object's headers are made with is its company's for as long as they are sent."""
    function = function_at(carriers.program.modules[place.path], place)
    owner = function.owner if function is not None else None
    if function is None or owner is None:
        return True
    last = company.name.rpartition(".")[2]
    kept = [last] if "." in company.name else kept_as(function, last)
    fields, outside = carriers.companies.fields(owner), carriers.set_outside
    if all(fields.is_fixed(name) and not outside.may_set(owner, name) for name in kept):
        return True
    return all(request.function is function for request in sent.requests)


def _is_stale(carriers: Carriers, place: Place, company: Company) -> bool:
    """Whether headers that are made at a place are kept for requests of other companies."""
    module = carriers.program.modules[place.path]
    for statement in assignments(module, module.node.body, place):
        target = statement.targets[0]
        if statement.span == tuple(place.span) and isinstance(target, facts.Item):
            place = module.place(target.span)
    return carriers.outliving.is_stale(module, function_at(module, place), place, company.name)


def _safety(sent: Carried, company: Company) -> Safety:
    """Safe where every request that gets the header names the same parameter as its company in the path."""
    proven = sent.is_procore and all(is_in_path(request, company) for request in sent.requests)
    return "safe" if sent.requests and proven else "unsafe"


def _spots(carriers: Carriers, request: Request, blamed: Place) -> Iterator[_Spot]:
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
    call = _at_call(carriers, request)
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
    return carriers.companies.named(request.module, request.place, next(iter(named.values())))


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


def _at_call(carriers: Carriers, request: Request) -> _Spot | None:
    """In a call that passes no headers of its own, or beside those that it passes."""
    module = carriers.program.modules[request.place.path]
    node = expression(module, request.place)
    if not isinstance(node, facts.Call) or is_spread(node) or request.library not in _KEYWORDS:
        return None
    company = _of_call(carriers, request)
    if company is None:
        return None
    given, place = keyword(node, "headers"), request.place
    if given is None:
        value = f'{{"{HEADER}": {company.code}}}'
        return _Spot(place, InsertKeyword(place.path, node.span, "headers", value), company, None)
    code = shown(given)
    if code is None or not isinstance(given, _PLAIN) or not _is_dict(request):
        return None
    if not carriers.companies.owners.given_companies(request):
        return None  # others that the dict is made for may be of other companies, as far as we know
    value = f'{{**{code}, "{HEADER}": {company.code}}}'
    return _Spot(place, ReplaceExpr(place.path, given.span, code, value), company, None)


def _of_call(carriers: Carriers, request: Request) -> Company | None:
    """The id that a request's call can say itself: that in reach, but rather the one that it names."""
    near, own = carriers.companies.at(request.place), _named(carriers, request)
    if near is not None and carriers.is_meant(request, near, request.place):
        return near
    return own


def _is_dict(request: Request) -> bool:
    """Whether what a call passes for headers is a dict, whoever comes to it."""
    found = [member for value in request.headers for member in members(value)]
    return all(isinstance(member, Mapping) for member in found if not isinstance(member, Client))


def by_hand(carriers: Carriers, request: Request, blamed: Place) -> str:
    """The help where no fix is offered: the line to write where these headers are made, and what it needs."""
    program = carriers.program
    item, bring = _item(carriers, blamed, "here")
    if blamed != request.place:
        return f"give this call a header `{item}`{bring}"
    for mapping in headers.mappings(request.headers):
        place = mapping.place
        node = expression(program.modules[place.path], place)
        if not (_may_hold(carriers, place, place) and _may_say(carriers, request, place)):
            continue
        if isinstance(node, facts.Dict) and not mapping.open and not carriers.of(place).is_shared:
            if place.span.line == blamed.span.line:
                return f"add `{item}` to this dict{bring}"
            item, bring = _item(carriers, place, "there")
            return f"add `{item}` to the dict at {place.path}:{place.span.line}{bring}"
    client = request.client
    if client is not None and not (
        _may_hold(carriers, client.place, client.headers.place) and _may_say(carriers, request, client.place)
    ):
        client = None
    if client is not None and client.library in ("requests", "httpx"):
        held = assignment(program.modules[client.place.path], client.place)
        if held is not None:
            (code, bring), at = _company(carriers, client.place, "there"), client.place
            line = f'{held[0]}.headers["{HEADER}"] = {code}'
            return f"add `{line}` after {at.path}:{at.span.line}{bring}"
    call = expression(program.modules[request.place.path], request.place)
    own = _of_call(carriers, request)
    if own is not None:
        item, bring = f'"{HEADER}": {own.code}', ""
    if isinstance(call, facts.Call) and request.library in _KEYWORDS:
        given = keyword(call, "headers")
        nothing = isinstance(given, facts.Const) and given.value is None
        if nothing or (given is None and not is_spread(call)):
            return f"pass `headers={{{item}}}` in this call{bring}"
        if shown(given) is not None:
            return f"pass `headers={{**{shown(given)}, {item}}}` in this call{bring}"
    return f"add `{item}` to the headers of this request{bring}"


def _may_hold(carriers: Carriers, place: Place, carried: Place) -> bool:
    """Whether headers that are made at a place, and sent from `carried`, may hold the id in reach there."""
    company = carriers.companies.at(place)
    if company is None:
        return True
    sent = carriers.of(carried)
    return not _is_stale(carriers, place, company) and _stays(carriers, place, company, sent)


def _may_say(carriers: Carriers, request: Request, place: Place) -> bool:
    """Whether headers that are made at a place can say the company of a request, as far as we know."""
    if in_header(carriers.program.modules[place.path], place):
        return False
    company = carriers.companies.at(place)
    return company is None or carriers.is_meant(request, company, place)


def _item(carriers: Carriers, place: Place, where: str) -> tuple[str, str]:
    code, bring = _company(carriers, place, where)
    return f'"{HEADER}": {code}', bring


def _company(carriers: Carriers, place: Place, where: str) -> tuple[str, str]:
    """The code of the company's id at a place, and what to do first where it is not in reach."""
    company = carriers.companies.at(place)
    if company is not None:
        return company.code, ""
    code = carriers.companies.as_text(place, "company_id") or "str(company_id)"
    return code, f", and bring the id of the company {where}"
