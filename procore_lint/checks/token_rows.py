"""Rows and records of Procore's tokens: classes that say so, and queries for those that are too old.

A row's class often only keeps what others ask for, and the code that asks gets the row out of a database:
then nothing flows from the request to the class. What the class says of itself stands in: it is named after
Procore, has a field for the access token, and compares its own birth with a constant of a token's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.events import Comparison, Event, Stored
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.repairs.code import chain_to, class_at
from procore_lint.values import Age, Deadline, Now, Number, Parameter, Place, Text, Unknown, Value, members

BIRTH = regex(
    r"created_?(?:at|on)|issued|obtained|fetched|acquired|granted|last_?(?:refresh|auth|login|token)|refreshed"
    r"|minted|received|updated_?(?:at|on)|renewed|saved_at|stored_at",
    re.I,
)
_FIELDS = frozenset({"access_token", "bearer_token", "refresh_token"})
_OTHER = regex(r"invit|state|csrf|cache|lock|webhook|event|request|jwt", re.I)
_WRITTEN = regex(r"\b(?:getmtime|st_mtime)\b")
_OLDER = regex(r"__(?:lt|lte)\Z")
#: Between the shortest life that Procore announced and the longest that a token ever had, in seconds.
_LIVES = (900.0, 7200.0)


def is_named(info: ClassInfo) -> bool:
    """Whether a class is named after Procore and has a field for its tokens."""
    if _OTHER.search(info.qualname):
        return False
    held = {*info.attributes, *info.annotations, *(info.symbol.fields if info.symbol else ())}
    if not _FIELDS.intersection(held):
        return False
    texts = [m.template for v in info.attributes.values() for m in members(v) if isinstance(m, Text)]
    return any("procore" in text.lower() for text in (info.qualname, info.module.path, *texts))


def is_life(number: Number) -> bool:
    """Whether a constant may be a token's life."""
    return _LIVES[0] <= number.value <= _LIVES[1]


def judges_itself(comparison: Comparison) -> bool:
    """Whether a comparison stands in a named row's method that reads when the row was made."""
    function = comparison.function
    return (
        function is not None
        and function.owner is not None
        and is_named(function.owner)
        and _reads_birth(function)
        and not reads_life(function)
    )


def reads_life(function: FunctionInfo) -> bool:
    """Whether a method reads `expires_in`: a constant in it is at most that field's default."""
    return any(
        (isinstance(node, facts.Attr) and node.name == "expires_in")
        or (isinstance(node, facts.Const) and node.value == "expires_in")
        for node, _ in walk(function.inside.body)
    )


#: How a parameter is called that takes a token as Procore's answer gave it.
_HELD = regex(
    r"(?:\A|_)(?:tok|tokens?|creds?|credentials|auth|oauth)(?:_(?:data|info|json|dict|response|record))?\Z",
    re.I,
)


def is_token(program: Program, parameter: Parameter, module: ModuleInfo) -> bool:
    """Whether callers are asked for a token, in a module about Procore that asks nobody else for one."""
    if not _HELD.search(parameter.name) or not program.is_procore(module):
        return False
    asked = [r for r in program.trail.requests if any(map(_is_oauth, members(r.url)))]
    near = [r for r in asked if r.module is module]
    return any(map(program.is_token_request, asked)) and all(map(program.is_oauth, near))


def _is_oauth(url: Value) -> bool:
    return isinstance(url, Text) and "oauth" in url.template


def helps(program: Program, comparison: Comparison) -> bool:
    """Whether a function that nobody calls here tells by a constant whether the token it is given is old.

    `created_at` beside a token is what Procore's answer calls its birth.
    """
    function = comparison.function
    if function is None or function.called or reads_life(function):
        return False
    for side in (comparison.left, comparison.right):
        for moment in members(side):
            base = (
                moment.since
                if isinstance(moment, Age)
                else moment.base
                if isinstance(moment, Deadline)
                else None
            )
            for member in members(base) if base is not None else ():
                if isinstance(member, Parameter) and member.path == ("created_at",):
                    return is_token(program, member, function.module)
    return False


_TELLS_OLD = regex(
    r"token\w*(?:fresh|stale|expired|valid|too_old|needs_re)|(?:fresh|stale|expired|valid)\w*token", re.I
)
_NO_ACCESS = regex(r"refresh_?token|\bcsrf|id_?token", re.I)


def tells_by_name(program: Program, comparison: Comparison) -> bool:
    """Whether a function that nobody calls here says by its name that it tells whether a token is fresh.

    Scripts outside of Python ask it. It stands where Procore, and nobody else, is asked for tokens.
    """
    function = comparison.function
    if function is None or function.called or function.owner is not None or reads_life(function):
        return False
    name = function.name
    if not _TELLS_OLD.search(name) or _OTHER.search(name) or _NO_ACCESS.search(name):
        return False
    near = [
        r
        for r in program.trail.requests
        if r.module is function.module and any(map(_is_oauth, members(r.url)))
    ]
    return any(map(program.is_token_request, near)) and all(map(program.is_oauth, near))


def _reads_birth(function: FunctionInfo) -> bool:
    return any(
        isinstance(node, facts.Attr)
        and isinstance(node.obj, facts.Name)
        and node.obj.id == function.first
        and BIRTH.search(node.name)
        for node, _ in walk(function.inside.body)
    )


def declared(event: Event) -> tuple[str, ClassInfo | None]:
    """The name that the statement around an event gives a value, and the class in whose body it does."""
    for node in reversed(chain_to(event.module, event.place)):
        if isinstance(node, facts.Assign):
            target = node.targets[0]
            name = target.id if isinstance(target, facts.Name) else ""
            return name, class_at(event.module, event.place)
    return "", None


def cutoffs(program: Program) -> Iterator[tuple[Event, Place, Number]]:
    """`created_at < now - N` where it picks the tokens to renew."""
    for comparison in program.trail.comparisons:
        sides = ((comparison.left, comparison.names[1]), (comparison.right, comparison.names[0]))
        for side, other in sides:
            number = _ago(side)
            if number is not None and _of_file(comparison) and id(comparison) in program.renewal.guards:
                yield comparison, comparison.place, number
            if number is None or not BIRTH.search(other.rpartition(".")[2]):
                continue
            if _picks(program, comparison) or (judges_itself(comparison) and is_life(number)):
                yield comparison, comparison.place, number
    for stored in program.trail.stored:
        number = _ago(stored.value)
        name = _OLDER.sub("", stored.name)
        if number is not None and name != stored.name and BIRTH.search(name) and _picks(program, stored):
            yield stored, stored.place, number


def _ago(value: Value) -> Number | None:
    """N of a moment that lies N before the present."""
    for member in members(value):
        if isinstance(member, Deadline) and isinstance(member.base, Now) and member.number.value < 0:
            return replace(member.number, value=-member.number.value)
    return None


def _of_file(comparison: Comparison) -> bool:
    """Whether a comparison looks at the moment at which a file was written."""
    held = (m for side in (comparison.left, comparison.right) for m in members(side))
    hints = (m.hint for m in held if isinstance(m, Unknown))
    return any(_WRITTEN.search(text) for text in (*comparison.names, *hints))


def _picks(program: Program, event: Comparison | Stored) -> bool:
    """Whether what an event finds decides about a renewal, and about nothing else."""
    if program.is_mocked(event.module):
        return False
    if id(event) in program.renewal.guards:
        return True
    return event.function is not None and program.renewal.renews(event.function)
