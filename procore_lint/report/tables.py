"""The table that the `rules` command shows, fitted to the terminal."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from procore_lint.report.cells import width_of, words, wrap
from procore_lint.report.style import Style

if TYPE_CHECKING:
    from procore_lint.catalog import Rule

HEADER = ("code", "name", "severity", "fix")
GAP = 2
#: Cells that a summary needs to stand in a column of its own; with fewer it stands below its rule.
COLUMN = 34
#: Cells of a line where no terminal says how many there are.
UNBOUNDED = 120


def rules_table(rules: Sequence[Rule], as_of: datetime.date, *, color: bool, width: int) -> str:
    """Code, name, severity on the day `as_of`, fix and summary of every rule, ending with a newline.

    `width` counts terminal columns; 0 means that there is no terminal.
    """
    style = Style(color)
    rows = [(rule.code, rule.name, rule.severity(as_of), rule.fix) for rule in rules]
    sizes = [max(map(width_of, column)) for column in zip(HEADER, *rows, strict=True)]
    indent = sum(sizes) + GAP * len(sizes)
    total = width or UNBOUNDED
    beside = total - indent >= COLUMN
    heads = [*(name.ljust(size) for name, size in zip(HEADER, sizes, strict=True))]
    lines = [style((" " * GAP).join([*heads, "summary"] if beside else heads).rstrip(), "bold")]
    for rule, row in zip(rules, rows, strict=True):
        code, name, severity, fix = (cell.ljust(size) for cell, size in zip(row, sizes, strict=True))
        painted = [style(code, "bold"), name, style.severity(severity, row[2]), style(fix, "dim")]
        start = (" " * GAP).join(painted)
        if beside:
            first, *rest = wrap(words(rule.summary), total, first=indent, indent=indent)
            lines += [start + " " * GAP + first, *rest]
        else:
            below = sizes[0] + GAP
            first, *rest = wrap(words(rule.summary), total, first=below, indent=below)
            lines += [start.rstrip(), " " * below + first, *rest]
    return "\n".join(lines) + "\n"
