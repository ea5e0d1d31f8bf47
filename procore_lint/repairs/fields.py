"""Attributes of `self`: what sets them, whether they are set where they are read, and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.project.model import ClassInfo, FunctionInfo
from procore_lint.repairs.certain import guarded, is_doubted, is_open, is_optional, may_lack
from procore_lint.repairs.code import shown, walk

_MAKERS = ("__init__", "__post_init__", "__attrs_post_init__")
_EMPTY_ALLOWED = frozenset({"null", "nullable", "blank", "allow_none"})
#: Columns of models by their last name, of Django and of SQLAlchemy; others may hold rows of other tables.
_COLUMN = re.compile(r"(?:Integer|Char|Text|UUID|Slug)Field\Z|\A(?:Column|mapped_column)\Z")


def is_doubtful_column(owner: ClassInfo, name: str) -> bool:
    """Whether a class attribute is made by a call that may leave it empty, or gives something else.

    So are models' columns with `null=True`, SQLAlchemy's without `nullable=False`, relations and descriptors.
    """
    made = next(_given_by_class(owner, name), None)
    return isinstance(made, facts.Call) and _allows_empty(made)


def _given_by_class(owner: ClassInfo, name: str) -> Iterator[facts.Expr]:
    """What the bodies of a class and its bases give a name, nearest first."""
    for info in owner.line():
        for statement in info.node.body:
            if isinstance(statement, facts.Assign) and statement.value is not None:
                yield from (statement.value for target in statement.targets if shown(target) == name)


def _allows_empty(call: facts.Call) -> bool:
    maker = (shown(call.func) or "").rpartition(".")[2]
    if maker in ("int", "str", "getenv", "get", "config", "env"):
        return may_lack(call)
    if _COLUMN.search(maker) is None:
        return True
    said = {arg.name: arg.value for arg in call.args if arg.name}
    default = said.get("default")
    if any(_is_true(said.get(name)) for name in _EMPTY_ALLOWED) or (
        default is not None and may_lack(default)
    ):
        return True
    strict = isinstance(said.get("nullable"), facts.Const) or _is_true(said.get("primary_key"))
    return maker == "Column" and not strict


def _is_true(node: facts.Expr | None) -> bool:
    return isinstance(node, facts.Const) and node.value is True


def is_set(owner: ClassInfo, function: FunctionInfo, name: str) -> bool:
    """Whether `self.name` certainly holds something in a method: its class or constructor sets it, never to
    nothing, and the method is not one that the constructor needs before that."""
    methods = [method for info in owner.line() for method in info.methods.values()]
    if any(_gives_nothing(method, name) for method in methods):
        return False
    code = f"{_first(function)}.{name}"
    if any(is_doubted(code, method.inside.body, leaves=False) for method in methods):
        return False
    declared = owner.field_annotation(name)
    if is_doubtful_column(owner, name) or (declared is not None and is_optional(declared[0])):
        return False
    if owner.attribute(name) is not None or (declared is not None and owner.is_model):
        return True
    for maker in _MAKERS:
        method = owner.find(maker)
        if method is not None and method is not function:
            needed = _needed_before(owner, method, name)
            if needed is not None:
                return function.name not in needed
    return False


def is_fixed(owner: ClassInfo, name: str) -> bool:
    """Whether nothing but the class and its constructors sets an attribute: it stays what it is."""
    return not any(
        any(True for statement in walk(method.inside.body) for _ in given(statement, method, name))
        for info in owner.line()
        for method in info.methods.values()
        if method.name not in _MAKERS
    )


def kept_as(function: FunctionInfo, name: str) -> list[str]:
    """The attributes that a method sets to what a local name holds."""
    prefix = f"{_first(function)}."
    return [
        (shown(target) or "").removeprefix(prefix)
        for statement in walk(function.inside.body)
        if isinstance(statement, facts.Assign) and shown(statement.value) == name
        for target in statement.targets
        if (shown(target) or "").startswith(prefix)
    ]


def sources(owner: ClassInfo, name: str) -> Iterator[facts.Expr]:
    """Every expression that the class gives an attribute."""
    yield from _given_by_class(owner, name)
    for info in owner.line():
        for method in info.methods.values():
            for node in walk(method.inside.body):
                yield from (value for value in given(node, method, name) if value is not None)


def _first(function: FunctionInfo) -> str:
    return function.inside.params[0].name if function.inside.params and not function.is_static else ""


def given(statement: object, function: FunctionInfo, name: str) -> Iterator[facts.Expr | None]:
    """What a statement sets the attribute to; of `self.a, self.b = a, b` each its own."""
    if not isinstance(statement, facts.Assign):
        return
    for target in statement.targets:
        pairs = [(target, statement.value)]
        if isinstance(target, facts.Seq):
            whole = statement.value
            values = whole.items if isinstance(whole, facts.Seq) else (whole,) * len(target.items)
            pairs = list(zip(target.items, values, strict=False))
        yield from (value for part, value in pairs if shown(part) == f"{_first(function)}.{name}")


def _gives_nothing(function: FunctionInfo, name: str) -> bool:
    """Whether a method may set the attribute to nothing."""
    for statement in walk(function.inside.body):
        for value in given(statement, function, name):
            if may_lack(value) or is_optional(getattr(statement, "annotation", None)):
                return True
            if isinstance(value, facts.Name) and _is_open_here(function, value.id):
                return True
    return False


def _is_open_here(function: FunctionInfo, name: str) -> bool:
    """Whether a parameter may be None all through its function: no test ends the run, no default follows."""
    if not is_open(function, name) or guarded(function.inside.body, name):
        return False
    return not any(
        isinstance(s, facts.Assign) and not may_lack(s.value) and name in (shown(t) for t in s.targets)
        for s in function.inside.body
    )


def _needed_before(owner: ClassInfo, maker: FunctionInfo, name: str) -> frozenset[str] | None:
    """The methods that a constructor may run before it has set the attribute; None where it may not set it.

    A constructor that leaves it to its base's needs what that one needs.
    """
    read: list[str] = []
    for statement in _surely_run(maker.inside.body):
        read += _read_of(statement, _first(maker))
        if any(True for _ in given(statement, maker, name)):
            return _closure(owner, read)
        if any(shown(node) == "super" for node in walk(statement)):
            for base in (base for info in owner.line() if info is maker.owner for base in info.bases):
                above = base.find(maker.name)
                needed = _needed_before(base, above, name) if above is not None else None
                if needed is not None:
                    return _closure(owner, [*read, *needed])
    return None


def _surely_run(block: tuple[facts.Stmt, ...]) -> Iterator[facts.Stmt]:
    for statement in block:
        if isinstance(statement, (facts.With, facts.Try)):
            yield from _surely_run(statement.body)
        else:
            yield statement


def _read_of(node: object, first: str) -> list[str]:
    """The attributes of `self` that code reads."""
    inside = (n for n in walk(node) if isinstance(n, facts.Attr))
    return [n.name for n in inside if isinstance(n.obj, facts.Name) and n.obj.id == first]


def _closure(owner: ClassInfo, names: list[str]) -> frozenset[str]:
    """Methods by name, with those that they use of `self` in turn."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        method = owner.find(name)
        if name in found or method is None:
            continue
        found.add(name)
        waiting += _read_of(method.inside.body, _first(method))
    return frozenset(found)
