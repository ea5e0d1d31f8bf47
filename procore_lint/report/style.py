"""Terminal looks: a dozen lines of ANSI in place of a library that costs 0.13 s to import."""

from __future__ import annotations

from typing import Literal

from procore_lint.severities import Severity

Look = Literal["bold", "dim", "red", "green", "yellow", "blue", "cyan"]

_CODES: dict[Look, str] = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}

_SEVERITIES: dict[Severity, Look] = {"error": "red", "warning": "yellow", "info": "cyan"}


class Style:
    """Paints text when colour is wanted, returns it untouched when not."""

    __slots__ = ("color",)

    def __init__(self, color: bool) -> None:
        self.color = color

    def __call__(self, text: str, *looks: Look) -> str:
        """`text` in the given looks, reset after it."""
        if not self.color or not looks or not text:
            return text
        return f"\x1b[{';'.join(_CODES[look] for look in looks)}m{text}\x1b[0m"

    def severity(self, text: str, severity: Severity) -> str:
        """`text` in bold and the colour of `severity`."""
        return self(text, "bold", _SEVERITIES[severity])
