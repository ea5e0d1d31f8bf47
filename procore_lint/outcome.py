"""What the run over one project yields, before projects are joined into a report."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procore_lint.baseline import Entry
    from procore_lint.catalog import Catalog
    from procore_lint.config import Config
    from procore_lint.facts import Facts
    from procore_lint.finding import Finding
    from procore_lint.reading import Reader
    from procore_lint.result import RunError
    from procore_lint.targets import Target
    from procore_lint.triage import Near


@dataclass(slots=True)
class Outcome:
    """What one project's run found. Paths are relative to `root`.

    `judged` are all findings, `findings` those of them to report, `accepted` those that the baseline
    holds; `stale` are its entries that nothing matches. `rules` and `verified` (the ISO day of the youngest
    fact) are empty where no file needed judging; `catalog` is None there, and where the cache knew.
    """

    root: str
    config: Config
    as_of: datetime.date
    reader: Reader
    target: Target
    modules: Mapping[str, Facts] = field(default_factory=dict)
    judged: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    accepted: list[Finding] = field(default_factory=list)
    stale: list[Entry] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    checked: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    errors: list[RunError] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    suppressed: int = 0
    catalog: Catalog | None = None
    rules: frozenset[str] = frozenset()
    verified: str = ""
    near: Near | None = None
    cache_problem: str = ""
