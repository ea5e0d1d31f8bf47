"""The HTTP libraries that Python integrations use, as effects: clients made, headers set, requests sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from procore_lint import facts
from procore_lint.project.libraries import prepared, records, sending
from procore_lint.project.libraries.registries import BLUEPRINTS, REGISTRIES, registered, registry_method
from procore_lint.project.libraries.sessions import LIKE_REQUESTS, SESSIONS
from procore_lint.project.model import Args, Frame, Kwargs
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    Data,
    External,
    Instance,
    Layer,
    Listing,
    Mapping,
    Nothing,
    Parameter,
    Place,
    Prepared,
    Response,
    Text,
    Unknown,
    Value,
    concat,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


class Site(msgspec.Struct, frozen=True):
    """Where a call stands: its frame and place, an undecided spread, and the call itself."""

    frame: Frame
    place: Place
    rest: Value | None = None
    node: facts.Call | None = None


_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})

_CLIENTS = {
    "requests.Session": "requests", "requests.session": "requests", "requests.sessions.Session": "requests",
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
    **SESSIONS,
    "urllib.request.build_opener": "opener", "urllib2.build_opener": "opener",
    "urllib.request.OpenerDirector": "opener", "aiohttp.TraceConfig": "trace",
    **dict.fromkeys(REGISTRIES, "registry"), **dict.fromkeys(BLUEPRINTS, "blueprint"),
    "dlt.sources.helpers.rest_client.RESTClient": "dlt",
    "dlt.sources.helpers.rest_client.client.RESTClient": "dlt",
}  # fmt: skip
MODULES = {
    "requests": "requests", "requests.api": "requests", "httpx": "httpx", "niquests": "requests",
    "aiohttp": "aiohttp", "urllib3": "urllib3", "grequests": "requests", **LIKE_REQUESTS,
}  # fmt: skip
_PREPARED = {
    "requests.Request": "requests", "requests.models.Request": "requests", "httpx.Request": "httpx",
    "urllib.request.Request": "urllib", "urllib2.Request": "urllib",
}  # fmt: skip
OPENERS = frozenset({"urllib.request.urlopen", "urllib2.urlopen"})
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
    return Listing(Place("", 1, 1, 1, 1), [], "openers")


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
        if client.library == "oauth":
            records.record(machine, name, None, args, kwargs, site)
        return client
    module, _, verb = name.rpartition(".")
    library = MODULES.get(module)
    if library is not None and verb in _VERBS:
        return sending.send(machine, library, None, literal(verb.upper(), site.place), args, kwargs, site)
    if library is not None and verb in ("request", "stream") and (args or kwargs or site.rest is not None):
        method = args[0] if args else kwargs.get("method", of_rest(site.rest or UNKNOWN, "method"))
        return sending.send(machine, library, None, method, args[1:], kwargs, site)
    if name in _PREPARED:
        return prepared.prepare(machine, _PREPARED[name], None, args, kwargs, site)
    if name in OPENERS:
        return prepared.opened(machine, None, args, kwargs, site)
    if name in _INSTALLERS and args:
        machine.changed(machine.installed)
        for member in members(args[0]):
            plain = isinstance(member, Client) and not any(prepared.is_own(layer) for layer in member.layers)
            machine.installed.items.append(member if plain else UNKNOWN)
        return NOTHING
    if name in _RETRIEVERS and (args or "url" in kwargs):
        url = args[0] if args else kwargs["url"]
        carried: list[Value] = [] if name.startswith("wget") else [machine.installed]
        return sending.emit(machine, site, "urllib", literal("GET", site.place), url, carried, None, [], [])
    return None


def configure(machine: Machine, client: Client, args: Args, kwargs: Kwargs, site: Site) -> None:
    """Apply a client's constructor arguments."""
    headers = kwargs.get("headers")
    if client.library == "urllib3" and len(args) > 1:
        headers = args[1]
    if headers is not None:
        client.headers.spread(headers)
    if client.library == "blueprint":
        session = registered(machine, kwargs.get("base_url"), site.place)
        session.open = "session_class" in kwargs or site.rest is not None
        client.attributes["session"] = session
        return
    if client.library == "dlt":
        client.open = "session" in kwargs
        if len(args) > 1:
            client.headers.spread(args[1])
    if "base_url" in kwargs:
        client.base_url = kwargs["base_url"]
    elif client.library in _BASED and args:
        client.base_url = args[0]
    elif client.library in ("http.client", "pool") and (args or "host" in kwargs):
        client.base_url = concat(literal("https://", site.place), args[0] if args else kwargs["host"])
    if "session_attrs" in kwargs:  # dlt's: they are set on the session, its headers among them
        client.open = True
    if "auth" in kwargs:
        client.auth = kwargs["auth"]
    client.layers.extend(Layer(role, kwargs[name]) for name, role in _LAYERS.items() if name in kwargs)
    if client.library == "opener":
        client.layers.extend(Layer("transport", handler) for handler in args)
    if "app" in kwargs and client.library == "httpx":  # the application itself answers
        client.layers.append(Layer("transport", Unknown("httpx.ASGITransport()")))
    if site.rest is not None and not isinstance(site.rest, Nothing):
        client.open = True
        client.headers.spread(of_rest(site.rest, "headers"))


