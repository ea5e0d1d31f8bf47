"""Which entries of a dict still are what is sent: keys that later code replaces, takes out or leaves out.

A `Mapping` says what may be there. Here stands what code did to that: an entry that is replaced proves
nothing about the value it had before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.values import Client, Mapping, Place, Prepared, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

ANY = "*"


def put(machine: Machine, mapping: Mapping, key: str, place: Place) -> None:
    """Note that `mapping[key] = ...` at `place` stands before the spreads and what was there before."""
    by = _by(machine, mapping)
    if key in mapping.entries and mapping.places.get(key) != place:
        mapping.lose(key, by)
    if mapping.spreads:
        mapping.hide(key, by)


def updated(machine: Machine, mapping: Mapping, source: Value) -> None:
    """Note that `mapping.update(source)` replaces what stood there before."""
    for key in source.entries if isinstance(source, Mapping) else ():
        if key in mapping.entries:
            mapping.lose(key, _by(machine, mapping))


def taken_out(machine: Machine, value: Value, key: str) -> None:
    """Note `del d[key]`, `d.pop(key)` and, with `ANY`, `d.clear()`."""
    for mapping in members(value):
        if isinstance(mapping, Mapping):
            by = _by(machine, mapping)
            mapping.lose(key, by)
            mapping.hide(key, by)


def shown_over(mapping: Mapping, key: str) -> None:
    """Note that a key of a display or of `dict(d, key=...)` stands before the spreads that came so far."""
    if mapping.spreads:
        mapping.hide(key, "")


def left_out(mapping: Mapping, node: facts.Comp) -> None:
    """Note the keys that the conditions of `{k: v for k, v in d.items() if ...}` leave out."""
    names = {part.id for part in _within(node.key) if isinstance(part, facts.Name)}
    for loop in node.loops:
        for test in loop.tests:
            for key in _excluded(test, names):
                mapping.hide(key, "")


def _excluded(test: facts.Expr, names: set[str]) -> Iterator[str]:
    if isinstance(test, facts.Logic) and test.op == "and":
        for value in test.values:
            yield from _excluded(value, names)
        return
    if not any(isinstance(part, facts.Name) and part.id in names for part in _within(test)):
        return
    if isinstance(test, facts.Compare) and test.op in ("!=", "not in"):
        items = test.right.items if isinstance(test.right, facts.Seq) else (test.right,)
        texts = [
            item.value for item in items if isinstance(item, facts.Const) and isinstance(item.value, str)
        ]
        if len(texts) == len(items):
            yield from texts
            return
    yield ANY  # which keys pass is not known


def _within(node: facts.Expr | None) -> Iterator[facts.Expr]:
    """A key or a test with what it is made of, as far as keys are tested."""
    if node is None:
        return
    yield node
    if isinstance(node, facts.Attr):
        yield from _within(node.obj)
    elif isinstance(node, facts.Call):
        yield from _within(node.func)
        for argument in node.args:
            yield from _within(argument.value)
    elif isinstance(node, facts.Compare):
        yield from (*_within(node.left), *_within(node.right))
    elif isinstance(node, facts.Not):
        yield from _within(node.value)
    elif isinstance(node, facts.Logic):
        for value in node.values:
            yield from _within(value)


def carriers(values: Iterable[Value], name: str, function: str) -> list[Mapping]:
    """The dicts whose own entry `name` (lower case) a request in `function` may send."""
    seen: set[int] = set()
    carrying: list[Mapping] = []
    for value in values:
        _carriers(value, name, function, seen, carrying)
    return carrying


def _carriers(value: Value, name: str, function: str, seen: set[int], carrying: list[Mapping]) -> None:
    for member in members(value):
        mapping = member.headers if isinstance(member, (Client, Prepared)) else member
        if not isinstance(mapping, Mapping) or id(mapping) in seen:
            continue
        seen.add(id(mapping))
        if _has(mapping, name) and not _is_noted(mapping.lost, name, function):
            carrying.append(mapping)
        if _is_noted(mapping.hidden, name, function):
            continue
        for spread in reversed(mapping.spreads):
            _carriers(spread, name, function, seen, carrying)
            if gives(spread, name):
                break


def gives(value: Value | None, name: str, limit: int = 4) -> bool:
    """Whether a dict has an entry `name` of its own, or of the dict that it is a copy of."""
    if not isinstance(value, Mapping) or not limit:
        return False
    last = value.spreads[-1] if value.spreads else None
    return _has(value, name) or gives(last, name, limit - 1)


def _has(mapping: Mapping, name: str) -> bool:
    return any(key.strip().lower() == name for key in mapping.entries)


def _is_noted(noted: dict[str, tuple[str, ...]] | None, name: str, function: str) -> bool:
    if noted is None:
        return False
    by = noted.get(name, ()) + noted.get(ANY, ())
    return "" in by or function in by


def _by(machine: Machine, mapping: Mapping) -> str:
    """Who changes a dict: "" for the run that made it, else the running function."""
    if mapping.home is not None and mapping.home is machine.now().run:
        return ""
    function = machine.stack[-1].function if machine.stack else None
    return function.id if function is not None else ""
