"""Helpers of the tests of fixes: spans found by text, edits carried out."""

from __future__ import annotations

from procore_lint.edits import Page
from procore_lint.facts import SpanT
from procore_lint.replacement import Replacement
from procore_lint.rewrite import Sources, edits
from procore_lint.source import Lines


def span_of(text: str, part: str, nth: int = 0) -> SpanT:
    """The span of the nth occurrence of `part`."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    return Lines(text).span(at, at + len(part))


def rewritten(text: str, replacement: Replacement) -> str | None:
    """The text after a replacement in the file `m.py`, None where it is refused."""
    data = text.encode()
    found = edits(replacement, Sources({"m.py": data}.get))
    return None if found is None else Page.of(data).rewrite(found).data.decode()
