"""PCL601: where a project tells events apart by the resource's name, which changes with the subscription."""

from __future__ import annotations

from collections.abc import Iterable

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import parts, walk
from procore_lint.values import Place

_EVENTS = frozenset({"create", "update", "delete"})


def handler(modules: Iterable[ModuleInfo], resource: str) -> Place | None:
    """The first place that compares with a resource's name, looks it up, or hangs a function on it."""
    name = _plain(resource)
    for module in modules:
        for node in walk(module.node.body):
            found = _asked(node, name)
            if found is not None:
                return module.place(found)
    return None


def _asked(node: object, name: str) -> facts.SpanT | None:
    """Where the literal stands by which an expression, or a function's decorator, asks for the name.

    The facts keep no patterns but those that compare a name: any other `match` may ask for it.
    """
    if isinstance(node, facts.Match) and not any(isinstance(part, facts.If) for part in _firsts(node)):
        return getattr(node.subject, "span", None)
    asked: list[object] = []
    if isinstance(node, facts.Compare) and node.op in ("==", "!=", "in", "not in"):
        for side in (node.left, node.right):
            asked += [side, *(side.items if isinstance(side, facts.Seq) else ())]
    elif isinstance(node, facts.Item):
        asked.append(node.index)
    elif isinstance(node, facts.Dict):
        asked += [key for key, value in node.items if not _tells_events(value)]
    elif isinstance(node, facts.Function):
        asked += [part for part in walk(node.decorators) if isinstance(part, facts.Const)]
    literals = (part for part in asked if isinstance(part, facts.Const))
    return next((literal.span for literal in literals if _plain(literal.value) == name), None)


def _firsts(node: facts.Match) -> list[facts.Stmt]:
    return [case[0] for case in node.cases if case]


def _tells_events(value: facts.Expr) -> bool:
    """Whether the value beside a key is an event, or a list of them: then the key is subscribed to."""
    texts = list(parts(value)) if isinstance(value, facts.Seq) else [value]
    return any(isinstance(text, facts.Const) and _plain(text.value) in _EVENTS for text in texts)


def _plain(text: object) -> str:
    return str(text).strip().lower().replace("_", " ")
