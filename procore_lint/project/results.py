"""What functions gave when they were run by themselves: the last few results, the others made again.

A result that holds objects (the six dicts and lists of a request that a generated method prepares) is
asked for by the calls next to it and hardly ever again, so that keeping thousands costs memory for nothing.
"""

from __future__ import annotations

from collections import deque

from procore_lint.project.summaries import Outline
from procore_lint.values import (
    Choice,
    Client,
    Data,
    Hole,
    Instance,
    Listing,
    Mapping,
    Partial,
    Prepared,
    Response,
    Text,
    Value,
)

#: Results that are kept: with a generated SDK of 22,000 functions, 500 are made again.
KEPT = 400
#: How deep a result is looked through.
_DEPTH = 16


class Results:
    """The outlines whose results may be let go; those kept longest are let go first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._outlines: deque[Outline] = deque()
        self.let_go = 0

    def keep(self, outline: Outline) -> None:
        """Keep what a run gave, in place of an older one's if that can be made again."""
        if not outline.objects or outline.result is None or not _is_made_alike(outline.result, _DEPTH):
            return
        self._outlines.append(outline)
        if len(self._outlines) > self._kept:
            self._outlines.popleft().result = None
            self.let_go += 1


def _is_made_alike(value: Value, limit: int) -> bool:
    """Whether another run gives the same: an answer is one of its very request, which is in the trail."""
    if limit <= 0 or isinstance(value, (Data, Response, Client, Prepared)):
        return False
    return all(_is_made_alike(part, limit - 1) for part in _parts(value))


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Choice):
        return list(value.members)
    if isinstance(value, Text):
        return [part.value for part in value.parts if isinstance(part, Hole)]
    if isinstance(value, Listing):
        return value.items
    if isinstance(value, Mapping):
        return [*value.entries.values(), *value.spreads]
    if isinstance(value, Instance) and not value.symbolic:
        held = [part for part in (value.client, value.backing) if part is not None]
        return [*value.fields.values(), *held]
    if isinstance(value, Partial):
        return [value.function, *value.args, *(given for _, given in value.kwargs)]
    return []
