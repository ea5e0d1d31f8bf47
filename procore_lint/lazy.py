"""Regular expressions that are compiled when they are first used.

To compile all of them at import takes 12 ms, a twentieth of a short run that uses few of them.
"""

from __future__ import annotations

import re
from typing import AnyStr, Generic, cast


class _Lazy(Generic[AnyStr]):
    """Stands for a compiled pattern; each method is kept here once it was asked for."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self._source: tuple[AnyStr, int] = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        found: object = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Like `re.compile`, but a mistake in `pattern` shows at the first use."""
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))
