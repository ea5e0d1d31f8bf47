"""What the engine asks of a cache, so that neither knows more of the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from procore_lint.facts import Facts
from procore_lint.reading import Sight


class Store(Protocol):
    """What earlier runs learned, by absolute path and by content; `cache` provides one.

    Implementations trust a file's size, times and inode, and drop what no longer agrees with them.
    """

    def sight(self, file: str) -> Sight | None:
        """The glance at an unchanged file."""

    def keep_sight(self, file: str, size: int, sight: Sight) -> None:
        """Remember the glance at a file that held `size` bytes."""

    def module(self, file: str, read: Callable[[], bytes]) -> Facts | None:
        """The facts of a file; `read` is called where only its content can tell."""

    def keep_module(self, file: str, data: bytes, encoded: bytes) -> None:
        """Remember facts, given as msgpack, of a file that held `data`."""

    def save(self) -> None:
        """Write what was learned so far: a run that is broken off later loses nothing of it."""
