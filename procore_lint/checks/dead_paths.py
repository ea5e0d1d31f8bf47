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


def turned_away(program: Program) -> frozenset[Place]:
    """The places of such paths."""
    found = {place for module in program.modules.values() for place in _listed(module)}
    if not found:
        return frozenset()
    for request in program.trail.requests:
        for value in members(request.url):
            if isinstance(value, Text):
                found.difference_update(part.place for part in value.parts if isinstance(part, Piece))
    return frozenset(found)


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
