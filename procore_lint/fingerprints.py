"""One stable name a finding: from its rule, file, enclosing def and code, never from its line.

Line shifts, reformatting and moving a function inside its file keep a fingerprint; other code gets
another one, so that a mended defect and a new one never stand for each other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from procore_lint.finding import Finding
from procore_lint.lazy import regex
from procore_lint.source import Lines

# Own tokens: those of `tokenize` differ between Python versions (f-strings), fingerprints must not.
_TOKEN = regex(
    r"""
    (?P<blank>[\s\\]+|\#[^\n]*)
    |(?P<prefix>[A-Za-z]{0,2})
      (?:\"{3}(?P<long>(?:\\.|[^\\])*?)\"{3}|'{3}(?P<long1>(?:\\.|[^\\])*?)'{3}
      |\"(?P<short>(?:\\.|[^\"\\\n])*)\"|'(?P<short1>(?:\\.|[^'\\\n])*)')
    |(?P<word>\w+)
    |(?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
#: A lambda's name holds its line, so that two of them are two.
_LAMBDA_LINE = regex(r"(?<=<lambda>)@\d+")
_FIELD_BLANKS = regex(r"(?<=\{)\s+|\s+(?=\})")


@dataclass(slots=True)
class _Text:
    """A text literal without the choices of a formatter: quotes, letter case of the prefix, `u`."""

    prefix: str
    body: str

    def join(self, other: _Text) -> bool:
        """Take in the literal that follows, as a formatter may; False where kinds forbid it."""
        if {*self.prefix} - {"f"} != {*other.prefix} - {"f"}:
            return False
        if self.prefix != other.prefix:
            self.body, other.body = self._braced(), other._braced()
            self.prefix = max(self.prefix, other.prefix, key=len)
        self.body += other.body
        return True

    def _braced(self) -> str:
        return self.body if "f" in self.prefix else self.body.replace("{", "{{").replace("}", "}}")


def normalised(code: str) -> str:
    """Code without what a formatter decides: blanks, comments, quotes, trailing commas, parentheses."""
    parts: list[str | _Text] = []
    for match in _TOKEN.finditer(code):
        if match["blank"] is not None:
            continue
        if match["prefix"] is not None:
            bodies = (match["long"], match["long1"], match["short"], match["short1"])
            text = _text(match["prefix"].lower(), next(body for body in bodies if body is not None))
            last = parts[-1] if parts else None
            if not (isinstance(last, _Text) and last.join(text)):
                parts.append(text)
            continue
        token = match[0]
        if token in ")]}" and parts and parts[-1] == ",":
            parts.pop()
        if token not in "()":
            parts.append(token.lower() if token[0].isdigit() else token)
    return " ".join(part if isinstance(part, str) else f"{part.prefix}'{part.body}'" for part in parts)


def _text(prefix: str, body: str) -> _Text:
    kind = "".join(sorted(prefix.replace("u", "")))
    # A formatter that turns quotes round also escapes or frees those inside.
    body = body.replace('\\"', "'").replace("\\'", "'").replace('"', "'")
    return _Text(kind, _FIELD_BLANKS.sub("", body) if "f" in kind else body)


def fingerprint(findings: Sequence[Finding], text_of: Callable[[str], str | None]) -> list[Finding]:
    """The findings, in their order, each with its fingerprint (20 hexadecimal digits).

    Paths are relative to the root, so that the working directory does not matter; `text_of` gives the
    text of such a path, None for a file that is gone.
    """
    findings = [
        finding._replace(symbol=_LAMBDA_LINE.sub("", finding.symbol)) if "@" in finding.symbol else finding
        for finding in findings
    ]
    keys: dict[int, tuple[str, str, str, str]] = {}
    path, page = "", Lines("")
    # File by file, so that only one text is there at a time.
    for index, finding in sorted(enumerate(findings), key=lambda numbered: numbered[1].path):
        if finding.path != path:
            path, page = finding.path, Lines(text_of(finding.path) or "")
        code = normalised(page.slice(finding.span))
        keys[index] = (finding.rule, path, finding.symbol, code)
    seen: Counter[tuple[str, str, str, str]] = Counter()
    named = list(findings)
    for index in sorted(keys, key=lambda index: findings[index].place):
        key = keys[index]
        data = json.dumps([*key, seen[key]]).encode()
        named[index] = findings[index]._replace(fingerprint=hashlib.blake2b(data, digest_size=10).hexdigest())
        seen[key] += 1
    return named
