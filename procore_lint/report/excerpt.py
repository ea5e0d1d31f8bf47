"""The source around a finding, its place marked by carets, cut to fit the terminal."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from procore_lint.report.cells import Glyph, glyphs

if TYPE_CHECKING:
    from procore_lint.finding import Span

#: Cells of an excerpt where no terminal says how many there are.
UNBOUNDED = 120
#: However narrow the terminal is, less than this shows nothing useful.
NARROWEST = 24


class Row(NamedTuple):
    """A line of an excerpt: what stands in the margin, the source, and the carets below it."""

    label: str
    text: str
    marks: str


class _Line(NamedTuple):
    number: int
    shown: list[Glyph]
    start: int  # index of the first marked glyph
    end: int  # index after the last marked glyph


def excerpt(span: Span, read_line: Callable[[int], str], room: int) -> list[Row]:
    """The first and the last line of `span` with carets below, each in `room` cells at most.

    A row labelled "…" stands for the lines between. Empty where the source has no such lines.
    """
    lines = _marked(span, read_line)
    room = max(room, NARROWEST)
    if any(sum(glyph.width for glyph in line.shown) > room for line in lines):
        lines = _dedented(lines)
    rows = [Row(str(line.number), *_cut(line, room)) for line in lines]
    if len(lines) == 2 and lines[1].number - lines[0].number > 1:
        rows.insert(1, Row("…", "", ""))
    return rows


def _marked(span: Span, read_line: Callable[[int], str]) -> list[_Line]:
    first = read_line(span.line).rstrip()
    if not first:
        return []
    start = min(span.column - 1, len(first))
    if span.end_line <= span.line:
        return [_Line(span.line, glyphs(first), start, max(span.end_column - 1, start))]
    top = _Line(span.line, glyphs(first), start, len(first))
    last = read_line(span.end_line).rstrip()
    end = min(span.end_column - 1, len(last))
    indentation = len(last) - len(last.lstrip())
    if end <= indentation:
        return [top]
    return [top, _Line(span.end_line, glyphs(last), indentation, end)]


def _dedented(lines: list[_Line]) -> list[_Line]:
    margin = min(_indentation(line) for line in lines)
    return [_Line(line.number, line.shown[margin:], line.start - margin, line.end - margin) for line in lines]


def _indentation(line: _Line) -> int:
    for index, glyph in enumerate(line.shown):
        if index >= line.start or not glyph.text.isspace():
            return index
    return 0


def _cut(line: _Line, room: int) -> tuple[str, str]:
    """The part of `line` around its marks that fits `room` cells, and the carets for it."""
    shown = line.shown
    ends = [0, *accumulate(glyph.width for glyph in shown)]
    start = min(line.start, len(shown))
    end = min(max(line.end, start), len(shown))
    low, high = 0, len(shown)
    if ends[-1] > room:
        low, high = _window(ends, start, end, room - 2)
        while 0 < low < start and shown[low].width == 0:
            low += 1
    before = "…" if low > 0 else ""
    after = "…" if high < len(shown) else ""
    text = before + "".join(glyph.text for glyph in shown[low:high]) + after
    offset = len(before) + ends[start] - ends[low]
    carets = max(ends[min(end, high)] - ends[start], 1)
    return text.rstrip(), " " * offset + "^" * carets


def _window(ends: list[int], start: int, end: int, room: int) -> tuple[int, int]:
    """Indexes of the glyphs that fit `room` cells: the marked ones, and what can be had around them."""
    last = len(ends) - 1
    context = max(room - (ends[end] - ends[start]), 0)
    low = start
    while low > 0 and ends[start] - ends[low - 1] <= context // 2:
        low -= 1
    high = start
    while high < last and ends[high + 1] - ends[low] <= room:
        high += 1
    while low > 0 and ends[high] - ends[low - 1] <= room:
        low -= 1
    return low, high
