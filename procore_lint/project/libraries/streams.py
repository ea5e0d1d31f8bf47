"""Streams of extraction frameworks: classes and tables that say what to ask for, the framework asks.

singer_sdk and Airbyte read a url, a path and headers off a class; dlt reads them out of a dict. Each
such stream becomes the request that the framework will send for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.lazy import regex
from procore_lint.project import attributes, strings
from procore_lint.project.headers import COMPANY, NO, presence
from procore_lint.project.libraries import http, overrides, sending
from procore_lint.project.model import ClassInfo, Frame, FunctionInfo
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    External,
    Function,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Place,
    Text,
    Unknown,
    Value,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

_BASES = regex(r"\A(?:singer_sdk\.(?:\w+\.)*RESTStream|airbyte_cdk\.(?:\w+\.)*Http(?:Sub)?Stream)\Z")
#: A class that has one of these of its own sends, or makes, its requests in its own way.
_OWN_WAY = frozenset(
    """prepare_request build_prepared_request request_records get_records read_records requests_session
    _request _send_request _create_prepared_request _fetch_next_page get_url authenticate_request
    http_client get_http_client request_decorator
    """.split()
)
#: Authenticators that add the token's header and no other.
_TOKEN_ALONE = regex(
    r"\A(?:singer_sdk\.(?:\w+\.)*(?:BearerToken|BasicAuth|OAuth|OAuthJWT)\w*"
    r"|airbyte_cdk\.(?:\w+\.)*(?:TokenAuthenticator|Oauth2Authenticator|MultipleTokenAuthenticator))\b"
)


def is_stream(info: ClassInfo) -> bool:
    """Whether a class is a stream for which a framework sends the requests."""
    return any(_BASES.match(name) for name in info.ancestors())


def run(machine: Machine, classes: list[ClassInfo]) -> None:
    """Send what the frameworks send for the streams among `classes`."""
    streams = [info for info in classes if is_sent(info)]
    bodies = overrides.Bodies()
    for info in streams:
        if not info.subclasses or "path" in info.attributes or "path" in info.methods:
            with machine.on_behalf_of(info) as frame:
                _request(machine, info, place(info, streams), frame, bodies)


def _request(
    machine: Machine, info: ClassInfo, blamed: Place, frame: Frame, bodies: overrides.Bodies
) -> None:
    """The request that the framework sends for the stream `info`."""
    stream = machine.symbol(info)
    url = _url(machine, stream)
    if url is None:
        return
    own = _headers(machine, stream, bodies)
    headers = [*own, *_of_authenticator(machine, stream, bodies)]
    if presence(headers, COMPANY).state == NO and bodies.touch_session(info):
        headers.append(UNKNOWN)
    blamed = _origin(info, own) or blamed
    site = http.Site(frame, blamed)
    sending.emit(machine, site, "stream", literal("GET", blamed), url, headers, None, [], [])


def place(info: ClassInfo, alike: list[ClassInfo]) -> Place:
    """Where the headers of a stream are decided: its headers' definition, else the class.

    Where no stream (`alike`) of the base that names the url has any, the base decides.
    """
    method = _method(info)
    if method is not None:
        return method.module.place(method.span)
    base = url_base(info)
    if base is not None and all(not _has_headers(other) for other in alike if url_base(other) is base):
        return base.module.place(base.span)
    return info.module.place(info.span)


def _method(info: ClassInfo) -> FunctionInfo | None:
    return info.find("http_headers") or info.find("request_headers")


def _origin(info: ClassInfo, own: list[Value]) -> Place | None:
    """Where the base says what an override adds to: what both leave out is left out there, once.

    An override that may add what is not known says nothing of its base.
    """
    method = _method(info)
    if method is None or presence(own, frozenset()).state != NO:
        return None
    first = overrides.origin(info, method.name)
    return first.module.place(first.span) if first is not None else None


def _has_headers(info: ClassInfo) -> bool:
    names = ("http_headers", "request_headers", *_OWN_WAY)
    return any(info.find(name) is not None or info.attribute(name) is not None for name in names)


def url_base(info: ClassInfo) -> ClassInfo | None:
    """The class that names the url of a stream."""
    return next((c for c in info.line() if "url_base" in c.attributes or "url_base" in c.methods), None)


def is_sent(info: ClassInfo) -> bool:
    """Whether the framework sends requests for a class in the way that it is known to."""
    if not is_stream(info) or url_base(info) is None:
        return False
    if any(info.find(name) is not None and not overrides.leaves_alone(info, name) for name in _OWN_WAY):
        return False
    return info.find("path") is not None or info.attribute("path") is not None


def _read(machine: Machine, stream: Instance, name: str) -> Value:
    """An attribute, a property or what a method of that name gives."""
    value = attributes.get(machine, stream, name, None, None)
    methods = [m for m in members(value) if isinstance(m, Function)]
    return join(machine.invoke(m, [], {}, UNKNOWN) for m in methods) if methods else value


def _url(machine: Machine, stream: Instance) -> Value | None:
    base, path = _read(machine, stream, "url_base"), _read(machine, stream, "path")
    if not any(isinstance(m, Text) for m in members(path)):
        return None
    paths = [strings.formatted(machine, m, [], {}) for m in members(path) if isinstance(m, Text)]
    client = Client("stream", stream.place, base, Mapping(stream.place))
    return sending.with_base(client, join(paths))


def _headers(machine: Machine, stream: Instance, bodies: overrides.Bodies) -> list[Value]:
    names = ("http_headers", "request_headers")
    found = [
        _read(machine, stream, name)
        for name in names
        if stream.info.find(name) is not None or stream.info.attribute(name) is not None
    ]
    if "_http_headers" in stream.fields or stream.info.attribute("_http_headers") is not None:
        found.append(attributes.peek(machine, stream, "_http_headers"))
    elif bodies.name(stream.info, "_http_headers"):
        found.append(UNKNOWN)  # items put into the framework's own dict
    return found


def _of_authenticator(machine: Machine, stream: Instance, bodies: overrides.Bodies) -> list[Value]:
    """The headers that a stream's authenticator adds: the token's alone, or what the project says."""
    token = Mapping(stream.place)
    token.put("Authorization", UNKNOWN, stream.place)
    found: list[Value] = [token]
    given = stream.fields.get("authenticator", NOTHING)
    if stream.info.find("authenticator") is not None or stream.info.attribute("authenticator") is not None:
        given = _read(machine, stream, "authenticator")
    for member in members(given):
        if isinstance(member, Instance):
            found.extend(_of_own(machine, member))
        elif isinstance(member, (Unknown, External)):
            hint = member.hint if isinstance(member, Unknown) else member.name
            if not _TOKEN_ALONE.match(hint) or bodies.name(stream.info, "auth_headers"):
                found.append(UNKNOWN)
        elif not isinstance(member, Nothing):
            found.append(UNKNOWN)
    return found


def _of_own(machine: Machine, authenticator: Instance) -> list[Value]:
    info = authenticator.info
    if info.find(overrides.SIGNING) is not None:
        return overrides.signed(machine, authenticator)
    for name in ("auth_headers", "get_auth_header"):
        if info.find(name) is not None:
            return [_read(machine, authenticator, name)]
    own = [method for base in info.line() for method in base.methods.values()]
    return [UNKNOWN] if any(overrides.speaks_of(method, "headers") for method in own) else []


# ---------------------------------------------------------------- dlt


_TABLES = frozenset({"rest_api_source", "rest_api_resources"})


def by_dlt(
    machine: Machine, name: str, args: list[Value], kwargs: dict[str, Value], site: http.Site
) -> Value | None:
    """What dlt's declarative source or its `paginate` sends; None where `name` is something else."""
    if name == "dlt.sources.helpers.rest_client.paginate":
        client = Client("dlt", site.place, NOTHING, Mapping(site.place), open="session" in kwargs)
        for headers in args[2:3]:
            client.headers.spread(headers)
        method = kwargs.get("method", args[1] if len(args) > 1 else literal("GET", site.place))
        return sending.send(machine, "dlt", client, method, args[:1], kwargs, site)
    if name.rpartition(".")[2] not in _TABLES or not name.startswith(("dlt.", "rest_api")):
        return None
    for config in members(args[0] if args else kwargs.get("config", UNKNOWN)):
        if isinstance(config, Mapping):
            _of_config(machine, config, site)
    return Unknown(f"{name}()")


