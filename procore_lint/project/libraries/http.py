"""The HTTP libraries that Python integrations use, as effects: clients made, headers set, requests sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.finding import Span
from procore_lint.project import urls
from procore_lint.project.events import Request
from procore_lint.project.libraries import layers
from procore_lint.project.libraries.registries import BLUEPRINTS, REGISTRIES, registered, registry_method
from procore_lint.project.model import Frame
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    Data,
    External,
    Hole,
    Instance,
    Layer,
    Listing,
    Mapping,
    Nothing,
    Parameter,
    Piece,
    Place,
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

Args = list[Value]
Kwargs = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a call stands: its frame and place, an undecided spread, and the call itself."""

    frame: Frame
    place: Place
    rest: Value | None = None
    node: facts.Call | None = None


_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})

_CLIENTS = {
    "requests.Session": "requests", "requests.session": "requests", "requests.sessions.Session": "requests",
    "requests_cache.CachedSession": "requests", "requests_html.HTMLSession": "requests",
    "requests_futures.sessions.FuturesSession": "requests", "cloudscraper.create_scraper": "requests",
    "requests_toolbelt.sessions.BaseUrlSession": "httpx",
    "requests_oauthlib.OAuth2Session": "oauth", "authlib.integrations.requests_client.OAuth2Session": "oauth",
    "authlib.integrations.httpx_client.OAuth2Client": "oauth",
    "authlib.integrations.httpx_client.AsyncOAuth2Client": "oauth",
    "oauthlib.oauth2.Session": "oauth",
    "httpx.Client": "httpx", "httpx.AsyncClient": "httpx",
    "aiohttp.ClientSession": "aiohttp", "aiohttp.client.ClientSession": "aiohttp",
    "urllib3.PoolManager": "urllib3", "urllib3.ProxyManager": "urllib3",
    "urllib3.HTTPSConnectionPool": "pool", "urllib3.connectionpool.HTTPSConnectionPool": "pool",
    "urllib3.connection_from_url": "pool",
    "http.client.HTTPSConnection": "http.client", "http.client.HTTPConnection": "http.client",
    "httplib2.Http": "httplib2", "httplib.HTTPSConnection": "http.client",
    "niquests.Session": "requests",
    "urllib.request.build_opener": "opener", "urllib2.build_opener": "opener",
    "urllib.request.OpenerDirector": "opener", "aiohttp.TraceConfig": "trace",
    **dict.fromkeys(REGISTRIES, "registry"), **dict.fromkeys(BLUEPRINTS, "blueprint"),
    "dlt.sources.helpers.rest_client.RESTClient": "dlt",
    "dlt.sources.helpers.rest_client.client.RESTClient": "dlt",
}  # fmt: skip
_MODULES = {
    "requests": "requests", "requests.api": "requests", "httpx": "httpx", "niquests": "requests",
    "aiohttp": "aiohttp", "urllib3": "urllib3", "grequests": "requests",
}  # fmt: skip
_PREPARED = {
    "requests.Request": "requests", "requests.models.Request": "requests", "httpx.Request": "httpx",
    "urllib.request.Request": "urllib", "urllib2.Request": "urllib",
}  # fmt: skip
_OPENERS = frozenset({"urllib.request.urlopen", "urllib2.urlopen", "six.moves.urllib.request.urlopen"})
_INSTALLERS = frozenset({"urllib.request.install_opener", "urllib2.install_opener"})
_RETRIEVERS = frozenset({"urllib.request.urlretrieve", "urllib.urlretrieve", "wget.download"})


def new_client(name: str, place: Place) -> Client | None:
    """A fresh client where `name` is the dotted name of a session or client class."""
    library = _CLIENTS.get(name)
    if library is None:
        return None
    client = Client(library, place, NOTHING, Mapping(place))
    if library == "oauth":
        client.headers.put("Authorization", UNKNOWN, place)
    return client


def no_openers() -> Listing:
    """The openers behind `urlopen`, before the project installs any: whichever it does may add headers."""
    return Listing(Place("", Span(1, 1, 1, 1)), [], "openers")


