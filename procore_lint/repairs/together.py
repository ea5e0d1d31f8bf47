"""One finding of several drafts: where a place may use one of several literals, all of them are mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from procore_lint.finding import Fix
from procore_lint.replacement import Combined, Single
from procore_lint.values import Place

if TYPE_CHECKING:
    from procore_lint.checks.base import Draft


def together(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts with one for each place and rule, whose fix mends all that they say there."""
    found: dict[tuple[str, Place], list[Draft]] = {}
    for draft in drafts:
        found.setdefault((draft.rule, draft.place), []).append(draft)
    for same in found.values():
        first = same[0]
        each = list({draft.message: draft for draft in reversed(same)}.values())[::-1]
        if len(each) > 1 and any(draft.fix is not None for draft in each):
            helps = dict.fromkeys(draft.help for draft in each)
            first = msgspec.structs.replace(first, fix=_joined(each), help=", and ".join(helps))
        yield first


def _joined(drafts: list[Draft]) -> Fix | None:
    """The fixes of all drafts as one; None where one of them has none: its part of the finding would stay."""
    parts: list[Single] = []
    for draft in drafts:
        replacement = draft.fix.replacement if draft.fix is not None else None
        if draft.fix is None or replacement is None:
            return None
        parts += replacement.parts if isinstance(replacement, Combined) else (replacement,)
    safe = all(draft.fix is not None and draft.fix.safety == "safe" for draft in drafts)
    return Fix.of("safe" if safe else "unsafe", Combined((*dict.fromkeys(parts),)))
