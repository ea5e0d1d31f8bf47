"""What the language's own functions and methods do: dicts, texts, clocks, environment, callbacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from procore_lint.lazy import regex
from procore_lint.project import looks, operators, strings
from procore_lint.project.libraries import (
    absent,
    callbacks,
    clock,
    functions,
    layers,
    methods,
    prepared,
    records,
    sending,
    settings,
    shell,
    streams,
)
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    UNKNOWN,
    Client,
    External,
    Function,
    Listing,
    Mapping,
    Nothing,
    Parameter,
    Piece,
    Prepared,
    Text,
    Unknown,
    Value,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine


def call(machine: Machine, target: External, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """What calling something outside the project gives."""
    if target.name in shell.SHELLS and args:
        answer = shell.run(machine, args, site)
        if answer is not None:
            return answer
    records.record(machine, target.name, target.receiver, args, kwargs, site)
    looks.of_call(machine, target.name, target.receiver, args)
    if target.receiver is not None:
        return methods.method(machine, target, args, kwargs, site)
    if absent.is_own(machine, target.name):
        for value in (*args, *kwargs.values()):
            _opened(machine, value, 2, whole=True)
    model = functions.MODELS.get(target.name)
    if model is not None:
        return model(machine, args, kwargs, site)
    sent = streams.by_dlt(machine, target.name, args, kwargs, site)
    if sent is not None:
        return sent
    time = clock.call(target.name, args, kwargs, site.place)
    if time is not None:
        return time
    later = clock.moved(target.name, args, kwargs, site.place)
    if later is not None:
        return operators.moment(machine, args[0], later, site.place, "now")
    tail = target.name.rpartition(".")[2]
    if tail in callbacks.CALLERS:
        answer = callbacks.call(machine, target.name, args, kwargs, site)
        return Unknown(f"{target.name}()") if answer is None else answer
    if tail in ("gather", "run", "wait_for", "ensure_future", "create_task", "shield", "run_until_complete"):
        if len(args) > 1:
            return Listing(site.place, list(args), "list")
        return args[0] if args else UNKNOWN
    if tail in ("get", "pop") and args and isinstance(args[0], Text) and args[0].plain:
        kept = Unknown(f"{target.name.rpartition('.')[0]}.{args[0].plain}")
        return kept if len(args) < 2 or isinstance(args[1], Nothing) else join((kept, args[1]))
    _run_callbacks(machine, args, kwargs, site)
    if tail.lower() not in _LOGGERS or tail in _SHOWING:
        hand_out(machine, (*args, *kwargs.values()))
    return Unknown(f"{target.name}()")


#: Decorators made by libraries that call a function again, or later, with the same arguments.
_AGAIN = regex(
    r"\A(?:(?:tenacity|retrying|retry(?:\.api)?|stamina)\.retry|backoff\.on_(?:exception|predicate)|ratelimit\.limits)\(\)\Z"
)


def unknown_call(machine: Machine, target: Value, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A call of something that is not decided: it may change the mappings it is given."""
    hint = target.hint if isinstance(target, Unknown) else ""
    if isinstance(target, Parameter):
        hint = ".".join((target.name, *target.path))
    if _AGAIN.match(hint) and len(args) == 1 and not kwargs:
        return args[0]
    tail = hint.rpartition(".")[2]
    records.record(machine, hint, None, args, kwargs, site)
    looks.of_call(machine, hint, None, args)
    settings.filled(machine.configured, hint, kwargs)
    if tail in ("post", "put", "patch", "delete", "head", "request", "stream") or (
        tail == "get" and ("headers" in kwargs or "params" in kwargs)
    ):
        answer = looks_sent(machine, tail, args, kwargs, site)
        if answer is not None:
            return answer
    if tail == "open" and args and isinstance(args[0], Prepared):
        return prepared.sent_by_unknown(machine, args[0], site)
    if tail in ("send", "urlopen") and args and isinstance(args[0], Prepared):
        return sending.send(machine, args[0].library, None, UNKNOWN, args, {}, site)
    if tail in callbacks.CALLERS:
        # The function that is handed over gets the arguments, and is seen to do with them what it does.
        answer = callbacks.call(machine, hint, args, kwargs, site)
        if answer is not None:
            return answer
    if tail.lower() not in _LOGGERS:
        announced = kwargs.values() if tail in _ANNOUNCING or ".hook." in hint else ()
        passed_on = tail in _PASSING or layers.is_neutral(hint)
        for value in (*args, *announced):
            _opened(machine, value, 2, whole=not passed_on)
    if (tail.lower() not in _LOGGERS or tail in _SHOWING) and tail != "mount":  # what is mounted moves along
        hand_out(machine, (*args, *kwargs.values()))
    _run_callbacks(machine, args, kwargs, site)
    if isinstance(target, Parameter):
        return Parameter(target.function, target.name, (*target.path, "()")[:6])
    return Unknown(f"{hint}()"[-160:] if hint else "")


