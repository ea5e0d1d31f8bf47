"""What the language's own functions and methods do: dicts, texts, clocks, environment, callbacks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import attributes, expressions, strings
from procore_lint.project.events import Fallback, Invocation
from procore_lint.project.libraries import callbacks, clock, frames, http, settings, shell, sql, streams
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    External,
    Flag,
    Function,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Number,
    Parameter,
    Partial,
    Piece,
    Prepared,
    Text,
    Type,
    Unknown,
    Value,
    concat,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

Args = list[Value]
Kwargs = dict[str, Value]
Model = Callable[["Machine", Args, Kwargs, "Site"], Value]


def call(machine: Machine, target: External, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """What calling something outside the project gives."""
    if target.name in shell.SHELLS and args:
        answer = shell.run(machine, args, site)
        if answer is not None:
            return answer
    _record(machine, target.name, target.receiver, args, kwargs, site)
    if target.receiver is not None:
        return _method(machine, target, args, kwargs, site)
    model = _MODELS.get(target.name)
    if model is not None:
        return model(machine, args, kwargs, site)
    if streams.of_table(machine, target.name, args, kwargs, site):
        return Unknown(f"{target.name}()")
    time = clock.call(target.name, args, kwargs, site.place)
    if time is not None:
        return time
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
    if tail.lower() not in _LOGGERS:
        hand_out(machine, (*args, *kwargs.values()))
    return Unknown(f"{target.name}()")


def unknown_call(machine: Machine, target: Value, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A call of something that is not decided: it may change the mappings it is given."""
    hint = target.hint if isinstance(target, Unknown) else ""
    if isinstance(target, Parameter):
        hint = ".".join((target.name, *target.path))
    tail = hint.rpartition(".")[2]
    _record(machine, hint, None, args, kwargs, site)
    settings.filled(machine.configured, hint, kwargs)
    if tail in ("post", "put", "patch", "delete", "head", "request", "stream") or (
        tail == "get" and ("headers" in kwargs or "params" in kwargs)
    ):
        answer = _looks_sent(machine, tail, args, kwargs, site)
        if answer is not None:
            return answer
    if tail == "open" and args and isinstance(args[0], Prepared):
        return http.sent_by_unknown(machine, args[0], site)
    if tail in ("send", "urlopen") and args and isinstance(args[0], Prepared):
        return http.send(machine, args[0].library, None, UNKNOWN, args, {}, site)
    if tail in callbacks.CALLERS:
        # The function that is handed over gets the arguments, and is seen to do with them what it does.
        answer = callbacks.call(machine, hint, args, kwargs, site)
        if answer is not None:
            return answer
    if tail.lower() not in _LOGGERS:
        for value in args:
            for member in members(value):
                if isinstance(member, Mapping):
                    machine.changed(member)
                    member.open = True
        hand_out(machine, (*args, *kwargs.values()))
    _run_callbacks(machine, args, kwargs, site)
    if isinstance(target, Parameter):
        return Parameter(target.function, target.name, (*target.path, "()")[:6])
    return Unknown(f"{hint}()"[-160:] if hint else "")


def hand_out(machine: Machine, values: Iterable[Value], limit: int = 2) -> None:
    """Note the hosts that code outside the project gets whole: it may do anything with them."""
    for value in values:
        for member in members(value):
            if isinstance(member, Text):
                if len(member.parts) == 1 and member.template.count("/") < 4 and "procore" in member.template:
                    part = member.parts[0]
                    if isinstance(part, Piece):
                        machine.handed_out.add(part.place)
            elif limit and isinstance(member, Listing) and len(member.items) <= 8:
                hand_out(machine, member.items, limit - 1)
            elif limit and isinstance(member, Mapping) and len(member.entries) <= 16:
                hand_out(machine, member.entries.values(), limit - 1)


_LOGGERS = frozenset(
    "debug info warning warn error exception critical log print write dumps dump append".split()
)


