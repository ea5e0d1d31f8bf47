"""Tests of an age under the answer 401: that answer renews the token, the constant only limits how often."""

from __future__ import annotations

from itertools import pairwise

from procore_lint import facts
from procore_lint.project.events import Comparison
from procore_lint.project.walk import walk
from procore_lint.repairs.code import before, chain_to

_REFUSED = (401, 403)


def only_limits(comparison: Comparison) -> bool:
    """Whether a comparison counts only where a call was answered by 401 or 403."""
    module, place = comparison.module, comparison.place
    for node, below in pairwise(chain_to(module, place)):
        if isinstance(node, facts.Logic) and node.op == "and" and any(map(_is_refused, node.values)):
            return True
        inside = isinstance(node, facts.If) and any(below is part for part in node.body)
        if inside and isinstance(node, facts.If) and any(map(_is_refused, _all_of(node.test))):
            return True
    return any(
        isinstance(earlier, facts.If) and _ends(earlier.body) and _is_answered(earlier.test)
        for earlier in before(module, place)
    )


def _all_of(test: facts.Expr) -> tuple[facts.Expr, ...]:
    return test.values if isinstance(test, facts.Logic) and test.op == "and" else (test,)


def _is_refused(test: facts.Expr) -> bool:
    return isinstance(test, facts.Compare) and test.op in ("==", "in") and _names_refusal(test)


def _is_answered(test: facts.Expr) -> bool:
    return isinstance(test, facts.Compare) and test.op in ("!=", "not in") and _names_refusal(test)


def _names_refusal(test: facts.Compare) -> bool:
    for node, _ in walk((test.left, test.right)):
        if isinstance(node, facts.Const) and node.value in _REFUSED and not isinstance(node.value, bool):
            return True
        if isinstance(node, facts.Attr) and node.name.lower() in ("unauthorized", "forbidden"):
            return True
    return False


def _ends(body: tuple[facts.Stmt, ...]) -> bool:
    return bool(body) and isinstance(body[-1], (facts.Return, facts.Raise, facts.Jump))
