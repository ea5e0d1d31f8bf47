"""What one run was asked for, as plain data: no clock, no environment, no terminal."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from procore_lint.catalog import Catalog
    from procore_lint.checks.base import Context
    from procore_lint.extraction import Extract
    from procore_lint.facts import Facts
    from procore_lint.finding import Finding
    from procore_lint.store import Store

    Judge = Callable[[Mapping[str, Facts], Catalog, Context], list[Finding]]


class CacheOptions(NamedTuple):
    """Where to keep the cache: `directory` where the user says so, `default` otherwise ("": nowhere).

    `now` is when the run began, in nanoseconds. Without `reuse` only knowledge of files is used, since
    the caller needs the facts of every file (to mend them).
    """

    directory: str
    default: str
    now: int
    reuse: bool = True


class Options(NamedTuple):
    """The options of `check`; None means that the configuration decides.

    `cwd` is absolute and normalised; `today` is the day to judge by where nobody names one.
    `replaced` maps an absolute path to the bytes that stand in for it (standard input).
    """

    cwd: str
    today: datetime.date
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    as_of: datetime.date | None = None
    fail_on: str | None = None
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    config_file: str | None = None
    jobs: int | None = None
    triage: bool = True
    replaced: Mapping[str, bytes] = MappingProxyType({})
    baseline: str | None = None  # "" switches a configured baseline off
    changed: bool = False
    changed_ref: str | None = None
    edits: bool = False  # the edits of fixes are to be shown
    cache: CacheOptions | None = None


class Tools(NamedTuple):
    """The rooms that a run calls, to be replaced in tests; None stands for the product's own."""

    extract: Extract | None = None
    judge: Judge | None = None
    store: Store | None = None


DEFAULT_TOOLS = Tools()
