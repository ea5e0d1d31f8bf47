"""What objects, modules and settings hold under the name of the company's id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ClassInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.certain import is_optional, may_be_nothing
from procore_lint.repairs.fields import is_doubtful_column
from procore_lint.repairs.names import bound_by
from procore_lint.values import (
    UNKNOWN,
    Client,
    Function,
    Instance,
    Listing,
    Mapping,
    Nothing,
    Package,
    Text,
    Type,
    Value,
    members,
)

NAMED = regex(r"\A_*(?:(?:procore|default)_?)?company_?id\Z", re.IGNORECASE)
_KEY = regex(r"\A(?:procore[-_ ]?)?company[-_ ]?id\Z", re.IGNORECASE)


def is_no_id(value: Value) -> bool:
    """Whether a value is None on some way, an object, or the name under which ids are kept: "company_id"."""
    return any(
        isinstance(member, (Nothing, Instance, Mapping, Listing, Client, Function))
        or (isinstance(member, Text) and _KEY.match(member.plain or ""))
        for member in members(value)
    )


def fields(owner: ClassInfo) -> Iterator[tuple[str, Value]]:
    """The attributes of a class and its bases: those of its objects first."""
    for info in owner.line():
        yield from info.symbol.fields.items() if info.symbol is not None else ()
        yield from info.attributes.items()


def ids_of(program: Program, value: Value) -> Iterator[str]:
    """The attributes of an object that are named after the company's id, and surely are something."""
    if not isinstance(value, Instance):
        return
    known = [*value.fields.items(), *fields(value.info)]
    names = {name for name, _ in known}
    known += [(name, UNKNOWN) for info in value.info.line() for name in info.annotations if name not in names]
    for name, held in known:
        if not NAMED.match(name) or may_be_nothing(program, held) or is_no_id(held):
            continue
        declared = value.info.field_annotation(name)
        optional = declared is not None and is_optional(declared[0])
        if not optional and not is_doubtful_column(value.info, name):
            yield name


def settings_of(program: Program, value: Value) -> Iterator[str]:
    """The company's ids that an imported module, a settings class or an object keeps."""
    kept: dict[str, Value] = {}
    if isinstance(value, Package) and value.info.path in program.modules:
        kept = value.info.scope.names
    elif isinstance(value, Type) and not any(value.info.ancestors()):
        # What a class declares with a type, or for a library, may be a field, which only its objects have.
        kept = {n: v for n, v in value.info.attributes.items() if n not in value.info.annotations}
    yield from (name for name, held in kept.items() if NAMED.match(name) and not is_no_id(held))
    yield from ids_of(program, value)


def read_setting(program: Program, module: ModuleInfo, hidden: frozenset[str]) -> str:
    """The code that reads the company's id from what a top statement of the module imports or assigns."""
    tops = {
        name
        for statement in module.node.body
        if isinstance(statement, (facts.Assign, facts.Import, facts.ImportFrom))
        for name in bound_by(statement)
    }
    for name, value in module.scope.names.items():
        if name in tops and name not in hidden and not is_no_id(value):
            for member in members(value):
                for theirs in settings_of(program, member):
                    return f"{name}.{theirs}"
    return ""
