"""The symbolic values that a program is run on: a small *may* algebra.

A value says what an expression may be: a text with holes, a number of seconds, a mapping whose keys
may be present, a client with its default headers, data out of a response. What the project does not
decide is `Unknown`, what a caller decides is `Parameter`; never a guess. Immutable values compare by
content; objects that a program changes (`Mapping`, `Listing`, `Client`, `Instance`) by identity, so a
change made elsewhere on the same object is seen by everyone who holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingT
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Union

import msgspec
from msgspec.structs import force_setattr

from procore_lint.finding import Span

if TYPE_CHECKING:
    from procore_lint.project.events import Comparison, Request
    from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo, Scope

#: How many values one name may stand for before the rest is `Unknown`.
WIDTH = 10


class Place(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of one file (path relative to the root), as a span has it."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def span(self) -> Span:
        return Span(self.line, self.column, self.end_line, self.end_column)


class Moment(NamedTuple):
    """When something happened: in which run of a body, at which step, in which of its loops."""

    run: object
    step: int
    loops: tuple[int, ...]

    def is_surely_after(self, other: Moment) -> bool:
        """Whether this comes later on every path: in the same run of one body, in no common loop."""
        if self.run is None or self.run is not other.run:
            return False
        return self.step > other.step and not {abs(n) for n in self.loops} & {abs(n) for n in other.loops}


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A literal part of a text and where it was written."""

    text: str
    place: Place


class Hole(msgspec.Struct, frozen=True):
    """A part of a text that is not literal, with what is known of it."""

    value: Value
    text: ClassVar[str] = "\0"  # how it stands in a template


class Text(msgspec.Struct, frozen=True, cache_hash=True):
    """A text: literal pieces and holes in order.

    `template` is the text with every hole written as NUL, made once: texts are matched far more often than
    made.
    """

    parts: tuple[Piece | Hole, ...]
    template: str = ""  # made here

    def __post_init__(self) -> None:
        force_setattr(self, "template", "".join([part.text for part in self.parts]))

    @property
    def plain(self) -> str | None:
        """The text itself where it has no hole."""
        for part in self.parts:
            if type(part) is Hole:
                return None
        return self.template

    def piece_at(self, offset: int) -> Piece | None:
        """The literal piece that holds the character at `offset` of the template."""
        for part in self.parts:
            size = len(part.text)
            if offset < size:
                return None if isinstance(part, Hole) else part
            offset -= size
        return None


class Number(msgspec.Struct, frozen=True, gc=False):
    """A constant number; `unit` is "s" for durations (`timedelta(hours=2)` is 7200 s)."""

    value: float
    place: Place
    unit: str = ""


class Flag(msgspec.Struct, frozen=True, gc=False):
    value: bool


class Nothing(msgspec.Struct, frozen=True, gc=False):
    """None."""


class Unknown(msgspec.Struct, frozen=True, gc=False):
    """Not decided by the project; `hint` is the dotted name it was reached by ("env:BASE_URL")."""

    hint: str = ""


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """What the callers of `function` decide; `path` is what was read from it (".headers", "[]")."""

    function: str
    name: str
    path: tuple[str, ...] = ()


class Data(msgspec.Struct, frozen=True):
    """Something out of the answer to `request`: `path` holds the keys and "[]" for elements."""

    request: Request
    path: tuple[str, ...] = ()


class Response(msgspec.Struct, frozen=True):
    request: Request


class Now(msgspec.Struct, frozen=True, gc=False):
    """The present, from a clock."""


class Age(msgspec.Struct, frozen=True):
    """`now - since`, counted in units of so many seconds (60 after `.seconds // 60`)."""

    since: Value
    unit: float = 1.0


class Deadline(msgspec.Struct, frozen=True):
    """`base + number`: a moment that a constant decides. `place` is the arithmetic."""

    base: Value
    number: Number
    place: Place


class Verdict(msgspec.Struct, frozen=True):
    """The truth of a comparison, so that a branch knows what it rests on."""

    comparisons: tuple[Comparison, ...]