def call(machine: Machine, target: External, args: Args, kwargs: Kwargs, site: Site) -> Value | None:
    """What a library's function does; None where it has nothing to do with HTTP."""
    name = target.name
    if target.receiver is not None:
        return _method(machine, target, args, kwargs, site)
    client = new_client(name, site.place)
    if client is not None:
        machine.made(client)
        machine.made(client.headers)
        configure(machine, client, args, kwargs, site)
        return client
    module, _, verb = name.rpartition(".")
    library = _MODULES.get(module)
    if library is not None and verb in _VERBS:
        return send(machine, library, None, literal(verb.upper(), site.place), args, kwargs, site)
    if library is not None and verb in ("request", "stream") and (args or kwargs):
        method = args[0] if args else kwargs.get("method", UNKNOWN)
        return send(machine, library, None, method, args[1:], kwargs, site)
    if name in _PREPARED:
        return _prepare(machine, _PREPARED[name], None, args, kwargs, site)
    if name in _OPENERS:
        return _open(machine, None, args, kwargs, site)
    if name in _INSTALLERS and args:
        machine.changed(machine.installed)
        for member in members(args[0]):
            plain = isinstance(member, Client) and not any(_is_own(layer) for layer in member.layers)
            machine.installed.items.append(member if plain else UNKNOWN)
        return NOTHING
    if name in _RETRIEVERS and (args or "url" in kwargs):
        url = args[0] if args else kwargs["url"]
        carried: list[Value] = [] if name.startswith("wget") else [machine.installed]
        return emit(machine, site, "urllib", literal("GET", site.place), url, carried, None, [], [])
    return None


def configure(machine: Machine, client: Client, args: Args, kwargs: Kwargs, site: Site) -> None:
    """Apply a client's constructor arguments."""
    headers = kwargs.get("headers")
    if client.library == "urllib3" and len(args) > 1:
        headers = args[1]
    if headers is not None:
        client.headers.spreads.append(headers)
    if client.library == "blueprint":
        session = registered(machine, kwargs.get("base_url"), site.place)
        session.open = "session_class" in kwargs or site.rest is not None
        client.attributes["session"] = session
        return
    if client.library == "dlt":
        client.open = "session" in kwargs
        if len(args) > 1:
            client.headers.spreads.append(args[1])
    if "base_url" in kwargs:
        client.base_url = kwargs["base_url"]
    elif client.library in ("aiohttp", "dlt") and args:
        client.base_url = args[0]
    elif client.library in ("http.client", "pool") and (args or "host" in kwargs):
        client.base_url = concat(literal("https://", site.place), args[0] if args else kwargs["host"])
    if "auth" in kwargs:
        client.auth = kwargs["auth"]
    client.layers.extend(Layer(role, kwargs[name]) for name, role in _LAYERS.items() if name in kwargs)
    if client.library == "opener":
        client.layers.extend(Layer("transport", handler) for handler in args)
    if site.rest is not None and not isinstance(site.rest, Nothing):
        client.open = True
        client.headers.spreads.append(_of_rest(site.rest, "headers"))


def _of_rest(rest: Value, name: str) -> Value:
    if isinstance(rest, Parameter):
        return Parameter(rest.function, rest.name, (*rest.path, name))
    return UNKNOWN


#: Arguments of a client's constructor that hold something which each request passes.
_LAYERS = {
    "event_hooks": "hook",
    "transport": "transport",
    "mounts": "transport",
    "middlewares": "middleware",
    "trace_configs": "trace",
}


def _method(machine: Machine, target: External, args: Args, kwargs: Kwargs, site: Site) -> Value | None:
    receiver = target.receiver
    name = target.name
    if isinstance(receiver, Client) and name.startswith("<client>."):
        return _client_method(machine, receiver, name[9:], args, kwargs, site)
    if isinstance(receiver, Prepared) and name.startswith("<prepared>."):
        return _prepared_method(machine, receiver, name[11:], args, kwargs, site)
    if isinstance(receiver, Response):
        return _response_method(machine, receiver, name.rpartition(".")[2], args, kwargs)
    if name.startswith("<super>.") and isinstance(receiver, Instance) and receiver.client is not None:
        return _client_method(machine, receiver.client, name[8:], args, kwargs, site)
    return None


