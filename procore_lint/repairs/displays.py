"""Dict displays that headers are made by: what adding a key to one would not reach, or would undo."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.repairs.code import Chain
from procore_lint.values import Mapping, members


def is_alternative(around: Chain) -> bool:
    """Whether a display stands for headers that are not given: whoever gives some never gets to it."""
    default = False
    for node in reversed(around):
        if isinstance(node, (facts.Logic, facts.Cond)):
            return True
        if isinstance(node, facts.Call):
            name = node.func.name if isinstance(node.func, facts.Attr) else ""
            return default and name in ("get", "pop", "setdefault")
        if isinstance(node, facts.Arg):
            default = node.name is None
        if not isinstance(node, (facts.Dict, facts.Arg)):
            return False
    return False


def is_overriding(mapping: Mapping, display: facts.Dict) -> bool:
    """Whether callers may bring the header through a `**spread`, which a key behind it would override."""
    if not any(key is None for key, _ in display.items):
        return False
    return mapping.open or any(
        not isinstance(member, Mapping) or member.open or member.spreads
        for spread in mapping.spreads
        for member in members(spread)
    )
