"""Functions of the language and of common libraries, by their dotted names."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint.project import attributes, replaced, storing, strings
from procore_lint.project.libraries import (
    builders,
    frames,
    methods,
    named_tuples,
    patterns,
    settings,
)
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    Client,
    External,
    Flag,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Number,
    Partial,
    Text,
    Value,
    concat,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

Model = Callable[["Machine", Args, Kwargs, "Site"], Value]


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
        mapping.spread(methods.as_mapping(machine, value, site))
    for key, value in kwargs.items():
        replaced.shown_over(mapping, key)
        mapping.put(key, value, site.place)
    if site.rest is not None:
        mapping.spread(site.rest)
    storing.together(machine, mapping, kwargs.values(), site.place)
    return mapping


def _items(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`six.iteritems(mapping)`: the mapping's own method."""
    return join(External("<items>", m) for m in members(args[0])) if args else UNKNOWN


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
        storing.set_attribute(machine, args[0], args[1].plain, args[2])
    return NOTHING


def fields(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
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
        return machine.made(Mapping(site.place, spreads=(args[0],)))
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


MODELS: dict[str, Model] = {
    **dict.fromkeys(
        """json.loads json.load orjson.loads ujson.loads json.dumps sorted reversed set
        frozenset iter asyncio.shield urllib.parse.quote urllib.parse.unquote
        urllib.parse.quote_plus urllib.parse.urlparse urllib.parse.urlsplit yarl.URL
        httpx.URL urllib.parse.unquote_plus html.unescape io.BytesIO io.StringIO contextlib.closing
        contextlib.nullcontext urllib.parse.urldefrag pathlib.Path pathlib.PurePosixPath pathlib.PurePath
        pydantic.HttpUrl pydantic.AnyHttpUrl pydantic.SecretStr SecretStr types.MappingProxyType
        concurrent.futures.as_completed asyncio.as_completed
        os.path.basename posixpath.basename
        cachecontrol.CacheControl cachecontrol.wrapper.CacheControl
        functools.lru_cache bytes inspect.cleandoc textwrap.dedent
        """.split(),
        _first,
    ),
    **dict.fromkeys(builders.MADE_OF_TEXT, _first),
    **builders.MODELS,
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
    "six.iteritems": _items,
    "ratelimit.sleep_and_retry": _first,
    **dict.fromkeys(("collections.namedtuple", "typing.NamedTuple"), named_tuples.made),
    named_tuples.RECORD: named_tuples.record,
    "itertools.repeat": _repeat,
    **dict.fromkeys(frames.READERS, frames.read),
    **dict.fromkeys(frames.MAKERS, frames.made),
    "list": _list,
    "tuple": _list,
    "enumerate": _enumerate,
    "zip": _zip,
    "itertools.product": _product,
    "dataclasses.asdict": fields,
    "next": _next,
    "str": _str,
    "getattr": _getattr,
    "setattr": _setattr,
    "functools.partial": _partial,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "urllib.parse.urljoin": _urljoin,
    "os.path.join": _path_join,
    "posixpath.join": _path_join,
    "isinstance": _isinstance,
    "re.compile": patterns.compiled,
    "re.sub": patterns.substituted,
    "re.subn": patterns.counted,
}
