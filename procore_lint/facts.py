"""What one file says: a small language that every Python file is lowered to.

Facts are plain, typed and serialisable (msgspec): no syntax tree leaves `extract`. The language keeps
what decides a finding (names, calls, texts, mappings, branches) and drops the rest: twenty forms of
expression, seventeen of statement. Linking (`project`) and judging (`checks`) know only this language.

A span is `(line, column, end_line, end_column)`, 1-based, columns in code points, end exclusive.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Union

import msgspec

SpanT = tuple[int, int, int, int]


class Node(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """Base of every fact."""


# ---------------------------------------------------------------- expressions


class Const(Node, tag="K", frozen=True):
    """A literal text, number, boolean or None. Bytes are kept as text (latin-1), with `is_bytes`."""

    value: str | int | float | bool | None
    span: SpanT
    is_bytes: bool = False


class Name(Node, tag="N", frozen=True):
    id: str
    span: SpanT


class Attr(Node, tag="A", frozen=True):
    obj: Expr
    name: str
    span: SpanT


class Item(Node, tag="I", frozen=True):
    """`obj[index]`; a slice is an `Opaque` index."""

    obj: Expr
    index: Expr
    span: SpanT


class Arg(Node, tag="a", frozen=True):
    """One argument: `name` is None for a positional one, "*" and "**" mark spreads."""

    name: str | None
    value: Expr


class Call(Node, tag="C", frozen=True):
    func: Expr
    args: tuple[Arg, ...]
    span: SpanT


class Format(Node, tag="F", frozen=True):
    """An f-string: its parts in order, literal parts as Const."""

    parts: tuple[Expr, ...]
    span: SpanT


class Bin(Node, tag="B", frozen=True):
    """Arithmetic and bit operators; `op` as written ("+", "|", "%", ...)."""

    op: str
    left: Expr
    right: Expr
    span: SpanT


class Compare(Node, tag="P", frozen=True):
    """One comparison; chains are lowered to an `And` of these. `op` as written ("<", "not in")."""

    op: str
    left: Expr
    right: Expr
    span: SpanT


class Logic(Node, tag="L", frozen=True):
    """`and` / `or` over two or more operands."""

    op: str
    values: tuple[Expr, ...]
    span: SpanT


class Not(Node, tag="!", frozen=True):
    value: Expr
    span: SpanT


class Cond(Node, tag="?", frozen=True):
    """`body if test else orelse`."""

    test: Expr
    body: Expr
    orelse: Expr
    span: SpanT


class Dict(Node, tag="D", frozen=True):
    """A dict display; a None key marks a `**spread`."""

    items: tuple[tuple[Expr | None, Expr], ...]
    span: SpanT


class Seq(Node, tag="S", frozen=True):
    """A list, tuple or set display; `kind` is "list", "tuple" or "set"."""

    kind: str
    items: tuple[Expr, ...]
    span: SpanT


class Star(Node, tag="*", frozen=True):
    value: Expr


class For(Node, tag="f", frozen=True):
    """One `for target in iter if conditions` of a comprehension."""

    target: Expr
    iter: Expr
    tests: tuple[Expr, ...]


class Comp(Node, tag="M", frozen=True):
    """A comprehension; `kind` is "list", "set", "gen" or "dict" (then `key` is set)."""

    kind: str
    key: Expr | None
    value: Expr
    loops: tuple[For, ...]
    span: SpanT


class Lambda(Node, tag="\\", frozen=True):
    params: tuple[Param, ...]
    body: Expr
    span: SpanT


class Walrus(Node, tag=":", frozen=True):
    target: str
    value: Expr
    span: SpanT


class Await(Node, tag="w", frozen=True):
    value: Expr


class Yield(Node, tag="y", frozen=True):
    value: Expr | None


class Opaque(Node, tag="O", frozen=True):
    """Anything else, with the expressions inside it (they may still send or compare)."""

    parts: tuple[Expr, ...]
    span: SpanT


Expr = Union[
    Const, Name, Attr, Item, Call, Format, Bin, Compare, Logic, Not, Cond, Dict, Seq, Star, Comp,
    Lambda, Walrus, Await, Yield, Opaque,
]  # fmt: skip


# ---------------------------------------------------------------- statements


class Assign(Node, tag="=", frozen=True):
    """`targets = value`, in order; annotated ones carry the annotation; value None declares only."""

    targets: tuple[Expr, ...]
    value: Expr | None
    annotation: Expr | None
    span: SpanT


class AugAssign(Node, tag="+=", frozen=True):
    target: Expr
    op: str
    value: Expr
    span: SpanT


class Eval(Node, tag="e", frozen=True):
    """An expression statement (constants, docstrings among them, are dropped)."""

    value: Expr


class Return(Node, tag="r", frozen=True):
    value: Expr | None
    span: SpanT


class Raise(Node, tag="R", frozen=True):
    value: Expr | None


class If(Node, tag="if", frozen=True):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    span: SpanT


class Loop(Node, tag="for", frozen=True):
    """`for target in iter` or, with target None, `while iter`."""

    target: Expr | None
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    span: SpanT


class Try(Node, tag="try", frozen=True):
    """`caught` names what each handler catches: last segments of dotted names, "" for a bare one."""

    body: tuple[Stmt, ...]
    handlers: tuple[tuple[Stmt, ...], ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]
    caught: tuple[tuple[str, ...], ...] = ()


class With(Node, tag="with", frozen=True):
    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]


class Match(Node, tag="match", frozen=True):
    subject: Expr
    cases: tuple[tuple[Stmt, ...], ...]


class Jump(Node, tag="j", frozen=True):
    """`break`, `continue` or an abrupt end of the block."""

    kind: str


class Scope(Node, tag="g", frozen=True):
    """`global` or `nonlocal` names."""

    names: tuple[str, ...]


class Delete(Node, tag="d", frozen=True):
    targets: tuple[Expr, ...]


class Import(Node, tag="i", frozen=True):
    """`import module as name` (name is the bound one; without `as`, its first segment)."""

    module: str
    name: str
    whole: bool  # True: `name` is bound to `module` itself, not to its first package


class ImportFrom(Node, tag="if.", frozen=True):
    """`from ..module import name as alias`; level counts the dots; name "*" for all."""

    module: str
    level: int
    name: str
    alias: str


class Param(Node, tag="p", frozen=True):
    """A parameter; `kind` is "pos", "kw", "*" or "**"."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None


