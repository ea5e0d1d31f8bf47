"""Where the cache is kept: the directory that the platform has for such things."""

from __future__ import annotations

import os
from collections.abc import Mapping

NAME = "procore-lint"


def default_directory(platform: str, environment: Mapping[str, str], home: str) -> str:
    """The cache directory for `sys.platform`; "" where the user has no home, so that nothing is kept."""
    if platform == "win32":
        base = environment.get("LOCALAPPDATA", "")
        return os.path.join(base, NAME, "Cache") if base else ""
    given = environment.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # the specification says to ignore relative ones
        return os.path.join(given, NAME)
    if not os.path.isabs(home):
        return ""
    return os.path.join(home, *(("Library", "Caches") if platform == "darwin" else (".cache",)), NAME)
