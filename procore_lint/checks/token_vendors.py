"""Whether a class asks another vendor for its tokens: what it says of their lives is that vendor's.

A base class written for several vendors runs once for each heir, so what it does in an heir that asks
another vendor is no more Procore's than what the heir's own methods do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.events import Arithmetic, Event, Request
from procore_lint.project.model import ClassInfo
from procore_lint.project.program import Program
from procore_lint.values import Place, Text, Value, members

_ASKED = regex(r"oauth|/tokens?\b", re.I)


class Vendors:
    """Whom the classes of a program ask for tokens; each is looked at once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._asks_another: dict[str, bool | None] = {}

    def is_of_another(self, event: Event) -> bool:
        """Whether an event happens in an object that asks another vendor for its tokens.

        The nearest object on the way that says whom it asks decides.
        """
        for caller in reversed(event.chain):
            function = caller.function
            info = caller.on or (function.owner if function is not None else None)
            vendor = self._of_class(info) if info is not None else None
            if vendor is not None:
                return vendor
        return False

    def serves_another(self, item: Arithmetic) -> bool:
        """Whether a sum is made for another vendor's tokens too: a change of it would change those."""
        return any(self.is_of_another(other) for other in self._sums[item.place])

    @cached_property
    def _sums(self) -> dict[Place, list[Arithmetic]]:
        found: dict[Place, list[Arithmetic]] = defaultdict(list)
        for item in self._program.trail.arithmetic:
            found[item.place].append(item)
        return found

    def _of_class(self, info: ClassInfo) -> bool | None:
        """Whether a class asks others than Procore for tokens; None where nothing says whom it asks."""
        if info.id not in self._asks_another:
            self._asks_another[info.id] = None  # while its heirs are asked
            self._asks_another[info.id] = self._asks(info)
        return self._asks_another[info.id]

    def _asks(self, info: ClassInfo) -> bool | None:
        hosts = {urls.address(text).host for text in self._urls(info)}
        if not hosts:
            return None
        if any("\0" in host or not host or urls.is_procore(host) for host in hosts):
            return False
        if "procore" in info.qualname.lower():
            return False
        return not any(self._of_class(heir) is False for heir in info.subclasses)

    def _urls(self, info: ClassInfo) -> Iterator[Text]:
        """The urls under which a class asks for tokens: those it holds, and those its runs ask at."""
        for value in _held(info).values():
            yield from _texts(value)
        for request in self._requests.get(info.id, ()):
            yield from _texts(request.url)

    @cached_property
    def _requests(self) -> dict[str, list[Request]]:
        """By the class whose object a run began with."""
        found: dict[str, list[Request]] = defaultdict(list)
        for request in self._program.trail.requests:
            found[request.root.receiver].append(request)
        return found


def _held(info: ClassInfo) -> dict[str, Value]:
    """What a class and its objects hold by name; the nearest says what a name is."""
    found: dict[str, Value] = {}
    for base in info.line():
        fields = base.symbol.fields if base.symbol is not None else {}
        for name, value in (*base.attributes.items(), *fields.items()):
            found.setdefault(name, value)
    return found


def _texts(value: Value) -> Iterator[Text]:
    for member in members(value):
        if isinstance(member, Text) and _ASKED.search(member.template):
            yield member
