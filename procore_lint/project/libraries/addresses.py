"""Urls that were taken apart: a parsed url is the text itself, and its parts are parts of that text."""

from __future__ import annotations

from procore_lint.lazy import regex
from procore_lint.values import UNKNOWN, Hole, Piece, Text, Value

_START = regex(r"(https?)://([^/?#\0]+)(?=[/?#]|$)")
_HOST = frozenset({"netloc", "hostname", "host"})
#: What `_replace` changes without sending the request anywhere else.
_BESIDE = frozenset({"query", "fragment", "params"})


def part(url: Text, name: str) -> Value | None:
    """`urlparse(url).<name>` where literal text decides it; None where it does not, or it is no such part."""
    first = url.parts[0] if url.parts else None
    if name == "url" and isinstance(first, Piece) and first.text.startswith("http"):
        return url  # of a url's object, which stands for its text
    start = _START.match(first.text) if isinstance(first, Piece) else None
    if (
        start is None
        or not isinstance(first, Piece)
        or (start.end() == len(first.text) and len(url.parts) > 1)
    ):
        return None
    if name == "scheme":
        return Text((Piece(start[1], first.place),))
    if name in _HOST:
        return Text((Piece(start[2], first.place),))
    if name == "path":
        return _path(first, start.end(), url.parts[1:])
    return None


def _path(first: Piece, start: int, others: tuple[Piece | Hole, ...]) -> Text:
    parts: list[Piece | Hole] = []
    for piece in (Piece(first.text[start:], first.place), *others):
        text, mark, _ = piece.text.partition("?")
        if isinstance(piece, Hole) or text:
            parts.append(piece if isinstance(piece, Hole) else Piece(text, piece.place))
        if mark:
            break
    return Text(tuple(parts))


def replaced(url: Text, changes: dict[str, Value]) -> Value:
    """`urlparse(url)._replace(...)`."""
    return url if _BESIDE.issuperset(changes) else UNKNOWN
