"""OAuth registries of web frameworks: a client is registered under a name and asked for by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.values import NOTHING, UNKNOWN, Client, Mapping, Nothing, Place, Text, Value, join

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

REGISTRIES = (
    "authlib.integrations.starlette_client.OAuth",
    "authlib.integrations.flask_client.OAuth",
    "authlib.integrations.django_client.OAuth",
)
BLUEPRINTS = (
    "flask_dance.consumer.OAuth2ConsumerBlueprint",
    "flask_dance.consumer.oauth2.OAuth2ConsumerBlueprint",
)
#: Arguments of a registration that may bring what adds headers.
_SHAPING = frozenset({"compliance_fix", "client_cls"})


def registered(machine: Machine, base: Value | None, place: Place) -> Client:
    """The session of a registered client: it brings the token itself."""
    client = Client("oauth", place, NOTHING if base is None else base, Mapping(place))
    client.headers.put("Authorization", UNKNOWN, place)
    machine.made(client)
    return client


def registry_method(
    machine: Machine, registry: Client, name: str, args: list[Value], kwargs: dict[str, Value], place: Place
) -> Value:
    """`register(name, api_base_url=...)` and `create_client(name)`."""
    label = args[0] if args else kwargs.get("name", UNKNOWN)
    plain = label.plain if isinstance(label, Text) else None
    if plain is None:
        return UNKNOWN
    if name == "register":
        client = registered(machine, kwargs.get("api_base_url"), place)
        client.open = bool(_SHAPING & kwargs.keys())
        settings = kwargs.get("client_kwargs", NOTHING)
        if isinstance(settings, Mapping):
            client.headers.spread(settings.entries.get("headers", NOTHING))
            client.open = client.open or settings.open or bool(settings.spreads)
        elif not isinstance(settings, Nothing):
            client.open = True
        old = registry.attributes.get(plain)
        registry.attributes[plain] = client if old is None else join((old, client))
        machine.changed(registry)
        return client
    return registry.attributes.get(plain, UNKNOWN) if name == "create_client" else UNKNOWN
