"""PCL601: triggers on project directory resources whose update events stop."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program

RULE = "webhook-directory-update"
_RESOURCES = {"project users": "Company Users", "project vendors": "Company Vendors"}


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Displays and calls that hold such a resource beside the event `update`."""
    for module in program.modules.values():
        if program.is_procore(module) and not program.is_mocked(module):
            yield from _walk(module, module.node.body, "")


def _walk(module: ModuleInfo, node: object, symbol: str) -> Iterator[Draft]:
    if isinstance(node, (facts.Function, facts.Class)):
        symbol = f"{symbol}.{node.name}" if symbol else node.name
    if isinstance(node, (facts.Dict, facts.Call, facts.Seq)):
        yield from _judge(module, node, symbol)
    if isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            value = getattr(node, name)
            if isinstance(value, (msgspec.Struct, tuple)):
                yield from _walk(module, value, symbol)
    elif isinstance(node, tuple):
        for part in node:
            if isinstance(part, (msgspec.Struct, tuple)):
                yield from _walk(module, part, symbol)


def _judge(module: ModuleInfo, node: facts.Expr, symbol: str) -> Iterator[Draft]:
    parts = _parts(node)
    texts = [text for part in parts for text in _texts(part)]
    if not any(text.value == "update" for text in texts):
        return
    for text in texts:
        replacement = _RESOURCES.get(str(text.value).strip().lower().replace("_", " "))
        if replacement is None:
            continue
        yield Draft(
            RULE,
            module.place(text.span),
            f"update events of `{text.value}` stopped on 2026-06-30",
            f"subscribe to update of `{replacement}`; its events carry no project_id",
            symbol=symbol,
        )


def _parts(node: facts.Expr) -> list[facts.Expr]:
    if isinstance(node, facts.Dict):
        return [value for _, value in node.items]
    if isinstance(node, facts.Call):
        return [arg.value for arg in node.args]
    return list(node.items) if isinstance(node, facts.Seq) else []


def _texts(node: facts.Expr) -> Iterator[facts.Const]:
    if isinstance(node, facts.Const) and isinstance(node.value, str):
        yield node
    elif isinstance(node, facts.Seq):
        for item in node.items:
            if isinstance(item, facts.Const) and isinstance(item.value, str):
                yield item
