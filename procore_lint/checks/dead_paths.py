"""Tables of paths that are gone, kept to turn calls of them away: nothing there is called.

A table is one of these by its name, as long as no request is made of what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.values import Piece, Place, Text, members

_GONE = regex(
    r"(?:\A|_)(?:deprecated|removed|dead|gone|obsolete|retired|sunset|forbidden|blocked|banned|renam\w*|replaced"
    r"|replacements?|superseded|moved|migrat\w*|discouraged|disallowed)(?:_|\Z)",
    re.IGNORECASE,
)


class DeadPaths:
    """Tells such paths from others; only files that are asked about are looked through."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._listed: dict[str, frozenset[Place]] = {}
        self._asked_for: frozenset[Place] | None = None  # what stands in urls of requests

    def __contains__(self, place: Place) -> bool:
        """Whether what is written at a place stands in such a table."""
        if place.path not in self._listed:
            self._listed[place.path] = frozenset(_listed(self._program.modules[place.path]))
        return place in self._listed[place.path] and place not in self._requested()

    def _requested(self) -> frozenset[Place]:
        if self._asked_for is None:
            self._asked_for = frozenset(
                part.place
                for request in self._program.trail.requests
                for value in members(request.url)
                if isinstance(value, Text)
                for part in value.parts
                if isinstance(part, Piece)
            )
        return self._asked_for


def _listed(module: ModuleInfo) -> Iterator[Place]:
    for statement in module.node.body:
        inner = statement.body if isinstance(statement, facts.Class) else (statement,)
        for node in inner:
            target = node.targets[0] if isinstance(node, facts.Assign) else None
            if isinstance(node, facts.Assign) and isinstance(target, facts.Name) and _GONE.search(target.id):
                for part, _ in walk(node.value):
                    items = part.items if isinstance(part, (facts.Dict, facts.Seq)) else ()
                    for item in items:
                        text = item[0] if isinstance(item, tuple) else item
                        if isinstance(text, facts.Const) and isinstance(text.value, str):
                            yield module.place(text.span)
