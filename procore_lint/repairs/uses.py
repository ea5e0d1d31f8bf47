"""What a literal is used for: every text that the project makes with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property

from procore_lint import facts, repairs
from procore_lint.finding import Safety
from procore_lint.project import strings
from procore_lint.project.mocked import is_test
from procore_lint.project.program import Program
from procore_lint.repairs.code import root_name, walk
from procore_lint.values import Listing, Mapping, Parameter, Piece, Place, Text, Value, members


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
        passed = {parameter for found in self._passed.values() for parameter in found}
        values += [text for parameter in passed for text in self.program.machine.woven.get(parameter, ())]
        for value in values:
            for member in members(value):
                if isinstance(member, Text):
                    for text in (member, *self.program.bindings.expand(member)):
                        for part in text.parts:
                            if isinstance(part, Piece):
                                found[part.place][text] = None
        return found

    def made_at(self, place: Place) -> tuple[Value, ...]:
        """Everything that the expression at `place` may give, in whatever way it is reached."""
        return tuple(self._made.get(place, ()))

    @cached_property
    def _made(self) -> dict[Place, dict[Value, None]]:
        found: dict[Place, dict[Value, None]] = defaultdict(dict)
        for event in self.program.trail.written:
            for member in members(event.value):
                found[event.place][member] = None
        return found

    def elsewhere(self, piece: Piece, is_sought: Callable[[Text], object]) -> Place | None:
        """The first other place at which the literal is part of a text of the kind sought."""
        found = [
            event.place
            for event in self.program.trail.written
            if event.place != piece.place and isinstance(event.value, Text) and piece in event.value.parts
            if is_sought(event.value)
        ]
        return min(found, default=None)

    def safety(self, place: Place, old: str) -> Safety:
        """Unsafe where tests may expect the old text of a literal, or code outside may know it as a key."""
        if place in self.program.machine.given_out:
            return "unsafe"
        return "unsafe" if any(old in text for text in self._expected) else "safe"

    @cached_property
    def _expected(self) -> tuple[str, ...]:
        """The texts of tests about Procore; those of patterns (`procore\\.com`) as what they match."""
        return tuple(
            node.value.replace("\\.", ".")
            for module in self.program.modules.values()
            if is_test(module.path) and {"procore", "vapid"} & {*module.source.marks}
            for node in walk(module.node.body)
            if isinstance(node, facts.Const) and isinstance(node.value, str)
        )

    @cached_property
    def set_from_outside(self) -> frozenset[str]:
        """Names of attributes that code sets on something other than `self` and `cls`."""
        return frozenset(
            target.name
            for module in self.program.modules.values()
            for statement in walk(module.node.body)
            if isinstance(statement, (facts.Assign, facts.AugAssign))
            for target in (statement.targets if isinstance(statement, facts.Assign) else (statement.target,))
            if isinstance(target, facts.Attr) and root_name(target.obj) not in ("self", "cls")
        )

    def is_told_apart(self, place: Place, old: str, new: str) -> bool:
        """Whether code that tests or cuts the literal's text would see `new` in place of `old`."""
        for text, sought in self.program.machine.looks.get(place, ()):
            after = text.replace(old, new, 1)
            if _differs(text, after, sought):
                return True
        return any(
            _differs(text, text.replace(old, new, 1), sought)
            for parameter, text in self._passed.get(place, {}).items()
            for sought in self.program.machine.looks_at.get(parameter, ())
        )

    @cached_property
    def _matches(self) -> repairs.matched.Matches:
        return repairs.matched.Matches(self.program)

    def matched(self, place: Place, old: str, new: str) -> Place | None:
        """Where other code matches urls by what the literal says now: keys, prefixes, urls of answers."""
        at = self._matches.of_host(place, old) if "." in old else None
        if at is not None:
            return at
        texts = {text.template for text in self.of(place)}
        found = (self._matches.of_answer(text, text.replace(old, new, 1)) for text in texts)
        return min((at for at in found if at is not None), default=None)

    @cached_property
    def _passed(self) -> dict[Place, dict[Parameter, str]]:
        """The parameters that calls fill with a bare literal, by the literal, with its text."""
        found: dict[Place, dict[Parameter, str]] = defaultdict(dict)
        onwards: dict[Parameter, list[Parameter]] = defaultdict(list)
        for info in self.program.machine.functions.values():
            for name, values in info.bindings.items():
                for member in (m for value in values for m in members(value)):
                    if isinstance(member, Parameter):
                        onwards[member].append(Parameter(info.id, name))
                    elif isinstance(member, Text) and strings.is_notable(member.template):
                        for place in _bare(member):
                            found[place][Parameter(info.id, name)] = member.template
        for held in found.values():
            queue = list(held)
            while queue:
                giver = queue.pop()
                for taker in onwards.get(giver, ()):
                    if taker not in held:
                        held[taker] = held[giver]
                        queue.append(taker)
        return found

    @cached_property
    def _carried(self) -> frozenset[Place]:
        """Bare literals in what requests carry besides their url, and in what is made for code elsewhere."""
        found: set[Place] = set()
        for request in self.program.trail.requests:
            named = [value for name, value in request.arguments.items() if name != "url"]
            for value in (*request.headers, *request.body, *named):
                found.update(_bare_in(value, 3))
        uncalled = {info.id: info for info in self.program.machine.functions.values() if not info.called}
        for outline in self.program.machine.outlines.values():
            info = uncalled.get(outline.key.partition("|")[0]) if outline is not None else None
            if outline is not None and outline.result is not None and info is not None:
                found.update(_bare_in(outline.result, 3))
                if info.owner is None:  # a method may be read by a framework, as a client's base url
                    found.update(_bare(outline.result))
        return frozenset(found)

    def is_given_away(self, piece: Piece) -> bool:
        """Whether the bare literal is passed out of the project, where anything may be done with it."""
        if piece.place in self.program.machine.handed_out or piece.place in self._carried:
            return True
        for call in self.program.trail.invocations:
            if call.name.rpartition(".")[2] in ("get", "getenv", "pop", "setdefault", "config", "str"):
                continue
            for value in (*call.args, *call.kwargs.values()):
                for member in members(value):
                    if isinstance(member, Text) and member.parts == (piece,):
                        return True
        return False


def _bare_in(value: Value, limit: int) -> Iterator[Place]:
    """The literals that stand alone in a display, or in displays inside it."""
    for member in members(value):
        inner: tuple[Value, ...] = ()
        if isinstance(member, Mapping):
            inner = (*member.entries.values(), *member.spreads)
        elif isinstance(member, Listing):
            inner = tuple(member.items)
        for item in inner:
            yield from _bare(item)
            if limit:
                yield from _bare_in(item, limit - 1)


def _bare(value: Value) -> Iterator[Place]:
    for text in members(value):
        if isinstance(text, Text) and len(text.parts) == 1 and isinstance(text.parts[0], Piece):
            yield text.parts[0].place


def _differs(text: str, after: str, sought: str | None) -> bool:
    return sought is None or _answers(text, sought) != _answers(after, sought)


def _answers(text: str, sought: str) -> tuple[bool, bool, bool]:
    return (sought in text, text.startswith(sought), text.endswith(sought))
