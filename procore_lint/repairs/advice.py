"""The help of a finding that has a fix: what the fix writes, where, and why."""

from __future__ import annotations

from procore_lint.finding import Fix
from procore_lint.replacement import Combined, RemoveComment
from procore_lint.values import Place


def advice(fix: Fix | None, place: Place, otherwise: str, why: str = "") -> str:
    """The very words to write, with their place where that is not `place`; `otherwise` without a fix."""
    if fix is None or fix.replacement is None:
        return otherwise
    only = fix.replacement.parts[0] if isinstance(fix.replacement, Combined) else fix.replacement
    text = fix.replacement.help
    if not isinstance(only, RemoveComment) and (only.path != place.path or only.span[0] != place.span.line):
        text = text.replace(" to this dict", " to the dict").replace(" this line", " the line")
        text += f" at {only.path}:{only.span[0]}"
        others = fix.replacement.parts[1:] if isinstance(fix.replacement, Combined) else ()
        same = dict.fromkeys(f"{o.path}:{o.span[0]}" for o in others if o.help == only.help)
        text += "".join(f" and {place}" for place in same)
    return f"{text}{': ' if why else ''}{why}"
