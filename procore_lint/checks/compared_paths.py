"""Paths that code compares with, or translates into others: they are written down, and nothing calls them."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.values import Piece, Place, Text, members

#: Methods of texts that look for their first argument; names that clients give to calls are not among them.
_SEEKING = frozenset(
    "startswith endswith replace split rsplit partition rpartition removeprefix removesuffix".split()
)
_PATTERNS = frozenset({"re", "regex"})


def compared(program: Program, mark: str) -> frozenset[Place]:
    """The places of such texts in files that hold `mark`; one that a request's url is made of is called."""
    found = {
        module.place(text.span)
        for module in program.modules.values()
        if mark in module.source.marks
        for text in _sought(module)
    }
    if found:
        for request in program.trail.requests:
            for value in (*members(request.url), *program.urls(request)):
                if isinstance(value, Text):
                    found.difference_update(part.place for part in value.parts if isinstance(part, Piece))
    return frozenset(found)


def _sought(module: ModuleInfo) -> Iterator[facts.Const]:
    for node, _ in walk(module.node.body):
        if isinstance(node, facts.Compare):
            yield from _texts(node.left)
            yield from _texts(node.right)
        elif isinstance(node, facts.Call) and node.args and _seeks(node.func):
            yield from _texts(node.args[0].value)
        elif isinstance(node, facts.Dict):
            for key, value in node.items:
                if key is not None:
                    yield from _translated(key, value)
        elif isinstance(node, facts.Seq) and len(node.items) == 2:
            old, new = node.items
            if _tail(old) == _tail(new):
                yield from _translated(old, new)
        elif isinstance(node, facts.Assign) and node.value is not None:
            for target in node.targets:
                if isinstance(target, facts.Item):
                    yield from _translated(target.index, node.value)


def _seeks(node: facts.Expr) -> bool:
    if not isinstance(node, facts.Attr):
        return False
    return node.name in _SEEKING or (isinstance(node.obj, facts.Name) and node.obj.id in _PATTERNS)


def _texts(node: facts.Expr) -> Iterator[facts.Const]:
    """A literal, or those of a display."""
    for item in node.items if isinstance(node, facts.Seq) else (node,):
        if isinstance(item, facts.Const) and isinstance(item.value, str):
            yield item


def _tail(node: facts.Expr) -> str:
    text = node.value if isinstance(node, facts.Const) and isinstance(node.value, str) else ""
    return text.rstrip("/").rpartition("/")[2]


def _translated(old: facts.Expr, new: facts.Expr) -> Iterator[facts.Const]:
    """A path beside the one that took its place."""
    texts = [*_texts(old), *_texts(new)]
    if len(texts) == 2 and "/rest/v" in f"/{texts[1].value}" and "/rest/v" not in f"/{texts[0].value}":
        yield texts[0]
