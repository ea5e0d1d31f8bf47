"""Lives that are told to OAuth sessions: once `expires_in` of a token has passed, they ask for a new one."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint.project import urls
from procore_lint.project.events import Invocation
from procore_lint.project.program import Program
from procore_lint.values import NOTHING, Mapping, Number, Place, Text, members

#: requests_oauthlib's and authlib's.
_SESSIONS = frozenset({"OAuth2Session", "OAuth2Client", "AsyncOAuth2Client"})
_RENEWAL = ("auto_refresh_url", "token_endpoint")


def lives(program: Program) -> Iterator[tuple[Invocation, Place, float]]:
    """The constants in tokens that sessions are made with, where Procore renews those."""
    for call in program.trail.invocations:
        if call.name.rpartition(".")[2] not in _SESSIONS or program.is_mocked(call.module):
            continue
        token = call.kwargs.get("token", NOTHING)
        if not isinstance(token, Mapping) or not _asks_procore(call):
            continue
        life = token.entries.get("expires_in")
        # What else is put into it may say when it ends, and would be believed before this.
        is_whole = not token.spreads and not token.open and "expires_at" not in token.entries
        if is_whole and isinstance(life, Number):
            yield call, token.places.get("expires_in", call.place), life.value


def _asks_procore(call: Invocation) -> bool:
    given = [m for name in _RENEWAL for m in members(call.kwargs.get(name, NOTHING))]
    return any(isinstance(m, Text) and urls.is_procore(urls.address(m).host) for m in given)
