"""Classes that `namedtuple` and its likes make by a call: models whose fields the call names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import storing
from procore_lint.project.model import Args, ClassInfo, Kwargs, named
from procore_lint.values import External, Listing, Text, Type, Value

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

#: A class whose fields the project does not say.
RECORD = "<named tuple>"


def made(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """The class that `namedtuple("Site", "api login")` or `NamedTuple("Site", [("api", str)])` gives."""
    fields = list(_fields(args[1])) if len(args) > 1 else []
    name = args[0].plain if args and isinstance(args[0], Text) else None
    if not fields or name is None:
        return External(RECORD)
    module, place = site.frame.module, site.place
    span: facts.SpanT = (place.line, place.column, place.end_line, place.end_column)
    info = machine.classes.get((module.path, span))
    if info is None:
        node = facts.Class(name, (), (), (), (), span)
        info = ClassInfo(
            module, name, span, node, named(module, f"{name}@{place.line}"), module.scope,
            external=["typing.NamedTuple"], order=fields,
        )  # fmt: skip
        machine.classes[module.path, span] = info
        defaults = kwargs.get("defaults")
        if isinstance(defaults, Listing) and defaults.exact and defaults.items:
            info.attributes.update(zip(fields[-len(defaults.items) :], defaults.items, strict=False))
    return Type(info)


def record(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """An object of such a class whose fields are not known."""
    made = Listing(site.place, [*args, *kwargs.values()], "tuple")
    machine.made(made)
    storing.together(machine, made, made.items, site.place)
    return made


def _fields(value: Value) -> Iterator[str]:
    if isinstance(value, Text):
        yield from (value.plain or "").replace(",", " ").split()
    elif isinstance(value, Listing) and value.exact:
        for item in value.items:
            if isinstance(item, Listing) and item.items:
                item = item.items[0]
            if isinstance(item, Text) and item.plain is not None:
                yield item.plain


def is_one(info: ClassInfo) -> bool:
    """Whether objects of a class are tuples as well."""
    return any(name.rpartition(".")[2] == "NamedTuple" for name in info.ancestors())


def order(info: ClassInfo) -> list[str]:
    """The fields of such a class, those of its bases first."""
    return list(dict.fromkeys(name for base in reversed(list(info.line())) for name in base.order))
