"""Showing a report: one module a format, imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TextIO, get_args

if TYPE_CHECKING:
    from procore_lint.catalog import Catalog
    from procore_lint.result import Report

Format = Literal["text", "json", "github", "sarif"]
FORMATS: tuple[Format, ...] = get_args(Format)


def write(
    report: Report,
    format: Format,
    stream: TextIO,
    *,
    color: bool,
    width: int,
    verbose: bool,
    catalog: Catalog | None,
    read_line: Callable[[str, int], str],
) -> None:
    """Write `report` to `stream`, ending with a newline where anything is written.

    `color`, `width` and `verbose` shape the text format alone. `width` counts terminal columns; 0 means
    that there is no terminal: nothing is wrapped. `catalog` is needed by sarif alone. `read_line(path, line)`
    gives a line of source, 1-based, of a path as the report spells it; "" where there is none. What the
    stream's encoding cannot hold is written as backslash escapes. Raises what the stream's `write` raises.
    """
    if format == "text":
        from procore_lint.report import text

        shown = text.render(report, color=color, width=width, verbose=verbose, read_line=read_line)
    elif format == "json":
        from procore_lint.report import as_json

        shown = as_json.render(report)
    elif format == "github":
        from procore_lint.report import github

        shown = github.render(report)
    else:
        from procore_lint.report import sarif

        if catalog is None:
            raise ValueError("sarif lists the rules: it needs the catalogue")
        shown = sarif.render(report, catalog)
    stream.write(encodable(shown, stream.encoding or "utf-8"))


def encodable(text: str, encoding: str) -> str:
    """`text` with everything that `encoding` cannot hold replaced by ASCII that says the same."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plain = text.replace("…", "...")
        return plain.encode(encoding, "backslashreplace").decode(encoding)
    return text
