"""Enumerations: their members, which stand for their values, and what a class gives its members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project import attributes, naming, urls
from procore_lint.project.model import ClassInfo, Scope
from procore_lint.values import (
    UNKNOWN,
    WIDTH,
    Choice,
    Function,
    Instance,
    Listing,
    Mapping,
    Number,
    Parameter,
    Piece,
    Place,
    Text,
    Type,
    Value,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: What stands for members: their values.
MEMBERS = frozenset({Text, Number, Listing, Mapping})


def note(machine: Machine, info: ClassInfo) -> None:
    """Remember where the members of a new class are written, if it is an enumeration with methods."""
    if naming.is_enum(info) and any(base.methods for base in info.line()):
        for name, value in _named(info):
            place = _place(value)
            if place is not None:
                machine.enums[place] = info, name


def members_of(info: ClassInfo) -> list[Value]:
    """The values of an enumeration's members, in order."""
    return [value for _, value in _named(info)]


def _named(info: ClassInfo) -> list[tuple[str, Value]]:
    return [
        (name, value)
        for name, value in info.attributes.items()
        if not name.startswith("_") and type(value) in MEMBERS
    ]


def listed(value: Value) -> Value:
    """What a loop over an enumeration goes through."""
    if type(value) is not Type or not naming.is_enum(value.info):
        return value
    found = members_of(value.info)
    place = value.info.module.place(value.info.span)
    return Listing(place, found, "tuple") if found else value


def any_of(info: ClassInfo) -> Value | None:
    """Any member of an enumeration, where a run meets each of them: environments, or paths.

    They have to be hosts, urls or paths themselves: what is made of other words may be for any purpose. Where
    members are different hosts of one environment, code picks one for each purpose, too.
    """
    found = members_of(info) if naming.is_enum(info) else []
    kinds = {type(value) for value in found}
    if len(found) > WIDTH or len(kinds) != 1 or Number in kinds:
        return None
    met: set[tuple[object, str]] = set()
    for value in found:
        texts = list(_texts(value))
        if not any(_ADDRESS.match(text) for _, text in texts):
            return None
        for key, text in texts:
            if text.startswith("/") and key is not None:
                return None  # rows of more than hosts: what stands in one belongs together
            host = urls.address(Text((Piece(text, _NOWHERE),))).host or text
            if not urls.is_procore(host):
                continue
            if (key, _environment(host)) in met:
                return None
            met.add((key, _environment(host)))
    return join(found)


_ADDRESS = regex(r"https?://|/|[\w-]+(?:\.[\w-]+)+(?:[:/]|\Z)")
_NOWHERE = Place("", 1, 1, 1, 1)


def _texts(value: Value) -> Iterator[tuple[object, str]]:
    """The texts of a member, each with its position or key there."""
    rows: list[tuple[object, Value]] = [(None, value)]
    if isinstance(value, Listing):
        rows = list(enumerate(value.items))
    elif isinstance(value, Mapping):
        rows = list(value.entries.items())
    for key, item in rows:
        if isinstance(item, Text) and item.plain is not None:
            yield key, item.plain


def _environment(host: str) -> str:
    words = [word for word in ("monthly", "sandbox", "gov") if word in host]
    return " ".join(words)


def called(machine: Machine, info: ClassInfo, args: list[Value]) -> Value | None:
    """The member that `Site("https://...")` finds, or any where the value is not decided."""
    for given in members(args[0]) if args else ():
        if isinstance(given, Parameter):
            machine.picks(given)
    wanted = args[0].plain if len(args) == 1 and isinstance(args[0], Text) else None
    if wanted is None:
        return any_of(info)
    found = [m for m in members_of(info) if isinstance(m, Text) and m.plain == wanted]
    return found[0] if found else None


def member(machine: Machine, value: Value, name: str) -> Value | None:
    """What an enumeration gives a member: no dict or list has a `value` by itself."""
    if name in ("value", "_value_"):
        return value
    return attribute(machine, value, name) if machine.enums else None


def attribute(machine: Machine, value: Value, name: str) -> Value | None:
    """What a member has under `name` by its class; None for what is no member, or has it not."""
    place = _place(value)
    known = machine.enums.get(place) if place is not None else None
    if place is None or known is None:
        return None
    info = known[0]
    if name == "name":
        return literal(known[1], place)
    method = info.find(name)
    if method is not None:
        return attributes.bound(method, Type(info) if method.is_class_method else value)
    init = info.find("__init__")
    if init is None:
        return None
    held = machine.enum_objects.get(place)
    if held is None:
        held = machine.enum_objects[place] = Instance(info, place)
        args: list[Value] = [*value.items] if isinstance(value, Listing) else [value]
        machine.mutely(lambda: machine.invoke(Function(init, init.scope, held), args, {}))
    return held.fields.get(name)


def same(machine: Machine, left: Value, right: Value) -> bool | None:
    """Whether two values are one member of an enumeration, where both are members."""
    one, other = _place(left), _place(right)
    if one is None or other is None or one not in machine.enums or other not in machine.enums:
        return None
    return one == other if machine.enums[one][0] is machine.enums[other][0] else None


def decided(method: Function, value: Value) -> Value:
    """What a member's method gives, where its arms, which ask for the member, are not undecided."""
    return UNKNOWN if type(value) is Choice and type(method.receiver) in MEMBERS else value


def _place(value: Value) -> Place | None:
    if type(value) is Text:
        first = value.parts[0] if len(value.parts) == 1 else None
        return first.place if type(first) is Piece else None
    return value.place if isinstance(value, (Listing, Number, Mapping)) else None


def annotated(machine: Machine, annotation: facts.Expr, scope: Scope) -> Value | None:
    """Any member of the enumeration that an annotation names."""
    for value in naming.named_by(machine, annotation, scope):
        if type(value) is Type and naming.is_enum(value.info):
            return any_of(value.info)
    return None
