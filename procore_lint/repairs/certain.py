"""What is certainly something where it is read: never None, and never left out by a caller."""

from __future__ import annotations

import re
from collections.abc import Iterable

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import keyword, walk
from procore_lint.repairs.shown import shown
from procore_lint.values import Nothing, Parameter, Value, members

_EXITS = regex(r"(?:\A|\.|_)(?:exit|quit|abort|error|fail|fatal|die)\Z", re.IGNORECASE)


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
            function = program.bindings.function(member.function)
            if function is not None and is_open(function, member.name):
                return True
    return False


def is_open(function: FunctionInfo, name: str) -> bool:
    """Whether callers may leave a parameter out, or hand in None: by its default, its annotation, a decorator
    that fills it from the command line, or a call of the project that does."""
    param = next((param for param in function.inside.params if param.name == name), None)
    if param is None:
        return False
    if is_optional(param.annotation) or (param.default is not None and _is_empty_default(param.default)):
        return True
    handed = function.bindings.get(name, ())
    return any(isinstance(m, Nothing) for value in handed for m in members(value)) or any(
        _is_optional_option(decorator, name) for decorator in function.node.decorators
    )


def _is_empty_default(default: facts.Expr) -> bool:
    """`None`, and what frameworks fill in with None: `Query(None)`, `Option(default=None)`."""
    if not isinstance(default, facts.Call):
        return is_none(default)
    first = default.args[0] if default.args and default.args[0].name is None else None
    given = first.value if first is not None else keyword(default, "default")
    return isinstance(given, facts.Const) and given.value is None


def _is_optional_option(decorator: facts.Expr, name: str) -> bool:
    """Whether a decorator is `@click.option("--company-id")`, which nobody has to give."""
    if not isinstance(decorator, facts.Call) or (shown(decorator.func) or "").rpartition(".")[2] != "option":
        return False
    names = [arg.value.value for arg in decorator.args if isinstance(arg.value, facts.Const) and not arg.name]
    if name not in (str(given).lstrip("-").replace("-", "_") for given in names):
        return False
    default = keyword(decorator, "default")
    asked = any(is_true(keyword(decorator, key)) for key in ("required", "prompt"))
    return not asked and (default is None or is_none(default))


def is_true(node: facts.Expr | None) -> bool:
    """Whether an expression is a literal that is true."""
    return isinstance(node, facts.Const) and bool(node.value)


def may_lack(node: facts.Expr | None) -> bool:
    """Whether an expression is nothing where a key is absent: `body.get("id")`; settings are meant to be."""
    if is_none(node):
        return True
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "get":
        return len(node.args) == 1 and not (shown(node.func.obj) or "").endswith("environ")
    if isinstance(node, facts.Call) and shown(node.func) in ("str", "int") and len(node.args) == 1:
        return may_lack(node.args[0].value)
    if isinstance(node, facts.Logic) and node.op == "or":
        return may_lack(node.values[-1])
    return False


def is_of_environment(node: facts.Expr | None) -> bool:
    """Whether an expression reads the environment: a text, or None, which a header must not say as a text."""
    if isinstance(node, facts.Call):
        return len(node.args) == 1 and (shown(node.func) or "") in ("os.getenv", "getenv", "os.environ.get")
    return isinstance(node, facts.Item) and shown(node.obj) == "os.environ"


def doubted(nodes: object, *, leaves: bool) -> frozenset[str]:
    """The expressions of which code asks whether they are there, and goes on where they are not.

    With `leaves`, a `return` where one is missing counts as an end as well.
    """
    found: set[str] = set()
    for node in walk(nodes):
        if isinstance(node, facts.If):
            for code in _asked(node.test):
                missing = node.body if tests_missing(node.test, code) else node.orelse
                if not ends(missing, leaves=leaves):
                    found.add(code)
        elif isinstance(node, facts.Cond) or (isinstance(node, facts.Logic) and node.op == "and"):
            tests = (node.test,) if isinstance(node, facts.Cond) else node.values[:-1]
            found.update(*map(_asked, tests))
    return frozenset(found)


def _asked(test: facts.Expr) -> frozenset[str]:
    """What a test asks for: the code of each expression whose truth, or being None, it looks at."""
    found: set[str] = set()
    waiting = [test]
    while waiting:
        node = waiting.pop()
        if isinstance(node, facts.Not):
            waiting.append(node.value)
        elif isinstance(node, facts.Logic):
            waiting += node.values
        elif isinstance(node, facts.Compare) and node.op in ("is", "is not", "==", "!="):
            if is_none(node.right):
                waiting.append(node.left)
        else:
            found.add(shown(node) or "")
    return frozenset(found)


def tests_missing(test: facts.Expr, code: str) -> bool:
    """Whether a test holds where `code` is nothing: `not x`, `x is None`, one of them in an `or`."""
    if isinstance(test, facts.Not):
        return code in _asked(test.value)
    if isinstance(test, facts.Logic) and test.op == "or":
        return any(tests_missing(value, code) for value in test.values)
    return isinstance(test, facts.Compare) and test.op in ("is", "==") and code in _asked(test)


def ends(block: tuple[facts.Stmt, ...], *, leaves: bool) -> bool:
    """Whether a block gives the name a value, or ends the run."""
    last = block[-1] if block else None
    if isinstance(last, facts.Raise) or (leaves and isinstance(last, (facts.Return, facts.Jump))):
        return True
    if isinstance(last, facts.Eval) and isinstance(last.value, facts.Call):
        return _EXITS.search(shown(last.value.func) or "") is not None
    return any(isinstance(statement, facts.Assign) for statement in block)


def guarded(statements: Iterable[facts.Stmt], code: str) -> bool:
    """Whether one of some statements, which have all run, ends the function where `code` is nothing."""
    return any(
        isinstance(s, facts.If) and tests_missing(s.test, code) and ends(s.body, leaves=True)
        for s in statements
    )
