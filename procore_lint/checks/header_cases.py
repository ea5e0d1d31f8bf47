"""Which calls of a request's site leave the company's header out: the request, or callers of its wrapper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project import urls
from procore_lint.project.events import Request
from procore_lint.project.headers import NO, OPEN, UNKNOWN, YES
from procore_lint.project.model import ClassInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import expression, keyword
from procore_lint.values import Place, Text, members


class Case(msgspec.Struct):
    """A request as one chain of calls shows it."""

    request: Request
    state: str
    wanted: bool  # the url needs the header
    calls: tuple[Place | None, ...]


def defects(program: Program, cases: list[Case]) -> Iterator[tuple[Case, Place]]:
    """The cases of one call site that are defects, each with the place to blame."""
    cases = _as_calls_show(_of_made(cases))
    own = _concrete([case for case in cases if len(case.calls) == 1]) or _nearest(cases)
    states = {case.state for case in own}
    closed = bool(own) and OPEN not in states and UNKNOWN not in states
    if closed and YES not in states:
        for case in cases:
            if case.wanted:
                yield case, case.request.place
                return
        if any("open" in program.kinds(case.request) for case in own) and _points_at_api(program, own):
            yield own[0], own[0].request.place
        return
    if own and YES in states and OPEN not in states:
        yield from _by_heir(own, cases)
        yield from _by_condition(own, cases)
        return
    by_calls: dict[tuple[Place | None, ...], set[str]] = defaultdict(set)
    for case in cases:
        by_calls[case.calls].add(case.state)
    deciding = [
        case
        for case in cases
        if len(case.calls) > 1 and _decides(case, by_calls) and not _is_of_wrapper(case)
    ]
    needing = _needing(cases)
    missing = [
        (case if case.wanted else needing[case.calls])
        for case in deciding
        if case.state == NO and (case.wanted or case.calls in needing)
    ]
    supplied = [case for case in deciding if case.state == YES]
    if not missing:
        return
    if not supplied:  # what an undecided caller brings does not mend the others
        yield missing[0], missing[0].request.place
        return
    blamed: set[Place] = set()
    known = {case.calls for case in deciding}
    for case in missing:
        start = next(i for i in range(len(case.calls)) if case.calls[i:] in known)
        place = case.calls[_making(case, start, supplied)]
        if place is not None and place not in blamed:
            blamed.add(place)
            yield case, place


def _making(case: Case, start: int, supplied: list[Case]) -> int:
    """The frame, from `start` on, that makes the headers which it passes: what calls it has no part in them.

    It need not decide by itself: the client on which it calls may be what its callers bring.
    """
    for frame in range(len(case.calls) - 2, start, -1):
        call, caller = case.calls[frame], case.request.chain[frame]
        node = expression(caller.module, call) if call is not None else None
        given = keyword(node, "headers") if isinstance(node, facts.Call) else None
        if given is None or caller.function is None:
            return start
        params = {param.name for param in caller.function.inside.params}
        if not isinstance(given, facts.Name) or given.id not in params:
            way = case.calls[frame:]
            return start if any(other.calls[-len(way) :] == way for other in supplied) else frame
    return start


def _needing(cases: list[Case]) -> dict[tuple[Place | None, ...], Case]:
    """Ways on which callers further out ask for what needs the header, each with such a case.

    Where one function leaves the header out and its callers say the url, it is that function which decides.
    """
    lacking = [case for case in cases if case.state == NO and case.wanted]
    return {case.calls[start:]: case for case in reversed(lacking) for start in range(1, len(case.calls) - 1)}


def _nearest(cases: list[Case]) -> list[Case]:
    """The shortest ways to the request of a function in a function, if none of them gives the header."""
    shortest = min(len(case.calls) for case in cases)
    nearest = [case for case in cases if len(case.calls) == shortest]
    return nearest if all(case.state == NO for case in nearest) else []


def _concrete(own: list[Case]) -> list[Case]:
    """Without the cases of a base class that nobody makes objects of, where its heirs have theirs."""
    bases = {
        case.request.root.receiver
        for case in own
        if (owner := _owner(case)) is not None and owner.subclasses and not owner.created
    }
    kept = [case for case in own if case.request.root.receiver not in bases]
    return kept or own


def _of_made(cases: list[Case]) -> list[Case]:
    """Without what such a base class sends through functions in whose place heirs send it, each its own."""
    ways = [(id(case.request.root.function), case.request.root.receiver) for case in cases]
    bases = {
        way
        for way, case in zip(ways, cases, strict=True)
        if len(case.calls) > 1
        and (owner := _owner(case)) is not None
        and owner.subclasses
        and not owner.created
    }
    if not bases:
        return cases
    heirs = {function for function, receiver in ways if (function, receiver) not in bases}
    return [case for way, case in zip(ways, cases, strict=True) if way not in bases or way[0] not in heirs]


def _as_calls_show(cases: list[Case]) -> list[Case]:
    """Cases with what the project's calls say of the objects that functions are handed.

    A run of a function by itself takes a parameter's default, or any object of the class that annotates
    it. A call that hands over one which brings the header shows that callers decide; and where one call
    may get either of two objects, it is not proven to lack what one of them brings.
    """
    supplied = [case for case in cases if case.state == YES]
    if not supplied or len(supplied) == len(cases):
        return cases
    told = {
        (case.calls[i:], case.request.chain[i].on) for case in supplied for i in range(1, len(case.calls))
    }
    either = {(case.calls, case.request.root.receiver, case.request.url) for case in supplied}
    shown: list[Case] = []
    for case in cases:
        if case.state == NO and (case.calls, case.request.chain[0].on) in told:
            case = Case(case.request, OPEN, case.wanted, case.calls)
        if case.state != NO or (case.calls, case.request.root.receiver, case.request.url) not in either:
            shown.append(case)
    return shown


def _owner(case: Case) -> ClassInfo | None:
    function = case.request.root.function
    owner = function.owner if function else None
    return owner if owner is not None and owner.id == case.request.root.receiver else None


def _by_heir(own: list[Case], cases: list[Case]) -> Iterator[tuple[Case, Place]]:
    """A method that some classes' objects give the header and others never do: the others miss it.

    Where callers say which resource it is, each class is judged by what is asked of its own objects.
    """
    supplied = {case.request.root.receiver for case in own if case.state == YES}
    lacking = [case for case in own if case.state == NO and case.request.root.receiver not in supplied]
    for case in lacking:
        if case.wanted and _names_resource(case.request):
            yield case, case.request.place
            return
    heirs = {case.request.root.receiver for case in lacking}
    blamed: set[Place] = set()
    for case in cases:
        on, place = case.request.chain[-1].on, case.calls[0]
        if on is None or on.id not in heirs or place is None or place in blamed:
            continue
        if case.state == NO and case.wanted and _names_resource(case.request):
            blamed.add(place)
            yield case, place


def _by_condition(own: list[Case], cases: list[Case]) -> Iterator[tuple[Case, Place]]:
    """A method that gives the header where its callers bring the company: calls that never do miss it."""
    if {case.state for case in own} != {YES}:
        return
    by_calls: dict[tuple[Place | None, ...], set[str]] = defaultdict(set)
    for case in cases:
        by_calls[case.calls].add(case.state)
    if not any(states == {YES} for calls, states in by_calls.items() if len(calls) > 1):
        return
    blamed: set[Place] = set()
    for case in cases:
        if case.state != NO or not case.wanted or not _names_resource(case.request):
            continue
        # The frame nearest to the request from which on nothing gives the header any more.
        deciding = [i for i in range(len(case.calls)) if by_calls.get(case.calls[i:]) == {NO}]
        place = case.calls[deciding[-1]] if deciding else None
        if place is not None and place not in blamed:
            blamed.add(place)
            yield case, place


def _names_resource(request: Request) -> bool:
    """Whether the request itself, its callers apart, says which resource of the API it is for."""
    for value in members(request.url):
        parts = urls.segments(urls.address(value).path) if isinstance(value, Text) else ()
        if len(parts) > 2 and parts[2] is not None:
            return True
    return False


def _is_of_wrapper(case: Case) -> bool:
    """Whether a case is that of the decorated function by itself, its decorator passing on what it gets."""
    request = case.request
    return (
        case.state == OPEN
        and request.root.function is not None
        and request.chain[0].function is not request.root.function
        and request.chain[-1].function is request.root.function
    )


def _decides(case: Case, by_calls: dict[tuple[Place | None, ...], set[str]]) -> bool:
    """Whether the outermost frame of a case is the first that decides the header."""
    for start in range(1, len(case.calls)):
        states = by_calls.get(case.calls[start:])
        if states and OPEN not in states and UNKNOWN not in states:
            return False
    return True


def _points_at_api(program: Program, own: list[Case]) -> bool:
    """Whether a request with an open path has Procore's API host as its base.

    Where the same call asks for tokens, its other urls are those of tokens as well.
    """
    if any("oauth" in program.kinds(case.request) for case in own):
        return False
    for case in own:
        for value in program.urls(case.request) if "open" in program.kinds(case.request) else ():
            if not isinstance(value, Text):
                continue
            host, _, base = urls.on_base(value)
            if host and urls.is_procore(host) and not urls.is_storage(host):
                return True
            if base is not None and any(name in program.rest_bases for name in urls.identity(base)):
                return True
    return False
