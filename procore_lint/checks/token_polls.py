"""Whether code looks at the moment at which a token runs out before it asks for another one.

Such code may run as often as it likes: how often it looks decides nothing, what it looks at does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.repairs.code import chain_to
from procore_lint.values import Place

_END = regex(
    r"expir|valid_until|valid_till|good_until|time_left|remaining|(?:refresh|renew)_(?:at|after|due)", re.I
)
_TEST = regex(r"expir|stale|needs?_?(?:refresh|renew)|should_?(?:refresh|renew)|is_?valid|time_left", re.I)
_FILTER = regex(r"expir\w*__(?:lt|lte|gt|gte|range)\Z", re.I)
_QUERY = regex(r"expir\w*\s*(?:[<>]|between)", re.I)


def minds_expiry(program: Program, function: FunctionInfo) -> bool:
    """Whether a function, or one that it calls on the way to a token, looks at the token's end."""
    return _minds(program, function.module, function.inside.body, 3)


def loop_minds_expiry(program: Program, module: ModuleInfo, place: Place) -> bool:
    """The same of the loop around `place`."""
    for node in reversed(chain_to(module, place)):
        if isinstance(node, facts.Loop):
            return _minds(program, module, node.body, 3)
    return False


def _minds(program: Program, module: ModuleInfo, body: tuple[facts.Stmt, ...], depth: int) -> bool:
    names: list[str] = []
    read: list[str] = []
    for node, _ in walk(body):
        if isinstance(node, facts.Compare):
            if _END.search(dotted(node.left)) or _END.search(dotted(node.right)) or _is_left(node):
                return True
        elif isinstance(node, (facts.If, facts.Loop)):
            test = node.test if isinstance(node, facts.If) else node.iter
            if any(_TEST.search(name) for name in _asked(test)):
                return True
        elif isinstance(node, facts.Arg):
            if node.name and _FILTER.search(node.name):
                return True
        elif isinstance(node, facts.Const):
            if isinstance(node.value, str) and _QUERY.search(node.value):
                return True
        elif isinstance(node, facts.Call):
            names.append(dotted(node.func).rpartition(".")[2])
        elif isinstance(node, facts.Attr):
            read.append(node.name)
    calls = (info for info in _called(program, module, names) if not info.is_property)
    reads = (info for info in _called(program, module, read) if info.is_property)
    return depth > 0 and any(
        _minds(program, info.module, info.inside.body, depth - 1) for info in (*calls, *reads)
    )


def _is_left(node: facts.Compare) -> bool:
    """Whether a comparison looks at what is left until a moment (`expires_at - now < 900`)."""
    return any(
        isinstance(side, facts.Bin) and _END.search(dotted(side.left)) for side in (node.left, node.right)
    )


def _asked(test: facts.Expr) -> Iterator[str]:
    for node, _ in walk(test):
        if isinstance(node, (facts.Attr, facts.Name)):
            yield node.name if isinstance(node, facts.Attr) else node.id


def _called(program: Program, module: ModuleInfo, names: list[str]) -> Iterator[FunctionInfo]:
    """The functions on the way to a token that go by these names, those of the same module first."""
    for name in dict.fromkeys(names):
        own = [info for info in module.functions if info.name == name]
        others = own or [
            info for other in program.modules.values() for info in other.functions if info.name == name
        ]
        if len(others) <= 3:
            yield from (info for info in others if program.renewal.asks_for_token(info))
