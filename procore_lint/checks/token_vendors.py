"""Whether a class asks another vendor for its tokens: what it says of their lives is that vendor's.

A base class written for several vendors runs once for each heir, so what it does in an heir that asks
another vendor is no more Procore's than what the heir's own methods do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint.project import urls
from procore_lint.project.events import Arithmetic, Event
from procore_lint.project.model import ClassInfo
from procore_lint.project.program import Program
from procore_lint.values import Text, Value, members

_ASKED = re.compile(r"oauth|/tokens?\b", re.I)


def is_of_another(program: Program, event: Event) -> bool:
    """Whether an event happens in an object that asks another vendor for its tokens.

    The nearest object on the way that says whom it asks decides.
    """
    for caller in reversed(event.chain):
        function = caller.function
        info = caller.on or (function.owner if function is not None else None)
        if info is not None:
            vendor = asks_another(program, info)
            if vendor is not None:
                return vendor
    return False


def serves_another(program: Program, item: Arithmetic) -> bool:
    """Whether a sum is made for another vendor's tokens too: a change of it would change those."""
    return any(
        other.place == item.place and is_of_another(program, other) for other in program.trail.arithmetic
    )


def asks_another(program: Program, info: ClassInfo) -> bool | None:
    """Whether a class asks others than Procore for tokens; None where nothing says whom it asks."""
    hosts = {urls.address(text).host for text in _asked(program, info)}
    if not hosts:
        return None
    if any("\0" in host or not host or urls.is_procore(host) for host in hosts):
        return False
    if "procore" in info.qualname.lower():
        return False
    return not any(asks_another(program, heir) is False for heir in info.subclasses)


def _asked(program: Program, info: ClassInfo) -> Iterator[Text]:
    """The urls under which a class asks for tokens: those it holds, and those its runs ask at."""
    for value in _held(info).values():
        yield from _texts(value)
    for request in program.trail.requests:
        if request.root.receiver == info.id:
            yield from _texts(request.url)


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