class Inside(Node, tag="in", frozen=True):
    """What of a function its definition alone does not ask for."""

    params: tuple[Param, ...]
    body: tuple[Stmt, ...]
    returns: Expr | None


class Function(Node, tag="def", frozen=True):
    """A function, whose inside is left as msgpack, a seventh of its size: each is opened in its turn.

    Every access to what is inside opens it anew: who needs more than one part keeps `inside()`.
    """

    name: str
    decorators: tuple[Expr, ...]
    is_async: bool
    span: SpanT  # of `def name(...)`'s header
    stores: bool  # it assigns attributes of its first parameter
    packed: msgspec.Raw

    @classmethod
    def of(
        cls,
        name: str,
        decorators: tuple[Expr, ...],
        is_async: bool,
        span: SpanT,
        inside: Inside,
        stores: bool = False,
    ) -> Function:
        """A function from its parts."""
        return cls(name, decorators, is_async, span, stores, msgspec.Raw(_ENCODER.encode(inside)))

    def inside(self) -> Inside:
        """What is inside, made anew by each call. Raises msgspec.DecodeError."""
        return _INSIDE.decode(self.packed)

    def alone(self) -> Function:
        """The function with a copy of its inside, so that it does not keep its whole module's msgpack."""
        return msgspec.structs.replace(self, packed=self.packed.copy())

    @property
    def params(self) -> tuple[Param, ...]:
        return self.inside().params

    @property
    def body(self) -> tuple[Stmt, ...]:
        return self.inside().body

    @property
    def returns(self) -> Expr | None:
        return self.inside().returns


class Class(Node, tag="class", frozen=True):
    name: str
    bases: tuple[Expr, ...]
    keywords: tuple[Arg, ...]
    body: tuple[Stmt, ...]
    decorators: tuple[Expr, ...]
    span: SpanT


Stmt = Union[
    Assign, AugAssign, Eval, Return, Raise, If, Loop, Try, With, Match, Jump, Scope, Delete, Import,
    ImportFrom, Function, Class,
]  # fmt: skip


class Comment(Node, tag="#", frozen=True):
    """A comment: its text with the leading `#`, where it stands, and whether code precedes it.

    `covers` are the first and last line that a directive here speaks for, (0, 0) for none; in the middle of
    a statement that is one element of it, and `around` are the lines of the statement. `whole` is what goes
    when the comment goes (its line, or the blanks before it too).
    """

    text: str
    span: SpanT
    trailing: bool
    covers: tuple[int, int] = (0, 0)
    around: tuple[int, int] = (0, 0)  # the same as `covers` where that is all
    whole: SpanT = (0, 0, 0, 0)
    top: bool = False  # nothing but comments and the docstring stands before it


