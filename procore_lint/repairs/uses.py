"""What a literal is used for: every text that the project makes with it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from procore_lint.project.program import Program
from procore_lint.values import Piece, Place, Text, Value, members


class Uses:
    """The texts of a program by the places of their literals; gathered when first asked for."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def of(self, place: Place) -> tuple[Text, ...]:
        """The texts that hold the literal at `place`, parameters filled in where calls say what they are."""
        return tuple(self._texts.get(place, ()))

    @cached_property
    def _texts(self) -> dict[Place, dict[Text, None]]:
        found: dict[Place, dict[Text, None]] = defaultdict(dict)
        values: list[Value] = [event.value for event in self.program.trail.written]
        values += [value for request in self.program.trail.requests for value in self.program.urls(request)]
        for value in values:
            for member in members(value):
                if isinstance(member, Text):
                    for text in (member, *self.program.expand(member)):
                        for part in text.parts:
                            if isinstance(part, Piece):
                                found[part.place][text] = None
        return found

    def is_given_away(self, piece: Piece) -> bool:
        """Whether the bare literal is passed out of the project, where anything may be done with it."""
        if piece.place in self.program.machine.handed_out:
            return True
        for call in self.program.trail.invocations:
            if call.name.rpartition(".")[2] in ("get", "getenv", "pop", "setdefault", "config", "str"):
                continue
            for value in (*call.args, *call.kwargs.values()):
                for member in members(value):
                    if isinstance(member, Text) and member.parts == (piece,):
                        return True
        return False
