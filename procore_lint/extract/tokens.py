"""The text literals of a file that does not parse, read token by token.

Python 2 is the usual case. Comments, docstrings and other string statements are no code and left out.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final

from procore_lint import facts
from procore_lint.extract.context import clean
from procore_lint.extract.strings import START, Field, Piece, read
from procore_lint.source import Lines

_TOKEN: Final = re.compile(
    r"(?P<comment>#[^\r\n]*)|(?P<newline>\r\n|\r|\n)|(?P<joined>\\(?:\r\n|\r|\n))|(?P<open>[\[({])|(?P<close>[\])}])"
    r"|(?P<end>;)|(?P<string>(?<!\w)[bBuUrRfFtT]{0,2}(?:'|\"))|(?P<code>\w+|[^\s\w])"
)
#: Words that never begin a line inside brackets: a bracket left open ends before them.
_STATEMENT: Final = re.compile(
    r"[ \t\f]*(?:(?:def|class|import|from|return|raise|try|except|while|with|print|pass)\b|@\w)"
)


def literals(lines: Lines) -> tuple[facts.Literal, ...]:
    """The texts that stand in code, neighbours joined as Python joins them; f-strings by their stretches."""
    return tuple(_Reader(lines).run())


class _Reader:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._found: list[facts.Literal] = []
        self._run: list[Piece] = []
        self._depth = 0
        self._fresh = True  # nothing of the statement was seen before the strings in `_run`

    def run(self) -> list[facts.Literal]:
        text, at = self._lines.text, 0
        while token := _TOKEN.search(text, at):
            at = token.end()
            kind = token.lastgroup
            if kind == "string":
                opened = START.match(text, token.start())
                piece = read(text, opened) if opened else None
                if piece is not None:
                    self._run.append(piece)
                    at = piece.end
                elif opened and len(opened[2]) == 3:
                    break
                else:
                    self._flush()
                    self._fresh = False
                    at = _line_end(text, at)
            elif kind == "newline":
                if self._depth and _STATEMENT.match(text, at):
                    self._depth = 0
                if not self._depth:
                    self._end_statement()
            elif kind == "end":
                self._end_statement()
            elif kind == "open":
                self._flush()
                self._depth += 1
                self._fresh = False
            elif kind in ("close", "code"):
                self._flush()
                self._depth -= kind == "close" and self._depth > 0
                self._fresh = False
        self._end_statement()
        return self._found

    def _end_statement(self) -> None:
        if self._fresh:
            self._run.clear()
        self._flush()
        self._fresh = True

    def _flush(self) -> None:
        pieces, self._run = self._run, []
        if any(piece.parts is not None for piece in pieces):
            for piece in pieces:
                self._take(piece)
        elif pieces:
            value = "".join([_value(self._lines.text, piece, piece.body) for piece in pieces])
            self._add(value, pieces[0].start, pieces[-1].end)

    def _take(self, piece: Piece) -> None:
        if piece.parts is None:
            self._add(_value(self._lines.text, piece, piece.body), piece.start, piece.end)
            return
        for part in piece.parts:
            if not isinstance(part, Field):
                self._add(_value(self._lines.text, piece, part), *part)
                continue
            inner = Lines(self._lines.text[part.code[0] : part.code[1]])
            for literal in literals(Lines(f"={inner.text}")):
                start = part.code[0] - 1
                shifted = Lines(f"={inner.text}")
                self._found.append(
                    facts.Literal(
                        literal.value,
                        self._lines.span(
                            start + shifted.offset(*literal.span[:2]),
                            start + shifted.offset(*literal.span[2:]),
                        ),
                    )
                )

    def _add(self, value: str, start: int, end: int) -> None:
        self._found.append(facts.Literal(clean(value), self._lines.span(start, end)))


def _value(text: str, piece: Piece, part: tuple[int, int]) -> str:
    """What a stretch of a literal says, escapes resolved; as written when Python does not take them."""
    written = text[part[0] : part[1]]
    if piece.parts is not None:
        written = written.replace("{{", "{").replace("}}", "}")
    if "\\" not in written or "r" in piece.prefix.lower():
        return written
    kind = "b" if "b" in piece.prefix.lower() else ""
    said = _evaluated(f"{kind}{piece.quote}{written}{piece.quote}")
    return written if said is None else said


def _evaluated(literal: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(literal)
    except (SyntaxError, ValueError, MemoryError):
        return None
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else None


def _line_end(text: str, at: int) -> int:
    ends = [end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0]
    return min(ends, default=len(text))
