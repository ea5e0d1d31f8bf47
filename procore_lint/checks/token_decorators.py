"""Decorators that run a function again and again, or keep what it gave, and the periods they are told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.checks import token_jobs
from procore_lint.checks.token_jobs import FACTORS, number
from procore_lint.lazy import regex
from procore_lint.project.libraries import cron
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.values import Place

_REPEATED = regex(r"sched|periodic|repeat|cron|interval|cache|memo|task|ttl", re.IGNORECASE)
_KEPT = regex(r"cache|memo|ttl")
#: Arguments that hold another length of time than the period.
_OTHER = regex(r"timeout|delay|retr|start|first|grace|jitter|limit", re.IGNORECASE)
_UNITS = {"SECONDS": 1.0, "MINUTES": 60.0, "HOURS": 3600.0, "DAYS": 86400.0}


def lives(program: Program, module: ModuleInfo) -> Iterator[tuple[Place, float, str]]:
    """Decorators that run, or keep the answer of, a function which asks for a token."""
    for function in module.functions:
        if not any(_REPEATED.search(name) for name in function.decorators):
            continue
        for decorator in function.node.decorators:
            if not isinstance(decorator, facts.Call) or not program.renewal.renews(function):
                continue
            name = dotted(decorator.func).rpartition(".")[2].lower()
            if not _REPEATED.search(name):
                continue
            if not _KEPT.search(name) and not token_jobs.renews(program, function):
                continue
            seconds = period(decorator, module, name)
            if seconds is not None:
                yield module.place(decorator.span), seconds, function.qualname


def dotted(node: facts.Expr) -> str:
    """A name with its attributes; "" where it hangs on anything else."""
    if isinstance(node, facts.Name):
        return node.id
    return f"{dotted(node.obj)}.{node.name}" if isinstance(node, facts.Attr) else ""


def period(call: facts.Call, module: ModuleInfo, name: str) -> float | None:
    """The seconds that a call's arguments say, for a decorator of that name."""
    total = cron_period(call) or _rate(call) or 0.0
    for arg in call.args:
        if arg.name is not None and _OTHER.search(arg.name) and not _KEPT.search(name):
            continue
        number = number_of(arg.value, module)
        if number is None:
            total += _inner(arg.value, module, name)
        elif arg.name in FACTORS:
            total += number * FACTORS[arg.name]
        elif arg.name == "interval" or _says_life(arg, name):
            total += number
    return total or None


def _says_life(arg: facts.Arg, name: str) -> bool:
    if arg.name is None:
        return "cache" in name or "repeat" in name or "ttl" in name
    return bool(_KEPT.search(name)) and arg.name in ("ttl", "timeout", "expire", "expires", "time")


def _inner(node: facts.Expr, module: ModuleInfo, name: str) -> float:
    """What another call among the arguments says: `timedelta(hours=1)`, or schedule's `every(2).hours`."""
    if isinstance(node, facts.Attr) and node.name in FACTORS and isinstance(node.obj, facts.Call):
        counts = [number_of(arg.value, module) for arg in node.obj.args]
        return (counts[0] or 0.0) * FACTORS[node.name] if counts else 0.0
    return (period(node, module, name) or 0.0) if isinstance(node, facts.Call) else 0.0


def _rate(call: facts.Call) -> float | None:
    """The period of Chalice's `Rate(1, unit=Rate.HOURS)`."""
    if dotted(call.func).rpartition(".")[2] != "Rate" or not call.args:
        return None
    count = call.args[0].value
    units = [_UNITS[unit] for arg in call.args if (unit := dotted(arg.value).rpartition(".")[2]) in _UNITS]
    if not units or not isinstance(count, facts.Const) or not isinstance(count.value, (int, float)):
        return None
    return count.value * units[0]


def cron_period(call: facts.Call) -> float | None:
    """The period of `crontab(minute=0)`, `CronTrigger(hour=3)` or `scheduled_job("cron", minute=0)`."""
    name = dotted(call.func).rpartition(".")[2]
    constants = {a.name or "": str(a.value.value) for a in call.args if isinstance(a.value, facts.Const)}
    if name in ("crontab", "CronTrigger") or constants.get("") == "cron":
        return cron.period(constants)
    line = constants.get("schedule", "").split()
    return cron.of_line(" ".join(line[1:])) if len(line) == 6 else None  # Azure's lines begin with the second


def number_of(node: facts.Expr, module: ModuleInfo) -> float | None:
    """The number that is written, named or computed."""
    if (
        isinstance(node, facts.Const)
        and isinstance(node.value, (int, float))
        and not isinstance(node.value, bool)
    ):
        return float(node.value)
    if isinstance(node, facts.Name):
        return number(module.scope.names[node.id]) if node.id in module.scope.names else None
    if isinstance(node, facts.Bin) and node.op == "*":
        left, right = number_of(node.left, module), number_of(node.right, module)
        return left * right if left is not None and right is not None else None
    return None
