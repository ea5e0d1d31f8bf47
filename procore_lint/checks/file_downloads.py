"""PCL304 and PCL305: file links fetched without a token, and tokens sent to hosts that are not Procore's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from procore_lint import facts, repairs
from procore_lint.catalog import Catalog
from procore_lint.checks import handed_records, link_names
from procore_lint.checks.base import Context, Draft, step, symbol
from procore_lint.checks.branches import is_for_another_host
from procore_lint.checks.file_links import is_link, tests_file_host
from procore_lint.finding import Step
from procore_lint.project import headers, replaced, urls
from procore_lint.project.events import Request
from procore_lint.project.program import AUTHORIZATION, Program
from procore_lint.repairs.advice import advice
from procore_lint.repairs.code import chain_to
from procore_lint.values import Data, Mapping, Nothing, Parameter, Place, Text, Unknown, Value, members

_TOKEN = "send the Authorization header that the API calls carry, as long as the host ends in .procore.com"
_ALONE = (
    "send this request without the Authorization header; a Procore token belongs to hosts that end in"
    " .procore.com"
)
_OURS = "a Procore token belongs to hosts that end in .procore.com"
BARE, LEAKED = "file-download-without-token", "token-sent-off-procore"


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Downloads and uploads by what their url comes from and what their headers carry."""
    ours: dict[int, set[Place]] | None = None
    seen: set[tuple[str, Place]] = set()
    for request in program.trail.requests:
        if program.is_mocked(request.chain[0].module):
            continue
        found = list(_bare(program, request))
        if _may_leak(request):
            ours = _api_headers(program) if ours is None else ours
            found.extend(_leaked(program, request, ours))
        for draft in found:
            if (draft.rule, draft.place) not in seen:
                seen.add((draft.rule, draft.place))
                yield draft


def _bare(program: Program, request: Request) -> Iterator[Draft]:
    if request.verb not in ("GET", "HEAD") or request.open:
        return
    if not any(_file_origin(program, value) is not None for value in program.urls(request)):
        return
    state = headers.presence(request.headers, AUTHORIZATION).state
    if state != headers.NO or any(not isinstance(m, Nothing) for a in request.auth for m in members(a)):
        return
    if any(tests_file_host(guard) for guard in request.guards):
        return  # the code looks at the link's host first
    if is_for_another_host(request.module, request.place):
        return
    for value in program.urls(request):
        origin = _file_origin(program, value)
        if origin is None or (request.parsed and _says_no_file(origin)):
            continue
        place, trace = _blamed(program, request)
        if isinstance(origin, Data):
            trace = (step(origin.request.place, "the link comes from this answer"), *trace)
        fix = repairs.downloads.with_token(program, request, place)
        yield Draft(
            BARE,
            place,
            "a Procore file link is fetched without the bearer token that it needs",
            advice(fix, place, repairs.downloads.by_hand(program, request, _TOKEN)),
            trace,
            symbol(request),
            fix=fix,
        )
        return


def _says_no_file(link: Value) -> bool:
    """Whether a link's names leave open what it leads to: read as JSON, that is a resource of the API."""
    return isinstance(link, Data) and not any(map(link_names.is_of_files, link.path))


def _file_origin(program: Program, value: Value) -> Value | None:
    for member in members(value):
        if isinstance(member, Text):
            host, path, base = urls.address(member)
            if urls.is_storage(host) and path.strip("/") and "/rest/" not in path:
                return member
            if isinstance(base, Data) and is_link(program, base):
                return base
        elif isinstance(member, Data) and is_link(program, member):
            return member
        elif isinstance(member, (Parameter, Unknown)):
            if isinstance(member, Parameter) and handed_records.is_link(program, member):
                return member
            kept = program.bindings.kept(member)
            if kept and all(is_link(program, value) for value in kept):
                return kept[0]
    return None


def _blamed(program: Program, request: Request) -> tuple[Place, tuple[Step, ...]]:
    """The request itself, or the caller that leaves the headers out where others give them."""
    own = [
        headers.presence(other.headers, AUTHORIZATION).state
        for other in program.trail.requests
        if other.place == request.place
    ]
    call = request.chain[0].call
    if headers.YES in own and headers.OPEN in own and call is not None:
        return call, (step(request.place, "fetched here"),)
    return request.place, ()


