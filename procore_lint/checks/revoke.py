"""PCL103: /oauth/revoke called with the access token."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, symbol, way
from procore_lint.project.events import Request
from procore_lint.project.program import Program
from procore_lint.values import Data, Hole, Mapping, Parameter, Place, Text, Unknown, Value, members

RULE = "revoke-access-token"


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Revocations whose `token` comes from an access token."""
    for request in program.trail.requests:
        if not program.is_oauth(request) or program.is_mocked(request.chain[0].module):
            continue
        if not any(isinstance(v, Text) and "oauth/revoke" in v.template for v in program.urls(request)):
            continue
        if any(_is_access_token(value) for value in _tokens(request)):
            yield Draft(
                RULE,
                _written_at(program, request),
                "the access token is sent to /oauth/revoke; only refresh tokens are to be revoked there",
                repairs.tokens.revocation(request),
                way(request),
                symbol(request),
            )


def _written_at(program: Program, request: Request) -> Place:
    """The call in which the path is written, where a wrapper sends it."""
    for value in program.urls(request):
        offset = value.template.find("oauth/revoke") if isinstance(value, Text) else -1
        piece = value.piece_at(offset) if isinstance(value, Text) and offset >= 0 else None
        for caller in request.chain:
            call = caller.call
            if piece is None or call is None or call.path != piece.place.path:
                continue
            if call.span.line <= piece.place.span.line <= call.span.end_line:
                return call
    return request.place


def _tokens(request: Request) -> Iterator[Value]:
    if "token" in request.arguments:  # `session.revoke_token(url, token=...)` of an OAuth library
        yield request.arguments["token"]
    for body in request.body:
        for member in members(body):
            if isinstance(member, Mapping) and "token" in member.entries:
                yield member.entries["token"]


def _is_access_token(value: Value) -> bool:
    names: list[str] = []
    for member in members(value):
        if isinstance(member, (Data, Parameter)):
            names.append((member.path or (getattr(member, "name", ""),))[-1])
        elif isinstance(member, Unknown):
            names.append(member.hint.rpartition(".")[2])
        elif isinstance(member, Text) and len(member.parts) == 1 and isinstance(member.parts[0], Hole):
            return _is_access_token(member.parts[0].value)  # what is left of "Bearer ..."
        elif isinstance(member, Text) and member.parts:
            return False
    return bool(names) and all("access" in name.lower() for name in names if name) and any(names)
