"""What functions gave when they were run by themselves: the last few results, the others made again.

A result that holds objects (the six dicts and lists of a request that a generated method prepares) is
asked for by the calls next to it and hardly ever again, so that keeping thousands costs memory for nothing.
"""

from __future__ import annotations

from collections import deque

from procore_lint.project.summaries import Outline

#: Results that are kept: with a generated SDK of 22,000 functions, 700 are made again.
KEPT = 400


class Results:
    """The outlines whose results may be let go; those kept longest are let go first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._outlines: deque[Outline] = deque()
        self.let_go = 0

    def keep(self, outline: Outline) -> None:
        """Keep what a run gave that sent nothing, in place of an older one's.

        A run that sends something is not to be repeated: what it gave may hold the answer to its very
        request, which is in the trail.
        """
        if not outline.objects:
            return
        self._outlines.append(outline)
        if len(self._outlines) > self._kept:
            self._outlines.popleft().result = None
            self.let_go += 1