def _api_headers(program: Program) -> dict[int, set[Place]]:
    """The header mappings with which API calls carry their token, by identity, with those calls."""
    found: dict[int, set[Place]] = defaultdict(set)
    for request in program.trail.requests:
        kinds = program.kinds(request)
        if "rest" in kinds or "exempt" in kinds:
            for mapping in _carriers(request):
                found[id(mapping)].add(request.place)
    return found


def _carriers(request: Request) -> list[Mapping]:
    """The dicts whose token a request sends: what a call says itself comes before its session's."""
    given = request.arguments.get("headers")
    values = (given,) if given is not None and replaced.gives(given, "authorization") else request.headers
    return replaced.carriers(values, "authorization", request.function.id if request.function else "")


def _has_token(mapping: Mapping) -> bool:
    return any(key.lower() == "authorization" for key in mapping.entries)


def _may_leak(request: Request) -> bool:
    """Whether a request's url may be outside Procore's hosts: all others need no look at headers."""
    for member in members(request.url):
        if isinstance(member, Text):
            host = urls.address(member).host
            if (host and not urls.is_procore(host)) or (not host and len(member.parts) == 1):
                return True
        elif not isinstance(member, Parameter):
            return True
    return False


def _leaked(program: Program, request: Request, ours: dict[int, set[Place]]) -> Iterator[Draft]:
    carried = _carriers(request)
    if not carried:
        return
    if any(_is_conditional(value) for value in request.headers):
        return
    if any(_is_put_in_under_test(program, mapping) for mapping in carried):
        return
    # One call that serves several hosts may be given the token of each: that proves nothing.
    shared = any(ours.get(id(m), set()) - {request.place} for m in carried)
    method = request.verb
    for value in program.urls(request):
        target = _foreign(program, request, value, method, shared)
        if target is None:
            continue
        place = next((m.places.get("Authorization", m.place) for m in carried), request.place)
        fix = repairs.downloads.without_token(program, request)
        yield Draft(
            LEAKED,
            request.place,
            f"the Procore token is sent to {target}",
            advice(fix, request.place, repairs.downloads.alone(program, request, _ALONE), _OURS),
            (step(place, "the token is put in here"),) if place.span.line != request.place.span.line else (),
            symbol(request),
            fix=fix,
        )
        return


def _is_conditional(value: Value) -> bool:
    """Whether the token is put in on some paths only: the code decides, and may decide by the host."""
    options = [m for m in members(value) if isinstance(m, Mapping)]
    return len(options) > 1 and any(not _has_token(m) and not m.spreads and not m.open for m in options)


def _is_put_in_under_test(program: Program, mapping: Mapping) -> bool:
    """Whether the token comes into a dict in the arm of a test which the dict itself does not stand in."""
    for key, place in mapping.places.items():
        module = program.modules.get(place.path)
        if key.lower() != "authorization" or module is None or place.path != mapping.place.path:
            continue
        around = [node.span for node in chain_to(module, mapping.place) if isinstance(node, facts.If)]
        inner = (node.span for node in chain_to(module, place) if isinstance(node, facts.If))
        if any(span not in around for span in inner):
            return True
    return False


def _foreign(program: Program, request: Request, value: Value, method: str, shared: bool) -> str | None:
    if isinstance(value, Data):
        if "@headers" in value.path and value.path[-1].lower() == "location":
            known = program.is_api(value.request) or "file" in program.kinds(value.request)
            return "the host that a redirect names" if known else None
        if method in ("PUT", "POST") and program.is_api(value.request) and is_link(program, value):
            return "a presigned upload url"
        return None
    if not isinstance(value, Text):
        return None
    host = urls.address(value).host
    if not host or "\0" in host:
        return None
    if urls.is_s3(host) and (shared or program.is_procore(request.module)):
        return host
    if not urls.is_procore(host) and shared and "localhost" not in host and "127.0.0.1" not in host:
        return host
    return None
