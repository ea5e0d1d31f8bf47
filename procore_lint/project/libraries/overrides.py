"""Overrides of a framework's methods that leave the framework's way as it is, or start from what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ClassInfo, FunctionInfo
from procore_lint.project.walk import walk
from procore_lint.values import UNKNOWN, Function, Instance, Mapping, Nothing, Prepared, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: The method of singer_sdk's authenticators that is handed each request.
SIGNING = "authenticate_request"
_BARE = regex(r"\Asinger_sdk\.(?:\w+\.)*APIAuthenticatorBase\Z")

#: Methods that go through what the framework asks for; requests are made elsewhere.
_AROUND = frozenset({"get_records", "request_records", "read_records"})
_AIRBYTE = regex(r"\Aairbyte_cdk\.(?:\w+\.)*Http(?:Sub)?Stream\Z")
_SINGER = regex(r"\Asinger_sdk\.")
#: How the frameworks keep the session that they send through.
_SESSIONS = frozenset({"requests_session", "_requests_session", "_session", "_http_client"})
#: What code reads of a session without changing what it sends.
_LOOKED_AT = frozenset({"auth", "cookies", "verify", "proxies"})
#: Decorators that leave a method as it is.
_MARKS = frozenset({"override", "typing.override", "typing_extensions.override"})
#: Classes that say nothing of headers.
_SILENT = regex(r"\A(?:airbyte_cdk\.(?:\w+\.)*\w+Mixin|object|(?:abc|typing)\.\w+|ABC|Generic)\Z")


def is_plain(info: ClassInfo) -> bool:
    """Whether a class is an Airbyte stream, whose own headers are none, and no other library's class."""
    names = _libraries(info)
    return bool(names) and all(_AIRBYTE.match(name) for name in names)


def is_singer(info: ClassInfo) -> bool:
    """Whether singer_sdk alone says what the project's own classes of a line do not."""
    names = _libraries(info)
    return bool(names) and all(_SINGER.match(name) for name in names)


def _libraries(info: ClassInfo) -> list[str]:
    return [name for name in info.ancestors() if not _SILENT.match(name)]


class Bodies:
    """What the methods of classes deal with; each is read once for all the heirs that have it."""

    def __init__(self) -> None:
        self._touching: dict[str, bool] = {}
        self._naming: dict[tuple[str, str], bool] = {}

    def touch_session(self, info: ClassInfo) -> bool:
        """Whether a class deals with its framework's session, which may hold headers for all requests."""
        return any(map(self._touches, _methods(info)))

    def name(self, info: ClassInfo, word: str) -> bool:
        """Whether a method of a class, or of a base in the project, speaks of an attribute."""
        return any(self._names(method, word) for method in _methods(info))

    def _touches(self, method: FunctionInfo) -> bool:
        if method.id not in self._touching:
            self._touching[method.id] = _uses_session(method)
        return self._touching[method.id]

    def _names(self, method: FunctionInfo, word: str) -> bool:
        key = method.id, word
        if key not in self._naming:
            self._naming[key] = speaks_of(method, word)
        return self._naming[key]


def _methods(info: ClassInfo) -> Iterator[FunctionInfo]:
    return (method for base in info.line() for method in base.methods.values())


def _uses_session(method: FunctionInfo) -> bool:
    nodes = [node for node, _ in walk(method.inside.body)]
    targets = [target for node in nodes if isinstance(node, facts.Assign) for target in node.targets]
    looked_at = [
        node.obj
        for node in nodes
        if isinstance(node, facts.Attr) and node.name in _LOOKED_AT and not any(node is t for t in targets)
    ]
    return any(
        isinstance(node, facts.Attr) and node.name in _SESSIONS and not any(node is n for n in looked_at)
        for node in nodes
    )


def leaves_alone(info: ClassInfo, name: str) -> bool:
    """Whether every override of `name` lets its base send, and has no hand in the requests itself."""
    if name not in _AROUND:
        return False
    own = [base.methods[name] for base in info.line() if name in base.methods]
    return all(asks_base(method) and not _has_hand(method) and method.decorators <= _MARKS for method in own)


def asks_base(method: FunctionInfo) -> bool:
    """Whether a method asks `super()` for what its base says under the same name."""
    return any(
        isinstance(node, facts.Attr) and node.name == method.name and _is_super(node.obj)
        for node, _ in walk(method.inside.body)
    )


def origin(info: ClassInfo, name: str) -> FunctionInfo | None:
    """The method of the project that what a class says under `name` starts from."""
    own = [base.methods[name] for base in info.line() if name in base.methods]
    return next((method for method in own if not asks_base(method)), own[-1] if own else None)


def signed(machine: Machine, authenticator: Instance) -> list[Value]:
    """The headers that an authenticator of the project's own puts on a request.

    Nothing is known of what else a base outside the project adds, but of the bare one: that adds none.
    """
    info = authenticator.info
    method = info.find(SIGNING)
    bare = all(_BARE.match(name) for name in _libraries(info)) and info.find("__call__") is None
    if method is None or method.decorators - _MARKS or not bare or _keeps_headers(info):
        return [UNKNOWN]
    request = Prepared("layer", authenticator.place, UNKNOWN, UNKNOWN, Mapping(authenticator.place))
    machine.fresh[id(request.headers)] = request.headers
    bound = Function(method, method.scope, authenticator)
    given = members(machine.mutely(lambda: machine.invoke(bound, [request], {})))
    others = [m.headers if isinstance(m, Prepared) else UNKNOWN for m in given if not isinstance(m, Nothing)]
    return [request.headers, *others]


def _keeps_headers(info: ClassInfo) -> bool:
    """Whether a class has to do with the headers that the base keeps, or leaves the signing to it."""
    own = [method for base in info.line() for method in base.methods.values()]
    return any(speaks_of(m, "auth_headers") or "auth_headers" in m.name for m in own) or any(
        asks_base(m) for m in own if m.name == SIGNING
    )


def _is_super(node: facts.Expr) -> bool:
    return isinstance(node, facts.Call) and isinstance(node.func, facts.Name) and node.func.id == "super"


def _has_hand(method: FunctionInfo) -> bool:
    """Whether a method has to do with headers or sessions, which other requests may share."""
    return speaks_of(method, "headers") or speaks_of(method, "session")


def speaks_of(method: FunctionInfo, word: str) -> bool:
    """Whether a name or a text inside of a method has a word in it, in whatever case."""
    return word in repr(method.inside).lower()
