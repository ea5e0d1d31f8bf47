"""Settings: what the environment, a reader of it or a framework's configuration gives under a name."""

from __future__ import annotations

from procore_lint.project.libraries import clock
from procore_lint.values import (
    NOTHING,
    UNKNOWN,
    External,
    Listing,
    Mapping,
    Nothing,
    Place,
    Text,
    Unknown,
    Value,
    join,
    members,
)

#: Classes whose objects read settings: `env("NAME", default=...)`, `env.str("NAME", ...)`.
READERS = (
    "environ.Env", "environ.FileAwareEnv", "environs.Env", "starlette.config.Config", "decouple.Config",
    "decouple.AutoConfig",
)  # fmt: skip
_READING = frozenset(" str url int float bool list dict json get_value decimal path db_url".split(" "))

Configured = dict[str, dict[Value, None]]


def from_environment(args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """`os.environ.get(name, default)`: the default, or what is not known."""
    name = args[0].plain if args and isinstance(args[0], Text) else None
    value = Unknown(f"env:{name}") if name else UNKNOWN
    default = args[1] if len(args) > 1 else kwargs.get("default", NOTHING)
    cast = kwargs.get("cast")
    if isinstance(cast, External) and cast.name in ("int", "float"):
        default = clock.number(default, place)
    return value if isinstance(default, Nothing) else join((value, default))


def reader(kwargs: dict[str, Value], place: Place) -> Value:
    """An object that reads settings; its schema (`Env(NAME=(str, "default"))`) has defaults."""
    schema = Mapping(place)
    for name, value in kwargs.items():
        for member in members(value):
            if isinstance(member, Listing) and member.exact and len(member.items) == 2:
                schema.put(name, member.items[1], place)
    return External("<settings>", schema)


def read(schema: Value, method: str, args: list[Value], kwargs: dict[str, Value], place: Place) -> Value:
    """What calling a reader, or one of its methods, gives."""
    if method not in _READING:
        return UNKNOWN
    name = args[0].plain if args and isinstance(args[0], Text) else None
    if name and isinstance(schema, Mapping) and name in schema.entries:
        kwargs = {"default": schema.entries[name], **kwargs}
    # Only a second argument that is a value is a default: `env("NAME", str)` names a type.
    given = args[:1] if len(args) > 1 and isinstance(args[1], External) else args
    return from_environment(given, kwargs, place)


def is_configuration(hint: str, key: str | None) -> bool:
    """Whether `hint[key]` reads the configuration of a web framework."""
    return key is not None and key.isupper() and hint.endswith(".config")


def configure(configured: Configured, hint: str, key: str | None, value: Value) -> None:
    """`app.config["NAME"] = value`."""
    if key is not None and is_configuration(hint, key):
        configured.setdefault(key, {})[value] = None


def filled(configured: Configured, hint: str, kwargs: dict[str, Value]) -> None:
    """`app.config.update(NAME=...)` and `app.config.from_mapping(NAME=...)`."""
    owner, _, method = hint.rpartition(".")
    if method in ("update", "from_mapping"):
        for key, value in kwargs.items():
            configure(configured, owner, key, value)
