"""Where string literals stand in a text, and what is inside an f-string.

Written by hand, so that every Python version gives the same answer and broken input none but `None`.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

#: The start of a literal: its prefix (also Python 2's `ur`) and its quote.
START: Final = re.compile(r"(?<!\w)([bBuUrRfFtT]{0,2})('''|\"\"\"|'|\")")

_ENDS: Final = {
    "'": re.compile(r"(?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*'"),
    '"': re.compile(r'(?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*"'),
}
_TRIPLE: Final = {
    "'''": re.compile(r"\\[\s\S]|'''"),
    '"""': re.compile(r'\\[\s\S]|"""'),
}
_TEXT_STOP: Final = re.compile(r"\\N\{[^{}\r\n]*\}|\\(?:\r\n|[^{}])|\{\{|\}\}|[{}\r\n]|'''|\"\"\"|['\"]")
_RAW_STOP: Final = re.compile(r"\\(?:\r\n|[^{}])|\{\{|\}\}|[{}\r\n]|'''|\"\"\"|['\"]")
_SPEC_STOP: Final = re.compile(r"[{}'\"\r\n]")
_CODE_STOP: Final = re.compile(r"[\[\](){}:#'\"\r\n]|!(?!=)")
_DEEPEST: Final = 20


class Field(msgspec.Struct, frozen=True):
    """`{expression!r:spec}` from `start` to `end`; `inner` are the fields of the spec."""

    start: int
    end: int
    code: tuple[int, int]
    inner: tuple[Field, ...]


class Piece(msgspec.Struct, frozen=True):
    """A string literal from `start` to `end`; `parts` of an f-string are stretches of text and fields."""

    start: int
    end: int
    prefix: str
    quote: str
    parts: tuple[tuple[int, int] | Field, ...] | None

    @property
    def body(self) -> tuple[int, int]:
        """From behind the opening quote to the closing one."""
        return self.start + len(self.prefix) + len(self.quote), self.end - len(self.quote)


def read(text: str, found: re.Match[str], depth: int = 0) -> Piece | None:
    """The literal that a match of START opens; None when it never ends."""
    prefix, quote = found[1], found[2]
    if "f" in prefix.lower() or "t" in prefix.lower():
        formatted = _formatted(text, found.end(), quote, "r" in prefix.lower(), depth)
        if formatted is not None:
            parts, end = formatted
            return Piece(found.start(), end, prefix, quote, parts)
    end = _plain_end(text, found.end(), quote)
    return None if end < 0 else Piece(found.start(), end, prefix, quote, None)


def _plain_end(text: str, start: int, quote: str) -> int:
    if len(quote) == 1:
        found = _ENDS[quote].match(text, start)
        return found.end() if found else -1
    for found in _TRIPLE[quote].finditer(text, start):
        if found[0] == quote:
            return found.end()
    return -1


def _formatted(
    text: str, start: int, quote: str, raw: bool, depth: int
) -> tuple[tuple[tuple[int, int] | Field, ...], int] | None:
    stop = _RAW_STOP if raw else _TEXT_STOP
    parts: list[tuple[int, int] | Field] = []
    begun = at = start
    while found := stop.search(text, at):
        what, at = found[0], found.end()
        if what.startswith(quote):
            if found.start() > begun:
                parts.append((begun, found.start()))
            return tuple(parts), found.start() + len(quote)
        if what == "{":
            if found.start() > begun:
                parts.append((begun, found.start()))
            field = _field(text, found.start(), depth + 1)
            if field is None:
                return None
            parts.append(field)
            begun = at = field.end
        elif what == "}" or (what in "\r\n" and len(quote) == 1):
            return None
    return None


def _field(text: str, start: int, depth: int) -> Field | None:
    if depth > _DEEPEST:
        return None
    at, level, code_end = start + 1, 0, -1
    while found := _CODE_STOP.search(text, at):
        what, at = found[0], found.end()
        if what in "'\"":
            opened = START.search(text, max(start + 1, found.start() - 2))
            piece = read(text, opened, depth + 1) if opened and opened.start(2) == found.start() else None
            if piece is None:
                return None
            at = piece.end
        elif what in "[({":
            level += 1
        elif what in "])}" and level:
            level -= 1
        elif what == "#":
            at = min(x for x in (text.find("\n", at), text.find("\r", at), len(text)) if x >= 0)
        elif level or what in "\r\n":
            continue
        elif what == "!":
            code_end = found.start()
        elif what == ":":
            code_end = found.start() if code_end < 0 else code_end
            return _spec(text, start, code_end, at, depth)
        elif what == "}":
            code_end = found.start() if code_end < 0 else code_end
            return Field(start, at, _code(text, start + 1, code_end), ())
        else:
            return None
    return None


def _spec(text: str, start: int, code_end: int, at: int, depth: int) -> Field | None:
    inner: list[Field] = []
    while found := _SPEC_STOP.search(text, at):
        at = found.end()
        if found[0] == "}":
            return Field(start, at, _code(text, start + 1, code_end), tuple(inner))
        if found[0] == "{":
            field = _field(text, found.start(), depth + 1)
            if field is None:
                return None
            inner.append(field)
            at = field.end
    return None


def _code(text: str, start: int, end: int) -> tuple[int, int]:
    """The expression alone: `{value = }` says its own text before its value."""
    bare = text[start:end].rstrip()
    return start, start + len(bare.removesuffix("="))
