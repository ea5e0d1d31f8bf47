"""Text as a terminal lays it out: cells, not code points, and nothing that the terminal would obey."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

TAB = 4

#: Characters that reorder or break the text around them: shown as a replacement character.
_TREACHEROUS = frozenset(
    "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
)


class Glyph(NamedTuple):
    """One code point of source as it is shown, and the number of cells that it takes."""

    text: str
    width: int


class Word(NamedTuple):
    """A piece that is never broken: the plain text that is measured, the painted one that is shown."""

    plain: str
    painted: str


def glyphs(line: str) -> list[Glyph]:
    """`line` code point by code point: tabs widened, control characters made visible."""
    shown: list[Glyph] = []
    position = 0
    for char in line:
        if char == "\t":
            glyph = Glyph(" " * (TAB - position % TAB), TAB - position % TAB)
        elif " " <= char <= "~":
            glyph = Glyph(char, 1)
        else:
            text = _harmless(char)
            glyph = Glyph(text, _width(text))
        shown.append(glyph)
        position += glyph.width
    return shown


def width_of(text: str) -> int:
    """The cells that `text` takes on one line."""
    return len(text) if text.isascii() else sum(_width(char) for char in text)


def visible(text: str) -> str:
    """`text` on one line, with nothing in it that would move the cursor or change the terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if char in "\n\t" else _harmless(char) for char in text.replace("\r\n", "\n"))


def words(text: str) -> list[Word]:
    """`text` cut at its spaces."""
    return [Word(word, word) for word in text.split()]


def wrap(pieces: Iterable[Word], width: int, *, first: int = 0, indent: int = 0) -> list[str]:
    """Join `pieces` with spaces into lines of at most `width` cells; a longer piece has its own line.

    The first line starts after `first` cells that the caller fills, the others are indented by `indent`.
    Width 0 never breaks.
    """
    lines: list[str] = []
    current = ""
    used = first
    for plain, painted in pieces:
        size = width_of(plain)
        if not current:
            current, used = painted, used + size
        elif width and used + 1 + size > width:
            lines.append(current)
            current, used = " " * indent + painted, indent + size
        else:
            current, used = f"{current} {painted}", used + 1 + size
    lines.append(current)
    return lines


def _harmless(char: str) -> str:
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "\u2421"
    if "\x80" <= char <= "\x9f" or char in _TREACHEROUS:
        return "\ufffd"
    return char


def _width(char: str) -> int:
    if " " <= char <= "~":
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