#: Methods that hand what they are given to whoever is registered for it: signals, plugins, event buses.
_ANNOUNCING = frozenset("send send_robust emit dispatch fire publish notify trigger".split())


#: Methods that send a request on, or keep what they are given: they add nothing to it.
_PASSING = frozenset(
    """handle_request handle_async_request send urlopen append add put close enter_context push
    enter_async_context""".split()
)


def _opened(machine: Machine, value: Value, limit: int, whole: bool = False) -> None:
    """Note that unknown code may add to a dict, and to the dicts in it; to a whole request's headers, too."""
    for member in members(value):
        if whole and isinstance(member, (Prepared, Client)):
            member = member.headers
        if isinstance(member, Mapping):
            machine.changed(member)
            member.open = True
            for entry in member.entries.values() if limit else ():
                _opened(machine, entry, limit - 1)


def hand_out(machine: Machine, values: Iterable[Value], limit: int = 2) -> None:
    """Note the hosts and urls that code outside the project gets whole: it may do anything with them."""
    for value in values:
        for member in members(value):
            if type(member) is Text:
                if len(member.parts) == 1 and "procore" in member.template:
                    part = member.parts[0]
                    if type(part) is Piece:
                        machine.given_out.add(part.place)
                        if member.template.count("/") < 4:
                            machine.handed_out.add(part.place)
            elif limit and type(member) is Listing and len(member.items) <= 8:
                hand_out(machine, member.items, limit - 1)
            elif limit and type(member) is Mapping and len(member.entries) <= 16:
                hand_out(machine, member.entries.values(), limit - 1)


_LOGGERS = frozenset(
    "debug info warning warn error exception critical log print write dumps dump append".split()
)
#: Of these, those whose output people or other programs read.
_SHOWING = frozenset({"print", "write", "dumps", "dump", "append"})


_SENT_WITH = frozenset({"headers", "params", "json", "data", "timeout"})


def looks_sent(machine: Machine, verb: str, args: Args, kwargs: Kwargs, site: Site) -> Value | None:
    """A request through a client that is not decided, told by its url."""
    named = verb in ("request", "stream")
    method = (args[0] if args else UNKNOWN) if named else literal(verb.upper(), site.place)
    rest = args[1:] if named else args
    url = rest[0] if rest else kwargs.get("url")
    if url is None:
        return None
    # `record.get("cost_codes")` and `config.get("procore_base")` read keys.
    may_read = verb == "get" and not _SENT_WITH & kwargs.keys()
    texts = [m.template for m in members(url) if isinstance(m, Text)]
    if not any(strings.is_notable(text) and ("/" in text or not may_read) for text in texts):
        return None
    headers = [kwargs["headers"]] if "headers" in kwargs else []
    body = [kwargs[k] for k in ("data", "json", "body") if k in kwargs]
    return sending.emit(machine, site, "?", method, url, [*headers, UNKNOWN], None, body, [UNKNOWN], kwargs)


def _run_callbacks(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> None:
    """Run lambdas and inner functions handed to something that is not decided."""
    for value in (*args, *kwargs.values()):
        for member in members(value):
            if isinstance(member, Function) and (member.info.nested or member.info.name == "<lambda>"):
                machine.invoke(member, [], {}, UNKNOWN)
