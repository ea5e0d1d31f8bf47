"""The company's id in reach of a place: the code that gives it there, in the user's own names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from procore_lint import facts
from procore_lint.project.events import Request
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import before, chain_to, class_at, function_at, shown, walk
from procore_lint.values import (
    UNKNOWN,
    Hole,
    Instance,
    Nothing,
    Package,
    Parameter,
    Place,
    Text,
    Type,
    Value,
    members,
)

_NAMED = re.compile(r"\A_*(?:(?:procore|default)_?)?company_?id\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Company:
    """Code that gives the id, as a text for a header; `parameter` names it where callers pass it."""

    code: str
    parameter: str = ""
    function: str = ""


def company_id(program: Program, module: ModuleInfo, place: Place) -> Company | None:
    """The id that is certainly bound at `place`: parameter, local, attribute of self, constant, setting."""
    function = function_at(module, place)
    around = [node for node in chain_to(module, place) if isinstance(node, facts.Function)]
    if function is not None:
        found = _parameter(function) or _local(function, module, place) or _attribute(function, module, place)
        if found is not None:
            return found
        if any(_NAMED.match(param.name) for node in around for param in node.params):
            return None  # it may be None there, and shadows what is outside
    owner = class_at(module, place)
    if function is None and owner is not None:
        return None  # a class body's names have their own order
    hidden = frozenset(param.name for node in around for param in node.params)
    return _constant(module, place) or _setting(program, module, hidden)


def is_in_path(request: Request, company: Company) -> bool:
    """Whether the request's path names the same parameter as its company: `/companies/{company_id}/...`."""
    if not company.parameter:
        return False
    for member in members(request.url):
        if not isinstance(member, Text) or not _names_company(member, company):
            return False
    return True


def _names_company(text: Text, company: Company) -> bool:
    template = text.template
    at = template.find("/companies/\0")
    if at < 0:
        return False
    offset = at + len("/companies/")
    for part in text.parts:
        if offset == 0 and isinstance(part, Hole):
            value = part.value
            return value == Parameter(company.function, company.parameter)
        offset -= 1 if isinstance(part, Hole) else len(part.text)
    return False


def _as_text(name: str, annotation: facts.Expr | None = None) -> str:
    is_text = isinstance(annotation, facts.Name) and annotation.id == "str"
    return name if is_text else f"str({name})"


def _parameter(function: FunctionInfo) -> Company | None:
    for param in function.inside.params:
        named = _NAMED.match(param.name) and param.kind in ("pos", "kw")
        if not named or _is_none(param.default) or _is_optional(param.annotation):
            continue
        if not _is_lost(function, param.name, (0, 0)):
            return Company(_as_text(param.name, param.annotation), param.name, function.id)
    return None


def _is_none(node: facts.Expr | None) -> bool:
    """Whether an expression says itself that it may be nothing."""
    if isinstance(node, facts.Cond):
        return _is_none(node.body) or _is_none(node.orelse)
    if isinstance(node, facts.Logic):
        return any(map(_is_none, node.values if node.op == "and" else node.values[-1:]))
    return isinstance(node, facts.Const) and node.value in (None, "", 0)


def _is_lost(function: FunctionInfo, name: str, since: tuple[int, int]) -> bool:
    """Whether the function deletes a name, or may make it nothing, anywhere after a place."""
    for node in walk(function.inside.body):
        if isinstance(node, facts.Assign):
            gone = node.span[:2] > since and node.value is not None and _is_none(node.value)
        else:
            gone = isinstance(node, facts.Delete)
        targets = node.targets if gone and isinstance(node, (facts.Assign, facts.Delete)) else ()
        if any(isinstance(target, facts.Name) and target.id == name for target in targets):
            return True
    return False


def _is_optional(annotation: facts.Expr | None) -> bool:
    """Whether an annotation admits None; one that is a text is read as one."""
    for node in walk(annotation):
        if isinstance(node, facts.Const) and any(word in str(node.value) for word in ("None", "Optional")):
            return True
        if "Optional" in (getattr(node, "id", ""), getattr(node, "name", "")):
            return True
    return False


