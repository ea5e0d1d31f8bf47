"""What a run of the program leaves behind for the checks: requests, comparisons, waits, texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import force_setattr

from procore_lint.values import Client, Instance, Listing, Mapping, Moment, Place, Text, Value

if TYPE_CHECKING:
    from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo


class Caller(msgspec.Struct, frozen=True):
    """One frame on the way to an event: the function (None: the module's own code) and the call."""

    module: ModuleInfo
    function: FunctionInfo | None
    call: Place | None  # where this frame called the next one; None in the last
    on: ClassInfo | None = None  # the class of the object whose method this is


class Root(msgspec.Struct, frozen=True):
    """Where a run began: a function with its own parameters open, or a module's code."""

    module: ModuleInfo
    function: FunctionInfo | None
    receiver: str = ""  # qualified name of the class that `self` stands for
    id: str = ""  # made here; stands for the key; most are their function's own

    def __post_init__(self) -> None:
        function = self.function
        if function is None:
            made = f"{self.module.path}||{self.receiver}"
        elif self.receiver == (function.owner.id if function.owner is not None else ""):
            made = function.id
        else:
            made = f"{function.id}|{self.receiver}"
        force_setattr(self, "id", made)

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.module.path, self.function.qualname if self.function else "", self.receiver)


class Event(msgspec.Struct, eq=False):
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


class Request(Event, eq=False):
    """An HTTP request. `headers` holds everything that may add a header, in any order."""

    library: str
    method: Value
    url: Value
    headers: tuple[Value, ...]
    client: Client | None
    body: tuple[Value, ...]  # data, json, fields
    auth: tuple[Value, ...]
    open: bool = False  # something that the project does not decide may add headers
    arguments: dict[str, Value] = msgspec.field(default_factory=dict)
    guards: tuple[Comparison, ...] = ()
    loops: tuple[int, ...] = ()
    moment: Moment | None = None
    parsed: bool = False  # its answer is read as JSON

    @property
    def verb(self) -> str:
        """The method in upper case, "" where it is not decided."""
        return (self.method.plain or "").upper() if isinstance(self.method, Text) else ""


class Comparison(Event, eq=False):
    op: str
    left: Value
    right: Value
    names: tuple[str, str] = ("", "")  # dotted source names of both sides
    inner: Comparison | None = None  # one in an inner block for which this stands, behind that block


class Arithmetic(Event, eq=False):
    """A sum that makes a moment out of a constant, and what it was stored as (filled later).

    `instead`: it stands where a token's answer does not say `expires_in`; a `Fallback` tells that.
    """

    base: Value
    number: Value
    base_name: str
    stored: list[str] = msgspec.field(default_factory=list)
    guards: tuple[Comparison, ...] = ()
    instead: bool = False


class Invocation(Event, eq=False):
    """A call of something outside the project, kept when a check may care."""

    name: str
    receiver: Value | None
    receiver_name: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    loops: tuple[int, ...] = ()
    arg_names: tuple[str, ...] = ()


class Written(Event, eq=False):
    """A text that the program makes: a url, a path, a host."""

    value: Value


class Stored(Event, eq=False):
    """A value put under a name, an attribute or a key."""

    name: str
    value: Value


class Together(Event, eq=False):
    """A moment that a constant decides, put into a dict, tuple or record: the rest says whose it is."""

    container: Mapping | Listing | Instance


class Fallback(Event, eq=False):
    """`data.get(key, N)` or `data[key] or N`: a constant where the answer is silent."""

    source: Value
    key: str
    number: Value


class Passage(Event, eq=False):
    """A call whose effects are those of running `callee` by itself: its own events hold there."""

    callee: str  # the callee's root key, joined
    guards: tuple[Comparison, ...] = ()
    loops: tuple[int, ...] = ()


class Trail(msgspec.Struct, eq=False):
    """All events of a program by kind, in the order in which they were met."""

    requests: list[Request] = msgspec.field(default_factory=list)
    comparisons: list[Comparison] = msgspec.field(default_factory=list)
    arithmetic: list[Arithmetic] = msgspec.field(default_factory=list)
    invocations: list[Invocation] = msgspec.field(default_factory=list)
    written: list[Written] = msgspec.field(default_factory=list)
    stored: list[Stored] = msgspec.field(default_factory=list)
    together: list[Together] = msgspec.field(default_factory=list)
    fallbacks: list[Fallback] = msgspec.field(default_factory=list)
    passages: list[Passage] = msgspec.field(default_factory=list)
