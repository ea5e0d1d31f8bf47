from __future__ import annotations

import datetime
import re

import pytest
from snapshots import Snapshot

from procore_lint.catalog import Catalog
from procore_lint.report.cells import width_of
from procore_lint.report.tables import rules_table

AS_OF = datetime.date(2026, 11, 23)


@pytest.mark.parametrize("width", [60, 100])
def test_the_table_fits_the_terminal(catalog: Catalog, snapshot: Snapshot, width: int) -> None:
    shown = rules_table(list(catalog.rules.values()), AS_OF, color=False, width=width)
    assert max(map(width_of, shown.splitlines())) <= width
    snapshot(shown, f"report/rules-{width}.txt")


def test_severities_are_those_of_the_day(catalog: Catalog) -> None:
    rules = list(catalog.rules.values())
    assert " error " in rules_table(rules, AS_OF, color=False, width=100)
    assert " error " not in rules_table(rules, datetime.date(2023, 1, 1), color=False, width=100)


def test_colour_leaves_the_layout_alone(catalog: Catalog) -> None:
    rules = list(catalog.rules.values())
    painted = rules_table(rules, AS_OF, color=True, width=100)
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[\d;]*m", "", painted) == rules_table(rules, AS_OF, color=False, width=100)


def test_no_rules_leave_the_heading() -> None:
    assert rules_table([], AS_OF, color=False, width=80) == "code  name  severity  fix  summary\n"
