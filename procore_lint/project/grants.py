"""The client_credentials grants of a program: where they are named, and whether they are asked of Procore."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from procore_lint.project.events import Request
from procore_lint.project.sightings import GRANT, Sighting
from procore_lint.values import Mapping, Piece, Place, Text, Value, members

if TYPE_CHECKING:
    from procore_lint.project.program import Program


class Grants:
    """Whose accounts a program asks for tokens with."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @cached_property
    def has_client_credentials(self) -> bool:
        """Whether the project asks for tokens with the client_credentials grant, even as one mode."""
        return any(True for _ in self.literals())

    def literals(self) -> Iterator[Sighting]:
        """What names the client_credentials grant in modules about Procore: texts, and classes."""
        for sighting in self._program.sightings:
            if (sighting.text == GRANT or f"grant_type={GRANT}" in sighting.text) and self._is_procore_grant(
                sighting
            ):
                yield sighting

    def _is_procore_grant(self, sighting: Sighting) -> bool:
        """Whether the grant goes to Procore: by the requests that carry it, else by what is near."""
        module = self._program.modules[sighting.place.path]
        if module.path in self._program.machine.mocked:
            return False
        carried = self._grant_requests.get(sighting.place)
        if carried:
            return any(self._program.is_oauth(request) for request in carried)
        if not self._program.is_procore(module):
            return False
        near = [r for r in self._program.trail.requests if r.module is module and _is_oauthlike(r)]
        return not near or any(self._program.is_oauth(request) for request in near)

    @cached_property
    def _grant_requests(self) -> dict[Place, list[Request]]:
        """The requests that carry each grant literal."""
        found: dict[Place, list[Request]] = defaultdict(list)
        for request in self._program.trail.requests:
            for place in _grants_in(request.body, 3):
                found[place].append(request)
            if request.library == "curl" and isinstance(request.url, Text):
                for part in request.url.parts:
                    if isinstance(part, Piece):
                        found[part.place].append(request)
        return found

    @cached_property
    def names_dmsa(self) -> bool:
        """Whether the project speaks of Developer Managed Service Accounts."""
        words = ("dmsa", "developer managed", "developer-managed")
        return any(word in info.source.marks for info in self._program.modules.values() for word in words)


def _grants_in(values: Iterable[Value], limit: int) -> Iterator[Place]:
    for value in values:
        for member in members(value):
            if isinstance(member, Text):
                for part in member.parts:
                    if isinstance(part, Piece) and GRANT in part.text:
                        yield part.place
            elif isinstance(member, Mapping) and limit:
                yield from _grants_in((*member.entries.values(), *member.spreads), limit - 1)


def _is_oauthlike(request: Request) -> bool:
    return any(isinstance(m, Text) and "oauth" in m.template for m in members(request.url))
