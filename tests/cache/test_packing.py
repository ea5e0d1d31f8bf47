from __future__ import annotations

import pytest

from procore_lint.cache.packing import Unusable, pack, unpack
from procore_lint.cache.verdict import Verdict
from procore_lint.finding import Edit, Finding, Fix, Span, Step
from procore_lint.replacement import (
    Combined,
    InsertItem,
    InsertKeyword,
    InsertStatement,
    RemoveComment,
    RenameKey,
    ReplaceExpr,
    Replacement,
    ReplaceText,
)

AT = (1, 2, 3, 4)
SINGLE = (
    ReplaceText("a.py", AT, "old", "new"),
    RenameKey("a.py", AT, "old", "new"),
    InsertItem("a.py", AT, "key", "value"),
    InsertKeyword("a.py", AT, "name", "value"),
    InsertStatement("a.py", AT, "x = 1", "before"),
    ReplaceExpr("a.py", AT, "old", "new"),
    RemoveComment("a.py", AT, "# text"),
)


def verdict(replacement: Replacement | None) -> Verdict:
    """A verdict with one finding that has a value in every field."""
    fix = Fix("safe", "Do it", (Edit("b.py", Span(*AT), "é\n"),), replacement)
    trace = (Step("c.py", Span(5, 6, 7, 8), "called here"),)
    finding = Finding(
        "rule", "PCL999", "warning", "message", "help", "https://example.com", "a.py", Span(*AT), "f.g", "print",
        trace, fix,
    )  # fmt: skip
    return Verdict([finding], 3, frozenset({"rule", "other"}), "2026-01-02")


@pytest.mark.parametrize(
    "replacement", [None, *SINGLE, Combined(SINGLE)], ids=lambda made: type(made).__name__
)
def test_a_verdict_comes_back_as_it_was(replacement: Replacement | None) -> None:
    assert unpack(pack(verdict(replacement))) == verdict(replacement)


def test_a_finding_without_a_fix_comes_back_without_one() -> None:
    bare = Finding("rule", "PCL999", "info", "", "", "", "a.py", Span(*AT))

    assert unpack(pack(Verdict([bare], 0, frozenset(), ""))).findings == [bare]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"[[[]], 0, [], 0]", b"\xff",
        pack(verdict(SINGLE[0])).replace(b"ReplaceText", b"os.system"),
        pack(verdict(None)).replace(b'"warning"', b'"fatal"'),
        pack(verdict(None)).replace(b'"safe"', b'"certain"'),
    ],
)  # fmt: skip
def test_bytes_that_are_no_verdict_are_refused(data: bytes) -> None:
    with pytest.raises(Unusable):
        unpack(data)
