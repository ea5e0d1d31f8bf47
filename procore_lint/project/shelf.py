"""Modules whose facts are open: a few at a time, so that a large project stays packed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property

from procore_lint import facts

#: Bytes of packed facts that may be open; open they take seven times as much.
LIMIT = 2_000_000

Definition = facts.Function | facts.Class


class Open:
    """The facts of a module, and the functions and classes that its own code defines, by their spans."""

    def __init__(self, module: facts.Module) -> None:
        self.module = module

    @cached_property
    def definitions(self) -> dict[facts.SpanT, Definition]:
        """What is defined outside of functions; one that a function defines has its own node."""
        return {node.span: node for node in _definitions(self.module.body)}


class Volume:
    """One module's facts. Packed ones are open until the shelf has no room for them any more."""

    __slots__ = ("_open", "_shelf", "source")

    def __init__(self, source: facts.Facts, shelf: Shelf) -> None:
        self.source = source
        self._shelf = shelf
        self._open = Open(source) if isinstance(source, facts.Module) else None

    @property
    def open(self) -> Open:
        """The facts: the same nodes for as long as they stay open."""
        if self._open is None:
            self._open = Open(self.source.opened())
            self._shelf.take(self)
        return self._open

    @property
    def size(self) -> int:
        """The bytes of packed facts."""
        return memoryview(self.source.body).nbytes if isinstance(self.source, facts.Packed) else 0

    def close(self) -> None:
        """Let go of the open facts; who still holds a node keeps what is below it."""
        self._open = None


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


def _definitions(body: tuple[facts.Stmt, ...]) -> Iterator[Definition]:
    for statement in body:
        if isinstance(statement, facts.Function):
            yield statement
        elif isinstance(statement, facts.Class):
            yield statement
            yield from _definitions(statement.body)
        else:
            for block in _blocks(statement):
                yield from _definitions(block)


def _blocks(statement: facts.Stmt) -> Iterator[tuple[facts.Stmt, ...]]:
    if isinstance(statement, (facts.If, facts.Loop)):
        yield from (statement.body, statement.orelse)
    elif isinstance(statement, facts.Try):
        yield from (statement.body, *statement.handlers, statement.orelse, statement.final)
    elif isinstance(statement, facts.With):
        yield statement.body
    elif isinstance(statement, facts.Match):
        yield from statement.cases
