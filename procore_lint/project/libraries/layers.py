"""What stands below or beside a request and may add headers: hooks, auth objects, adapters, overrides.

A client keeps its layers. Each request runs those that the project defines on a request object, so
that what they add is known; what the project does not decide leaves the request's headers open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint.project.model import ClassInfo
from procore_lint.values import (
    UNKNOWN,
    Client,
    Data,
    Function,
    Instance,
    Layer,
    Listing,
    Mapping,
    Parameter,
    Partial,
    Place,
    Prepared,
    Unknown,
    Value,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: The last step of a parameter that may hold a layer, for what that layer adds.
LAYER = "@layer"

#: The methods that the libraries call with a request, by the part that an object plays.
_METHODS = {
    "owner": ("prepare_request", "build_request", "send"),
    "auth": ("__call__", "auth_flow", "sync_auth_flow", "async_auth_flow", "sign_request"),
    "transport": (
        "add_headers", "send", "handle_request", "handle_async_request", "http_request", "https_request",
    ),
    "hook": ("__call__",),
    "middleware": ("__call__",),
    "trace": ("__call__",),
    "compliance": ("__call__",),
}  # fmt: skip
#: Parts that send what they are given: the request itself is noted where the project calls.
_SENDING = frozenset({"owner", "transport", *_METHODS["owner"]})
#: Libraries whose own objects know nothing of Procore.
_NEUTRAL = frozenset(
    """requests httpx aiohttp urllib urllib2 urllib3 http requests_toolbelt requests_oauthlib requests_cache
    requests_ratelimiter requests_auth httpx_auth httpx_retries httpx_cache hishel aiohttp_retry authlib
    oauthlib cachecontrol logging abc typing object ABC Generic Protocol dlt singer_sdk airbyte_cdk tenacity
    """.split()
)


def of_object(info: ClassInfo) -> bool:
    """Whether a client class of the project overrides what its library calls for each request."""
    return any(info.find(name) is not None for name in _METHODS["owner"])


def added(
    machine: Machine, layers: list[Layer], method: Value, url: Value, body: list[Value], place: Place
) -> list[Value]:
    """The mappings that `layers` add headers to; undecided values for those that are not known."""
    if not layers or machine.in_layer:
        return []
    request = Prepared("layer", place, method, url, Mapping(place), body[0] if body else None)
    found: list[Value] = [request.headers]
    machine.fresh[id(request.headers)] = request.headers
    for layer in layers:
        for member in members(layer.value):
            found.extend(_of(machine, layer.role, member, request))
    return list({id(value): value for value in found}.values())


def _of(machine: Machine, role: str, value: Value, request: Prepared) -> Iterator[Value]:
    if isinstance(value, (Function, Partial)):
        yield from _run(machine, role, value, request, role)
    elif isinstance(value, Instance):
        names = [name for name in _METHODS.get(role, ()) if value.info.find(name) is not None]
        for name in names:
            method = value.info.find(name)
            assert method is not None
            yield from _run(machine, role, Function(method, method.scope, value), request, name)
        if not names and not all(is_neutral(base) for base in value.info.ancestors()):
            yield UNKNOWN
    elif isinstance(value, Listing):
        for item in value.items if role != "auth" else ():
            for member in members(item):
                yield from _of(machine, role, member, request)
    elif isinstance(value, Mapping):
        yield from _of_mapping(machine, role, value, request)
    elif isinstance(value, Client):
        for name in ("on_request_start", "on_request_headers_sent"):
            if name in value.attributes:
                yield from _of(machine, role, value.attributes[name], request)
    elif isinstance(value, Parameter):
        held = machine.injected(value)
        for member in held:
            yield from _of(machine, role, member, request)
        if not held:
            yield Parameter(value.function, value.name, (*value.path, LAYER))
    elif isinstance(value, (Unknown, Data)) and not (isinstance(value, Unknown) and is_neutral(value.hint)):
        yield UNKNOWN


def _of_mapping(machine: Machine, role: str, value: Mapping, request: Prepared) -> Iterator[Value]:
    """Hooks by the event that they wait for; transports by the urls that they serve."""
    wanted = [e for key, e in value.entries.items() if role != "hook" or key == "request"]
    for entry in wanted:
        for member in members(entry):
            yield from _of(machine, role, member, request)
    for spread in value.spreads:
        for member in members(spread):
            yield from _of(machine, role, member, request)
    if value.open:
        yield UNKNOWN


def is_neutral(name: str) -> bool:
    """Whether a dotted name is that of a library which knows nothing of Procore."""
    return name.partition(".")[0] in _NEUTRAL


def _run(
    machine: Machine, role: str, target: Function | Partial, request: Prepared, name: str
) -> Iterator[Value]:
    """Run one layer on `request`; the headers of what it gives instead."""
    running = isinstance(target, Function) and any(f.function is target.info for f in machine.stack)
    if running or machine.is_spent():
        yield UNKNOWN
        return
    args = _arguments(role, request, name)
    result = _sent(machine, target, args) if role in _SENDING else machine.call(target, args)
    if name in ("prepare_request", "build_request"):
        yield from (m.headers if isinstance(m, Prepared) else UNKNOWN for m in members(result))
    elif role == "compliance":
        for member in members(result):
            if isinstance(member, Listing) and member.exact and len(member.items) > 1:
                yield member.items[1]


def _sent(machine: Machine, target: Function | Partial, args: list[Value]) -> Value:
    machine.in_layer = True
    try:
        return machine.mutely(lambda: machine.call(target, args))
    finally:
        machine.in_layer = False


def _arguments(role: str, request: Prepared, name: str) -> list[Value]:
    if name == "build_request":
        return [request.method, request.url]
    if role == "middleware":
        return [request, UNKNOWN]
    if role == "trace":
        return [UNKNOWN, UNKNOWN, request]
    if role == "compliance":
        return [request.url, request.headers, UNKNOWN]
    return [request]
