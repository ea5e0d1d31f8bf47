"""Modules, classes and functions of a project, as the interpreter knows them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingT
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from procore_lint import facts
from procore_lint.project.shelf import Shelf, definitions_of
from procore_lint.values import Instance, Place, Value

if TYPE_CHECKING:
    from procore_lint.project.events import Comparison, Request
    from procore_lint.project.retries import Given

#: What a call passes by position, and by name.
Args = list[Value]
Kwargs = dict[str, Value]

#: How many values are kept of what callers pass for one parameter.
PASSED = 24


class Scope(msgspec.Struct, eq=False):
    """Names in force; `parent` is the enclosing function's or the module's scope."""

    module: ModuleInfo
    names: dict[str, Value]
    parent: Scope | None = None
    outer: frozenset[str] = frozenset()  # declared global or nonlocal


@dataclass(eq=False, slots=True)
class ModuleInfo:
    """One file of the project. `state`: "new", "running" or "done"."""

    path: str
    source: facts.Facts  # as it is kept: marks, a problem and literals need no opening
    shelf: Shelf
    state: str = "new"
    scope: Scope = field(init=False)
    functions: list[FunctionInfo] = field(default_factory=list)
    classes: list[ClassInfo] = field(default_factory=list)
    _places: dict[facts.SpanT, Place] = field(default_factory=dict)
    _node: facts.Module | None = None
    _headers: dict[facts.SpanT, facts.Class | facts.Function] = field(default_factory=dict)
    insides: dict[facts.SpanT, facts.Inside] = field(default_factory=dict)  # of the functions that are open
    #: What look-ups by place have found in the nodes that are open.
    chains: dict[Place, tuple[msgspec.Struct, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scope = Scope(self, {})

    @property
    def node(self) -> facts.Module:
        """The module's facts: the same nodes for as long as they stay open."""
        return self._open() if self._node is None else self._node

    def _open(self) -> facts.Module:
        self._node = node = self.source.opened()
        self.shelf.take(self)
        return node

    @property
    def size(self) -> int:
        """The bytes of its facts, as msgpack; 0 where they are not packed, and so always open."""
        return self.source.size if isinstance(self.source, facts.Packed) else 0

    def function_at(self, span: facts.SpanT) -> facts.Function:
        """The function or method, outside of functions, whose header stands at `span`."""
        found = self._definition(span)
        assert isinstance(found, facts.Function)
        return found

    def class_at(self, span: facts.SpanT) -> facts.Class:
        """The class, outside of functions, whose header stands at `span`."""
        found = self._definition(span)
        assert isinstance(found, facts.Class)
        return found

    def _definition(self, span: facts.SpanT) -> facts.Class | facts.Function:
        node = self.node
        if not self._headers:
            self._headers = definitions_of(node.body)
        return self._headers[span]

    def inside_of(self, function: facts.Function) -> facts.Inside:
        """What is inside of a function of it: the same nodes for as long as the module stays open."""
        if self._node is None:
            self._open()
        if function.span not in self.insides:
            self.insides[function.span] = function.inside()
        return self.insides[function.span]

    def close(self) -> None:
        """Let go of what is open; who still holds a node keeps what is below it."""
        self._node = None
        self._headers = {}
        self.insides.clear()
        self.chains.clear()

    def place(self, span: facts.SpanT) -> Place:
        """The place of a span; one object for each, however often it is asked for."""
        place = self._places.get(span)
        if place is None:
            place = self._places[span] = Place(self.path, *span)
        return place

    def forget(self) -> None:
        """Let go of the places that no event holds; they are made anew where they are asked for."""
        self._places.clear()


def named(module: ModuleInfo, qualname: str) -> str:
    """What stands for a function or class of a module in tables."""
    return f"{module.path}:{qualname}"


class FunctionInfo(msgspec.Struct, eq=False):
    """A function or method; `owner` is the class whose body holds it.

    `inner` is its node where a function defines it, and a lambda's.
    """

    module: ModuleInfo
    name: str
    span: facts.SpanT
    stores: bool  # it assigns attributes of its first parameter
    inner: facts.Function | None
    id: str  # path and qualified name, see `named`
    scope: Scope
    owner: ClassInfo | None = None
    nested: bool = False
    decorators: frozenset[str] = frozenset()
    called: bool = False  # some call in the project reaches it
    bindings: MappingT[str, tuple[Value, ...]] = MappingProxyType({})  # what callers passed
    wrapped: Value | None = None  # what the project's own decorators make of it

    @property
    def qualname(self) -> str:
        return self.id[len(self.module.path) + 1 :]

    def pass_(self, name: str, value: Value) -> None:
        """Note what a call passes for the parameter `name`, unless enough is known of it."""
        known = self.bindings.get(name, ())
        if len(known) >= PASSED or value in known:
            return
        if not isinstance(self.bindings, dict):
            self.bindings = {}  # most functions of generated code are never called
        self.bindings[name] = (*known, value)

    @property
    def node(self) -> facts.Function:
        """The function's facts, read from its module's."""
        return self.module.function_at(self.span) if self.inner is None else self.inner

    @property
    def inside(self) -> facts.Inside:
        """What is inside of it: the same nodes for as long as its module stays open."""
        known = self.module.insides.get(self.span)
        return self.module.inside_of(self.node) if known is None else known

    @property
    def first(self) -> str:
        """The name of its first parameter, "" where it has none or is static: what methods call `self`."""
        params = self.inside.params
        return params[0].name if params and not self.is_static else ""

    @property
    def is_static(self) -> bool:
        return "staticmethod" in self.decorators

    @property
    def is_class_method(self) -> bool:
        return "classmethod" in self.decorators

    @property
    def is_abstract(self) -> bool:
        """Whether it only says what heirs have: its body raises, or is nothing."""
        return all(
            isinstance(part, facts.Raise) or (isinstance(part, facts.Eval) and isinstance(part.value, _IDLE))
            for part in self.inside.body
        )

    @property
    def is_property(self) -> bool:
        return any(d.split(".")[-1] in _PROPERTIES for d in self.decorators)


