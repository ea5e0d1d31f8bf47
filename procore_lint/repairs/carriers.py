"""Which requests the headers in one mapping go out with, and what is known of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.program import Program
from procore_lint.repairs.company import Companies
from procore_lint.repairs.expected import Expected
from procore_lint.values import Place

HEADER = "Procore-Company-Id"


class Carried:
    """The requests that go out with the same headers; what all of them have in common is found out once."""

    def __init__(self, carriers: Carriers, requests: Sequence[Request]) -> None:
        self.requests = requests
        self._carriers = carriers

    @cached_property
    def is_shared(self) -> bool:
        """Whether one of them is known to go to a host that is not Procore's, or to its login."""
        kinds = (kind for request in self.requests for kind in self._carriers.program.kinds(request))
        return any(kind in ("other", "oauth") for kind in kinds)

    @cached_property
    def is_procore(self) -> bool:
        """Whether all of them go to Procore's API."""
        kinds = (kind for request in self.requests for kind in self._carriers.program.kinds(request))
        return all(kind in ("rest", "exempt") for kind in kinds)

    @cached_property
    def covered(self) -> int:
        """At how many calls one of them lacks the header."""
        return len({request.place for request in self.requests} & self._carriers.lacking)

    @cached_property
    def named(self) -> frozenset[tuple[str, ...]]:
        """The code by which they name their companies, for each that names some."""
        return frozenset(filter(None, map(self._carriers.companies.owners.given_companies, self.requests)))


class Carriers:
    """The requests of a program by the places of the mappings that carry their headers.

    `lacking` are the places of the requests that lack the company's header.
    """

    def __init__(self, program: Program, lacking: frozenset[Place]) -> None:
        self.program = program
        self.lacking = lacking
        self.companies = Companies(program)
        self.expected = Expected(program)
        self._carried: dict[Place, Carried] = {}
        self._called: dict[Place, Carried] = {}

    def of(self, place: Place) -> Carried:
        """The requests whose headers come from the mapping that was made at `place`."""
        if place not in self._carried:
            self._carried[place] = Carried(self, self._requests.get(place, ()))
        return self._carried[place]

    def at_call(self, place: Place) -> Carried:
        """The requests that a call sends."""
        if place not in self._called:
            self._called[place] = Carried(self, self._sent.get(place, ()))
        return self._called[place]

    @cached_property
    def _sent(self) -> dict[Place, list[Request]]:
        found: dict[Place, list[Request]] = defaultdict(list)
        for request in self.program.trail.requests:
            found[request.place].append(request)
        return found

    @cached_property
    def _requests(self) -> dict[Place, list[Request]]:
        found: dict[Place, list[Request]] = defaultdict(list)
        for request in self.program.trail.requests:
            for place in {mapping.place for mapping in headers.mappings(request.headers)}:
                found[place].append(request)
        return found
