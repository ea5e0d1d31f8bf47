"""Request objects that are made first and sent later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from procore_lint.project.libraries import http, sending
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    Instance,
    Layer,
    Mapping,
    Nothing,
    Parameter,
    Prepared,
    Value,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def prepare(
    machine: Machine, library: str, client: Client | None, args: Args, kwargs: Kwargs, site: http.Site
) -> Value:
    headers = Mapping(site.place)
    if library == "urllib":
        order: tuple[str, ...] = ("url", "data", "headers", "origin_req_host", "unverifiable", "method")
    else:
        order = ("method", "url", "headers", "files", "data", "params", "auth")
    found = {**dict(zip(order, args, strict=False)), **kwargs}
    if "headers" in found:
        headers.spread(found["headers"])
    if client is not None:
        headers.spread(client.headers)
    if site.rest is not None:
        headers.spread(http.of_rest(site.rest, "headers"))
    method = found.get("method", literal("POST" if "data" in found else "GET", site.place))
    url = sending.with_base(client, found.get("url", UNKNOWN))
    body = found.get("json", found.get("data"))
    return Prepared(library, site.place, method, url, headers, body, found.get("auth"))


def method_of(
    machine: Machine, prepared: Prepared, name: str, args: Args, kwargs: Kwargs, site: http.Site
) -> Value | None:
    if name in ("add_header", "add_unredirected_header") and len(args) > 1:
        machine.set_item(prepared.headers, args[0], args[1], site.place)
        return NOTHING
    if name in ("prepare", "copy"):
        return prepared
    return UNKNOWN


def sent(
    machine: Machine, value: Value, client: Client | None, site: http.Site, carried: Iterable[Value] = ()
) -> Value:
    answers = []
    for member in members(value):
        if isinstance(member, Prepared):
            headers: list[Value] = [member.headers, *carried]
            if client is not None and client.library == "httpx":
                headers.append(client.headers)
            auth = [a for a in (member.auth, client.auth if client else None) if a is not None]
            body = [member.body] if member.body is not None else []
            answers.append(
                sending.emit(
                    machine, site, member.library, member.method, member.url, headers, client, body, auth
                )
            )
        elif isinstance(member, Parameter):
            machine.asked(member)  # callers say which request it is
    return join(answers) if answers else UNKNOWN


def sent_by_unknown(machine: Machine, request: Prepared, site: http.Site) -> Value:
    """A request object handed to an opener that is not decided: it may have headers of its own."""
    return sent(machine, request, None, site, [UNKNOWN])


def is_own(layer: Layer) -> bool:
    return any(isinstance(member, Instance) for member in members(layer.value))


def opened(machine: Machine, opener: Client | None, args: Args, kwargs: Kwargs, site: http.Site) -> Value:
    """A request through an opener, which has headers and handlers of its own, or through the installed."""
    carried: list[Value] = [machine.installed if opener is None else opener.headers]
    target = args[0] if args else kwargs.get("url", kwargs.get("fullurl", UNKNOWN))
    answers = []
    for member in members(target):
        if isinstance(member, Prepared):
            answers.append(sent(machine, member, opener, site, carried))
        elif not isinstance(member, Nothing):
            verb = "POST" if len(args) > 1 or "data" in kwargs else "GET"
            method = literal(verb, site.place)
            answers.append(sending.emit(machine, site, "urllib", method, member, carried, opener, [], []))
    return join(answers) if answers else UNKNOWN
