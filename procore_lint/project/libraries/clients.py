"""What a client or an answer shows by its attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import attributes
from procore_lint.values import (
    NOTHING,
    Client,
    Data,
    External,
    Layer,
    Listing,
    Mapping,
    Response,
    Value,
)

if TYPE_CHECKING:
    pass

NAMES = frozenset(
    """get post put patch delete head options request send stream headers auth base_url prepare_request
    build_request urlopen putheader putrequest endheaders getresponse mount close fetch_token refresh_token
    ws_connect paginate params cookies verify authorization_url request_encode_url request_encode_body
    _request event_hooks register_compliance_hook
    """.split()
)


def of_client(obj: Client, name: str) -> Value:
    if name == "headers":
        return obj.headers
    if name in ("base_url", "_base_url"):
        return obj.base_url
    if name == "auth":
        return obj.auth or NOTHING
    if name == "session" and obj.library in ("dlt", "requests"):
        return obj  # which dlt's clients send through
    if name in obj.attributes:
        return obj.attributes[name]
    if name in attributes.VERBS and "request" in obj.attributes:
        return attributes.with_verb(obj.attributes["request"], name, obj.place)
    if name == "event_hooks" and obj.library in ("httpx", "oauth"):
        return _event_hooks(obj)
    if obj.library == "trace" and name.startswith("on_"):
        obj.attributes[name] = Listing(obj.place, [], "list")
        return obj.attributes[name]
    if name == "addheaders" and obj.library == "opener":
        added = Listing(obj.place, [], "list", exact=True)
        obj.headers.spread(added)
        return added
    return External(f"<client>.{name}", obj)


def _event_hooks(client: Client) -> Mapping:
    """The lists that hooks may be added to."""
    given = tuple([layer.value for layer in client.layers if layer.role == "hook"])
    hooks = Mapping(client.place, spreads=given)
    for event in ("request", "response"):
        hooks.put(event, Listing(client.place, [], "list"), client.place)
    client.attributes["event_hooks"] = hooks
    client.layers.append(Layer("hook", hooks))
    return hooks


def of_response(obj: Response, name: str) -> Value:
    if name in ("text", "content", "data", "body", "stdout"):
        return Data(obj.request)
    if name == "headers":
        return Data(obj.request, ("@headers",))
    if name in ("links", "history", "url", "next"):
        return Data(obj.request, (f"@{name}",))
    return External(f"<response>.{name}", obj)
