"""Facts that are open: a few at a time, so that a large project stays packed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Protocol

from procore_lint import facts

#: Bytes of packed facts that may be open; open they take seven times as much.
LIMIT = 500_000


class Volume(Protocol):
    """Packed facts that were opened."""

    @property
    def size(self) -> int: ...

    def close(self) -> None: ...


class Shelf:
    """Room for open volumes: those opened first are closed first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._volumes: deque[Volume] = deque()
        self._size = 0

    def take(self, volume: Volume) -> None:
        """Make room for a volume that was opened."""
        self._volumes.append(volume)
        self._size += volume.size
        while self._size > self._limit and len(self._volumes) > 1:
            first = self._volumes.popleft()
            self._size -= first.size
            first.close()


def class_at(body: tuple[facts.Stmt, ...], span: facts.SpanT) -> facts.Class:
    """The class, outside of functions, whose header stands at `span`."""
    return next(found for found in _classes(body) if found.span == span)


def _classes(body: tuple[facts.Stmt, ...]) -> Iterator[facts.Class]:
    for statement in body:
        if isinstance(statement, facts.Class):
            yield statement
        for block in _blocks(statement):
            yield from _classes(block)


def _blocks(statement: facts.Stmt) -> Iterator[tuple[facts.Stmt, ...]]:
    if isinstance(statement, (facts.If, facts.Loop)):
        yield from (statement.body, statement.orelse)
    elif isinstance(statement, facts.Try):
        yield from (statement.body, *statement.handlers, statement.orelse, statement.final)
    elif isinstance(statement, (facts.With, facts.Class)):
        yield statement.body
    elif isinstance(statement, facts.Match):
        yield from statement.cases