def _client_method(
    machine: Machine, client: Client, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value | None:
    if name in ("__init__",):
        configure(machine, client, args, kwargs, site)
        return NOTHING
    if name in _VERBS:
        return send(machine, client.library, client, literal(name.upper(), site.place), args, kwargs, site)
    if name == "paginate" and client.library == "dlt":
        method = kwargs.get("method", args[1] if len(args) > 1 else literal("GET", site.place))
        paths = args[:1] or [kwargs.get("path", UNKNOWN)]
        return send(machine, "dlt", client, method, paths, kwargs, site)
    if name in ("request", "_request", "stream", "urlopen", "request_encode_url", "request_encode_body"):
        if client.library == "httplib2":
            method = kwargs.get("method", args[1] if len(args) > 1 else literal("GET", site.place))
            return send(machine, "httplib2", client, method, args[:1] + args[2:], kwargs, site)
        if client.library == "http.client":
            return _connection(machine, client, args, kwargs, site)
        method = args[0] if args else kwargs.get("method", UNKNOWN)
        return send(machine, client.library, client, method, args[1:], kwargs, site)
    if name == "putrequest" and args:
        client.headers = Mapping(site.place)  # `putheader` fills it: not later than the request
        machine.fresh[id(client.headers)] = client.headers
        return _connection(machine, client, args[:2], {}, site)
    if client.library == "registry":
        return registry_method(machine, client, name, args, kwargs, site.place)
    if name == "open" and client.library == "opener":
        return _open(machine, client, args, kwargs, site)
    if name == "register_compliance_hook" and len(args) > 1:
        kind = args[0].plain if isinstance(args[0], Text) else None
        if kind in (None, "protected_request"):
            client.layers.append(Layer("compliance", args[1]))
        return NOTHING
    if name == "putheader" and len(args) > 1:
        machine.set_item(client.headers, args[0], args[1], site.place)
        return NOTHING
    if name == "getresponse":
        return machine.answers.get(id(client), UNKNOWN)
    if name in ("fetch_token", "refresh_token", "revoke_token") and (args or kwargs):
        url = args[0] if args else kwargs.get("token_url", kwargs.get("url", UNKNOWN))
        return emit(
            machine,
            site,
            client.library,
            literal("POST", site.place),
            url,
            [],
            None,
            list(kwargs.values()),
            [],
            kwargs if name == "revoke_token" else None,
        )
    if name in ("prepare_request",) and args:
        prepared = args[0]
        if isinstance(prepared, Prepared):
            prepared.headers.spreads.append(client.headers)
        return prepared
    if name == "build_request":
        return _prepare(machine, client.library, client, args, kwargs, site)
    if name == "send" and args:
        return _send_prepared(machine, args[0], client, site)
    if name == "mount" and len(args) > 1:
        client.layers.append(Layer("transport", args[1]))
        return NOTHING
    if name == "add_handler" and args:
        client.layers.append(Layer("transport", args[0]))
        return NOTHING
    if name in ("__enter__", "__aenter__"):
        return client
    return UNKNOWN


def _connection(machine: Machine, client: Client, args: Args, kwargs: Kwargs, site: Site) -> Value:
    method = args[0] if args else kwargs.get("method", UNKNOWN)
    path = args[1] if len(args) > 1 else kwargs.get("url", UNKNOWN)
    body = [args[2]] if len(args) > 2 else [kwargs["body"]] if "body" in kwargs else []
    headers = args[3] if len(args) > 3 else kwargs.get("headers", NOTHING)
    url = concat(client.base_url, path)
    carried = [headers, client.headers]
    answer = emit(machine, site, "http.client", method, url, carried, client, body, [])
    machine.answers[id(client)] = answer
    return answer


def _prepare(
    machine: Machine, library: str, client: Client | None, args: Args, kwargs: Kwargs, site: Site
) -> Value:
    headers = Mapping(site.place)
    if library == "urllib":
        order: tuple[str, ...] = ("url", "data", "headers", "origin_req_host", "unverifiable", "method")
    else:
        order = ("method", "url", "headers", "files", "data", "params", "auth")
    found = {**dict(zip(order, args, strict=False)), **kwargs}
    if "headers" in found:
        headers.spreads.append(found["headers"])
    if client is not None:
        headers.spreads.append(client.headers)
    if site.rest is not None:
        headers.spreads.append(_of_rest(site.rest, "headers"))
    method = found.get("method", literal("POST" if "data" in found else "GET", site.place))
    url = with_base(client, found.get("url", UNKNOWN))
    body = found.get("json", found.get("data"))
    return Prepared(library, site.place, method, url, headers, body, found.get("auth"))


def _prepared_method(
    machine: Machine, prepared: Prepared, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value | None:
    if name in ("add_header", "add_unredirected_header") and len(args) > 1:
        machine.set_item(prepared.headers, args[0], args[1], site.place)
        return NOTHING
    if name in ("prepare", "copy"):
        return prepared
    return UNKNOWN


def _send_prepared(
    machine: Machine, value: Value, client: Client | None, site: Site, carried: Iterable[Value] = ()
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
                emit(machine, site, member.library, member.method, member.url, headers, client, body, auth)
            )
    return join(answers) if answers else UNKNOWN


def sent_by_unknown(machine: Machine, request: Prepared, site: Site) -> Value:
    """A request object handed to an opener that is not decided: it may have headers of its own."""
    return _send_prepared(machine, request, None, site, [UNKNOWN])


def _is_own(layer: Layer) -> bool:
    return any(isinstance(member, Instance) for member in members(layer.value))


def _open(machine: Machine, opener: Client | None, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A request through an opener, which has headers and handlers of its own, or through the installed."""
    carried: list[Value] = [machine.installed if opener is None else opener.headers]
    target = args[0] if args else kwargs.get("url", kwargs.get("fullurl", UNKNOWN))
    answers = []
    for member in members(target):
        if isinstance(member, Prepared):
            answers.append(_send_prepared(machine, member, opener, site, carried))
        elif not isinstance(member, Nothing):
            verb = "POST" if len(args) > 1 or "data" in kwargs else "GET"
            method = literal(verb, site.place)
            answers.append(emit(machine, site, "urllib", method, member, carried, opener, [], []))
    return join(answers) if answers else UNKNOWN


def send(
    machine: Machine,
    library: str,
    client: Client | None,
    method: Value,
    args: Args,
    kwargs: Kwargs,
    site: Site,
) -> Value:
    """A request through a library's function or client; the url is the first argument left."""
    url = args[0] if args else kwargs.get("url", UNKNOWN)
    if not args and "url" not in kwargs and site.rest is not None:
        url = _of_rest(site.rest, "url")
    headers: list[Value] = []
    if "headers" in kwargs:
        headers.append(kwargs["headers"])
    elif library == "urllib3" and len(args) > 3:
        headers.append(args[3])
    elif library in ("httplib2",) and len(args) > 2:
        headers.append(args[2])
    if site.rest is not None and "headers" not in kwargs:  # a second `headers` would be an error
        headers.append(_of_rest(site.rest, "headers"))
    if client is not None:
        headers.append(client.headers)
    auth = [kwargs["auth"]] if "auth" in kwargs else []
    if client is not None and client.auth is not None:
        auth.append(client.auth)
    body = [kwargs[k] for k in ("data", "json", "body", "fields", "content", "params") if k in kwargs]
    if len(args) > 1 and library == "requests":
        body.append(args[1])
    if isinstance(url, Prepared):
        return _send_prepared(machine, url, client, site)
    return emit(machine, site, library, method, with_base(client, url), headers, client, body, auth, kwargs)


def _is_link_name(value: Parameter | Unknown) -> bool:
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
        if isinstance(member, Data) or (isinstance(member, (Parameter, Unknown)) and _is_link_name(member)):
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
    site: Site,
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
    for target in _distinct(url):
        # A retry, or another branch of the same body that sends the same, is the same request.
        alike = (id(machine.trail), method, target, *carried, *auth, *map(id, guards), loops)
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
            run[alike] = request
        answers.append(Response(request))
    return join(answers)


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


def _signature(value: Value, depth: int) -> object:
    """What tells one body from another: constant texts under its keys."""
    parts: list[object] = []
    for member in members(value):
        if isinstance(member, Mapping) and depth:
            parts.extend((key, _signature(entry, depth - 1)) for key, entry in member.entries.items())
        elif isinstance(member, Text):
            parts.append(member)
    return tuple(parts)


def _same(value: Value) -> object:
    """What makes two header values the same for one request site: their places, or themselves."""
    return tuple(m.place if isinstance(m, Mapping) else m for m in members(value))


def _response_method(machine: Machine, response: Response, name: str, args: Args, kwargs: Kwargs) -> Value:
    if name in ("json", "read", "text", "content", "aread", "iter_content", "iter_lines", "decode"):
        return Data(response.request)
    if name in ("raise_for_status", "close"):
        return response
    if name in ("getheader", "get_header") and args and isinstance(args[0], Text):
        return Data(response.request, ("@headers", args[0].plain or "[]"))
    if name in ("result", "__enter__", "__aenter__", "get"):
        return response
    if name == "communicate":  # of a process
        return Listing(response.request.place, [Data(response.request), UNKNOWN], "tuple")
    return UNKNOWN
