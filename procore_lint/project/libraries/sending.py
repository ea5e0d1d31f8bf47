"""Requests as events: where each goes, with all that may add a header to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from procore_lint.project import urls
from procore_lint.project.events import Request
from procore_lint.project.headers import COMPANY, NO, YES, presence
from procore_lint.project.libraries import http, layers, own_server, prepared, routes
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    Data,
    External,
    Hole,
    Layer,
    Mapping,
    Nothing,
    Parameter,
    Piece,
    Prepared,
    Response,
    Text,
    Unknown,
    Value,
    concat,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def send(
    machine: Machine,
    library: str,
    client: Client | None,
    method: Value,
    args: Args,
    kwargs: Kwargs,
    site: http.Site,
) -> Value:
    """A request through a library's function or client; the url is the first argument left."""
    url = args[0] if args else kwargs.get("url", UNKNOWN)
    if not args and "url" not in kwargs and site.rest is not None:
        url = http.of_rest(site.rest, "url")
    headers: list[Value] = []
    if "headers" in kwargs:
        headers.append(kwargs["headers"])
    elif library == "urllib3" and len(args) > 3:
        headers.append(args[3])
    elif library in ("httplib2",) and len(args) > 2:
        headers.append(args[2])
    if site.rest is not None and "headers" not in kwargs:  # a second `headers` would be an error
        headers.append(http.of_rest(site.rest, "headers"))
    if client is not None:
        headers.append(client.headers)
    auth = [kwargs["auth"]] if "auth" in kwargs else []
    if client is not None and client.auth is not None:
        auth.append(client.auth)
    body = [kwargs[k] for k in ("data", "json", "body", "fields", "content", "params") if k in kwargs]
    if len(args) > 1 and library == "requests":
        body.append(args[1])
    if isinstance(url, Prepared):
        return prepared.sent(machine, url, client, site)
    return emit(machine, site, library, method, with_base(client, url), headers, client, body, auth, kwargs)


def sends(target: External) -> bool:
    """Whether a library's function or a client's method sends what it is called with."""
    if target.receiver is not None:
        return isinstance(target.receiver, Client)
    return target.name.rpartition(".")[0] in http.MODULES or target.name in http.OPENERS


def is_link_name(value: Parameter | Unknown) -> bool:
    """Whether an undecided value's name says that it is a whole url."""
    last = value.hint.rpartition(".")[2] if isinstance(value, Unknown) else (*value.path[-1:], value.name)[0]
    return last.lower().endswith(("url", "link", "href", "location"))


def with_base(client: Client | None, url: Value) -> Value:
    """A url as a client sends it: below its base, where it is not whole."""
    if client is None or isinstance(client.base_url, Nothing) or client.library in ("http.client",):
        return url
    results: list[Value] = []
    for member in members(url):
        if isinstance(member, Text) and re.match(r"https?://", member.template):
            results.append(member)
            continue
        if isinstance(member, Data) or (isinstance(member, (Parameter, Unknown)) and is_link_name(member)):
            results.append(member)
            continue
        base: Value = client.base_url
        if isinstance(member, Text):
            if not member.template.startswith("/"):
                base = join(
                    b
                    if isinstance(b, Text) and b.template.endswith("/")
                    else concat(b, literal("/", client.place))
                    for b in members(base)
                )
            else:
                base = join(_unslashed(b) for b in members(base))
        results.append(concat(base, member))
    return join(results)


def _unslashed(value: Value) -> Value:
    from procore_lint.project import strings

    return strings.trimmed(value) if isinstance(value, Text) else value


def emit(
    machine: Machine,
    site: http.Site,
    library: str,
    method: Value,
    url: Value,
    headers: list[Value],
    client: Client | None,
    body: list[Value],
    auth: list[Value],
    arguments: Kwargs | None = None,
) -> Value:
    """Record one request for each url that it may go to; the value is the answer."""
    answers: list[Value] = []
    passed = [Layer("auth", value) for value in auth]
    if client is not None and client.layers:
        passed.extend(client.layers)
    extra = layers.added(machine, passed, method, url, body, site.place)
    where = machine.where(site.place)
    guards, loops = tuple(machine.guards), tuple(machine.loops)
    carried = (*map(_same, headers), *(_signature(value, 2) for value in body))
    run = machine.stack[-1].sent
    verb = method.plain if isinstance(method, Text) else method
    for target in _distinct(url):
        if own_server.is_started(machine, target):
            routes.note(machine, [target])
            answers.append(UNKNOWN)
            continue
        # A retry, or another branch of the same body that sends the same, is the same request.
        alike = (machine.trail, verb, target, *carried, *auth, *guards, loops)
        request = run.get(alike)
        if request is None:
            # Loops and second runs meet the same request again: it stays one event.
            key = (where[0], where[1].key, tuple(c.call for c in where[2]), method, target, *carried)
            request = machine.sent.get(key)
            if request is None:
                request = Request(
                    *where, library, method, target, (*headers, *extra), client, tuple(body), tuple(auth),
                    client.open if client is not None else False, dict(arguments or {}), guards, loops,
                    machine.now(),
                )  # fmt: skip
                machine.sent[key] = request
                machine.trail.requests.append(request)
            else:
                _bring(request, headers)
            run[alike] = request
        answers.append(Response(request))
    return join(answers)


def _bring(request: Request, headers: list[Value]) -> None:
    """Note that a request may carry what another object brings, or may bring, to the same call."""
    old, new = presence(request.headers, COMPANY).state, presence(headers, COMPANY).state
    if old != new and (old == NO or new == YES):
        request.headers = (*request.headers, *headers)


def _distinct(url: Value) -> tuple[Value, ...]:
    """The urls that a request may go to, those that say most first, not all of a wide choice.

    With or without a query behind it, a url is the same.
    """
    options = urls.settled(url)
    if len(options) > 1:
        texts = {m.parts for m in options if isinstance(m, Text)}
        options = tuple(m for m in options if not (isinstance(m, Text) and _bare(m) in texts))
    if len(options) <= 4:
        return options
    told = sorted(options, key=lambda m: -len(m.template) if isinstance(m, Text) else 0)
    return tuple(told[:4])


def _bare(text: Text) -> tuple[Piece | Hole, ...] | None:
    """The parts of a url in front of its query, where a piece of its own begins that."""
    for position, part in enumerate(text.parts):
        if isinstance(part, Piece) and part.text.startswith("?"):
            return text.parts[:position]
    return None


#: What a loop over several tokens takes them from.
_HELD = (Data, Parameter, Unknown)


def _signature(value: Value, depth: int) -> object:
    """What tells one body from another: constant texts under its keys, and which token it gives back."""
    parts: list[object] = []
    for member in members(value):
        if isinstance(member, Mapping) and depth:
            parts.extend((key, _signature(entry, depth - 1)) for key, entry in member.entries.items())
            parts.extend(m for m in members(member.entries.get("token", NOTHING)) if isinstance(m, _HELD))
        elif isinstance(member, Text):
            parts.append(member)
    return tuple(parts)


def _same(value: Value) -> object:
    """What makes two header values the same for one request site: their places, or themselves."""
    return tuple(m.place if isinstance(m, Mapping) else m for m in members(value))