class Problem(Node, tag="x", frozen=True):
    """Why a file could not be read whole."""

    kind: str  # "decode" | "syntax" | "nesting" | "io"
    message: str
    line: int
    column: int


class Literal(Node, tag="t", frozen=True):
    """A text literal found by the token reading of an unparsable file."""

    value: str
    span: SpanT


#: Words whose presence anywhere in a file, comments and documentation included, tells its subject.
MARKS = (
    "procore", "dmsa", "developer managed", "developer-managed", "client_credentials", "vapid",
    "storage.procore", "amazonaws", "app.procore", "project users", "project vendors", "schedule",
    "backendapplicationclient",
)  # fmt: skip


class Module(Node, tag="module", frozen=True):
    """Everything one file says. `literals` is filled only where the file did not parse."""

    body: tuple[Stmt, ...]
    problem: Problem | None = None
    literals: tuple[Literal, ...] = ()
    marks: tuple[str, ...] = ()  # which of MARKS stand anywhere in the file, comments included

    def opened(self) -> Module:
        """The module itself: it is no packed one."""
        return self

    def held(self, words: frozenset[bytes]) -> frozenset[bytes]:
        """The texts and names (see `name`) that stand in it: packing takes less than looking through it."""
        try:
            body = _ENCODER.encode(self.body)
        except RecursionError:
            return words  # any may stand there
        return frozenset(word for word in words if word in body)

    def packed(self) -> Packed:
        """The module as it is kept and sent. Raises RecursionError for what is nested too deep."""
        body = _ENCODER.encode(self.body)
        # The fastest level: the next ones take twice the time to save a twentieth.
        return Packed(zlib.compress(body, 1), len(body), self.problem, self.literals, self.marks)


class Packed(Node, tag="packed", frozen=True):
    """A module whose statements are left as msgpack, compressed, until they are asked for."""

    body: bytes
    size: int  # of the msgpack
    problem: Problem | None = None
    literals: tuple[Literal, ...] = ()
    marks: tuple[str, ...] = ()

    def opened(self) -> Module:
        """The module with its statements, made anew by each call. Raises msgspec.DecodeError."""
        try:
            body = zlib.decompress(self.body)
        except zlib.error as problem:
            raise msgspec.DecodeError(str(problem)) from problem
        return Module(_BODY.decode(body), self.problem, self.literals, self.marks)

    def held(self, words: frozenset[bytes]) -> frozenset[bytes]:
        """The texts and names (see `name`) that stand in it: told without making its nodes."""
        body = zlib.decompress(self.body)
        return frozenset(word for word in words if word in body)

    def packed(self) -> Packed:
        """The module itself."""
        return self


Facts = Union[Module, Packed]

#: Fields that hold no facts.
_PLAIN = frozenset(
    "span name module alias names id op kind is_bytes is_async level whole caught stores packed".split()
)

_ENCODER = msgspec.msgpack.Encoder()
_BODY = msgspec.msgpack.Decoder(tuple[Stmt, ...])
_INSIDE = msgspec.msgpack.Decoder(Inside)
_EXPR: msgspec.msgpack.Decoder[Expr] = msgspec.msgpack.Decoder(Expr)


def name(text: str) -> bytes:
    """A whole name, or a whole literal, as it stands in packed facts."""
    return _ENCODER.encode(text)


def text(value: str) -> bytes:
    """A whole literal as it stands in packed facts; names do not stand so."""
    return _ENCODER.encode("K") + _ENCODER.encode(value)


def pack(node: Expr) -> bytes:
    """An expression as msgpack, for one that is kept long and seldom looked at."""
    return _ENCODER.encode(node)


def unpack(packed: bytes) -> Expr:
    """The expression that `pack` packed, made anew by each call."""
    return _EXPR.decode(packed)


#: The fields that hold facts, or tuples of them, by kind of fact.
MADE_OF: dict[type[msgspec.Struct], tuple[str, ...]] = {
    kind: tuple(name for name in kind.__struct_fields__ if name not in _PLAIN)
    for kind in Node.__subclasses__()
}


def parts(node: msgspec.Struct) -> Iterator[object]:
    """What a fact is made of, in the order in which it is written down; a function's inside, too."""
    if isinstance(node, Function):
        inside = node.inside()
        yield from (inside.params, inside.body, node.decorators, inside.returns)
    else:
        for name in MADE_OF[type(node)]:
            yield getattr(node, name)
