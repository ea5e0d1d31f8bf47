"""The company's id in reach of a place: the code that gives it there, in the user's own names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from procore_lint import facts
from procore_lint.project.events import Request
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.certain import (
    guarded,
    is_doubted,
    is_none,
    is_open,
    is_optional,
    may_be_nothing,
    may_lack,
)
from procore_lint.repairs.code import before, chain_to, class_at, function_at, root_name, shown, walk
from procore_lint.repairs.fields import is_doubtful_column, is_set, sources
from procore_lint.repairs.owners import belongs_to_another, names_company
from procore_lint.values import (
    UNKNOWN,
    Client,
    Function,
    Hole,
    Instance,
    Listing,
    Mapping,
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
_KEY = re.compile(r"\A(?:procore[-_ ]?)?company[-_ ]?id\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Company:
    """Code of the id, as a text for a header; `name` is what it reads, `parameter` what callers pass."""

    code: str
    name: str
    parameter: str = ""
    function: str = ""


def company_id(program: Program, module: ModuleInfo, place: Place) -> Company | None:
    """The id that is certainly bound at `place`: parameter, local, attribute of self, constant, setting."""
    found = _in_reach(program, module, place)
    if found is not None and belongs_to_another(program, function_at(module, place), found.name):
        return None
    return found


def _in_reach(program: Program, module: ModuleInfo, place: Place) -> Company | None:
    function = function_at(module, place)
    around = [node for node in chain_to(module, place) if isinstance(node, facts.Function)]
    if function is not None:
        found = (
            _parameter(function, module, place)
            or _local(function, module, place)
            or _attribute(program, function, module, place)
        )
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


def _parameter(function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
    for param in function.inside.params:
        if not _NAMED.match(param.name) or param.kind not in ("pos", "kw"):
            continue
        if _is_steady(function, param.name, place) and not is_open(function, param.name):
            return Company(_as_text(param.name, param.annotation), param.name, param.name, function.id)
    return None


def _is_steady(function: FunctionInfo, name: str, place: Place) -> bool:
    """Whether a local name is never nothing, nor asked whether it is, and means the same after a place."""
    for node in walk(function.inside.body):
        targets: tuple[facts.Expr | None, ...] = ()
        if isinstance(node, facts.Assign):
            gone = node.value is not None and is_none(node.value)
            targets = node.targets if gone or node.span[:2] > tuple(place.span[:2]) else ()
        elif isinstance(node, facts.Delete):
            targets = node.targets
        elif isinstance(node, facts.Loop) and node.span[:2] > tuple(place.span[:2]):
            targets = (node.target,)
        if any(isinstance(target, facts.Name) and target.id == name for target in targets):
            return False
    return not is_doubted(name, function.inside.body, leaves=True)


def _local(function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
    earlier = list(before(module, place))
    bound: list[tuple[facts.Expr, facts.Expr | None]] = [
        (node.target, None)
        for node in chain_to(module, place)
        if isinstance(node, facts.Loop) and node.target is not None
    ]
    for statement in earlier:
        if isinstance(statement, facts.Assign) and statement.value is not None:
            bound += [(target, statement.value) for target in statement.targets]
    for target, value in bound:
        if not isinstance(target, facts.Name) or not _NAMED.match(target.id) or is_none(value):
            continue
        if value is not None and not names_company(value):
            return None
        if may_lack(value) and not guarded(earlier, target.id):
            return None
        return Company(_as_text(target.id), target.id) if _is_steady(function, target.id, place) else None
    return None


def named_by(function: FunctionInfo | None, node: msgspec.Struct) -> Company | None:
    """The company's id as the request itself names it, where that is plain code which is never nothing."""
    code, root = shown(node), root_name(node)
    if code is None or not isinstance(node, (facts.Name, facts.Attr, facts.Item)) or "(" in code:
        return None
    if function is not None and (
        is_open(function, root)
        or is_doubted(code, function.inside.body, leaves=True)
        or any(
            isinstance(part, facts.Assign) and may_lack(part.value) and code in map(shown, part.targets)
            for part in walk(function.inside.body)
        )
    ):
        return None
    annotation = (
        next((p.annotation for p in function.inside.params if p.name == code), None) if function else None
    )
    return Company(_as_text(code, annotation), code) if names_company(node) else None


def _attribute(program: Program, function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
    owner = function.owner
    first = function.inside.params[0].name if function.inside.params else ""
    if owner is None or function.is_static or function.is_class_method or not first:
        return None
    for name, value in _fields(owner):
        found = ""
        if _NAMED.match(name):
            found = "" if _is_no_id(value) else f"{first}.{name}"
        else:
            held = (pair for member in members(value) for pair in _held_by(program, member))
            found = next((f"{first}.{name}.{theirs}" for theirs, _ in held if _NAMED.match(theirs)), "")
        if not found or any(isinstance(member, Nothing) for member in members(value)):
            continue
        if not all(map(names_company, sources(owner, name))):
            continue
        here = function.name == "__init__" and _is_set(module, place, first, name)
        if here or is_set(owner, function, name):
            return Company(f"str({found})", found)
    return None


def _is_no_id(value: Value) -> bool:
    """Whether a value is None on some way, an object, or the name under which ids are kept: "company_id"."""
    return any(
        isinstance(member, (Nothing, Instance, Mapping, Listing, Client, Function))
        or (isinstance(member, Text) and _KEY.match(member.plain or ""))
        for member in members(value)
    )


def _held_by(program: Program, value: Value) -> Iterator[tuple[str, Value]]:
    """The fields of an object that are surely something: those set, those of its class, those declared so."""
    if not isinstance(value, Instance):
        return
    fields = [*value.fields.items(), *_fields(value.info)]
    known = {name for name, _ in fields}
    fields += [
        (name, UNKNOWN) for info in value.info.line() for name in info.annotations if name not in known
    ]
    for name, held in fields:
        declared = value.info.field_annotation(name)
        if declared is not None and is_optional(declared[0]):
            continue
        if may_be_nothing(program, held) or _is_no_id(held) or is_doubtful_column(value.info, name):
            continue
        yield name, held


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
        names: list[str] = []
        if isinstance(statement, facts.Assign) and (waits or statement.span < tuple(place.span)):
            if (
                statement.value is not None
                and not may_lack(statement.value)
                and names_company(statement.value)
            ):
                names = [target.id for target in statement.targets if isinstance(target, facts.Name)]
        elif isinstance(statement, facts.ImportFrom):
            names = [statement.alias or statement.name]
        for name in names:
            if not _NAMED.match(name) or _is_no_id(module.scope.names.get(name, UNKNOWN)):
                continue
            if not is_doubted(name, module.node.body, leaves=False):
                return Company(_as_text(name), name)
    return None


def _setting(program: Program, module: ModuleInfo, hidden: frozenset[str]) -> Company | None:
    """`settings.COMPANY_ID` of an imported module of the project, of a settings class or object."""
    for name, value in module.scope.names.items():
        if name in hidden or not _is_at_top(module, name) or _is_no_id(value):
            continue
        for member in members(value):
            for theirs, held in _held(program, member):
                if _NAMED.match(theirs) and not _is_no_id(held):
                    return Company(f"str({name}.{theirs})", f"{name}.{theirs}")
    return None


def _held(program: Program, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Package) and value.info.path in program.modules:
        yield from value.info.scope.names.items()
    elif isinstance(value, Type) and not any(value.info.ancestors()):
        # What a class declares with a type, or for a library, may be a field, which only its objects have.
        yield from ((n, v) for n, v in value.info.attributes.items() if n not in value.info.annotations)
    yield from _held_by(program, value)


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
