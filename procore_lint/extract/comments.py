"""The comments of a file, for the ignores that users write into them."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.extract.layout import Layout
from procore_lint.source import SourceError, decode


def comments(data: bytes) -> tuple[facts.Comment, ...]:
    """All comments in order, each with the lines that it covers (see `layout`); never raises.

    Of a broken file, those before the break. () when it cannot be decoded.
    """
    try:
        layout = Layout(decode(data).text)
    except SourceError:
        return ()
    return tuple(layout.comment(token) for token in layout.comments)
