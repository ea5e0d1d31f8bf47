"""Functions handed to something that calls them: executors, threads, pools, event loops, job queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from procore_lint.project import binding, loops
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    UNKNOWN,
    External,
    Function,
    Listing,
    Mapping,
    Nothing,
    Number,
    Partial,
    Type,
    Value,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine


#: They pass on what follows the function; those that take the arguments packed: their positions and names.
_PLAIN = frozenset(
    """to_thread run_in_executor submit run_sync call_soon call_soon_threadsafe add_done_callback start_soon
    enqueue add_task""".split()
)
_PACKED = {
    "Thread": (1, "target", 3, 4, "args", "kwargs"),
    "Process": (1, "target", 3, 4, "args", "kwargs"),
    "Timer": (1, "function", 2, 3, "args", "kwargs"),
    "apply_async": (0, "func", 1, 2, "args", "kwds"),
}
_EACH = frozenset({"map", "imap", "imap_unordered", "map_async"})
_EACH_ROW = frozenset({"starmap", "starmap_async"})
CALLERS = _PLAIN | _PACKED.keys() | _EACH | _EACH_ROW


def call(machine: Machine, name: str, args: Args, kwargs: Kwargs, site: Site) -> Value | None:
    """What comes of handing a function over; None where no function is handed over."""
    tail = name.rpartition(".")[2]
    if tail in _PACKED:
        return _call_packed(machine, tail, args, kwargs, site)
    given = args[1:] if tail == "run_in_executor" else args
    if not given or not _is_callable(given[0]):
        return None
    function, rest = given[0], given[1:]
    if name == "map" and isinstance(function, External) and len(rest) == 1:
        rows = loops.built_from(rest[0])
        if rows is not None:
            return Listing(site.place, [machine.apply(function, [row], {}, site) for row in rows], "list")
        binding.unfolded(machine, rest[0])
    if tail in _EACH:
        answer = machine.apply(function, [machine.element(value, None) for value in rest], {}, site)
        return Listing(site.place, [answer], "list", exact=False)
    if tail in _EACH_ROW:
        row = machine.element(rest[0], None) if rest else UNKNOWN
        answer = _apply_packed(machine, function, row, None, site)
        return Listing(site.place, [answer], "list", exact=False)
    if tail == "enqueue" and ("args" in kwargs or "kwargs" in kwargs):
        return _apply_packed(machine, function, kwargs.get("args"), kwargs.get("kwargs"), site)
    return machine.apply(function, rest, kwargs, site)


def task(machine: Machine, function: Value, name: str, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A task of a job queue, called through a method of its own (`delay`, `apply_async`)."""
    if name == "apply_async":
        packed = kwargs.get("args", args[0] if args else None)
        named = kwargs.get("kwargs", args[1] if len(args) > 1 else None)
        args, kwargs, rest = _unpacked(packed, named)
        site = replace(site, rest=rest)
    if isinstance(function, Function) and function.receiver is None:
        params = function.info.inside.params
        if params and params[0].name == "self":
            args = [UNKNOWN, *args]  # a bound task gets itself first
    return machine.apply(function, args, kwargs, site)


def _call_packed(machine: Machine, tail: str, args: Args, kwargs: Kwargs, site: Site) -> Value | None:
    at, name, args_at, kwargs_at, args_name, kwargs_name = _PACKED[tail]
    function = kwargs.get(name, args[at] if len(args) > at else UNKNOWN)
    if not _is_callable(function):
        return None
    packed = kwargs.get(args_name, args[args_at] if len(args) > args_at else None)
    named = kwargs.get(kwargs_name, args[kwargs_at] if len(args) > kwargs_at else None)
    return _apply_packed(machine, function, packed, named, replace(site, rest=None))


def _unpacked(packed: Value | None, named: Value | None) -> tuple[Args, Kwargs, Value | None]:
    """Arguments that come as a list and a dict, and what of them is not decided."""
    args: Args = []
    kwargs: Kwargs = {}
    rest: Value | None = None
    if isinstance(packed, Listing):
        args = list(packed.items) if packed.exact else []
        rest = None if packed.exact else UNKNOWN
    elif packed is not None and not isinstance(packed, (Nothing, Number)):
        rest = packed
    if isinstance(named, Mapping):
        kwargs = dict(named.entries)
        rest = UNKNOWN if named.open or named.spreads else rest
    elif named is not None and not isinstance(named, Nothing):
        rest = named
    return args, kwargs, rest


def _apply_packed(
    machine: Machine, function: Value, packed: Value | None, named: Value | None, site: Site
) -> Value:
    args, kwargs, rest = _unpacked(packed, named)
    return machine.apply(function, args, kwargs, replace(site, rest=rest))


def _is_callable(value: Value) -> bool:
    return any(
        isinstance(m, (Function, Partial, Type))
        or (isinstance(m, External) and not m.name.startswith("<items"))
        for m in members(value)
    )
