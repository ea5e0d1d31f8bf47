"""Bytes <-> text, and places in a text.

A file is decoded as Python itself does it: byte order mark, PEP 263 cookie, else UTF-8. The text keeps
its line ends, so writing it back changes nothing but what was edited. Lines end where Python's tokenizer
ends them: at `\\n`, `\\r\\n` and `\\r`, never at a form feed or a Unicode separator.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from functools import cached_property
from typing import Final, NamedTuple

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_COOKIE: Final = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK: Final = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LINE_END_BYTES: Final = re.compile(rb"\r\n|\r|\n")


class SourceError(Exception):
    """Why bytes are no Python text. `line` and `column` (in bytes) are 1-based."""

    def __init__(self, kind: str, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.line = line
        self.column = column


class Text(NamedTuple):
    """A decoded file: `text` without the mark but with its line ends; `newline` is its first line's end."""

    text: str
    encoding: str
    bom: bool
    newline: str


def decode(data: bytes) -> Text:
    """Decode a file's bytes as Python does. Raises SourceError (kind "decode")."""
    bom = data.startswith(codecs.BOM_UTF8)
    if data.startswith(_UTF16):
        raise SourceError("decode", "the file is UTF-16; Python reads UTF-8 or a declared encoding", 1, 1)
    body = data[3:] if bom else data
    if b"\0" in body:
        raise SourceError("decode", "source code cannot contain null bytes", *_place(body, body.index(b"\0")))
    encoding = _declared(body)
    if bom and encoding not in ("", "utf-8"):
        raise SourceError("decode", f"the byte order mark says UTF-8, the coding line {encoding}", 1, 1)
    encoding = encoding or "utf-8"
    try:
        text = body.decode(encoding)
    except LookupError:
        raise SourceError("decode", f"unknown encoding: {encoding}", 1, 1) from None
    except UnicodeDecodeError as error:
        message = f"the file is not valid {encoding}: {error.reason}"
        raise SourceError("decode", message, *_place(body, error.start)) from None
    except ValueError as error:  # what codecs of no fixed table raise
        raise SourceError("decode", f"the file is not valid {encoding}: {error}", 1, 1) from None
    first = _LINE_END.search(text)
    return Text(text, encoding, bom, first[0] if first else "\n")


def encode(source: Text, text: str) -> bytes:
    """The bytes of `text` in the encoding of `source`; raises UnicodeEncodeError where it cannot."""
    return (codecs.BOM_UTF8 if source.bom else b"") + text.encode(source.encoding)


def _declared(body: bytes) -> str:
    """The PEP 263 cookie in the first two lines, normalised as the tokenizer does; "" without one."""
    if b"coding" not in body[:4096]:
        return ""
    for line in _LINE_END_BYTES.split(body[:4096], 2)[:2]:
        found = _COOKIE.match(line)
        if found:
            name = found[1].decode("latin-1")
            plain = name.lower().replace("_", "-")
            if plain == "utf-8" or plain.startswith("utf-8-") or plain == "utf8":
                return "utf-8"
            return name
        if not _BLANK.match(line):
            return ""
    return ""


def _place(body: bytes, offset: int) -> tuple[int, int]:
    ends = [found.end() for found in _LINE_END_BYTES.finditer(body, 0, offset)]
    return len(ends) + 1, offset - (ends[-1] if ends else 0) + 1


class Lines:
    """The lines of a text, and places in it: 1-based lines and code point columns, 0-based offsets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ascii = text.isascii()
        self._tables: dict[int, list[int]] = {}

    @cached_property
    def rows(self) -> list[str]:
        """The lines without their ends."""
        return _LINE_END.split(self.text) if "\r" in self.text else self.text.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """The offset of every line's first character."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    @cached_property
    def wide(self) -> list[int]:
        """The numbers of the lines that hold more than ASCII, ascending."""
        if self.ascii:
            return []
        return [number for number, row in enumerate(self.rows, 1) if not row.isascii()]

    def line(self, number: int) -> str:
        """The text of a line without its end; "" beyond the text."""
        return self.rows[number - 1] if 0 < number <= len(self.rows) else ""

    def column(self, line: int, byte_offset: int) -> int:
        """The 1-based code point column of a 0-based UTF-8 byte offset in a line."""
        if self.ascii:
            return byte_offset + 1
        table = self._tables.get(line)
        if table is None:
            row = self.line(line)
            table = [] if row.isascii() else _byte_table(row)
            self._tables[line] = table
        if not table:
            return byte_offset + 1
        return table[min(byte_offset, len(table) - 1)] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset in the text of a place, kept inside the text and inside its line."""
        if line > len(self.starts):
            return len(self.text)
        return self.starts[line - 1] + min(column - 1, len(self.rows[line - 1]))

    def position(self, offset: int) -> tuple[int, int]:
        """The (line, column) of an offset in the text."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> tuple[int, int, int, int]:
        """The span between two offsets."""
        return (*self.position(start), *self.position(end))

    def slice(self, span: tuple[int, int, int, int]) -> str:
        """The text of a span."""
        return self.text[self.offset(span[0], span[1]) : self.offset(span[2], span[3])]


def _byte_table(row: str) -> list[int]:
    table: list[int] = []
    for index, character in enumerate(row):
        table.extend([index] * len(character.encode("utf-8", "surrogatepass")))
    table.append(len(row))
    return table
