"""Waits, stores and schedules with a constant that decide how long a Procore token is used (PCL101)."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.checks import token_decorators, token_jobs, token_sessions, token_waits
from procore_lint.checks.base import Draft, readable, symbol
from procore_lint.checks.token_decorators import cron_period, dotted, number_of, period
from procore_lint.checks.token_jobs import number
from procore_lint.checks.token_keys import is_constant, is_token_key
from procore_lint.checks.token_polls import loop_minds_expiry
from procore_lint.project.events import Invocation
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.values import Data, Mapping, Place, Text, Value, members

RULE = "hardcoded-token-lifetime"
_HELP = (
    "let `expires_in` of the token response decide how long it is kept, or renew it when a call answers 401"
)
_SHORTEST = 60.0


def drafts(program: Program) -> Iterator[Draft]:
    """All of them, unordered."""
    for call in program.trail.invocations:
        if program.is_mocked(call.module):
            continue
        tail = call.name.rpartition(".")[2]
        if tail in token_waits.WAITS:
            yield from _sleep(program, call, tail)
        elif tail in ("setex", "psetex", "set", "expire", "pexpire", "get_or_set"):
            yield from _store(program, call, tail)
        elif tail == "set_cookie":
            yield from _cookie(program, call)
    for call, place, life in (*token_jobs.periods(program), *token_sessions.lives(program)):
        if life >= _SHORTEST:
            yield _draft(place, life, "decides when the access token is renewed", symbol(call))
    caches = _caches_by_module(program)
    for module in program.modules.values():
        if not program.is_mocked(module):
            yield from _caches(program, module, caches.get(module.path, []))
            for place, life, name in token_decorators.lives(program, module):
                if life >= _SHORTEST:
                    yield _draft(place, life, "decides how long the access token is used", name)
            if "schedule" in module.source.marks:
                yield from _beats(program, module)


def _draft(place: Place, life: float, what: str, name: str) -> Draft:
    return Draft(RULE, place, f"a constant of {readable(life)} s {what}", _HELP, symbol=name)


def _sleep(program: Program, call: Invocation, tail: str) -> Iterator[Draft]:
    life = token_waits.seconds(call, tail)
    if life is None or life < 5 * _SHORTEST:
        return
    if program.renewal.loops.intersection(call.loops) and not loop_minds_expiry(
        program, call.module, call.place
    ):
        yield _draft(call.place, life, "decides when the access token is renewed", symbol(call))


def _store(program: Program, call: Invocation, tail: str) -> Iterator[Draft]:
    """Values kept for a constant time in Redis, memcached or Django's cache."""
    args = list(call.args)
    life: float | None = None
    value: Value | None = None
    if tail in ("setex", "psetex") and len(args) >= 2:
        life, value = number(args[1]), args[2] if len(args) > 2 else call.kwargs.get("value")
        life = number(call.kwargs["time"]) if life is None and "time" in call.kwargs else life
    elif tail in ("expire", "pexpire") and len(args) >= 2:
        life = number(args[1])
    elif tail in ("set", "get_or_set"):
        for name in ("timeout", "ex", "px", "ttl", "expire", "time", "exptime"):
            if name in call.kwargs:
                life = number(call.kwargs[name])
        if life is None and len(args) > 2:
            life = number(args[2])
        value = args[1] if len(args) > 1 else call.kwargs.get("value")
    if tail.startswith("p") and life is not None:
        life /= 1000
    if life is None or life < _SHORTEST or is_constant(value):
        return
    if (
        _holds_token(program, value)
        or _key_names_procore_token(call)
        or (_key_names_token(call) and _asks(program, call) and not _is_other(value))
    ):
        yield _draft(call.place, life, "decides how long the access token is kept", symbol(call))


def _cookie(program: Program, call: Invocation) -> Iterator[Draft]:
    """A cookie that holds the token itself for a constant time."""
    life = number(call.kwargs.get("max_age"))
    value = call.args[1] if len(call.args) > 1 else call.kwargs.get("value")
    if life is not None and life >= _SHORTEST and _holds_token(program, value):
        yield _draft(call.place, life, "decides how long the access token is kept", symbol(call))


def _is_other(value: Value | None) -> bool:
    return value is not None and all(isinstance(m, Data) for m in members(value))


def _holds_token(program: Program, value: Value | None, depth: int = 2) -> bool:
    if value is None or depth < 0:
        return False
    for member in members(value):
        whole_or_token = isinstance(member, Data) and member.path[-1:] in ((), ("access_token",), ("token",))
        if isinstance(member, Data) and whole_or_token and program.is_oauth(member.request):
            return True
        if isinstance(member, Mapping) and any(
            _holds_token(program, entry, depth - 1) for entry in (*member.entries.values(), *member.spreads)
        ):
            return True
    return False


