"""Which literals the project itself looks into: tests of texts, and texts that are taken apart.

A literal whose text is tested or cut means more than the url that is sent: another text in its place may
turn a test round. `Machine.looks` keeps, for the place of each literal, the text that it was part of and
what was sought in that text (None: something that is not decided, or a part of it was taken);
`Machine.looks_at` keeps the same of what callers pass, `Machine.woven` the texts that this is a part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from procore_lint.project import strings
from procore_lint.values import Hole, Listing, Parameter, Piece, Text, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

K = TypeVar("K")
V = TypeVar("V")

#: Methods of texts that give a truth or a number, or change nothing but what they find.
_ASKING = frozenset(
    "startswith endswith find rfind index rindex count replace removeprefix removesuffix".split()
)
#: Methods that take a text apart: what each part is used for is not followed.
_CUTTING = frozenset("split rsplit partition rpartition splitlines translate".split())
#: Functions that do either with a text among their arguments.
_FUNCTIONS = frozenset(
    """match search fullmatch findall finditer sub subn urlparse urlsplit parse_url fnmatch
    commonprefix""".split()
)


def of_call(machine: Machine, name: str, receiver: Value | None, args: Sequence[Value]) -> None:
    """Note what a method of a text, or a function that parses or matches, looks into."""
    tail = name.rpartition(".")[2]
    if tail in _CUTTING:
        _note(machine, receiver, None)
    elif tail in _ASKING:
        sought = args[0] if args else None
        for option in sought.items if isinstance(sought, Listing) else (sought,):
            _note(machine, receiver, option)
            _note(machine, option, receiver)
    elif tail in _FUNCTIONS:
        for value in args:
            _note(machine, value, None)


def of_comparison(machine: Machine, left: Value, right: Value) -> None:
    """Note both sides of `==` and `in`."""
    for side, other in ((left, right), (right, left)):
        for option in side.items if isinstance(side, Listing) else (side,):
            _note(machine, option, other)


def of_part(machine: Machine, receiver: Value) -> None:
    """Note that some characters of a text are taken."""
    _note(machine, receiver, None)


def of_key(machine: Machine, key: Value) -> None:
    """Note that something is looked up under a text."""
    if isinstance(key, (Parameter, Text)):
        _note(machine, key, None)


def _note(machine: Machine, looked_into: Value | None, sought: Value | None) -> None:
    for text in members(looked_into) if looked_into is not None else ():
        wanted: list[str | None] = [None]
        if sought is not None:
            wanted = [m.plain if type(m) is Text else None for m in members(sought)]
        if type(text) is Parameter and not text.path:
            _keep(machine.looks_at, text, wanted)
        if type(text) is not Text or not strings.is_notable(text.template):
            continue
        for part in text.parts:
            if type(part) is Piece:
                _keep(machine.looks, part.place, [(text.template, one) for one in wanted])


def _keep(table: dict[K, tuple[V, ...]], key: K, values: Iterable[V]) -> None:
    known = table.get(key, ())
    new = [value for value in dict.fromkeys(values) if value not in known]
    if new:
        table[key] = (*known, *new)  # of one or two, thousands of times: a set takes four times the room


def weave(machine: Machine, text: Text) -> None:
    """Note a text that is made of what callers pass and says nothing of Procore by itself.

    What joins a base and a path says nothing at all: calls of it decide.
    """
    if not text.template.strip("\0/"):
        return
    for part in text.parts:
        for value in members(part.value) if type(part) is Hole else ():
            if type(value) is Parameter and not value.path:
                machine.woven.setdefault(value, {})[text] = None