_IDLE = (facts.Const, facts.Opaque)
_MODELS = ("BaseModel", "BaseSettings", "NamedTuple", "TypedDict", "Struct", "SQLModel", "Schema")
_PROPERTIES = frozenset({"property", "cached_property", "computed_field", "hybrid_property", "setter"})


class ClassInfo(msgspec.Struct, eq=False):
    """A class; `bases` are project classes, `external` the dotted names of the others.

    `inner` is its node where a function defines it.
    """

    module: ModuleInfo
    name: str
    span: facts.SpanT
    inner: facts.Class | None
    id: str  # path and qualified name, see `named`
    scope: Scope
    bases: list[ClassInfo] = msgspec.field(default_factory=list)
    external: list[str] = msgspec.field(default_factory=list)
    attributes: dict[str, Value] = msgspec.field(default_factory=dict)
    annotations: dict[str, bytes] = msgspec.field(default_factory=dict)  # packed: models have thousands
    order: list[str] = msgspec.field(default_factory=list)  # annotated fields in order
    methods: dict[str, FunctionInfo] = msgspec.field(default_factory=dict)
    subclasses: list[ClassInfo] = msgspec.field(default_factory=list)
    symbol: Instance | None = None
    created: int = 0  # constructor calls met
    decorators: frozenset[str] = frozenset()
    held: dict[str, dict[Value, None]] = msgspec.field(default_factory=dict)  # what objects were made with

    @property
    def qualname(self) -> str:
        return self.id[len(self.module.path) + 1 :]

    @property
    def node(self) -> facts.Class:
        """The class's facts, read from its module's."""
        if self.inner is not None:
            return self.inner
        return self.module.class_at(self.span)

    @property
    def is_model(self) -> bool:
        """Whether its fields are declared, and filled by a constructor that Python or a library writes."""
        return any(name.rpartition(".")[2] in _MODELS for name in self.ancestors()) or any(
            "dataclass" in d or d.startswith("attr") for info in self.line() for d in info.decorators
        )

    def line(self, seen: frozenset[str] = frozenset()) -> Iterator[ClassInfo]:
        """This class and its bases, nearest first."""
        yield self
        if self.id in seen:
            return
        for base in self.bases:
            yield from base.line(seen | {self.id})

    def ancestors(self) -> Iterator[str]:
        """Dotted names of the classes outside the project that it descends from."""
        for info in self.line():
            yield from info.external

    def find(self, name: str) -> FunctionInfo | None:
        """The method that `name` calls, the nearest first."""
        for info in self.line():
            if name in info.methods:
                return info.methods[name]
            if name in info.attributes:
                return None
        return None

    def attribute(self, name: str) -> Value | None:
        for info in self.line():
            if name in info.attributes:
                return info.attributes[name]
        return None

    def field_annotation(self, name: str) -> tuple[facts.Expr, ClassInfo] | None:
        for info in self.line():
            if name in info.annotations:
                return facts.unpack(info.annotations[name]), info
        return None

    def declares(self, name: str) -> bool:
        """Whether the class or a base annotates a field."""
        return any(name in info.annotations for info in self.line())

    def descendants(self, seen: frozenset[str] = frozenset()) -> Iterator[ClassInfo]:
        for sub in self.subclasses:
            if sub.id not in seen:
                yield sub
                yield from sub.descendants(seen | {sub.id})


class Frame(msgspec.Struct, eq=False):
    """A function (or a module's code) being run."""

    module: ModuleInfo
    function: FunctionInfo | None
    scope: Scope
    receiver: Value | None = None
    call: Place | None = None
    returns: list[Value] = msgspec.field(default_factory=list)
    yields: list[Value] = msgspec.field(default_factory=list)
    klass: str = ""  # qualified name of the class whose body is run
    sent: dict[tuple[object, ...], Request] = msgspec.field(default_factory=dict)  # by all but their places
    given: dict[str, list[Given]] = msgspec.field(default_factory=dict)  # by function: what calls gave
    flags: dict[str, tuple[Comparison, ...]] | None = None  # by name: what decided the constant in it
    #: Stands for this run where the frame need not live on.
    run: object = msgspec.field(default_factory=object)