def _looks_sent(machine: Machine, verb: str, args: Args, kwargs: Kwargs, site: Site) -> Value | None:
    """A request through a client that is not decided, told by its url."""
    named = verb in ("request", "stream")
    method = (args[0] if args else UNKNOWN) if named else literal(verb.upper(), site.place)
    rest = args[1:] if named else args
    url = rest[0] if rest else kwargs.get("url")
    if url is None or not any(isinstance(m, Text) and strings.is_notable(m.template) for m in members(url)):
        return None
    headers = [kwargs["headers"]] if "headers" in kwargs else []
    body = [kwargs[k] for k in ("data", "json", "body") if k in kwargs]
    return http.emit(machine, site, "?", method, url, [*headers, UNKNOWN], None, body, [UNKNOWN], kwargs)


# ---------------------------------------------------------------- what the checks may care for

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
    if statement and any(expressions.is_timely(value) for value in row):
        for column, value in zip(sql.columns(statement), row, strict=False):
            machine.kept(site.frame, column, value, site.place.span)


#: Names of much else besides, which take an argument where a check may care.
_BUSY = frozenset({"start", "connect", "after"})


def _record(
    machine: Machine, name: str, receiver: Value | None, args: Args, kwargs: Kwargs, site: Site
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


# ---------------------------------------------------------------- methods


def _method(machine: Machine, target: External, args: Args, kwargs: Kwargs, site: Site) -> Value:
    receiver = target.receiver
    assert receiver is not None
    kind, _, name = target.name.partition(".")
    if kind == "<frame>" or (kind == "<dict>" and name in frames.METHODS):
        return frames.method(machine, receiver, name, args, kwargs, site)
    if kind == "<dict>":
        return _dict_method(machine, receiver, name, args, kwargs, site)
    if kind == "<list>":
        return _list_method(machine, receiver, name, args)
    if kind == "<str>":
        return strings.method(machine, receiver, name, args, kwargs)
    if kind == "<open>":
        return _open_method(machine, receiver, name, args, kwargs, site)
    if kind == "<same>":
        return receiver
    if kind == "<moment>":
        later = clock.shifted(name, receiver, args, kwargs, site.place)
        return receiver if later is None else expressions.moment(machine, receiver, later, site.place)
    if kind == "<number>":
        return receiver
    if kind == "<fields>":
        return _fields(machine, [receiver], kwargs, site)
    if kind == "<settings>":
        return settings.read(receiver, name, args, kwargs, site.place)
    if kind == "<model>":
        if isinstance(receiver, Type):
            backing = args[0] if args else (site.rest or UNKNOWN)
            return Instance(receiver.info, site.place, backing=backing)
        return UNKNOWN
    if kind == "<function>" and name in (
        "delay",
        "apply_async",
        "s",
        "si",
        "submit",
        "send",
        "map",
        "remote",
    ):
        return callbacks.task(machine, receiver, name, args, kwargs, site)
    if kind == "<super>" and isinstance(receiver, Instance):
        return Unknown(f"super.{name}()")
    return UNKNOWN


def _dict_method(
    machine: Machine, receiver: Value, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value:
    if name in ("get", "pop", "setdefault") and args:
        default = args[1] if len(args) > 1 else kwargs.get("default", NOTHING)
        found = attributes.item(machine, receiver, args[0], site.place)
        _fallback(machine, receiver, args[0], default, site)
        if name == "setdefault":
            attributes.set_item(machine, receiver, args[0], default, site.place)
            return join((found, default))
        if isinstance(receiver, Mapping) and isinstance(found, Unknown) and not receiver.open:
            if not receiver.entries and not receiver.spreads and not machine.is_own(receiver):
                return join((found, default))  # empty only until some code fills it
            return default if not receiver.spreads else join((found, default))
        if isinstance(default, Nothing):
            return found
        return join((found, default))
    if name in ("items", "values"):
        return External(f"<{name}>", receiver)
    if name == "keys":
        return Listing(site.place, [machine.element(receiver, None)], "list", exact=False)
    if name == "copy":
        return (
            machine.made(Mapping(site.place, spreads=[receiver]))
            if isinstance(receiver, Mapping)
            else receiver
        )
    if name in ("add", "add_header") and len(args) > 1:  # containers of headers
        attributes.set_item(machine, receiver, args[0], args[1], site.place)
        return NOTHING
    if name == "update" or (name == "extend" and isinstance(receiver, Mapping)):
        for source in args:
            attributes.update_mapping(machine, receiver, _as_mapping(machine, source, site))
        for key, value in kwargs.items():
            if isinstance(receiver, Mapping):
                receiver.put(key, value, site.place)
        if site.rest is not None:
            attributes.update_mapping(machine, receiver, site.rest)
        return NOTHING
    return UNKNOWN


def _as_mapping(machine: Machine, value: Value, site: Site) -> Value:
    if isinstance(value, Listing):
        mapping = Mapping(site.place)
        for pair in value.items:
            if isinstance(pair, Listing) and len(pair.items) == 2:
                attributes.set_item(machine, mapping, pair.items[0], pair.items[1], site.place)
            else:
                mapping.open = True
        return mapping
    return value


def _fallback(machine: Machine, receiver: Value, key: Value, default: Value, site: Site) -> None:
    name = key.plain if isinstance(key, Text) else None
    if name is not None and "expires" in name and isinstance(default, Number):
        machine.trail.fallbacks.append(Fallback(*machine.where(site.place), receiver, name, default))


def _list_method(machine: Machine, receiver: Value, name: str, args: Args) -> Value:
    if isinstance(receiver, Listing):
        machine.changed(receiver)
        if name in ("append", "add", "insert", "put") and args:
            receiver.items.append(args[-1])
            receiver.exact = False
        elif name == "extend" and args:
            receiver.items.extend(args[0].items if isinstance(args[0], Listing) else [args[0]])
            receiver.exact = False
        elif name in ("pop", "popleft", "get"):
            return join(receiver.items) if receiver.items else UNKNOWN
        elif name in ("copy",):
            return receiver
    return NOTHING if name in ("append", "extend", "insert", "add") else UNKNOWN


def _is_path(args: Args) -> bool:
    return any(
        isinstance(m, Text) and m.template.startswith(("/", "http", "\0/"))
        for a in args[:1]
        for m in members(a)
    )


def _open_method(
    machine: Machine, receiver: Value, name: str, args: Args, kwargs: Kwargs, site: Site
) -> Value:
    if isinstance(receiver, Parameter) and (name not in strings.METHODS or _is_path(args)):
        machine.asked(receiver)
    if name == "get" and args:
        if "headers" in kwargs or "params" in kwargs or "timeout" in kwargs or len(args) == 1:
            answer = _looks_sent(machine, "get", args, kwargs, site)
            if answer is not None:
                return answer
        default = args[1] if len(args) > 1 else kwargs.get("default", NOTHING)
        _fallback(machine, receiver, args[0], default, site)
        if isinstance(receiver, Unknown) and receiver.hint.endswith("config") and isinstance(args[0], Text):
            found = machine.setting(args[0].plain or "")
            if found is not None:
                return found
        found = attributes.item(machine, receiver, args[0], site.place)
        return found if isinstance(default, Nothing) else join((found, default))
    if name in ("items", "values"):
        return External(f"<{name}>", receiver)
    if name == "update":
        return NOTHING
    if name == "pop" and args and isinstance(args[0], Text):
        return attributes.item(machine, receiver, args[0], site.place)
    if name in ("copy", "strip", "encode", "decode", "lower", "upper", "split", "rstrip", "lstrip", "keys"):
        return receiver
    if name == "setdefault":
        if len(args) > 1:
            _fallback(machine, receiver, args[0], args[1], site)
        return args[1] if len(args) > 1 else UNKNOWN
    if name == "format":
        return concat(receiver)
    if isinstance(receiver, Parameter):
        return Parameter(receiver.function, receiver.name, (*receiver.path, name)[:6])
    return UNKNOWN


# ---------------------------------------------------------------- callbacks


def _run_callbacks(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> None:
    """Run lambdas and inner functions handed to something that is not decided."""
    for value in (*args, *kwargs.values()):
        for member in members(value):
            if isinstance(member, Function) and (member.info.nested or member.info.node.name == "<lambda>"):
                machine.invoke(member, [], {}, UNKNOWN)


# ---------------------------------------------------------------- functions of the language


def _first(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return args[0] if args else UNKNOWN


def _second(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return args[1] if len(args) > 1 else UNKNOWN


def _import_module(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    name = args[0].plain if args and isinstance(args[0], Text) else None
    if not name or name.startswith("."):
        return UNKNOWN
    found = machine.table.absolute(name, site.place.path)
    return machine.module_value(found, name)


def _environment(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return settings.from_environment(args, kwargs, site.place)


def _reader(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return settings.reader(kwargs, site.place)


def _dict(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    mapping = Mapping(site.place)
    machine.made(mapping)
    for value in args:
        mapping.spreads.append(_as_mapping(machine, value, site))
    for key, value in kwargs.items():
        mapping.put(key, value, site.place)
    if site.rest is not None:
        mapping.spreads.append(site.rest)
    return mapping


def _cache(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A mapping that forgets (cachetools): any key may be missing, or be there."""
    return machine.made(Mapping(site.place, open=True))


def _list(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if not args:
        return machine.made(Listing(site.place, [], "list"))
    if isinstance(args[0], Listing):
        return args[0]
    return Listing(site.place, [machine.element(args[0], None)], "list", exact=False)


def _repeat(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return Listing(site.place, args[:1] or [UNKNOWN], "list", exact=False)


def _enumerate(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    inner = machine.element(args[0], None) if args else UNKNOWN
    return Listing(site.place, [Listing(site.place, [UNKNOWN, inner], "tuple")], "list", exact=False)


def _zip(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    row = [machine.element(value, None) for value in args]
    return Listing(site.place, [Listing(site.place, row, "tuple")], "list", exact=False)


def _product(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`itertools.product`: every pair, where the tables are short."""
    tables = [arg.items for arg in args if isinstance(arg, Listing) and arg.exact]
    if len(tables) < len(args) or not 1 < math.prod(map(len, tables)) <= 8:
        return _zip(machine, args, kwargs, site)
    rows: list[Value] = [Listing(site.place, list(row), "tuple") for row in itertools.product(*tables)]
    return Listing(site.place, rows, "list")


def _next(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return machine.element(args[0], None) if args else UNKNOWN


def _str(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if not args:
        return literal("", site.place)
    return args[0] if isinstance(args[0], Text) else concat(args[0])


def _getattr(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if len(args) < 2:
        return UNKNOWN
    results: list[Value] = []
    for obj in members(args[0]):
        for name in members(args[1]):
            plain = name.plain if isinstance(name, Text) else None
            if plain is not None:
                results.append(attributes.get(machine, obj, plain, None, None))
            elif isinstance(obj, Client) or (isinstance(obj, Instance) and obj.client is not None):
                client = obj if isinstance(obj, Client) else obj.client
                results.append(Partial(External("<client>.request", client), (args[1],), ()))
            elif isinstance(obj, External) and obj.name in ("requests", "httpx"):
                results.append(Partial(External(f"{obj.name}.request"), (args[1],), ()))
    if len(args) > 2:
        results.append(args[2])
    return join(results) if results else UNKNOWN


def _setattr(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if len(args) == 3 and isinstance(args[1], Text) and args[1].plain:
        attributes.set_attribute(machine, args[0], args[1].plain, args[2])
    return NOTHING


def _fields(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`dataclasses.asdict(x)` and a model's `model_dump()`: its fields by name."""
    given = args[0] if args else UNKNOWN
    if not isinstance(given, Instance) or given.symbolic or given.backing is not None:
        return UNKNOWN
    return machine.made(
        Mapping(site.place, dict(given.fields), dict.fromkeys(given.fields, given.place), open=bool(kwargs))
    )


def _partial(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if not args:
        return UNKNOWN
    return join(Partial(m, tuple(args[1:]), tuple(kwargs.items())) for m in members(args[0]))


def _copy(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if args and isinstance(args[0], Mapping):
        return machine.made(Mapping(site.place, spreads=[args[0]]))
    return args[0] if args else UNKNOWN


def _urljoin(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if len(args) < 2:
        return args[0] if args else UNKNOWN
    return strings.urljoin(args[0], args[1], site.place)


def _path_join(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    out: list[Value] = []
    for position, value in enumerate(args):
        if position:
            out.append(literal("/", site.place))
        out.append(value)
    return concat(*out)


def _isinstance(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if len(args) < 2:
        return UNKNOWN
    value, kind = args[0], args[1]
    if isinstance(value, Nothing):
        return Flag(False)
    name = kind.name if isinstance(kind, External) else ""
    table = {"dict": Mapping, "str": Text, "list": Listing, "bool": Flag}
    if name in table and isinstance(value, (Mapping, Text, Listing, Number, Client)):
        return Flag(isinstance(value, table[name]))
    return UNKNOWN


def _field(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    if "default" in kwargs:
        return kwargs["default"]
    if "default_factory" in kwargs:
        return machine.apply(kwargs["default_factory"], [], {}, site)
    if args and not isinstance(args[0], External):
        return args[0]
    return UNKNOWN


def _exit(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    return External("<exit>")


_MODELS: dict[str, Model] = {
    **dict.fromkeys(
        """json.loads json.load orjson.loads ujson.loads simplejson.loads json.dumps sorted reversed set
        frozenset iter asyncio.shield urllib.parse.quote urllib.parse.unquote
        urllib.parse.quote_plus urllib.parse.urlparse urllib.parse.urlsplit urlparse.urlparse yarl.URL
        httpx.URL urllib.parse.unquote_plus html.unescape io.BytesIO io.StringIO contextlib.closing
        contextlib.nullcontext urllib.parse.urldefrag pathlib.Path pathlib.PurePosixPath pathlib.PurePath
        pydantic.HttpUrl pydantic.AnyHttpUrl pydantic.SecretStr SecretStr types.MappingProxyType
        concurrent.futures.as_completed asyncio.as_completed
        os.path.basename posixpath.basename
        functools.lru_cache bytes urllib.parse.urlunparse inspect.cleandoc textwrap.dedent
        """.split(),
        _first,
    ),
    "importlib.import_module": _import_module,
    **dict.fromkeys(("typing.cast", "cast", "typing_extensions.cast"), _second),
    **dict.fromkeys(
        """os.environ.get os.getenv environ.get decouple.config environs.Env.str""".split(),
        _environment,
    ),
    **dict.fromkeys(settings.READERS, _reader),
    **dict.fromkeys(("dataclasses.field", "pydantic.Field", "attr.ib", "attrs.field", "attr.field"), _field),
    **dict.fromkeys(("sys.exit", "exit", "quit", "os._exit"), _exit),
    **dict.fromkeys(("cachetools.TTLCache", "cachetools.LRUCache", "cachetools.TLRUCache"), _cache),
    **dict.fromkeys(
        """dict collections.OrderedDict requests.structures.CaseInsensitiveDict httpx.Headers
        multidict.CIMultiDict multidict.MultiDict multidict.CIMultiDictProxy urllib3.HTTPHeaderDict
        urllib3._collections.HTTPHeaderDict werkzeug.datastructures.Headers
        starlette.datastructures.MutableHeaders starlette.datastructures.Headers
        requests.utils.default_headers
        """.split(),
        _dict,
    ),
    "itertools.repeat": _repeat,
    **dict.fromkeys(frames.READERS, frames.read),
    **dict.fromkeys(frames.MAKERS, frames.made),
    "list": _list,
    "tuple": _list,
    "enumerate": _enumerate,
    "zip": _zip,
    "itertools.product": _product,
    "dataclasses.asdict": _fields,
    "next": _next,
    "str": _str,
    "getattr": _getattr,
    "setattr": _setattr,
    "functools.partial": _partial,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "urllib.parse.urljoin": _urljoin,
    "urlparse.urljoin": _urljoin,
    "requests.compat.urljoin": _urljoin,
    "os.path.join": _path_join,
    "posixpath.join": _path_join,
    "isinstance": _isinstance,
}
