"""Authenticators of extraction frameworks: what these make of the lifetimes that a project names.

Airbyte calls `refresh_access_token`, and keeps the second of the pair as the token's life. singer_sdk takes
`default_expiration` where the answer of `auth_endpoint` has no `expires_in`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project import attributes, silence
from procore_lint.project.events import Arithmetic, Caller, Fallback, Stored
from procore_lint.project.libraries import http, sending
from procore_lint.project.model import Args, ClassInfo, Kwargs
from procore_lint.project.walk import walk
from procore_lint.values import (
    UNKNOWN,
    Data,
    Deadline,
    Function,
    Listing,
    Now,
    Number,
    Place,
    Response,
    Value,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

DEFAULT = "default_expiration"
_AIRBYTE = regex(r"\Aairbyte_cdk\.(?:\w+\.)*\w*Oauth2Authenticator\Z")
_SINGER = regex(r"\Asinger_sdk\.(?:\w+\.)*OAuth\w*Authenticator\Z")
_REFRESH = "refresh_access_token"


def run(machine: Machine, classes: list[ClassInfo]) -> None:
    """Refresh the tokens of Airbyte's authenticators among `classes`, as the framework does."""
    for info in classes:
        asked = _REFRESH in info.methods and info.find("get_access_token") is None
        if asked and any(_AIRBYTE.match(name) for name in info.ancestors()):
            _refresh(machine, info)


def _refresh(machine: Machine, info: ClassInfo) -> None:
    method = info.methods[_REFRESH]
    with machine.on_behalf_of(info):
        bound = Function(method, method.scope, machine.symbol(info))
        pair = machine.mutely(lambda: machine.invoke(bound, [], {}))
        place, root, _ = machine.where(method.module.place(method.span))
        chain = (Caller(method.module, method, None, info),)
        for life in _seconds(pair):
            kept = Arithmetic(life.place, root, chain, Now(), life, "now")
            machine.trail.arithmetic.append(kept)
            deadline = Deadline(Now(), life, life.place)
            machine.trail.stored.append(Stored(place, root, chain, "token_expiry_date", deadline))


def _seconds(pair: Value) -> list[Number]:
    """The constants that stand as the life in pairs of a token and its life (a refresh token may follow).

    Where another way leads to what the answer says, the constant is a fallback, of which other code tells.
    """
    pairs = [m for m in members(pair) if isinstance(m, Listing) and m.exact and 2 <= len(m.items) <= 3]
    return [m.items[1] for m in pairs if isinstance(m.items[1], Number)]


def given(machine: Machine, info: ClassInfo, args: Args, kwargs: Kwargs, site: http.Site) -> None:
    """Note the lifetime that an authenticator of singer_sdk is made with, where its class uses that."""
    if not any(_SINGER.match(name) for name in info.ancestors()) or not _is_used(info):
        return
    endpoint = kwargs.get("auth_endpoint", args[1] if len(args) > 1 else UNKNOWN)
    if info.find("auth_endpoint") is not None:
        endpoint = attributes.get(machine, machine.symbol(info), "auth_endpoint", None, None)
    post = literal("POST", site.place)
    # The framework asks for the token later: no request leaves here.
    answer = machine.mutely(lambda: sending.emit(machine, site, "stream", post, endpoint, [], None, [], []))
    where = machine.where(_written_at(site))
    for response in members(answer):
        if isinstance(response, Response):
            source = Data(response.request, (silence.KEY,))
            machine.trail.fallbacks.append(Fallback(*where, source, silence.KEY, kwargs[DEFAULT]))


def _is_used(info: ClassInfo) -> bool:
    """Whether the class asks for tokens in the framework's way, or reads the default in its own."""
    own = info.find("update_access_token")
    if own is None:
        return True
    return any(isinstance(n, facts.Attr) and n.name.lstrip("_") == DEFAULT for n, _ in walk(own.inside.body))


def _written_at(site: http.Site) -> Place:
    """Where the argument stands in the call."""
    for arg in site.node.args if site.node is not None else ():
        span: facts.SpanT | None = getattr(arg.value, "span", None)
        if arg.name == DEFAULT and span is not None:
            return site.frame.module.place(span)
    return site.place
