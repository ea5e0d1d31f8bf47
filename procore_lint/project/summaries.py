"""What running a function once by itself tells its callers, so that it need not be run again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from procore_lint.lazy import regex
from procore_lint.project import headers, strings, urls
from procore_lint.project.events import Invocation, Request, Root, Trail
from procore_lint.project.libraries import patterns, sending
from procore_lint.project.substitution import open_in, parameters
from procore_lint.values import (
    UNKNOWN,
    Age,
    Choice,
    Client,
    Data,
    Deadline,
    External,
    Flag,
    Function,
    Hole,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Now,
    Parameter,
    Partial,
    Prepared,
    Response,
    Text,
    Type,
    Value,
    members,
)

if TYPE_CHECKING:
    pass


class Outline(msgspec.Struct, eq=False):
    """`closed`: nothing in the body waits for a caller. `again`: the result is a closure, made anew each
    time.

    `waiting`: parameters on whose objects the body calls methods, or which pick out of dicts. `tested`:
    parameters that the body asks for: objects made without them may lack what they bring.
    """

    key: str
    result: Value | None  # None where it was let go (see `results`)
    closed: bool
    again: bool
    objects: bool  # the result holds objects that each call gets as its own
    several: bool  # the result is one of several
    built: bool  # the result is a text, or out of an answer: built of what was passed
    effects: bool
    waiting: tuple[str, ...] = ()
    tested: tuple[str, ...] = ()

    def holds_for(self, names: dict[str, Value]) -> bool:
        """Whether the outline says all for these arguments."""
        if (self.objects or self.several) and any(
            isinstance(names.get(name), (Nothing, Flag)) for name in self.tested
        ):
            return False
        # What is built out of `*args`, or asked for with them, is built anew from the parts of one call.
        return self.closed and not any(
            isinstance(m, (Client, Prepared, Function, Type, Partial, Response, Text))
            or (type(m) is External and sending.sends(m))
            or (self.built and type(m) is Listing and m.exact)
            or (type(m) is Instance and not (name == "self" and m.symbolic))
            for name in self.waiting
            for m in members(names.get(name, UNKNOWN))
        )


class Mark(NamedTuple):
    """How far the trail and the effects had come."""

    requests: int
    comparisons: int
    arithmetic: int
    fallbacks: int
    invocations: int
    effects: int

    @classmethod
    def of(cls, trail: Trail, effects: int) -> Mark:
        return cls(
            len(trail.requests), len(trail.comparisons), len(trail.arithmetic), len(trail.fallbacks),
            len(trail.invocations), effects,
        )  # fmt: skip


def outline(
    key: str,
    root: Root,
    trail: Trail,
    mark: Mark,
    effects: int,
    result: Value,
    waiting: tuple[str, ...],
    tested: tuple[str, ...],
) -> Outline:
    """The outline of a run that began at `mark`."""
    return Outline(
        key,
        result,
        is_closed(root, trail, mark),
        _holds_closures(result),
        _holds_objects(result, 3),
        type(result) is Choice,
        any(isinstance(member, (Text, Response, Data)) for member in members(result)),
        effects > mark.effects,
        waiting,
        tested,
    )


def is_closed(root: Root, trail: Trail, mark: Mark) -> bool:
    """Whether no event of this run (functions run by themselves on the way have theirs) is open."""
    return not (
        any(r.root is root and _is_open_request(r) for r in trail.requests[mark.requests :])
        or any(
            c.root is root and (_is_open_pair(c.left, c.right) or _is_open_pair(c.right, c.left))
            for c in trail.comparisons[mark.comparisons :]
        )
        or any(
            a.root is root and (open_in(a.base) or open_in(a.number))
            for a in trail.arithmetic[mark.arithmetic :]
        )
        or any(f.root is root and open_in(f.source) for f in trail.fallbacks[mark.fallbacks :])
        or any(c.root is root and _is_open_call(c) for c in trail.invocations[mark.invocations :])
    )


_HEADERS = (headers.COMPANY, frozenset({"authorization"}))


def _is_open_request(request: Request) -> bool:
    """Whether callers decide where a request goes or which headers it carries."""
    if open_in(request.method) or any(_is_open_url(member) for member in members(request.url)):
        return True
    if any(headers.presence(request.headers, names).state == headers.OPEN for names in _HEADERS):
        return True
    return any(isinstance(m, Text) and _reads_body(m.template) for m in members(request.url)) and any(
        open_in(value) for value in request.body
    )


def _reads_body(url: str) -> bool:
    """Whether a check looks into the body of requests to `url`."""
    return "oauth" in url or "webhooks" in url


def _is_open_url(value: Value) -> bool:
    """Whether a caller decides more of a url than ids in its path."""
    if isinstance(value, Parameter):
        return True
    if not isinstance(value, Text):
        return False
    # Which host a REST path is sent to is read from what calls pass, not by running them again.
    rest = urls.is_rest_path(urls.address(value).path)
    for position, part in enumerate(value.parts):
        if isinstance(part, Hole) and not (rest and position == 0):
            for parameter in parameters(part.value, 2):
                if position == 0 or not _ID.search((parameter.path or (parameter.name,))[-1]):
                    return True
    return False


_ID = regex(r"(?:\A|_)(?:ids?|number|num|page|key|uuid|guid)\Z|[a-z]Id\Z|\Aid", re.ASCII)
_TIMED = frozenset(
    "sleep wait wait_for setex psetex expire Timer call_later add_job add_periodic_task do enter".split()
)


def _is_open_pair(side: Value, other: Value) -> bool:
    if not open_in(side):
        return False
    return any(
        isinstance(m, (Now, Age, Deadline)) or (isinstance(m, Text) and strings.is_notable(m.template))
        for m in members(other)
    ) or any(isinstance(m, (Age, Deadline)) for m in members(side))


def _is_open_call(call: Invocation) -> bool:
    given = (*call.args, *call.kwargs.values())
    if call.name.rpartition(".")[2] in _TIMED:
        return any(open_in(value) for value in given)
    tried = patterns.tried(call.name, call.receiver, call.args)
    if tried:
        return any(open_in(value) for value in tried)
    if not any(isinstance(m, Text) and strings.is_notable(m.template) for v in given for m in members(v)):
        return False
    return call.receiver is not None and open_in(call.receiver)


def _holds_objects(value: Value, limit: int) -> bool:
    """Whether a result has objects that belong to one call: what one caller adds is not another's."""
    for member in members(value):
        if isinstance(member, (Mapping, Client, Prepared)):
            return True
        if type(member) is Instance and not member.symbolic:
            return True
        if type(member) is Listing and limit and any(_holds_objects(i, limit - 1) for i in member.items[:12]):
            return True
    return False


def _holds_closures(value: Value) -> bool:
    return any(
        isinstance(m, Partial) or (isinstance(m, Function) and (m.info.nested or m.info.name == "<lambda>"))
        for m in members(value)
    )
