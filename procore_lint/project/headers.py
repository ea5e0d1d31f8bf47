"""Whether a request can carry a header: a *may* question over everything that adds headers."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from procore_lint.values import (
    Client,
    Key,
    Listing,
    Mapping,
    Moment,
    Nothing,
    Parameter,
    Place,
    Prepared,
    Text,
    Type,
    Value,
    members,
)

#: The header that names the company, in lower case.
COMPANY = frozenset({"procore-company-id"})

#: What a header may be: carried on some path, on none, decided by callers, or not decided here.
YES, NO, OPEN, UNKNOWN = "yes", "no", "open", "unknown"


class Presence(msgspec.Struct, frozen=True):
    """The answer, with the parameters it waits for."""

    state: str
    parameters: frozenset[Parameter] = frozenset()


def presence(values: Iterable[Value], names: frozenset[str], at: Moment | None = None) -> Presence:
    """Whether any of `values` may hold a key of `names` (lower case).

    What is surely added after `at`, the moment of the request, does not count.
    """
    waiting: set[Parameter] = set()
    states = {_state(value, names, set(), waiting, at) for value in values}
    if YES in states:
        return Presence(YES)
    if OPEN in states:
        return Presence(OPEN, frozenset(waiting))
    return Presence(UNKNOWN if UNKNOWN in states else NO)


def _state(
    value: Value, names: frozenset[str], seen: set[int], waiting: set[Parameter], at: Moment | None
) -> str:
    states: set[str] = set()
    for member in members(value):
        if type(member) is Nothing:
            continue
        if type(member) is Mapping:
            states.add(_in_mapping(member, names, seen, waiting, at))
        elif type(member) is Parameter:
            waiting.add(member)
            states.add(OPEN)
        elif isinstance(member, (Client, Prepared)):
            states.add(_in_mapping(member.headers, names, seen, waiting, at))
        elif type(member) is Key:
            states.add(_state(member.mapping, names, seen, waiting, at))
        elif type(member) is Listing:
            states.add(_in_listing(member, names, seen, waiting, at))
        elif isinstance(member, (Text, Type)):
            states.add(NO)
        else:
            states.add(UNKNOWN)
    for state in (YES, OPEN, UNKNOWN):
        if state in states:
            return state
    return NO


def _in_mapping(
    mapping: Mapping, names: frozenset[str], seen: set[int], waiting: set[Parameter], at: Moment | None
) -> str:
    if id(mapping) in seen:
        return NO
    seen.add(id(mapping))
    if any(key.strip().lower() in names and not _is_late(mapping, key, at) for key in mapping.entries):
        return YES
    states = {
        _state(spread, names, seen, waiting, at)
        for position, spread in enumerate(mapping.spreads)
        if not _is_late(mapping, position, at)
    }
    for state in (YES, OPEN):
        if state in states:
            return state
    return UNKNOWN if mapping.open or UNKNOWN in states else NO


def _is_late(mapping: Mapping, key: str | int, at: Moment | None) -> bool:
    """Whether an entry comes after the request on every path: in the run that made the mapping, too."""
    added = mapping.added.get(key) if mapping.added is not None else None
    if at is None or added is None or mapping.home is not at.run:
        return False
    return added.is_surely_after(at)


def _in_listing(
    listing: Listing, names: frozenset[str], seen: set[int], waiting: set[Parameter], at: Moment | None
) -> str:
    """Headers as pairs."""
    states: set[str] = set()
    for item in listing.items:
        if isinstance(item, Listing) and item.items and isinstance(item.items[0], Text):
            plain = item.items[0].plain
            states.add(UNKNOWN if plain is None else YES if plain.lower() in names else NO)
        else:
            states.add(_state(item, names, seen, waiting, at))
    for state in (YES, OPEN, UNKNOWN):
        if state in states:
            return state
    return NO if listing.exact else UNKNOWN


def keys(values: Iterable[Value]) -> list[tuple[str, Place]]:
    """The header names that `values` certainly mention, with their places."""
    found: dict[str, Place] = {}
    for mapping in mappings(values):
        for key in mapping.entries:
            found.setdefault(key, mapping.places.get(key, mapping.place))
    return list(found.items())


def mappings(values: Iterable[Value]) -> list[Mapping]:
    """The header mappings behind a request, outermost first."""
    found: dict[int, Mapping] = {}
    _collect(values, found)
    return list(found.values())


def _collect(values: Iterable[Value], found: dict[int, Mapping]) -> None:
    for value in values:
        for member in members(value):
            mapping = member.headers if isinstance(member, (Client, Prepared)) else member
            if isinstance(mapping, Mapping) and id(mapping) not in found:
                found[id(mapping)] = mapping
                _collect(mapping.spreads, found)
