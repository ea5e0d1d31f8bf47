"""What judging said, apart from how it is packed: a run without findings packs and unpacks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from procore_lint.finding import Finding


class Verdict(NamedTuple):
    """What judging one project said."""

    findings: list[Finding]
    suppressed: int
    rules: frozenset[str]
    verified: str
