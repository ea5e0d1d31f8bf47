"""Edits carried out on bytes: everything outside of them stays as it was, byte for byte."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from procore_lint.finding import Edit
from procore_lint.source import Lines, SourceError, Text, decode, encode


class EditError(Exception):
    """Why a file cannot be edited; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file that can be edited: decoded in a way that gives the same bytes back, and parsing."""

    source: Text
    lines: Lines

    @classmethod
    def of(cls, data: bytes) -> Page:
        """Decode a file. Raises EditError."""
        try:
            source = decode(data)
        except SourceError as error:
            raise EditError(error.message) from error
        if encode(source, source.text) != data:
            raise EditError(f"its bytes would not survive decoding as {source.encoding}")
        if not parses(source.text):
            raise EditError("it does not parse")
        return cls(source, Lines(source.text))

    def interval(self, edit: Edit) -> tuple[int, int]:
        """The offsets in the text that an edit replaces. Raises EditError where there is no such place."""
        span = edit.span
        start = self.lines.offset(span.line, span.column)
        end = self.lines.offset(span.end_line, span.end_column)
        if self.lines.span(start, end) != tuple(span) or end < start:
            raise EditError(f"the edit at line {span.line} lies beyond the text")
        return start, end

    def rewrite(self, edits: Iterable[Edit]) -> Rewritten:
        """Carry out edits that do not overlap. Raises EditError where the result is no Python."""
        ordered = sorted((*self.interval(edit), edit.content) for edit in edits)
        parts: list[str] = []
        at = 0
        for start, end, content in ordered:
            parts += (self.source.text[at:start], content)
            at = end
        text = "".join(parts) + self.source.text[at:]
        try:
            data = encode(self.source, text)
        except UnicodeEncodeError as error:
            raise EditError(f"{self.source.encoding} cannot write {text[error.start]!r}") from error
        try:
            same = decode(data).text == text
        except SourceError as error:
            raise EditError(error.message) from error
        if not same or not parses(text):
            raise EditError("the result does not parse")
        return Rewritten(data, self.lines, Lines(text), tuple(ordered))


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file after edits (start, end, content), and the way of places from before to after."""

    data: bytes
    before: Lines
    after: Lines
    edits: tuple[tuple[int, int, str], ...]

    def moved(self, line: int, column: int) -> set[tuple[int, int]]:
        """Where a place may stand now: on either side of what was written exactly there.

        A place inside replaced text moves to where the new text begins.
        """
        offset = self.before.offset(line, column)
        shift = 0
        for start, end, content in self.edits:
            if end > offset or start == offset:
                inside = max(offset - start, 0) if start < offset else 0
                written = len(content) if start == end == offset else 0
                return {self.after.position(offset - inside + shift + extra) for extra in {0, written}}
            shift += len(content) - (end - start)
        return {self.after.position(offset + shift)}


def parses(text: str) -> bool:
    """Whether a text is Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escapes, which are the user's own
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two intervals of a text share a character, or insert at the same place."""
    if one == other:
        return True
    return one[0] < other[1] and other[0] < one[1]
