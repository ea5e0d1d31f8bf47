"""Changes as a unified patch that `git apply` and `patch -p1` take, in the bytes of the files themselves.

Without git's own header: with one, git takes names from the repository's root, and leaves out without a word
what does not lie below the directory that it is run in.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable

from procore_lint.fixes import Change

_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_ESCAPES = {
    0x07: b"\\a", 0x08: b"\\b", 0x09: b"\\t", 0x0A: b"\\n", 0x0B: b"\\v", 0x0C: b"\\f", 0x0D: b"\\r",
    0x22: b'\\"', 0x5C: b"\\\\",
}  # fmt: skip


def patch(changes: Iterable[Change], name: Callable[[str], str] = lambda path: path) -> bytes:
    """The patch of all changes, in order; `name` gives the path as seen from where it is applied."""
    return b"".join(_file(change, name(change.path)) for change in changes)


def _file(change: Change, path: str) -> bytes:
    old, new = _header(b"a/", path), _header(b"b/", path)
    rows: list[bytes] = []
    # A name with blanks ends in a tab, or the blanks would be taken for the start of a date.
    tab = b"\t" if b" " in old and not old.startswith(b'"') else b""
    # latin-1 gives each byte a character of its own, so that difflib may work on text.
    lines = difflib.unified_diff(
        [line.decode("latin-1") for line in _lines(change.before)],
        [line.decode("latin-1") for line in _lines(change.after)],
        n=3,
    )
    for number, text in enumerate(lines):
        line = text.encode("latin-1")
        if number < 2:
            rows.append((b"--- %s%s\n" % (old, tab), b"+++ %s%s\n" % (new, tab))[number])
        else:
            rows.append(line if line.endswith(b"\n") else line + _NO_NEWLINE)
    return b"".join(rows)


def _lines(data: bytes) -> list[bytes]:
    """Lines as git sees them: they end at a line feed and nowhere else."""
    parts = data.split(b"\n")
    lines = [part + b"\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _header(prefix: bytes, path: str) -> bytes:
    """The path as git writes it: quoted for a control character, a quote or a byte beyond ASCII."""
    raw = prefix + path.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in _ESCAPES for byte in raw):
        return raw
    body = b"".join(
        _ESCAPES.get(byte) or (bytes([byte]) if 0x20 <= byte < 0x7F else b"\\%03o" % byte) for byte in raw
    )
    return b'"' + body + b'"'
