"""Calls of libraries that checks may care for, kept as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import operators
from procore_lint.project.events import Invocation
from procore_lint.project.libraries import sql
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    Listing,
    Text,
    Value,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

_WATCHED = frozenset(
    """sleep setex psetex expire pexpire set add_job scheduled_job add_periodic_task Timer call_later every
    TTLCache TLRUCache startswith endswith split rsplit replace partition rpartition find index match search
    sub compile fullmatch findall crontab timer removeprefix removesuffix cached ttl_cache memoize
    interval seconds minutes hours do enterabs enter cache_set add_listener repeat_every IntervalTrigger
    apply_async enqueue_in after singleShot connect start setInterval DAG PythonOperator set_cookie get_or_set
    """.split()
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
    if tail not in _WATCHED or (tail in _BUSY and not args):
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
