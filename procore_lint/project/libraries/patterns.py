"""Regular expressions that tidy texts: what `re.sub` leaves of a url."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from procore_lint.lazy import regex
from procore_lint.project import strings
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    UNKNOWN,
    Choice,
    External,
    Hole,
    Listing,
    Text,
    Unknown,
    Value,
    concat,
    hole,
    join,
    literal,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

#: Patterns for slashes, blanks and placeholders: cheap to run, and no part of a host or of a path's words.
_TIDYING = regex(
    r"""(?:\(\?<![:/a-z]*\))?
        (?P<start>\^|\\A)?
        (?:\(?(?:(?:/|\\/|\[/\]|\\s|[ ])(?:[+*?]|\{\d*,?\d*\})?)+\)?
          |\\?[{<](?:\[\^[}>]\]|\\w|[\w.])[+*]\??\\?[}>])
        (?P<end>\$|\\Z)?""",
    re.VERBOSE,
)
_LONG = 2000
#: A compiled pattern of hosts: its methods have the pattern's text as their receiver.
COMPILED = "<pattern>"


def compiled(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`re.compile(pattern)`, which keeps the text of a pattern that a check may care for."""
    pattern = args[0] if args else kwargs.get("pattern", UNKNOWN)
    if isinstance(pattern, Text) and strings.is_notable(pattern.template):
        return External(COMPILED, pattern)
    return Unknown("re.compile()")


def tried(name: str, receiver: Value | None, args: Sequence[Value]) -> Sequence[Value]:
    """What a pattern that a check may care for is tried on; nothing for other calls."""
    kind = name.rpartition(".")[0]
    if kind == COMPILED:
        return args
    if (
        kind in ("re", "regex")
        and args
        and isinstance(args[0], Text)
        and strings.is_notable(args[0].template)
    ):
        return args[1:]
    return ()


def substituted(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`re.sub(pattern, replacement, text)`, where the pattern only tidies the text."""
    given = dict(zip(("pattern", "repl", "string"), args, strict=False)) | kwargs
    pattern, text = given.get("pattern", UNKNOWN), given.get("string", UNKNOWN)
    plain = pattern.plain if isinstance(pattern, Text) else None
    tidying = _TIDYING.fullmatch(plain) if plain is not None else None
    if tidying is None:
        return UNKNOWN
    if isinstance(text, Choice):
        options = [
            substituted(machine, [pattern, given.get("repl", UNKNOWN), m], {}, site) for m in text.members
        ]
        return join(options)
    other = given.get("repl", UNKNOWN)
    written = other.plain if isinstance(other, Text) else None
    if not isinstance(text, Text):
        if tidying["end"] and tidying.group()[-2] in "?*":
            return concat(text, other)  # what may be there at the end gives way to more
        return text if written is not None and not written.strip("/ ") else UNKNOWN
    if len(text.template) > _LONG or (written is not None and "\\" in written):
        return UNKNOWN
    try:
        wanted = re.compile(tidying.group())
    except re.error:
        return UNKNOWN
    return _replaced(text, wanted, other if isinstance(other, Text) else hole(UNKNOWN), tidying)


def counted(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`re.subn(...)`: the text, and how often it was changed."""
    return Listing(site.place, [substituted(machine, args, kwargs, site), UNKNOWN], "tuple")


def _replaced(text: Text, wanted: re.Pattern[str], other: Text, anchors: re.Match[str]) -> Value:
    """Every literal piece with its matches replaced; a pattern's anchors hold at the text's own ends."""
    out: list[Value] = []
    for position, part in enumerate(text.parts):
        inside = (anchors["start"] and position) or (anchors["end"] and position < len(text.parts) - 1)
        if isinstance(part, Hole) or inside:
            out.append(Text((part,)))
            continue
        start = 0
        for match in wanted.finditer(part.text):
            out.extend((literal(part.text[start : match.start()], part.place), other))
            start = match.end()
        out.append(literal(part.text[start:], part.place))
    return concat(*out)
