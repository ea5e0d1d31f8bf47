"""Tests of a token's age that decide nothing: what they guard is said, and nothing else is done."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.project.events import Comparison
from procore_lint.project.model import ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.project.walk import walk
from procore_lint.values import Place

_SAYING = frozenset("debug info warning warn error exception critical log print echo secho".split())
_SAYERS = frozenset("log logger logging warnings click typer console rich print sys".split())


def only_tells(comparison: Comparison) -> bool:
    """Whether a comparison is the test of an `if` that logs and does nothing else."""
    function = comparison.function
    if function is None:
        return False
    return any(
        isinstance(node, facts.If)
        and not node.orelse
        and _holds(comparison.module, node.test, comparison.place)
        and bool(node.body)
        and all(_is_said(statement) for statement in node.body)
        for node, _ in walk(function.inside.body)
    )


def _holds(module: ModuleInfo, test: facts.Expr, place: Place) -> bool:
    return any(isinstance(node, facts.Compare) and module.place(node.span) == place for node, _ in walk(test))


def _is_said(statement: facts.Stmt) -> bool:
    if not isinstance(statement, facts.Eval) or not isinstance(statement.value, facts.Call):
        return False
    holder, _, verb = dotted(statement.value.func).rpartition(".")
    if verb not in _SAYING:
        return False
    return (
        holder.rpartition(".")[2].lower().strip("_") in _SAYERS
        if holder
        else verb in ("print", "echo", "warn")
    )
