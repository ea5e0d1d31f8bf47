"""What is put from outside into the dicts and sessions that a constructor made for its object.

The methods of a class are run on any object of it, whose constructor made dicts and sessions of its own. What
code that holds one object puts into them (`client.http.headers[...] = ...`) any object may have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from procore_lint.project.model import ClassInfo
from procore_lint.values import Client, Instance, Mapping, Place, Value, members


def has(holder: Value | None, mapping: Mapping) -> bool:
    """Whether a mapping, or the session that it belongs to, is a field of an object."""
    return isinstance(holder, Instance) and any(held is mapping for held in _mappings(holder))


def _mappings(holder: Instance) -> Iterator[Mapping]:
    for value in holder.fields.values():
        for member in members(value):
            mapping = member.headers if isinstance(member, Client) else member
            if isinstance(mapping, Mapping):
                yield mapping


class Twins(msgspec.Struct):
    """Additions to mappings that another body made, until it is known whose these are."""

    _put: dict[tuple[int, str], tuple[Mapping, str, Value, Place]] = msgspec.field(default_factory=dict)
    _spread: dict[tuple[int, int], tuple[Mapping, Value]] = msgspec.field(default_factory=dict)

    def put(self, mapping: Mapping, key: str, value: Value, place: Place) -> None:
        """Note `mapping[key] = value`."""
        self._put.setdefault((id(mapping), key), (mapping, key, value, place))

    def spread(self, mapping: Mapping, source: Value) -> None:
        """Note `mapping.update(source)`."""
        self._spread.setdefault((id(mapping), id(source)), (mapping, source))

    def settle(self, classes: Iterable[ClassInfo]) -> None:
        """Give what was noted to what any object of the classes has from the same constructors."""
        if not self._put and not self._spread:
            return
        kept: dict[Place, list[Mapping]] = {}
        for info in classes:
            for mapping in _mappings(info.symbol) if info.symbol is not None else ():
                kept.setdefault(mapping.place, []).append(mapping)
        for mapping, key, value, place in self._put.values():
            for twin in kept.get(mapping.place, ()):
                if twin is not mapping:
                    twin.put(key, value, place)
        for mapping, source in self._spread.values():
            for twin in kept.get(mapping.place, ()):
                if twin is not mapping and twin is not source:
                    twin.spread(source)
