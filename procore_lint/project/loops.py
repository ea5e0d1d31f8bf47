"""Loops over what is known whole: they run once for each row, and surely."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.values import Listing, Value

_ROWS = 8


def rows_of(iterated: Value) -> list[Value] | None:
    """The elements of a short list that is known whole."""
    if not isinstance(iterated, Listing) or not iterated.exact or not 0 < len(iterated.items) <= _ROWS:
        return None
    return list(iterated.items)


def built_from(iterated: Value) -> list[Value] | None:
    """The elements that a comprehension or `map` goes through, where these are known.

    Other code may fill an empty list, but never a tuple: a call that leaves `*args` out passes an empty one.
    """
    if isinstance(iterated, Listing) and iterated.exact and iterated.kind == "tuple" and not iterated.items:
        return []
    return rows_of(iterated)


def sure_turns(iterated: Value, body: tuple[facts.Stmt, ...]) -> list[Value] | None:
    """The rows of a loop over such a list, where nothing in the body ends a turn early."""
    return rows_of(iterated) if _is_straight(body) else None


def _is_straight(body: tuple[facts.Stmt, ...]) -> bool:
    return all(
        isinstance(statement, (facts.Assign, facts.AugAssign, facts.Eval))
        or (
            isinstance(statement, facts.If)
            and _is_straight(statement.body)
            and _is_straight(statement.orelse)
        )
        for statement in body
    )
