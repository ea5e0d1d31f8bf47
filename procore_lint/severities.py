"""How bad a finding is. A module of its own, so that a run without findings need not make their classes."""

from __future__ import annotations

from typing import Literal

Severity = Literal["error", "warning", "info"]

#: Worst first; the position is the rank.
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