def _key_names_procore_token(call: Invocation) -> bool:
    """Whether the key itself says that it is Procore's access token."""
    key = call.args[0] if call.args else call.kwargs.get("key")
    texts = [m.template for m in members(key) if isinstance(m, Text)] if key is not None else []
    return any("procore" in text.lower() and is_token_key(text) for text in texts)


def _key_names_token(call: Invocation) -> bool:
    key = call.args[0] if call.args else call.kwargs.get("key")
    names = [call.arg_names[0] if call.arg_names else ""]
    if key is not None:
        names += [m.template for m in members(key) if isinstance(m, Text)]
    return any(is_token_key(name) for name in names)


def _asks(program: Program, call: Invocation) -> bool:
    return call.function is not None and program.renewal.asks_for_token(call.function)


# ---------------------------------------------------------------- what stands in the facts


def _caches_by_module(program: Program) -> dict[str, list[Invocation]]:
    found: dict[str, dict[Place, Invocation]] = {}
    for call in program.trail.invocations:
        if call.name.rpartition(".")[2] in ("TTLCache", "TLRUCache"):
            found.setdefault(call.module.path, {}).setdefault(call.place, call)
    return {path: list(calls.values()) for path, calls in found.items()}


def _caches(program: Program, module: ModuleInfo, caches: list[Invocation]) -> Iterator[Draft]:
    """`TTLCache(ttl=N)` under a token's name, or around a function that asks for one."""
    for call in caches:
        life = call.kwargs.get("ttl", call.args[1] if len(call.args) > 1 else None)
        seconds = number(life) if life is not None else None
        if seconds is None or seconds < _SHORTEST:
            continue
        name = _target_of(module, call.place)
        wrapped = [f for f in module.functions if name and any(_mentions(d, name) for d in f.node.decorators)]
        holder = bool(name) and "token" in name.lower() and _module_asks(program, module)
        if holder or any(program.renewal.renews(f) for f in wrapped):
            yield _draft(call.place, seconds, "decides how long the access token is kept", symbol(call))


def _module_asks(program: Program, module: ModuleInfo) -> bool:
    return any(program.renewal.renews(f) for f in module.functions)


def _target_of(module: ModuleInfo, place: Place) -> str:
    for statement in _statements(module.node.body):
        if (
            isinstance(statement, facts.Assign)
            and isinstance(statement.value, facts.Call)
            and module.place(statement.value.span) == place
        ):
            target = statement.targets[0]
            if isinstance(target, facts.Name):
                return target.id
            return target.name if isinstance(target, facts.Attr) else ""
    return ""


def _statements(body: tuple[facts.Stmt, ...]) -> Iterator[facts.Stmt]:
    for statement in body:
        yield statement
        for name in ("body", "orelse", "final"):
            inner = getattr(statement, name, None)
            if isinstance(inner, tuple):
                yield from _statements(inner)


def _mentions(node: object, name: str) -> bool:
    return any(
        (isinstance(part, facts.Name) and part.id == name)
        or (isinstance(part, facts.Attr) and part.name == name)
        for part, _ in walk(node)
    )


def _beats(program: Program, module: ModuleInfo) -> Iterator[Draft]:
    """Celery's beat_schedule: a task that asks for a token, and how often it runs."""
    for node, _ in walk(module.node.body):
        if isinstance(node, facts.Dict):
            entries = {k.value: v for k, v in node.items if isinstance(k, facts.Const)}
            task, schedule = entries.get("task"), entries.get("schedule")
            if isinstance(task, facts.Const) and isinstance(task.value, str) and schedule is not None:
                yield from _beat(program, module, task.value, schedule)


def _beat(program: Program, module: ModuleInfo, task: str, schedule: facts.Expr) -> Iterator[Draft]:
    tail = task.rpartition(".")[2]
    infos = [f for other in program.modules.values() for f in other.functions if f.name == tail]
    if not any(token_jobs.renews(program, info) for info in infos):
        return
    seconds = number_of(schedule, module)
    if isinstance(schedule, facts.Call):
        head = dotted(schedule.func).rpartition(".")[2]
        if head == "timedelta":
            seconds = period(schedule, module, head)
        elif head == "crontab":
            seconds = cron_period(schedule)
    if seconds is not None and seconds >= _SHORTEST:
        span = getattr(schedule, "span", None)
        if span is not None:
            yield _draft(module.place(span), seconds, "decides when the access token is renewed", "")
