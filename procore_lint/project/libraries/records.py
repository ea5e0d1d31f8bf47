"""Calls of libraries that checks may care for, kept as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import operators, strings
from procore_lint.project.events import Invocation
from procore_lint.project.libraries import patterns, sql
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    Listing,
    Text,
    Value,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

_WATCHED = frozenset(
    """sleep setex psetex expire pexpire set add_job scheduled_job add_periodic_task Timer call_later every
    wait wait_for TTLCache TLRUCache crontab timer cached ttl_cache memoize
    interval seconds minutes hours do enterabs enter cache_set add_listener repeat_every IntervalTrigger
    apply_async enqueue_in after singleShot connect start setInterval DAG PythonOperator set_cookie get_or_set
    OAuth2Session OAuth2Client AsyncOAuth2Client
    """.split()
)
#: What cuts or matches texts: a check cares where one of those given names a host, a path or the like.
_CUTTING = frozenset(
    """startswith endswith split rsplit replace partition rpartition find index match search sub compile
    fullmatch findall removeprefix removesuffix""".split()
)


def _stored_row(machine: Machine, args: Args, site: Site) -> None:
    """`cursor.execute(statement, values)` keeps moments under the names of columns."""
    row = args[1].items if isinstance(args[1], Listing) and args[1].exact else args[1:]
    statement = args[0].plain if isinstance(args[0], Text) else None
    if statement and any(operators.is_timely(value) for value in row):
        for column, value in zip(sql.columns(statement), row, strict=False):
            machine.kept(site.frame, column, value, site.place.span)


#: Names of much else besides, which take an argument where a check may care.
_BUSY = frozenset({"start", "connect", "after"})
#: Waits of events, processes and futures: those in loops may be between renewals.
_WAITS = frozenset({"wait", "wait_for"})


def _tells(value: Value) -> bool:
    """Whether a text that a check may care for is among what is given, as it stands or in a pattern."""
    for member in members(value):
        for option in member.items if isinstance(member, Listing) else (member,):
            if isinstance(option, Text) and strings.is_notable(option.template.replace("\\", "")):
                return True
    return False


def record(
    machine: Machine,
    name: str,
    receiver: Value | None,
    args: Args,
    kwargs: Kwargs,
    site: Site,
) -> None:
    tail = name.rpartition(".")[2]
    if tail == "execute" and len(args) > 1:
        _stored_row(machine, args, site)
    if tail in _CUTTING or name == "set":  # the built-in type keeps nothing for a time
        told = any(map(_tells, (*args, *kwargs.values()))) or patterns.tried(name, receiver, args)
        if not told:
            return
    elif tail not in _WATCHED or (tail in _BUSY and not args) or (tail in _WAITS and not machine.loops):
        return
    where, loops = machine.where(site.place), tuple(machine.loops)
    given: tuple[str, ...] = ()
    owner = ""
    if site.node is not None:
        given = tuple(machine.dotted(arg.value) for arg in site.node.args)
        owner = machine.dotted(site.node.func.obj) if isinstance(site.node.func, facts.Attr) else ""
    machine.trail.invocations.append(
        Invocation(*where, name, receiver, owner, tuple(args), dict(kwargs), loops, given)
    )