def _of_config(machine: Machine, config: Mapping, site: http.Site) -> None:
    given = config.entries.get("client", UNKNOWN)
    client = next((m for m in members(given) if isinstance(m, Mapping)), None)
    if client is None:
        return
    base = Client("dlt", client.place, client.entries.get("base_url", UNKNOWN), Mapping(client.place))
    shared = [*_entry(client, "headers"), *_defaults(config)]
    shared += [UNKNOWN for key in ("session", "auth") if not _adds_nothing(client.entries.get(key, NOTHING))]
    token = Mapping(client.place)
    token.put("Authorization", UNKNOWN, client.place)
    for resource in members(config.entries.get("resources", UNKNOWN)):
        for item in resource.items if isinstance(resource, Listing) else ():
            path, more = _endpoint(item)
            if path is not None:
                url = sending.with_base(base, path)
                headers = [*shared, *more, token]
                verb = literal("GET", site.place)
                sending.emit(machine, site, "dlt", verb, url, headers, None, [], [])


def _adds_nothing(value: Value) -> bool:
    """Whether a session or an authenticator in a table is dlt's own, which adds the token's header alone."""
    return all(
        isinstance(member, (Nothing, Mapping, Text))  # a table again, or a kind of token by its name
        or (isinstance(member, Unknown) and member.hint.startswith("dlt."))
        for member in members(value)
    )


def _entry(mapping: Mapping, key: str) -> list[Value]:
    if key in mapping.entries:
        return [mapping.entries[key]]
    return [UNKNOWN] if mapping.spreads or mapping.open else []


def _defaults(config: Mapping) -> list[Value]:
    found: list[Value] = []
    for member in members(config.entries.get("resource_defaults", NOTHING)):
        inner = member.entries.get("endpoint", NOTHING) if isinstance(member, Mapping) else member
        for endpoint in members(inner):
            if isinstance(endpoint, Mapping):
                found.extend(_entry(endpoint, "headers"))
            elif not isinstance(endpoint, Nothing):
                found.append(UNKNOWN)
    return found


def _endpoint(item: Value) -> tuple[Value | None, list[Value]]:
    """The path of a resource, and the headers that it has for itself."""
    if isinstance(item, Text):
        return item, []
    if not isinstance(item, Mapping):
        return None, []
    endpoint = item.entries.get("endpoint", item.entries.get("name"))
    if isinstance(endpoint, Mapping):
        return endpoint.entries.get("path", item.entries.get("name")), _entry(endpoint, "headers")
    return endpoint, []
