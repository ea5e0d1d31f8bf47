"""Syntax of newer Pythons, written so that an older one parses it with every character in its place.

What stands in the way most often are f-strings that hold their own quotes or a backslash in a field, and
type parameters, all of Python 3.12. Only files that do not parse as they are come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint.extract.strings import START, Field, Piece, read

_ALIAS = re.compile(r"^([ \t]*type)[ \t](?=[A-Za-z_]\w*[ \t]*(?:\[[^\r\n]*\])?[ \t]*=)", re.MULTILINE)
_PARAMETERS = re.compile(
    r"^([ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+)(\[(?:[^\[\]\r\n]|\[[^\[\]\r\n]*\])*\])(?=[ \t]*[(:])",
    re.MULTILINE,
)
_TOKEN = re.compile(rf"#[^\r\n]*|{START.pattern}")
_ESCAPE = re.compile(r"\\(?:[^\r\n]|\r\n|[\r\n])")
_OTHER = {"'": '"', '"': "'"}


def as_older(text: str) -> str | None:
    """The text in older syntax, of the same length and lines; None where nothing of this is in it."""
    edits = [*_types(text), *_formatted(text)]
    if not edits:
        return None
    characters = list(text)
    for start, new in edits:
        characters[start : start + len(new)] = new
    return "".join(characters)


def _types(text: str) -> Iterator[tuple[int, str]]:
    """`type X = int` is an assignment to another name, `def f[T](x)` a function of no parameters of type."""
    yield from ((found.end(1), "_") for found in _ALIAS.finditer(text))
    yield from ((found.start(2), " " * len(found[2])) for found in _PARAMETERS.finditer(text))


def _formatted(text: str) -> Iterator[tuple[int, str]]:
    """Strings inside fields get the quotes that the f-string has not, and blanks for what they escape."""
    at = 0
    while found := _TOKEN.search(text, at):
        at = found.end()
        piece = read(text, found) if found[2] else None
        if piece is not None:
            at = piece.end
            yield from _in_fields(text, piece.parts or (), piece.quote)


def _in_fields(
    text: str, parts: tuple[tuple[int, int] | Field, ...], quote: str
) -> Iterator[tuple[int, str]]:
    for field in parts:
        if isinstance(field, Field):
            yield from _in_code(text, *field.code, quote)
            yield from _in_fields(text, field.inner, quote)


def _in_code(text: str, start: int, end: int, quote: str) -> Iterator[tuple[int, str]]:
    while found := START.search(text, start, end):
        piece = read(text, found)
        if piece is None or piece.end > end:
            return
        yield from _in_string(text, piece, quote)
        start = piece.end


def _in_string(text: str, piece: Piece, quote: str) -> Iterator[tuple[int, str]]:
    start, end = piece.body
    body = text[start:end]
    yield from ((start + escape.start(), " " * len(escape[0])) for escape in _ESCAPE.finditer(body))
    if piece.quote == quote and len(quote) == 1 and _OTHER[quote] not in body:
        yield start - 1, _OTHER[quote]
        yield end, _OTHER[quote]
