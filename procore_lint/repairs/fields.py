"""Attributes of `self`: what sets them, whether they are set where they are read, and what they may hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ClassInfo, FunctionInfo
from procore_lint.repairs.certain import doubted, guarded, is_open, is_optional, is_true, may_lack
from procore_lint.repairs.code import walk
from procore_lint.repairs.names import given
from procore_lint.repairs.shown import shown

MAKERS = ("__init__", "__post_init__", "__attrs_post_init__")
_EMPTY_ALLOWED = frozenset({"null", "nullable", "blank", "allow_none"})
#: Columns of models by their last name, of Django and of SQLAlchemy; others may hold rows of other tables.
_COLUMN = regex(r"(?:Integer|Char|Text|UUID|Slug)Field\Z|\A(?:Column|mapped_column)\Z")

#: A method, a statement of it that sets an attribute, and the value that it gives.
_Given = tuple[FunctionInfo, facts.Assign, "facts.Expr | None"]


def is_hidden(owner: ClassInfo | None, code: str) -> bool:
    """Whether `self.__name` means nothing in a class, as the methods of another set it (name mangling)."""
    for part in code.split("."):
        if part.startswith("__") and not part.endswith("__"):
            methods = owner.methods.values() if owner is not None else ()
            statements = ((m, s) for m in methods for s in _assignments(m.inside.body))
            if not any(part in dict(_set_by(statement, method.first)) for method, statement in statements):
                return True
    return False


class Fields:
    """The attributes that a class and its bases set; the methods are read once for all of them."""

    def __init__(self, owner: ClassInfo) -> None:
        self._owner = owner
        self._given: dict[str, list[_Given]] = defaultdict(list)
        methods = [method for info in owner.line() for method in info.methods.values()]
        for method in methods:
            for statement in _assignments(method.inside.body):
                for name, value in _set_by(statement, method.first):
                    self._given[name].append((method, statement, value))
        self._doubted = {
            code.removeprefix(f"{method.first}.")
            for method in methods
            for code in doubted(method.inside.body, leaves=False)
            if code.startswith(f"{method.first}.")
        }
        self._filled: dict[str, bool] = {}
        self._needed: dict[tuple[str, str], frozenset[str] | None] = {}

    def is_set(self, function: FunctionInfo, name: str) -> bool:
        """Whether `self.name` certainly holds something in a method: its class or constructor sets it, never
        to nothing, and the method is not one that the constructor needs before that."""
        if name not in self._filled:
            self._filled[name] = not self.may_lack(name) and not is_doubtful_column(self._owner, name)
        if not self._filled[name]:
            return False
        if self._owner.attribute(name) is not None or (self._owner.is_model and self._owner.declares(name)):
            return True
        for maker in MAKERS:
            method = self._owner.find(maker)
            if method is not None and method is not function:
                if (maker, name) not in self._needed:
                    self._needed[maker, name] = _needed_before(self._owner, method, name)
                needed = self._needed[maker, name]
                if needed is not None:
                    return function.name not in needed
        return False

    def may_lack(self, name: str) -> bool:
        """Whether something sets the attribute to nothing, says it may be, or asks whether it is there."""
        if name in self._doubted or any(_gives_nothing(*item) for item in self._given[name]):
            return True
        declared = self._owner.field_annotation(name)
        return declared is not None and is_optional(declared[0])

    def is_fixed(self, name: str) -> bool:
        """Whether nothing but the class and its constructors sets an attribute: it stays what it is."""
        return all(method.name in MAKERS for method, _, _ in self._given[name])

    def sources(self, name: str) -> Iterator[facts.Expr]:
        """Every expression that the class gives an attribute."""
        yield from _given_by_class(self._owner, name)
        yield from (value for _, _, value in self._given[name] if value is not None)


def may_stay_empty(owner: ClassInfo, name: str) -> bool:
    """Whether a class declares that an attribute may be nothing, or ever sets it to nothing."""
    declared = owner.field_annotation(name)
    if (declared is not None and is_optional(declared[0])) or is_doubtful_column(owner, name):
        return True
    return any(may_lack(value) for value in Fields(owner).sources(name))


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
    if any(is_true(said.get(name)) for name in _EMPTY_ALLOWED) or (default is not None and may_lack(default)):
        return True
    strict = isinstance(said.get("nullable"), facts.Const) or is_true(said.get("primary_key"))
    return maker == "Column" and not strict


def kept_as(function: FunctionInfo, name: str) -> list[str]:
    """The attributes that a method sets to what a local name holds."""
    return [
        attribute
        for statement in _assignments(function.inside.body)
        for attribute, value in _set_by(statement, function.first)
        if shown(value) == name
    ]


def _assignments(nodes: object) -> Iterator[facts.Assign]:
    return (node for node in walk(nodes) if isinstance(node, facts.Assign))


def _set_by(statement: facts.Assign, first: str) -> Iterator[tuple[str, facts.Expr | None]]:
    """The attributes of `self` that a statement sets, and what to."""
    for target, value in given(statement):
        if isinstance(target, facts.Attr) and _is_self(target.obj, first):
            yield target.name, value


def _is_self(node: object, first: str) -> bool:
    return isinstance(node, facts.Name) and node.id == first


def _gives_nothing(function: FunctionInfo, statement: facts.Assign, value: facts.Expr | None) -> bool:
    """Whether a statement of a method may set an attribute to nothing."""
    if may_lack(value) or is_optional(statement.annotation):
        return True
    return isinstance(value, facts.Name) and _is_open_here(function, value.id)


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
        read += _read_of(statement, maker.first)
        if isinstance(statement, facts.Assign) and name in dict(_set_by(statement, maker.first)):
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
    return [n.name for n in walk(node) if isinstance(n, facts.Attr) and _is_self(n.obj, first)]


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
        waiting += _read_of(method.inside.body, method.first)
    return frozenset(found)
