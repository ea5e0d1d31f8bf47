"""Every fact inside a fact, for the few checks that look for a shape rather than a value."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts


def walk(node: object, symbol: str = "") -> Iterator[tuple[msgspec.Struct, str]]:
    """`node` and all facts below it, outermost first, each with the definition that it stands in."""
    if isinstance(node, tuple):
        for part in node:
            if type(part) is tuple or type(part) in facts.MADE_OF:
                yield from walk(part, symbol)
    elif isinstance(node, msgspec.Struct):
        if type(node) is facts.Function or type(node) is facts.Class:
            symbol = f"{symbol}.{node.name}" if symbol else node.name
        yield node, symbol
        for part in facts.parts(node):
            if type(part) is tuple or type(part) in facts.MADE_OF:
                yield from walk(part, symbol)
