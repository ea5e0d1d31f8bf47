"""Headers that are kept for longer than the id in them stays true: they would go out for other companies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from procore_lint import facts
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.repairs.code import chain_to, root_name, walk
from procore_lint.repairs.fields import MAKERS
from procore_lint.repairs.names import bound_in, given
from procore_lint.repairs.scopes import Scopes, own
from procore_lint.repairs.shown import shown
from procore_lint.values import Place

_CACHES = frozenset("lru_cache cache cached cached_property cache_resource cache_data memoize".split())
_PUTTING = frozenset("setdefault append add update set".split())
_SENDING = frozenset("get post put patch delete head options request send fetch urlopen".split())


class Outliving:
    """Where the functions of a program keep what they make, and which names they give other values."""

    def __init__(self) -> None:
        self._scopes = Scopes()
        self._rebound: dict[str, frozenset[str]] = {}
        self._writing: dict[str, _Writing] = {}

    def is_stale(self, module: ModuleInfo, function: FunctionInfo | None, place: Place, name: str) -> bool:
        """Whether what is made at a place with the id `name` may still be used when `name` is another id."""
        root = name.partition(".")[0]
        if root not in self._scopes.hidden(module, place):
            if root != name or not self._is_rebound(module, name):
                return False
            return function is None or _lives_on(function) or any(self._kept(module, function, place))
        if function is None or function.name in MAKERS or not _varies(function, name):
            return False
        return any(
            not _is_under(key, name, function)
            for holder, key in self._kept(module, function, place)
            if root != function.first or holder.partition(".")[0] != root
        )

    def _is_rebound(self, module: ModuleInfo, name: str) -> bool:
        """Whether a function gives a name of its module another value."""
        if module.path not in self._rebound:
            self._rebound[module.path] = frozenset(
                name
                for info in module.functions
                for name in _global_names(info).intersection(bound_in(info.inside.body))
            )
        return name in self._rebound[module.path]

    def _kept(
        self, module: ModuleInfo, function: FunctionInfo, place: Place
    ) -> Iterator[tuple[str, facts.Expr | None]]:
        """Where a function keeps what it makes at a place beyond the call, and under which key.

        What every call makes anew is not kept: it is as old as the last call.
        """
        if function.id not in self._writing:
            self._writing[function.id] = _written(function)
        local, stores = self._writing[function.id]
        first = function.first if function.owner is not None else ""
        held = {_holder(target, first) for target in _targets(module, place)}
        for _ in range(3):
            held.update(name for name, store in stores if name in local and store.carries(held, place))
        for name, store in stores:
            is_anew = store.is_sure and store.key is None
            if name not in local and not is_anew and store.carries(held, place):
                yield name, store.key
        for name in held - local:
            # `_session.headers["Authorization"] = ...` writes to what is kept already
            if not any(store.is_sure and holder == name for holder, store in stores):
                yield name, None


def _written(function: FunctionInfo) -> _Writing:
    body = function.inside.body
    first = function.first if function.owner is not None else ""
    outside = {*_global_names(function), first}
    local = frozenset({*bound_in(body), *(param.name for param in function.inside.params), ""} - outside)
    return _Writing(local, [(_holder(store.target, first), store) for store in _stores(body, is_sure=True)])


def _lives_on(function: FunctionInfo) -> bool:
    """Whether what a function makes is an object's for good, or kept by a decorator."""
    names = (d.func if isinstance(d, facts.Call) else d for d in function.node.decorators)
    return function.name in MAKERS or any((shown(n) or "").rpartition(".")[2] in _CACHES for n in names)


def _global_names(function: FunctionInfo) -> frozenset[str]:
    scopes = (node for node in own(function.inside.body) if isinstance(node, facts.Scope))
    return frozenset(name for scope in scopes for name in scope.names)


def _varies(function: FunctionInfo, name: str) -> bool:
    """Whether calls of a function may mean different things by `name`: it comes from what they are given."""
    params = {param.name for param in function.inside.params}
    if name.partition(".")[0] in params:
        return True
    values = [v for node in walk(function.inside.body) for t, v in _gives(node) if shown(t) == name]
    return not values or any(isinstance(n, facts.Name) and n.id in params for n in walk(tuple(values)))


def _gives(node: object) -> Iterator[tuple[facts.Expr, facts.Expr]]:
    if isinstance(node, facts.Assign):
        yield from ((target, value) for target, value in given(node) if value is not None)


