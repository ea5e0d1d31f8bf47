"""The "did you mean" of every unknown name: one wording, one measure of likeness."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """ " Did you mean 'x'?" for the known name most like `given`, "" where none is alike."""
    import difflib  # only ever needed on the way to an error

    folded = {name.casefold(): name for name in known}
    wanted = given.casefold()
    close = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.6)
    if not close and len(wanted) > 2:
        close = [name for name in folded if wanted in name]
    return f" Did you mean {folded[close[0]]!r}?" if close else ""
