"""PCL601: the event moves to the company's resource."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to
from procore_lint.replacement import ReplaceText
from procore_lint.values import Place

_EVENTS = frozenset({"create", "update", "delete"})


def resource(module: ModuleInfo, place: Place, written: str, replacement: str) -> Fix | None:
    """Name the company's resource where `update` is the only event that stands beside the literal."""
    if written not in ("Project Users", "Project Vendors"):
        return None
    chain = chain_to(module, place)
    for display in reversed(chain[:-1]):
        if not isinstance(display, (facts.Dict, facts.Seq, facts.Call, facts.Arg)):
            return None
        named = _EVENTS.intersection(text.lower() for text in _texts(display))
        if named:
            alone = named == {"update"}
            return (
                Fix.of("unsafe", ReplaceText(place.path, place.span, written, replacement)) if alone else None
            )
    return None


def _texts(node: facts.Expr | facts.Arg, depth: int = 1) -> Iterator[str]:
    """The literals that stand in a display, and those in the lists that are its items."""
    items: list[facts.Expr] = []
    if isinstance(node, facts.Dict):
        items = [value for _, value in node.items]
    elif isinstance(node, facts.Call):
        items = [argument.value for argument in node.args]
    elif isinstance(node, facts.Seq):
        items = list(node.items)
    for item in items:
        if isinstance(item, facts.Const) and isinstance(item.value, str):
            yield item.value
        elif isinstance(item, facts.Seq) and depth:
            yield from _texts(item, depth - 1)
