"""PCL201 without a fix: the line to write by hand, where the headers of a request are made."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.repairs.carriers import HEADER, Carriers
from procore_lint.repairs.code import chain_to, expression, function_at, is_handed_over, is_spread, keyword
from procore_lint.repairs.displays import is_alternative
from procore_lint.repairs.fitting import Fitting
from procore_lint.repairs.headers import KEYWORDS, of_call
from procore_lint.repairs.owners import given as given_by
from procore_lint.repairs.roles import of_company
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import assignment
from procore_lint.values import Listing, Place, members


def by_hand(fitting: Fitting, request: Request, blamed: Place) -> str:
    """The help where no fix is offered: the line to write where these headers are made, and what it needs."""
    carriers = fitting.carriers
    program = carriers.program
    item, bring = _item(carriers, blamed, "here")
    is_overwritten = fitting.is_overwritten(request, None)
    if blamed != request.place and not is_overwritten:
        return f"give this call a header `{item}`{bring}{_beside(carriers, request, blamed)}"
    for mapping in headers.mappings(request.headers):
        place = mapping.place
        node = expression(program.modules[place.path], place)
        if not (fitting.may_hold(place, place) and fitting.may_say(request, place)):
            continue
        if fitting.is_overwritten(request, place):
            continue
        if isinstance(node, facts.Dict) and not mapping.open and not carriers.of(place).is_shared:
            if place.span.line == blamed.span.line:
                return f"add `{item}` to this dict{bring}"
            item, bring = _item(carriers, place, "there")
            here = _given_after(carriers, request, place) if bring else None
            if here is not None and request.library in KEYWORDS:
                return f'pass `headers={{**{here[0]}, "{HEADER}": {here[1]}}}` in this call'
            return f"add `{item}` to the dict at {place.path}:{place.span.line}{bring}"
    if is_overwritten:
        return f"add `{item}` where its auth or a hook replaces the headers of this request{bring}"
    client = request.client
    if client is not None and not (
        fitting.may_hold(client.place, client.headers.place) and fitting.may_say(request, client.place)
    ):
        client = None
    if client is not None and client.library in ("requests", "httpx"):
        held = assignment(program.modules[client.place.path], client.place)
        if held is not None:
            (code, bring), at = _company(carriers, client.place, "there"), client.place
            line = f'{held[0]}.headers["{HEADER}"] = {code}'
            return f"add `{line}` after {at.path}:{at.span.line}{bring}"
    call = expression(program.modules[request.place.path], request.place)
    own = of_call(fitting, request)
    named = {shown(node) or "" for node in of_company(call)}
    if own is not None:
        item, bring = f'"{HEADER}": {own.code}', ""
    elif len(named) == 1 and all(named) and not fitting.may_say(request, request.place):
        code = carriers.companies.as_text(request.place, *named) or "str(company_id)"
        item, bring = f'"{HEADER}": {code}', ", and only where that is not None"
    if isinstance(call, facts.Call) and request.library in KEYWORDS and not is_handed_over(call):
        given = keyword(call, "headers")
        nothing = isinstance(given, facts.Const) and given.value is None
        if nothing or (given is None and not is_spread(call)):
            return f"pass `headers={{{item}}}` in this call{bring}"
        if shown(given) is not None and any(
            isinstance(m, Listing) for v in request.headers for m in members(v)
        ):
            return f"pass `headers=[*{shown(given)}, ({item.replace(': ', ', ', 1)})]` in this call{bring}"
        if shown(given) is not None:
            return f"pass `headers={{**{shown(given)}, {item}}}` in this call{bring}"
    return f"add `{item}` to the headers of this request{bring}"


def _given_after(carriers: Carriers, request: Request, place: Place) -> tuple[str, str] | None:
    """The code of a request's headers, and of the id that lines since these were made name as its company."""
    module = request.module
    call = expression(module, request.place)
    code = shown(keyword(call, "headers")) if isinstance(call, facts.Call) else None
    if code is None or place.path != module.path or function_at(module, place) is not request.function:
        return None
    last = len(request.chain) - 1
    named = {shown(node) for number, node in given_by(request) if number == last}
    held = assignment(module, place)
    name = named.pop() if len(named) == 1 else None
    if name is None or not name.isidentifier() or held is None or held[0] != code:
        return None
    text = carriers.companies.as_text(request.place, name)
    return (code, text) if text is not None else None


def _beside(carriers: Carriers, request: Request, blamed: Place) -> str:
    """Which headers a call has to pass as well: those that stand in for headers which are not given."""
    for mapping in headers.mappings(request.headers):
        chain = chain_to(carriers.program.modules[mapping.place.path], mapping.place)
        if mapping.place.span == blamed.span or not chain or not isinstance(chain[-1], facts.Dict):
            continue
        tests = [node.test for node in chain if isinstance(node, facts.If)]
        is_default = any(
            isinstance(test, facts.Not) or (isinstance(test, facts.Compare) and test.op == "is")
            for test in tests
        )
        if mapping.entries and (is_default or is_alternative(chain[:-1])):
            return (
                f", beside those at {mapping.place.path}:{mapping.place.span.line}, whose place its own take"
            )
    return ""


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
