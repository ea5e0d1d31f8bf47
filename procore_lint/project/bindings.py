"""What the calls of a program pass: parameters in texts filled in, and what objects were made with."""

from __future__ import annotations

from procore_lint.project import models, urls
from procore_lint.project.libraries import layers
from procore_lint.project.machine import Machine
from procore_lint.project.model import FunctionInfo
from procore_lint.values import (
    Flag,
    Hole,
    Listing,
    Nothing,
    Parameter,
    Piece,
    Text,
    Unknown,
    Value,
    as_texts,
    members,
)  # fmt: skip


class Bindings:
    """The values that a program's calls hand to its functions."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._functions: dict[str, FunctionInfo] = machine.by_id
        self._expanded: dict[Text, tuple[Text, ...]] = {}

    def function(self, identifier: str) -> FunctionInfo | None:
        """The function of an identifier, "path:qualified name"."""
        return self._functions.get(identifier)

    def expand(self, text: Text, depth: int = 3) -> tuple[Text, ...]:
        """`text` with what callers pass in place of parameters, where the project's calls say."""
        known = self._expanded.get(text)
        if known is not None:
            return known
        results = [text]
        for _ in range(depth):
            following: list[Text] = []
            changed = False
            for item in results[:8]:
                position = next(
                    (i for i, p in enumerate(item.parts) if isinstance(p, Hole) and self._bound(p.value)),
                    None,
                )
                if position is None:
                    following.append(item)
                    continue
                changed = True
                part = item.parts[position]
                assert isinstance(part, Hole)
                for value in self._bound(part.value)[:6]:
                    before, after = item.parts[:position], item.parts[position + 1 :]
                    following.extend(Text((*before, *piece.parts, *after)) for piece in as_texts(value))
            results = following
            if not changed:
                break
        self._expanded[text] = tuple(dict.fromkeys(results))
        return self._expanded[text]

    def agreed(self, text: Text) -> Text:
        """`text` with what objects were made with, where all that make one of a class agree.

        What callers pass to functions is not filled in: the runs of their calls hold it, value beside value.
        """
        parts: list[Piece | Hole] = []
        for part in text.parts:
            bound = self._bound(part.value) if isinstance(part, Hole) and _is_made_with(part.value) else []
            if len(bound) == 1 and isinstance(bound[0], Text):
                parts.extend(bound[0].parts)
            else:
                parts.append(part)
        return Text(tuple(parts))

    def based(self, text: Text) -> tuple[Text, ...]:
        """`text` on each base that callers pass for its beginning, where it goes to REST.

        Calls that differ in the base alone are not run again (`summaries`), so no run holds it.
        """
        first = text.parts[0] if text.parts else None
        if not isinstance(first, Hole) or not urls.is_rest_path(urls.address(text).path):
            return (text,)
        return tuple(Text((*base.parts, *text.parts[1:])) for base in self.expand(Text((first,))))

    def _bound(self, value: Value) -> list[Value]:
        """What calls in the project pass for a parameter; [] where none says anything."""
        found: list[Value] = []
        for member in members(value):
            if not isinstance(member, Parameter) or member.path:
                continue
            info = self._functions.get(member.function)
            for bound in info.bindings.get(member.name, ()) if info else ():
                for option in members(bound):
                    known = isinstance(option, (Text, Parameter)) and option != member
                    if known or (isinstance(option, Unknown) and option.hint):
                        found.append(option)
        return list(dict.fromkeys(found))

    def is_left_out(self, parameter: Parameter) -> bool:
        """Whether a parameter holds what may add headers to requests, is optional, and no call fills it.

        A pair of name and password is written into a header of its own, and adds no other.
        """
        if parameter.path != (layers.LAYER,):
            return False
        info = self._functions.get(parameter.function)
        if info is None:
            return False
        optional = any(p.name == parameter.name and p.default is not None for p in info.inside.params)
        given = (m for bound in info.bindings.get(parameter.name, ()) for m in members(bound))
        return optional and all(
            isinstance(m, (Nothing, Flag)) or (isinstance(m, Listing) and m.kind == "tuple") for m in given
        )

    def kept(self, parameter: Parameter | Unknown) -> list[Value]:
        """What the project's calls hand to a constructor, for a field that an object keeps as it is."""
        if isinstance(parameter, Unknown):
            return models.made_with(self._machine.classes.values(), parameter.hint)
        info = self._functions.get(parameter.function)
        if info is None or info.name != "__init__" or parameter.path:
            return []
        found = info.bindings.get(parameter.name, ())
        return [m for value in found for m in members(value) if not isinstance(m, Parameter)]


def _is_made_with(value: Value) -> bool:
    return isinstance(value, Parameter) and value.function.endswith(".__init__") and not value.path
