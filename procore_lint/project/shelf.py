"""Modules that are open: a few at a time, so that a large project stays packed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Protocol

from procore_lint import facts

#: Bytes of msgpack that may be open; open they take seven times as much.
LIMIT = 500_000


class Volume(Protocol):
    """Packed facts that were opened."""

    @property
    def size(self) -> int: ...

    def close(self) -> None: ...


class Shelf:
    """Room for open volumes: those opened first are closed first.

    No volume counts for more than half of the room, so that a large one and what it calls stay open
    together; otherwise each would close the other with every call.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._volumes: deque[Volume] = deque()
        self._size = 0

    def take(self, volume: Volume) -> None:
        """Make room for a volume that was opened."""
        self._volumes.append(volume)
        self._size += self._counted(volume)
        while self._size > self._limit:
            first = self._volumes.popleft()
            self._size -= self._counted(first)
            first.close()

    def _counted(self, volume: Volume) -> int:
        return min(volume.size, self._limit // 2)


def definitions_of(body: tuple[facts.Stmt, ...]) -> dict[facts.SpanT, facts.Class | facts.Function]:
    """The classes, functions and methods outside of functions, by where their headers stand."""
    return {found.span: found for found in _definitions(body)}


def _definitions(body: tuple[facts.Stmt, ...]) -> Iterator[facts.Class | facts.Function]:
    for statement in body:
        if isinstance(statement, (facts.Class, facts.Function)):
            yield statement
        for block in _blocks(statement):
            yield from _definitions(block)


def _blocks(statement: facts.Stmt) -> Iterator[tuple[facts.Stmt, ...]]:
    if isinstance(statement, (facts.If, facts.Loop)):
        yield from (statement.body, statement.orelse)
    elif type(statement) is facts.Try:
        yield from (statement.body, *statement.handlers, statement.orelse, statement.final)
    elif isinstance(statement, (facts.With, facts.Class)):
        yield statement.body
    elif type(statement) is facts.Match:
        yield from statement.cases