class Function(msgspec.Struct, frozen=True):
    """A function of the project, bound to `receiver` where it is a method of something."""

    info: FunctionInfo
    scope: Scope
    receiver: Value | None = None


class Type(msgspec.Struct, frozen=True):
    """A class of the project."""

    info: ClassInfo


class Super(msgspec.Struct, frozen=True):
    """`super()` in a method of `owner`: what its bases say of `receiver`."""

    receiver: Value
    owner: ClassInfo


class Package(msgspec.Struct, frozen=True):
    """A module of the project."""

    info: ModuleInfo


class External(msgspec.Struct, frozen=True):
    """Something of a library or the language, by its dotted name; `receiver` for methods."""

    name: str
    receiver: Value | None = None


class Partial(msgspec.Struct, frozen=True):
    """`functools.partial(function, *args, **kwargs)`."""

    function: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]


class Choice(msgspec.Struct, frozen=True):
    """One of several."""

    members: tuple[Value, ...]


class Key(msgspec.Struct, frozen=True):
    """A key of `mapping`, from a loop over it."""

    mapping: Value


class Mapping(msgspec.Struct, eq=False):
    """A dict: keys that may be present, spreads of others, `open` when keys unknown may be added."""

    place: Place
    entries: MappingT[str, Value] = MappingProxyType({})  # most are copies with nothing of their own
    places: MappingT[str, Place] = MappingProxyType({})
    spreads: tuple[Value, ...] = ()
    open: bool = False
    default: Value | None = None  # value under a key that is not known
    home: object = None  # the run of a body that made it
    added: dict[str | int, Moment] | None = None  # when a key or spread came later
    # Keys (lower case; "*" for any) whose value here, or in the spreads, is no longer what is read: by the
    # functions that saw to that ("" where the dict was made so).
    lost: dict[str, tuple[str, ...]] | None = None
    hidden: dict[str, tuple[str, ...]] | None = None

    def add(self, key: str | int, moment: Moment) -> None:
        """Note when a key, or the spread at a position, came; most dicts get theirs when they are made."""
        if self.added is None:
            self.added = {}
        self.added[key] = moment

    def lose(self, key: str, by: str) -> None:
        """Note that the value under `key` here is no longer what is read."""
        self.lost = _noted(self.lost, key.lower(), by)

    def hide(self, key: str, by: str) -> None:
        """Note that the values under `key` in the spreads are no longer what is read."""
        self.hidden = _noted(self.hidden, key.lower(), by)

    def put(self, key: str, value: Value, place: Place) -> None:
        """Add a possible value under `key`."""
        old = self.entries.get(key)
        if not isinstance(self.entries, dict) or not isinstance(self.places, dict):
            self.entries, self.places = dict(self.entries), dict(self.places)
        self.entries[key] = value if old is None else join((old, value))
        self.places.setdefault(key, place)

    def spread(self, value: Value) -> None:
        """Add what `value` holds, over what is there."""
        self.spreads = (*self.spreads, value)


def _noted(table: dict[str, tuple[str, ...]] | None, key: str, by: str) -> dict[str, tuple[str, ...]]:
    table = {} if table is None else table
    known = table.get(key, ())
    if by not in known:
        table[key] = (*known, by)
    return table


class Listing(msgspec.Struct, eq=False):
    """A list, tuple or set: its known elements in order, or what its elements may be."""

    place: Place
    items: list[Value]
    kind: str
    exact: bool = True  # the items are all, in order


class Layer(NamedTuple):
    """Something that a client hands each request to, by the part that it plays ("auth", "transport")."""

    role: str
    value: Value


class Client(msgspec.Struct, eq=False):
    """An HTTP session or client object: base url, default headers, default parameters."""

    library: str
    place: Place
    base_url: Value
    headers: Mapping
    auth: Value | None = None
    open: bool = False  # something that the project does not decide may add headers
    layers: list[Layer] = msgspec.field(default_factory=list)
    #: Methods put in place, objects handed out.
    attributes: dict[str, Value] = msgspec.field(default_factory=dict)
    stands: Parameter | None = None  # the constructor's parameter that it stands for, by its annotation