def of_rest(rest: Value, name: str) -> Value:
    if isinstance(rest, Parameter):
        return Parameter(rest.function, rest.name, (*rest.path, name))
    return UNKNOWN


#: Libraries whose clients take a base url first (httpx's own take no argument without its name).
_BASED = frozenset({"aiohttp", "dlt", "httpx"})
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
    if type(receiver) is Client and name.startswith("<client>."):
        return _client_method(machine, receiver, name[9:], args, kwargs, site)
    if type(receiver) is Prepared and name.startswith("<prepared>."):
        return prepared.method_of(machine, receiver, name[11:], args, kwargs, site)
    if type(receiver) is Response:
        return _response_method(machine, receiver, name.rpartition(".")[2], args, kwargs)
    if name.startswith("<super>.") and type(receiver) is Instance and receiver.client is not None:
        return _client_method(machine, receiver.client, name[8:], args, kwargs, site)
    return None


#: What changes a client itself, and so what its later requests carry.
_CHANGING = frozenset({"__init__", "mount", "add_handler", "register_compliance_hook", "putrequest"})


def _client_method(
    machine: Machine, client: Client, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value | None:
    if name in _CHANGING:
        machine.changed(client)
    if name in ("__init__",):
        configure(machine, client, args, kwargs, site)
        return NOTHING
    if name in _VERBS:
        return sending.send(
            machine, client.library, client, literal(name.upper(), site.place), args, kwargs, site
        )
    if name == "paginate" and client.library == "dlt":
        method = kwargs.get("method", args[1] if len(args) > 1 else literal("GET", site.place))
        paths = args[:1] or [kwargs.get("path", UNKNOWN)]
        return sending.send(machine, "dlt", client, method, paths, kwargs, site)
    if name in ("request", "_request", "stream", "urlopen", "request_encode_url", "request_encode_body"):
        if client.library == "httplib2":
            method = kwargs.get("method", args[1] if len(args) > 1 else literal("GET", site.place))
            return sending.send(machine, "httplib2", client, method, args[:1] + args[2:], kwargs, site)
        if client.library == "http.client":
            return _connection(machine, client, args, kwargs, site)
        method = args[0] if args else kwargs.get("method", of_rest(site.rest or UNKNOWN, "method"))
        return sending.send(machine, client.library, client, method, args[1:], kwargs, site)
    if name == "putrequest" and args:
        client.headers = Mapping(site.place)  # `putheader` fills it: not later than the request
        machine.fresh[id(client.headers)] = client.headers
        return _connection(machine, client, args[:2], {}, site)
    if client.library == "registry":
        return registry_method(machine, client, name, args, kwargs, site.place)
    if name == "open" and client.library == "opener":
        return prepared.opened(machine, client, args, kwargs, site)
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
        return sending.emit(
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
        request = args[0]
        if isinstance(request, Prepared):
            request.headers.spread(client.headers)
        return request
    if name == "build_request":
        return prepared.prepare(machine, client.library, client, args, kwargs, site)
    if name == "send" and args:
        return prepared.sent(machine, args[0], client, site)
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
    answer = sending.emit(machine, site, "http.client", method, url, carried, client, body, [])
    machine.answers[id(client)] = answer
    return answer


def _response_method(machine: Machine, response: Response, name: str, args: Args, kwargs: Kwargs) -> Value:
    response.request.parsed = response.request.parsed or name == "json"
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
