"""PCL601: the event moves to the company's resource."""

from __future__ import annotations

from collections.abc import Collection

from procore_lint.finding import Fix
from procore_lint.replacement import ReplaceText
from procore_lint.values import Place

_EVENTS = frozenset({"create", "update", "delete"})


def resource(place: Place, written: str, replacement: str, beside: Collection[object]) -> Fix | None:
    """Name the company's resource where `update` is the only event that stands `beside` the literal."""
    named = {text for text in beside if isinstance(text, str) and text.lower() in _EVENTS}
    if named != {"update"} or written not in ("Project Users", "Project Vendors"):
        return None
    return Fix.of("unsafe", ReplaceText(place.path, place.span, written, replacement))
