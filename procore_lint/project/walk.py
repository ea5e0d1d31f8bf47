"""Every fact inside a fact, for the few checks that look for a shape rather than a value."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts


def walk(node: object, symbol: str = "") -> Iterator[tuple[msgspec.Struct, str]]:
    """`node` and all facts below it, outermost first, each with the definition that it stands in."""
    if isinstance(node, (facts.Function, facts.Class)):
        symbol = f"{symbol}.{node.name}" if symbol else node.name
    if isinstance(node, msgspec.Struct):
        yield node, symbol
        for value in facts.parts(node):
            if isinstance(value, (msgspec.Struct, tuple)):
                yield from walk(value, symbol)
    elif isinstance(node, tuple):
        for part in node:
            if isinstance(part, (msgspec.Struct, tuple)):
                yield from walk(part, symbol)
