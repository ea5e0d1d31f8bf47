"""What a run of the program leaves behind for the checks: requests, comparisons, waits, texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from procore_lint.values import Client, Listing, Mapping, Moment, Place, Text, Value

if TYPE_CHECKING:
    from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo


@dataclass(frozen=True, slots=True)
class Caller:
    """One frame on the way to an event: the function (None: the module's own code) and the call."""

    module: ModuleInfo
    function: FunctionInfo | None
    call: Place | None  # where this frame called the next one; None in the last
    on: ClassInfo | None = None  # the class of the object whose method this is


@dataclass(frozen=True, slots=True)
class Root:
    """Where a run began: a function with its own parameters open, or a module's code."""

    module: ModuleInfo
    function: FunctionInfo | None
    receiver: str = ""  # qualified name of the class that `self` stands for
    id: str = field(init=False, compare=False)  # stands for the key; most are their function's own

    def __post_init__(self) -> None:
        function = self.function
        if function is None:
            made = f"{self.module.path}||{self.receiver}"
        elif self.receiver == (function.owner.id if function.owner is not None else ""):
            made = function.id
        else:
            made = f"{function.id}|{self.receiver}"
        object.__setattr__(self, "id", made)

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.module.path, self.function.qualname if self.function else "", self.receiver)


@dataclass(eq=False, slots=True)
class Event:
    """Something that the program does at `place`, reached from `root` through `chain`."""

    place: Place
    root: Root
    chain: tuple[Caller, ...]  # outermost first; the last frame holds the place

    @property
    def module(self) -> ModuleInfo:
        return self.chain[-1].module

    @property
    def function(self) -> FunctionInfo | None:
        return self.chain[-1].function


@dataclass(eq=False, slots=True)
class Request(Event):
    """An HTTP request. `headers` holds everything that may add a header, in any order."""

    library: str
    method: Value
    url: Value
    headers: tuple[Value, ...]
    client: Client | None
    body: tuple[Value, ...]  # data, json, fields
    auth: tuple[Value, ...]
    open: bool = False  # something that the project does not decide may add headers
    arguments: dict[str, Value] = field(default_factory=dict)
    guards: tuple[Comparison, ...] = ()
    loops: tuple[int, ...] = ()
    moment: Moment | None = None

    @property
    def verb(self) -> str:
        """The method in upper case, "" where it is not decided."""
        return (self.method.plain or "").upper() if isinstance(self.method, Text) else ""


@dataclass(eq=False, slots=True)
class Comparison(Event):
    op: str
    left: Value
    right: Value
    names: tuple[str, str] = ("", "")  # dotted source names of both sides


@dataclass(eq=False, slots=True)
class Arithmetic(Event):
    """A sum that makes a moment out of a constant, and what it was stored as (filled later).

    `instead`: it stands where a token's answer does not say `expires_in`; a `Fallback` tells that.
    """

    base: Value
    number: Value
    base_name: str
    stored: list[str] = field(default_factory=list)
    guards: tuple[Comparison, ...] = ()
    instead: bool = False


@dataclass(eq=False, slots=True)
class Invocation(Event):
    """A call of something outside the project, kept when a check may care."""

    name: str
    receiver: Value | None
    receiver_name: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    loops: tuple[int, ...] = ()
    arg_names: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Written(Event):
    """A text that the program makes: a url, a path, a host."""

    value: Value


@dataclass(eq=False, slots=True)
class Stored(Event):
    """A value put under a name, an attribute or a key."""

    name: str
    value: Value


@dataclass(eq=False, slots=True)
class Together(Event):
    """A moment that a constant decides, put into a dict or a tuple: what else that holds says whose it is."""

    container: Mapping | Listing


@dataclass(eq=False, slots=True)
class Fallback(Event):
    """`data.get(key, N)` or `data[key] or N`: a constant where the answer is silent."""

    source: Value
    key: str
    number: Value


@dataclass(eq=False, slots=True)
class Passage(Event):
    """A call whose effects are those of running `callee` by itself: its own events hold there."""

    callee: str  # the callee's root key, joined
    guards: tuple[Comparison, ...] = ()
    loops: tuple[int, ...] = ()


@dataclass(slots=True)
class Trail:
    """All events of a program by kind, in the order in which they were met."""

    requests: list[Request] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    arithmetic: list[Arithmetic] = field(default_factory=list)
    invocations: list[Invocation] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)
    fallbacks: list[Fallback] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
