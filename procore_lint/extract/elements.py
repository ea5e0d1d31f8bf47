"""The elements of displays, calls and other lists in brackets: what a comment inside one speaks for.

An element is what stands between two commas of one bracket. Brackets without a comma only group; what
stands in them belongs to the element around them.
"""

from __future__ import annotations

import tokenize

import msgspec

_BETWEEN = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT})


class _Element(msgspec.Struct):
    first: int = 0  # line of its first token, 0 while there is none
    last: int = 0
    ends: list[int] = msgspec.field(default_factory=list)  # lines that end in it, and in no element inside it


class _Bracket(msgspec.Struct):
    elements: list[_Element] = msgspec.field(default_factory=lambda: [_Element()])

    @property
    def groups(self) -> bool:
        return len(self.elements) == 1


class Elements:
    """Reads tokens one after the other; knows elements by the lines that end in them and that begin them."""

    def __init__(self) -> None:
        self.ending: dict[int, tuple[int, int]] = {}  # the smallest element that holds a line's last token
        self.beginning: dict[int, tuple[int, int]] = {}  # the largest element that begins on a line
        self._open: list[_Bracket] = []
        self._last = ""  # the token of code before

    def take(self, token: tokenize.TokenInfo) -> None:
        """Read the next token."""
        if token.type == tokenize.NL:
            self._end_line(token.start[0])
            return
        if token.type in _BETWEEN:
            return
        kind = token.string if token.type == tokenize.OP else ""
        if kind and kind in ")]}":
            self._close()
        if kind == "," and self._open:
            self._grow(token)
            self._open[-1].elements.append(_Element())
        else:
            self._grow(token)
        if kind and kind in "([{":
            self._open.append(_Bracket())
        self._last = kind

    def finish(self) -> None:
        """Close what a broken file leaves open."""
        while self._open:
            self._close()

    def _grow(self, token: tokenize.TokenInfo) -> None:
        if self._open:
            element = self._open[-1].elements[-1]
            element.first = element.first or token.start[0]
            element.last = token.end[0]

    def _end_line(self, line: int) -> None:
        # A bracket that has just been opened, and a comma, belong to what stands before them.
        around = self._open[:-1] if self._last and self._last in "([{" else self._open
        if around:
            elements = around[-1].elements
            elements[-2 if self._last == "," and len(elements) > 1 else -1].ends.append(line)

    def _close(self) -> None:
        if not self._open:
            return
        bracket = self._open.pop()
        if bracket.groups:
            if self._open:
                self._open[-1].elements[-1].ends += bracket.elements[0].ends
            return
        for element in bracket.elements:
            lines = (element.first, element.last)
            for line in element.ends:
                self.ending.setdefault(line, lines)
            if element.first:
                # Outer brackets are closed last.
                self.beginning[element.first] = lines
