"""Which requests the headers in one mapping go out with, and whether all of these are Procore's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.program import Program
from procore_lint.values import Place

HEADER = "Procore-Company-Id"


class Carriers:
    """The requests of a program by the places of the mappings that carry their headers."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def of(self, place: Place) -> Sequence[Request]:
        """The requests whose headers come from the mapping that was made at `place`."""
        return self._requests.get(place, ())

    @cached_property
    def _requests(self) -> dict[Place, list[Request]]:
        found: dict[Place, list[Request]] = defaultdict(list)
        for request in self.program.trail.requests:
            for place in {mapping.place for mapping in headers.mappings(request.headers)}:
                found[place].append(request)
        return found


def goes_to_procore(program: Program, request: Request) -> bool:
    return all(kind in ("rest", "exempt") for kind in program.kinds(request))


def is_foreign(program: Program, request: Request) -> bool:
    """Whether a request is known to go to a host that is not Procore's, or to its login."""
    return any(kind in ("other", "oauth") for kind in program.kinds(request))