class Prepared(msgspec.Struct, eq=False):
    """A request object that is yet to be sent."""

    library: str
    place: Place
    method: Value
    url: Value
    headers: Mapping
    body: Value | None = None
    auth: Value | None = None


class Instance(msgspec.Struct, eq=False):
    """An object of a project's class. `symbolic`: any object of it, as its methods see `self`."""

    info: ClassInfo
    place: Place
    fields: dict[str, Value] = msgspec.field(default_factory=dict)
    symbolic: bool = False
    client: Client | None = None  # the part that a base class such as requests.Session plays
    backing: Value | None = None  # data that a model was made from
    arms: int = 0  # undecided branches in which it was made
    stands: Parameter | None = None  # the constructor's parameter that it stands for, by its annotation


Value = Union[
    Text, Number, Flag, Nothing, Unknown, Parameter, Data, Response, Now, Age, Deadline, Verdict,
    Function, Type, Super, Package, External, Partial, Choice, Key, Mapping, Listing, Client, Prepared,
    Instance,
]  # fmt: skip

NOTHING = Nothing()
UNKNOWN = Unknown()


def members(value: Value) -> tuple[Value, ...]:
    """The possible values one by one."""
    # To ask a struct whether it is of another kind takes `isinstance` four times as long.
    return value.members if type(value) is Choice else (value,)


def join(values: Iterable[Value]) -> Value:
    """One of `values`; wide choices end in `Unknown`."""
    given = values if isinstance(values, (list, tuple)) else list(values)
    if len(given) == 1 or (len(given) == 2 and given[0] is given[1]):
        return given[0]
    found: dict[Value, None] = {}
    for value in given:
        if type(value) is Choice:
            found.update(dict.fromkeys(value.members))
        else:
            found[value] = None
    flat = list(found)
    if not flat:
        return UNKNOWN
    if len(flat) == 1:
        return flat[0]
    if len(flat) > WIDTH:
        flat = [*flat[: WIDTH - 1], UNKNOWN]
    return Choice(tuple(flat))


def literal(text: str, place: Place) -> Text:
    """A text with no hole."""
    return Text((Piece(text, place),) if text else ())


def hole(value: Value) -> Text:
    return Text((Hole(value),))


def as_texts(value: Value) -> Iterator[Text]:
    """Every way `value` may stand in a text: texts as they are, anything else as a hole."""
    for member in members(value):
        if type(member) is Text:
            yield member
        elif type(member) is Number and member.value == int(member.value):
            yield literal(str(int(member.value)), member.place)
        else:
            yield hole(member)


def concat(*values: Value) -> Value:
    """The texts that writing `values` after one another may give (bounded)."""
    results: list[Text] = [Text(())]
    for value in values:
        tails = list(as_texts(value))
        if len(results) * len(tails) > WIDTH:
            tails = [hole(value)]
        results = [Text(head.parts + tail.parts) for head in results for tail in tails]
    return join(results)


def deadlines(value: Value) -> Iterator[Deadline]:
    """The moments that a constant decides among `value`, those written as texts too."""
    for member in members(value):
        if type(member) is Deadline:
            yield member
        elif type(member) is Text and len(member.parts) == 1 and isinstance(member.parts[0], Hole):
            yield from (m for m in members(member.parts[0].value) if type(m) is Deadline)


def depends(value: Value, limit: int = 4) -> Iterator[Parameter]:
    """The parameters that `value` rests on, not looking into objects."""
    for member in members(value):
        if type(member) is Parameter:
            yield member
        elif type(member) is Text and limit:
            for part in member.parts:
                if type(part) is Hole:
                    yield from depends(part.value, limit - 1)
        elif type(member) is Key and limit:
            yield from depends(member.mapping, limit - 1)
