"""Whether an id in reach of a place may be written down there for the requests that its headers go to."""

from __future__ import annotations

from functools import cached_property

from procore_lint import facts, repairs
from procore_lint.project.events import Request
from procore_lint.repairs.carriers import Carried, Carriers
from procore_lint.repairs.code import assignments, function_at, in_header
from procore_lint.repairs.company import Company
from procore_lint.repairs.fields import kept_as
from procore_lint.repairs.ways import is_passed_by, left_out
from procore_lint.values import Mapping, Place


class Fitting:
    """What holds of the ids at a program's places; each is asked once, however many requests share it."""

    def __init__(self, carriers: Carriers) -> None:
        self.carriers = carriers
        self._program = carriers.program
        self._fits: dict[tuple[Place, Place | None, str], bool] = {}
        self._stale: dict[tuple[Place, str], bool] = {}
        self._passed_by: dict[tuple[Place, Place], bool] = {}
        self._left_out: dict[Place, dict[Place | None, Mapping | None]] = {}

    # Each is loaded when the first id is in reach: most findings have none.

    @cached_property
    def _meanings(self) -> repairs.meanings.Meanings:
        return repairs.meanings.Meanings(self._program, self.carriers.companies)

    @cached_property
    def _outliving(self) -> repairs.outliving.Outliving:
        return repairs.outliving.Outliving()

    @cached_property
    def _set_outside(self) -> repairs.set_outside.SetOutside:
        return repairs.set_outside.SetOutside(self._program)

    def fits(self, place: Place, carried: Place | None, company: Company, sent: Carried) -> bool:
        """Whether the id at `place` is that of every request's company: those that name one name this one,
        and what is written down once stays true. `carried` is where the headers are made, None for a call's
        own."""
        key = (place, carried, company.name)
        if key not in self._fits:
            self._fits[key] = (
                _is_named_so(company, sent)
                and all(self.is_meant(request, company, place) for request in sent.requests)
                and not (carried is not None and self._is_stale(place, company))
                and self._stays(place, company, sent)
            )
        return self._fits[key]

    def is_meant(self, request: Request, company: Company, place: Place) -> bool:
        """Whether the id that is in reach of a place is the one that a request names, if it names any."""
        named = self.carriers.companies.owners.given_companies(request)
        return not named or self._meanings.are_same(request, company, place)

    def is_passed_by(self, place: Place, made: Place, sent: Carried) -> bool:
        """Whether some way from where headers are made to their requests passes by what stands at `place`."""
        key = (place, made)
        if key not in self._passed_by:
            module = self._program.modules[place.path]
            self._passed_by[key] = is_passed_by(module, place, made, sent.requests)
        return self._passed_by[key]

    def is_overwritten(self, request: Request, carried: Place | None) -> bool:
        """Whether an auth object or a hook replaces the headers that a request gets from a place."""
        instead = self._program.machine.overwritten.get(request.place)
        return instead is not None and carried not in instead

    def left_out(self, made: Place, sent: Carried) -> dict[Place | None, Mapping | None]:
        """What the requests are sent with instead of what is made at `made`, by place; None for nothing."""
        if made not in self._left_out:
            self._left_out[made] = {
                instead.place if instead is not None else None: instead
                for request in sent.requests
                for instead in left_out(request, made)
            }
        return self._left_out[made]

    def may_hold(self, place: Place, carried: Place) -> bool:
        """Whether headers made at a place, and sent from `carried`, may hold the id in reach there."""
        company = self.carriers.companies.at(place)
        if company is None:
            return True
        return not self._is_stale(place, company) and self._stays(place, company, self.carriers.of(carried))

    def may_say(self, request: Request, place: Place) -> bool:
        """Whether headers that are made at a place can say the company of a request, as far as we know."""
        if in_header(self._program.modules[place.path], place):
            return False
        company = self.carriers.companies.at(place)
        return company is None or self.is_meant(request, company, place)

    def _stays(self, place: Place, company: Company, sent: Carried) -> bool:
        """Whether an id that an object's headers are made with is its company's while they are sent."""
        function = function_at(self._program.modules[place.path], place)
        owner = function.owner if function is not None else None
        if function is None or owner is None:
            return True
        last = company.name.rpartition(".")[2]
        kept = [last] if "." in company.name else kept_as(function, last)
        fields = self.carriers.companies.fields(owner)
        if all(fields.is_fixed(name) and not self._set_outside.may_set(owner, name) for name in kept):
            return True
        return all(request.function is function for request in sent.requests)

    def _is_stale(self, place: Place, company: Company) -> bool:
        """Whether headers that are made at a place are kept for requests of other companies."""
        key = (place, company.name)
        if key not in self._stale:
            module = self._program.modules[place.path]
            for statement in assignments(module, module.node.body, place):
                target = statement.targets[0]
                if statement.span == tuple(place.span) and isinstance(target, facts.Item):
                    place = module.place(target.span)
            function = function_at(module, place)
            self._stale[key] = self._outliving.is_stale(module, function, place, company.name)
        return self._stale[key]


def _is_named_so(company: Company, sent: Carried) -> bool:
    last = company.name.rpartition(".")[2]
    return all(any(code.rpartition(".")[2] == last for code in named) for named in sent.named)