def _is_under(key: facts.Expr | None, name: str, function: FunctionInfo) -> bool:
    """Whether the id is part of the key under which something is kept: it is kept for that id alone."""
    if key is None:
        return False
    names = {shown(node) for node in walk(key)}
    made = [v for node in walk(function.inside.body) for t, v in _gives(node) if shown(t) in names]
    return name in names or any(shown(node) == name for node in walk(tuple(made)))


def _holder(node: facts.Expr, first: str) -> str:
    """The name that holds what is written to: `s` of `s.headers["X"]`, `self.s` of `self.s.headers`."""
    name = root_name(node)
    if not name or name != first:
        return name
    for part in walk(node):
        if isinstance(part, facts.Attr) and isinstance(part.obj, facts.Name) and part.obj.id == first:
            return f"{first}.{part.name}"
    return ""


def _targets(module: ModuleInfo, place: Place) -> Iterator[facts.Expr]:
    """What the thing at a place is put into: `s.headers` of `s.headers.update({...})`."""
    for node in reversed(chain_to(module, place)):
        if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name in _PUTTING:
            yield node.func.obj
        elif isinstance(node, facts.Assign):
            is_held = node.value is not None and any(_is_at(part, place) for part in _made_of(node.value))
            yield from (target for target in node.targets if is_held or _covers(target, place))
        elif isinstance(node, facts.Function):
            return


def _covers(node: facts.Expr, place: Place) -> bool:
    return any(_is_at(part, place) for part in walk(node))


class _Store(msgspec.Struct, frozen=True):
    """Something that a function writes: where to, under which key, and whether every call of it does.

    `names` and `spans` are those of what the value is, or is made of.
    """

    target: facts.Expr
    key: facts.Expr | None
    names: frozenset[str]
    spans: frozenset[tuple[int, ...]]
    is_sure: bool

    @classmethod
    def of(cls, target: facts.Expr, key: facts.Expr | None, value: facts.Expr, is_sure: bool) -> _Store:
        made_of = list(_made_of(value))
        names = (shown(part) for part in made_of if isinstance(part, (facts.Name, facts.Attr)))
        spans = frozenset(tuple(getattr(part, "span", ())) for part in made_of)
        return cls(target, key, frozenset(filter(None, names)), spans, is_sure)

    def carries(self, names: set[str], place: Place) -> bool:
        """Whether the value is, or is made of, what is made at a place, or one of the names that hold it."""
        return tuple(place.span) in self.spans or not self.names.isdisjoint(names)


class _Writing(NamedTuple):
    """The names that are a function's own, and what it writes, each with the name that holds it."""

    local: frozenset[str]
    stores: list[tuple[str, _Store]]


def _stores(block: tuple[facts.Stmt, ...], *, is_sure: bool) -> Iterator[_Store]:
    for node in block:
        below = [part for part in own((node,)) if part is not node]
        if isinstance(node, (facts.With, facts.Try)):
            yield from _stores(node.body, is_sure=is_sure)
            here = {id(part) for part in own(node.body)}
            below = [part for part in below if id(part) not in here]
        elif isinstance(node, facts.Eval):
            yield from _writes(node.value, is_sure=is_sure)
            below = [part for part in below if part is not node.value]
        yield from _writes(node, is_sure=is_sure)
        for part in below:
            yield from _writes(part, is_sure=False)
        is_sure = is_sure and not any(isinstance(part, facts.Return) for part in own((node,)))


def _writes(node: object, *, is_sure: bool) -> Iterator[_Store]:
    for target, value in _gives(node):
        key = target.index if isinstance(target, facts.Item) else None
        yield _Store.of(target, key, value, is_sure)
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name in _PUTTING:
        key = node.args[0].value if len(node.args) > 1 else None
        for argument in node.args:
            yield _Store.of(node.func.obj, key, argument.value, is_sure)


def _is_at(node: object, place: Place) -> bool:
    return getattr(node, "span", None) == tuple(place.span)


def _made_of(node: facts.Expr) -> Iterator[facts.Expr]:
    """A value, and what it is made of: what holds the one holds the other."""
    yield node
    inner: tuple[facts.Expr, ...] = ()
    if isinstance(node, facts.Call):
        if (shown(node.func) or "").rpartition(".")[2] not in _SENDING:
            inner = tuple(argument.value for argument in node.args)
    elif isinstance(node, facts.Dict):
        inner = tuple(value for _, value in node.items)
    elif isinstance(node, facts.Seq):
        inner = node.items
    elif isinstance(node, facts.Logic):
        inner = node.values
    elif isinstance(node, facts.Cond):
        inner = (node.body, node.orelse)
    elif isinstance(node, (facts.Walrus, facts.Await, facts.Star)):
        inner = (node.value,)
    for part in inner:
        yield from _made_of(part)
