"""How a statement or a block ends: whether what follows it is reached."""

from __future__ import annotations

NEXT, STOP = "next", "stop"
