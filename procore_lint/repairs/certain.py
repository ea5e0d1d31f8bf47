"""What is certainly something where it is read: set by then, and never None."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.project.model import ClassInfo, FunctionInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import shown, walk
from procore_lint.values import Nothing, Parameter, Value, members

_MAKERS = ("__init__", "__post_init__", "__attrs_post_init__")
_EMPTY_ALLOWED = frozenset({"null", "nullable", "blank", "allow_none"})


def is_none(node: facts.Expr | None) -> bool:
    """Whether an expression says itself that it may be nothing."""
    if isinstance(node, facts.Cond):
        return is_none(node.body) or is_none(node.orelse)
    if isinstance(node, facts.Logic):
        return any(map(is_none, node.values if node.op == "and" else node.values[-1:]))
    return isinstance(node, facts.Const) and node.value in (None, "", 0)


def is_optional(annotation: facts.Expr | None) -> bool:
    """Whether an annotation admits None; one that is a text is read as one."""
    for node in walk(annotation):
        if isinstance(node, facts.Const) and any(word in str(node.value) for word in ("None", "Optional")):
            return True
        if "Optional" in (getattr(node, "id", ""), getattr(node, "name", "")):
            return True
    return False


def may_be_nothing(program: Program, value: Value) -> bool:
    """Whether a value is None on some way, or what a caller may leave out."""
    for member in members(value):
        if isinstance(member, Nothing):
            return True
        if isinstance(member, Parameter) and not member.path:
            function = program.function(member.function)
            params = function.node.params if function is not None else ()
            if any(param.name == member.name and _is_left_open(param) for param in params):
                return True
    return False


def is_column_without_value(owner: ClassInfo, name: str) -> bool:
    """Whether a model's column may be empty: `null=True`, or SQLAlchemy's without `nullable=False`."""
    for info in owner.line():
        for statement in info.node.body:
            if not isinstance(statement, facts.Assign) or not isinstance(statement.value, facts.Call):
                continue
            if any(isinstance(target, facts.Name) and target.id == name for target in statement.targets):
                return _allows_empty(statement.value)
    return False


def _allows_empty(call: facts.Call) -> bool:
    said = {arg.name: arg.value for arg in call.args if arg.name}
    if any(_is_true(said.get(name)) for name in _EMPTY_ALLOWED) or is_none(said.get("default", call)):
        return True
    strict = isinstance(said.get("nullable"), facts.Const) or _is_true(said.get("primary_key"))
    return (shown(call.func) or "").rpartition(".")[2] == "Column" and not strict


def _is_true(node: facts.Expr | None) -> bool:
    return isinstance(node, facts.Const) and node.value is True


def is_set(owner: ClassInfo, function: FunctionInfo, name: str) -> bool:
    """Whether `self.name` certainly holds something in a method: its class or constructor sets it, never to
    nothing, and the method is not one that the constructor needs before that."""
    if any(_gives_nothing(method, name) for info in owner.line() for method in info.methods.values()):
        return False
    declared = owner.field_annotation(name)
    if is_column_without_value(owner, name) or (declared is not None and is_optional(declared[0])):
        return False
    if owner.attribute(name) is not None or (declared is not None and owner.is_model):
        return True
    for maker in _MAKERS:
        method = owner.find(maker)
        if method is not None and method is not function:
            needed = _needed_before(owner, method, name)
            if needed is not None:
                return function.node.name not in needed
    return False


def _first(function: FunctionInfo) -> str:
    return function.node.params[0].name if function.node.params and not function.is_static else ""


def _given(statement: object, function: FunctionInfo, name: str) -> Iterator[facts.Expr | None]:
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
    for statement in walk(function.node.body):
        for value in _given(statement, function, name):
            if is_none(value) or is_optional(getattr(statement, "annotation", None)):
                return True
            if isinstance(value, facts.Name) and _is_open_parameter(function, value.id):
                return True
    return False


def _is_open_parameter(function: FunctionInfo, name: str) -> bool:
    """Whether a parameter may be None all through its function: no test ends the run, no default follows."""
    if not any(param.name == name and _is_left_open(param) for param in function.node.params):
        return False
    for statement in function.node.body:
        if isinstance(statement, facts.If) and _tests_missing(statement.test, name):
            if statement.body and isinstance(statement.body[-1], facts.Raise):
                return False
            if any(_binds(inner, name) for inner in statement.body):
                return False
        if _binds(statement, name):
            return False
    return True


def _is_left_open(param: facts.Param) -> bool:
    return (param.default is not None and is_none(param.default)) or is_optional(param.annotation)


def _tests_missing(test: facts.Expr, name: str) -> bool:
    if isinstance(test, facts.Not):
        return shown(test.value) == name
    if isinstance(test, facts.Logic) and test.op == "or":
        return any(_tests_missing(value, name) for value in test.values)
    return isinstance(test, facts.Compare) and test.op == "is" and shown(test.left) == name


def _binds(statement: facts.Stmt, name: str) -> bool:
    if not isinstance(statement, facts.Assign) or is_none(statement.value):
        return False
    return any(isinstance(target, facts.Name) and target.id == name for target in statement.targets)


def _needed_before(owner: ClassInfo, maker: FunctionInfo, name: str) -> frozenset[str] | None:
    """The methods that a constructor may run before it has set the attribute; None where it may not set it.

    A constructor that leaves it to its base's needs what that one needs.
    """
    read: list[str] = []
    for statement in _surely_run(maker.node.body):
        read += _read_of(statement, _first(maker))
        if any(True for _ in _given(statement, maker, name)):
            return _closure(owner, read)
        if any(shown(node) == "super" for node in walk(statement)):
            for base in (base for info in owner.line() if info is maker.owner for base in info.bases):
                above = base.find(maker.node.name)
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
        waiting += _read_of(method.node.body, _first(method))
    return frozenset(found)
