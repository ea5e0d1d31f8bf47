"""What every check is given and what it yields."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import msgspec

from procore_lint.catalog import Catalog
from procore_lint.finding import Fix, Severity, Step
from procore_lint.project.events import Event
from procore_lint.project.mocked import is_test
from procore_lint.project.program import Program
from procore_lint.values import Place

#: The header that Procore's regions page asks for, lower case.
COMPANY_HEADER = "procore-company-id"


class Context(msgspec.Struct, frozen=True):
    """What a run asks for: the day that it judges by, the rules that run, the user's own headers."""

    as_of: datetime.date
    rules: frozenset[str]
    company_headers: frozenset[str] = frozenset()
    report: frozenset[str] | None = None

    @property
    def header_names(self) -> frozenset[str]:
        """Names of headers that carry the company, lower case."""
        return frozenset({COMPANY_HEADER, *(name.lower() for name in self.company_headers)})


class Draft(msgspec.Struct, frozen=True):
    """A finding before the catalogue adds its code, severity and url."""

    rule: str
    place: Place
    message: str
    help: str
    trace: tuple[Step, ...] = ()
    symbol: str = ""
    severity: Severity | None = None
    url: str = ""
    fix: Fix | None = None


Check = Callable[[Program, Catalog, Context], Iterator[Draft]]


def is_made_up(written: Place, at: Place) -> bool:
    """Whether a test wrote down what code elsewhere works with: the program gets it from others."""
    return written.path != at.path and is_test(written.path) and not is_test(at.path)


def readable(value: float) -> str:
    """A number of seconds as people write it."""
    return f"{abs(value):.10g}"


def step(place: Place, message: str) -> Step:
    """A place as a step of a trace."""
    return Step(place.path, place.span, message)


def symbol(event: Event) -> str:
    """The qualified name of the definition that an event stands in."""
    return event.function.qualname if event.function else ""


def way(event: Event) -> tuple[Step, ...]:
    """The calls that lead to an event, outermost first."""
    return tuple(step(caller.call, "called here") for caller in event.chain[:-1] if caller.call is not None)
