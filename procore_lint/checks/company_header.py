"""PCL201: requests to the REST API that cannot carry Procore-Company-Id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, step
from procore_lint.checks.header_cases import Case, defects
from procore_lint.finding import Fix, Step
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.headers import NO, OPEN, UNKNOWN
from procore_lint.project.program import Program
from procore_lint.repairs.advice import advice
from procore_lint.values import Place, Text

RULE = "missing-company-header"
_HEADER = "Procore-Company-Id"


class _Mending:
    """What fixes and helps are found with; loaded with the first defect."""

    def __init__(self, program: Program, lacking: frozenset[Place]) -> None:
        self._program = program
        self._lacking = lacking

    @cached_property
    def _carriers(self) -> repairs.carriers.Carriers:
        return repairs.carriers.Carriers(self._program, self._lacking)

    @cached_property
    def fitting(self) -> repairs.fitting.Fitting:
        return repairs.fitting.Fitting(self._carriers)

    @cached_property
    def renames(self) -> repairs.misnamed.Renames:
        return repairs.misnamed.Renames(self._carriers)


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """One defect at a request that no path gives the header, or at each caller that leaves it out."""
    sites: dict[Place, list[Case]] = defaultdict(list)
    for request in program.trail.requests:
        if program.is_mocked(request.chain[0].module):
            continue
        sites[request.place].append(_case(program, request, context))
    lacking = frozenset(
        place for place, cases in sites.items() if any(case.state == NO and case.wanted for case in cases)
    )
    mending = _Mending(program, lacking)
    seen: set[tuple[str, str, str, str]] = set()
    for place in sorted(sites):
        for case, blamed in defects(program, sites[place]):
            request = case.request
            # A retry of the same request in the same function is the same defect.
            key = (_spot(case, blamed), _template(request), request.verb, _shape(request))
            if key in seen:
                continue
            seen.add(key)
            yield _draft(mending, case, blamed)


def _case(program: Program, request: Request, context: Context) -> Case:
    found = headers.presence(request.headers, context.header_names, request.moment)
    state = found.state
    if state == OPEN and all(program.bindings.is_left_out(parameter) for parameter in found.parameters):
        state = NO
    if state == NO and (request.open or request.library in program.machine.patched):
        state = UNKNOWN
    kinds = program.kinds(request)
    wanted = "rest" in kinds or ("exempt" in kinds and program.grants.has_client_credentials)
    return Case(request, state, wanted, tuple(c.call for c in request.chain))


def _spot(case: Case, blamed: Place) -> str:
    for caller in case.request.chain:
        if caller.call == blamed or (caller.call is None and case.request.place == blamed):
            return f"{blamed.path}:{caller.function.qualname if caller.function else ''}"
    return blamed.path


def _template(request: Request) -> str:
    return request.url.template if isinstance(request.url, Text) else repr(type(request.url))


def _shape(request: Request) -> str:
    return ",".join(sorted(key.lower() for key, _ in headers.keys(request.headers)))


def _draft(mending: _Mending, case: Case, blamed: Place) -> Draft:
    request = case.request
    frame = next((c for c in request.chain if c.call == blamed), request.chain[-1])
    function = frame.function
    trace: list[Step] = []
    found = headers.mappings(request.headers)
    built = [m for m in found if m.entries]
    if built and built[0].place != blamed:
        trace.append(step(built[0].place, "headers built here, without Procore-Company-Id"))
    if blamed != request.place:
        trace.append(step(request.place, "sent here"))
    wrong = [(key, place) for key, place in headers.keys(request.headers) if _is_misnamed(key)]
    fix: Fix | None
    target = _described(request)
    if wrong:
        message = f"{target} sends a header named `{wrong[0][0]}` instead of `{_HEADER}`"
        trace.append(step(wrong[0][1], "the misnamed header"))
        fix = mending.renames.fix(request, *wrong[0])
        help_text = mending.renames.help_text(request, *wrong[0])
    else:
        message = f"{target} cannot carry the `{_HEADER}` header"
        if blamed != request.place:
            message = f"this call leaves out the `{_HEADER}` header of {target}"
        fix = repairs.headers.added(mending.fitting, request, blamed)
        by_hand = "" if fix is not None else repairs.header_help.by_hand(mending.fitting, request, blamed)
        help_text = advice(fix, blamed, by_hand)
    name = function.qualname if function else ""
    return Draft(RULE, blamed, message, help_text, tuple(trace), name, fix=fix)


def _is_misnamed(key: str) -> bool:
    if key.lower() == _HEADER.lower():
        return False  # the right one, set after the request is sent
    bare = key.lower().replace("-", "").replace("_", "")
    return bare in ("companyid", "procorecompany", "xprocorecompanyid", "procorecompanyid", "xcompanyid")


def _described(request: Request) -> str:
    url = request.url.template.replace("\0", "{}") if isinstance(request.url, Text) else ""
    path = url.partition("procore.com")[2] or url
    shown = " ".join(part for part in (request.verb, path.partition("?")[0]) if part)
    return f"`{shown}`" if shown else "this request"
