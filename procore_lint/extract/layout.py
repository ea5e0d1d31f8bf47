"""Which lines belong together: the statements and blocks of a text, read from its tokens.

Tokens, not syntax, so that a file that does not parse still has its layout up to the broken place.
What a comment covers: trailing, its statement, or in the middle of one the element that it stands at (see
`elements`); alone on its line, the next statement or element; at the header of a def or class, its block.
"""

from __future__ import annotations

import bisect
import tokenize
from collections.abc import Iterator

import msgspec

from procore_lint.extract.elements import Elements
from procore_lint.facts import Comment, SpanT
from procore_lint.source import Lines

_BLANK = frozenset({tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER})


class Logical(msgspec.Struct):
    """One logical line: its first and last line, where it begins, and the block that it heads."""

    first: int
    last: int
    column: int  # 0-based
    opener: str  # its first token; "def" for `async def` too
    docstring: bool
    block: tuple[int, int] = (0, 0)  # lines of the whole def or class, decorators included

    @property
    def covered(self) -> tuple[int, int]:
        """The lines that a comment at its first or last line covers."""
        return (self.first, self.last) if self.block == (0, 0) else self.block


class Layout:
    """Logical lines, blocks and comments of a text, as far as its tokens can be read."""

    def __init__(self, text: str) -> None:
        self.lines: list[str] = Lines(text).rows
        self.logical: list[Logical] = []
        self.comments: list[tokenize.TokenInfo] = []
        self.code_lines: list[int] = []  # lines on which a token of code starts or ends, ascending
        self.strings: set[int] = set()  # lines whose end lies inside a text
        self.elements = Elements()
        self.complete = False  # the tokens were read to the end
        self._read()

    def _tokens(self) -> Iterator[tokenize.TokenInfo]:
        rows = [row + "\n" for row in self.lines[:-1]] + [row for row in self.lines[-1:] if row]
        feed = iter(rows)
        try:
            yield from tokenize.generate_tokens(lambda: next(feed, ""))
        except (tokenize.TokenError, SyntaxError):
            return
        self.complete = True

    def _read(self) -> None:
        owners: list[int] = []
        code_lines: set[int] = set()
        statement: list[tokenize.TokenInfo] = []
        texts: list[int] = []  # where each open f-string began; one token a part since Python 3.12
        for token in self._tokens():
            self.elements.take(token)
            name = tokenize.tok_name[token.type]
            if token.type == tokenize.INDENT:
                owners.append(len(self.logical) - 1)
            elif token.type == tokenize.DEDENT:
                self._close(owners.pop())
            elif token.type == tokenize.COMMENT:
                self.comments.append(token)
            elif token.type == tokenize.NEWLINE:
                if statement:
                    self._add(statement, token.start[0])
                statement = []
            elif token.type not in _BLANK:
                statement.append(token)
                code_lines.update((token.start[0], token.end[0]))
                if token.type == tokenize.STRING:
                    self.strings.update(range(token.start[0], token.end[0]))
                elif name in ("FSTRING_START", "TSTRING_START"):
                    texts.append(token.start[0])
                elif name in ("FSTRING_END", "TSTRING_END"):
                    self.strings.update(range(texts.pop(), token.end[0]))
        if statement:
            self._add(statement, statement[-1].end[0])
        while owners:
            self._close(owners.pop())
        self.elements.finish()
        self.code_lines = sorted(code_lines)

    def _add(self, statement: list[tokenize.TokenInfo], last: int) -> None:
        opener = statement[0].string
        if opener == "async" and len(statement) > 1:
            opener = statement[1].string
        first, column = statement[0].start
        docstring = not self.logical and all(token.type == tokenize.STRING for token in statement)
        line = Logical(first, last, column, opener, docstring)
        if opener in ("def", "class"):
            for before in reversed(self.logical):
                if before.opener != "@":
                    break
                first = before.first
            line.block = (first, last)
        self.logical.append(line)

    def _close(self, owner: int) -> None:
        # A file that begins indented has a block that nothing heads.
        if owner >= 0 and self.logical[owner].block != (0, 0):
            head = self.logical[owner]
            head.block = (head.block[0], self.logical[-1].last)

    def at(self, line: int) -> Logical | None:
        """The logical line that holds the physical one; None for a blank or comment line."""
        index = self._after(line) - 1
        if index >= 0 and self.logical[index].last >= line:
            return self.logical[index]
        return None

    def _after(self, line: int) -> int:
        return bisect.bisect_right(self.logical, line, key=lambda logical: logical.first)

    def comment(self, token: tokenize.TokenInfo) -> Comment:
        """The fact of a comment token."""
        line, column = token.start
        before = self.lines[line - 1][:column].rstrip()
        end = column + len(token.string) + 1
        code = next((logical for logical in self.logical if not logical.docstring), None)
        covers = self.trailing(line) if before else self._alone(line, column)
        return Comment(
            text=token.string,
            span=(line, column + 1, line, end),
            trailing=bool(before),
            covers=covers,
            around=self._around(line) or covers,
            whole=(line, len(before) + 1, line, end) if before else self._line(line),
            top=not before and (code is None or line < code.first),
        )

    def _line(self, line: int) -> SpanT:
        if line < len(self.lines):
            return (line, 1, line + 1, 1)
        end = len(self.lines[line - 1]) + 1
        return (line - 1, len(self.lines[line - 2]) + 1, line, end) if line > 1 else (1, 1, 1, end)

    def trailing(self, line: int) -> tuple[int, int]:
        """The lines that a comment at the end of a line of code covers."""
        logical = self.at(line)
        if logical is None:
            return (line, line)
        if line in (logical.first, logical.last):
            return logical.covered
        return self.elements.ending.get(line, (logical.first, logical.last))

    def _around(self, line: int) -> tuple[int, int] | None:
        """The lines of the statement in whose middle the line is."""
        logical = self.at(line)
        if logical is None or line in (logical.first, logical.last):
            return None
        return (logical.first, logical.last)

    def _alone(self, line: int, column: int) -> tuple[int, int]:
        if self.at(line) is not None:
            after = bisect.bisect_right(self.code_lines, line)
            following = self.code_lines[after] if after < len(self.code_lines) else line
            return self.elements.beginning.get(following, (following, following))
        index = self._after(line)
        if index == len(self.logical) or self.logical[index].column < column:
            return (0, 0)  # the last words of a block do not speak for what follows the block
        first = self.logical[index]
        while self.logical[index].opener == "@" and index + 1 < len(self.logical):
            index += 1
        logical = self.logical[index]
        return logical.block if logical.block != (0, 0) else (first.first, first.last)
