"""Records that keep an id and a secret for each company: rows of a table, objects of a class.

One record alone is but a configuration, and so is one for each environment: only several that say whose
company they are for are credentials per company.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingT

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.repairs.code import before, chain_to, function_at
from procore_lint.values import Instance, Listing, Mapping, Place, Text, Unknown, Value

_COMPANY = regex(r"compan(?:y|ies)|customer|tenant", re.I)
#: Of one environment, region or host each.
_STAGE = regex(
    r"(?:\b|_)(?:prod|dev|stage|env|test|uat|qa|live)(?:\b|s\b|_)|production|sandbox|staging|environment|region",
    re.I,
)
_HOST = regex(r"host|url|domain|environment|region|zone|sandbox", re.I)
_SECRETS = regex(r"secret|vault|credential", re.I)


def origin(module: ModuleInfo, place: Place, value: facts.Expr) -> facts.Expr:
    """What a local name was last given before `place`; any other expression as it stands."""
    if isinstance(value, facts.Name):
        for statement in before(module, place):
            if (
                isinstance(statement, facts.Assign)
                and statement.value is not None
                and any(isinstance(t, facts.Name) and t.id == value.id for t in statement.targets)
            ):
                return statement.value
    return value


def reads_secret(call: facts.Call) -> bool:
    """Whether a call asks a store of secrets."""
    return bool(_SECRETS.search(dotted(call.func)))


def is_of_several(program: Program, module: ModuleInfo, place: Place, value: facts.Expr) -> bool:
    """Whether a value is a field of one of several records that have a company's id beside it."""
    field = _field(value)
    if field is None:
        return False
    holder, name = field
    paths = program.reach(module.path)
    tables = (table for path in paths for table in program.modules[path].scope.names.items())
    if any(_are_accounts(title, table, name) for title, table in tables):
        return True
    return isinstance(value, facts.Item) and _is_row(module, place, holder)


def _field(value: facts.Expr) -> tuple[str, str] | None:
    """The names of an object and of its field or key that an expression reads."""
    if isinstance(value, facts.Attr) and isinstance(value.obj, facts.Name):
        return value.obj.id, value.name
    if isinstance(value, facts.Item) and isinstance(value.obj, facts.Name):
        key = value.index.value if isinstance(value.index, facts.Const) else None
        return (value.obj.id, key) if isinstance(key, str) else None
    return None


def _are_accounts(title: str, table: Value, field: str) -> bool:
    """Whether a table's rows are for several companies, with an id or secret of its own for each."""
    rows = list(_rows(table))
    if len(rows) < 2 or _STAGE.search(title) or any(_HOST.search(name) for row in rows for name in row):
        return False
    companies = {name for row in rows for name in row if _COMPANY.search(name)}
    return _differ(rows, field) and any(_differ(rows, name) for name in companies)


def _rows(table: Value) -> Iterator[MappingT[str, Value]]:
    """The records of a table, as their fields by name; what a table's key says is one."""
    keyed: list[tuple[str, Value]] = []
    if isinstance(table, Mapping):
        keyed = list(table.entries.items())
    elif isinstance(table, Listing):
        keyed = [("", item) for item in table.items]
    for key, row in keyed:
        if _STAGE.search(key):
            continue
        if isinstance(row, Mapping):
            yield row.entries
        elif isinstance(row, Instance) and not row.symbolic:
            yield row.fields


def _differ(rows: list[MappingT[str, Value]], field: str) -> bool:
    """Whether all records say something of their own in a field, and none of an environment."""
    values = [row.get(field) for row in rows]
    texts = [_said(value) for value in values if value is not None]
    return None not in values and len(set(values)) == len(rows) and not any(map(_STAGE.search, texts))


def _said(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.hint.removeprefix("env:")
    return value.template if isinstance(value, Text) else ""


def _is_row(module: ModuleInfo, place: Place, name: str) -> bool:
    """Whether a name stands for the rows of a loop, in which the company's id is read from them too."""
    for node in chain_to(module, place):
        if isinstance(node, facts.Loop) and _goes_through(node.target, node.iter, name):
            return _reads_company(node.body, name)
    function = function_at(module, place)
    position = _position(function, name) if function is not None else None
    if function is None or position is None:
        return False
    return any(
        _reads_company((node.body, function.inside.body), given, name)
        for node, _ in walk(module.node.body)
        if isinstance(node, facts.Loop)
        for given in _given(node, function.name, position)
        if _goes_through(node.target, node.iter, given)
    )


def _goes_through(target: facts.Expr | None, rows: facts.Expr, name: str) -> bool:
    if not isinstance(target, facts.Name) or target.id != name:
        return False
    texts = [n.value for n, _ in walk(rows) if isinstance(n, facts.Const) and isinstance(n.value, str)]
    return not any(_STAGE.search(text) or _HOST.search(text) for text in (name, dotted(rows), *texts))


def _reads_company(body: object, *names: str) -> bool:
    return any(_COMPANY.search(key) for key in _keys(body, names)) and not any(
        _HOST.search(key) for key in _keys(body, names)
    )


def _keys(body: object, names: tuple[str, ...]) -> Iterator[str]:
    """The keys that code reads from objects of these names."""
    for node, _ in walk(body):
        holder = key = None
        if isinstance(node, facts.Item):
            holder, key = node.obj, node.index
        elif isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "get":
            holder, key = node.func.obj, node.args[0].value if node.args else None
        if isinstance(holder, facts.Name) and holder.id in names and isinstance(key, facts.Const):
            yield str(key.value)


def _position(function: FunctionInfo, name: str) -> int | None:
    names = [param.name for param in function.inside.params]
    return names.index(name) if name in names and function.owner is None else None


def _given(loop: facts.Loop, function: str, position: int) -> Iterator[str]:
    """The names that calls of a function in a loop pass at a position."""
    for node, _ in walk(loop.body):
        if isinstance(node, facts.Call) and dotted(node.func) == function and len(node.args) > position:
            given = node.args[position].value
            if isinstance(given, facts.Name):
                yield given.id
