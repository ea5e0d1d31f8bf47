"""Quotes, and the text between a literal's quotes: what it means, and how another text is written there.

Pure functions on strings. A `Body` is one stretch of literal source without holes: the inside of a
string literal, or what stands between two holes of an f-string.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_SIMPLE = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v", "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip
_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BYTES = r"\\(?:\r\n|x[0-9a-fA-F]{2}|[0-7]{1,3}|.)"
_TEXT = r"\\(?:\r\n|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]+\}|[0-7]{1,3}|.)"
#: Comments and literals, found from the left, so that neither is looked for in the other.
_QUOTED = re.compile(
    r"#[^\r\n]*"
    r"|(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
    r"|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')",
    re.DOTALL,
)
_FORMATTED = re.compile(r"(?<!\w)(?:[ft]r?|r[ft])\Z", re.IGNORECASE)


def prevailing(text: str) -> str:
    """The quote that the short literals of a file use more, f-strings left out; the double one in doubt."""
    single = 0
    for found in _QUOTED.finditer(text):
        start = found.start()
        literal = found[0]
        formatted = _FORMATTED.search(text[max(start - 3, 0) : start])
        if literal[0] != "#" and literal[:3] not in ('"""', "'''") and not formatted:
            single += 1 if literal[0] == "'" else -1
    return "'" if single > 0 else '"'


@dataclass(frozen=True, slots=True)
class Body:
    """Literal source at an offset of its file; `prefix` as written (`rb`), `quote` as written."""

    offset: int
    source: str
    prefix: str
    quote: str

    def _has(self, letter: str) -> bool:
        return letter in self.prefix.lower()

    def occurrences(self, wanted: str) -> list[tuple[int, int]]:
        """Where `wanted` stands in the meaning of this source, as intervals of file offsets."""
        if not wanted:
            return []
        units = list(self._units())
        value = "".join(meaning for meaning, _, _ in units)
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        at = 0
        for meaning, start, end in units:
            if meaning:
                starts[at] = start
                ends[at + len(meaning)] = end
                at += len(meaning)
        found = []
        place = value.find(wanted)
        while place >= 0:
            # A match inside a unit (`\\d` means itself, a backslash and a letter) has no place of its own.
            found.append((starts.get(place, -1), ends.get(place + len(wanted), -1)))
            place = value.find(wanted, place + 1)
        return found

    def value(self) -> str:
        """What this source means; bytes as latin-1."""
        return "".join(meaning for meaning, _, _ in self._units())

    def spelled(self, text: str) -> str | None:
        """The source of `text` for this place, None where it cannot be written here."""
        if not text.isprintable() and not set(text) <= {*"\n\r\t"} | {c for c in text if c.isprintable()}:
            return None
        if self._has("b") and not text.isascii():
            return None
        if self._has("r"):
            if any(c in text for c in ("\n", "\r", self.quote[0])) or text.endswith("\\"):
                return None
            written = text
        else:
            written = "".join(_SHORT.get(c, f"\\{c}" if c == self.quote[0] else c) for c in text)
        return written.replace("{", "{{").replace("}", "}}") if self._has("f") else written

    def _units(self) -> Iterator[tuple[str, int, int]]:
        """The smallest parts that mean something: (meaning, start, end), ends as file offsets."""
        escape = "" if self._has("r") else (_BYTES if self._has("b") else _TEXT) + "|"
        braces = r"\{\{|\}\}|" if self._has("f") else ""
        for found in re.finditer(escape + braces + r"\r\n|.", self.source, re.DOTALL):
            unit = found[0]
            if unit in ("\r\n", "\r"):
                meaning = "\n"
            elif braces and unit in ("{{", "}}"):
                meaning = unit[0]
            elif escape and len(unit) > 1 and unit[0] == "\\":
                meaning = _unescaped(unit)
            else:
                meaning = unit
            yield meaning, self.offset + found.start(), self.offset + found.end()


def _unescaped(unit: str) -> str:
    body = unit[1:]
    if body in _SIMPLE:
        return _SIMPLE[body]
    if body[0] in "01234567":
        return chr(int(body, 8))
    if body[0] in "xuU" and len(body) > 1:
        return chr(int(body[1:], 16))
    if body.startswith("N{"):
        try:
            return unicodedata.lookup(body[2:-1])
        except KeyError:
            return unit
    return unit
