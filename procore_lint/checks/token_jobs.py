"""Timers and schedulers that run a function which asks for a Procore token (PCL101)."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint.checks.token_polls import minds_expiry
from procore_lint.project.events import Invocation
from procore_lint.project.libraries import cron
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.values import NOTHING, Function, Number, Place, Text, Value, members

#: Calls that run a function later, or again and again.
TAILS = frozenset(
    """add_job Timer call_later do add_periodic_task enter enterabs apply_async enqueue_in after
    singleShot""".split()
)
FACTORS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}
_IN_MILLISECONDS = frozenset({"after", "singleShot", "start", "setInterval"})


def periods(program: Program) -> Iterator[tuple[Invocation, Place, float]]:
    """The calls that decide when a token is renewed: where, and after how many seconds."""
    starts: list[Invocation] = []
    wired: dict[tuple[str, str], list[FunctionInfo]] = {}
    for call in program.trail.invocations:
        if program.is_mocked(call.module):
            continue
        tail = call.name.rpartition(".")[2]
        if tail in TAILS:
            infos = _functions(program, call)
            if tail == "apply_async" and isinstance(call.receiver, Function):
                infos.append(call.receiver.info)
            if any(renews(program, info) for info in infos):
                seconds = _seconds(program, call, tail)
                if seconds is not None:
                    yield call, call.place, seconds
        elif tail == "connect" and call.receiver_name.endswith(".timeout"):
            timer = call.receiver_name.rpartition(".")[0]
            wired.setdefault((call.module.path, timer), []).extend(_functions(program, call))
        elif tail in ("start", "setInterval"):
            starts.append(call)
        elif tail == "DAG":
            yield from _dag(program, call)
    for call in starts:
        infos = wired.get((call.module.path, call.receiver_name), [])
        seconds = _seconds(program, call, "start")
        if seconds is not None and any(renews(program, info) for info in infos):
            yield call, call.place, seconds


def renews(program: Program, function: FunctionInfo) -> bool:
    """Whether running a function means a new token, whatever is left of the old one."""
    return program.renewal.renews(function) and not minds_expiry(program, function)


def number(value: Value | None) -> float | None:
    """The number that a value may be."""
    found = members(value) if value is not None else ()
    return next((m.value for m in found if isinstance(m, Number)), None)


def _functions(program: Program, call: Invocation) -> list[FunctionInfo]:
    """The functions that a call is given, by value or by name."""
    given = [m for v in (*call.args, *call.kwargs.values()) for m in members(v) if isinstance(m, Function)]
    named = [named_function(call.module, name) for name in call.arg_names if name]
    return [f.info for f in given] + [info for info in named if info is not None]


def named_function(module: ModuleInfo, name: str) -> FunctionInfo | None:
    """The function of a module that a dotted name ends in."""
    for part in reversed(name.split(".")):
        for info in module.functions:
            if info.name == part:
                return info
    return None


def _seconds(program: Program, call: Invocation, tail: str) -> float | None:
    if tail == "do":
        return _every(program, call)
    if tail == "apply_async":
        return number(call.kwargs.get("countdown"))
    if tail == "add_job":
        return _of_trigger(call)
    value = number(call.args[0]) if call.args else None
    return value / 1000 if value is not None and tail in _IN_MILLISECONDS else value


def _of_trigger(call: Invocation) -> float | None:
    """APScheduler's trigger: an object that knows its period, or its name and the numbers beside it."""
    given = [*call.args[1:], call.kwargs.get("trigger")]
    for value in given:
        seconds = number(value)
        if seconds is not None:
            return seconds
    plain = [m.plain for v in given if v is not None for m in members(v) if isinstance(m, Text)]
    if "cron" in plain:
        return cron.period(cron.fields(call.kwargs))
    parts = [FACTORS[k] * n for k, v in call.kwargs.items() if k in FACTORS and (n := number(v))]
    return sum(parts) if parts else None


def _every(program: Program, call: Invocation) -> float | None:
    unit = next(
        (name for name in ("second", "minute", "hour", "day", "week") if f".{name}" in call.name), None
    )
    if unit is None:
        return None
    for other in program.trail.invocations:
        if other.name.endswith("every") and other.place.path == call.place.path:
            same = other.place.span.line == call.place.span.line
            if same:
                count = number(other.args[0]) if other.args else 1.0
                return (count or 1.0) * FACTORS[f"{unit}s"]
    return None


def _dag(program: Program, call: Invocation) -> Iterator[tuple[Invocation, Place, float]]:
    """Airflow's DAG, where all that its module's tasks run is a renewal."""
    schedule = call.kwargs.get("schedule_interval", call.kwargs.get("schedule"))
    tasks = [
        m.info
        for other in program.trail.invocations
        if other.name.endswith("PythonOperator") and other.module is call.module
        for m in members(other.kwargs.get("python_callable", NOTHING))
        if isinstance(m, Function)
    ]
    if schedule is None or not tasks or not all(renews(program, info) for info in tasks):
        return
    for member in members(schedule):
        if isinstance(member, Number):
            yield call, member.place if member.place.path == call.place.path else call.place, member.value
        elif isinstance(member, Text) and (seconds := cron.of_line(member.plain or "")):
            yield call, call.place, seconds
