"""The cache as the process sees it: the platform's directory and the time when the run began."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procore_lint.options import CacheOptions


def cache_options(given: str | None, cwd: str, *, reuse: bool) -> CacheOptions:
    """Where this run keeps its cache; `given` is the option `--cache-dir`."""
    from procore_lint.options import CacheOptions

    directory = os.path.join(cwd, given) if given else ""
    return CacheOptions(directory, platform_directory(), time.time_ns(), reuse)


def platform_directory() -> str:
    """The cache directory of this user; "" where there is none."""
    from procore_lint.cache.place import default_directory

    return default_directory(sys.platform, os.environ, os.path.expanduser("~"))