def _local(function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
    for statement in before(module, place):
        if not isinstance(statement, facts.Assign) or statement.value is None or _is_none(statement.value):
            continue
        for target in statement.targets:
            if isinstance(target, facts.Name) and _NAMED.match(target.id):
                if _is_lost(function, target.id, statement.span[:2]):
                    return None
                return Company(_as_text(target.id))
    return None


def _attribute(function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
    owner = function.owner
    first = function.inside.params[0].name if function.inside.params else ""
    if owner is None or function.is_static or function.is_class_method or not first:
        return None
    for name, value in _fields(owner):
        if function.name == "__init__" and not _is_set(module, place, first, name):
            continue
        if _NAMED.match(name) and not _is_nothing(value):
            return Company(f"str({first}.{name})")
        for member in members(value):
            for theirs, held in _held_by(member) if isinstance(member, Instance) else ():
                if _NAMED.match(theirs) and not _is_nothing(held):
                    return Company(f"str({first}.{name}.{theirs})")
    return None


def _is_nothing(value: Value) -> bool:
    return any(isinstance(member, Nothing) for member in members(value))


def _held_by(instance: Instance) -> Iterator[tuple[str, Value]]:
    """The fields of an object: those set, those of its class, and those that it declares as never None."""
    yield from instance.fields.items()
    yield from _fields(instance.info)
    for info in instance.info.line():
        for name, annotation in info.annotations.items():
            if name not in info.attributes and not _is_optional(facts.unpack(annotation)):
                yield name, UNKNOWN


def _fields(owner: ClassInfo) -> Iterator[tuple[str, Value]]:
    for info in owner.line():
        yield from info.symbol.fields.items() if info.symbol is not None else ()
        yield from info.attributes.items()


def _is_set(module: ModuleInfo, place: Place, first: str, name: str) -> bool:
    for statement in before(module, place):
        for node in walk(statement) if isinstance(statement, facts.Assign) else ():
            if isinstance(node, facts.Attr) and (shown(node) == f"{first}.{name}"):
                return True
    return False


def _constant(module: ModuleInfo, place: Place) -> Company | None:
    """A name of the module's own code that is bound before the place, or anywhere where a function waits."""
    waits = any(isinstance(node, facts.Function) for node in chain_to(module, place))
    for statement in module.node.body:
        if isinstance(statement, facts.Assign) and (waits or statement.span < tuple(place.span)):
            if statement.value is None or _is_none(statement.value):
                continue
            for target in statement.targets:
                if isinstance(target, facts.Name) and _NAMED.match(target.id):
                    return Company(_as_text(target.id))
        elif isinstance(statement, facts.ImportFrom) and _NAMED.match(statement.alias or statement.name):
            return Company(_as_text(statement.alias or statement.name))
    return None


def _setting(program: Program, module: ModuleInfo, hidden: frozenset[str]) -> Company | None:
    """`settings.COMPANY_ID` of an imported module of the project, of a settings class or object."""
    for name, value in module.scope.names.items():
        if name in hidden or not _is_at_top(module, name):
            continue
        for member in members(value):
            for theirs, held in _held(program, member):
                if _NAMED.match(theirs) and not _is_nothing(held):
                    return Company(f"str({name}.{theirs})")
    return None


def _held(program: Program, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Package) and value.info.path in program.modules:
        yield from value.info.scope.names.items()
    elif isinstance(value, Instance):
        yield from _held_by(value)
    elif isinstance(value, Type):
        # What a class declares with a type may be a field, which only its objects have.
        yield from ((n, v) for n, v in value.info.attributes.items() if n not in value.info.annotations)


def _is_at_top(module: ModuleInfo, name: str) -> bool:
    """Whether a top statement of the module imports or assigns the name."""
    for statement in module.node.body:
        if isinstance(statement, (facts.Import, facts.ImportFrom)):
            if name == (getattr(statement, "alias", "") or statement.name):
                return True
        elif isinstance(statement, facts.Assign) and any(
            shown(target) == name for target in statement.targets
        ):
            return True
    return False
