"""Where the texts of a program go: the hosts of the requests that each literal becomes a part of."""

from __future__ import annotations

from collections import defaultdict

from procore_lint.project import urls
from procore_lint.project.events import Trail
from procore_lint.values import Piece, Place, Text, members


class Destinations:
    """The hosts of requests by the places of their urls' literals, as the program sends them.

    Parameters are not filled in: one by one they would mix what different callers pass.
    """

    def __init__(self, trail: Trail) -> None:
        self._hosts: dict[Place, set[str]] = defaultdict(set)
        for request in trail.requests:
            for value in members(request.url):
                host = urls.address(value).host if isinstance(value, Text) else ""
                if isinstance(value, Text) and host:
                    for part in value.parts:
                        if isinstance(part, Piece):
                            self._hosts[part.place].add(host)

    def is_of_another(self, place: Place) -> bool:
        """Whether the literal at `place` goes to other hosts, and to none of Procore's."""
        hosts = self._hosts.get(place, ())
        return bool(hosts) and not any(urls.is_procore(host) or "\0" in host for host in hosts)
